"""Everything customers wrote, also where no score stands beside it and where nobody knows whose."""

from datetime import date

import pandas as pd

from cxdash.panel.farewells import without_farewells
from cxdash.panel.relations import relation
from cxdash.store import Reader

__all__ = ["comments", "people_named"]


def comments(view: Reader, as_of: date) -> pd.DataFrame:
    """One row a comment up to a day, in order of time.

    Columns: row_key, item, body, survey, answered_on, customer_id (None where the customer is not
    known), score (0 to 1, of the answers beside it; missing without any), segment, plan, region,
    industry, owner, acquired_by, and knows (1 where it came with or after the goodbye and so
    predicts nothing).
    """
    sql = relation("comments", as_of=as_of)
    with without_farewells(view, as_of) as cur:
        return cur.execute(f"SELECT * FROM ({sql}) ORDER BY answered_on, row_key, item").df()


def people_named(view: Reader) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names that the data gives: of customers, and of people who work for the company."""
    customers = view.rows(
        "SELECT DISTINCT name FROM customers WHERE is_current AND name IS NOT NULL ORDER BY name"
    )
    staff = view.rows(
        "SELECT agent AS name FROM responses WHERE is_current AND agent IS NOT NULL UNION "
        "SELECT owner FROM customers WHERE is_current AND owner IS NOT NULL UNION "
        "SELECT owner FROM metric_register WHERE is_current AND owner IS NOT NULL ORDER BY name"
    )
    return (
        tuple(str(row["name"]) for row in customers),
        tuple(str(row["name"]) for row in staff),
    )
