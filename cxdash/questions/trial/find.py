"""Try every metric: what follows it, what it repeats, how it moves, whom it speaks for.

All metrics are tried together, so that of those called leading few are so by chance (Benjamini and
Hochberg over every metric and everything that may follow).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from cxdash.panel.registers import Event, Steward, events, stewards
from cxdash.panel.units import unit_answers, unit_people
from cxdash.questions.progress import tell
from cxdash.questions.trial.beside import Beside, beside
from cxdash.questions.trial.echo import Echo, echo
from cxdash.questions.trial.lead import links
from cxdash.questions.trial.link import Followed, Link, Untried
from cxdash.questions.trial.noise import Movement, movement
from cxdash.questions.trial.stage import Metric, TrialStage
from cxdash.questions.trial.units import Watched, watched
from cxdash.questions.trial.verdict import Evidence, Reason, Verdict, verdict
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
    untried
        Outcomes that could not be looked at, and why.
    link
        The link the verdict rests on: leaving, unless only spend goes with the metric beyond
        chance or leaving could not be looked at.
    lead_p
        Of that link, adjusted over all metrics and outcomes; None when it could not be tried.
    echo_p
        Adjusted over all metrics.
    steward
        Who answers for it, if the register says so; ``registered`` tells whether there is one.
    incentives
        Events that tied pay to it.
    beside
        What is left of it beside the other metrics that work; None when it does not work, works
        alone, or is asked too seldom together with them.
    """

    metric: Metric
    links: tuple[Link, ...]
    untried: tuple[Untried, ...]
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
    beside: Beside | None = None

    @property
    def leads(self) -> bool:
        return self.lead_p is not None and self.lead_p <= CHANCE

    @property
    def confirmed(self) -> bool | None:
        """Whether unseen windows showed the link again; None where none could be foretold."""
        if self.link is None or not self.link.foretold:
            return None
        return self.link.later is not None and self.link.later.p_value <= CHANCE

    @property
    def sized(self) -> bool:
        """Whether later windows showed it again and the size of what it adds is beyond nothing."""
        return bool(self.confirmed and self.link and self.link.skill and self.link.skill.low > 0)

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
    def held_beside(self) -> tuple[Case, ...]:
        """Metrics that work and were held beside the others that do."""
        return tuple(case for case in self.cases if case.beside)

    @property
    def with_own_signal(self) -> tuple[Case, ...]:
        """Those of them that tell something the others do not."""
        return tuple(case for case in self.held_beside if case.beside and case.beside.own_signal)

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
    lead = _adjusted([[link.p_value for link in own.links] for own in found])
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
    return Tried(stage, _beside_each_other(stage, sorted(cases, key=_rank)))


def _beside_each_other(stage: TrialStage, cases: Sequence[Case]) -> tuple[Case, ...]:
    """The cases with what is left of each that works beside the others that do."""
    tell("Holding metrics beside each other", 0.9)
    working = [
        (case.metric, case.link) for case in cases if case.verdict == "working" and case.link
    ]
    left = beside(stage, working)
    return tuple(replace(case, beside=left.get(case.metric.number)) for case in cases)


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
    own: Followed,
    adjusted: Sequence[float],
    echoed: tuple[Echo | None, float | None],
    units: Watched | None,
    kept: Mapping[str, Steward],
    incentives: tuple[Event, ...],
) -> Case:
    place = _telling(adjusted)
    link = own.links[place] if place is not None else None
    steward = kept.get(metric.item.name)
    gamed = bool(units and units.to_look_at)
    case = Case(
        metric=metric,
        links=own.links,
        untried=own.untried,
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
            excluded=own.excluded,
            gamed=gamed,
            paid=bool(incentives),
            hinted=any(one.hinted for one in own.links),
            unused=steward is not None and _nobodys(steward),
            half=own.none_worthwhile,
        )
    )
    return replace(case, verdict=said, reason=reason)


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
