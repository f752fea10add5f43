"""What was found about the goals: how each stands, what serves it, what is paid for and done."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

from cxdash.facts import Interval
from cxdash.panel import Steward, items, month_end, stamp, stewards
from cxdash.panel.registers import letters
from cxdash.questions.goals.measures import measured
from cxdash.questions.goals.reading import Reading, Verdict, moved, verdict
from cxdash.questions.setting import month_of
from cxdash.register import Kept, current
from cxdash.register.kinds.goals import Criterion, Goal, Strategy
from cxdash.register.kinds.initiatives import Initiative
from cxdash.register.kinds.journey import Stage
from cxdash.register.kinds.room import Executive
from cxdash.store import Reader

__all__ = ["ACTED", "Findings", "GoalState", "Held", "Serving", "Unserved", "find"]

ACTED: Final = ("running", "done")
_DROPPED: Final = "stopped"
_METRIC, _STAGE, _INITIATIVE = "metric", "stage of the journey", "initiative"


@dataclass(frozen=True, slots=True)
class Held:
    """A figure held against a target; both are None or empty where nobody named one."""

    reading: Reading | None
    target: float | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Serving:
    """What serves a goal, by name; ``cost`` is what its initiatives cost, stopped ones left out."""

    metrics: tuple[str, ...]
    stages: tuple[str, ...]
    initiatives: tuple[str, ...]
    acted: tuple[str, ...]
    decided: tuple[str, ...]
    cost: Decimal


@dataclass(frozen=True, slots=True)
class GoalState:
    """One goal: its figure, where it stood (``start``), how far it came, and what serves it."""

    kept: Kept[Goal]
    executive: str
    held: Held
    start: float | None
    moved: Interval | None
    serving: Serving
    is_first: bool

    @property
    def statement(self) -> str:
        return self.kept.record.statement


@dataclass(frozen=True, slots=True)
class Unserved:
    """Something that serves no goal, and what it is."""

    what: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything about the goals at the end of a month.

    ``cost`` is what all initiatives cost that are not stopped, ``cost_unserving`` that of those
    without a goal. ``metrics`` counts loaded or registered metrics.
    """

    as_of: date
    currency: str | None
    strategies: tuple[Kept[Strategy], ...]
    goals: tuple[GoalState, ...]
    criteria: tuple[tuple[Kept[Criterion], Held], ...]
    unserved: tuple[Unserved, ...]
    metrics: int
    initiatives: int
    cost: Decimal
    cost_unserving: Decimal

    @property
    def first(self) -> tuple[GoalState, ...]:
        """The goals the strategy puts first; without a strategy all."""
        chosen = tuple(goal for goal in self.goals if goal.is_first)
        return chosen if self.strategies else self.goals

    @property
    def told(self) -> tuple[GoalState, ...]:
        """Goals with a figure and a target."""
        return tuple(
            goal for goal in self.goals if goal.held.reading and goal.held.target is not None
        )


def find(view: Reader, as_of: date | None) -> Findings:
    """Read the register and work out every figure it names."""
    built = stamp(view)
    last = built.last_month if built else None
    month = month_of(built, as_of) if built and last is not None else None
    goals, strategies = current(view, Goal), current(view, Strategy)
    stages = current(view, Stage)
    planned = [one for one in current(view, Initiative) if one.record.status != _DROPPED]
    names = {one.id: one.title for one in current(view, Executive)}
    metrics = _metrics(view)
    served = {goal.id: _serving(goal, metrics, stages, planned) for goal in goals}
    put_first = {goal for strategy in strategies for goal in strategy.record.goals}
    money = [one.record.cost or Decimal(0) for one in planned]
    return Findings(
        as_of=month_end(month) if month is not None else as_of or datetime.now(UTC).date(),
        currency=built.currency if built else None,
        strategies=strategies,
        goals=tuple(
            _state(view, goal, month, names, served[goal.id], is_first=goal.id in put_first)
            for goal in goals
        ),
        criteria=tuple((one, _held(view, one.record, month)) for one in current(view, Criterion)),
        unserved=tuple(_unserved(goals, metrics, stages, planned, served.values())),
        metrics=len(metrics),
        initiatives=len(planned),
        cost=sum(money, Decimal(0)),
        cost_unserving=sum(
            (m for m, one in zip(money, planned, strict=True) if not one.record.goal), Decimal(0)
        ),
    )


def _state(
    view: Reader,
    goal: Kept[Goal],
    month: int | None,
    names: dict[str, str],
    serving: Serving,
    *,
    is_first: bool,
) -> GoalState:
    record = goal.record
    held = _held(view, record, month)
    start = held.reading.typed(record.baseline) if held.reading else record.baseline
    return GoalState(
        kept=goal,
        executive=names.get(record.executive, ""),
        held=held,
        start=start,
        moved=moved(held.reading, start) if held.reading else None,
        serving=serving,
        is_first=is_first,
    )


def _held(view: Reader, record: Goal | Criterion, month: int | None) -> Held:
    if not record.measure or month is None:
        return Held(None, None, "cannot tell")
    reading = measured(view, record.measure, record.rating, month)
    target = reading.typed(record.target)
    baseline = reading.typed(record.baseline) if isinstance(record, Goal) else None
    return Held(reading, target, verdict(reading, target, baseline))


def _metrics(view: Reader) -> dict[str, Steward | None]:
    """Survey items that are loaded and metrics of the register, with who answers for each."""
    known: dict[str, Steward | None] = dict.fromkeys(item.name for item in items(view))
    return known | dict(stewards(view))


def _serving(
    goal: Kept[Goal],
    metrics: dict[str, Steward | None],
    stages: Sequence[Kept[Stage]],
    planned: Sequence[Kept[Initiative]],
) -> Serving:
    own = [one for one in planned if one.record.goal == goal.id]
    mine = tuple(name for name, steward in metrics.items() if _means(goal, name, steward))
    decided = (name for name in mine if (steward := metrics[name]) and steward.decision)
    return Serving(
        metrics=mine,
        stages=tuple(stage.title for stage in stages if stage.record.goal == goal.id),
        initiatives=tuple(one.title for one in own),
        acted=tuple(one.title for one in own if one.record.status in ACTED),
        decided=tuple(decided),
        cost=sum((one.record.cost or Decimal(0) for one in own), Decimal(0)),
    )


def _means(goal: Kept[Goal], metric: str, steward: Steward | None) -> bool:
    """Whether a metric serves a goal: its measure, named by it, or registered for it."""
    record = goal.record
    named = {letters(name) for name in (*record.metrics, record.rating) if name}
    if letters(metric) in named:
        return True
    registered = letters(steward.goal) if steward and steward.goal else ""
    return bool(registered) and registered in {letters(goal.id), letters(record.statement)}


def _unserved(
    goals: Sequence[Kept[Goal]],
    metrics: dict[str, Steward | None],
    stages: Sequence[Kept[Stage]],
    planned: Sequence[Kept[Initiative]],
    serving: Iterable[Serving],
) -> Iterator[Unserved]:
    """What serves no goal: metrics, stages and initiatives; nothing while there is no goal."""
    if not goals:
        return
    served = {name for one in serving for name in one.metrics}
    for name, steward in metrics.items():
        if name not in served:
            wish = steward.goal if steward else None
            why = "its own target is no goal of the company" if wish else "nobody named a goal"
            yield Unserved(_METRIC, name, why)
    for stage in stages:
        if not stage.record.goal:
            yield Unserved(_STAGE, stage.title, "nobody named a goal")
    for one in planned:
        if not one.record.goal:
            yield Unserved(_INITIATIVE, one.title, "a wish until it serves a goal")
