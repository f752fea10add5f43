"""The sentences of ``worth``. Directions come from the grammar in :mod:`cxdash.facts.wording`
alone.
"""

from collections.abc import Iterator

from cxdash.facts import Interval, wording
from cxdash.facts import format as fmt
from cxdash.questions.guard import left_out_words
from cxdash.questions.judgement import LEVEL
from cxdash.questions.piloted import only_a_pilot
from cxdash.questions.validation import no_ranking
from cxdash.questions.worth.bands import BandOutcome
from cxdash.questions.worth.facts import facts_by_id, same_total
from cxdash.questions.worth.findings import Findings, too_little
from cxdash.questions.worth.leaving import ALL, UNHEARD, Backtest
from cxdash.stats.proportions import customers_needed
from cxdash.stats.ratio import Ratio

__all__ = [
    "caveats",
    "cost_title",
    "gap_title",
    "headline",
    "kept_title",
    "largest",
    "missing",
    "stake_title",
    "summary",
    "unheard",
]

LARGE_ACCOUNT = 0.20
STALE_DAYS = 31


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
    by_id = facts_by_id(found)
    counted, held = by_id["worth.gap"].interval, by_id["worth.gap_adjusted"].interval
    if counted is None or held is None or counted.holds(0) or held.holds(0):
        return f"{said} {_stake(found, cash=True)}"
    excess = wording.excess(
        by_id["worth.excess"],
        by_id["worth.at_stake"],
        horizon=found.setting.horizon,
        cash=by_id.get("worth.at_stake_cash"),
    )
    reach = by_id["worth.excess"].interval
    if reach is None or reach.low <= 0:
        return f"{said} {excess} {_stake(found, cash=True)}"
    return f"{said} {excess}"


def unheard(found: Findings) -> str:
    """Who answered nothing, and how many of them were invited where that is known."""
    silent = fmt.counted(found.coverage.unheard, "customer", "customers")
    who = f"{silent} who answered nothing in a year"
    if not found.ground.has_invitations:
        return who
    return f"{who} ({fmt.counted(found.coverage.invited_unheard, 'was', 'were')} invited)"


def summary(found: Findings) -> str:
    """The finding alone, for a page that names the money elsewhere."""
    if not found.rates_shown or found.model is None:
        return headline(found)
    return _gap(found)


def gap_title(found: Findings) -> str:
    """What the bands' counted rates of leaving show."""
    return _counted(found) if found.gap else "Share of customers who left, by their last answer"


def stake_title(found: Findings) -> str:
    return _stake(found)


def kept_title(found: Findings) -> str:
    """Whether the bands keep different shares of their revenue."""
    return _ratio_title(
        found,
        found.worst.kept,
        found.best.kept,
        measure="the net share of revenue kept (growth counted)",
        unit="share",
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
            only_a_pilot(
                "Whether better experience would keep these customers",
                found.ground,
                found.setting.as_of,
            )
        )
        if found.coverage.unheard:
            said.append(
                f"What the {unheard(found)} think; their rate of leaving is counted, their "
                "opinion is unknown."
            )
    if not found.ground.has_costs:
        said.append("Cost to serve: import contacts with their cost.")
    if found.ground.costs_unconverted:
        without = found.ground.costs_unconverted
        said.append(
            f"Cost to serve: {fmt.counted(without, 'contact has its', 'contacts have their')} "
            "cost in a currency without an exchange rate; import rates (kind fx)."
        )
    return tuple(dict.fromkeys(said))


def _counted(found: Findings) -> str:
    """Worst against best band, as counted."""
    by_id = facts_by_id(found)
    worst, best = found.setting.bands[0], found.setting.bands[-1]
    raw, needed = by_id["worth.gap"], _needed(found.worst, found.best)
    beyond = needed is not None and needed > found.coverage.customers > 0
    said = wording.compare_rates(
        wording.scored(found.setting.variant, worst),
        wording.scored(found.setting.variant, best),
        did=f"left within {found.setting.horizon} months",
        difference=raw.interval,
        estimate=raw.value,
        rate_first=by_id.get(f"worth.left.{worst.name}"),
        rate_second=by_id.get(f"worth.left.{best.name}"),
        needed=None if beyond else needed,
    )
    if not beyond or raw.interval is None or not raw.interval.holds(0):
        return said
    out = wording.ruled_out(
        wording.scored(found.setting.variant, worst),
        wording.scored(found.setting.variant, best),
        measure=_leaving(found),
        beyond=largest(raw.interval),
    )
    return f"{said} {out}"


