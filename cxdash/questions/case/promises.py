"""What approved cases promised, what came of it, and what that says of the next promise.

A promise is the amount a line was approved with, written down and frozen that day. It stays in the
record when the line is changed or taken out, and what nobody reported by then counts as not come:
otherwise the good lines alone would be reported.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from cxdash import register
from cxdash.facts import Method
from cxdash.facts.grade import Grade
from cxdash.questions.case.evidence import PILOTS, Replies, has_measured, per_customer
from cxdash.questions.pilots.planned import Planned
from cxdash.register import Kept
from cxdash.register.kinds.cases import AFTER, Case, CaseLine, Promise, Realised
from cxdash.stats.promised import Kept as Record
from cxdash.stats.promised import kept_promises
from cxdash.store import Reader

__all__ = ["Due", "Tracked", "tracked"]

_MONTHS: Final = 12
_AFTER: Final = tuple(int(months) for months in AFTER)
_SAID: Final = Method(description="Typed in, as finance saw it.", assertion=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One promised line at one of the days at which it is looked at.

    ``promised``, ``low`` and ``high``: money from the start until then; ``realised`` None where
    nobody reported it. ``grade`` is that of what was realised.
    """

    case: str
    case_name: str
    line: str
    line_name: str
    after: int
    on: date
    is_due: bool
    promised: float
    low: float
    high: float
    realised: float | None
    grade: Grade | None
    promised_grade: str
    is_cost: bool = False

    @property
    def ratio(self) -> float | None:
        if self.realised is None or self.promised <= 0:
            return None
        return self.realised / self.promised

    @property
    def verdict(self) -> str:
        """What is to be said of it."""
        if self.realised is None:
            return "due, not reported" if self.is_due else "not due yet"
        if self.realised < self.low:
            return "less than promised"
        if self.realised < self.promised and not self.is_cost:
            return "less than promised, within its range"
        return "more than promised" if self.realised > self.high else "as promised"


@dataclass(frozen=True, slots=True)
class Tracked:
    """Every promise, and the ratio each case came to.

    ``ratios``: id of the case to what part of its promised money had come when last reported.
    ``silent``: approved cases that are due and of which nothing was ever reported. ``changed``:
    names of approved cases and lines that were changed afterwards.
    """

    dues: tuple[Due, ...]
    ratios: tuple[tuple[str, float], ...]
    silent: int
    changed: tuple[str, ...] = ()

    def record(self, case: str) -> Record | None:
        """The record of all other cases; None where they are too few to be one."""
        return kept_promises([ratio for other, ratio in self.ratios if other != case])


def tracked(
    view: Reader, ask: Replies, as_of: date, tried: Mapping[str, Planned] | None = None
) -> Tracked:
    """All promises as of a day; ``tried`` are the pilots there were, by the id of their plan."""
    cases = {one.id: one for one in register.every_frozen(view, Case)}
    lines = {one.id: one for one in register.every_frozen(view, CaseLine)}
    promises = _first(register.every_frozen(view, Promise))
    seen = _seen(register.current(view, Realised))
    dues = [
        due
        for promise in promises
        if (line := lines.get(promise.record.case_line)) is not None
        and (case := cases.get(line.record.case)) is not None
        and case.record.starts is not None
        for due in _dues(promise.record, line, case, seen, ask, as_of, tried or {})
    ]
    ratios, silent = _ratios(dues)
    return Tracked(
        dues=tuple(dues),
        ratios=ratios,
        silent=silent,
        changed=_changed(view),
    )


def _first(promises: Sequence[Kept[Promise]]) -> list[Kept[Promise]]:
    """The first promise of every line: a later one cannot replace it."""
    first: dict[str, Kept[Promise]] = {}
    for promise in promises:
        first.setdefault(promise.record.case_line, promise)
    return list(first.values())


def _seen(reports: Sequence[Kept[Realised]]) -> dict[tuple[str, int], Realised]:
    """Line and months to the newest report."""
    return {(one.record.case_line, int(one.record.after)): one.record for one in reports}


def _changed(view: Reader) -> tuple[str, ...]:
    """Names of approved cases and lines that were changed afterwards."""
    return tuple(
        one.title
        for kind in (Case, CaseLine)
        for one in register.current(view, kind)
        if one.changed_since_frozen
    )


