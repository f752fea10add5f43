"""Numbers as the pages print them: the house's printer in its short style, and on an axis."""

from typing import Any, Final

from cxdash.facts import Interval
from cxdash.facts import format as printing
from cxdash.facts.fact import PLAIN_UNITS

__all__ = ["axis_format", "show", "show_range"]

_NO_CENTS: Final = 100.0  # an amount that is printed without cents, as nothing is
_BIG: Final = (("1e9", "bn"), ("1e6", "m"), ("1e3", "k"))


def show(value: float, unit: str, low: float | None = None, high: float | None = None) -> str:
    """A value with its unit, with no more digits than its range supports."""
    if value == 0 and unit not in PLAIN_UNITS:
        return printing.printer([_NO_CENTS], unit).number(0.0)
    interval = None if low is None or high is None or low > high else Interval(low, high)
    return printing.number(value, unit, interval=interval, style="short")


def show_range(low: float, high: float, unit: str) -> str:
    """A range with its unit, for example ``8–14%``; empty when both ends print the same."""
    both = printing.printer([low, high], unit, width=high - low, style="short")
    return "" if both.digits(low) == both.digits(high) else both.spread(low, high)


def axis_format(unit: str) -> dict[str, Any]:
    """Vega-Lite axis properties that print ticks as ``show`` does; shares are drawn times 100."""
    if unit == "share":
        return {"labelExpr": "format(datum.value, '~r') + '%'"}
    if unit in PLAIN_UNITS:
        return {"format": ",~r"}
    sign = printing.printer([0.0], unit).before
    return {"labelExpr": f"(datum.value < 0 ? '−' : '') + '{sign}' + {_scaled(_BIG)}"}


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
