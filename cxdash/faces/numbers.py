"""Numbers as the pages print them: the house's printer in its short style, and on an axis."""

from collections.abc import Callable
from typing import Any, Final

from cxdash.faces.headings import DIFFERENCES
from cxdash.facts import Interval
from cxdash.facts import format as printing
from cxdash.facts.fact import PLAIN_UNITS

__all__ = ["POINTS", "axis_format", "said_in_points", "show", "show_range", "titled"]

POINTS: Final = "percentage points"  # a difference of two shares, its unit said in the heading
_TO: Final = "to"
_NO_CENTS: Final = 100.0  # an amount that is printed without cents, as nothing is
_BIG: Final = (("1e9", "bn"), ("1e6", "m"), ("1e3", "k"))


def show(value: float, unit: str, low: float | None = None, high: float | None = None) -> str:
    """A value with its unit, with no more digits than its range supports."""
    if unit == POINTS:
        return _of_points(value, value if low is None else low, value if high is None else high)(
            value
        )
    if value == 0 and unit not in PLAIN_UNITS:
        return printing.printer([_NO_CENTS], unit).number(0.0)
    interval = None if low is None or high is None or low > high else Interval(low, high)
    return printing.number(value, unit, interval=interval, style="short")


def show_range(low: float, high: float, unit: str) -> str:
    """A range with its unit, for example ``8–14%``; empty when both ends print the same."""
    if unit == POINTS:
        ends = [_of_points(low, low, high)(end) for end in (low, high)]
        between = f" {_TO} " if low < 0 else "–"
        return "" if ends[0] == ends[1] else between.join(ends)
    both = printing.printer([low, high], unit, width=high - low, style="short")
    return "" if both.digits(low) == both.digits(high) else both.spread(low, high)


def axis_format(unit: str) -> dict[str, Any]:
    """Vega-Lite axis properties that print ticks as ``show`` does; shares are drawn times 100."""
    if unit == "share":
        return {"labelExpr": "format(datum.value, '~r') + '%'"}
    if unit in PLAIN_UNITS or unit == POINTS:
        return {"format": ",~r"}
    sign = printing.printer([0.0], unit).before
    return {"labelExpr": f"(datum.value < 0 ? '−' : '') + '{sign}' + {_scaled(_BIG)}"}


def said_in_points(name: str, unit: str) -> str:
    """The unit in which a column is shown: a difference of shares is not "7%" but 7 points."""
    return POINTS if unit == "share" and name in DIFFERENCES else unit


def titled(title: str, unit: str) -> str:
    """A heading that says the unit, if the figures below it do not."""
    return f"{title} ({unit})" if unit == POINTS and unit not in title else title


def _of_points(value: float, low: float, high: float) -> Callable[[float], str]:
    """Prints a share as percentage points, with no more digits than its range supports."""
    chosen = printing.printer(
        [value, low, high], "share", width=high - low, style="short", difference=True
    )
    return chosen.digits


def _scaled(steps: tuple[tuple[str, str], ...]) -> str:
    """Vega expression of an amount without its sign, written with k, m or bn.

    The engine's own prefixes will not do: they write 0.5 as "500m", which a reader takes for
    millions.
    """
    if not steps:
        return "format(abs(datum.value), ',~r')"
    (divisor, letter), *smaller = steps
    written = f"format(abs(datum.value) / {divisor}, ',~r') + '{letter}'"
    return f"(abs(datum.value) >= {divisor} ? {written} : {_scaled(tuple(smaller))})"