def _dues(
    promise: Promise,
    line: Kept[CaseLine],
    case: Kept[Case],
    seen: dict[tuple[str, int], Realised],
    ask: Replies,
    as_of: date,
    tried: Mapping[str, Planned],
) -> list[Due]:
    """The promise at every day at which it is looked at, within the years of the case."""
    starts = case.record.starts or as_of
    found = []
    for after in _AFTER:
        years = _years_until(line.record, after)
        on = _months_later(starts, after)
        report = seen.get((line.id, after))
        realised, grade = None, None
        if report is not None and _is_news(report, line.record, case.record, ask, tried):
            realised, grade = _realised(report, line.record, case.record, after, ask)
        if after > _MONTHS * (case.record.years or 1) and report is None:
            continue
        amount, low, high = (
            float(end) * years
            for end in (
                promise.amount or 0,
                promise.low if promise.low is not None else promise.amount or 0,
                promise.high if promise.high is not None else promise.amount or 0,
            )
        )
        found.append(
            Due(
                case=case.id,
                case_name=case.title,
                line=line.id,
                line_name=line.title,
                after=after,
                on=on,
                is_due=on <= as_of,
                promised=amount,
                low=low,
                high=high,
                realised=realised,
                grade=grade,
                promised_grade=promise.grade,
                is_cost=line.record.side == "cost",
            )
        )
    return found


def _years_until(line: CaseLine, months: int) -> float:
    """Years' worth of the amount that has come by then, each year's coming evenly through it."""
    first, last = line.first_year or 0, line.last_year or 0
    at_start = 1.0 if first == 0 else 0.0
    return at_start + sum(
        min(max(months / _MONTHS - (year - 1), 0.0), 1.0) for year in range(max(first, 1), last + 1)
    )


def _is_news(
    report: Realised, line: CaseLine, case: Case, ask: Replies, tried: Mapping[str, Planned]
) -> bool:
    """Whether a report says anything the promise did not rest on already.

    A pilot tells what came only if it went on after the case had begun, on customers other than
    those the promise was made from, and about the same line of the accounts.
    """
    if report.amount is not None:
        return True
    own, rested = tried.get(report.pilot), tried.get(line.pilot)
    if report.pilot == line.pilot or not has_measured(ask(PILOTS), report.pilot, line.line):
        return False
    if own is None:
        return True
    same = rested is not None and own.lot != "" and own.lot == rested.lot
    return not same and own.reads_on > (case.starts or date.min)


def _realised(
    report: Realised | None, line: CaseLine, case: Case, after: int, ask: Replies
) -> tuple[float | None, Grade | None]:
    """What had come by then, and how good the evidence for it is."""
    if report is None:
        return None, None
    if report.amount is not None:
        return float(report.amount), _SAID.grade
    fact = per_customer(ask(PILOTS), report.pilot)
    if fact is None or fact.value is None or line.reach is None:
        return None, None
    margin = case.margin if case.margin is not None and line.line != "cost" else 1.0
    return fact.value * line.reach * margin * after / _MONTHS, fact.grade


def _ratios(dues: Sequence[Due]) -> tuple[tuple[tuple[str, float], ...], int]:
    """What part of its promised benefits each case had brought when it was last reported."""
    by_case: dict[str, list[Due]] = defaultdict(list)
    for due in dues:
        if not due.is_cost:
            by_case[due.case].append(due)
    ratios, silent = [], 0
    for case, own in by_case.items():
        reported = [due.after for due in own if due.realised is not None]
        if not reported:
            silent += any(due.is_due for due in own)
            continue
        at_last = [due for due in own if due.after == max(reported)]
        promised = sum(due.promised for due in at_last)
        if promised > 0:
            ratios.append((case, sum(due.realised or 0.0 for due in at_last) / promised))
    return tuple(ratios), silent


def _months_later(day: date, months: int) -> date:
    """The same day of the month, or the last one there is."""
    index = day.year * _MONTHS + day.month - 1 + months
    year, month = divmod(index, _MONTHS)
    following = date(year + (month == _MONTHS - 1), (month + 1) % _MONTHS + 1, 1)
    last = (following - date(year, month + 1, 1)).days
    return date(year, month + 1, min(day.day, last))
