"""Answers beside the money that came after them: one row a customer and window.

The answer is the last one before the window begins, the money is what the customer paid in the
window, nothing after leaving included as zero. ``later`` is what the customer said once the window
was over, or nearly: money cannot follow from it, so if money goes with it, money moved first.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.facts import format as fmt
from cxdash.facts.definitions import definition
from cxdash.facts.words import named
from cxdash.panel import DAYS_A_MONTH, RECENT_MONTHS, Item, Spending, Windows
from cxdash.questions.churn.steps import label_of

__all__ = ["Candidate", "Frame", "candidates", "frame"]

Matrix = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]

MOST_ROWS: Final = 60_000  # more windows of customers who answered are looked at in a sample
_PAIRS: Final = 30  # fewer successive answers than this do not tell what a usual change is


@dataclass(frozen=True, slots=True)
class Frame:
    """Closed windows of customers who had not said goodbye, with what they paid.

    Parameters
    ----------
    seen
        The windows.
    spend
        Shape (rows,): money a month in the window, not negative.
    customer, period
        Shape (rows,): code of the customer, number of the window (0 the oldest).
    names
        Customers in the order of their codes.
    following, after
        Shape (rows,): row of ``every`` of the same customer one and two windows on, −1 if none.
    every
        All windows, those without an outcome included.
    base
        Mean money a month of today's customers; ``customers`` of them.
    negative
        Windows in which more was paid back than paid; they count as zero.
    looked_at
        Share of the customers who answered that is looked at; below 1 it is a sample.
    """

    seen: Windows
    spend: Matrix
    customer: Codes
    period: Codes
    names: NDArray[np.object_]
    following: Codes
    after: Codes
    every: Windows
    base: float
    customers: int
    negative: int
    looked_at: float

    @property
    def months(self) -> int:
        return self.seen.horizon

    def name_of(self, code: int) -> str:
        """The customer of a code."""
        return str(self.names[code])

    def part(self, keep: Mask) -> "Frame":
        """The rows for which ``keep`` (shape (rows,)) holds."""
        return replace(
            self,
            seen=self.seen.part(keep),
            spend=self.spend[keep],
            customer=self.customer[keep],
            period=self.period[keep],
            following=self.following[keep],
            after=self.after[keep],
        )


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may go with spend.

    Parameters
    ----------
    name, label, spoken
        Stable, as a heading, and as it stands in a sentence. The heading of what is no survey item
        is the move itself, so that the sign of what goes with it cannot be mistaken.
    answers
        Shape (rows,), turned so that more is better; nan where not known.
    later
        Shape (rows,): the same after the window was over; nan where not known.
    move
        Size of a realistic move in the direction of better, in units of ``answers``.
    step, after
        The move in words, as in "0.8 points better (on 1–5)", and what came before the money, as in
        "their answer to support was 0.8 points better (on 1–5)".
    usual
        Where the size of the move comes from, in words.
    item
        None for what is no survey item.
    """

    name: str
    label: str
    spoken: str
    answers: Matrix
    later: Matrix
    move: float
    step: str
    after: str
    usual: str
    item: Item | None = None


def frame(seen: Windows, paid: Spending) -> Frame | None:
    """Windows and money side by side; None when no window is over."""
    answered = np.asarray(~np.isnan(seen.scores).all(axis=1))
    heard = set(seen.rows["customer_id"][answered])
    sampled = _sampled(seen, heard)
    own = sampled.rows[["landmark", "customer_id"]].rename(columns={"landmark": "opens"})
    found = own.merge(
        paid.rows[["opens", "customer_id", "during"]], on=["opens", "customer_id"], how="left"
    )["during"].to_numpy(np.float64)
    codes, names = pd.factorize(sampled.rows["customer_id"])
    landmarks = np.array([*sampled.closed_months, sampled.today])
    period = np.searchsorted(landmarks, sampled.rows["landmark"].to_numpy(np.int64))
    keep = sampled.is_closed & ~np.isnan(found)
    if not keep.any():
        return None
    place = np.full((len(names), len(landmarks) + 2), -1, dtype=np.int64)
    place[codes, period] = np.arange(len(codes))
    today = seen.rows.loc[seen.is_base, "rate"].to_numpy(np.float64)
    whole = Frame(
        seen=sampled,
        spend=np.maximum(np.nan_to_num(found), 0.0),
        customer=np.asarray(codes, dtype=np.int64),
        period=np.asarray(period, dtype=np.int64),
        names=np.asarray(names, dtype=object),
        following=place[codes, period + 1],
        after=place[codes, period + 2],
        every=sampled,
        base=float(today.mean()) if today.size else 0.0,
        customers=int(today.size),
        negative=int((found[keep] < 0).sum()),
        looked_at=len(names) / max(1, len(heard)),
    )
    return whole.part(keep)


