"""The Facts of ``listening``: each number with whom it speaks of, how it was made and what it
leaves out.
"""

from collections.abc import Iterator
from typing import Final

from cxdash.facts import Card, Fact, Interval, Method
from cxdash.facts import format as fmt
from cxdash.questions.judgement import LEVEL
from cxdash.questions.listening.findings import Findings
from cxdash.questions.listening.score_facts import (
    COUNTED,
    gap_of,
    no_customers,
    range_of,
    score_facts,
    year,
)
from cxdash.questions.listening.silence import HeldEqual
from cxdash.questions.listening.standing import (
    ANSWERED,
    FEWEST_WINDOWS,
    NEVER_ASKED,
    SILENT,
    UNKNOWN,
    Afterwards,
)
from cxdash.stats.estimate import Difference

__all__ = ["STANDINGS", "facts", "facts_by_id"]

LEADING: Final = 3  # heard, weighted and bounds come before all else

#: Each standing as a group of people.
STANDINGS: Final = {
    ANSWERED: "Answered",
    SILENT: "Asked, did not answer",
    NEVER_ASKED: "Never asked",
    UNKNOWN: "Did not answer, not known whether asked",
}


def facts(found: Findings) -> tuple[Fact, ...]:
    """Every Fact of the Answer, the headline's first."""
    return tuple(_facts(found))


def facts_by_id(found: Findings) -> dict[str, Fact]:
    """The same Facts by their id, for sentences that quote some of them."""
    return {fact.id: fact for fact in _facts(found)}


def _facts(found: Findings) -> Iterator[Fact]:
    scores = tuple(score_facts(found))
    yield from scores[:LEADING]
    yield from _coverage(found)
    yield _unheard(found)
    yield _response(found)
    yield from scores[LEADING:]
    if found.standing:
        for each in found.standing.afterwards:
            yield _left(found, each)
            if found.has_money:
                yield _kept(found, each)
        if found.standing.afterwards:
            yield _gap(found, found.standing.gap)
            yield _gap_held_equal(found, found.standing.held_equal)
    yield _unasked(found)
    yield _decisions(found)


def _coverage(found: Findings) -> Iterator[Fact]:
    """The same two Facts as in ``worth``: answered anything, by customers and by revenue."""
    setting = found.setting
    all_ = found.standing.everybody if found.standing else None
    yield Fact(
        id="coverage.customers",
        label="Share of today's customers who answered anything in the last twelve months",
        value=all_.heard if all_ else None,
        unit="share",
        method=COUNTED,
        n=all_.customers if all_ else 0,
        population=setting.population,
        period=year(found),
        definition="coverage.customers",
        caveats=no_customers(found),
        sources=found.ground.sources,
    )
    told = all_ is not None and found.has_money and all_.revenue > 0
    yield Fact(
        id="coverage.revenue",
        label="Share of today's revenue held by customers who answered anything in a year",
        value=all_.revenue_heard / all_.revenue if all_ and told else None,
        unit="share",
        method=COUNTED,
        n=all_.customers if all_ else 0,
        population=setting.population,
        period=year(found),
        definition="coverage.revenue",
        caveats=() if told else _no_revenue(found),
        sources=found.ground.sources,
    )


def _unheard(found: Findings) -> Fact:
    """The same customers the other way round, in money."""
    setting = found.setting
    all_ = found.standing.everybody if found.standing else None
    told = all_ is not None and found.has_money
    return Fact(
        id="listening.unheard_revenue",
        label=f"Revenue of the coming {setting.horizon} months from customers who answered nothing",
        value=(all_.revenue - all_.revenue_heard) * setting.horizon if all_ and told else None,
        unit=setting.currency or "count",
        method=COUNTED,
        n=all_.customers - all_.answered if all_ else 0,
        population=f"{setting.population} who answered nothing",
        period=setting.coming,
        definition="revenue_ahead",
        caveats=("At today's rate, if nobody left and nobody changed what they pay.",)
        if told
        else _no_revenue(found),
        sources=found.ground.sources,
    )


