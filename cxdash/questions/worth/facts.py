"""The Facts of ``worth``: each number with whom it speaks of, how it was made and what it
leaves out.
"""

from collections.abc import Iterator
from typing import Final

from cxdash.facts import Card, Fact, Interval, Method
from cxdash.facts import format as fmt
from cxdash.questions.judgement import LEVEL
from cxdash.questions.validation import NO_RANKING
from cxdash.questions.worth.bands import SMALLEST, BandOutcome
from cxdash.questions.worth.cards import (
    cash_card,
    excess_card,
    gap_card,
    plain_card,
    rate_card,
    stake_card,
)
from cxdash.questions.worth.findings import Findings, too_little
from cxdash.questions.worth.leaving import ALL, UNHEARD, Group, Leaving
from cxdash.stats.ratio import Ratio
from cxdash.stats.stake import Stake

__all__ = ["facts", "facts_by_id", "money_withheld", "same_total"]

_COUNTED: Final = Method(description="Counted in the imported files.")
_SHARE: Final = "Share of closed customer-windows that ended with a goodbye; Wilson interval."
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
_TOO_BOLD: Final = (
    "On later windows the chances of single customers were off, so where the money sits is graded "
    "as observed."
)
_OTHER_SUM: Final = (
    "churn adds up the revenue of the same customers under another model, of every answer, and "
    "grades that sum by its own record on later windows; where that record fails, the sum is "
    "graded lower there than this one, which rests on the bands of one rating."
)
_SAME: Final = 0.10  # totals that differ by less than this part are nearly the same
_NO_CLEAR_EXCESS: Final = "The range holds zero or less: the gap may stand for nothing."
_TOO_SHORT: Final = (
    "There is not enough history to check the method on later data, so this is graded as observed."
)


def facts(found: Findings) -> tuple[Fact, ...]:
    """Every Fact of the Answer, the headline's first."""
    return tuple(_facts(found))


def facts_by_id(found: Findings) -> dict[str, Fact]:
    """The same Facts by their id, for sentences that quote some of them."""
    return {fact.id: fact for fact in _facts(found)}


def _facts(found: Findings) -> Iterator[Fact]:
    yield _at_stake(found)
    yield _ahead(found)
    if found.money_shown and found.model:
        yield _excess(found, found.model)
        if found.model.window_left:
            yield _cash(found, found.model.stakes[ALL], found.model.window_left)
        yield _without_answers(found, found.model)
    if found.rates_shown:
        yield _gap(found)
        if found.model:
            yield _adjusted_gap(found, found.model)
        for band in found.all_bands:
            yield _band_rate(found, band)
    if found.money_shown and found.model:
        for band in found.all_bands:
            stake = found.model.stakes.get(("band", band.name))
            if stake:
                yield _group_stake(found, ("band", band.name), band.label, stake)
        if found.coverage.unheard:
            label = "customers who answered nothing in a year"
            yield _group_stake(found, UNHEARD, label, found.model.stakes[UNHEARD])
    yield from _coverage(found)
    yield _already_leaving(found)


