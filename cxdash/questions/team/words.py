"""What ``team`` says in sentences."""

from collections.abc import Iterator
from typing import Final

from cxdash.facts import Interval, wording_team
from cxdash.facts import format as fmt
from cxdash.facts.fewest import FEWEST_PEOPLE
from cxdash.questions.team.find import Found, Link
from cxdash.questions.team.names import measure_name, outcome_name, outcome_unit, step_name
from cxdash.stats.lead_lag import FEWEST_PERIODS, FEWEST_UNITS

__all__ = ["caveats", "headline", "missing", "said"]

_TEAMS: Final = (
    "Import a file of team figures: a row for each unit and month with its headcount and, where "
    "known, engagement, the share who left and absence."
)
_UNITS: Final = (
    "Import survey answers or contacts that name the unit they are about, under the names the "
    "team figures use."
)


def headline(found: Found) -> str:
    """What comes first, about the pair that was asked from the start, then what else stands out."""
    if not found.links:
        return wording_team.nothing_first(
            "engagement", "what its customers say", _why(found), _need(found)
        )
    asked = found.links[0]
    others = [link for link in found.told if link is not asked][:1]
    return " ".join(said(found, link) for link in (asked, *others))


def said(found: Found, link: Link) -> str:
    """One link as a sentence."""
    outcome, measure = outcome_name(found, link.outcome), measure_name(link.cause)
    if link.verdict == "customers first":
        return wording_team.customers_first(outcome, measure)
    if link.verdict == "together":
        return wording_team.together(outcome, measure, link.found.units)
    unit, before = outcome_unit(link.outcome), link.before
    between = Interval(before.low, before.high, before.level)
    if link.verdict == "team first":
        lag = link.found.lag
        periods = (lag.periods, lag.low, lag.high) if lag else (1, 1, 1)
        return wording_team.team_first(
            outcome,
            measure,
            unit=unit,
            difference=between,
            estimate=before.estimate,
            periods=periods,
            step=step_name(found),
        )
    size = fmt.gap(link.found.detectable * link.found.spread, unit)
    reason = (
        "neither what employees say before nor what customers do before stands out from lots drawn "
        f"over {fmt.counted(link.found.units, 'unit', 'units')}"
    )
    need = (
        f"a link of about {size} for a usual move, which these units would have shown four times "
        "in five, or further units and months"
    )
    return wording_team.nothing_first(measure, outcome, reason, need)


def _why(found: Found) -> str:
    teams = found.teams
    if not teams.reported:
        return "no team figures are loaded"
    if len(teams.units) < FEWEST_UNITS:
        return (
            f"figures of {fmt.counted(len(teams.units), 'unit', 'units')} may be told, and "
            f"fewer than {FEWEST_UNITS} cannot be told apart from chance"
        )
    if found.customers.answers.empty and found.customers.contacts.empty:
        return "no answer and no contact names a unit"
    return (
        f"fewer than {FEWEST_UNITS} units report the same figure throughout and serve customers "
        f"over {FEWEST_PERIODS} periods with something before and after them"
    )


def _need(found: Found) -> str:
    if not found.teams.reported:
        return "a file of team figures"
    return f"at least {FEWEST_UNITS} units of {FEWEST_PEOPLE} employees over a year"


def caveats(found: Found) -> tuple[str, ...]:
    return tuple(_caveats(found))


def _caveats(found: Found) -> Iterator[str]:
    teams = found.teams
    if found.links:
        yield (
            "What comes before is not shown to be the cause: a third thing, such as a new manager, "
            "may move employees first and customers later."
        )
        yield (
            "A range on one side of zero is not yet beyond chance: "
            f"{fmt.counted(len(found.links), 'link was', 'links were')} looked at, each in both "
            "directions, and the verdicts allow for all of them."
        )
    if teams.small:
        many = teams.small == 1
        yield (
            f"{fmt.counted(teams.small, 'unit has', 'units have')} months with fewer than "
            f"{FEWEST_PEOPLE} employees. In those months {'it enters' if many else 'they enter'} "
            "no row, no sum and no model, for nobody."
        )
    if teams.beside:
        yield (
            f"{fmt.counted(teams.beside, 'unit is', 'units are')} left out of some months as well, "
            "so that a small one cannot be told by subtraction."
        )
    if teams.unnumbered:
        yield (
            f"{fmt.counted(teams.unnumbered, 'unit names', 'units name')} no headcount in some "
            "months; without one nobody can say that there are enough people, so these are left "
            "out."
        )
    if teams.totals:
        yield (
            f"{fmt.counted(teams.totals, 'row name holds', 'row names hold')} other units (a total "
            "or a site beside its teams) and would count people twice; left out."
        )
    wished = found.scope.metric
    if found.item and wished and wished.partition("@")[0] != found.item.name:
        yield (
            f"No answer to {fmt.spoken(wished)} names a unit; {fmt.spoken(found.item.name)} is "
            "looked at instead."
        )
    if found.scope.where and found.units:
        yield "Filters choose customers; figures of employees are those of the whole unit."
    if found.units and not found.costs and found.leavers is not None:
        yield (
            "No dollars stand beside the employees who left: enter what one leaver costs, and it "
            "stands there as the claim of whoever entered it."
        )


def missing(found: Found) -> tuple[str, ...]:
    """What would let the question be answered, or answered in full."""
    told = []
    if not found.teams.reported:
        told.append(_TEAMS)
    if found.item is None and found.customers.contacts.empty:
        told.append(_UNITS)
    elif found.customers.contacts.empty:
        told.append(
            "Import contacts with the team that dealt with them, for the work of each team."
        )
    elif found.item is None:
        told.append("Import survey answers that name the unit they are about, for its score.")
    return tuple(told)
