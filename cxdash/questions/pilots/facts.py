"""The Facts of ``pilots``: what each did, and what that is worth for a customer and a year."""

from collections.abc import Iterator, Sequence
from typing import Final

from cxdash.facts import Card, Fact, Interval, Method, wording_pilots
from cxdash.panel import Ground, month_end
from cxdash.questions.conditions import Conditions
from cxdash.questions.pilots.read import Found
from cxdash.questions.pilots.reading import Reading

__all__ = ["MEASURES", "paid_said", "pilot_facts", "unit_of"]

#: Outcome to what is measured, in words that follow "lowered" or "raised".
MEASURES: Final = {
    "churn": "the share of customers who left",
    "revenue": "what a customer paid a month",
    "contacts": "contacts a month and customer",
    "score": "the next rating",
}
_DEFINITIONS: Final = {
    "churn": "pilot_leaving",
    "revenue": "pilot_paid",
    "contacts": "pilot_contacts",
    "score": "pilot_rating",
}
_ASSUMES: Final = {
    "randomised": ("Groups were drawn by lot and treated as drawn.",),
    "regions": (
        "Treated and untreated units would have moved in parallel without the treatment.",
        "Which units were treated has nothing to do with how they were about to move.",
    ),
    "matched": ("Nothing that nobody recorded sets the chosen apart from those like them.",),
    "follow_up": ("Who was called back does not depend on how they were about to rate.",),
}
_UNRECORDED: Final = ("Nothing that nobody recorded sets the groups apart.",)
_NO_MONEY: Final = {
    "score": "A rating is no money; what it goes with is told by worth and revenue.",
    "contacts": "No cost of contacts is loaded, so fewer contacts are not turned into money.",
}


def unit_of(outcome: str, currency: str | None) -> str:
    """Unit of the effect on an outcome."""
    money = currency or "score"
    return {"churn": "share", "revenue": money, "contacts": "ratio", "score": "score"}[outcome]


def pilot_facts(
    pilots: Sequence[Found], currency: str | None, data: Ground, conditions: Conditions
) -> tuple[Fact, ...]:
    """Two for each pilot; those it cannot tell yet have no value and say why."""
    return tuple(fact for found in pilots for fact in _facts(found, currency, data, conditions))


def _facts(
    found: Found, currency: str | None, data: Ground, conditions: Conditions
) -> Iterator[Fact]:
    one, reading = found.one, found.reading
    unit = unit_of(one.plan.outcome, currency)
    ends = _ends(reading)
    method, n = _method(found), _n(reading)
    marks = _marks(found)
    yield Fact(
        id=f"pilots.{one.key}.effect",
        label=f"{one.name}: {MEASURES[one.plan.outcome]}, treated minus untreated",
        value=reading.effect.estimate if reading and ends else None,
        interval=ends,
        unit=unit,
        method=method,
        n=n,
        population="customers of the pilot",
        period=_period(found),
        definition=_DEFINITIONS[one.plan.outcome],
        caveats=(*marks, *(reading.notes if reading else ()))
        if ends
        else (found.verdict.why, *marks),
        sources=data.sources,
    )
    against = _against_money(found, currency, conditions)
    factor = reading.yearly * reading.good if reading and reading.yearly else 0.0
    told = reading is not None and ends is not None and not against
    yield Fact(
        id=f"pilots.{one.key}.per_customer_year",
        label=f"{one.name}: won per treated customer and year",
        value=reading.effect.estimate * factor if reading and told else None,
        interval=ends.scaled(factor) if ends and told else None,
        unit=currency or "count",
        method=method,
        n=n,
        population="customers of the pilot",
        period=_period(found),
        definition="pilot_value",
        caveats=(*marks, *paid_said(found, currency))
        if told
        else tuple(against or (found.verdict.why,)),
        sources=data.sources,
    )


