"""What a person can choose from: imported survey items and the values customers can be filtered
by.
"""

from cxdash.panel import FILTERS, Item, items, settled
from cxdash.store import Database

__all__ = ["main_metric", "metrics", "segments"]

_MOST_VALUES = 50  # beyond that a column is a name, not a group


def metrics(db: Database) -> tuple[Item, ...]:
    """Survey items that were imported, the one with most answers first."""
    with settled(db) as view:
        return items(view)


def main_metric(imported: tuple[Item, ...]) -> Item:
    """The item asked about without a wish: the recommendation question, else the first."""
    return next((item for item in imported if item.variant == "nps.0-10"), imported[0])


def segments(db: Database) -> dict[str, tuple[str, ...]]:
    """Filter columns that hold between two and fifty values, with those values in order."""
    found = {}
    for column in FILTERS:
        rows = db.rows(
            f'SELECT DISTINCT "{column}" AS value FROM customers '
            f'WHERE is_current AND "{column}" IS NOT NULL ORDER BY value LIMIT {_MOST_VALUES + 1}'
        )
        if 2 <= len(rows) <= _MOST_VALUES:
            found[column] = tuple(str(row["value"]) for row in rows)
    return found
