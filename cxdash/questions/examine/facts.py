"""The Facts of ``examine``, each with its methods card."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from cxdash.facts import Card, Fact, Method
from cxdash.facts import format as fmt
from cxdash.questions.examine.doubt import Doubt
from cxdash.questions.examine.stand import Stand, interval
from cxdash.questions.examine.stated import Stated
from cxdash.questions.sampling import drawn_words

__all__ = ["facts", "own_figure"]

_CODE: Final = "cxdash.questions.examine.ways.curve"
_SLOPE: Final = "cxdash.stats.association.associate"
_NO_RATIO: Final = "Nobody at the good end left, so no risk ratio can be told."
_NOT_CLEAR: Final = (
    "The range of the claim, or that by a straight line, holds zero: there is nothing to undo."
)


def facts(stand: Stand, doubt: Doubt) -> tuple[Fact, ...]:
    """Every Fact of the Answer."""
    return tuple(_facts(stand, doubt))


def own_figure(stated: Stated | None) -> tuple[Fact, ...]:
    """The Fact that states the claim, as its own question tells it; none without such a Fact."""
    if stated is None or stated.figure is None:
        return ()
    own = stated.figure
    return (replace(own, id="examine.claim", label=f"The claim as stated. {own.label}"),)


def _facts(stand: Stand, doubt: Doubt) -> Iterator[Fact]:
    yield from own_figure(stand.stated)
    yield _estimate(stand)
    yield from _ways(stand)
    yield _strength(
        stand,
        "examine.e_value",
        "Risk ratio an unmeasured cause would need with both sides to leave no difference",
        doubt.e_value,
        "e_value",
    )
    yield _strength(
        stand,
        "examine.e_value_limit",
        "Risk ratio an unmeasured cause would need with both sides to leave it open",
        doubt.e_value_limit,
        "e_value",
    )
    yield _strength(
        stand,
        "examine.robustness_value",
        "Share of the rest an unmeasured cause would have to account for to leave no difference",
        doubt.robustness,
        "robustness_value",
    )
    yield _strength(
        stand,
        "examine.robustness_value_limit",
        "Share of the rest an unmeasured cause would have to account for to leave it open",
        doubt.robustness_limit,
        "robustness_value",
    )
    yield _accounts(stand, doubt)
    if doubt.next_limit is not None:
        yield _withdraw(stand, doubt)


def _estimate(stand: Stand) -> Fact:
    own, (first, second) = stand.base.estimate, stand.ends
    what = "Difference in leaving" if stand.rows.leaving else "Difference in the change of spend"
    return Fact(
        id="examine.estimate",
        label=f"{what}, by a straight line: {first} minus {second}",
        value=own.estimate,
        interval=interval(own),
        unit=stand.unit,
        method=Method(
            description="Least squares with errors by customer; held equal: "
            + (fmt.listed(stand.held_equal) if stand.held_equal else "nothing"),
            adjusted_for=stand.held_equal,
            validated_out_of_time=stand.confirmed,
            card=_slope_card(stand),
        ),
        n=own.n,
        population=_population(stand),
        period=stand.setting.period,
        definition="churn_difference" if stand.rows.leaving else "revenue_kept",
        caveats=_sampling(stand),
        sources=stand.setting.ground.sources,
    )


def _ways(stand: Stand) -> Iterator[Fact]:
    curve = stand.curve
    ways = len(curve.ways)
    whose = "the open estimate's" if stand.is_open else "the claim's"
    parts = (
        ("specifications", "Defensible ways of computing the claim", float(ways), "count"),
        (
            "share_agreeing",
            f"Share of these ways that point {whose} way",
            curve.agreeing / ways,
            "share",
        ),
        (
            "share_holding",
            f"Share of these ways whose range leaves zero out on {whose} side",
            curve.holding / ways,
            "share",
        ),
    )
    for name, label, value, unit in parts:
        yield Fact(
            id=f"examine.{name}",
            label=label,
            value=value,
            unit=unit,
            method=Method(
                description="Every combination of horizon, age of answers, definition, what is "
                "held equal and who is left out, computed and counted.",
                card=_curve_card(stand),
            ),
            n=ways,
            population=_population(stand),
            period=stand.setting.period,
            definition="specifications",
            caveats=(
                "The ways share their data: this counts choices, it is no probability.",
                *_sampling(stand),
            ),
            sources=stand.setting.ground.sources,
        )


def _strength(stand: Stand, id: str, label: str, value: float | None, definition: str) -> Fact:
    return Fact(
        id=id,
        label=label,
        value=value,
        unit="ratio" if definition == "e_value" else "share",
        method=Method(
            description="From the adjusted difference and its doubt; "
            + ("E-value." if definition == "e_value" else "robustness value.")
            + " What would be needed is worked out, not seen on later windows.",
            adjusted_for=stand.held_equal,
            card=_slope_card(stand, beyond=definition),
        ),
        n=stand.base.estimate.n,
        population=_population(stand),
        period=stand.setting.period,
        definition=definition,
        caveats=("It does not say whether such a cause exists.",)
        if value is not None
        else (_NO_RATIO,),
        sources=stand.setting.ground.sources,
    )


def _accounts(stand: Stand, doubt: Doubt) -> Fact:
    found = doubt.accounts
    more = "More than half of the customers would have to go." if stand.stands else _NOT_CLEAR
    return Fact(
        id="examine.accounts_to_undo",
        label="Customers without whom the claim would be open",
        value=float(len(found)) if found is not None else None,
        unit="count",
        method=Method(
            description="Customers that move the estimate most towards the claim are left out "
            "until the range holds zero.",
            adjusted_for=stand.held_equal,
            validated_out_of_time=stand.confirmed,
            card=_slope_card(stand, beyond="accounts"),
        ),
        n=stand.base.customers,
        population=_population(stand),
        period=stand.setting.period,
        definition="customers",
        caveats=("Chosen with the outcome in sight, so they are no sample.",) if found else (more,),
        sources=stand.setting.ground.sources,
    )


def _withdraw(stand: Stand, doubt: Doubt) -> Fact:
    return Fact(
        id="examine.withdraw_at",
        label="Difference in the next window short of which the claim is withdrawn",
        value=doubt.next_limit,
        unit=stand.unit,
        method=Method(
            description="The difference in the window now running that would contradict those "
            "before it, or with which all together would hold zero, at the precision they had.",
            adjusted_for=stand.held_equal,
            validated_out_of_time=stand.confirmed,
            card=_slope_card(stand, beyond="withdrawal"),
        ),
        n=stand.base.estimate.n,
        population=_population(stand),
        period=f"the window that ends on {doubt.next_end.isoformat()}",
        definition="churn_difference" if stand.rows.leaving else "revenue_kept",
        sources=stand.setting.ground.sources,
    )


_ALIKE: Final = (
    "Customers who answered differently are alike in what was not measured, once what is held "
    "equal is equal."
)
_BY_CUSTOMER: Final = (
    "Windows of one customer may depend on each other, those of two customers do not."
)
_FORMULAS: Final = {
    "": "slope of the outcome on being at the bad end, not the good one, others held equal",
    "e_value": "RR + √(RR × (RR − 1)), RR = (rate of the good end + difference) / that rate",
    "robustness_value": "(√(f⁴ + 4f²) − f²) / 2, with f = |difference| / (error × √freedom)",
    "accounts": "the fewest customers, in the order of how much they move the slope",
    "withdrawal": "the nearer to b of b − z√(s² + s'²) and (z√(1/s² + 1/s'²) − b/s²) × s'², with "
    "s' the error expected of the next window",
}


def _slope_card(stand: Stand, *, beyond: str = "") -> Card:
    own = stand.base
    claimed = stand.stated.figure if stand.stated.estimate and beyond == "e_value" else None
    if claimed is not None:  # worked out from the claim's own figure, by the claim's own model
        return replace(claimed.card, formula=_FORMULAS[beyond])
    outcome = (
        "left within the horizon (0 or 1)" if stand.rows.leaving else "change of monthly spend"
    )
    return Card(
        model=f"Least squares by customer; outcome: {outcome}",
        formula=_FORMULAS[beyond],
        sample=f"{own.estimate.n:,} windows of {own.customers:,} customers",
        window=stand.setting.period,
        exclusions=_exclusions(stand),
        assumptions=(_ALIKE, _BY_CUSTOMER),
        validation=_seen_again(stand),
        sensitivity=(
            f"{stand.curve.holding:,} of {len(stand.curve.ways):,} ways of computing it leave zero "
            f"out; robustness value {own.robustness:.1%}"
        ),
        code=_SLOPE,
    )


def _curve_card(stand: Stand) -> Card:
    return Card(
        model="Specification curve: least squares by customer in every combination of choices",
        formula="count of ways whose 90 % range lies on the claim's side of zero / count of ways",
        sample=f"{len(stand.curve.ways):,} ways on the windows of {stand.customers:,} customers",
        window=stand.setting.period,
        exclusions=(
            *_exclusions(stand),
            *(
                (f"{stand.curve.failed:,} combinations with too few windows",)
                if stand.curve.failed
                else ()
            ),
        ),
        assumptions=("Each way could be preferred by a fair critic before seeing the result.",),
        sensitivity=f"{stand.curve.opposing:,} ways clearly point the other way",
        code=_CODE,
    )


def _seen_again(stand: Stand) -> str:
    if stand.earlier is None or stand.newest is None:
        return ""
    before, after = (
        fmt.spread(one.estimate.low, one.estimate.high, stand.unit)
        for one in (stand.earlier, stand.newest)
    )
    said = "and so it is confirmed" if stand.confirmed else "which does not confirm it"
    return f"Windows before the newest: {before}; the newest alone: {after}, {said}."


def _exclusions(stand: Stand) -> tuple[str, ...]:
    said = ["Customers who had said goodbye before a window, and answers given after a goodbye."]
    if stand.rows.by_answer:
        said.append("Customers who had not answered in the twelve months before a window.")
    said += [f"{entry.column}: {entry.reason}" for entry in stand.setting.excluded]
    said += [
        f"Column {leak.column}: its value knows the outcome ({leak.left} of {leak.n} left)."
        for leak in stand.rows.known_leaks
    ]
    return tuple(said)


def _population(stand: Stand) -> str:
    if not stand.rows.by_answer:
        return stand.setting.population
    return f"{stand.setting.population} who had answered {fmt.spoken(stand.setting.item.name)}"


def _sampling(stand: Stand) -> tuple[str, ...]:
    if not stand.sampled:
        return ()
    return (drawn_words(stand.customers, stand.known),)
