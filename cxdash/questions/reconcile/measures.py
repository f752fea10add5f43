"""Which line a total of finance is about: finance calls its measures as it likes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["KINDS_OF_REVENUE", "LINES", "MONEY_LINES", "line_of"]

#: Lines that can be compared, and how they are called.
LINES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "revenue": "Revenue, refunds taken off",
        "recurring_revenue": "Recurring revenue",
        "one_off_revenue": "One-off revenue",
        "refunds": "Refunds",
        "customers": "Customers at the end of the month",
        "contacts": "Contacts",
    }
)
#: Line to the kind of revenue it is the sum of; ``revenue`` is the sum of all three.
KINDS_OF_REVENUE: Final[Mapping[str, str]] = MappingProxyType(
    {"recurring_revenue": "recurring", "one_off_revenue": "one-off", "refunds": "refund"}
)
MONEY_LINES: Final = frozenset({"revenue", *KINDS_OF_REVENUE})

# Letters only, so that "Recurring Revenue", "recurring_revenue" and "recurring-revenue" are one.
_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "revenue": (
            "revenue netrevenue totalrevenue sales netsales turnover income invoiced billings "
            "umsatz nettoumsatz gesamtumsatz chiffredaffaires ingresos ventas fatturato receita"
        ),
        "recurring_revenue": (
            "recurringrevenue subscriptionrevenue mrr monthlyrecurringrevenue recurring "
            "wiederkehrenderumsatz"
        ),
        "one_off_revenue": "oneoffrevenue oneoff nonrecurringrevenue einmaligerumsatz",
        "refunds": (
            "refunds refund creditnotes credits chargebacks returns erstattungen gutschriften"
        ),
        "customers": (
            "customers customer activecustomers accounts activeaccounts customercount "
            "numberofcustomers subscribers kunden aktivekunden clients clientes clienti"
        ),
        "contacts": (
            "contacts contact tickets supporttickets cases calls contactcount numberofcontacts "
            "kontakte anfragen"
        ),
    }
)
_LINE_OF: Final[Mapping[str, str]] = MappingProxyType(
    {word: line for line, words in _WORDS.items() for word in words.split()}
)


def line_of(measure: str) -> str | None:
    """The line a measure of finance means; None where none is called so.

    >>> line_of("Recurring Revenue")
    'recurring_revenue'
    """
    return _LINE_OF.get("".join(letter for letter in measure.casefold() if letter.isalpha()))
