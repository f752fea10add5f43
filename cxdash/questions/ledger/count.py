"""Claims month by month: what each says, what its evidence supports, what is counted of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cxdash import register
from cxdash.facts import Grade
from cxdash.panel import FILTERS, Panel, month_index
from cxdash.panel.exposures import treated
from cxdash.panel.movement import Moved, group_sizes, movement
from cxdash.questions.ledger.evidence import Evidence, Pilots, evidence_of
from cxdash.register import Kept
from cxdash.register.kinds.initiatives import Initiative
from cxdash.register.kinds.ledger import Claim
from cxdash.stats.claims import Allotted, Claimed, allotted
from cxdash.store import Reader

__all__ = ["SIDES", "Counted", "LineMonth", "counted"]

#: Which of the two columns a line stands in; each line in one.
SIDES: Final[Mapping[str, str]] = {"retention": "save", "cost": "save", "revenue": "make"}
_CENTS: Final = 100
_LONGEST: Final = 120  # months a claim can go on
_WEAK: Final = 2  # tier of what is shown and never summed

Groups = Sequence[Mapping[str, str | int | None]]


@dataclass(frozen=True, slots=True)
class Whom:
    """Customers by filters, and how many of them at most; None: all whom the filters pass."""

    filters: tuple[tuple[str, str], ...]
    most: int | None


@dataclass(frozen=True, slots=True)
class Counted:
    """One claim in one month.

    Parameters
    ----------
    customers
        Customers it names at the end of the month, of those its initiative reaches.
    claimed
        In cents, as it was entered.
    unsupported
        In cents: more than its evidence supports.
    parts
        What became of the rest; of weak evidence nothing is counted.
    """

    claim: Kept[Claim]
    evidence: Evidence
    month: int
    customers: int
    claimed: int
    unsupported: int
    parts: Allotted

    @property
    def line(self) -> str:
        return self.claim.record.line

    @property
    def side(self) -> str:
        return SIDES[self.line]

    @property
    def grade(self) -> Grade:
        return self.evidence.grade

    @property
    def standing(self) -> str:
        if self.grade.is_verified:
            return "verified"
        return "indicated" if self.grade.may_be_summed else "unsummed"

    @property
    def cents(self) -> int:
        """What is counted of it."""
        return self.parts.counted


@dataclass(frozen=True, slots=True)
class LineMonth:
    """A line in a month: how it moved, and whose claims on it are counted.

    ``moved`` is None where it cannot be compared with its own year before; ``named`` counts the
    customers whom counted claims name, each once.
    """

    line: str
    month: int
    moved: Moved | None
    rows: tuple[Counted, ...]
    named: int

    @property
    def most(self) -> int:
        """The most that can be counted, in cents: never more than the line moved for the good."""
        return cents(self.moved.good) if self.moved is not None and self.moved.good > 0 else 0


def counted(view: Reader, built: Panel, pilots: Pilots, until: int) -> tuple[LineMonth, ...]:
    """Every line and month that somebody claims something of, up to month ``until``."""
    claims = register.current(view, Claim)
    by_place: dict[tuple[str, int], list[Kept[Claim]]] = defaultdict(list)
    for claim in claims:
        for month in _months(claim.record, until):
            by_place[claim.record.line, month].append(claim)
    if not by_place:
        return ()
    evidence = {claim.id: evidence_of(view, claim.record, pilots) for claim in claims}
    moved = movement(view, built)
    reached = {one.id: _reached(view, one.record) for one in register.current(view, Initiative)}
    whom = {claim.id: _whom(claim.record, reached) for claim in claims}
    groups = _groups(view, whom.values(), [month for _, month in by_place])
    return tuple(
        _line_month(line, month, by_place[line, month], evidence, moved, whom, groups[month])
        for line, month in sorted(by_place, key=lambda place: (place[1], place[0]))
    )


def _reached(view: Reader, initiative: Initiative) -> Whom:
    """Whom an initiative reaches: its filters, and of a list of participants those treated."""
    most = len(treated(view, initiative.roster)) if initiative.roster else None
    return Whom(register.filters(initiative.customers), most)


def _whom(claim: Claim, reached: Mapping[str, Whom]) -> Whom:
    """Whom a claim is about: what it names, and nobody its initiative does not reach."""
    own, of = register.filters(claim.customers), reached.get(claim.initiative)
    return Whom((*own, *of.filters), of.most) if of else Whom(own, None)


def cents(amount: float) -> int:
    """Money in whole cents, rounded down, so that a cap is never passed."""
    return int(amount * _CENTS + 1e-6)


def _months(claim: Claim, until: int) -> range:
    if claim.month is None:
        return range(0)
    first = month_index(claim.month)
    last = month_index(claim.until) if claim.until else first
    return range(first, min(last, until, first + _LONGEST - 1) + 1)


def _groups(view: Reader, whom: Iterable[Whom], months: Sequence[int]) -> Mapping[int, Groups]:
    """Month to how many customers there are by every column a claim chooses customers by."""
    used = {column for one in whom for column, _ in one.filters}
    columns = sorted(used & set(FILTERS))
    found: dict[int, list[Mapping[str, str | int | None]]] = defaultdict(list)
    for row in group_sizes(view, columns, first=min(months), last=max(months)):
        found[int(row["month"] or 0)].append(row)
    return defaultdict(list, found)


def _line_month(
    line: str,
    month: int,
    claims: Sequence[Kept[Claim]],
    evidence: Mapping[str, Evidence],
    moved: Mapping[tuple[str, int], Moved],
    whom: Mapping[str, Whom],
    groups: Groups,
) -> LineMonth:
    blocks, sizes = _blocks([whom[claim.id].filters for claim in claims], groups)
    passed = [sum(sizes[block] for block in own) for own in blocks]
    most = [whom[claim.id].most for claim in claims]
    named = [
        all_ if limit is None else min(all_, limit)
        for all_, limit in zip(passed, most, strict=True)
    ]
    said = [cents(float(claim.record.amount or 0)) for claim in claims]
    supported = _supported(claims, evidence, said, named)
    strong = [place for place, claim in enumerate(claims) if _tier(evidence[claim.id]) < _WEAK]
    found = moved.get((line, month))
    parts = dict(
        zip(
            strong,
            allotted(
                [
                    Claimed(supported[place], _tier(evidence[claims[place].id]), blocks[place])
                    for place in strong
                ],
                sizes,
                cents(found.good) if found is not None and found.good > 0 else 0,
            ),
            strict=True,
        )
    )
    rows = tuple(
        Counted(
            claim,
            evidence[claim.id],
            month,
            named[place],
            said[place],
            said[place] - supported[place],
            parts.get(place, Allotted(0, 0, 0)),
        )
        for place, claim in enumerate(claims)
    )
    once = {block for place in strong if rows[place].cents for block in blocks[place]}
    together = sum(rows[place].customers for place in strong if rows[place].cents)
    return LineMonth(line, month, found, rows, min(sum(sizes[block] for block in once), together))


def _tier(evidence: Evidence) -> int:
    if evidence.grade.is_verified:
        return 0
    return 1 if evidence.grade.may_be_summed else _WEAK


def _blocks(
    wanted: Sequence[tuple[tuple[str, str], ...]], groups: Groups
) -> tuple[list[frozenset[int]], list[int]]:
    """Blocks of customers whom the same claims name: which each claim names, and their sizes."""
    sizes: dict[frozenset[int], int] = defaultdict(int)
    for group in groups:
        sizes[frozenset(_passing(wanted, group))] += int(group["customers"] or 0)
    sizes.pop(frozenset(), None)
    kinds = sorted(sizes, key=sorted)
    blocks = [
        frozenset(number for number, kind in enumerate(kinds) if place in kind)
        for place in range(len(wanted))
    ]
    return blocks, [sizes[kind] for kind in kinds]


def _passing(
    wanted: Sequence[tuple[tuple[str, str], ...]], group: Mapping[str, str | int | None]
) -> Iterator[int]:
    for place, filters in enumerate(wanted):
        if all(group.get(column) == value for column, value in filters):
            yield place


def _supported(
    claims: Sequence[Kept[Claim]],
    evidence: Mapping[str, Evidence],
    said: Sequence[int],
    named: Sequence[int],
) -> list[int]:
    """What the evidence of each claim supports, in cents.

    A figure about all customers supports its amount once: claims that rest on the same one share
    it in proportion to what they say.
    """
    together: dict[str, int] = defaultdict(int)
    for claim, amount in zip(claims, said, strict=True):
        together[claim.record.fact] += amount
    found = []
    for claim, amount, customers in zip(claims, said, named, strict=True):
        own = evidence[claim.id]
        most = own.most(customers)
        if most is None:
            found.append(amount)
        elif own.a_month is not None:
            whole = together[claim.record.fact]
            found.append(min(amount, cents(most) * amount // whole) if whole else 0)
        else:
            found.append(min(amount, cents(most)))
    return found
