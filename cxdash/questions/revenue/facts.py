"""The Facts of ``revenue``: each number with whom it speaks of, how it was made and its doubt."""

from collections.abc import Iterator
from typing import Final

from cxdash.facts import Card, Fact, Interval, Method, wording
from cxdash.facts import format as fmt
from cxdash.panel import month_end
from cxdash.questions.judgement import LEVEL
from cxdash.questions.revenue.ahead import AHEAD_MONTHS, DISCOUNT, Worth
from cxdash.questions.revenue.driver_facts import driver_facts, premium_facts
from cxdash.questions.revenue.find import Findings
from cxdash.questions.revenue.flows import Flow
from cxdash.questions.revenue.stage import YEAR
from cxdash.questions.sampling import drawn_words
from cxdash.stats.ratio import Ratio

__all__ = ["AS_IF", "facts", "facts_by_id", "withheld"]

_PERCENT: Final = fmt.number(DISCOUNT, "share")
_GROWS: Final = "Price rises written into contracts are counted as growth; nothing is taken out."
_NOT_MARGIN: Final = "It is revenue, not margin: costs are not in the files."
_NO_PERIOD: Final = "No whole period with customers at its start is loaded."
_NOBODY_PAID: Final = "The customers at the start of the period paid nothing."
_DRAWN: Final = "; the range comes from drawing customers again."
AS_IF: Final = (
    "Customers and revenue that stayed are counted in full, so what happened is known exactly; the "
    "range says how else it could have come out if other customers of this kind had been ours."
)
_EVEN_UNDER_NOTICE: Final = " (under notice at the start or not)"
_NEWEST: Final = (
    "This is the newest period alone; the share that left in question churn is over all."
)
_NOTICE: Final = (
    " That share also leaves out customers who were under notice already, who count here."
)
_TOO_SHORT: Final = (
    "What customers paid is not loaded for the whole of the twelve months, or nobody was there."
)
_LEAVES_IN_THE_OPEN: Final = (
    "Nobody left, or everybody did, or too few are followed: how long customers stay is not known."
)
_FEW_BUY_AGAIN: Final = "Too few customers bought again to say how they will go on buying."


def facts(found: Findings) -> tuple[Fact, ...]:
    """Every Fact of the Answer, the headline's first."""
    return tuple(_facts(found))


def facts_by_id(found: Findings) -> dict[str, Fact]:
    """The same Facts by their id, for sentences that quote some of them."""
    return {fact.id: fact for fact in _facts(found)}


def withheld(found: Findings) -> tuple[str, ...]:
    """Why no money is shown, one sentence a reason; empty when it is."""
    conditions = found.stage.conditions
    said = tuple(reason.why for reason in (*conditions.against_rates, *conditions.against_money))
    return said or (() if found.stage.money_shown else (_NO_PERIOD,))


def _facts(found: Findings) -> Iterator[Fact]:
    ahead = _first_asked(found, list(driver_facts(found)))
    yield _kept(found, "nrr")
    if found.stage.horizon != YEAR:  # else the one before is that of the year
        yield _kept(found, "nrr", of_year=True)
    yield _kept(found, "grr")
    yield from ahead[:1]
    yield _lost(found)
    yield _worth(found)
    yield _cost(found)
    yield _kept(found, "earned_growth")
    yield from premium_facts(found)
    yield from ahead[1:]


def _first_asked(found: Findings, told: list[Fact]) -> list[Fact]:
    """A lever leads; where there is none, the item asked about does."""
    if found.levers:
        return told
    asked = f"revenue.driver.{found.metric}"
    return sorted(told, key=lambda fact: fact.id != asked)


_KEPT: Final = {
    "nrr": (
        "Net revenue retention",
        "Revenue at the end of the customers at the start, over their revenue at the start",
        "sum of revenue after / sum of revenue before, customers of the start",
    ),
    "grr": (
        "Gross revenue retention",
        "The same, without counting any growth, customer by customer",
        "sum of min(after, before) / sum of before, customers of the start",
    ),
    "earned_growth": (
        "Earned growth",
        "Net revenue retention plus the revenue of new customers who came by recommendation",
        "(sum of after of the start's customers and of earned new ones) / sum of before − 1",
    ),
}


