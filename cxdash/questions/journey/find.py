"""Everything that is found about the stages of the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from cxdash import register
from cxdash.facts import Scope
from cxdash.panel import month_end
from cxdash.panel.journey import Met, Place, met_at, places
from cxdash.panel.relations import month_index
from cxdash.questions.churn.stage import ChurnStage
from cxdash.questions.journey.losses import Loss, losses
from cxdash.questions.journey.scores import Rating, ratings
from cxdash.questions.journey.stages import Stop, stops, unplaced
from cxdash.questions.journey.stakes import AtStake, at_stake
from cxdash.questions.progress import tell
from cxdash.register.kinds.goals import Goal
from cxdash.register.kinds.journey import Stage
from cxdash.store import Reader

__all__ = ["YEAR", "Found", "Work", "find"]

YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Work:
    """Contacts of a stage in twelve months; minutes and cost None where no contact says them."""

    customers: int
    contacts: int
    minutes: float | None
    cost: float | None


@dataclass(frozen=True, slots=True)
class Found:
    """The stages in their order, and for each what was found.

    ``entered`` says whether people entered stages; otherwise they are the touchpoints of the data.
    ``usual`` is the share of all customers who left within the horizon, ``goals`` id to statement.
    """

    stage: ChurnStage
    entered: bool
    stops: tuple[Stop, ...]
    unplaced: tuple[Place, ...]
    scores: tuple[Rating | None, ...]
    efforts: tuple[Rating | None, ...]
    work: tuple[Work, ...]
    stakes: tuple[AtStake, ...]
    losses: tuple[Loss, ...]
    held_equal: tuple[str, ...]
    windows: int
    usual: float | None
    goals: Mapping[str, str]

    @property
    def scope(self) -> Scope:
        return self.stage.scope

    @property
    def ordered(self) -> bool:
        """Whether at least one stage has another after it."""
        return any(loss.following for loss in self.losses)


def find(view: Reader, stage: ChurnStage) -> Found:
    """Everything about the stages, up to the day of the question."""
    entered = register.current(view, Stage)
    known = places(view, stage.as_of)
    way = stops(entered, known)
    since = month_end(month_index(stage.as_of) - YEAR)
    tell("Looking up who was met where", 0.2)
    met = _filtered(
        met_at(
            view,
            stage.panel,
            [stop.places for stop in way],
            since=since,
            as_of=stage.as_of,
        ),
        stage.scope,
    )
    recent = met.days[pd.to_datetime(met.days["met_on"]) > pd.Timestamp(since)]
    here = [recent[recent["stage"] == number] for number in range(len(way))]
    tell("Working out what is at stake at each stage", 0.5)
    held = at_stake(stage, [rows["customer_id"] for rows in here])
    today = stage.seen.rows[stage.seen.is_base]["segment"]
    scores, efforts = ratings(met.answers, met.people, len(way), stage.scope.metric, today)
    shown = stage.conditions.rates_allowed
    return Found(
        stage=stage,
        entered=bool(entered),
        stops=way,
        unplaced=unplaced(entered, known),
        scores=tuple(scores),
        efforts=tuple(efforts),
        work=tuple(_work(rows) for rows in here),
        stakes=held.stages,
        losses=losses(way, met.days, met.stays, as_of=stage.as_of, horizon=stage.horizon)
        if shown
        else (),
        held_equal=held.held_equal,
        windows=held.windows,
        usual=_usual(stage) if shown else None,
        goals={kept.id: kept.record.statement for kept in register.current(view, Goal)},
    )


def _filtered(met: Met, scope: Scope) -> Met:
    """Only what concerns customers the filters pass."""
    if not scope.where:
        return met
    people = met.people
    for column, value in scope.where:
        people = people[people[column].fillna("") == value]
    wanted = people["customer_id"]
    return Met(
        days=met.days[met.days["customer_id"].isin(wanted)],
        answers=met.answers[met.answers["customer_id"].isin(wanted)],
        stays=met.stays[met.stays["customer_id"].isin(wanted)],
        people=people,
    )


def _work(rows: pd.DataFrame) -> Work:
    timed, priced = int(rows["timed"].sum()), int(rows["priced"].sum())
    return Work(
        customers=int(rows["customer_id"].nunique()),
        contacts=int(rows["contacts"].sum()),
        minutes=float(rows["minutes"].sum()) if timed else None,
        cost=float(rows["cost"].sum()) if priced else None,
    )


def _usual(stage: ChurnStage) -> float | None:
    closed = stage.seen.rows[stage.seen.is_closed]
    left = closed["left_within"].to_numpy(np.float64)
    return float(left.mean()) if len(left) else None
