"""Realistic improvements: how far customers' own answers and circumstances usually move.

For a survey item the step is the usual rise of customers whose own answer rose from one window to
the next, so it is something that has happened here, not a wish. Where hardly anybody's answer rose
twice, it is the way from the middle answer to the upper quarter, which a quarter of the customers
already have. Nobody passes the top of the scale. For operations the step is one contact fewer; what
only describes the customer (time as a customer, spend) has a step too, so that experience stands
beside it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.facts import format as fmt
from cxdash.facts.definitions import definition
from cxdash.facts.words import named
from cxdash.panel import RECENT_MONTHS, Windows
from cxdash.questions.churn.effects import Step
from cxdash.questions.design import Controls, Kind, Ratings
from cxdash.stats.logistic import PRIOR_SD

__all__ = ["Design", "Move", "item_move", "label_of", "steps", "together"]

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]

FEWEST_RISES: Final = 20
PRICE_RISE: Final = 0.01  # smaller changes of what is paid are rounding
LONGER_MONTHS: Final = 12
SOONER_DAYS: Final = 30
_SOLVED: Final = "fcr.survey"  # answered with yes or no: points on its scale say nothing


@dataclass(frozen=True, slots=True)
class Design:
    """What finance and operations knew, then what the customer said, as one matrix."""

    controls: Controls
    ratings: Ratings

    @classmethod
    def learned(cls, seen: Windows, controls: Controls, numbers: tuple[int, ...]) -> "Design":
        return cls(controls, Ratings.learned(seen, numbers))

    def matrix(self, seen: Windows) -> Matrix:
        """Shape (rows, k)."""
        return np.column_stack([self.controls.matrix(seen.rows), self.ratings.matrix(seen)])

    def prior_sd(self, matrix: Matrix, horizon: int) -> Matrix:
        """Prior standard deviations for a fit on ``matrix``, shape (k,)."""
        width = len(self.controls.predictors)
        return np.concatenate(
            [
                self.controls.prior_sd(matrix[:, :width], horizon),
                np.full(self.ratings.width, PRIOR_SD),
            ]
        )

    def column_of(self, number: int) -> int:
        """The column of a survey item."""
        return len(self.controls.predictors) + self.ratings.numbers.index(number)

    @property
    def alike(self) -> tuple[tuple[int, ...], ...]:
        """Groups of columns whose coefficients are of a like size: finance's, and the answers'.

        The period is in none: how far the level drifts is an allowance of its own.
        """
        width = len(self.controls.predictors)
        answers = tuple(range(width, width + self.ratings.width))
        return tuple(group for group in (self.controls.alike, answers) if group)

    @property
    def groups(self) -> tuple[int, ...]:
        """The columns of the customer list's segments, plans and regions."""
        first = len(self.controls.plain)
        return tuple(range(first, len(self.controls.predictors)))


@dataclass(frozen=True, slots=True)
class Move:
    """The step of a survey item on its own scale, and where it comes from, in words."""

    size: float
    source: str


def item_move(seen: Windows, number: int) -> Move:
    """How far answers to an item usually rise, on its own scale and at least by its finest step."""
    item = seen.items[number]
    sign = 1.0 if item.high_is_good else -1.0
    scores = sign * seen.scores[:, number]
    order = pd.DataFrame(
        {
            "customer": seen.rows["customer_id"],
            "landmark": seen.rows["landmark"],
            "score": scores,
        }
    ).dropna()
    later = order.sort_values(["customer", "landmark"]).groupby("customer")["score"].diff()
    rises = later[later > 0].to_numpy(np.float64)
    if rises.size >= FEWEST_RISES:
        return Move(float(np.median(rises)), "the usual rise of customers whose own answer rose")
    answered = order["score"].to_numpy(np.float64)
    middle, upper = np.quantile(answered, [0.5, 0.75])
    finest = float(np.diff(np.unique(answered)).min()) if np.ptp(answered) > 0 else 1.0
    if upper - middle >= finest:
        return Move(float(upper - middle), "from the middle answer to that of the upper quarter")
    return Move(finest, "the finest step of the scale")


def label_of(seen: Windows, number: int) -> str:
    """What people call an item; its variant is named where two items share a name."""
    item = seen.items[number]
    spoken = fmt.spoken(item.name)
    label = spoken[:1].upper() + spoken[1:]
    return label if seen.key_of(number) == item.name else f"{label} ({item.variant})"


def steps(design: Design, seen: Windows, matrix: Matrix) -> Iterator[Step]:
    """Every step the model can speak of, survey items first; ``matrix`` is that of ``seen``."""
    for number in design.ratings.numbers:
        yield _item_step(design, seen, matrix, number)
    for found in _control_steps(design, seen.rows, matrix):
        if found.rows.any():
            yield found


