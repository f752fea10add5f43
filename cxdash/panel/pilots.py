"""Pilots in the data: customers who were given to groups, which no answer may overlook."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cxdash.panel.relations import relation
from cxdash.store import Reader

__all__ = ["Pilot", "pilots"]


@dataclass(frozen=True, slots=True)
class Pilot:
    """A pilot by its name, how many customers it has, and the first day of it, where known."""

    name: str
    customers: int
    since: date | None


def pilots(view: Reader) -> Sequence[Pilot]:
    """Every pilot of the roster, in the order of their names."""
    rows = view.rows(f"SELECT * FROM ({relation('pilots')}) ORDER BY name")
    return tuple(Pilot(**row) for row in rows)
