"""Try every metric: what follows it, what it repeats, how it moves, whom it speaks for.

All metrics are tried together, so that of those called leading few are so by chance (Benjamini and
Hochberg over every metric and everything that may follow).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cxdash.panel.registers import Event, Steward, events, stewards
from cxdash.panel.units import unit_answers, unit_people
from cxdash.questions.progress import tell
from cxdash.questions.trial_echo import Echo, echo
from cxdash.questions.trial_lead import links
from cxdash.questions.trial_link import Link
from cxdash.questions.trial_noise import Movement, movement
from cxdash.questions.trial_stage import Metric, TrialStage
from cxdash.questions.trial_units import Watched, watched
from cxdash.questions.trial_verdict import Evidence, Reason, Verdict, verdict
from cxdash.stats.proportions import adjusted_p_values
from cxdash.store import Reader

__all__ = ["CHANCE", "Case", "Represented", "Tried", "try_all"]

#: Share of metrics called leading, or an echo, that may be so by chance alone.
CHANCE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Represented:
    """Whom a metric speaks for today: customers and monthly revenue, heard and in all."""

    heard: int
    customers: int
    revenue_heard: float
    revenue: float


@dataclass(frozen=True, slots=True)
class Case:
    """One metric, everything found about it, and the verdict.

    Parameters
    ----------
    links
        What follows it, leaving first; empty when it could not be tried.
    lead_p
        Adjusted over all metrics, of the stronger link; None when it could not be tried.
    link
        The link the verdict rests on.
    echo_p
        Adjusted over all metrics.
    steward
        Who answers for it, if the register says so; ``registered`` tells whether there is one.
    incentives
        Events that tied pay to it.
    """

    metric: Metric
    links: tuple[Link, ...]
    link: Link | None
    lead_p: float | None
    echo: Echo | None
    echo_p: float | None
    movement: Movement | None
    represented: Represented
    units: Watched | None
    steward: Steward | None
    registered: bool
    incentives: tuple[Event, ...]
    verdict: Verdict
    reason: Reason

    @property
    def leads(self) -> bool:
        return self.lead_p is not None and self.lead_p <= CHANCE

    @property
    def confirmed(self) -> bool | None:
        """Whether unseen windows showed the link again; None where there were none."""
        if self.link is None or self.link.later is None:
            return None
        return self.link.later.p_value <= CHANCE

    @property
    def echoes(self) -> bool:
        return bool(
            self.echo and self.echo.material and self.echo_p is not None and self.echo_p <= CHANCE
        )


@dataclass(frozen=True, slots=True)
class Tried:
    """All metrics, those that earned their place first."""

    stage: TrialStage
    cases: tuple[Case, ...]

    def with_verdict(self, name: Verdict) -> tuple[Case, ...]:
        return tuple(case for case in self.cases if case.verdict == name)

    @property
    def watched(self) -> tuple[Watched, ...]:
        """Metrics whose answers name a unit."""
        return tuple(case.units for case in self.cases if case.units)


_ORDER: Final[tuple[Verdict, ...]] = ("working", "unproven", "echo", "vanity")


def try_all(view: Reader, stage: TrialStage) -> Tried:
    """Try every metric of the stage."""
    found = []
    for number, metric in enumerate(stage.metrics):
        tell(f"Trying {metric.label}", 0.15 + 0.6 * number / len(stage.metrics))
        found.append(links(stage, metric))
    tell("Looking at units", 0.8)
    units = _units(view, stage)
    echoes = [echo(stage, metric) for metric in stage.metrics]
    kept = stewards(view)
    lead = _adjusted([[link.p_value for link in own] for own in found])
    echo_p = _adjusted([[one.p_value] if one else [] for one in echoes])
    cases = [
        _case(
            stage,
            metric,
            own,
            lead_p,
            (one, p[0] if p else None),
            units.get(metric.number),
            kept,
            _incentives(view, metric),
        )
        for metric, own, lead_p, one, p in zip(
            stage.metrics, found, lead, echoes, echo_p, strict=True
        )
    ]
    return Tried(stage, tuple(sorted(cases, key=_rank)))


def _rank(case: Case) -> tuple[int, float, str]:
    return (
        _ORDER.index(case.verdict),
        case.lead_p if case.lead_p is not None else 2.0,
        (case.metric.name),
    )


def _adjusted(p_values: Sequence[Sequence[float]]) -> list[list[float]]:
    """Every p-value adjusted over all of them, in the same nesting."""
    flat = [p for own in p_values for p in own]
    adjusted = iter(adjusted_p_values(flat).tolist() if flat else [])
    return [[next(adjusted) for _ in own] for own in p_values]


def _case(
    stage: TrialStage,
    metric: Metric,
    own: tuple[Link, ...],
    adjusted: Sequence[float],
    echoed: tuple[Echo | None, float | None],
    units: Watched | None,
    kept: Mapping[str, Steward],
    incentives: tuple[Event, ...],
) -> Case:
    place = _telling(adjusted)
    link = own[place] if place is not None else None
    steward = kept.get(metric.item.name)
    gamed = bool(units and units.to_look_at)
    case = Case(
        metric=metric,
        links=own,
        link=link,
        lead_p=adjusted[place] if place is not None else None,
        echo=echoed[0],
        echo_p=echoed[1],
        movement=movement(stage, metric),
        represented=_represented(stage, metric),
        units=units,
        steward=steward,
        registered=bool(kept),
        incentives=incentives,
        verdict="unproven",
        reason="not_tried",
    )
    said, reason = verdict(
        Evidence(
            leads=case.leads if link else None,
            confirmed=case.confirmed,
            echoes=case.echoes,
            excluded=bool(own) and all(one.excluded for one in own),
            gamed=gamed,
            paid=bool(incentives),
            hinted=any(one.hinted for one in own),
            unused=steward is not None and _nobodys(steward),
        )
    )
    fields = {name: getattr(case, name) for name in Case.__dataclass_fields__}
    return Case(**(fields | {"verdict": said, "reason": reason}))


def _telling(adjusted: Sequence[float]) -> int | None:
    """Which link a verdict rests on: leaving, unless only spend goes with the metric."""
    if not adjusted:
        return None
    if adjusted[0] > CHANCE and min(adjusted) <= CHANCE:
        return int(np.argmin(adjusted))
    return 0


def _nobodys(steward: Steward) -> bool:
    """Whether the register lists the metric without an owner, a goal or a decision."""
    return not (steward.owner or steward.goal or steward.decision)


def _incentives(view: Reader, metric: Metric) -> tuple[Event, ...]:
    """Events that tied pay to this metric by name."""
    named = events(view, metric=metric.item.name)
    return tuple(one for one in named if one.kind == "incentive" and one.metric is not None)


def _represented(stage: TrialStage, metric: Metric) -> Represented:
    today = stage.seen.is_base
    heard = today & ~np.isnan(stage.seen.scores[:, metric.number])
    rate = stage.seen.rows["rate"].to_numpy(np.float64)
    return Represented(
        heard=int(heard.sum()),
        customers=int(today.sum()),
        revenue_heard=float(rate[heard].sum()),
        revenue=float(rate[today].sum()),
    )


def _units(view: Reader, stage: TrialStage) -> dict[int, Watched]:
    """Metric number to its units, where answers name any."""
    answers = unit_answers(view, stage.base.as_of)
    if stage.base.scope.where:
        own = set(stage.seen.rows["customer_id"])
        answers = answers[answers["customer_id"].isin(own)]
    if answers.empty:
        return {}
    people = unit_people(view)
    of_item = dict(list(answers.groupby(["item", "variant"], sort=False)))
    found = {}
    for metric in stage.metrics:
        rows = of_item.get((metric.item.name, metric.item.variant))
        if rows is None:
            continue
        judged = watched(metric, rows, people, stage.tone, _incentives(view, metric))
        if judged:
            found[metric.number] = judged
    return found