def _item_step(design: Design, seen: Windows, matrix: Matrix, number: int) -> Step:
    item, place = seen.items[number], design.ratings.numbers.index(number)
    move = item_move(seen, number)
    answered = ~np.isnan(seen.scores[:, number])
    column = design.column_of(number)
    meant = definition(item.variant)
    low, high = float(meant.scale_low or 0.0), float(meant.scale_high or 0.0)
    best = high if item.high_is_good else -low
    ceiling = best - design.ratings.centres[place]
    size = fmt.number(move.size, "score")
    points = f"{size} {'point' if move.size == 1 else 'points'}"
    direction = "more" if item.high_is_good else "less"
    words = f"{points} {direction} on the scale {low:g} to {high:g}"
    short = _short(move.size, label_of(seen, number), item.high_is_good)
    label = f"{label_of(seen, number)}, {points} {'up' if item.high_is_good else 'down'}"
    if item.variant == _SOLVED:
        words = "solved the first time instead of not solved"
        short = f"{named(label_of(seen, number))} solved instead of not solved"
        label = f"{label_of(seen, number)}, solved instead of not"
    return Step(
        name=seen.key_of(number),
        label=label,
        kind="experience",
        words=f"{words}: {move.source}",
        short=short,
        columns=(column,),
        known=answered,
        rows=answered,
        moved=np.minimum(matrix[answered, column] + move.size, ceiling)[:, None],
    )


def _short(size: float, label: str, high_is_good: bool) -> str:
    """The step without a word of direction, as the grammar of sentences wants it."""
    points = f"{fmt.number(size, 'score')} extra {'point' if size == 1 else 'points'}"
    off = "" if high_is_good else " in the good direction"
    return f"{points} on {named(label)}{off}"


def together(design: Design, seen: Windows, matrix: Matrix) -> Step | None:
    """Every answer up by its own step at once; None where there is fewer than two items."""
    own = [_item_step(design, seen, matrix, number) for number in design.ratings.numbers]
    if len(own) < 2:
        return None
    heard = np.asarray(np.any([step.known for step in own], axis=0))
    columns = tuple(step.columns[0] for step in own)
    moved = matrix[heard][:, list(columns)]
    for place, step in enumerate(own):
        moved[step.rows[heard], place] = step.moved[:, 0]
    return Step(
        name="together",
        label="All answers together",
        kind="experience",
        words="each answer of a customer up by its own usual step at once",
        short="every answer one usual step happier",
        columns=columns,
        known=heard,
        rows=heard,
        moved=moved,
    )


def _control_steps(design: Design, rows: pd.DataFrame, matrix: Matrix) -> Iterator[Step]:
    """Steps of what finance and operations know, where the model holds them equal."""
    everybody = np.ones(len(rows), dtype=np.bool_)

    def step(
        name: str, label: str, kind: Kind, words: str, short: str, about: Mask, moved: Matrix
    ) -> Step:
        column = design.controls.plain.index(name)
        return Step(
            name=name,
            label=label,
            kind=kind,
            words=words,
            short=short,
            columns=(column,),
            known=everybody,
            rows=about,
            moved=moved[about][:, None],
        )

    def real(column: str) -> Matrix:
        return np.asarray(rows[column].to_numpy(np.float64))

    plain = design.controls.plain
    if "unresolved" in plain:
        count = real("unresolved_before")
        words = f"1 unsolved contact fewer in {RECENT_MONTHS} months, where there was one"
        fewer = np.log1p((count - 1).clip(min=0))
        short = "one of their unsolved contacts taken away"
        label = "1 unsolved contact fewer"
        yield step("unresolved", label, "operations", words, short, count > 0, fewer)
    if "contacts" in plain:
        count = real("contacts_before")
        words = f"1 contact fewer in {RECENT_MONTHS} months, where there was one"
        fewer = np.log1p((count - 1).clip(min=0))
        short = "one of their contacts taken away"
        yield step("contacts", "1 contact fewer", "operations", words, short, count > 0, fewer)
    if "price_change" in plain:
        change = matrix[:, plain.index("price_change")]
        rose = change > PRICE_RISE
        usual = fmt.number(float(np.expm1(np.median(change[rose]))), "share") if rose.any() else ""
        words = f"the same price as {RECENT_MONTHS} months ago, where it rose (usually by {usual})"
        same, short = np.zeros(len(rows)), "an unchanged price"
        label = f"Price as before, not {usual} higher"
        yield step("price_change", label, "finance", words, short, rose, same)
    if "tenure" in plain:
        longer = np.log1p(real("tenure_months").clip(min=0) + LONGER_MONTHS)
        words = f"{LONGER_MONTHS} months longer as a customer"
        short = f"{LONGER_MONTHS} extra months as a customer"
        label = f"{LONGER_MONTHS} months longer as a customer"
        yield step("tenure", label, "finance", words, short, everybody, longer)
    if "idle" in plain:
        idle = real("idle_days")
        sooner = (idle - SOONER_DAYS).clip(min=0)
        words = f"last purchase {SOONER_DAYS} days more recent"
        short = f"a last purchase {SOONER_DAYS} days later"
        label = f"Purchase {SOONER_DAYS} days more recent"
        yield step("idle", label, "finance", words, short, idle > 0, sooner)