def _leaving(found: Findings) -> str:
    return f"leaving within {found.setting.horizon} months"


def largest(reach: Interval) -> float:
    """The size of the largest difference a range still allows."""
    return max(abs(reach.low), abs(reach.high))


def _gap(found: Findings) -> str:
    """The counted gap, and what remains of it once what finance knows is held equal."""
    counted = _counted(found)
    by_id = facts_by_id(found)
    raw = by_id["worth.gap"]
    adjusted = by_id.get("worth.gap_adjusted")
    if adjusted is None or found.model is None or raw.interval is None:
        return counted
    if raw.interval.holds(0):
        return counted
    if adjusted.interval is None or adjusted.value is None:
        return counted
    held = wording.remaining(
        wording.scored(found.setting.variant, found.setting.bands[0]),
        wording.scored(found.setting.variant, found.setting.bands[-1]),
        measure=_leaving(found),
        difference=adjusted.interval,
        estimate=adjusted.value,
        held_equal=fmt.listed(found.model.held_equal),
    )
    return f"{counted} {held}"


def _needed(worst: BandOutcome, best: BandOutcome) -> int | None:
    if worst.rate is None or best.rate is None or worst.rate.estimate == best.rate.estimate:
        return None
    return customers_needed(worst.rate.estimate, best.rate.estimate)


