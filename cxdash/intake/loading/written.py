"""Money in sentences: exact, to the cent, each currency by itself."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from cxdash.facts.format import listed
from cxdash.intake.loading.receipt import NO_CURRENCY

__all__ = ["amounts", "cents"]

_CENT: Final = Decimal("0.01")


def cents(amount: Decimal) -> str:
    """Every digit that is not a trailing zero, and at least the cents: ``1,428,603.10``."""
    rounded = amount.quantize(_CENT)
    return f"{rounded if rounded == amount else amount.normalize():,f}"


def amounts(money: Mapping[str, Decimal]) -> str:
    """``EUR 1.00 and USD 2.00``; empty where there is none."""
    said = [
        f"{cents(amount)} without a currency"
        if currency == NO_CURRENCY
        else f"{currency} {cents(amount)}"
        for currency, amount in money.items()
    ]
    return listed(said) if said else ""