def _model_method(found: Findings, description: str, card: Card, *, confirmed: bool) -> Method:
    """The record of the model: adjusted, and validated only if this claim was confirmed."""
    held = found.model.held_equal if found.model else ()
    return Method(
        description=description, adjusted_for=held, validated_out_of_time=confirmed, card=card
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
    stake = found.model.stakes[ALL] if found.model and found.money_shown else None
    return Fact(
        id="worth.at_stake",
        label=f"Revenue at stake in the coming {setting.horizon} months",
        value=stake.estimate if stake else None,
        interval=Interval(stake.low, stake.high, LEVEL) if stake else None,
        unit=setting.currency or "count",
        method=_stake_method(found, ALL) if stake else _COUNTED,
        n=stake.customers if stake else found.coverage.customers,
        population=f"{setting.population} who have not said goodbye",
        period=setting.coming,
        definition="revenue_at_stake",
        caveats=(*_stake_caveats(found, ALL), _OTHER_SUM) if stake else money_withheld(found),
        sources=found.ground.sources,
    )


def _stake_method(found: Findings, group: Group) -> Method:
    held = ", ".join(found.model.held_equal) if found.model else ""
    text = _STAKE_TEXT.format(draws="2,000", controls=held)
    return _model_method(found, text, stake_card(found, group), confirmed=found.confirmed(group))


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


def _stake_caveats(found: Findings, group: Group) -> tuple[str, ...]:
    said = [_IN_FULL, _ALL_CAUSES]
    if not found.confirmed(group):
        said.append(_not_confirmed(found, group))
    return tuple(said)


def _not_confirmed(found: Findings, group: Group) -> str:
    if found.record and not found.ranks:
        return f"{NO_RANKING}, so this is graded as observed only."
    if found.backtest and found.backtest.confirms(group):
        return _TOO_BOLD
    if found.backtest and found.backtest.foresaw(group):
        return (
            "One horizon ago the same method stated so wide a range for this group (half of it is "
            "no less than the estimate) that it could hardly be wrong. That it held says little, "
            "so this is graded as observed only."
        )
    if found.backtest:
        return (
            "One horizon ago the same method did not foresee what came for this group, so this is "
            "graded as observed only."
        )
    return _TOO_SHORT


def _excess(found: Findings, model: Leaving) -> Fact:
    setting, excess = found.setting, model.excess
    return Fact(
        id="worth.excess",
        label=(
            f"What the gap stands for: “{found.worst.label}” customers beyond the rate of "
            f"“{found.best.label}”"
        ),
        value=excess.estimate,
        interval=Interval(excess.low, excess.high, LEVEL),
        unit=setting.currency or "count",
        method=_model_method(
            found,
            f"For today's customers in “{found.worst.label}”: probability of leaving minus what "
            f"it would be in “{found.best.label}” with {', '.join(model.held_equal)} held equal, "
            "times their revenue over the horizon.",
            excess_card(found),
            confirmed=found.excess_confirmed,
        ),
        n=found.worst.customers,
        population=f"{setting.population} whose last answer was “{found.worst.label}”",
        period=setting.coming,
        definition="revenue_at_stake",
        caveats=(
            _AT_MOST if excess.low > 0 else _NO_CLEAR_EXCESS,
            *(() if found.excess_confirmed else (_gap_not_confirmed(found),)),
        ),
        sources=found.ground.sources,
    )


def _gap_not_confirmed(found: Findings) -> str:
    if found.record and not found.ranks:
        return f"{NO_RANKING}; so this is graded as observed."
    if found.gap_confirmed:
        return _TOO_BOLD
    if found.backtest and not found.gap_clear:
        return "The gap itself may be nothing, so this is graded as observed."
    if found.backtest:
        return (
            "On windows the model had not seen, the gap did not show beyond what finance's columns "
            "had expected and beyond noise; so this is graded as observed."
        )
    return _TOO_SHORT


def _cash(found: Findings, stake: Stake, window_left: Ratio) -> Fact:
    """Cash missing inside the window: leavers pay until they go."""
    share = window_left.estimate
    value = stake.estimate * share
    down = _both(stake.estimate - stake.low, stake.estimate, share - window_left.low, share)
    up = _both(stake.high - stake.estimate, stake.estimate, window_left.high - share, share)
    return Fact(
        id="worth.at_stake_cash",
        label=f"At stake: cash missing inside the {found.setting.horizon} months",
        value=value,
        interval=Interval(max(0.0, value - down), value + up, LEVEL),
        unit=found.setting.currency or "count",
        method=_model_method(
            found,
            "Revenue at stake times the share that was missing of what past leavers would have "
            "paid over the window at their rate; both ranges combined.",
            cash_card(found),
            confirmed=found.confirmed(ALL),
        ),
        n=window_left.n,
        population=f"{found.setting.population} who have not said goodbye",
        period=found.setting.coming,
        definition="revenue_at_stake",
        caveats=(
            "Leavers pay until they go. The rest of the revenue at stake is missing afterwards.",
        ),
        sources=found.ground.sources,
    )


def _both(distance: float, value: float, other_distance: float, other: float) -> float:
    """Distance of a product's limit from the distances of its factors' limits (independent)."""
    return float(((distance * other) ** 2 + (other_distance * value) ** 2) ** 0.5)


def _without_answers(found: Findings, model: Leaving) -> Fact:
    stake = model.without_answers
    return Fact(
        id="worth.at_stake_without_answers",
        label="Revenue at stake as finance alone would put it, without any answer",
        value=stake.estimate,
        interval=Interval(stake.low, stake.high, LEVEL),
        unit=found.setting.currency or "count",
        method=Method(
            description=(
                f"The same sum from a model that knows only {', '.join(model.held_equal)}."
            ),
            adjusted_for=model.held_equal,
            card=stake_card(found, ALL, answers=False),
        ),
        n=stake.customers,
        population=f"{found.setting.population} who have not said goodbye",
        period=found.setting.coming,
        definition="revenue_at_stake",
        caveats=same_total(found) or ("What finance and operations know alone gives this sum.",),
        sources=found.ground.sources,
    )


def same_total(found: Findings) -> tuple[str, ...]:
    """That answers do not change the total, where they do not; empty otherwise."""
    if found.model is None or not found.money_shown:
        return ()
    own, plain = found.model.stakes[ALL].estimate, found.model.without_answers
    if not own > 0 or abs(own - plain.estimate) > _SAME * own:
        return ()
    currency = found.setting.currency or "count"
    reach = Interval(plain.low, plain.high, LEVEL)
    size = fmt.number(plain.estimate, currency, interval=reach)
    said = f"The answers do not change this total (finance alone puts it at {size})"
    return (f"{said}; they tell at whose accounts it sits." if found.ranks else f"{said}.",)


def _gap(found: Findings) -> Fact:
    gap, setting = found.gap, found.setting
    return Fact(
        id="worth.gap",
        label=f"Leaving: “{found.worst.label}” minus “{found.best.label}”, as counted",
        value=gap.estimate if gap else None,
        interval=Interval(gap.low, gap.high, gap.level) if gap else None,
        unit="share",
        method=Method(
            description="Difference of two counted shares; Newcombe's hybrid score interval.",
            card=plain_card(found),
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


def _adjusted_gap(found: Findings, model: Leaving) -> Fact:
    setting, gap = found.setting, model.gap
    return Fact(
        id="worth.gap_adjusted",
        label=f"Leaving: “{found.worst.label}” minus “{found.best.label}”, held equal",
        value=gap.estimate,
        interval=Interval(gap.low, gap.high, LEVEL),
        unit="share",
        method=_model_method(
            found,
            "Difference of the two bands' model rates at the mix of all customers who answered, "
            f"with {', '.join(model.held_equal)} held equal.",
            gap_card(found),
            confirmed=found.gap_confirmed,
        ),
        n=sum(band.n for band in found.bands),
        population=f"{setting.population} who answered",
        period=setting.period,
        definition="churn_difference",
        caveats=(
            "An association: what else differs between these customers is not held equal.",
            *(() if found.gap_confirmed else (_gap_not_confirmed(found),)),
        ),
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
        method=Method(description=_SHARE, card=rate_card(found, band.n, band.left)),
        n=band.n,
        population=f"{found.setting.population}, {band.label}",
        period=found.setting.period,
        definition="churn_rate",
        caveats=() if rate else (f"Fewer than {SMALLEST} closed windows: too few to show a rate.",),
        sources=found.ground.sources,
    )


def _group_stake(found: Findings, group: Group, label: str, stake: Stake) -> Fact:
    name = group[1] or group[0]
    return Fact(
        id=f"worth.at_stake.{name}",
        label=f"Revenue at stake: {label}",
        value=stake.estimate,
        interval=Interval(stake.low, stake.high, LEVEL),
        unit=found.setting.currency or "count",
        method=_stake_method(found, group),
        n=stake.customers,
        population=f"{found.setting.population}, {label}",
        period=found.setting.coming,
        definition="revenue_at_stake",
        caveats=(
            _IN_FULL,
            *(() if found.confirmed(group) else (_not_confirmed(found, group),)),
        ),
        sources=found.ground.sources,
    )


def _coverage(found: Findings) -> Iterator[Fact]:
    cover, setting = found.coverage, found.setting
    yield Fact(
        id="coverage.customers",
        label="Share of today's customers who answered anything in the last twelve months",
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
        label="Share of today's revenue held by customers who answered anything in a year",
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
        label=f"Already lost: {found.setting.horizon} months of customers under notice",
        value=found.leaving_now_revenue if told else None,
        unit=found.setting.currency or "count",
        method=_COUNTED,
        n=found.leaving_now,
        population=f"{found.setting.population} under notice",
        period=found.setting.coming,
        definition="revenue_ahead",
        caveats=("Not part of the revenue at stake. They still pay until their contract ends.",)
        if told
        else money_withheld(found),
        sources=found.ground.sources,
    )
