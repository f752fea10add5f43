"""What sets a customer apart, in plain words: a score, a contact, a price, a segment."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.facts import format as fmt
from cxdash.facts import wording
from cxdash.facts.definitions import definition
from cxdash.panel import RECENT_MONTHS, Windows
from cxdash.questions.churn.risks import Sign
from cxdash.questions.churn.steps import Design, label_of
from cxdash.questions.design import text_of

__all__ = ["signs"]

Matrix = NDArray[np.float64]


def signs(design: Design, seen: Windows) -> list[Sign]:
    """Every sign the model can give for the rows of ``seen``; the period itself is none.

    Only what a reader would take for a sign counts as one: a score under the mean, a contact, a
    rise of price. That a good score stands beside a chance is no reason to give.
    """
    return [*_of_items(design, seen), *_of_silence(design, seen), *_of_controls(design, seen.rows)]


def _of_items(design: Design, seen: Windows) -> Iterator[Sign]:
    for number in design.ratings.numbers:
        scores = seen.scores[:, number]
        meant = definition(seen.items[number].variant)
        scale = f"{meant.scale_low:g} to {meant.scale_high:g}"
        label = label_of(seen, number)
        place = design.ratings.numbers.index(number)
        low = design.ratings.signs[place] * scores < design.ratings.centres[place]
        yield Sign(
            (design.column_of(number),),
            np.asarray(low),
            partial(_score, scores=scores, label=label, scale=scale),
        )


def _score(row: int, *, scores: Matrix, label: str, scale: str) -> str:
    return f"{label} scored {scores[row]:g} ({scale})"


def _of_silence(design: Design, seen: Windows) -> Iterator[Sign]:
    """Whether a survey was answered at all; its items are centred, so silence has a part alone."""
    first = len(design.controls.predictors) + len(design.ratings.numbers)
    for place, block in enumerate(design.ratings.blocks):
        numbers = [design.ratings.numbers[item] for item in block]
        answered = np.asarray((~np.isnan(seen.scores[:, numbers])).any(axis=1))
        asked = label_of(seen, numbers[0])
        more = f" and {len(numbers) - 1} more" if len(numbers) > 1 else ""
        yield Sign(
            (first + place,),
            ~answered,
            partial(_silent, asked=f"{asked}{more}"),
        )


def _silent(_row: int, *, asked: str) -> str:
    return f"no answer in the last year: {asked}"


def _of_controls(design: Design, rows: pd.DataFrame) -> Iterator[Sign]:
    everybody = np.ones(len(rows), dtype=np.bool_)
    said = _SAID
    for place, name in enumerate(design.controls.plain):
        if name in said:
            column, words = said[name]
            values = _values(rows, column)
            least = _AT_LEAST.get(name)
            known = everybody if least is None else np.asarray(values > least)
            yield Sign((place,), known, partial(_plain, values=values, words=words))
    start = len(design.controls.plain)
    for column, levels in design.controls.levels:
        text = text_of(rows[column]).to_numpy(dtype=object)
        columns = tuple(range(start, start + len(levels)))
        yield Sign(columns, everybody, partial(_group, text=text, column=column))
        start += len(levels)


def _values(rows: pd.DataFrame, column: str) -> Matrix:
    if column == "moved":
        earlier = rows["rate_earlier"].to_numpy(np.float64, na_value=np.nan)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(rows["rate"].to_numpy(np.float64) / earlier - 1)
    return np.asarray(rows[column].to_numpy(np.float64))


def _plain(row: int, *, values: Matrix, words: Any) -> str:
    return str(words(float(values[row])))


def _group(row: int, *, text: NDArray[np.object_], column: str) -> str:
    value = str(text[row])
    return f"{column} {wording.quoted(value)}" if value else f"no {column} given"


def _months(value: float) -> str:
    months = round(value)
    return f"customer for {fmt.number(months, 'months')}" if months else "new customer"


def _spend(_value: float) -> str:
    return "size of the account"


def _price(value: float) -> str:
    return f"pays {fmt.number(value, 'share')} more than {RECENT_MONTHS} months ago"


def _contacts(value: float) -> str:
    contacts = "contact" if round(value) == 1 else "contacts"
    return f"{fmt.count(round(value))} {contacts} in {RECENT_MONTHS} months"


def _unsolved(value: float) -> str:
    contacts = "contact" if round(value) == 1 else "contacts"
    return f"{fmt.count(round(value))} unsolved {contacts} in {RECENT_MONTHS} months"


def _idle(value: float) -> str:
    return f"bought nothing for {fmt.counted(round(value), 'day', 'days')}"


#: What a number has to exceed to be a sign.
_AT_LEAST = {"price_change": 0.01, "contacts": 0.0, "unresolved": 0.0, "idle": 0.0}
_SAID = {
    "tenure": ("tenure_months", _months),
    "spend": ("rate", _spend),
    "price_change": ("moved", _price),
    "contacts": ("contacts_before", _contacts),
    "unresolved": ("unresolved_before", _unsolved),
    "idle": ("idle_days", _idle),
}
