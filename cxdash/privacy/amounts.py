"""Amounts about part of a row's customers, each with its own count: which of them are hidden."""

from collections.abc import Sequence

from cxdash.facts import Row
from cxdash.privacy.layouts import Layout, Part
from cxdash.privacy.rules import is_small

__all__ = ["hidden_parts", "hidden_ties"]


def hidden_parts(rows: Sequence[Row], group: tuple[list[int], int | None], part: Part) -> set[int]:
    """The places of a whole whose parts go: too few themselves, or too few by subtraction."""
    places, whole = group
    sizes = {place: _parts_of(rows[place], part) for place in places}
    gone = {place for place, own in sizes.items() if any(map(is_small, own))}
    left = sorted((place for place in places if place not in gone), key=lambda place: sizes[place])
    while gone and any(
        is_small(sum(own)) for own in zip(*(sizes[place] for place in gone), strict=True)
    ):
        if not left:
            return gone | ({whole} if whole is not None else set())
        gone.add(left.pop(0))
    if whole is not None and any(map(is_small, _parts_of(rows[whole], part))):
        gone |= {whole, *places}
    return gone


def _parts_of(row: Row, part: Part) -> tuple[int, ...]:
    """How many customers each part of a row holds, and how many it leaves."""
    customers = row.get("customers")
    of = customers if isinstance(customers, int) else 0
    counts = [row.get(name) for name in part.counts]
    shares = [row.get(name) for name in part.shares]
    known = [count if isinstance(count, int) else 0 for count in counts]
    known += [round(share * of) if isinstance(share, int | float) else 0 for share in shares]
    return tuple(size for count in known for size in (count, max(of - count, 0)))


def hidden_ties(row: Row, layout: Layout, wider: Sequence[Row]) -> set[str]:
    """Columns of amounts that add up, and their counts, that go: of few, and what would tell them.

    ``wider`` are the same row for choices of customers that hold this one's.
    """
    sizes = {count: _count(row, count) for _, count in layout.tied}
    few = {
        count
        for count, size in sizes.items()
        if is_small(size) or any(is_small(abs(_count(other, count) - size)) for other in wider)
    }
    few |= {part for part, whole in layout.nested if is_small(sizes[whole] - sizes[part])}
    left = sorted((count for count in sizes if count not in few), key=lambda count: sizes[count])
    left = [count for count in left if sizes[count]]
    while (few and left and is_small(sum(sizes[count] for count in few))) or len(few) == 1:
        if not left:
            break
        few.add(left.pop(0))
    return {name for pair in layout.tied if pair[1] in few for name in pair}


def _count(row: Row, name: str) -> int:
    found = row.get(name)
    return found if isinstance(found, int) else 0