def _no_revenue(found: Findings) -> tuple[str, ...]:
    conditions = found.setting.conditions
    said = tuple(r.why for r in (*conditions.against_rates, *conditions.against_money))
    return said or no_customers(found) or ("No revenue is known today.",)


def _response(found: Findings) -> Fact:
    rate = found.response
    return Fact(
        id="listening.response_rate",
        label="Invitations answered within 30 days",
        value=rate.estimate if rate else None,
        interval=range_of(rate) if rate else None,
        unit="share",
        method=Method(
            description="Invitations that arrived, of all surveys together, and those the customer "
            "answered within 30 days, before the next invitation; Wilson interval."
        ),
        n=rate.n if rate else 0,
        population=f"invitations to {found.setting.population}",
        period="the last twelve months whose invitations have had 30 days",
        definition="response_rate",
        caveats=() if rate else (_no_response(found),),
        sources=found.ground.sources,
    )


def _no_response(found: Findings) -> str:
    if not found.ground.has_invitations:
        return "No invitations are loaded, so nobody knows who was asked."
    return " ".join(no_customers(found)) or "No invitation has had its 30 days yet."


def _left(found: Findings, each: Afterwards) -> Fact:
    name = STANDINGS[each.standing]
    rate = each.rate
    return Fact(
        id=f"listening.left.{each.standing}",
        label=f"Left within {found.setting.horizon} months: {name}",
        value=rate.estimate if rate else None,
        interval=range_of(rate) if rate else None,
        unit="share",
        method=Method(
            description="Where each customer stood at the beginning of a closed window, and the "
            "share of windows that ended with a goodbye; Wilson interval."
        ),
        n=each.n,
        population=f"{found.setting.population}, {name}",
        period=_windows(found),
        definition="churn_rate",
        caveats=()
        if rate
        else (f"Fewer than {FEWEST_WINDOWS} closed windows: too few to show a rate.",),
        sources=found.ground.sources,
    )


def _kept(found: Findings, each: Afterwards) -> Fact:
    name, kept = STANDINGS[each.standing], each.kept
    return Fact(
        id=f"listening.kept.{each.standing}",
        label=f"Net revenue kept after {found.setting.horizon} months, growth counted: {name}",
        value=kept.estimate if kept else None,
        interval=Interval(kept.low, kept.high, kept.level) if kept else None,
        unit="share",
        method=Method(
            description="What customers paid a month at the end of closed windows (nothing if "
            "gone, more if they grew) over what they paid at their start; bootstrap over customers."
        ),
        n=kept.n if kept else 0,
        population=f"{found.setting.population}, {name}",
        period=_windows(found),
        definition="nrr",
        caveats=()
        if kept
        else (f"Fewer than {FEWEST_WINDOWS} closed windows, or no revenue at their start.",),
        sources=found.ground.sources,
    )


def _gap(found: Findings, gap: Difference | None) -> Fact:
    silent = STANDINGS[SILENT if found.ground.has_invitations else UNKNOWN]
    return Fact(
        id="listening.gap",
        label=f"Leaving: “{silent}” minus “Answered”, as counted",
        value=gap.estimate if gap else None,
        interval=gap_of(gap) if gap else None,
        unit="share",
        method=Method(
            description="Difference of two counted shares; Newcombe's hybrid score interval."
        ),
        n=gap.n_first + gap.n_second if gap else 0,
        population=found.setting.population,
        period=_windows(found),
        definition="churn_difference",
        caveats=(
            (
                "Nothing is held equal: segments that differ in both answering and leaving are "
                "mixed in."
            ),
        )
        if gap
        else (f"One of the two groups has fewer than {FEWEST_WINDOWS} closed windows.",),
        sources=found.ground.sources,
    )


