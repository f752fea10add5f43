"""Do contracts and invoices tell the same sum? Where they do not, every dollar says so.

Nobody but finance can say which of the two is right, so nothing is corrected: the dollars stay,
with both sums beside them, and none of them is graded better than observed.
"""

from dataclasses import replace
from decimal import Decimal
from typing import Final

from cxdash.facts import Answer, Fact
from cxdash.facts import format as fmt
from cxdash.panel import Ground, Sums, Uncompared, ground, stamp
from cxdash.store import Reader

__all__ = ["TOLERANCE", "disputed", "weighed"]

#: Refunds, discounts, days of the month and a price that rises with the yearly invoice move
#: invoices away from fees by some per cent. Value added tax, a file loaded twice and use beyond the
#: fee move them by more.
TOLERANCE: Final = Decimal("0.10")
_MOST_TAXED: Final = 1.28  # Hungary's 27 % is the highest value added tax
_YEAR: Final = 12  # months
_NEARLY: Final = 0.1
_BESIDE_FEES: Final = frozenset({"cost_to_serve"})  # money that neither contracts nor invoices tell


def disputed(data: Ground) -> tuple[Sums, ...]:
    """The sums that differ by more than the tolerance, the largest first."""
    return tuple(one for one in data.sums if _is_apart(one))


def _is_apart(one: Sums) -> bool:
    """Compared as the decimals the sums are: a tenth exactly is no more than a tenth."""
    fees, invoices = (Decimal(str(sum_)) for sum_ in (one.fees, one.invoices))
    return abs(invoices - fees) > TOLERANCE * fees


def weighed(view: Reader, answer: Answer) -> Answer:
    """The Answer, and where contracts and invoices differ, with both sums and lower grades on every
    money Fact that has a value; where their currencies differ, with that said.
    """
    built = stamp(view)
    if built is None or not any(_rests_on_them(fact) for fact in answer.facts):
        return answer
    data = ground(view, built)
    apart = disputed(data)
    if not apart and not data.uncompared:
        return answer
    said = (
        *(_both(one, fees_taken=_fees_taken(answer, data)) for one in apart),
        *map(_not_compared, data.uncompared),
    )
    return replace(
        answer,
        facts=tuple(_doubted(fact, apart) for fact in answer.facts),
        caveats=tuple(dict.fromkeys((*said, *answer.caveats))),
    )


def _rests_on_them(fact: Fact) -> bool:
    return fact.is_money and fact.value is not None and fact.definition not in _BESIDE_FEES


def _fees_taken(answer: Answer, data: Ground) -> bool:
    """Every question takes the fee of whoever has one; only ``revenue`` looks at all contracts."""
    return data.priced or answer.question != "revenue"


def _doubted(fact: Fact, apart: tuple[Sums, ...]) -> Fact:
    if not apart or not _rests_on_them(fact):
        return fact
    said = (
        f"The invoices loaded beside the contracts come to {fmt.listed([*map(_times, apart)])} "
        "what the contracts do, and the files do not say which is right; so this is graded as "
        "observed."
    )
    if said in fact.caveats:
        return fact
    return replace(fact, method=replace(fact.method, disputed=True), caveats=(said, *fact.caveats))


def _times(one: Sums) -> str:
    """``1.19 times``, so that whoever divides the two sums finds it."""
    return f"{fmt.number(one.ratio, 'ratio')} times"


def _causes(one: Sums) -> str:
    """What would move invoices so far from fees, the likeliest first."""
    if abs(one.ratio * _YEAR - 1) < _NEARLY:
        return "fees of a year that were read as fees of a month would explain it"
    if one.ratio < 1:
        return (
            "discounts and credit notes, invoices that are not loaded, or several years paid in "
            "advance may explain it"
        )
    other = "use beyond the fee, invoices loaded from two files, or several years paid in advance"
    if one.ratio < _MOST_TAXED:
        tax = fmt.number(one.ratio - 1, "share")
        return f"a tax of {tax} on the invoices would explain it, and {other} may"
    return f"{other} may explain it, and tax a part of it"


def _both(one: Sums, *, fees_taken: bool) -> str:
    """Both sums, how far they are apart, which was taken and why."""
    fees, invoices = (fmt.number(sum_, one.currency) for sum_ in (one.fees, one.invoices))
    taken = (
        "The dollars here rest on the contracts, because they say what a month costs also where "
        "invoices come once a year."
        if fees_taken
        else "The dollars here rest on the invoices, because too many contracts name no amount."
    )
    return (
        f"Contracts and invoices tell different sums: over the {one.months} months to {one.until}, "
        f"for the {fmt.count(one.customers)} customers who have both, contracts come to {fees} and "
        f"invoices and payments to {invoices}, {_times(one)} as much (what is named as one-off "
        f"left out). {taken} The files do not say which is right; {_causes(one)}. "
        "Until finance has settled it, none of these dollars is graded beyond D."
    )


def _not_compared(one: Uncompared) -> str:
    return (
        f"Whether contracts and invoices tell the same sum could not be looked at for "
        f"{fmt.count(one.customers)} customers: over the {one.months} months to {one.until} their "
        f"contracts are in {one.contracts} and their invoices in {one.invoices}. Only sums in one "
        "currency are compared."
    )
