"""Everything the ledger tells, and the sums over its rows, in whole cents."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from cxdash import register
from cxdash.facts import Answer, Fact, Interval, Scope
from cxdash.panel import Panel, month_end
from cxdash.questions.ledger.count import Counted, LineMonth, counted
from cxdash.questions.ledger.evidence import Pilots
from cxdash.questions.ledger.spent import Spent, spent
from cxdash.questions.pilots.planned import tried_by
from cxdash.questions.setting import month_of
from cxdash.register import Kept
from cxdash.register.kinds.initiatives import Initiative
from cxdash.store import Reader

__all__ = ["Findings", "find", "grouped", "pilots_of", "range_of", "total"]

_CENTS: Final = 100


@dataclass(frozen=True, slots=True)
class Findings:
    """Claims by line and month, what was spent, and every pilot that was read.

    ``until`` is the index of the last month that is counted; ``read`` the rows of ``pilots``.
    """

    scope: Scope
    panel: Panel
    until: int
    places: tuple[LineMonth, ...]
    spent: Spent
    read: tuple[Mapping[str, object], ...]
    initiatives: Mapping[str, Kept[Initiative]]

    @property
    def as_of(self) -> date:
        return month_end(self.until)

    @property
    def rows(self) -> tuple[Counted, ...]:
        return tuple(row for place in self.places for row in place.rows)

    def name_of(self, initiative: str) -> str:
        """What an initiative is called; its id where it was taken out of the register."""
        found = self.initiatives.get(initiative)
        return found.record.name if found is not None else initiative


def find(view: Reader, built: Panel, scope: Scope, read: Answer | None) -> Findings:
    """Count every claim up to the day of the scope; ``read`` is what pilots showed."""
    until = month_of(built, scope.as_of)
    bought = spent(view, month_end(until))
    return Findings(
        scope=scope,
        panel=built,
        until=until,
        places=counted(view, built, pilots_of(read, tried_by(view)), until),
        spent=bought,
        read=tuple(read.tables.get("pilots", ())) if read is not None else (),
        initiatives=_initiatives(view),
    )


def _initiatives(view: Reader) -> Mapping[str, Kept[Initiative]]:
    return {one.id: one for one in register.current(view, Initiative)}


def pilots_of(read: Answer | None, tried: Mapping[str, str]) -> Pilots:
    """What the pilots' Answer says, by id; ``tried`` is plan id to initiative."""
    facts: dict[str, Fact] = {fact.id: fact for fact in read.facts} if read is not None else {}
    rows = read.tables.get("pilots", ()) if read is not None else ()
    outcomes = {str(row.get("id")): str(row.get("outcome")) for row in rows if row.get("id")}
    return Pilots(facts.get, outcomes, tried)


def total(rows: Iterable[Counted], *, standing: str = "", side: str = "") -> int:
    """What is counted of the rows, in cents; only of one standing or side where named."""
    return sum(
        row.cents for row in rows if standing in ("", row.standing) and side in ("", row.side)
    )


def grouped(
    rows: Iterable[Counted], key: Callable[[Counted], str]
) -> Iterator[tuple[str, list[Counted]]]:
    """Rows by what ``key`` gives, in the order of the keys."""
    found: dict[str, list[Counted]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    yield from sorted(found.items())


def range_of(found: Findings, rows: Sequence[Counted]) -> Interval | None:
    """What is counted of the rows with all evidence at its low, and at its high end.

    At the high end no claim counts with more than was claimed, and no line with more than it moved.
    None without rows.
    """
    if not rows:
        return None
    most = {(place.line, place.month): place.most for place in found.places}
    low = sum(row.cents * row.evidence.low for row in rows)
    high: dict[tuple[str, int], float] = defaultdict(float)
    for row in rows:
        high[row.line, row.month] += min(row.claimed, row.cents * row.evidence.high)
    reached = sum(min(most[place], amount) for place, amount in high.items())
    amount = total(rows)
    return Interval(min(low, amount) / _CENTS, max(reached, amount) / _CENTS)
