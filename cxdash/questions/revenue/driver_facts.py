"""Facts about what spend goes with: every change within customers, and the gap between them.

A grade follows from the record of the method. A change is confirmed only if it stands out among all
that was compared and passed all three tests: no money before the answer, later windows the same, no
account that carries it. Only then is it added up to a year.
"""

from collections.abc import Iterator
from typing import Final

from cxdash.facts import Card, Fact, Interval, Method, wording
from cxdash.facts import format as fmt
from cxdash.panel import month_end
from cxdash.questions.judgement import LEVEL
from cxdash.questions.revenue.drivers import Driver
from cxdash.questions.revenue.find import Findings
from cxdash.questions.revenue.links import FEWEST, Account, Effect, Link
from cxdash.questions.sums import disputed

__all__ = [
    "account_words",
    "change_method",
    "driver_facts",
    "level_method",
    "premium_facts",
    "tests_of",
    "year_of",
]

_WITHIN: Final = (
    "The same customers over time: money a month in the window after the answer, "
    "conditional Poisson model within customers, variance by customer."
)
_BETWEEN: Final = (
    "Different customers compared: money a month in the window after the answer, Poisson model of "
    "the mean, variance by customer."
)
_ASSOCIATION: Final = (
    "An association: what changes at the same time as the answer is mixed in. Only a pilot can "
    "tell what a change would bring."
)
_NOT_SUMMED: Final = (
    "It is not added up to a year's money: that needs a change that stands out among all compared, "
    "shows again later and rests on no one account."
)
_NO_LEVER: Final = (
    "This compares different customers. It does not say what a change of the answer would bring."
)


def driver_facts(found: Findings) -> Iterator[Fact]:
    """One Fact for each candidate's change, in the order of their rank."""
    for driver in found.drivers.found if found.drivers else ():
        yield _driver(found, driver)


def year_of(found: Findings, driver: Driver) -> tuple[float, float, float] | None:
    """The move at all of today's customers for a year: money, with its range.

    None for a change that is not confirmed, or where contracts and invoices tell different sums:
    such money is shown a customer and never summed.
    """
    effect = driver.change.effect
    if effect is None or not driver.change_validated or disputed(found.ground):
        return None
    times = 12 * (found.lived.customers if found.lived else 0)
    return effect.estimate * times, effect.low * times, effect.high * times


def _driver(found: Findings, driver: Driver) -> Fact:
    effect, candidate = driver.change.effect, driver.candidate
    return Fact(
        id=f"revenue.driver.{candidate.name}",
        label=f"Spend per customer and month after {candidate.after}",
        value=effect.estimate if effect else None,
        interval=Interval(effect.low, effect.high, LEVEL) if effect else None,
        unit=found.stage.unit,
        method=change_method(found, driver),
        n=effect.customers if effect else 0,
        population=f"{found.stage.population} who answered in two windows at least",
        period=_windows(found),
        definition="spend_after",
        caveats=_caveats(found, driver) if effect else (_why_not(driver.change),),
        sources=found.ground.sources,
    )


def _why_not(link: Link) -> str:
    return f"Cannot be compared: {link.why_not}."


def change_method(found: Findings, driver: Driver) -> Method:
    """The record of a change within customers."""
    link = driver.change
    return Method(
        description=_WITHIN,
        adjusted_for=link.held_equal,
        validated_out_of_time=driver.change_validated,
        disputed=bool(disputed(found.ground)),
        card=_card(
            found,
            link,
            model="Conditional (within-customer) Poisson pseudo maximum likelihood, clustered by "
            "customer",
            assumptions=(
                "The mean of spend is right on a logarithmic scale; its spread may be anything.",
                "Nothing that matters changes together with the answer and is left out.",
                "The answer does not follow from the money (tested with the later answer).",
            ),
            validation=" ".join(tests_of(driver)),
            sensitivity=_broad(driver),
            code="cxdash.stats.within.fit_within_poisson",
        ),
    )


