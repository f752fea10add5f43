"""Customers on one day and who had left by then: no dates, so no before and after."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from cxdash.panel.relations import relation
from cxdash.store import Reader

__all__ = ["CustomerList", "customer_list"]


@dataclass(frozen=True, slots=True)
class CustomerList:
    """One row a customer, in the order of their numbers.

    Parameters
    ----------
    rows
        customer_id, has_left, taken_on (may be missing), tenure_months, monthly_amount, currency.
    traits
        The same rows, a column for each trait as text; None where the list says nothing.
    sources, imported_on
        The imports the list rests on, and the day of the latest.
    """

    rows: pd.DataFrame
    traits: pd.DataFrame
    sources: tuple[str, ...]
    imported_on: date


def customer_list(view: Reader) -> CustomerList | None:
    """The list as it counts now; None when none is loaded."""
    with view.cursor() as cur:
        rows = cur.execute(f"SELECT * FROM ({relation('snapshot_rows')}) ORDER BY customer_id").df()
        if rows.empty:
            return None
        long = cur.execute(
            f"SELECT * FROM ({relation('snapshot_traits')}) ORDER BY trait, row_key"
        ).df()
    wide = long.pivot_table(index="row_key", columns="trait", values="content", aggfunc="first")
    traits = wide.reindex(rows["row_key"]).reset_index(drop=True)
    traits.columns.name = None
    imports = view.rows(
        "SELECT import_id, file_name, kind, imported_at FROM imports WHERE undone_at IS NULL "
        "AND import_id IN (SELECT import_id FROM snapshots WHERE is_current) ORDER BY import_id"
    )
    return CustomerList(
        rows.drop(columns="row_key"),
        traits.astype(object).where(traits.notna(), None),
        tuple(f"import {row['import_id']}: {row['file_name']} ({row['kind']})" for row in imports),
        max(row["imported_at"] for row in imports).date(),
    )