def _kept(found: Findings, which: str, *, of_year: bool = False) -> Fact:
    label, description, formula = _KEPT[which]
    flow, months = (found.year, YEAR) if of_year else (found.latest, found.stage.horizon)
    value: Ratio | None = getattr(flow.kept, which) if flow and flow.kept else None
    period = _period(flow, months)
    caveats = _kept_caveats(found, which, flow, value)
    if of_year and flow is None and found.stage.money_shown:
        caveats = (_TOO_SHORT,)
    return Fact(
        id=f"revenue.{which}{'_year' if of_year else ''}",
        label=f"{label} over {months} months",
        value=value.estimate if value else None,
        interval=Interval(value.low, value.high, LEVEL) if value else None,
        unit="share",
        method=Method(
            description=description + _DRAWN,
            card=Card(
                model="Ratio of sums over customers; bootstrap by customer, beyond 5,000 customers "
                "its normal limit",
                formula=formula,
                sample=f"{fmt.count(value.n if value else 0)} customers: {found.stage.population}",
                window=period,
                exclusions=_unplaced(found),
                assumptions=("Customers are drawn independently of each other.", AS_IF),
                sensitivity=_without_largest(flow),
                code="cxdash.stats.kept.kept",
            ),
        ),
        n=value.n if value else 0,
        population=f"{found.stage.population} at the start of the period",
        period=period,
        definition=which,
        caveats=caveats,
        sources=found.ground.sources,
    )


def _kept_caveats(
    found: Findings, which: str, flow: Flow | None, value: Ratio | None
) -> tuple[str, ...]:
    if value is None:
        if not found.stage.money_shown:
            return withheld(found)
        if flow is None:
            return (_NO_PERIOD,)
        if flow.kept is None:
            return (_NOBODY_PAID,)
        return ("The customer list does not say how new customers came (acquired_by).",)
    said = [AS_IF] if which == "grr" else [AS_IF, _GROWS]
    if flow and flow.heavy:
        said.append(_without_largest(flow))
    return tuple(said)


def _without_largest(flow: Flow | None) -> str:
    """What net retention would be without the account that moves it most."""
    if flow is None or flow.heavy is None:
        return "No single account moves net retention by as much as a point."
    heavy = flow.heavy
    return (
        f"Without the account that moves it most, net retention would be "
        f"{fmt.number(heavy.without, 'share')} instead of {fmt.number(heavy.nrr, 'share')}."
    )


def _unplaced(found: Findings) -> tuple[str, ...]:
    rows = found.ground.revenue_unplaced
    return (f"{fmt.count(rows)} revenue rows without a customer or a day.",) if rows else ()


def _period(flow: Flow | None, months: int) -> str:
    if flow is None:
        return f"no whole period of {months} months"
    start, end = month_end(flow.opens), month_end(flow.opens + months)
    return f"{start.isoformat()} to {end.isoformat()}"


def _lost(found: Findings) -> Fact:
    flow = found.latest
    lost = flow.lost if flow and not found.stage.conditions.against_rates else None
    against = found.stage.conditions.against_rates
    by_contract = found.stage.panel.contractual
    return Fact(
        id="revenue.logo_churn",
        label=f"Customers lost within {found.stage.horizon} months"
        + (_EVEN_UNDER_NOTICE if by_contract else ""),
        value=lost.estimate if lost else None,
        interval=Interval(lost.low, lost.high, lost.level) if lost else None,
        unit="share",
        method=Method(
            description="Share of the customers at the start who are gone at the end; Wilson range."
        ),
        n=lost.n if lost else 0,
        population=f"{found.stage.population} at the start of the period",
        period=_period(flow, found.stage.horizon),
        definition="logo_churn",
        caveats=(
            (
                "Large and small customers count alike.",
                AS_IF,
                _NEWEST + (_NOTICE if by_contract else ""),
            )
            if lost
            else tuple(reason.why for reason in against) or (_NO_PERIOD,)
        ),
        sources=found.ground.sources,
    )