def paid_said(found: Found, currency: str | None) -> tuple[str, ...]:
    """Beside money that follows from fewer leavers: what the same customers paid meanwhile."""
    reading = found.reading
    paid = reading.paid if reading else None
    if reading is None or paid is None or currency is None:
        return ()
    if paid.low is None or paid.high is None:
        return ()
    return (
        wording_pilots.paid_beside(
            found.one.name, paid.estimate, Interval(paid.low, paid.high, reading.level), currency
        ),
    )


def _ends(reading: Reading | None) -> Interval | None:
    if reading is None or reading.effect.low is None or reading.effect.high is None:
        return None
    return Interval(reading.effect.low, reading.effect.high, reading.level)


def _n(reading: Reading | None) -> int:
    return reading.treated.customers + reading.untreated.customers if reading else 0


def _marks(found: Found) -> tuple[str, ...]:
    """What stands beside the number whatever it is: plan, changes, failed checks."""
    one = found.one
    made = []
    if not one.is_planned:
        made.append("No plan was frozen: nobody said before what would be measured, and when.")
    elif one.frozen_on is None:
        made.append("The plan is not frozen, so it may still follow the result.")
    elif not one.frozen_in_time:
        made.append(
            f"The plan was frozen on {one.frozen_on.isoformat()}, after it began on "
            f"{one.began.isoformat()}, so it may follow what was seen."
        )
    if one.gone_on is not None:
        made.append(f"The plan was taken out on {one.gone_on.isoformat()}, after it had begun.")
    if one.sharing > 1:
        made.append(
            f"{one.sharing} plans look at the same customers, so each range is wide enough for "
            "all of them together."
        )
    if one.changes:
        fields = ", ".join(dict.fromkeys(change.field for change in one.changes))
        made.append(f"Changed after the start: {fields}. It is read as it was frozen.")
    if found.reading:
        made += [
            f"Check not passed: {check.name}. {check.said}"
            for check in found.reading.checks
            if not check.passed
        ]
    return tuple(made)


def _against_money(found: Found, currency: str | None, conditions: Conditions) -> tuple[str, ...]:
    outcome, reading = found.one.plan.outcome, found.reading
    if conditions.against_money:
        return tuple(reason.why for reason in conditions.against_money)
    if currency is None:
        return ("No revenue is loaded, so no dollars are shown.",)
    if reading is not None and reading.yearly is None:
        return (_NO_MONEY.get(outcome, "Nothing is known of what these customers pay."),)
    if outcome == "score":
        return (_NO_MONEY["score"],)
    if reading is not None and not reading.checks_passed:
        return ("A check did not pass, so no dollars are told.",)
    return ()


def _method(found: Found) -> Method:
    one, reading = found.one, found.reading
    if reading is None:
        return Method(description="Not read yet.")
    return Method(
        description=reading.how,
        randomised=found.randomised,
        quasi_experiment=one.frozen_before_reading,
        checks_passed=reading.checks_passed,
        card=Card(
            model=reading.how,
            formula="treated minus untreated, as all were given to their groups",
            sample=f"{reading.assigned[0]:,} treated and {reading.assigned[1]:,} untreated were "
            f"assigned; {_n(reading):,} customers in all",
            window=_period(found),
            exclusions=tuple(f"{check.name}: {check.said}" for check in reading.checks),
            assumptions=_ASSUMES.get(one.design, _UNRECORDED),
            validation=_plan_said(found),
            sensitivity=reading.sensitivity
            or "The plain difference stands beside it in the table of effects.",
            code=reading.code,
        ),
    )


def _plan_said(found: Found) -> str:
    one = found.one
    if one.frozen_on is None:
        return ""
    return f"Plan frozen on {one.frozen_on.isoformat()}, SHA-256 {one.digest}."


def _period(found: Found) -> str:
    if found.stage is None:
        return "first day not known"
    ends = month_end(found.stage.last).isoformat()
    return f"{found.one.starts.isoformat()} to {ends}"
