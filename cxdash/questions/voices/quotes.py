"""Quotes drawn by lot, never chosen: every comment of a theme is as likely to be read as any other.

The comments of a theme are put in order of their score (or, without one, of their tone), and every
n-th is taken from a start that the lot decides. So three quotes of a theme that pleases a third of
its writers hold about one pleased one, whoever looks; nobody can ask for another draw, since the
seed is made of the theme and the day the data ends. Names and contact details are masked before a
quote leaves here.

Source: systematic sampling, W. G. Cochran, Sampling Techniques (1977), chapter 8.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cxdash.questions.voices.heard import Heard
from cxdash.questions.voices.theme import Spoken

__all__ = ["OF_A_THEME", "Quote", "drawn", "of_the_day", "systematic"]

Mask = NDArray[np.bool_]

OF_A_THEME: Final = 3
DAYS: Final = 31  # quotes drawn ahead, one for each day of a month
_LONGEST: Final = 280  # characters of a quote
_FEWEST_WORDS: Final = 2  # "Good." says nothing that the score did not
_SPACE: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Quote:
    """One comment as it may be read out: masked, on one line, shortened.

    ``of`` is how many there were to draw from, ``number`` which of the ``drawn`` it is. ``tone``
    lies between 0 and 10; nan where it is not known.
    """

    theme: str
    text: str
    number: int
    drawn: int
    of: int
    tone: float
    score: float
    language: str
    on: date

    @property
    def lot(self) -> str:
        """How it was come by: ``3 of 214, drawn by lot``."""
        return f"{self.drawn} of {self.of:,}, drawn by lot"


def drawn(theme: Spoken, said: Heard, keep: Mask, as_of: date) -> tuple[Quote, ...]:
    """Three quotes of a theme, or as many as there are."""
    place = np.flatnonzero(keep & theme.says & _speaks(said))
    taken = systematic(_order(said, place), OF_A_THEME, _lot(theme.id, as_of))
    return tuple(_quotes(theme.label, said, place[taken], place.size))


def of_the_day(said: Heard, keep: Mask, as_of: date) -> tuple[Quote, ...]:
    """A quote for each day of a month, of all comments, in the order of the lot."""
    place = np.flatnonzero(keep & _speaks(said))
    lot = _lot("", as_of)
    taken = lot.permutation(systematic(_order(said, place), DAYS, lot))
    return tuple(_quotes("", said, place[taken], place.size))


def systematic(
    order: NDArray[np.int64], number: int, lot: np.random.Generator
) -> NDArray[np.int64]:
    """So many of the positions in ``order``, evenly spread over it, each as likely as any other."""
    if order.size <= number:
        return order
    step = order.size / number
    steps = lot.random() * step + step * np.arange(number)
    return order[np.minimum(steps.astype(np.int64), order.size - 1)]


def _lot(theme: str, as_of: date) -> np.random.Generator:
    seed = hashlib.sha256(f"{theme}|{as_of.isoformat()}".encode()).digest()
    return np.random.default_rng(int.from_bytes(seed[:8], "big"))


def _order(said: Heard, place: NDArray[np.int64]) -> NDArray[np.int64]:
    """Positions in ``place`` by score, then tone, then by what cannot be chosen."""
    score = said.rows["score"].to_numpy(np.float64, na_value=np.nan)[place]
    tone = said.tone[place]
    by = np.where(np.isnan(score), tone / 10, score)
    keys = said.rows["row_key"].to_numpy(dtype=object)[place]
    mixed = np.array([hashlib.sha256(str(key).encode()).hexdigest() for key in keys], dtype=str)
    return np.asarray(np.lexsort((mixed, by)), dtype=np.int64)


def _speaks(said: Heard) -> Mask:
    return np.asarray(said.words >= _FEWEST_WORDS)


def _quotes(theme: str, said: Heard, places: Iterable[int], of: int) -> Iterator[Quote]:
    chosen = list(places)
    for number, place in enumerate(chosen, start=1):
        row = said.rows.iloc[int(place)]
        yield Quote(
            theme=theme,
            text=_shortened(said.names.masked(_SPACE.sub(" ", str(row["body"])).strip())),
            number=number,
            drawn=len(chosen),
            of=of,
            tone=float(said.tone[place]),
            score=float(row["score"]) if row["score"] is not None else float("nan"),
            language=str(said.language[place]),
            on=row["answered_on"].date(),
        )


def _shortened(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST].rsplit(' ', 1)[0]} …"
