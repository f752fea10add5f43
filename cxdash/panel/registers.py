"""What people know that no export says: dated events, and who answers for each metric.

The registers are typed by people under their own names for a metric. A name that means an imported
survey item (letter case, blanks and hyphens aside) is given back as that item's name, so that
whoever asks finds it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from cxdash.panel.relations import relation
from cxdash.store import Reader

__all__ = ["Event", "Steward", "events", "letters", "stewards"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a day.

    ``metric``, ``unit`` and ``segment`` say what it concerns; None means everything. ``kind`` is
    one of price, outage, leadership, incentive, survey, season and other.
    """

    id: str
    day: date
    kind: str
    what: str
    metric: str | None
    unit: str | None
    segment: str | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Steward:
    """Who answers for a metric, what it is to reach, and the last decision it changed.

    A part that nobody filled in is None.
    """

    metric: str
    owner: str | None
    goal: str | None
    decision: str | None
    decided_on: date | None
    note: str | None


def events(view: Reader, *, metric: str | None = None) -> tuple[Event, ...]:
    """Every event, the earliest first.

    With a ``metric`` only those that concern it: that name it, or no metric at all.
    """
    names = _items(view)
    found = tuple(
        Event(**{**row, "metric": _resolved(row["metric"], names)})
        for row in view.rows(relation("events"))
    )
    if metric is None:
        return found
    wanted = _resolved(metric, names)
    return tuple(event for event in found if event.metric in (None, wanted))


def stewards(view: Reader) -> Mapping[str, Steward]:
    """Metric to who answers for it, in the order of the names."""
    names = _items(view)
    found = {}
    for row in view.rows(relation("metric_register")):
        name = _resolved(row["metric"], names) or row["metric"]
        found[name] = Steward(**{**row, "metric": name})
    return MappingProxyType(found)


def _items(view: Reader) -> dict[str, str]:
    """How each imported item may be written, in letters alone, to its name."""
    rows = view.rows("SELECT DISTINCT item FROM scores WHERE is_current ORDER BY item")
    return {letters(row["item"]): row["item"] for row in rows}


def _resolved(typed: str | None, names: Mapping[str, str]) -> str | None:
    if typed is None or not typed.strip():
        return None
    return names.get(letters(typed), typed)


def letters(text: str) -> str:
    """The letters and digits of a name alone, in which two spellings of it agree."""
    return "".join(mark for mark in text.casefold() if mark.isalnum())
