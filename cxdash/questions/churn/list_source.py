"""What a list of customers and its import say of it: by which traits it can be filtered, and
whether its tenure is in months.
"""

import re
import tomllib
from typing import Final

from cxdash.panel import stamp
from cxdash.panel.snapshots import CustomerList, customer_list
from cxdash.store import Reader

__all__ = ["list_alone", "tenure_in_months", "traits_to_filter"]

_MONTHS: Final = re.compile(r"month|monat|mois|meses", re.IGNORECASE)
_MOST_VALUES: Final = 50  # beyond that a trait is a name, not a group


def list_alone(view: Reader) -> CustomerList | None:
    """The list, where nothing else says who was a customer when; None otherwise."""
    built = stamp(view)
    dated = built is not None and built.first_month is not None and built.last_month is not None
    return None if dated else customer_list(view)


def traits_to_filter(people: CustomerList) -> dict[str, tuple[str, ...]]:
    """Traits of the list that hold between two and fifty values, with those values in order."""
    values = {
        str(name): tuple(sorted({str(value) for value in people.traits[name].dropna()}))
        for name in people.traits
    }
    return {name: held for name, held in values.items() if 2 <= len(held) <= _MOST_VALUES}


def tenure_in_months(view: Reader) -> bool:
    """Whether the column the tenure was read from calls itself months, in every import."""
    rows = view.rows(
        "SELECT mapping FROM imports WHERE undone_at IS NULL AND import_id IN "
        "(SELECT import_id FROM snapshots WHERE is_current)"
    )
    columns = [_tenure_column(str(row["mapping"])) for row in rows]
    return bool(columns) and all(_MONTHS.search(column) for column in columns)


def _tenure_column(mapping: str) -> str:
    """The file's own name of the column; empty where it has none."""
    column = tomllib.loads(mapping).get("columns", {}).get("tenure_months", "")
    return str(column.get("column", "") if isinstance(column, dict) else column)
