"""What answers say of the unit they are about, and what came before and after each of them."""

from datetime import date
from typing import Final

import pandas as pd

from cxdash.panel.farewells import without_farewells
from cxdash.panel.relations import month_end, month_index, relation
from cxdash.store import Reader

__all__ = ["REPEAT_DAYS", "WATCHED_DAYS", "unit_answers", "unit_people"]

REPEAT_DAYS: Final = 14  # getting in touch again so soon means that it was not solved
WATCHED_DAYS: Final = 90
_MONTHS: Final = 24  # older answers say little of how a unit works today


def unit_answers(view: Reader, as_of: date) -> pd.DataFrame:
    """One row an item answered in the last two years, about a unit.

    Columns: row_key, customer_id, unit, item, variant, value, band, answered_on, body (what was
    written beside it, if anything), bad_after (1 if the customer came back within 14 days, the
    contact had not been solved, or the customer was gone within 90 days; nan if not known),
    wait_hours (since the last contact; nan if there was none).
    """
    since = month_end(month_index(as_of) - _MONTHS)
    sql = relation(
        "unit_answers",
        since=since,
        as_of=as_of,
        repeat_days=REPEAT_DAYS,
        watched_days=WATCHED_DAYS,
    )
    with without_farewells(view, as_of) as cur:
        return cur.execute(f"SELECT * FROM ({sql}) ORDER BY unit, answered_on, row_key, item").df()


def unit_people(view: Reader) -> dict[str, int]:
    """Unit to how many people its answers are about; 0 where no answer says."""
    rows = view.rows(f"SELECT * FROM ({relation('unit_people')}) ORDER BY unit")
    return {row["unit"]: int(row["people"]) for row in rows}