def _sampled(seen: Windows, heard: set[str]) -> Windows:
    """All windows of customers who answered anything, or of a sample of them."""
    own = seen.part(seen.rows["customer_id"].isin(heard).to_numpy(np.bool_))
    rows = int(own.is_closed.sum())
    return own if rows <= MOST_ROWS else own.sample(len(heard) * MOST_ROWS // rows)


def candidates(lived: Frame) -> tuple[Candidate, ...]:
    """Every survey item that was answered, and contacts where there are any."""
    return tuple(_candidates(lived))


def _candidates(lived: Frame) -> Iterator[Candidate]:
    every, items = lived.every, lived.every.items
    for number, item in enumerate(items):
        sign = 1.0 if item.high_is_good else -1.0
        values = sign * lived.seen.scores[:, number]
        if np.isnan(values).all():
            continue
        entry = definition(item.variant)
        low, high = entry.scale_low or 0.0, entry.scale_high or 10.0
        yes_or_no = high - low == 1
        change = None if yes_or_no else _usual_change(lived, number)
        move = 1.0 if yes_or_no else change or (high - low) / 10
        scale = f"{fmt.number(low, 'count')}–{fmt.number(high, 'count')}"
        step = "yes instead of no" if yes_or_no else f"{_points(move)} better (on {scale})"
        yield Candidate(
            name=every.key_of(number),
            label=label_of(every, number),
            spoken=fmt.spoken(item.name),
            answers=values,
            later=sign * _said_later(lived, every.scores[:, number], every.age_days[:, number]),
            move=move,
            step=step,
            after=f"their answer to {named(fmt.spoken(item.name))} was {step}",
            usual=_usual(change, yes_or_no=yes_or_no),
            item=item,
        )
    contacts = lived.seen.rows["contacts_before"].to_numpy(np.float64)
    if contacts.any():
        after = lived.every.rows["contacts_before"].to_numpy(np.float64)
        yield Candidate(
            name="contacts",
            label=f"1 contact fewer in {RECENT_MONTHS} months",
            spoken=f"contacts in {RECENT_MONTHS} months",
            answers=-contacts,
            later=np.where(lived.after >= 0, -after[lived.after], np.nan),
            move=1.0,
            step="one contact fewer",
            after=f"having one contact fewer in {RECENT_MONTHS} months",
            usual="one contact",
        )


def _usual(change: float | None, *, yes_or_no: bool) -> str:
    if yes_or_no:
        return "from one answer to the other"
    if change:
        return "the usual change between two answers of a customer"
    return "a tenth of the scale: too few customers answered twice to know a usual change"


def _points(move: float) -> str:
    return f"{move:.2g} point{'' if f'{move:.2g}' == '1' else 's'}"


def _usual_change(lived: Frame, number: int) -> float | None:
    """Mean distance of two answers of a customer that follow each other, one window apart."""
    there = lived.following >= 0
    now = lived.seen.scores[there, number]
    row = lived.following[there]
    then, age = lived.every.scores[row, number], lived.every.age_days[row, number]
    fresh = ~np.isnan(now) & ~np.isnan(then) & (age < lived.months * DAYS_A_MONTH)
    if fresh.sum() < _PAIRS:
        return None
    change = float(np.abs(then[fresh] - now[fresh]).mean())
    return change if change > 0 else None


def _said_later(lived: Frame, scores: Matrix, ages: Matrix) -> Matrix:
    """What the customer said when the window was over, or nearly.

    The last answer by the window's end if it was given in its last quarter, when hardly any of the
    money was still to come; else the last one of the window after it.
    """
    days = lived.months * DAYS_A_MONTH
    at_end = (lived.following >= 0) & (ages[lived.following] < days / 4)
    after = (lived.after >= 0) & (ages[lived.after] < days - 1)
    then = np.where(after, scores[lived.after], np.nan)
    return np.where(at_end, scores[lived.following], then)
