"""Rows that tables of drivers are made of, whether a history or one day stands behind them."""

from collections.abc import Iterator, Sequence
from typing import Final

from cxdash.facts import Method, Row
from cxdash.questions.churn.drivers import Driver

__all__ = ["COUNTED", "HELD", "compared", "driver_row"]

COUNTED: Final = "Alone"
HELD: Final = "All else held equal"
MOST_COMPARED: Final = 12


def driver_row(driver: Driver, many: int, method: Method, against_lever: str) -> Row:
    """A row of ``drivers``; ``many`` is how many drivers share its ranks."""
    raw = driver.raw
    return {
        "driver": driver.name,
        "label": driver.label,
        "known_by": driver.kind,
        "change": driver.change,
        "effect": driver.effect.estimate,
        "low": driver.effect.low,
        "high": driver.effect.high,
        "raw_effect": raw.estimate if raw else None,
        "raw_low": raw.low if raw else None,
        "raw_high": raw.high if raw else None,
        "p_adjusted": driver.p_adjusted,
        "beyond_noise": driver.beyond_noise,
        "rank": driver.ranks.rank,
        "rank_low": driver.ranks.low,
        "rank_high": driver.ranks.high,
        "place": _place(driver, many),
        "lever": not against_lever,
        "lever_reason": against_lever or "beyond noise, and later windows show it again",
        "grade": method.grade.name,
        "adjusted_for": ", ".join(method.adjusted_for),
        "n": driver.n,
    }


def _place(driver: Driver, many: int) -> str:
    """The rank with its range in words."""
    ranks = driver.ranks
    if ranks.low == ranks.high:
        return f"{ranks.rank} of {many}, for sure"
    return f"{ranks.rank} of {many}; anywhere from {ranks.low} to {ranks.high}"


def compared(drivers: Sequence[Driver]) -> Iterator[Row]:
    """Two rows a driver: alone, and with everything else held equal; the surest ones."""
    surest = sorted(drivers, key=lambda driver: driver.effect.p_value)[:MOST_COMPARED]
    for driver in sorted(surest, key=lambda driver: driver.ranks.rank):
        for view, effect in ((COUNTED, driver.raw), (HELD, driver.effect)):
            if effect is not None:
                yield {
                    "label": driver.label,
                    "view": view,
                    "effect": effect.estimate,
                    "low": effect.low,
                    "high": effect.high,
                    "n": driver.n,
                }
