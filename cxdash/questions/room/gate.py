"""The noise gate of the urgency board: only what is beyond chance, season and doubt may press.

Every figure passes the same gate: its largest step for the worse must be beyond what so many months
show by chance (:mod:`cxdash.stats.shifts`), corrected for all cards of the board (Holm), beyond the
control limits of the months before, and not the season of the year. Without that a card says "not
urgent" where a step that matters would have shown, and "cannot tell" where it would not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal

import numpy as np

from cxdash.facts import Grade, Interval
from cxdash.facts import format as fmt
from cxdash.panel import month_end
from cxdash.questions.judgement import LEVEL
from cxdash.questions.room.series import Series
from cxdash.stats.shifts import FEWEST_POINTS, Shift, family_wise, shift

__all__ = ["FALSE_ALARMS", "STALE_DAYS", "Card", "Verdict", "judged", "of_series", "stale"]

Verdict = Literal["urgent", "not urgent", "cannot tell", "stale"]

FALSE_ALARMS: Final = 0.05  # of boards of a company where nothing happens
STALE_DAYS: Final = 100
_MATTERS: Final = 0.5  # of the level before: a rise that nobody would call small
_SEED: Final = 20_119


@dataclass(frozen=True, slots=True)
class Card:
    """One source of urgency.

    Parameters
    ----------
    name, label
        For programs and for readers.
    verdict, why
        What the gate says, and the sentence that gives the reason.
    value, low, high, unit
        The size: of a step of a share, of money a month, or months since something happened.
    before, after
        Level before the step and since; None where there is no step.
    since
        The first day of it.
    newest
        The newest day it rests on.
    p_value, p_adjusted
        Of "nothing happened"; the second corrected for all cards. None for what is on record.
    n, of
        What stands behind it.
    definition
        In the catalogue.
    grade
        Of money that another question graded; None: as counted.
    """

    name: str
    label: str
    definition: str
    unit: str
    of: str
    verdict: Verdict = "cannot tell"
    why: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    before: float | None = None
    after: float | None = None
    since: date | None = None
    newest: date | None = None
    p_value: float | None = None
    p_adjusted: float | None = None
    n: int = 0
    grade: Grade | None = None
    step: Shift | None = None

    @property
    def interval(self) -> Interval | None:
        if self.low is None or self.high is None:
            return None
        return Interval(self.low, self.high)


def of_series(card: Card, series: Series, today: date) -> Card:
    """The card with the largest step of its figure, not judged yet."""
    card = replace(card, n=series.n, newest=series.newest)
    late = stale(series.newest, today)
    if late:
        return replace(card, verdict="stale", why=late)
    step = shift(series.share, series.errors, rng=np.random.default_rng(_SEED), level=LEVEL)
    if step is None:
        months = len(series.months)
        why = f"{fmt.counted(months, 'month is', 'months are')} known, {FEWEST_POINTS} are needed"
        if months >= FEWEST_POINTS:
            return replace(card, verdict="not urgent", why="it is the same in every month")
        return replace(card, why=why)
    first = month_end(series.months[step.start])
    return replace(
        card,
        value=step.difference,
        low=step.low,
        high=step.high,
        before=step.before,
        after=step.after,
        since=first.replace(day=1),
        p_value=step.p_value,
        step=step,
    )


def judged(cards: Sequence[Card]) -> tuple[Card, ...]:
    """The cards with their verdicts, the p-values corrected for all that were tested."""
    tested = [card for card in cards if card.p_value is not None]
    corrected = dict(
        zip(
            (card.name for card in tested),
            family_wise([card.p_value or 0.0 for card in tested]) if tested else (),
            strict=True,
        )
    )
    return tuple(
        _judged(card, float(corrected[card.name])) if card.name in corrected else card
        for card in cards
    )


def _judged(card: Card, p_adjusted: float) -> Card:
    verdict, why = _verdict(card, p_adjusted)
    return replace(card, p_adjusted=p_adjusted, verdict=verdict, why=why)


def _verdict(card: Card, p_adjusted: float) -> tuple[Verdict, str]:
    step = card.step
    if p_adjusted > FALSE_ALARMS or card.low is None or card.low <= 0:
        return _quiet(card)
    if step is None:
        return "urgent", "beyond chance, all cards allowed for"
    if step.like_last_year:
        return "not urgent", "the same months a year earlier were alike: it is the season"
    if not step.beyond_limits:
        return "not urgent", "every month lies within its ordinary ups and downs"
    said = "beyond chance, all cards allowed for, and beyond its control limits"
    if step.like_last_year is None:
        said += "; without the same months a year earlier a season cannot be ruled out"
    return "urgent", said


def _quiet(card: Card) -> tuple[Verdict, str]:
    """Why a card does not press: nothing that matters is left in its range, or too much is."""
    if card.high is None:
        return "cannot tell", "it has no range"
    if card.before is None:
        return "cannot tell", "its range holds nothing at all"
    if card.high > _MATTERS * card.before:
        most = fmt.gap(card.high, card.unit)
        return "cannot tell", f"nothing is beyond chance, but a step of up to {most} could hide"
    return "not urgent", "nothing is beyond chance, and no large step can hide"


def stale(newest: date | None, today: date) -> str:
    """Why a figure is too old to press; empty if it is not, or there is none."""
    if newest is None or today - newest <= timedelta(days=STALE_DAYS):
        return ""
    return f"the newest of it is of {fmt.day(newest)}; load newer files"
