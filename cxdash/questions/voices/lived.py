"""Windows of customers who had written something, and which themes they had spoken of by then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.facts import wording
from cxdash.panel import MEMORY_MONTHS, Windows, month_end
from cxdash.questions.chance import MIN_EVENTS, learnable, left_of
from cxdash.questions.churn.stage import ChurnStage
from cxdash.questions.voices.heard import Heard
from cxdash.questions.voices.theme import Spoken
from cxdash.stats.estimate import Estimate
from cxdash.stats.proportions import adjusted_p_values

__all__ = [
    "ALARM",
    "FEWEST_SPEAKERS",
    "Effect",
    "Lived",
    "Outcome",
    "again",
    "lived",
    "scaled",
    "surest",
    "told_of",
]

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]
Outcome = Literal["leaving", "spend"]

#: Share of false alarms among those said to go with something (Benjamini and Hochberg).
ALARM: Final = 0.05
MOST_CUSTOMERS: Final = 30_000  # more are looked at in a sample
FEWEST_SPEAKERS: Final = 20  # customers who spoke of a theme, and who did not, to compare them


@dataclass(frozen=True, slots=True)
class Effect:
    """What goes with having spoken of a theme, for one outcome.

    Parameters
    ----------
    raw, held
        Those who spoke of it minus those who wrote of something else, as counted and with
        ``held_equal`` held equal: of the share that leaves, or of spend as a share of spend.
    raw_money, money
        What that is over the horizon at today's customers who speak of it, in the reporting
        currency; above zero where revenue goes with the theme. None where money is withheld, or
        nobody speaks of it today.
    p_adjusted
        Of "nothing goes with it", allowing for every theme and both outcomes.
    confirmed
        Later windows alone show the same beyond noise and earlier ones agree; None where there are
        too few windows to ask.
    n, customers
        Windows compared, and customers who had spoken of it.
    """

    theme: Spoken
    outcome: Outcome
    raw: Estimate
    held: Estimate
    raw_money: Estimate | None
    money: Estimate | None
    p_value: float
    p_adjusted: float
    confirmed: bool | None
    held_equal: tuple[str, ...]
    n: int
    customers: int

    @property
    def is_told(self) -> bool:
        """Whether something goes with it beyond noise, all looks allowed for."""
        return self.p_adjusted < ALARM and (self.held.low > 0 or self.held.high < 0)


@dataclass(frozen=True, slots=True)
class Lived:
    """What was lived after customers had written.

    Parameters
    ----------
    over, today
        Closed windows, and today's customers, of those who wrote in the year before.
    spoke, spoke_today
        Shape (rows, themes): whether they had spoken of each theme by then.
    customer
        Shape (closed windows,): a number for each customer.
    wrote
        Customers of closed windows; more than ``customers`` where a sample is looked at.
    revenue
        Shape (today,): what each of today's customers pays over the horizon.
    """

    stage: ChurnStage
    over: Windows
    spoke: Mask
    today: Windows
    spoke_today: Mask
    customer: NDArray[np.int64]
    wrote: int
    revenue: Matrix

    @property
    def customers(self) -> int:
        return int(np.unique(self.customer).size)

    @property
    def is_later(self) -> Mask:
        """The later half of the closed windows, the larger one; shape (rows,)."""
        months = self.over.rows["landmark"].to_numpy(np.int64)
        known = np.unique(months)
        return np.asarray(months >= known[len(known) // 2])

    def speakers(self, theme: int) -> int:
        """Customers of closed windows who had spoken of a theme (a column of ``spoke``)."""
        return int(np.unique(self.customer[self.spoke[:, theme]]).size)

    @property
    def against(self) -> str:
        """Why nothing can be compared; empty where it can."""
        stage, left = self.stage, left_of(self.over.rows)
        if stage.conditions.against_rates:
            return stage.conditions.against_rates[0].why
        if not left.size:
            return (
                f"No window of {stage.horizon} months is over yet after a comment of a customer "
                "who is known from finance."
            )
        if not learnable(self.over.rows):
            return (
                f"Of {left.size:,} windows after a comment, {int(left.sum()):,} ended with the "
                f"customer gone; at least {MIN_EVENTS} of each kind are needed to compare themes."
            )
        return ""

    def tried(self, themes: Sequence[Spoken]) -> tuple[list[int], dict[str, str]]:
        """Themes (columns) that can be compared, and by theme id why the others cannot."""
        tried, untried = [], {}
        for k, theme in enumerate(themes):
            speakers = self.speakers(k)
            others = int(np.unique(self.customer[~self.spoke[:, k]]).size)
            if not theme.is_steady:
                untried[theme.id] = "does not come again when comments are drawn anew"
            elif min(speakers, others) < FEWEST_SPEAKERS:
                few = "spoke of it" if speakers <= others else "wrote of something else"
                untried[theme.id] = (
                    f"only {min(speakers, others):,} of {self.customers:,} customers who wrote "
                    f"{few}; {FEWEST_SPEAKERS} are needed"
                )
            else:
                tried.append(k)
        return tried, untried


def lived(stage: ChurnStage, said: Heard, themes: Sequence[Spoken]) -> Lived:
    """The windows of the stage, and what their customers had said before they began."""
    known = stage.seen
    wrote, spoke = _spoken_by(known, said, themes)
    over, now = known.is_closed & wrote, known.is_base & wrote
    everyone, today = known.part(over), known.part(now)
    past = everyone.sample(MOST_CUSTOMERS)
    return Lived(
        stage=stage,
        over=past,
        spoke=spoke[over] if past is everyone else _spoken_by(past, said, themes)[1],
        today=today,
        spoke_today=spoke[now],
        customer=np.asarray(pd.factorize(past.rows["customer_id"])[0], dtype=np.int64),
        wrote=int(everyone.rows["customer_id"].nunique()),
        revenue=np.asarray(today.rows["rate"].to_numpy(np.float64) * stage.horizon),
    )


def surest(p_values: Mapping[int, float]) -> int | None:
    """The theme that goes with the outcome most surely by itself; None where none does.

    It is held equal for the others: who writes of one thing often does not write of another, so a
    theme would else go with the absence of the one that matters. Not all are held equal at once:
    where everybody writes of something, nobody would be left to compare with.
    """
    if not p_values:
        return None
    adjusted = adjusted_p_values(list(p_values.values()))
    place = int(np.argmin(adjusted))
    return list(p_values)[place] if adjusted[place] < ALARM else None


def told_of(theme: Spoken) -> str:
    """Having written of a theme, as it stands among what is held equal."""
    return f"having written of {wording.quoted(theme.label)}"


def again(whole: Estimate, earlier: Estimate | None, later: Estimate | None) -> bool | None:
    """Whether later windows alone show a clear effect again, and earlier ones point that way."""
    if earlier is None or later is None:
        return None
    sign = np.sign(whole.estimate)
    clear = later.low > 0 or later.high < 0
    return bool(clear and np.sign(later.estimate) == sign == np.sign(earlier.estimate))


def scaled(found: Estimate, factor: float) -> Estimate:
    """The estimate times a factor, ends in order."""
    low, high = sorted((found.low * factor, found.high * factor))
    return Estimate(
        estimate=found.estimate * factor, low=low, high=high, n=found.n, level=found.level
    )


def _spoken_by(
    seen: Windows, said: Heard, themes: Sequence[Spoken]
) -> tuple[Mask, NDArray[np.bool_]]:
    """Whether each window's customer wrote in the year before, and spoke of which theme.

    Shapes (rows,) and (rows, themes).
    """
    rows = said.rows
    usable = (rows["customer_id"].notna() & (rows["knows"] == 0)).to_numpy(np.bool_)
    says = np.column_stack([theme.says[usable] for theme in themes])
    day = rows["answered_on"][usable].to_numpy(dtype="datetime64[D]")
    everybody = pd.Index(seen.rows["customer_id"].unique())
    whose = everybody.get_indexer(rows["customer_id"][usable])
    place = everybody.get_indexer(seen.rows["customer_id"])
    landmark = seen.rows["landmark"].to_numpy(np.int64)
    wrote = np.zeros(len(place), dtype=np.bool_)
    spoke = np.zeros((len(place), len(themes)), dtype=np.bool_)
    for month in np.unique(landmark):
        until = np.datetime64(month_end(int(month)))
        since = np.datetime64(month_end(int(month) - MEMORY_MONTHS))
        fresh = (whose >= 0) & (day > since) & (day <= until)
        heard = np.zeros((len(everybody), 1 + len(themes)), dtype=np.bool_)
        np.logical_or.at(
            heard, whose[fresh], np.column_stack([np.ones(int(fresh.sum()), bool), says[fresh]])
        )
        here = landmark == month
        wrote[here], spoke[here] = heard[place[here], 0], heard[place[here], 1:]
    return wrote, spoke
