"""Days worth knowing on a time axis: an upright rule each, with its words or with a number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final, Literal

import altair as alt

from cxdash.faces.days import day_of, spoken_day
from cxdash.faces.web.charts.marks import Mark
from cxdash.faces.web.charts.shared import INK, SMALL, if_any
from cxdash.faces.web.escape import plain

__all__ = ["Moment", "Moments", "rules"]

Side = Literal["left", "right"]

_LONG: Final = 26  # characters that still fit beside a rule
_FEW: Final = 3
_APART: Final = 0.2  # share of the axis that one label takes
_SIDES: Final[tuple[Side, ...]] = ("left", "right")
_RIGHT_PART: Final = 0.7  # beyond this share of the axis words are written to the left


@dataclass(frozen=True, slots=True)
class Moment:
    """A day and what happened on it."""

    day: date
    text: str

    def __str__(self) -> str:
        return f"{spoken_day(self.day)}: {self.text}"


@dataclass(frozen=True, slots=True)
class Moments:
    """The moments that lie on a time axis from ``first`` to ``last``, in order of time."""

    shown: tuple[Moment, ...]
    first: date
    last: date

    @classmethod
    def within(cls, told: Sequence[tuple[str, str]], first: date, last: date) -> "Moments":
        """Those of ``told`` (ISO day, words) that lie on the axis; what is no day is left out."""
        found = [(day_of(day), plain(text, 120)) for day, text in told]
        shown = [Moment(day, text) for day, text in found if day and first <= day <= last]
        return cls(tuple(sorted(shown, key=lambda moment: moment.day)), first, last)

    @property
    def numbered(self) -> bool:
        """Whether the words are too many or too long to stand in the picture."""
        places = [self.place(moment) for moment in self.shown]
        crowded = any(b - a < _APART for a, b in pairwise(places))
        long = any(len(moment.text) > _LONG for moment in self.shown)
        return len(self.shown) > _FEW or crowded or long

    def place(self, moment: Moment) -> float:
        """Where on the axis the moment lies: 0 its start, 1 its end."""
        whole = (self.last - self.first).days
        return (moment.day - self.first).days / whole if whole else 0.0

    def notes(self) -> list[str]:
        """What the numbers in the picture stand for; nothing when the words are written there."""
        if not self.numbered:
            return []
        return [f"Line {number}, {moment}" for number, moment in enumerate(self.shown, start=1)]


def rules(moments: Moments) -> list[alt.Chart]:
    """Layers with the rules and what is written on top of them."""
    if not moments.shown:
        return []
    marks: list[Mark] = [
        {
            "d": moment.day.isoformat(),
            "w": str(number) if moments.numbered else moment.text,
            "t": str(moment),
            "e": "right" if moments.place(moment) > _RIGHT_PART else "left",
        }
        for number, moment in enumerate(moments.shown, start=1)
    ]
    base = alt.Chart(alt.InlineData(values=list(marks))).encode(
        x=alt.X("d", type="temporal", timeUnit="utcyearmonthdate"),
        tooltip=[alt.Tooltip("t", type="nominal", title="What happened")],
    )
    rule = base.mark_rule(color=INK, strokeWidth=1.5, strokeDash=[2, 3], opacity=0.8)
    words = [layer for side in _SIDES for layer in if_any(marks, _words(base, side), "e", side)]
    return [rule, *words]


def _words(base: alt.Chart, side: Side) -> alt.Chart:
    text = base.mark_text(
        align=side,
        baseline="top",
        dx=5 if side == "left" else -5,
        dy=2,
        fontSize=SMALL,
        fontWeight=600,
        color=INK,
    )
    written: alt.Chart = text.encode(y=alt.value(0), text=alt.Text("w", type="nominal"))
    return written
