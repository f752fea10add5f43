"""The sentences of ``revenue``. Directions come from the grammar in :mod:`cxdash.facts.wording`
alone.
"""

from collections.abc import Iterator
from typing import Final

from cxdash.facts import Interval, wording
from cxdash.facts import format as fmt
from cxdash.panel import month_end
from cxdash.questions.guard import left_out_words
from cxdash.questions.judgement import LEVEL
from cxdash.questions.revenue.ahead import AHEAD_MONTHS, DISCOUNT
from cxdash.questions.revenue.driver_facts import account_words
from cxdash.questions.revenue.drivers import Driver
from cxdash.questions.revenue.facts import AS_IF, facts_by_id, withheld
from cxdash.questions.revenue.find import Findings
from cxdash.questions.revenue.flows import SMALL_RISE, Flow
from cxdash.questions.revenue.stage import YEAR

__all__ = [
    "caveats",
    "cost_title",
    "driver_title",
    "headline",
    "kept_title",
    "missing",
    "value_title",
]

STALE_DAYS: Final = 31
_PAYS: Final = "what a customer pays a month"
_SUBJECT: Final = "whether customers spend another amount once they answer differently"
_FEW_ACQUIRED: Final = "Earned growth: a customer list that says how each customer came."


def headline(found: Findings) -> str:
    """What was kept, over a year beside it, and what goes with spend within customers, or that
    nothing stands out.
    """
    if found.latest is None:
        return wording.cannot_tell("what makes customers spend another amount", _no_money(found))
    said = [kept_title(found), _year_title(found), driver_title(found), _no_lever(found)]
    return " ".join(part for part in said if part)


def kept_title(found: Findings) -> str:
    """Net revenue retention of the newest period; customers lost where money is withheld."""
    by_id = facts_by_id(found)
    net, lost = by_id["revenue.nrr"], by_id["revenue.logo_churn"]
    if net.value is not None or lost.value is None:
        return wording.level(net, of="customers")
    held = wording.withheld("Revenue kept", _no_money(found))
    return f"{held} {wording.level(lost, of='customers')}"


def _year_title(found: Findings) -> str:
    """Net revenue retention over twelve months, so that a shorter one is not read as a year's."""
    fact = facts_by_id(found).get("revenue.nrr_year")
    if fact is None or fact.value is None or found.stage.horizon == YEAR:
        return ""
    return wording.level(fact, of="customers")


def _no_money(found: Findings) -> str:
    conditions = found.stage.conditions
    reasons = (*conditions.against_rates, *conditions.against_money)
    return reasons[0].short if reasons else "no whole period with customers in it is loaded"


def driver_title(found: Findings) -> str:
    """The largest change that stands out; else what stands in its way."""
    if found.drivers is None:
        return wording.cannot_tell(
            _SUBJECT, found.against.short if found.against else "nothing could be compared"
        )
    if found.levers:
        return _moves(found, found.levers[0])
    one = next((d for d in found.drivers.found if d.stands_out), None)
    if one and one.backwards:
        return _moves(found, one)
    return wording.cannot_tell(_SUBJECT, _why_none(one) if one else _noise(found.drivers.tested))


def _no_lever(found: Findings) -> str:
    """Why a clear gap between customers, the rest held equal, does not tell what was asked.

    Empty where a change within customers is told, or where no such gap is clear.
    """
    told = found.levers or any(d.stands_out and d.backwards for d in _tested(found))
    gap, setting = facts_by_id(found).get("revenue.premium_adjusted"), found.stage.setting
    if told or gap is None or setting is None or gap.interval is None or gap.interval.holds(0):
        return ""
    best, worst = (wording.scored(setting.variant, setting.bands[end]) for end in (-1, 0))
    return (
        f"The {fmt.fact_text(gap)} a month between {best} and {worst}, all else held equal, stands "
        "between different customers: it is a level and no lever, and does not tell what the same "
        "customer would pay after another answer."
    )


def _tested(found: Findings) -> tuple[Driver, ...]:
    return found.drivers.found if found.drivers else ()


def _by_chance(found: Findings) -> str:
    """Why a range away from zero is not told where many things were compared."""
    clear = [d for d in _tested(found) if d.change.effect and d.change.effect.clear]
    passed = [d.candidate.spoken for d in clear if not d.stands_out]
    if not passed or not found.drivers:
        return ""
    lies = "range of {} lies" if len(passed) == 1 else "ranges of {} lie"
    return (
        f"The {lies.format(fmt.listed(tuple(passed)))} on one side of zero and still "
        f"{'is' if len(passed) == 1 else 'are'} not told: where {fmt.count(found.drivers.tested)} "
        f"ranges at {LEVEL:.0%} are looked at, some lie so by chance."
    )


