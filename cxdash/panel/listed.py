"""Which customers there are, by what they can be narrowed by, and who is a customer today."""

import pandas as pd

from cxdash.panel.build import stamp
from cxdash.panel.ground import FILTERS
from cxdash.store import Reader

__all__ = ["listed"]


def listed(view: Reader) -> pd.DataFrame:
    """One row a customer: a column of text for each of FILTERS, empty where nothing is
    written, and ``today``: a customer at the end of the last month the data covers.

    Rows that agree in all of it cannot be told apart by any choice of customers.
    """
    columns = ", ".join(f'coalesce(c."{column}", \'\') AS "{column}"' for column in FILTERS)
    built = stamp(view)
    last = built.last_month if built else None
    with view.cursor() as cur:
        return cur.execute(
            f"SELECT {columns}, coalesce(m.active = 1 AND m.under_notice = 0, false) AS today "
            "FROM panel_people AS p "
            "LEFT JOIN customers AS c ON c.customer_id = p.customer_id AND c.is_current "
            "LEFT JOIN panel_customer_months AS m ON m.customer_id = p.customer_id AND m.month = ?",
            [last],
        ).df()
