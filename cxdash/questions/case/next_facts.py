"""The Facts about the next point of a rating: what it brings, and where it stops paying."""

from collections.abc import Iterator
from typing import Final

from cxdash.facts import Fact, Interval, Method
from cxdash.questions.case.cards import next_card
from cxdash.questions.case.found import Found
from cxdash.questions.case.next_point import NextPoint
from cxdash.stats.estimate import Estimate

__all__ = ["next_facts", "why_unknown"]

_DESCRIBES: Final = (
    "It compares customers who answered differently. Whether a point that is paid for brings as "
    "much, only a pilot can tell."
)
_LABEL: Final = "What the next point of the rating goes with, a year"
_STOP: Final = "Where the next point stops paying"


def next_facts(found: Found) -> Iterator[Fact]:
    """What the next point brings, raw beside adjusted, and the stop point where there is one."""
    told = found.next_point
    if isinstance(told, str):
        return
    if not told.found.is_readable:
        yield _fact(found, told, "case.next_point", _LABEL, None, why_unknown(told))
        return
    for name, label, slope in (
        ("case.next_point", f"{_LABEL}, others held equal", told.found.here),
        ("case.next_point_raw", f"{_LABEL}, as counted", told.found.raw_slope),
    ):
        if slope is not None:
            yield _fact(found, told, name, label, _times(slope, told.revenue), "")
    if told.found.best is not None:
        yield _fact(found, told, "case.stop_point", _STOP, told.found.best, "", unit="score")


def why_unknown(told: NextPoint) -> str:
    """Why nothing is said of the next point, or of where to stop; empty where all is told."""
    if told.found.verdict == "too_few":
        return (
            f"{told.found.n} customer-years with an answer before them, or too few different "
            "answers: too few to tell a curve from chance."
        )
    if told.found.verdict == "flat":
        return "No link between the rating and staying can be read from the data."
    if told.found.verdict == "not_identifiable":
        return "A straight line and a bend fit alike, so where to stop is not identifiable."
    return ""


def _times(slope: Estimate, revenue: float) -> Estimate:
    return Estimate(
        estimate=slope.estimate * revenue,
        low=slope.low * revenue,
        high=slope.high * revenue,
        n=slope.n,
        level=slope.level,
    )


def _fact(
    found: Found,
    told: NextPoint,
    name: str,
    label: str,
    value: Estimate | None,
    why: str,
    *,
    unit: str = "",
) -> Fact:
    return Fact(
        id=name,
        label=label,
        value=None if value is None else value.estimate,
        interval=None if value is None else Interval(value.low, value.high, value.level),
        unit=unit or found.currency,
        method=Method(
            description="Share of customers who stayed a year by their answer before, by the "
            "shapes that fit.",
            adjusted_for=() if name.endswith("_raw") else told.held_equal,
            card=next_card(told),
        ),
        n=told.found.n,
        population=told.setting.population,
        period=told.setting.period,
        definition="stop_point" if unit else "next_point",
        caveats=(why,) if why else (_DESCRIBES,),
        sources=told.setting.ground.sources,
    )