def _stake(found: Findings, *, cash: bool = False) -> str:
    by_id = facts_by_id(found)
    return wording.stake(
        by_id["worth.at_stake"],
        horizon=found.setting.horizon,
        whole=by_id["worth.revenue_ahead"],
        cash=by_id.get("worth.at_stake_cash") if cash else None,
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
    if found.rates_shown and found.model:
        yield (
            "This is an association, not proof: customers who answer differently also differ in "
            f"ways nobody recorded. Held equal here: {fmt.listed(found.model.held_equal)}."
        )
        yield from _history(found)
        yield from same_total(found)
        yield from _about_leaving(found)
    elif not setting.conditions.against_rates:
        yield too_little(found).why
    yield from _about_money(found)
    yield from _about_days(found)


def _about_leaving(found: Findings) -> Iterator[str]:
    """What the word leaving rests on, and what was left out so that nothing knows the outcome."""
    setting = found.setting
    if setting.item.after_goodbye:
        yield (
            f"{fmt.counted(setting.item.after_goodbye, 'answer was', 'answers were')} given on or "
            "after the day the customer said goodbye, such as exit surveys. That predicts nothing "
            "and is left out."
        )
    if not setting.panel.contractual:
        yield setting.without_contracts
    elif not found.ground.has_notices:
        yield (
            "The subscriptions name no day of cancelling, only ends: an answer given after the "
            "decision to leave cannot be told from one given before, and the gap may be overstated."
        )
    yield from left_out_words(setting.excluded)
    for leak in found.model.leaks if found.model else ():
        yield (
            f"The {leak.column} {wording.quoted(leak.value)} knows the outcome "
            f"({fmt.count(leak.left)} of {fmt.count(leak.n)} left), so {leak.column} is left out "
            "of the model."
        )


def _about_money(found: Findings) -> Iterator[str]:
    data = found.ground
    if data.revenue_unplaced and found.setting.conditions.money_allowed:
        yield (
            f"{fmt.count(data.revenue_unplaced)} of {fmt.count(data.revenue_rows)} revenue rows "
            "have no customer or date that can be found and are left out."
        )
    for band in found.all_bands if found.money_shown else ():
        if band.kept and band.kept.largest_share >= LARGE_ACCOUNT:
            yield (
                f"One account holds {fmt.number(band.kept.largest_share, 'share')} of the revenue "
                f"in “{band.label}”; what is kept there is mostly its story."
            )


def _about_days(found: Findings) -> Iterator[str]:
    """Which day the Answer stops at, when it is not the one a reader expects."""
    setting = found.setting
    if setting.scope.as_of:
        if setting.scope.as_of != setting.as_of:
            yield (
                f"Months are counted whole: the last one that ends by "
                f"{fmt.day(setting.scope.as_of)} and is covered by the data ends on "
                f"{fmt.day(setting.as_of)}."
            )
        return
    newest = setting.panel.newest_day
    if newest and (newest - setting.as_of).days > STALE_DAYS:
        yield (
            f"What customers paid is loaded up to {fmt.day(setting.as_of)}, other files go on to "
            f"{fmt.day(newest)}. The answer stops where the money stops: import the newer revenue."
        )


def _judged(test: Backtest) -> str:
    if test.confirms(ALL):
        return ""
    if test.foresaw(ALL):
        return " Its range was too wide to be wrong, so its total is graded D."
    return " It was wrong, so its total is graded D."


def _history(found: Findings) -> Iterator[str]:
    test = found.backtest
    if test is None:
        yield (
            "The method could not be checked on later data, because the history is too short; that "
            "is why no figure of the model is graded beyond D."
        )
        return
    expected, months = test.expected[ALL], found.setting.horizon
    leavers, low, high = (
        fmt.count(round(part))
        for part in (expected.leavers, expected.leavers_low, expected.leavers_high)
    )
    said = (
        f"Run {months} months ago, the method expected {leavers} customers to leave (range {low} "
        f"to {high}); {fmt.count(test.leavers[ALL])} left."
    )
    if found.money_shown:
        currency = found.setting.currency or "count"
        reach = Interval(expected.low, expected.high)
        money = fmt.number(expected.estimate, currency, interval=reach)
        said += (
            f" It expected {money} to go with them (range "
            f"{fmt.spread(expected.low, expected.high, currency)}); "
            f"{fmt.number(test.lost[ALL], currency, interval=reach)} went."
        )
    yield f"{said}{_judged(test)}"
    yield from _bands_outside(found, test)
    yield from _record(found)
    if found.model is None or not found.gap_clear:
        return
    if test.confirms_gap(found.model.gap):
        yield (
            "On windows the model had not seen, the gap showed again beyond what finance's columns "
            "had expected."
        )
    else:
        yield (
            "On windows the model had not seen, the gap did not show beyond what finance's columns "
            "had expected and beyond noise, so it is graded D."
        )


def _bands_outside(found: Findings, test: Backtest) -> Iterator[str]:
    """Bands whose leavers were not within their range, which a total that held does not show."""
    named = {("band", band.name): f"“{band.label}”" for band in found.bands}
    named[UNHEARD] = "customers who answered nothing in a year"
    outside = []
    for group in (group for group in named if group in test.expected):
        stake, came = test.expected[group], test.leavers[group]
        if not stake.leavers_low <= came <= stake.leavers_high:
            low, middle, high = (
                fmt.count(round(part))
                for part in (stake.leavers_low, stake.leavers, stake.leavers_high)
            )
            outside.append(
                f"{named[group]} (expected {middle}, range {low} to {high}; {fmt.count(came)} left)"
            )
    if outside:
        yield (
            f"Outside its range in that run: {fmt.listed(outside)}. So where the leavers sit was "
            "foreseen less well than how many there are."
        )


def _record(found: Findings) -> Iterator[str]:
    """How right the model was about single customers of later windows."""
    told = found.record
    if told is None:
        return
    if not found.ranks:
        yield f"{no_ranking(told)} Nothing said of who leaves is graded beyond D."
    slope = told.calibration
    if (
        slope.slope is not None
        and slope.slope > 0
        and slope.slope_low is not None
        and slope.slope_high is not None
        and not found.spread_right
    ):
        bold = slope.slope < 1
        ends = Interval(slope.slope_low, slope.slope_high, LEVEL)
        size = fmt.number(slope.slope, "ratio", interval=ends)
        high, low = ("too high", "too low") if bold else ("too low", "too high")
        yield (
            f"On later windows its high chances were {high} and its low ones {low}: the distance "
            f"between two chances, in log odds, came out {size} times as large (range "
            f"{fmt.spread(ends.low, ends.high, 'ratio')}). So where the money sits is graded D; "
            "the total was held against what came by itself."
        )
    yield (
        "The table of this record is of this question's model, which knows one rating by its "
        "bands; that of churn is of another model, which knows every answer."
    )
