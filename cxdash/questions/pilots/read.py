"""One pilot after the other: how far it is, what it can see, and what it showed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from cxdash.facts import Grade
from cxdash.panel import Item, Panel, items, priced
from cxdash.panel.pilot_units import customers_around, ratings_since, units_by_month
from cxdash.panel.relations import month_end
from cxdash.questions.pilots.beside import read_beside
from cxdash.questions.pilots.called_back import read_called_back
from cxdash.questions.pilots.drawn import read_drawn
from cxdash.questions.pilots.looks import Stage, stage_of
from cxdash.questions.pilots.planned import GIVEN, Planned
from cxdash.questions.pilots.reading import GOOD, Reading, Sources
from cxdash.questions.pilots.sizes import Size, size_of
from cxdash.questions.pilots.units import MOST_BEFORE, read_units
from cxdash.questions.pilots.verdicts import NOT_STARTED, RUNNING, Verdict, judged
from cxdash.store import Reader

__all__ = ["Found", "found_of"]

_YEAR: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Found:
    """A pilot with everything that is said of it.

    ``reading`` is None before the first look and where it cannot be read; ``verdict`` says why.
    """

    one: Planned
    stage: Stage | None
    size: Size | None
    reading: Reading | None
    verdict: Verdict
    item: Item | None = None

    @property
    def randomised(self) -> bool:
        """Drawn by lot under a plan frozen by its first day, with every check passed."""
        passed = self.reading is not None and self.reading.checks_passed
        return passed and self.one.by_lot and self.one.frozen_in_time

    @property
    def grade(self) -> Grade:
        """A by lot; B where checks passed and the plan was frozen by the day it is read; else D."""
        if self.randomised:
            return Grade.A
        passed = self.reading is not None and self.reading.checks_passed
        return Grade.B if passed and self.one.frozen_before_reading else Grade.D


def found_of(view: Reader, built: Panel, pilots: Sequence[Planned]) -> tuple[Found, ...]:
    """Every pilot, read as far as its plan allows."""
    by_fee = built.contractual and priced(view)
    rated = items(view)
    return tuple(_found(view, built, one, by_fee, rated) for one in pilots)


def _found(view: Reader, built: Panel, one: Planned, by_fee: bool, rated: Sequence[Item]) -> Found:
    if one.plan.starts is None or built.last_month is None:
        why = "The file of participants does not say since when, and no plan names a first day."
        return Found(one, None, None, None, Verdict("cannot_tell", why))
    stage = stage_of(one, built.last_month)
    wanted = one.plan.rating.casefold()
    item = next((item for item in rated if item.name.casefold() == wanted), None)
    sources = Sources(by_fee, item, _width(view, item) if item else 1.0)
    size = size_of(view, built, one, stage, sources)
    if stage.state != "read":
        return Found(one, stage, size, None, _waiting(stage), item)
    told = _read(view, built, one, stage, sources)
    if isinstance(told, str):
        return Found(one, stage, size, None, Verdict("cannot_tell", told), item)
    sign = GOOD[one.plan.outcome] * (-1 if item and not item.high_is_good else 1)
    reading = replace(told, good=sign)
    return Found(one, stage, size, reading, judged(one, stage, reading), item)


def _read(
    view: Reader, built: Panel, one: Planned, stage: Stage, sources: Sources
) -> Reading | str:
    first = built.first_month or 0
    if stage.base < first:
        return "The data begins after its first day, so who was a customer then is not known."
    if one.design == "regions":
        since = max(first, stage.base - MOST_BEFORE)
        rows = units_by_month(view, one.plan.level, since, stage.last, by_fee=sources.by_fee)
        return read_units(one, stage, rows) if len(rows) else "No unit of that kind is known."
    if one.design in ("randomised", "follow_up", GIVEN) and one.members.empty:
        return "No file of participants is loaded under this name, so who was treated is not known."
    if one.design == "follow_up":
        return _called_back(view, one, stage, sources)
    around = customers_around(view, stage.base, stage.last, by_fee=sources.by_fee)
    if one.design == "matched":
        return read_beside(one, stage, around, sources)
    return read_drawn(one, stage, around, sources)


def _called_back(view: Reader, one: Planned, stage: Stage, sources: Sources) -> Reading | str:
    item = sources.item
    if item is None:
        return f"No rating called {one.plan.rating!r} is loaded."
    since = min(one.starts, _first_call(one)) - _YEAR
    rows = ratings_since(view, item, since, month_end(stage.last))
    return read_called_back(one, stage, rows, sources.width)


def _first_call(one: Planned) -> date:
    days = one.members["assigned_on"].dropna()
    first: date = days.min().date() if len(days) else one.starts
    return first


def _width(view: Reader, item: Item) -> float:
    """How far apart the ends of the scale are."""
    row = view.rows(
        "SELECT min(scale_low) AS low, max(scale_high) AS high FROM panel_answers "
        "WHERE item = ? AND variant = ?",
        [item.name, item.variant],
    )[0]
    return float(row["high"]) - float(row["low"])


def _waiting(stage: Stage) -> Verdict:
    when = stage.next_on.isoformat() if stage.next_on else ""
    if stage.state == NOT_STARTED:
        return Verdict(NOT_STARTED, f"It has not begun; it is first looked at on {when}.")
    return Verdict(
        RUNNING,
        f"It is first looked at on {when}. Until then nothing of the outcome is shown: whoever "
        "looks every day finds something in pure chance.",
    )
