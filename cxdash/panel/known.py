"""What finance and operations knew of every customer at the end of one earlier month."""

import pandas as pd

from cxdash.panel.build import MEMORY_MONTHS, Panel
from cxdash.panel.farewells import without_farewells
from cxdash.panel.relations import month_end, relation
from cxdash.panel.windows import RECENT_MONTHS
from cxdash.store import Reader

__all__ = ["known_at"]


def known_at(view: Reader, built: Panel, month: int) -> pd.DataFrame:
    """One row a customer of that month end (month index), columns as in :class:`Windows`.

    Nothing later enters, so no outcome is known. Worked out once for each state of the data.
    """
    return view.kept("known_at", month, lambda: _known_at(view, built, month), room=3)


def _known_at(view: Reader, built: Panel, month: int) -> pd.DataFrame:
    sql = relation(
        "window_rows",
        as_of_month=month,
        horizon=1,
        memory_months=MEMORY_MONTHS,
        recent_months=RECENT_MONTHS,
        contractual=int(built.contractual),
        pause_months=0,
        landmarks=(month,),
    )
    with without_farewells(view, month_end(month)) as cur:
        cur.execute(f"CREATE OR REPLACE TEMP TABLE delivered AS {relation('delivered')}")
        rows = cur.execute(f"SELECT * FROM ({sql}) ORDER BY customer_id").df()
        cur.execute("DROP TABLE delivered")
    return rows
