"""What else than surveys speaks of customers, and how much is decided on surveys alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pandas as pd

from cxdash.facts.definitions import definitions
from cxdash.facts.format import spoken
from cxdash.panel import Hearing, Item, Register

__all__ = ["Dependence", "Signal", "Traces", "dependence", "signals", "traces"]


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that tells of customers.

    Parameters
    ----------
    name
        Plain words.
    solicited
        Whether somebody had to be asked for it.
    loaded
        Rows loaded; None where no kind of file holds it yet.
    adds
        What it tells that a survey does not.
    wished
        Whether most companies have it, so that not having it is worth a word.
    """

    name: str
    solicited: bool
    loaded: int | None
    adds: str
    wished: bool

    @property
    def is_missing(self) -> bool:
        """Whether loading it would tell something of the silent that nothing else tells."""
        return self.wished and not self.loaded


@dataclass(frozen=True, slots=True)
class Traces:
    """Of today's customers who answered nothing, those who let us know something unasked."""

    unheard: int
    contacts: int
    complaints: int
    repeats: int


@dataclass(frozen=True, slots=True)
class Dependence:
    """Recorded decisions by what they rest on; ``unknown`` counts metrics nobody knows."""

    on_surveys: int
    on_other: int
    unknown: int

    @property
    def known(self) -> int:
        return self.on_surveys + self.on_other


_CALLS: Final = "Who had a problem, answered or not"
_ADDS: Final = {
    "answers": "What those who answer say of one moment",
    "comments": "Why they say it, in their own words",
    "contacts": _CALLS,
    "complaints": "Who was unhappy enough to say so unasked",
    "repeats": "Whose problem was not solved the first time",
    "outcomes": "Whether service solved it, without asking the customer",
    "purchases": "Who still buys, and how often",
    "deliveries": "Who was let down by a late delivery",
    "reasons": "What leavers gave as their reason",
    "usage": "Who uses the product less, long before leaving",
    "late": "Who pays late, which often comes before leaving",
}
_NAMES: Final = {
    "answers": "Ratings in surveys",
    "comments": "Comments in surveys",
    "contacts": "Contacts with service",
    "complaints": "Complaints among the contacts of a year",
    "repeats": "Repeat contacts within a week, in a year",
    "outcomes": "Contacts that say whether they solved it",
    "purchases": "Days on which something was bought or paid",
    "deliveries": "Deliveries promised for a day",
    "reasons": "Reasons for leaving",
    "usage": "Use of the product",
    "late": "Late payments",
}
#: What a company can usually load, and what is only read off something else.
_WISHED: Final = frozenset({"contacts", "usage", "late"})
_SOLICITED: Final = frozenset({"answers", "comments", "reasons"})


def signals(heard: Hearing) -> tuple[Signal, ...]:
    """Every signal, loaded or not, in a fixed order."""
    return tuple(_signals(heard))


def _signals(heard: Hearing) -> Iterator[Signal]:
    counted: dict[str, int | None] = dict(heard.signals)
    counted["complaints"] = int(heard.traces["complaints"].sum())
    counted["repeats"] = int(heard.traces["repeats"].sum())
    for name, words in _NAMES.items():
        yield Signal(words, name in _SOLICITED, counted.get(name), _ADDS[name], name in _WISHED)


def traces(heard: Hearing, unheard: pd.Series) -> Traces:
    """What the customers of that column of numbers, who answered nothing, let us know unasked."""
    mine = heard.traces[heard.traces["customer_id"].isin(unheard)]
    return Traces(
        unheard=len(unheard),
        contacts=len(mine),
        complaints=int((mine["complaints"] > 0).sum()),
        repeats=int((mine["repeats"] > 0).sum()),
    )


def dependence(noted: Register, imported: tuple[Item, ...]) -> Dependence | None:
    """How many recorded decisions rest on surveys; None when none is recorded."""
    if not noted.decided:
        return None
    asked = {_plain(item.name) for item in imported}
    by_name: dict[str, bool] = {}
    for entry in definitions().values():
        for name in (entry.id, entry.variant, entry.name):
            by_name[_plain(name)] = by_name.get(_plain(name), False) or entry.is_item
    found = [True if _plain(name) in asked else by_name.get(_plain(name)) for name in noted.decided]
    return Dependence(found.count(True), found.count(False), found.count(None))


def _plain(name: str) -> str:
    return spoken(name).lower().strip()