def _gap_held_equal(found: Findings, gap: HeldEqual | None) -> Fact:
    silent = STANDINGS[SILENT if found.ground.has_invitations else UNKNOWN]
    return Fact(
        id="listening.gap_adjusted",
        label=f"Leaving: “{silent}” minus “Answered”, held equal",
        value=gap.estimate if gap else None,
        interval=Interval(gap.low, gap.high, LEVEL) if gap else None,
        unit="share",
        method=_holding(found, gap) if gap else COUNTED,
        n=gap.n if gap else 0,
        population=found.setting.population,
        period=_windows(found),
        definition="churn_difference",
        caveats=(
            "An association: what else differs between these customers is not held equal.",
            "It was not checked on later data.",
        )
        if gap
        else ("Too few customers left, or stayed, to hold anything equal.",),
        sources=found.ground.sources,
    )


def _holding(found: Findings, gap: HeldEqual) -> Method:
    known = fmt.listed(gap.known)
    return Method(
        description="Everybody who answered or was silent is taken once as the one and once as the "
        f"other by a model of leaving that holds {known} equal.",
        adjusted_for=gap.known,
        card=Card(
            model="Logistic model of leaving with a weak prior, standardised to both groups",
            formula="mean chance of leaving if silent minus mean chance if answered; delta method",
            sample=f"{gap.n:,} windows, {gap.events:,} of which ended with a goodbye",
            window=_windows(found),
            exclusions=(
                "Windows of customers never asked",
                "Customers who had said goodbye",
                *(f"{entry.column}: {entry.reason}" for entry in found.setting.excluded),
            ),
            assumptions=("Nothing that was not recorded goes with both silence and leaving",),
            validation="None: silence is described here, not used to foresee leaving.",
            sensitivity="The counted difference stands beside it.",
            code="cxdash.questions.listening.silence.held_equal",
        ),
    )


def _windows(found: Findings) -> str:
    """The windows every survey has behind it, not only the one in question."""
    months = found.setting.windows.closed_months
    if not months:
        return f"no {found.setting.horizon}-month window is over"
    return f"{len(months)} windows of {found.setting.horizon} months, ended by " + (
        found.setting.as_of.isoformat()
    )


def _unasked(found: Findings) -> Fact:
    seen = found.traces
    loaded = any(
        signal.name == "Contacts with service" and signal.loaded for signal in found.signals
    )
    told = seen is not None and loaded and seen.unheard > 0
    why = no_customers(found) or (
        ("Everybody answered something.",) if loaded else ("No contacts are loaded.",)
    )
    return Fact(
        id="listening.unheard_contacts",
        label="Of customers who answered nothing, the share that contacted us in the same year",
        value=seen.contacts / seen.unheard if seen and told else None,
        unit="share",
        method=COUNTED,
        n=seen.unheard if seen else 0,
        population=f"{found.setting.population} who answered nothing",
        period=year(found),
        definition="reached_unasked",
        caveats=(
            (
                f"{fmt.count(seen.repeats)} of them had to come back within a week; "
                f"{fmt.count(seen.complaints)} gave a complaint as the reason."
            ),
        )
        if seen and told
        else why,
        sources=found.ground.sources,
    )


def _decisions(found: Findings) -> Fact:
    noted = found.decisions
    told = noted is not None and noted.known > 0
    unknown = noted.unknown if noted else 0
    return Fact(
        id="listening.survey_dependence",
        label="Recorded decisions that rest on a survey"
        + (
            f": {fmt.count(noted.on_surveys)} of {fmt.count(noted.known)}" if noted and told else ""
        ),
        value=noted.on_surveys / noted.known if noted and told else None,
        unit="share",
        method=COUNTED,
        n=noted.known if noted else 0,
        population="decisions in the register of metrics",
        period=f"up to {found.setting.as_of.isoformat()}",
        definition="survey_dependence",
        caveats=tuple(
            said
            for said in (
                f"{fmt.count(unknown)} {'decision stands' if unknown == 1 else 'decisions stand'} "
                "under a metric nobody knows."
                if unknown
                else "",
                "Only decisions somebody wrote down are counted." if told else "",
                "No decision stands in a register of metrics, so nobody can count them."
                if noted is None
                else "",
            )
            if said
        ),
        sources=found.ground.sources,
    )
