"""The words of a receipt, on a page and at a terminal: loaded, replaced, duplicate, rejected."""

from collections import Counter
from typing import Final

from cxdash.facts.format import counted, number
from cxdash.intake import Money, Receipt
from cxdash.intake.loading.receipt import NO_CURRENCY
from cxdash.intake.loading.written import amounts, cents

__all__ = ["SEVERITY", "amounts", "cents", "equation", "money_line", "said", "to_look_at"]

#: What a severity means to whoever reads the receipt.
SEVERITY: Final = {"stop": "Settle first", "warn": "Check", "info": "Note"}


def equation(receipt: Receipt) -> str:
    """Rows read = loaded + duplicate + rejected; of the loaded, those that replaced a version."""
    loaded = f"{receipt.rows_loaded:,} loaded"
    if receipt.rows_superseding:
        loaded += f" ({receipt.rows_superseding:,} replaced an earlier version)"
    return (
        f"{counted(receipt.rows_read, 'row', 'rows')} read = {loaded}"
        f" + {receipt.rows_duplicate:,} duplicate + {receipt.rows_rejected:,} rejected"
    )


def said(receipt: Receipt) -> list[str]:
    """What else the receipt says of the file as a whole, a short sentence each."""
    told = []
    if receipt.lines_read:
        told.append(
            f"{counted(receipt.lines_read, 'line makes', 'lines make')} "
            f"{counted(receipt.rows_read, 'row', 'rows')}"
        )
    if receipt.matched is not None:
        share = {0.0: "none", 1.0: "all"}.get(receipt.matched, number(receipt.matched, "share"))
        told.append(f"customer known for {share} of the rows")
    told += [money_line(money) for money in receipt.money]
    if receipt.first_day:
        told.append(f"days {receipt.first_day} to {receipt.last_day}")
    return told


def to_look_at(receipt: Receipt) -> str:
    """How many findings there are to settle and to check; empty when there are none."""
    found = Counter(finding.severity for finding in receipt.findings)
    return "; ".join(f"{SEVERITY[name]}: {found[name]}" for name in ("stop", "warn") if found[name])


def money_line(money: Money) -> str:
    """``EUR 90.00 loaded + 0.00 duplicate + 10.00 rejected = 100.00 read``, zeros left out."""
    name = "without a currency" if money.currency == NO_CURRENCY else money.currency
    parts = [f"{cents(money.loaded)} loaded"]
    parts += [
        f"{cents(amount)} {word}"
        for word, amount in (("duplicate", money.duplicate), ("rejected", money.rejected))
        if amount
    ]
    replaced = f" in place of {cents(money.replaced)}" if money.replaced else ""
    if len(parts) == 1 and money.loaded == money.read:
        return f"{name} {parts[0]}{replaced}, all that was read"
    if money.loaded + money.duplicate + money.rejected == money.read:
        return f"{name} {' + '.join(parts)} = {cents(money.read)} read{replaced}"
    # A receipt written before duplicate and rejected amounts were told apart.
    return f"{name} {parts[0]} of {cents(money.read)} read{replaced}"