def _why_none(one: Driver) -> str:
    """What keeps a change that stands out from being told."""
    account = one.change.account
    if account and not one.stands_alone:
        name = wording.quoted(account.customer_id)
        return f"the largest link, with {one.candidate.spoken}, rests on account {name} alone"
    return f"the largest link, with {one.candidate.spoken}, does not show again on later data"


def _noise(tested: int) -> str:
    if not tested:
        return "too few customers answered in two windows"
    if tested == 1:
        return "the one thing compared does not stand out from the noise"
    return f"none of {fmt.count(tested)} things compared stands out from the noise"


def _moves(found: Findings, driver: Driver) -> str:
    effect = driver.change.effect
    return wording.moves_with(
        driver.candidate.spoken,
        after=driver.candidate.after,
        unit=found.stage.unit,
        difference=Interval(effect.low, effect.high, LEVEL) if effect else None,
        estimate=effect.estimate if effect else None,
        backwards=driver.backwards,
    )


def premium_title(found: Findings) -> str:
    """Whether customers in the best band pay another amount, and what is left held equal."""
    by_id, setting = facts_by_id(found), found.stage.setting
    raw = by_id.get("revenue.premium")
    if raw is None or setting is None:
        return ""
    said = wording.compare(
        wording.scored(setting.variant, setting.bands[-1]),
        wording.scored(setting.variant, setting.bands[0]),
        measure=_PAYS,
        unit=raw.unit,
        difference=raw.interval,
        estimate=raw.value,
    )
    gap = found.premium
    if gap is None or gap.held is None or raw.interval is None or raw.interval.holds(0):
        return said
    held = wording.remaining(
        wording.scored(setting.variant, setting.bands[-1]),
        wording.scored(setting.variant, setting.bands[0]),
        measure=_PAYS,
        difference=Interval(gap.held.low, gap.held.high, LEVEL),
        estimate=gap.held.estimate,
        held_equal=fmt.listed(gap.held_equal),
        unit=raw.unit,
    )
    return f"{said} {held}"


def cost_title(found: Findings) -> str:
    """What serving a customer costs."""
    return wording.level(facts_by_id(found)["revenue.cost_to_serve"], of="customers")


def value_title(found: Findings) -> str:
    """What a customer will pay, discounted."""
    return wording.level(facts_by_id(found)["revenue.clv"], of="customers")


def caveats(found: Findings) -> tuple[str, ...]:
    """What a reader must know before quoting a number of this Answer."""
    return tuple(dict.fromkeys(_caveats(found)))


def missing(found: Findings) -> tuple[str, ...]:
    """What this data cannot tell, and what would let it."""
    on = found.stage
    said = list(on.conditions.would_help)
    if found.against:
        said.append(found.against.would_help)
    if found.drivers is not None:
        said.append(
            "Whether better experience would bring this money: only a pilot in which some "
            "customers, drawn by lot, are treated differently can tell."
        )
    if not found.ground.has_costs:
        said.append("Cost to serve: import contacts with their cost.")
    if found.ground.costs_unconverted:
        said.append(
            f"Cost to serve: {fmt.count(found.ground.costs_unconverted)} contacts have their "
            "cost in a currency without an exchange rate; import rates (kind fx)."
        )
    flow = found.latest
    if flow and flow.kept and flow.kept.earned_growth is None:
        said.append(_FEW_ACQUIRED)
    said.append(
        "Profit: costs other than contacts are not in the files, so all money here is revenue."
    )
    return tuple(dict.fromkeys(said))


def _caveats(found: Findings) -> Iterator[str]:
    yield from withheld(found)
    if found.against:
        yield found.against.why
    if found.drivers is not None:
        yield (
            "Two comparisons stand side by side. Comparing different customers (level) never gives "
            "a lever: they differ in much besides their answers. Comparing the same customers over "
            "time (change) comes nearer to one, and is still an association."
        )
        yield (
            f"{fmt.counted(found.drivers.tested, 'thing was', 'things were')} compared; of those "
            "that stand out, at most one in twenty is expected to be noise."
        )
        yield from filter(None, (_by_chance(found),))
        yield from _about_drivers(found)
        yield from _about_premium(found)
    if found.stage.money_shown and found.latest:
        yield AS_IF
    yield from _about_money(found)
    yield from _about_days(found)


