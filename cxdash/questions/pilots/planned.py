"""Which pilots there are: the plans people entered, and groups in the data nobody planned for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import pandas as pd

from cxdash.panel.pilot_units import roster_members
from cxdash.register import Kept, current, history, specs
from cxdash.register.kinds.pilots import ALPHA, POWER, PilotPlan
from cxdash.register.texts import to_text
from cxdash.stats.pilot_power import Bar
from cxdash.store import Reader

__all__ = ["GIVEN", "Changed", "Planned", "planned"]

#: The design of groups that are in the data without a plan: nobody said how they were made.
GIVEN: Final = "given_groups"
#: Fields that say nothing about what is measured or how, so a change of them changes no result.
_FREE: Final = frozenset({"name", "note", "initiative", "ask"})
#: Fields that may be filled once the file of participants is there.
_FILLED_LATER: Final = frozenset({"roster", "control"})


@dataclass(frozen=True, slots=True)
class Changed:
    """A field of a plan that was changed after it was frozen, and after the pilot began."""

    field: str
    before: str
    after: str
    on: date
    by: str


@dataclass(frozen=True, slots=True)
class Planned:
    """A pilot as it is read.

    Parameters
    ----------
    id, key
        Id of the plan, empty without one; ``key`` names its Facts.
    plan
        As it binds: the last version frozen by the first day, else the first that was frozen, else
        as it is. Groups without a plan have one of our making, and ``design`` is GIVEN.
    frozen_on, digest
        When the plan that binds was frozen, and its hash; None and empty if it never was.
    changes
        What was changed in it since, after the first day.
    members
        Rows of the roster: customer_id, arm, assigned_on.
    """

    id: str
    key: str
    name: str
    design: str
    plan: PilotPlan
    frozen_on: date | None
    digest: str
    changes: tuple[Changed, ...]
    members: pd.DataFrame

    @property
    def starts(self) -> date:
        """The first day."""
        return self.plan.starts or date.max

    @property
    def reads_on(self) -> date:
        """The day as which it is read, whatever is known later."""
        return self.plan.reads_on or date.max

    @property
    def bar(self) -> Bar:
        plan = self.plan
        return Bar(plan.alpha or ALPHA, plan.power or POWER, plan.looks or 1)

    @property
    def is_planned(self) -> bool:
        return bool(self.id)

    @property
    def frozen_in_time(self) -> bool:
        """Whether the plan was frozen by the first day, so that nobody knew the outcome."""
        return self.frozen_on is not None and self.frozen_on <= self.starts

    @property
    def by_lot(self) -> bool:
        """Whether the plan says that the groups were drawn."""
        called_back = self.design == "follow_up" and self.plan.treated_share is not None
        return self.design == "randomised" or called_back


def planned(view: Reader, outcome: str, last_day: date) -> tuple[Planned, ...]:
    """Every plan, then every roster that no plan names, read by ``outcome`` up to the last day."""
    members = roster_members(view)
    plans = [
        _of_plan(kept, history(view, PilotPlan, kept.id), members)
        for kept in current(view, PilotPlan)
    ]
    named = {name for one in plans for name in one.members["pilot"].unique()}
    without = [name for name in members["pilot"].unique() if name not in named]
    return (*plans, *_without_plan(without, members, outcome, last_day))


def _of_plan(
    kept: Kept[PilotPlan], versions: Sequence[Kept[PilotPlan]], members: pd.DataFrame
) -> Planned:
    bound = _binding(versions)
    if bound is None:
        plan, frozen_on, digest = kept.record, None, ""
    else:
        later = {name: getattr(kept.record, name) for name in _FILLED_LATER}
        filled = {name: later[name] for name in _FILLED_LATER if not getattr(bound.record, name)}
        plan, frozen_on, digest = replace(bound.record, **filled), bound.at.date(), bound.digest
    wanted = (plan.roster or plan.name).casefold()
    return Planned(
        id=kept.id,
        key=kept.id,
        name=kept.record.name,
        design=plan.design,
        plan=plan,
        frozen_on=frozen_on,
        digest=digest,
        changes=tuple(_changes(bound, versions)) if bound else (),
        members=members[members["pilot"].str.casefold() == wanted].reset_index(drop=True),
    )


def _binding(versions: Sequence[Kept[PilotPlan]]) -> Kept[PilotPlan] | None:
    """The last version frozen by its own first day; else the first frozen at all."""
    frozen = [one for one in versions if one.what == "frozen"]
    in_time = [one for one in frozen if one.record.starts and one.at.date() <= one.record.starts]
    return in_time[-1] if in_time else next(iter(frozen), None)


def _changes(bound: Kept[PilotPlan], versions: Sequence[Kept[PilotPlan]]) -> Iterator[Changed]:
    """Each step away from the plan that binds, once it had begun or was frozen after it began."""
    starts, before = bound.record.starts, bound.record
    for one in versions:
        if one.version <= bound.version or one.what == "removed":
            continue
        if starts is None or one.at.date() >= starts:
            for name, spec in specs(PilotPlan).items():
                old, new = getattr(before, name), getattr(one.record, name)
                filled = name in _FILLED_LATER and old == spec.empty
                if old != new and name not in _FREE and not filled:
                    yield Changed(
                        field=spec.label,
                        before=to_text(spec, old) or "empty",
                        after=to_text(spec, new) or "empty",
                        on=one.at.date(),
                        by=one.by,
                    )
        before = one.record


def _without_plan(
    names: Sequence[str], members: pd.DataFrame, outcome: str, last_day: date
) -> Iterator[Planned]:
    for number, name in enumerate(names, start=1):
        own = members[members["pilot"] == name].reset_index(drop=True)
        begun = own["assigned_on"].dropna()
        plan = PilotPlan(
            name=name,
            design="matched",
            outcome=outcome,
            starts=pd.Timestamp(begun.min()).date() if len(begun) else None,
            reads_on=last_day,
            least_effect=None,
            roster=name,
        )
        yield Planned(
            id="",
            key=f"unplanned-{number}",
            name=name,
            design=GIVEN,
            plan=plan,
            frozen_on=None,
            digest="",
            changes=(),
            members=own,
        )
