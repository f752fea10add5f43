"""What a person can choose from: imported survey items and the values customers can be filtered
by.
"""

from collections.abc import Sequence

from cxdash.errors import UsageError
from cxdash.facts.definitions import definition
from cxdash.panel import FILTERS, Item, items, panel, settled
from cxdash.panel.snapshots import CustomerList
from cxdash.questions.churn.list_source import list_alone, traits_to_filter
from cxdash.store import Database

__all__ = ["currency", "filters", "main_metric", "metric_named", "metrics", "segments", "undated"]

_MOST_VALUES = 50  # beyond that a column is a name, not a group


def metrics(db: Database) -> tuple[Item, ...]:
    """Survey items that were imported, the one with most answers first."""
    with settled(db) as view:
        return items(view)


def main_metric(imported: tuple[Item, ...]) -> Item:
    """The item asked about without a wish: the recommendation question, else the first."""
    return next((item for item in imported if item.variant == "nps.0-10"), imported[0])


def metric_named(imported: Sequence[Item], wish: str) -> str:
    """The imported item a wish stands for, as a question takes it: its name, or name@variant.

    A wish is the name itself, name@variant, the name in other letters, or what the item measures
    (``nps``, ``csat``, ``nps.0-10``), where one item alone measures that. So ``nps`` is understood
    in a file whose column is called otherwise.

    Raises
    ------
    UsageError
        No item is meant, or several are; the names to choose from are listed.
    """
    if any(wish in (item.name, f"{item.name}@{item.variant}") for item in imported):
        return wish
    plain = wish.casefold()
    named = [item for item in imported if item.name.casefold() == plain]
    meant = named or [item for item in imported if plain in _measures(item)]
    if len(meant) == 1:
        alone = sum(item.name == meant[0].name for item in imported) == 1
        return meant[0].name if alone else f"{meant[0].name}@{meant[0].variant}"
    if meant:
        raise UsageError(
            f"{len(meant)} survey items are meant by {wish!r}.",
            do_next=f"Choose one of: {', '.join(f'{item.name}@{item.variant}' for item in meant)}.",
        )
    raise UsageError(
        f"No survey item {wish!r} was imported.",
        do_next=f"Choose one of: {', '.join(dict.fromkeys(item.name for item in imported))}.",
    )


def _measures(item: Item) -> tuple[str, str]:
    """What an item measures, as it may be asked for: ``nps`` and ``nps.0-10``."""
    return definition(item.variant).id, item.variant


def currency(db: Database) -> str:
    """The currency money is read in; empty while no money is loaded."""
    return panel(db).currency or ""


def filters(db: Database, question: str) -> dict[str, tuple[str, ...]]:
    """Filter columns a question takes, with their values.

    Where nothing but a list of customers without dates is loaded, ``churn`` takes its traits.
    """
    people = _list_for(db, question)
    return segments(db) if people is None else traits_to_filter(people)


def undated(db: Database, question: str) -> bool:
    """Whether the question rests on a list of customers without dates, and looks nothing ahead."""
    return _list_for(db, question) is not None


def _list_for(db: Database, question: str) -> CustomerList | None:
    if question != "churn":
        return None
    with settled(db) as view:
        return list_alone(view)


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
