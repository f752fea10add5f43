"""What had happened to customers by the moment they answered: deliveries, contacts, prices."""

from datetime import date

import pandas as pd

from cxdash.panel.build import Panel
from cxdash.panel.farewells import without_farewells
from cxdash.panel.ground import Item
from cxdash.panel.relations import relation
from cxdash.panel.windows import RECENT_MONTHS
from cxdash.store import Reader

__all__ = ["circumstances"]


def circumstances(view: Reader, built: Panel, item: Item, as_of: date) -> pd.DataFrame:
    """One row a usable answer to the item until that day, in the order of their days.

    Columns: row_key, customer_id, answered_on, month (index), value, band; of the order it is about
    ordered_on, promised_on, delivered_on (missing if it had not come yet), order_value (money),
    days_late (0 when on time or not due yet; missing without a promise), days_waited; in the three
    months before contacts_before, unresolved_before, minutes (mean of a contact); at the end of the
    month before tenure_months, rate (money a month), rate_earlier (with contracts: three months
    earlier); and segment, plan, region, industry, owner, acquired_by. Missing where nothing is
    known. Surveys and contacts that come with a goodbye are left out
    (:mod:`cxdash.panel.farewells`).
    """
    sql = relation(
        "circumstances",
        item=item.name,
        variant=item.variant,
        as_of=as_of,
        recent_months=RECENT_MONTHS,
        contractual=int(built.contractual),
    )
    with without_farewells(view, as_of) as cur:
        return cur.execute(f"SELECT * FROM ({sql}) ORDER BY answered_on, row_key").df()
