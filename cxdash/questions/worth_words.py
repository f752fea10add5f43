"""The sentences of ``worth``. Directions come from the grammar in :mod:`cxdash.facts.wording`
alone.
"""

from collections.abc import Iterator

from cxdash.facts import Interval, wording
from cxdash.facts import format as fmt
from cxdash.questions.bands import BandOutcome
from cxdash.questions.findings import Findings, too_little
from cxdash.questions.leaving import FINANCE
from cxdash.questions.worth_facts import facts
from cxdash.stats.proportions import customers_needed
from cxdash.stats.ratio import Ratio

__all__ = [
    "caveats",
    "cost_title",
    "gap_title",
    "headline",
    "kept_title",
    "missing",
    "stake_title",
    "summary",
]

LARGE_ACCOUNT = 0.20
HELD = "same time as a customer, spend, segment and plan"


def headline(found: Findings) -> str:
    """The Answer in one or two sentences."""
    if not found.rates_shown or found.model is None:
        reason = too_little(found)
        return wording.cannot_tell("what the customers' voice is worth", reason.short)
    if not found.money_shown:
        first = found.setting.conditions.against_money[0]
        return f"{_gap(found)} {wording.withheld('The money', first.short)}"
    outcome = found.setting.scope.outcome
    said = {"revenue": kept_title, "cost": cost_title}.get(outcome or "", _gap)(found)
    return f"{said} {_stake(found)}"


def summary(found: Findings) -> str:
    """The finding alone, for a page that names the money elsewhere."""
    if not found.rates_shown or found.model is None:
        return headline(found)
    return _gap(found)


def gap_title(found: Findings) -> str:
    """What the bands' rates of leaving show."""
    return _gap(found) if found.gap else "Share of customers who left, by their last answer"


def stake_title(found: Findings) -> str:
    return _stake(found)


def kept_title(found: Findings) -> str:
    """Whether the bands keep different shares of their revenue."""
    return _ratio_title(
        found, found.worst.kept, found.best.kept, measure="the share of revenue kept", unit="share"
    )


def cost_title(found: Findings) -> str:
    """Whether the bands cost differently to serve."""
    return _ratio_title(
        found,
        found.worst.cost,
        found.best.cost,
        measure="the monthly cost to serve a customer",
        unit=found.setting.currency or "count",
    )


def caveats(found: Findings) -> tuple[str, ...]:
    """What a reader must know before quoting a number of this Answer."""
    return tuple(dict.fromkeys(_caveats(found)))


def missing(found: Findings) -> tuple[str, ...]:
    """What this data cannot tell, and what would let it."""
    said = list(found.setting.conditions.would_help)
    if not found.rates_shown or found.model is None:
        said.insert(0, too_little(found).would_help)
    else:
        said.append(
            "Whether better experience would keep these customers: only a pilot in which some "
            "customers, "
            "drawn by lot, are treated differently can tell."
        )
        if found.coverage.heard < found.coverage.customers:
            silent = found.coverage.customers - found.coverage.heard
            said.append(
                f"What the {fmt.count(silent)} customers who did not answer in the last year "
                "think; "
                "their rate of leaving is counted, their opinion is unknown."
            )
    if not found.ground.has_costs:
        said.append("Cost to serve: import contacts with their cost.")
    if found.ground.costs_unconverted:
        said.append(
            f"Cost to serve: {fmt.count(found.ground.costs_unconverted)} contacts have their cost "
            "in "
            "a currency without an exchange rate; import rates (kind fx)."
        )
    return tuple(dict.fromkeys(said))


def _gap(found: Findings) -> str:
    """Worst against best band: held equal where the model can, with the counted rates beside it."""
    by_id = {fact.id: fact for fact in facts(found)}
    worst, best = found.setting.bands[0], found.setting.bands[-1]
    first = wording.scored(found.setting.variant, worst)
    second = wording.scored(found.setting.variant, best)
    did = f"left within {found.setting.horizon} months"
    raw = by_id.get("worth.gap")
    counted = wording.compare_rates(
        first,
        second,
        did=did,
        difference=raw.interval if raw else None,
        estimate=raw.value if raw else None,
        rate_first=by_id.get(f"worth.left.{worst.name}"),
        rate_second=by_id.get(f"worth.left.{best.name}"),
        needed=_needed(found.worst, found.best),
    )
    adjusted = by_id.get("worth.gap_adjusted")
    if adjusted is None or raw is None or raw.interval is None or raw.interval.holds(0):
        return counted
    if adjusted.interval is None or not adjusted.interval.holds(0):
        return counted
    held = wording.compare_rates(
        first,
        second,
        did=did,
        difference=adjusted.interval,
        estimate=adjusted.value,
        held_constant=HELD,
    )
    return f"{counted} {held}"


