"""The kinds of entries, a module for each part of the work they belong to."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cxdash.errors import UsageError
from cxdash.register.kinds.cases import Case, CaseLine, Promise, Realised
from cxdash.register.kinds.goals import Criterion, Goal, Strategy
from cxdash.register.kinds.initiatives import Capacity, Initiative, Step
from cxdash.register.kinds.journey import StaffCost, Stage
from cxdash.register.kinds.ledger import Claim, Funding, SignOff, Tolerance
from cxdash.register.kinds.pilots import PilotPlan
from cxdash.register.kinds.room import Alert, Ask, Executive, Signal, Watch
from cxdash.register.kinds.voices import Theme
from cxdash.register.records import Record

__all__ = ["KINDS", "kind_named"]

_ALL: Final[tuple[type[Record], ...]] = (
    Executive,
    Goal,
    Strategy,
    Criterion,
    Ask,
    Signal,
    Watch,
    Alert,
    Initiative,
    Step,
    Capacity,
    PilotPlan,
    Case,
    CaseLine,
    Promise,
    Realised,
    Claim,
    Funding,
    SignOff,
    Tolerance,
    Theme,
    Stage,
    StaffCost,
)

#: Every kind by its name, in the order in which a company fills them.
KINDS: Final[Mapping[str, type[Record]]] = MappingProxyType({one.KIND: one for one in _ALL})


def kind_named(name: str) -> type[Record]:
    """The kind of that name.

    Raises
    ------
    UsageError
        There is none.
    """
    if name not in KINDS:
        raise UsageError(
            f"There is no kind of entry {name!r}.",
            state="Nothing was saved.",
            do_next=f"Use one of: {', '.join(KINDS)}.",
        )
    return KINDS[name]