def _worth(found: Findings) -> Fact:
    on = found.stage
    whole = next((each for each in found.values if not each.segments), None)
    if on.panel.contractual:
        label = "Discounted revenue of a customer"
        definition = "clv.end"
        formula = (
            "sum over segments of n × m·r / (1 + i − r), over all n; m what its customers pay a "
            "month today, r its chance of staying a month"
        )
        model = (
            "Constant chance of leaving in each segment; spread by the delta method, by customer"
        )
        code, why = "cxdash.stats.lasting.lasting_value_of_all", _LEAVES_IN_THE_OPEN
    else:
        label = f"Discounted revenue of a customer over {AHEAD_MONTHS} months"
        definition, formula = "clv.buying", "expected purchases × expected spend, discounted"
        model = "BG/NBD and gamma-gamma by maximum likelihood; models and customers drawn again"
        code, why = "cxdash.stats.repeat.value_ahead", _FEW_BUY_AGAIN
    return Fact(
        id="revenue.clv",
        label=label,
        value=whole.value.estimate if whole else None,
        interval=Interval(whole.value.low, whole.value.high, LEVEL) if whole else None,
        unit=on.unit,
        method=Method(
            description=f"{model}. Discounted by {_PERCENT} a year.",
            card=Card(
                model=model,
                formula=formula,
                sample=f"{fmt.count(whole.customers if whole else 0)} customers: {on.population}",
                window=f"as of {on.as_of.isoformat()}",
                assumptions=(
                    f"A discount of {_PERCENT} a year, which nobody measured.",
                    "Customers go on as they did: the same chance of leaving, the same spend.",
                    *_weighed(found),
                ),
                sensitivity="A higher chance of leaving shortens it at once: read it by segment.",
                code=code,
            ),
        ),
        n=whole.value.n if whole else 0,
        population=f"{on.population} on {on.as_of.isoformat()}"
        if on.panel.contractual
        else f"{on.population} who ever bought",
        period=f"from {on.as_of.isoformat()} on",
        definition=definition,
        caveats=(
            (
                _NOT_MARGIN,
                f"The discount of {_PERCENT} a year is an assumption.",
                *_drawn(whole, contractual=on.panel.contractual),
                *_weighed(found),
            )
            if whole
            else (withheld(found) or (why,))
        ),
        sources=found.ground.sources,
    )


def _drawn(whole: Worth, *, contractual: bool) -> tuple[str, ...]:
    if contractual or whole.value.n == whole.customers:
        return ()
    return (drawn_words(whole.value.n, whole.customers),)


def _weighed(found: Findings) -> tuple[str, ...]:
    """How the segments make up the figure of all, and which of them are looked at together."""
    if not found.stage.panel.contractual:
        return ()
    parts = [each for each in found.values if each.segments]
    if not parts:
        return ("All customers are taken to stay equally long.",)
    said = ["The figure of all is the segments' figures, each weighted by its customers of today."]
    for each in parts:
        if len(each.segments) > 1:
            names = ", ".join(
                wording.quoted(name) if name else "not given" for name in each.segments
            )
            said.append(
                f"Too few left to tell these segments apart, so they count as one: {names}."
            )
    return tuple(said)


def _cost(found: Findings) -> Fact:
    on = found.stage
    whole = next((each.cost for each in found.costs if each.by == "all"), None)
    if found.ground.costs_unconverted:
        why = "Contacts have their cost in a currency without an exchange rate."
    elif not found.ground.has_costs:
        why = "No contacts with a cost are loaded."
    else:
        why = "Too few customers, or no whole period, to show a cost."
    return Fact(
        id="revenue.cost_to_serve",
        label="The monthly cost to serve a customer (contact handling only)",
        value=whole.estimate if whole else None,
        interval=Interval(whole.low, whole.high, LEVEL) if whole else None,
        unit=on.unit,
        method=Method(
            description="Cost of handling contacts over months as a customer" + _DRAWN,
        ),
        n=whole.n if whole else 0,
        population=on.population,
        period=f"{len(on.paid.opens)} periods of {on.horizon} months to {on.as_of.isoformat()}",
        definition="cost_to_serve",
        caveats=("Only the cost of handling contacts is in the files.",) if whole else (why,),
        sources=found.ground.sources,
    )