def _needed(worst: BandOutcome, best: BandOutcome) -> int | None:
    if worst.rate is None or best.rate is None or worst.rate.estimate == best.rate.estimate:
        return None
    return customers_needed(worst.rate.estimate, best.rate.estimate)


def _stake(found: Findings) -> str:
    by_id = {fact.id: fact for fact in facts(found)}
    return wording.stake(
        by_id["worth.at_stake"], horizon=found.setting.horizon, whole=by_id["worth.revenue_ahead"]
    )


def _ratio_title(
    found: Findings, worst: Ratio | None, best: Ratio | None, *, measure: str, unit: str
) -> str:
    worst_band, best_band = found.setting.bands[0], found.setting.bands[-1]
    difference, estimate = None, None
    if worst and best:
        difference, estimate = _apart(worst, best), worst.estimate - best.estimate
    return wording.compare(
        wording.scored(found.setting.variant, worst_band),
        wording.scored(found.setting.variant, best_band),
        measure=measure,
        unit=unit,
        difference=difference,
        estimate=estimate,
    )


def _apart(first: Ratio, second: Ratio) -> Interval:
    """Interval of a difference of two independent ratios from their own intervals.

    G. Y. Zou and A. Donner, Statistics in Medicine 27 (2008): the distances of each estimate to its
    own limits are combined, so skewed intervals stay skewed.
    """
    gap = first.estimate - second.estimate
    down = ((first.estimate - first.low) ** 2 + (second.high - second.estimate) ** 2) ** 0.5
    up = ((first.high - first.estimate) ** 2 + (second.estimate - second.low) ** 2) ** 0.5
    return Interval(gap - down, gap + up, first.level)


def _caveats(found: Findings) -> Iterator[str]:
    setting = found.setting
    for reason in (*setting.conditions.against_rates, *setting.conditions.against_money):
        yield reason.why
    if not setting.conditions.against_rates and (not found.rates_shown or found.model is None):
        yield too_little(found).why
    if found.rates_shown and found.model:
        yield (
            "This is an association, not proof: customers who answer differently also differ in "
            "ways "
            "nobody recorded. Held equal here: " + ", ".join(FINANCE) + "."
        )
        yield from _history(found)
    if setting.item.after_goodbye and found.rates_shown:
        yield (
            f"{fmt.count(setting.item.after_goodbye)} answers were given on or after the day the "
            "customer said goodbye, such as exit surveys. They predict nothing and are left out."
        )
    if not setting.panel.contractual and found.rates_shown:
        yield (
            "There are no contracts, so a customer counts as gone after "
            f"{setting.panel.idle_months} months without a purchase."
        )
    if setting.ground.revenue_unplaced and setting.conditions.money_allowed:
        yield (
            f"{fmt.count(setting.ground.revenue_unplaced)} of "
            f"{fmt.count(setting.ground.revenue_rows)} "
            "revenue rows have no customer or date that can be found and are left out."
        )
    for band in found.all_bands:
        if band.kept and band.kept.largest_share >= LARGE_ACCOUNT and found.money_shown:
            yield (
                f"One account holds {fmt.number(band.kept.largest_share, 'share')} of the revenue "
                "in "
                f"“{band.label}”; what is kept there is mostly its story."
            )
    if setting.scope.as_of and setting.scope.as_of != setting.as_of:
        yield (
            f"Months are counted whole: the last one that ends by {fmt.day(setting.scope.as_of)} "
            "and is "
            f"covered by the data ends on {fmt.day(setting.as_of)}."
        )


def _history(found: Findings) -> Iterator[str]:
    model = found.model
    if model is None:
        return
    if model.backtest is None:
        yield (
            "The method could not be checked on later data, because the history is too short; that "
            "is "
            "why the grade is no better than D."
        )
    elif not model.backtest.passed:
        yield (
            f"Run {found.setting.horizon} months ago, the method missed what came: it expected "
            f"{fmt.count(round(model.backtest.expected.leavers))} customers to leave and "
            f"{fmt.count(model.backtest.leavers)} left. Something has changed that it does not see."
        )
    else:
        yield (
            f"Run {found.setting.horizon} months ago, the method expected "
            f"{fmt.count(round(model.backtest.expected.leavers))} customers to leave (range "
            f"{fmt.count(round(model.backtest.expected.leavers_low))} to "
            f"{fmt.count(round(model.backtest.expected.leavers_high))}); "
            f"{fmt.count(model.backtest.leavers)} left."
        )
