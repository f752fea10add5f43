"""A case with its lines as cash flows: what is counted, what is only shown, each dollar once."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from cxdash.facts import Method
from cxdash.questions.case.evidence import Evidence
from cxdash.register import Kept
from cxdash.register.kinds.cases import Case, CaseLine
from cxdash.stats.cashflow import CashLine

__all__ = ["COST", "MAKE", "SAVE", "Part", "Plan", "planned", "worst_method"]

SAVE, MAKE, COST = "save", "make", "cost"
_ALL: Final = 1.0


@dataclass(frozen=True, slots=True)
class Part:
    """A line of the case with what it rests on.

    ``taken`` is the part of its amount that is counted: less than 1 where several lines rest on the
    same dollars. ``flow`` is None for a line without an amount.
    """

    line: Kept[CaseLine]
    found: Evidence
    years: int
    taken: float = _ALL

    @property
    def side(self) -> str:
        return self.line.record.side

    @property
    def is_cost(self) -> bool:
        return self.side == COST

    @property
    def is_counted(self) -> bool:
        """Whether it stands in the case's own total: measured benefits, and every cost.

        Costs count whatever their grade: leaving a cost out would flatter the case.
        """
        return self.found.amount is not None and (
            self.is_cost or self.found.method.grade.may_be_summed
        )

    @property
    def pattern(self) -> tuple[float, ...]:
        """Which years it falls into."""
        record = self.line.record
        first, last = record.first_year or 0, record.last_year or 0
        return tuple(float(first <= year <= last) for year in range(self.years + 1))

    @property
    def flow(self) -> CashLine | None:
        found = self.found
        if found.amount is None:
            return None
        return CashLine(
            amount=found.amount * self.taken,
            low=found.low * self.taken,
            high=found.high * self.taken,
            years=self.pattern,
            is_cost=self.is_cost,
            source=found.source,
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """The case and its parts, in the order they were entered."""

    case: Kept[Case]
    parts: tuple[Part, ...]

    @property
    def years(self) -> int:
        return self.case.record.years or 1

    @property
    def rate(self) -> float:
        return self.case.record.discount_rate or 0.0

    @property
    def discounted(self) -> bool:
        return self.case.record.payback_discounted

    @property
    def counted(self) -> tuple[Part, ...]:
        """What makes up the case's own total; without a measured benefit nothing does."""
        kept = tuple(part for part in self.parts if part.is_counted)
        return kept if any(not part.is_cost for part in kept) else ()

    @property
    def valued(self) -> tuple[Part, ...]:
        """Everything that has an amount, claims typed in among it."""
        return tuple(part for part in self.parts if part.found.amount is not None)

    @property
    def shown(self) -> tuple[Part, ...]:
        """Benefits that are shown and not added up."""
        return tuple(part for part in self.valued if not part.is_counted)

    def flows(self, parts: Iterable[Part]) -> tuple[CashLine, ...]:
        return tuple(part.flow for part in parts if part.flow is not None)


def planned(case: Kept[Case], lines: Sequence[tuple[Kept[CaseLine], Evidence]]) -> Plan:
    """The plan, with lines that rest on the same dollars cut so that these count once.

    First lines of the same pool; then what is left of pilots and of figures about revenue that may
    leave, because what a pilot keeps is a part of it.
    """
    years = case.record.years or 1
    parts = tuple(Part(line, found, years) for line, found in lines)
    own = _cut(parts, _pool, _largest)
    return Plan(case, _moving(_cut(own, _within, _all_that_leaves)))


def _moving(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Parts of the same dollars move together, or a second word for them would look like proof."""
    told = {_within(part) for part in parts if _within(part) and _within(part) == _pool(part)}
    return tuple(
        replace(part, found=replace(part.found, source=_within(part)))
        if _within(part) in told
        else part
        for part in parts
    )


def _cut(
    parts: Sequence[Part],
    pool_of: Callable[[Part], str],
    there_of: Callable[[Sequence[Part]], float],
) -> tuple[Part, ...]:
    """The parts, each with what is taken of it once no dollar of a pool and year counts twice.

    What is counted takes its dollars first, so that a line that is only shown never moves a total.
    """
    pools: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        if pool_of(part) and part.found.amount is not None:
            pools[pool_of(part)].append(part)
    found: dict[tuple[str, bool], float] = {}
    for pool, own in pools.items():
        counted = [part for part in own if part.is_counted]
        shown = [part for part in own if not part.is_counted]
        nothing = [0.0] * len(own[0].pattern)
        taken = _by_year(counted) or nothing
        found[pool, True] = _share(taken, there_of(counted), nothing)
        before = [found[pool, True] * year for year in taken]
        found[pool, False] = _share(_by_year(shown) or nothing, there_of(own), before)
    return tuple(
        replace(part, taken=part.taken * found.get((pool_of(part), part.is_counted), _ALL))
        for part in parts
    )


def _share(wanted: Sequence[float], there: float, before: Sequence[float]) -> float:
    """Which part of what is wanted each year is there beside what was taken ``before``."""
    shares = [
        max(there - gone, 0.0) / year for year, gone in zip(wanted, before, strict=True) if year > 0
    ]
    return min(_ALL, *shares) if shares else _ALL


def _pool(part: Part) -> str:
    return part.found.pool


def _within(part: Part) -> str:
    return part.found.within


def _largest(own: Sequence[Part]) -> float:
    """How many dollars a pool holds a year: the most that one of its lines is a part of."""
    return max((abs(part.found.whole) for part in own), default=0.0)


def _all_that_leaves(own: Sequence[Part]) -> float:
    """Of pilots all they kept together, or what a figure says that may leave if that is more.

    Without a figure nothing says that pilots keep the same dollars.
    """
    kept: dict[str, float] = defaultdict(float)
    figure = 0.0
    for part in own:
        if part.found.pool == part.found.within:
            figure = max(figure, abs(part.found.whole))
        else:
            kept[part.found.pool] = max(kept[part.found.pool], abs(part.found.whole))
    return max(figure, sum(kept.values()))


def _by_year(own: Sequence[Part]) -> list[float]:
    """Dollars that some lines of a pool want, by year."""
    rows = [
        [abs(part.found.amount or 0.0) * part.taken * share for share in part.pattern]
        for part in own
    ]
    return [sum(year) for year in zip(*rows, strict=True)]


def worst_method(parts: Iterable[Part]) -> Method:
    """The method of the weakest part, which gives the sum its grade."""
    return max((part.found.method for part in parts), key=lambda method: method.grade.rank)
