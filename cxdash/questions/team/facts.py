"""The Facts of ``team``: what may be told of employees, and what comes first."""

from collections.abc import Iterator
from typing import Final

from cxdash.facts import Card, Fact, Interval, Method
from cxdash.facts import format as fmt
from cxdash.facts.fewest import FEWEST_PEOPLE
from cxdash.facts.words import begun
from cxdash.questions.basis import customers_of
from cxdash.questions.team.find import Found, Link
from cxdash.questions.team.names import measure_name, outcome_name, outcome_unit, step_name
from cxdash.stats.estimate import Estimate

__all__ = ["facts"]

_TOLD: Final = "units of at least ten employees, month by month"
_CODE: Final = "cxdash.stats.lead_lag.lead_lag"
_NEVER_SUMMED: Final = "A claim of a person; it is shown and never added to other money."


def facts(found: Found) -> tuple[Fact, ...]:
    return (*_counts(found), *_links(found), *_costs(found))


def _counts(found: Found) -> Iterator[Fact]:
    yield _count(found, "units", "Units told", float(len(found.units)), "units_told", ())
    if found.units:
        yield _count(found, "headcount", "Employees of these units", found.heads, "headcount", ())
    if found.leavers is not None:
        label = "Employees of these units who left in twelve months"
        doubt = ("Each unit reports a share for its period; the count follows from it.",)
        yield _count(found, "leavers", label, found.leavers, "employee_leavers", doubt)


def _count(
    found: Found, name: str, label: str, value: float, definition: str, caveats: tuple[str, ...]
) -> Fact:
    return Fact(
        id=f"team.{name}",
        label=label,
        value=round(value),
        unit="count",
        method=Method(description="Added up from the team figures as they were reported."),
        n=len(found.units),
        population=_TOLD,
        period=found.period,
        definition=definition,
        caveats=caveats,
        sources=found.sources,
    )


def _links(found: Found) -> Iterator[Fact]:
    shown = dict.fromkeys([*found.links[:1], *found.told])
    for link in shown:
        for side, estimate in (("before", link.before), ("after", link.after)):
            yield _link(found, link, side, estimate)


def _link(found: Found, link: Link, side: str, estimate: Estimate) -> Fact:
    cause, outcome = measure_name(link.cause), outcome_name(found, link.outcome)
    label = (
        f"{outcome}: change after a usual move of {cause}"
        if side == "before"
        else f"{outcome}: change before a usual move of {cause}"
    )
    p = link.found.p_before if side == "before" else link.found.p_after
    return Fact(
        id=f"team.{link.cause}.{link.outcome}.{side}",
        label=begun(label),
        value=estimate.estimate,
        interval=Interval(estimate.low, estimate.high, estimate.level),
        unit=outcome_unit(link.outcome),
        method=Method(
            description=(
                "Each unit compared with itself, in periods compared with each other; the figure "
                "of employees before, in and after each period stands in one model."
            ),
            adjusted_for=("the unit", "the period"),
            card=_card(found, link),
        ),
        n=found.grid.answers if link.outcome == "score" and found.grid else estimate.n,
        population=f"{customers_of('all customers', 'customers with', found.scope)} of "
        f"{fmt.counted(link.found.units, 'unit', 'units')}",
        period=f"{fmt.counted(link.found.periods, step_name(found), f'{step_name(found)}s')} to "
        f"{found.as_of.isoformat()}",
        definition=f"team_{side}",
        caveats=(
            f"Allowing for both directions and all that was looked at, {fmt.p_value(p)} of none.",
            "A third thing may move both, one sooner than the other.",
        ),
        sources=found.sources,
    )


def _card(found: Found, link: Link) -> Card:
    raw, unit = link.raw, outcome_unit(link.outcome)
    steps = step_name(found)
    return Card(
        model="Regression within units and periods, with leads as placebo; lots over whole units",
        formula="outcome = unit + period + before × mean of the periods before + now × now + "
        "after × mean of the periods after; times a usual move within a unit",
        sample=f"{fmt.count(link.found.before.n)} unit-{steps}s of {link.found.units} units",
        window=f"up to {found.as_of.isoformat()}",
        exclusions=(
            f"Units in months with fewer than {FEWEST_PEOPLE} employees, and what would tell them.",
            "Surveys and contacts that come with a goodbye.",
        ),
        assumptions=(
            "Histories of units could be exchanged if nothing linked them to their customers.",
            "No third thing moves employees sooner than customers.",
        ),
        validation="The periods after are the placebo: employees cannot move what lies behind "
        f"them. Change there: {fmt.gap(link.after.estimate, unit, interval=_interval(link.after))}",
        sensitivity="Units not told apart: "
        f"{fmt.gap(raw.estimate, unit, interval=_interval(raw))}.",
        code=_CODE,
    )


def _interval(estimate: Estimate) -> Interval:
    return Interval(estimate.low, estimate.high, estimate.level)


def _costs(found: Found) -> Iterator[Fact]:
    """What leavers cost, as far as somebody entered what one costs; the newest entry of a unit."""
    if not found.costs or found.currency is None or found.leavers is None:
        return
    for kept in found.costs:
        entry = kept.record
        if entry.cost_per_leaver is None:
            continue
        wanted = entry.units or tuple(found.leavers_by_unit)
        leavers = sum(found.leavers_by_unit.get(unit, 0.0) for unit in wanted)
        yield Fact(
            id=f"team.turnover_cost.{kept.id}",
            label="Cost of employees who left in twelve months",
            value=round(leavers) * float(entry.cost_per_leaver),
            unit=found.currency,
            method=Method(
                description=f"Employees who left, times what one costs as {kept.by} entered it.",
                assertion=True,
            ),
            n=round(leavers),
            population=_TOLD if not entry.units else f"units {', '.join(entry.units)}",
            period=found.period,
            definition="turnover_cost",
            caveats=(_NEVER_SUMMED, f"Source of the cost of one leaver: “{entry.source}”."),
            sources=(f"entry {kept.id}, version {kept.version}", *found.sources),
        )
