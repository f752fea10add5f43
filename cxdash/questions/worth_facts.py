"""The Facts of ``worth``: each number with whom it speaks of, how it was made and what it
leaves out.
"""

from collections.abc import Iterator
from typing import Final

from cxdash.facts import Fact, Interval, Method
from cxdash.facts import format as fmt
from cxdash.questions.bands import SMALLEST, BandOutcome
from cxdash.questions.findings import Findings, too_little
from cxdash.questions.leaving import FINANCE, LEVEL, BandRate
from cxdash.stats.stake import Stake

__all__ = ["facts", "money_withheld"]

_COUNTED: Final = Method(description="Counted in the imported files.")
_SHARE: Final = Method(
    description="Share of closed customer-windows that ended with a goodbye; Wilson interval."
)
_STAKE_TEXT: Final = (
    "Sum over today's customers of probability of leaving times what they would pay over the "
    "horizon "
    "at today's rate. The range comes from {draws} simulations of who leaves under a logistic "
    "model "
    "of closed windows with the answer's band and {controls}."
)

_IN_FULL: Final = (
    "A customer who leaves in the last month counts in full: the revenue is gone from then on."
)
_ALL_CAUSES: Final = (
    "Leaving has many causes; this is all revenue expected to leave, not what better experience "
    "would keep."
)
_AT_MOST: Final = (
    "This is the most that better experience could keep if the whole difference came from it. Only "
    "a pilot can tell how much does."
)


def facts(found: Findings) -> tuple[Fact, ...]:
    """Every Fact of the Answer, the headline's first."""
    return tuple(_facts(found))


def _facts(found: Findings) -> Iterator[Fact]:
    yield _at_stake(found)
    yield _ahead(found)
    if found.money_shown and found.model:
        yield _excess(found)
    if found.rates_shown:
        yield _gap(found)
        if found.model:
            yield _adjusted_gap(found, found.model.gap)
        for band in found.all_bands:
            yield _band_rate(found, band)
    if found.money_shown and found.model:
        for band in found.all_bands:
            stake = found.model.stakes.get(("band", band.name))
            if stake:
                yield _band_stake(found, band, stake)
    yield from _coverage(found)
    yield _already_leaving(found)


def model_method(found: Findings, description: str) -> Method:
    """The record of the model: adjusted, and validated only if the back-test was passed."""
    return Method(
        description=description, adjusted_for=FINANCE, validated_out_of_time=found.validated
    )


def money_withheld(found: Findings) -> tuple[str, ...]:
    """Why no dollars are shown, one sentence a reason; empty when they are."""
    reasons = found.setting.conditions.against_rates + found.setting.conditions.against_money
    said = tuple(reason.why for reason in reasons)
    if said or found.money_shown:
        return said
    return (too_little(found).why,)


def _at_stake(found: Findings) -> Fact:
    setting = found.setting
    stake = found.model.stakes["all", ""] if found.model and found.money_shown else None
    controls = ", ".join(FINANCE)
    return Fact(
        id="worth.at_stake",
        label=f"Revenue at stake in the coming {setting.horizon} months",
        value=stake.estimate if stake else None,
        interval=Interval(stake.low, stake.high, LEVEL) if stake else None,
        unit=setting.currency or "count",
        method=model_method(found, _STAKE_TEXT.format(draws="2,000", controls=controls)),
        n=stake.customers if stake else found.coverage.customers,
        population=f"{setting.population} who have not said goodbye",
        period=setting.coming,
        definition="revenue_at_stake",
        caveats=_stake_caveats(found) if stake else money_withheld(found),
        sources=found.ground.sources,
    )


def _ahead(found: Findings) -> Fact:
    told = found.setting.conditions.money_allowed
    return Fact(
        id="worth.revenue_ahead",
        label=f"Revenue of the coming {found.setting.horizon} months at today's rate",
        value=found.coverage.revenue * found.setting.horizon if told else None,
        unit=found.setting.currency or "count",
        method=_COUNTED,
        n=found.coverage.customers,
        population=f"{found.setting.population} who have not said goodbye",
        period=found.setting.coming,
        definition="revenue_ahead",
        caveats=("If nobody left and nobody changed what they pay.",)
        if told
        else money_withheld(found),
        sources=found.ground.sources,
    )


def _stake_caveats(found: Findings) -> tuple[str, ...]:
    said = [_IN_FULL, _ALL_CAUSES]
    if not found.validated:
        said.append(_not_validated(found))
    return tuple(said)


def _not_validated(found: Findings) -> str:
    if found.model and found.model.backtest:
        return (
            "One horizon ago the same method was wrong by more than chance allows, so this is "
            "graded "
            "as observed only."
        )
    return (
        "There is not enough history to check the method on later data, so this is graded as "
        "observed only."
    )


def _excess(found: Findings) -> Fact:
    setting = found.setting
    excess = found.model.excess if found.model else BandRate(0, 0, 0)
    return Fact(
        id="worth.excess",
        label=f"Of that, beyond what “{found.best.label}” customers would put at stake",
        value=excess.estimate,
        interval=Interval(excess.low, excess.high, LEVEL),
        unit=setting.currency or "count",
        method=model_method(
            found,
            f"For today's customers in “{found.worst.label}”: probability of leaving minus what it "
            "would "
            f"be in “{found.best.label}” with {', '.join(FINANCE)} held equal, times their "
            "revenue.",
        ),
        n=found.worst.customers,
        population=f"{setting.population} whose last answer was “{found.worst.label}”",
        period=setting.coming,
        definition="revenue_at_stake",
        caveats=(
            _AT_MOST,
            *(() if found.validated else (_not_validated(found),)),
        ),
        sources=found.ground.sources,
    )