def level_method(found: Findings, driver: Driver) -> Method:
    """The record of a comparison between customers."""
    return Method(
        description=_BETWEEN,
        adjusted_for=driver.level.held_equal,
        validated_out_of_time=driver.level_validated,
        disputed=bool(disputed(found.ground)),
        card=_card(
            found,
            driver.level,
            model="Poisson pseudo maximum likelihood between customers, clustered by customer",
            assumptions=("Customers who answer differently differ in nothing else that matters.",),
            validation=_LEVEL_TOLD[driver.level_validated],
            sensitivity="Other models stand in the table of models.",
            code="cxdash.stats.spend.fit_mean",
        ),
    )


_LEVEL_TOLD: Final = {
    True: "Later windows showed the same, and customers compared with themselves do not "
    "contradict it.",
    False: "Not confirmed: later windows, or the same customers over time, do not show it.",
}


def _card(
    found: Findings,
    link: Link,
    *,
    model: str,
    assumptions: tuple[str, ...],
    validation: str,
    sensitivity: str,
    code: str,
) -> Card:
    effect = link.effect
    lived = found.lived
    excluded = ["Answers given on or after the day the customer said goodbye."]
    if lived and lived.negative:
        excluded.append(
            f"{fmt.count(lived.negative)} windows in which more was paid back than paid count as "
            "nothing paid."
        )
    if lived and lived.looked_at < 1:
        share = fmt.number(lived.looked_at, "share")
        wider = fmt.number(lived.looked_at**-0.5 - 1, "share")
        excluded.append(
            f"{share} of the customers who answered are looked at, drawn by their number's hash: "
            f"that makes ranges about {wider} wider than all of them would, and shifts nothing."
        )
    excluded += [f"{entry.column}: {entry.reason}" for entry in found.stage.excluded]
    return Card(
        model=model,
        formula="mean spend of today's customers × (exp(coefficient × move) − 1); move: "
        f"{link.candidate.step}, {link.candidate.usual}",
        sample=f"{fmt.count(effect.n if effect else 0)} customer-windows of "
        f"{fmt.count(effect.customers if effect else 0)} customers",
        window=_windows(found),
        exclusions=tuple(excluded),
        assumptions=assumptions,
        validation=validation,
        sensitivity=sensitivity,
        code=code,
    )


def tests_of(driver: Driver) -> tuple[str, ...]:
    """How the three tests of a change came out, one sentence each."""
    link = driver.change
    if link.lead_p is None:
        lead = "Whether the money moved first could not be tested: too few later answers."
    elif driver.lead_passed:
        lead = (
            "What customers say later does not go with the money "
            f"({fmt.p_value(link.lead_p)}), so nothing shows that the money moved first."
        )
    else:
        lead = (
            f"What customers say later goes with the money too ({fmt.p_value(link.lead_p)}): the "
            "money may have moved first."
        )
    if link.same is None:
        later = "The history is too short to see whether later windows show the same."
    elif link.confirmed:
        later = "Later windows, by themselves, show the same as earlier ones."
    else:
        later = "Later windows, by themselves, do not show the same as earlier ones."
    return lead, later, _account(driver)


def _account(driver: Driver) -> str:
    account = driver.change.account
    if account is None:
        return "No single account carries a fifth of it."
    return account_words(account)


def account_words(account: Account) -> str:
    """What an account does to a finding, in one sentence."""
    name = wording.quoted(account.customer_id)
    if account.dominates:
        return f"Most of the doubt is about account {name} alone."
    part = fmt.number(min(1.0, account.share), "share")
    if account.decides:
        return f"Account {name} carries {part} of it: without that account nothing clear is left."
    return f"Account {name} carries {part} of it; without that account it still stands."


def _broad(driver: Driver) -> str:
    if driver.change.would_go is None:
        return "No choice of up to half of the customers would make the finding vanish."
    if not driver.change.would_go:
        return "There is no clear finding to lose."
    return (
        f"If {fmt.count(driver.change.would_go)} customers, chosen against it, had not been there, "
        "the range would hold zero."
    )


