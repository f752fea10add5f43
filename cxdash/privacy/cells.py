"""Which cells of an Answer's tables are hidden from those who may not see single customers.

First whatever is about too few; then as much more as it takes that nothing hidden can be worked out
from what is left: by subtracting the other parts from their whole, or by comparing with the same
row of a wider choice of customers.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Final

from cxdash.facts import Answer, Row
from cxdash.privacy.amounts import hidden_parts, hidden_ties
from cxdash.privacy.layouts import COUNTS, Layout, layout_of
from cxdash.privacy.rules import FEWEST_CUSTOMERS, FEWEST_WRITERS, WRITTEN, is_small
from cxdash.privacy.views import View, view_of

__all__ = ["Hidden", "hidden_cells"]

_DOMINATED: Final = 0.5  # share of a row's money at one customer from which it tells of that one
_MONEY: Final = ("revenue", "stake", "lost", "cost", "kept", "low", "high")

Key = tuple[str, ...]


@dataclass(slots=True)
class Hidden:
    """Per table the rows hidden whole, by their place, and single cells (place, column)."""

    rows: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    cells: dict[str, set[tuple[int, str]]] = field(default_factory=lambda: defaultdict(set))
    tables: set[str] = field(default_factory=set)

    def holds(self, table: str, place: int, column: str) -> bool:
        return place in self.rows[table] or (place, column) in self.cells[table]


def hidden_cells(answer: Answer, wider: Sequence[Answer], views: frozenset[View]) -> Hidden:
    """What to hide of an Answer.

    Parameters
    ----------
    wider
        The same question for choices of customers that hold this one.
    views
        The choices of customers that may be looked at.
    """
    hidden = Hidden()
    for table in answer.tables:
        layout = layout_of(answer.question, table)
        if layout is None and not _says_its_counts(answer.tables[table]):
            hidden.tables.add(table)
        elif layout is None or not layout.words:
            _look(answer, table, layout or Layout(), wider, views, hidden)
    for table in answer.tables:  # after the tables they follow
        layout = layout_of(answer.question, table)
        if layout is not None and layout.follows is not None:
            _follow(answer, table, layout.follows, hidden)
    return hidden


def _says_its_counts(rows: Sequence[Row]) -> bool:
    return all(any(isinstance(row.get(name), int) for name in COUNTS) for row in rows)


def _look(
    answer: Answer,
    table: str,
    layout: Layout,
    wider: Sequence[Answer],
    views: frozenset[View],
    hidden: Hidden,
) -> None:
    rows = answer.tables[table]
    view = view_of(answer.scope.where)
    gone = hidden.rows[table]
    gone |= {
        place
        for place, row in enumerate(rows)
        if any(is_small(count, _fewest(row)) for _, count in _counted(row, layout))
        or _is_closed(row, layout, view, views)
        or _close_to_wider(row, table, layout, wider)
    }
    if layout.nearly:
        gone |= _nearly_another(rows, layout)
    if layout.cut_across and (gone or view):
        gone |= {place for place, row in enumerate(rows) if str(row[layout.key[0]]) != layout.whole}
    groups = list(_wholes(rows, layout)) if layout.parted else []
    for group in groups:
        _complete(rows, group, layout, gone)
    for place, row in enumerate(rows):
        names = set(layout.one) | _dominated(row, layout)
        if layout.tied:
            same = [one for other in wider for one in _same(row, table, layout, other)]
            names |= hidden_ties(row, layout, same)
        hidden.cells[table] |= {(place, name) for name in names}
    hidden.cells[table] |= {
        (place, name)
        for part in layout.parts
        for group in groups
        for place in hidden_parts(rows, group, part)
        for name in part.columns
    }


def _fewest(row: Row) -> int:
    """How many customers must stand behind a row: more where it rests on what they wrote."""
    named = {str(row.get(name)) for name in ("metric", "driver", "item")}
    return FEWEST_WRITERS if WRITTEN in named else FEWEST_CUSTOMERS


def _counted(row: Row, layout: Layout) -> Iterator[tuple[str, int]]:
    """The counts of a row as the fewest customers they can stand for."""
    for name, times in layout.counts.items():
        count = row.get(name)
        if isinstance(count, int) and not isinstance(count, bool):
            yield name, ceil(count / times)


def _nearly_another(rows: Sequence[Row], layout: Layout) -> set[int]:
    """Rows about nearly the customers of a larger one: the difference would tell of few."""
    counts = [dict(_counted(row, layout)) for row in rows]
    return {
        place
        for place, own in enumerate(counts)
        for other in counts
        for name, count in own.items()
        if name in other and is_small(other[name] - count)
    }


def _is_closed(row: Row, layout: Layout, view: View, views: frozenset[View]) -> bool:
    """Whether the row is a group of customers that may not be chosen either."""
    group = _group_of(row, layout)
    if group is None:
        return False
    columns, value = group
    return not any(view_of((*view, (column, value))) in views for column in columns)


def _group_of(row: Row, layout: Layout) -> tuple[tuple[str, ...], str] | None:
    """The filter columns and the value a row stands for; None if it is no group of a column."""
    if not layout.splits:
        return None
    if "by" in row:  # cost: by answer or by segment
        if not str(row["by"]).endswith("segment"):
            return None
        return layout.splits, str(row["label"])
    name = str(row.get(layout.key[0]))
    if name == layout.whole:
        return None
    column, colon, value = name.partition(": ")
    if colon:
        known = column.casefold()
        return ((known,), value) if known in layout.splits else None
    return layout.splits, name


def _close_to_wider(row: Row, table: str, layout: Layout, wider: Sequence[Answer]) -> bool:
    """Whether too few customers lie between this row and the same row of a wider choice."""
    mine = dict(_raw(row, layout))
    return any(
        is_small(ceil(abs(count - mine.get(name, 0)) / layout.counts[name]))
        for other in wider
        for larger in _same(row, table, layout, other)
        for name, count in _raw(larger, layout)
    )


def _same(row: Row, table: str, layout: Layout, other: Answer) -> Iterator[Row]:
    """The row of that name in another Answer."""
    key = _key(row, layout)
    return (larger for larger in other.tables.get(table, ()) if _key(larger, layout) == key)


def _raw(row: Row, layout: Layout) -> Iterator[tuple[str, int]]:
    for name in layout.counts:
        count = row.get(name)
        if isinstance(count, int) and not isinstance(count, bool):
            yield name, count


def _key(row: Row, layout: Layout) -> Key:
    if layout.key:
        return tuple(str(row.get(name)) for name in layout.key)
    return tuple(str(cell) for cell in row.values() if isinstance(cell, str))


def _dominated(row: Row, layout: Layout) -> set[str]:
    """The amounts of a row of which one customer holds the greater part."""
    share = row.get(layout.largest) if layout.largest else None
    if not isinstance(share, int | float) or share <= _DOMINATED:
        return set()
    return {name for name in row if set(name.split("_")) & set(_MONEY)}


def _wholes(rows: Sequence[Row], layout: Layout) -> Iterator[tuple[list[int], int | None]]:
    """The places of parts of one whole, and that of the whole if it is a row too."""
    grouped: dict[Key, list[int]] = defaultdict(list)
    whole = None
    for place, row in enumerate(rows):
        if layout.whole and str(row.get(layout.key[0])) == layout.whole:
            whole = place
            continue
        column, colon, _ = str(row.get(layout.key[0])).partition(": ")
        heading = (column,) if colon and layout.splits else ()
        grouped[(*heading, *(str(row.get(name)) for name in layout.within))].append(place)
    if not grouped and whole is not None:
        yield [], whole
    for places in grouped.values():
        yield places, whole


def _complete(
    rows: Sequence[Row], group: tuple[list[int], int | None], layout: Layout, hidden: set[int]
) -> None:
    """Hide the smallest of the parts shown until what is hidden of a whole is nobody or enough."""
    places, whole = group
    for name, times in layout.counts.items():
        counts = {place: rows[place].get(name) for place in places}
        known = {place: count for place, count in counts.items() if isinstance(count, int)}
        if not known:
            continue
        of_whole = rows[whole].get(name) if whole is not None else None
        total = of_whole if isinstance(of_whole, int) else sum(known.values())
        while True:
            shown = {
                place: count for place, count in known.items() if place not in hidden and count
            }
            left = ceil(max(total - sum(shown.values()), 0) / times)
            if not shown or not is_small(left):
                break
            hidden.add(min(shown, key=lambda place: (shown[place], place)))


def _follow(answer: Answer, table: str, follows: tuple[str, str, str], hidden: Hidden) -> None:
    """Hide the rows of a table whose counts stand in another one that hides them."""
    other, own, its = follows
    gone = {
        str(row.get(its))
        for place, row in enumerate(answer.tables.get(other, ()))
        if place in hidden.rows[other]
    }
    for place, row in enumerate(answer.tables[table]):
        if str(row.get(own)) in gone:  # without columns both are "None"
            hidden.rows[table].add(place)