def _gap(found: Findings) -> Fact:
    gap, setting = found.gap, found.setting
    return Fact(
        id="worth.gap",
        label=f"Leaving: “{found.worst.label}” minus “{found.best.label}”, as counted",
        value=gap.estimate if gap else None,
        interval=Interval(gap.low, gap.high, gap.level) if gap else None,
        unit="share",
        method=Method(
            description="Difference of two counted shares; Newcombe's hybrid score interval."
        ),
        n=found.worst.n + found.best.n,
        population=f"{setting.population} who answered",
        period=setting.period,
        definition="churn_difference",
        caveats=(
            "Nothing is held equal: segments that differ in both score and leaving are mixed in.",
        )
        if gap
        else (f"One of the two groups has fewer than {SMALLEST} closed windows.",),
        sources=found.ground.sources,
    )


def _adjusted_gap(found: Findings, gap: BandRate) -> Fact:
    setting = found.setting
    return Fact(
        id="worth.gap_adjusted",
        label=f"Leaving: “{found.worst.label}” minus “{found.best.label}”, held equal",
        value=gap.estimate,
        interval=Interval(gap.low, gap.high, LEVEL),
        unit="share",
        method=model_method(
            found,
            "Difference of the two bands' model rates at the mix of all customers who answered, "
            "with "
            f"{', '.join(FINANCE)} held equal.",
        ),
        n=found.model.n if found.model else 0,
        population=f"{setting.population} who answered",
        period=setting.period,
        definition="churn_difference",
        caveats=("An association: what else differs between these customers is not held equal.",),
        sources=found.ground.sources,
    )


def _band_rate(found: Findings, band: BandOutcome) -> Fact:
    rate = band.rate
    return Fact(
        id=f"worth.left.{band.name}",
        label=f"Left within {found.setting.horizon} months: {band.label}",
        value=rate.estimate if rate else None,
        interval=Interval(rate.low, rate.high, rate.level) if rate else None,
        unit="share",
        method=_SHARE,
        n=band.n,
        population=f"{found.setting.population}, {band.label}",
        period=found.setting.period,
        definition="churn_rate",
        caveats=() if rate else (f"Fewer than {SMALLEST} closed windows: too few to show a rate.",),
        sources=found.ground.sources,
    )


def _band_stake(found: Findings, band: BandOutcome, stake: Stake) -> Fact:
    return Fact(
        id=f"worth.at_stake.{band.name}",
        label=f"Revenue at stake: {band.label}",
        value=stake.estimate,
        interval=Interval(stake.low, stake.high, LEVEL),
        unit=found.setting.currency or "count",
        method=model_method(found, _STAKE_TEXT.format(draws="2,000", controls=", ".join(FINANCE))),
        n=stake.customers,
        population=f"{found.setting.population}, {band.label}",
        period=found.setting.coming,
        definition="revenue_at_stake",
        caveats=_stake_caveats(found)[:1],
        sources=found.ground.sources,
    )


def _coverage(found: Findings) -> Iterator[Fact]:
    cover, setting = found.coverage, found.setting
    yield Fact(
        id="coverage.customers",
        label="Share of today's customers heard in the last twelve months",
        value=cover.heard / cover.customers if cover.customers else None,
        unit="share",
        method=_COUNTED,
        n=cover.customers,
        population=setting.population,
        period=f"the twelve months to {setting.as_of.isoformat()}",
        definition="coverage.customers",
        caveats=() if cover.customers else ("Nobody is a customer on that day.",),
        sources=found.ground.sources,
    )
    told = setting.conditions.money_allowed and cover.revenue > 0
    yield Fact(
        id="coverage.revenue",
        label="Share of today's revenue heard in the last twelve months",
        value=cover.revenue_heard / cover.revenue if told else None,
        unit="share",
        method=_COUNTED,
        n=cover.customers,
        population=setting.population,
        period=f"the twelve months to {setting.as_of.isoformat()}",
        definition="coverage.revenue",
        caveats=() if told else (money_withheld(found) or ("No revenue is known today.",)),
        sources=found.ground.sources,
    )
    yield Fact(
        id="worth.matched",
        label="Share of answers that find their customer",
        value=setting.item.match_rate,
        unit="share",
        method=_COUNTED,
        n=setting.item.n,
        population=f"answers to {fmt.spoken(setting.item.name)}",
        period=f"{setting.item.first.isoformat()} to {setting.item.last.isoformat()}",
        definition="match_rate",
        sources=found.ground.sources,
    )


def _already_leaving(found: Findings) -> Fact:
    told = found.setting.conditions.money_allowed
    return Fact(
        id="worth.already_leaving",
        label="Already lost: customers who have said goodbye and still pay",
        value=found.leaving_now_revenue if told else None,
        unit=found.setting.currency or "count",
        method=_COUNTED,
        n=found.leaving_now,
        population=f"{found.setting.population} under notice",
        period=found.setting.coming,
        definition="revenue_ahead",
        caveats=("Not part of the revenue at stake: it is known, not expected.",)
        if told
        else money_withheld(found),
        sources=found.ground.sources,
    )
