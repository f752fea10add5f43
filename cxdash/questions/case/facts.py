"""The Facts of ``case``: what the plan returns, what was claimed apart from what was measured."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cxdash.facts import Fact, Method
from cxdash.questions.case.base_rate import BASE_RATE
from cxdash.questions.case.cards import plan_card
from cxdash.questions.case.found import Found
from cxdash.questions.case.next_facts import next_facts
from cxdash.questions.case.plan import COST, MAKE, SAVE, worst_method
from cxdash.questions.case.record_facts import record_facts
from cxdash.questions.case.valued import LEVEL, Valued, column, spread_of
from cxdash.stats.simulated import Simulated

__all__ = ["CLAIMED", "case_facts"]

Vector = NDArray[np.float64]

_YEAR: Final = 12
CLAIMED: Final = "case.claimed."
_NPV: Final = "Net present value"
_ROI: Final = "Return on what is spent"
_BREAK_EVEN: Final = "Part of the benefits that must come true to lose nothing"
_WAITING: Final = "Cost of starting a month later"
_LIKELY: Final = "Chance that the plan pays"
_AFTER_RECORD: Final = "Net present value, if this promise is kept as earlier ones were"
_WHOM: Final = "whom the lines of the case speak of"
_NOTHING_MEASURED: Final = (
    "No benefit of this case rests on a comparison or on figures that were confirmed; what is "
    "typed in or comes from outside is shown apart."
)
_NO_COST: Final = "Nothing is spent, so there is nothing to set the return beside."
_COSTS_COUNT: Final = (
    "Costs are plans that people typed in. They count in full, because leaving them out would "
    "flatter the case; the grade is that of the benefits."
)
_CLAIMS_IN: Final = (
    "Claims typed in or borrowed are part of this. It is shown and never added to what was "
    "measured."
)
_NO_RANGE: Final = "No line of the case gives a range, so this has none. It is not more certain."
_COLUMNS: Final = {
    SAVE: "Saved, worth today",
    MAKE: "Made, worth today",
    COST: "Paid, worth today",
}


def case_facts(found: Found) -> tuple[Fact, ...]:
    """Every Fact of the case; the three of the contract come first, whether they can be told."""
    return tuple(_facts(found))


def _facts(found: Found) -> Iterator[Fact]:
    if found.own is not None:
        yield from _returns(found, found.own, "")
    else:
        yield from _withheld(found)
    if found.claimed is not None:
        yield from _returns(found, found.claimed, CLAIMED)
    yield from record_facts(found)
    yield from next_facts(found)
    yield BASE_RATE


def _withheld(found: Found) -> Iterator[Fact]:
    """The three Facts of the contract where nothing measured stands behind them."""
    for name, label, unit, meant in (
        ("npv", _NPV, found.currency, "npv"),
        ("roi", _ROI, "share", "roi"),
        ("payback_months", _payback_label(found), "months", _payback_id(found)),
    ):
        yield Fact(
            id=name,
            label=label,
            value=None,
            unit=unit,
            method=Method(description="Nothing measured to value yet.", assertion=True),
            n=0,
            population=_WHOM,
            period=_period(found),
            definition=meant,
            caveats=(_NOTHING_MEASURED,),
        )


def _returns(found: Found, valued: Valued, prefix: str) -> Iterator[Fact]:
    """What one set of lines returns; ``prefix`` is empty for what was measured."""
    own = prefix or "case."
    money, at_rest, over = found.currency, valued.at_rest, valued.over
    told = _Told(found, valued, claimed=bool(prefix))
    yield told.fact(f"{prefix}npv", _NPV, at_rest.npv, money, "npv", over.npv)
    yield told.fact(f"{prefix}roi", _ROI, at_rest.roi, "share", "roi", over.roi, why=_NO_COST)
    yield _payback(told, f"{prefix}payback_months")
    for side, label in _COLUMNS.items():
        if all(part.side != side for part in valued.parts):
            continue
        worth, spread = column(found.plan, valued, side)
        yield replace(
            told.fact(f"{own}{side}", label, worth, money, "plan_column"), interval=spread
        )
    if at_rest.break_even is not None:
        yield told.fact(
            f"{own}break_even", _BREAK_EVEN, at_rest.break_even, "share", "break_even", _ratio(over)
        )
    yield told.fact(f"{own}waiting", _WAITING, valued.waiting, money, "waiting_month", over.waiting)
    if valued.has_ranges:
        yield told.fact(f"{own}likely", _LIKELY, over.likely, "share", "plan_pays")
    if valued.cut is not None:
        worth, spread = valued.cut
        yield replace(
            told.fact(f"{own}npv_after_record", _AFTER_RECORD, worth, money, "npv"), interval=spread
        )


@dataclass(frozen=True, slots=True)
class _Told:
    """Makes the Facts of one set of lines."""

    found: Found
    valued: Valued
    claimed: bool

    def fact(
        self,
        name: str,
        label: str,
        value: float | None,
        unit: str,
        meant: str,
        drawn: Vector | None = None,
        *,
        why: str = "",
        said: tuple[str, ...] = (),
    ) -> Fact:
        """A Fact with the range of its draws; ``why`` says why it may have no value."""
        spread = None
        if value is not None and drawn is not None and self.valued.has_ranges:
            spread = spread_of(drawn, value)
        return Fact(
            id=name,
            label=f"{label}, with claims typed in" if self.claimed else label,
            value=value,
            unit=unit,
            method=self.method,
            interval=spread,
            n=self.valued.n,
            population=_WHOM,
            period=_period(self.found),
            definition=meant,
            caveats=(*said, *self.caveats) if value is not None else (why,),
        )

    @property
    def caveats(self) -> tuple[str, ...]:
        first = _CLAIMS_IN if self.claimed else _COSTS_COUNT
        return (first,) if self.valued.has_ranges else (first, _NO_RANGE)

    @property
    def method(self) -> Method:
        """That of the weakest benefit; of claims that of the weakest line."""
        weakest = worst_method(self.valued.parts if self.claimed else self.valued.benefits)
        return replace(
            weakest,
            description="Cash flows of the lines of the case, discounted; the range from 10,000 "
            "simulations of the lines within theirs.",
            card=plan_card(self.found, self.valued),
        )


def _ratio(over: Simulated) -> Vector:
    """Costs over benefits in every draw; a draw without benefit never breaks even."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = over.present_costs / over.present_benefits
    return np.where(over.present_benefits > 0, ratio, np.inf)


def _payback(told: _Told, name: str) -> Fact:
    """Months until the money is back; the upper end of its range may lie beyond the plan."""
    valued, months = told.valued, told.found.plan.years * _YEAR
    years, drawn = valued.at_rest.payback, valued.over.payback * _YEAR
    never = float(np.isinf(drawn).mean())
    said = (
        f"In {round(100 * never)} of 100 simulated futures the money is not back after the "
        f"{months} months that are looked ahead; the range ends there."
    )
    return told.fact(
        name,
        _payback_label(told.found),
        None if years is None else years * _YEAR,
        "months",
        _payback_id(told.found),
        np.minimum(drawn, months),
        why=f"The money does not come back within the {months} months that are looked ahead.",
        said=(said,) if valued.has_ranges and never > (1 - LEVEL) / 2 else (),
    )


def _payback_label(found: Found) -> str:
    how = "later money counting for less" if found.plan.discounted else "not discounted"
    return f"Months until the money is back, {how}"


def _payback_id(found: Found) -> str:
    return "payback.discounted" if found.plan.discounted else "payback.plain"


def _period(found: Found) -> str:
    return f"{found.plan.years * _YEAR} months from the start of the plan"