def _caveats(found: Findings, driver: Driver) -> tuple[str, ...]:
    effect = driver.change.effect
    if effect is None:
        return ()
    said = [_in_all(found, driver), _ASSOCIATION, *tests_of(driver)]
    if not driver.stands_out:
        said.append("Among all things compared it does not stand out from the noise.")
    return tuple(said)


def _in_all(found: Findings, driver: Driver) -> str:
    """What the change comes to at all customers, or why it is not added up."""
    found_year = year_of(found, driver)
    if found_year is None:
        return _NOT_SUMMED
    year, low, high = found_year
    customers = found.lived.customers if found.lived else 0
    unit = found.stage.unit
    return (
        f"At all {fmt.count(customers)} customers of today that is "
        f"{fmt.number(year, unit, interval=Interval(low, high))} a year "
        f"(range {fmt.spread(low, high, unit)}), if all moved alike."
    )


def premium_facts(found: Findings) -> Iterator[Fact]:
    """Spend of the best band minus the worst, as counted and held equal."""
    setting = found.stage.setting
    if setting is None or found.drivers is None:
        return
    worst, best = setting.bands[0].label, setting.bands[-1].label
    gap = found.premium
    yield _gap(
        found,
        "revenue.premium",
        f"Monthly spend: “{best}” minus “{worst}”, as counted",
        gap.raw if gap else None,
        Method(
            description="Difference of two means; variance by customer.",
            card=Card(
                model="Difference of two means, clustered by customer",
                formula="mean monthly spend of the best band − that of the worst",
                sample=f"{fmt.count(gap.raw.customers if gap else 0)} customers",
                window=_windows(found),
                assumptions=("Nothing: this describes and does not compare like with like.",),
                sensitivity="Held equal it is another number: see revenue.premium_adjusted.",
                code="cxdash.questions.revenue.premium.premium",
            ),
        ),
        (_NO_LEVER, "Nothing is held equal."),
    )
    yield _gap(
        found,
        "revenue.premium_adjusted",
        f"Monthly spend: “{best}” minus “{worst}”, held equal",
        gap.held if gap else None,
        Method(
            description="Difference between the bands in a straight line with "
            f"{', '.join(gap.held_equal) if gap else 'nothing'} held equal; variance by customer.",
            adjusted_for=gap.held_equal if gap else (),
            validated_out_of_time=bool(gap and gap.confirmed),
            disputed=bool(disputed(found.ground)),
            card=Card(
                model="Linear regression between customers, clustered by customer",
                formula="coefficient of the best band beside the worst",
                sample=f"{fmt.count(gap.raw.customers if gap else 0)} customers",
                window=_windows(found),
                assumptions=("What is not held equal does not differ between the bands.",),
                validation="Later windows, by themselves, show the same as earlier ones."
                if gap and gap.confirmed
                else "Not confirmed on later windows.",
                sensitivity="A gap that shrinks once more is held equal was a difference between "
                "customers.",
                code="cxdash.questions.revenue.premium.premium",
            ),
        ),
        (_NO_LEVER,),
    )


def _gap(
    found: Findings,
    id: str,
    label: str,
    effect: Effect | None,
    method: Method,
    caveats: tuple[str, ...],
) -> Fact:
    few = f"One of the two groups has fewer than {FEWEST} customers with a whole window after it."
    return Fact(
        id=id,
        label=label,
        value=effect.estimate if effect else None,
        interval=Interval(effect.low, effect.high, LEVEL) if effect else None,
        unit=found.stage.unit,
        method=method,
        n=effect.customers if effect else 0,
        population=f"{found.stage.population} who answered",
        period=_windows(found),
        definition="spend_gap",
        caveats=caveats if effect else (few,),
        sources=found.ground.sources,
    )


def _windows(found: Findings) -> str:
    months, horizon = found.stage.seen.closed_months, found.stage.horizon
    if not months:
        return f"no {horizon}-month window is over"
    first, last = month_end(months[0]), month_end(months[-1] + horizon)
    return f"{len(months)} windows of {horizon} months, {first.isoformat()} to {last.isoformat()}"
