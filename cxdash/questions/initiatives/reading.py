"""Initiatives as people entered them, with their steps and the names of what they refer to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from cxdash import register
from cxdash.register.kinds.goals import Goal
from cxdash.register.kinds.initiatives import Initiative, Step
from cxdash.register.kinds.room import Executive
from cxdash.register.records import Kept
from cxdash.store import Reader

__all__ = ["Override", "Plan", "plans"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Money was asked about before the right question was: who did so, when, and why."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An initiative as it counts now.

    ``goal`` and ``sponsor`` are names, empty where nobody is named or the entry was removed;
    ``overrides`` holds every time the gate was passed by, also where it was filled in since.
    """

    id: str
    record: Initiative
    goal: str
    sponsor: str
    steps: tuple[Step, ...]
    overrides: tuple[Override, ...]

    @property
    def name(self) -> str:
        return self.record.name

    @property
    def is_wish(self) -> bool:
        return self.record.is_wish

    @property
    def is_live(self) -> bool:
        """Planned or under way: it still takes customers, days and money."""
        return self.record.status in ("wish", "planned", "running")

    @property
    def lacking(self) -> tuple[str, ...]:
        """What makes it a wish, in words."""
        record = self.record
        there = {"a goal": record.goal, "an owner": record.owner.strip(), "a date": record.starts}
        return tuple(name for name, value in there.items() if not value)

    def late(self, today: date) -> int:
        """Steps that were due before ``today`` and are neither done nor dropped."""
        return sum(is_late(step, today) for step in self.steps)

    @property
    def adoption(self) -> tuple[int, int]:
        """How many use what the steps of change gave them, and how many could; nobody: 0, 0."""
        counted = [step for step in self.steps if step.exposed and step.used is not None]
        return sum(step.used or 0 for step in counted), sum(step.exposed or 0 for step in counted)


def is_late(step: Step, today: date) -> bool:
    return bool(step.due and step.due < today and step.status in ("open", "running"))


def plans(view: Reader) -> tuple[Plan, ...]:
    """Every initiative, in the order in which they were first entered."""
    goals = {kept.id: kept.title for kept in register.current(view, Goal)}
    sponsors = {kept.id: kept.title for kept in register.current(view, Executive)}
    steps = [kept.record for kept in register.current(view, Step)]
    return tuple(
        Plan(
            id=kept.id,
            record=kept.record,
            goal=goals.get(kept.record.goal, ""),
            sponsor=sponsors.get(kept.record.sponsor, ""),
            steps=tuple(step for step in steps if step.initiative == kept.id),
            overrides=tuple(_overrides(register.history(view, Initiative, kept.id))),
        )
        for kept in register.current(view, Initiative)
    )


def _overrides(versions: tuple[Kept[Initiative], ...]) -> Iterator[Override]:
    """The versions in which money was asked about anew without the four answers."""
    before = False
    for kept in versions:
        if kept.record.overridden and not before:
            yield Override(by=kept.by, at=kept.at, reason=kept.record.override_reason.strip())
        before = kept.record.overridden
