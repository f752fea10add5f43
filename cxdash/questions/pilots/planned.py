"""Which pilots there are: the plans people entered, and groups in the data nobody planned for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import pandas as pd

from cxdash.panel.pilot_units import roster_members
from cxdash.register import Kept, current, every_frozen, history, specs
from cxdash.register.kinds.pilots import ALPHA, POWER, PilotPlan
from cxdash.register.texts import to_text
from cxdash.stats.pilot_power import Bar
from cxdash.store import Reader

__all__ = ["GIVEN", "Changed", "Planned", "planned", "tried_by"]

#: The design of groups that are in the data without a plan: nobody said how they were made.
GIVEN: Final = "given_groups"
#: Fields that say nothing about what is measured or how, so a change of them changes no result.
_FREE: Final = frozenset({"name", "note", "initiative", "ask"})
#: Fields that may be filled once the file of participants is there.
_FILLED_LATER: Final = frozenset({"roster", "control"})
#: Groups may be drawn so long before the first day without anybody having been treated by then.
_DRAWN_BEFORE: Final = timedelta(days=31)


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
        As it binds: the first version that was frozen, or a later one frozen before the one that
        bound until then began; else as it is. Groups without a plan have one of our making, and
        ``design`` is GIVEN.
    frozen_on, digest
        When the plan that binds was frozen, and its hash; None and empty if it never was.
    changes
        What was changed in it since, after the first day.
    members
        Rows of the roster: customer_id, arm, assigned_on.
    gone_on
        When the plan was taken out of the register after it had begun; None while it stands. It is
        read all the same: otherwise only what went well would be.
    sharing
        How many plans look at the same customers, this one among them; they share one chance of a
        false alarm.
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
    gone_on: date | None = None
    sharing: int = 1

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
        return Bar((plan.alpha or ALPHA) / self.sharing, plan.power or POWER, plan.looks or 1)

    @property
    def is_planned(self) -> bool:
        return bool(self.id)

    @property
    def frozen_in_time(self) -> bool:
        """Whether the plan was frozen by the first day, so that nobody knew the outcome."""
        return self.frozen_on is not None and self.frozen_on <= self.began

    @property
    def frozen_before_reading(self) -> bool:
        """Whether it was at least frozen by the day as which it is read."""
        return self.frozen_on is not None and self.frozen_on <= self.reads_on

    @property
    def began(self) -> date:
        """The first day; where the file gave customers to groups well before it, that day."""
        days = self.members["assigned_on"].dropna()
        given: date = days.min().date() if len(days) else self.starts
        return given if given < self.starts - _DRAWN_BEFORE else self.starts

    @property
    def lot(self) -> str:
        """The file of participants it reads, the same however it is written; empty without one."""
        return str(self.members["pilot"].iloc[0]).casefold() if len(self.members) else ""

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
    plans = _sharing([*plans, *_taken_out(view, members, {one.id for one in plans})])
    named = {name for one in plans for name in one.members["pilot"].unique()}
    without = [name for name in members["pilot"].unique() if name not in named]
    return (*plans, *_without_plan(without, members, outcome, last_day))


def tried_by(view: Reader) -> Mapping[str, str]:
    """Plan id to the initiative it tries: the one it was first frozen with, else the one it names.

    So a pilot that went well cannot be handed to another initiative, nor a bad one be taken out.
    """
    found = {kept.id: kept.record.initiative for kept in current(view, PilotPlan)}
    for kept in every_frozen(view, PilotPlan):
        found[kept.id] = kept.record.initiative or found.get(kept.id, "")
    return {plan: initiative for plan, initiative in found.items() if initiative}


def _taken_out(view: Reader, members: pd.DataFrame, standing: set[str]) -> Iterator[Planned]:
    """Frozen plans that were taken out after they had begun, while their customers are loaded."""
    for first in every_frozen(view, PilotPlan):
        if first.id in standing:
            continue
        versions = history(view, PilotPlan, first.id)
        last = next(one for one in reversed(versions) if one.what != "removed")
        one = replace(_of_plan(last, versions, members), gone_on=versions[-1].at.date())
        if one.gone_on and one.gone_on > one.began and len(one.members):
            yield one


def _sharing(plans: Sequence[Planned]) -> list[Planned]:
    """Each with how many plans look at its customers; of those frozen in time only such count, so
    that nobody can blunt a plan by another one once it has begun.
    """
    looking = [
        [
            other
            for other in plans
            if other.lot == one.lot and (other.frozen_in_time or not one.frozen_in_time)
        ]
        for one in plans
    ]
    return [
        replace(one, sharing=len(others)) if one.lot else one
        for one, others in zip(plans, looking, strict=True)
    ]


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
    """The first version frozen; a later one where it was frozen before the plan that bound began.

    Otherwise a plan that fails could be frozen anew under a later first day.
    """
    bound: Kept[PilotPlan] | None = None
    for one in versions:
        starts = bound.record.starts if bound else None
        before = starts is not None and one.at.date() <= starts
        if one.what == "frozen" and (bound is None or before):
            bound = one
    return bound


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