def _about_drivers(found: Findings) -> Iterator[str]:
    for driver in found.drivers.found if found.drivers else ():
        account = driver.change.account
        if account and not account.dominates:
            yield f"On {driver.candidate.spoken}: {account_words(account)}"
        if driver.backwards:
            yield (
                f"Money moved first: what customers later say about {driver.candidate.spoken} goes "
                "with what they paid before. It is not offered as a lever."
            )
    yield from _doubts(found)
    lived = found.lived
    if lived and lived.negative:
        yield (
            f"In {fmt.count(lived.negative)} customer-windows more was paid back than paid; they "
            "count as nothing paid when answers are set beside money."
        )
    yield from left_out_words(found.stage.excluded)
    setting = found.stage.setting
    if setting and setting.item.after_goodbye:
        yield (
            f"{fmt.count(setting.item.after_goodbye)} answers were given on or after the day the "
            "customer said goodbye, such as exit surveys. They are left out."
        )


def _doubts(found: Findings) -> Iterator[str]:
    """Accounts that most of the doubt is about, each with what it makes doubtful."""
    about: dict[str, list[str]] = {}
    for driver in found.drivers.found if found.drivers else ():
        account = driver.change.account
        if account and account.dominates:
            about.setdefault(account.customer_id, []).append(driver.candidate.spoken)
    for customer, labels in about.items():
        yield (
            f"Most of the doubt about {fmt.listed(tuple(labels))} is about account "
            f"{wording.quoted(customer)} alone."
        )


def _about_premium(found: Findings) -> Iterator[str]:
    said = premium_title(found)
    if said:
        yield f"{said} This compares different customers and is no lever."


def _about_money(found: Findings) -> Iterator[str]:
    flow = found.latest
    if flow is None or not found.stage.money_shown:
        return
    on, unit = found.stage, found.stage.unit
    if on.paid.by_contract:
        yield (
            "Money is what contracts come to at a month's end, so yearly invoices do not make it "
            "jump."
        )
        yield from _small_rises(found, flow)
    else:
        yield (
            f"Money is what was paid in {on.horizon} months, per month; invoices for a whole year "
            "make it jump."
        )
    if not on.panel.contractual:
        yield (
            f"There are no contracts: a customer is who bought within {on.horizon} months and had "
            "bought before them, too (who first bought within them paid for a part only, and "
            f"counts as new); whoever then buys nothing for {on.horizon} months counts as lost. "
            "Money is compared between two spans of equal length here; who leaves, in the other "
            "questions, follows from how long customers usually wait between purchases."
        )
    if flow.refunded > 0:
        yield (
            f"{fmt.number(flow.refunded, unit)} was paid back in the newest period. "
            + (
                "Contracts do not show it; it is named here."
                if on.paid.by_contract
                else "It is taken off what was paid."
            )
        )
    if flow.heavy:
        heavy = flow.heavy
        yield (
            f"Account {wording.quoted(heavy.customer_id)} moves net retention: without it, it "
            f"would be {fmt.number(heavy.without, 'share')} instead of "
            f"{fmt.number(heavy.nrr, 'share')}."
        )
    rows = found.ground.revenue_unplaced
    if rows:
        yield (
            f"{fmt.count(rows)} of {fmt.count(found.ground.revenue_rows)} revenue rows have no "
            "customer or date that can be found and are left out."
        )
    if found.values:
        ahead = "" if on.panel.contractual else f" and {AHEAD_MONTHS} months ahead"
        yield (
            "The revenue ahead of a customer rests on a discount of "
            f"{fmt.number(DISCOUNT, 'share')} a year{ahead}; it is revenue, not margin."
        )


def _small_rises(found: Findings, flow: Flow) -> Iterator[str]:
    """Rises that contracts often hold are named, not taken out."""
    if not flow.moved or not flow.small_rises > 0:
        return
    unit = found.stage.unit
    yield (
        f"{fmt.number(flow.small_rises, unit)} of the {fmt.number(flow.moved.expansion, unit)} a "
        f"month that was added came in steps of at most {fmt.number(SMALL_RISE, 'share')} at "
        "unchanged contracts. Price rises written into contracts look like this; they are counted."
    )


def _about_days(found: Findings) -> Iterator[str]:
    """Which day the Answer stops at, when it is not the one a reader expects."""
    on = found.stage
    if on.scope.as_of:
        if on.scope.as_of != on.as_of:
            yield (
                f"Months are counted whole: the last one that ends by {fmt.day(on.scope.as_of)} "
                f"and is covered by the data ends on {fmt.day(on.as_of)}."
            )
        return
    newest = on.panel.newest_day
    if newest and (newest - on.as_of).days > STALE_DAYS:
        yield (
            f"What customers paid is loaded up to {fmt.day(on.as_of)}, other files go on to "
            f"{fmt.day(newest)}. The answer stops where the money stops: import the newer revenue."
        )
    flow = found.latest
    if flow and month_end(flow.opens + on.horizon) != on.as_of:
        yield f"The newest whole period ends on {fmt.day(month_end(flow.opens + on.horizon))}."
