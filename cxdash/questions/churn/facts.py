"""The Facts of ``churn``: each number with whom it speaks of, how it was made and how far to trust
it.
"""

from collections.abc import Iterator
from typing import Final

from cxdash.facts import Card, Fact, Interval, Method
from cxdash.facts import format as fmt
from cxdash.questions.churn.drivers import ALARM, Driver
from cxdash.questions.churn.effects import Effect
from cxdash.questions.churn.find import EVENTS_A_COLUMN, Found, Record
from cxdash.questions.churn.tables import driver_method, held_equal
from cxdash.questions.judgement import LEVEL
from cxdash.stats.evidence import e_value

__all__ = ["churn_facts", "facts_by_id", "right_in_all"]

_ASSOCIATION: Final = (
    "An association: customers who differ in this differ in ways nobody recorded. Only a pilot "
    "can tell what acting on it does."
)
_FORMULA: Final = (
    "log odds of leaving in a month = what was known when the window began, weighted; chance over "
    "the horizon = 1 − (1 − chance of a month) to the power of its months"
)
_WHOLE: Final = "Whoever leaves counts for the whole horizon."
_NO_SKILL: Final = (
    "The model as a whole does not foresee leaving beyond noise, so no part of it can be given to "
    "the answers."
)
_ASSUMES: Final = (
    "What was known when a window began was known then, not written later.",
    "The chance of leaving is the same in every month of a window.",
    "Nothing unrecorded differs with the answers and with leaving alike.",
)


def churn_facts(found: Found) -> tuple[Fact, ...]:
    """Every Fact of the Answer, the leading ones first."""
    return tuple(_facts(found))


def facts_by_id(found: Found) -> dict[str, Fact]:
    """The same Facts by their id, for sentences that quote some of them."""
    return {fact.id: fact for fact in _facts(found)}


def right_in_all(record: Record | None) -> bool:
    """Whether, on windows it had not seen, the model was right in its level and not too bold."""
    if record is None:
        return False
    told = record.of_main.calibration
    level = told.intercept_low <= 0 <= told.intercept_high
    bold = told.slope_low is not None and told.slope_high is not None
    return level and bold and (told.slope_low or 0) <= 1 <= (told.slope_high or 0)


def _facts(found: Found) -> Iterator[Fact]:
    yield _rate(found)
    if found.model is None:
        if found.stage.conditions.rates_allowed:
            yield _lacking(found)
        return
    yield from _today(found)
    if found.record:
        yield from _skill(found, found.record)
        yield from _rightness(found, found.record)
    if found.together:
        yield _together(found, found.together)
    for driver in found.drivers:
        yield _driver(found, driver)


def _rate(found: Found) -> Fact:
    rate = found.rate
    return Fact(
        id="churn.rate",
        label=f"Customers who left within {found.stage.horizon} months",
        value=rate.estimate if rate else None,
        interval=Interval(rate.low, rate.high, rate.level) if rate else None,
        unit="share",
        method=Method(
            description="Share of closed customer-windows that ended with the customer gone; "
            "Wilson interval."
        ),
        n=rate.n if rate else 0,
        population=f"{found.stage.population} who had not said goodbye",
        period=found.stage.period,
        definition="churn_rate",
        caveats=() if rate else _why_no_rate(found),
        sources=found.stage.ground.sources,
    )


def _why_no_rate(found: Found) -> tuple[str, ...]:
    against = found.stage.conditions.against_rates
    if against:
        return tuple(reason.why for reason in against)
    return (f"No {found.stage.horizon}-month window is over, so nobody was followed to its end.",)


def _lacking(found: Found) -> Fact:
    few = min(found.events, found.stayers)
    return Fact(
        id="churn.leavers_lacking",
        label="Leavers missing before single drivers can be told apart"
        if found.events <= found.stayers
        else "Stayers missing before single drivers can be told apart",
        value=float(max(0, found.needed - few)),
        unit="count",
        method=Method(
            description=f"{EVENTS_A_COLUMN} leavers for each column of the smallest useful model, "
            "less those seen."
        ),
        n=len(found.closed.rows),
        population=found.stage.population,
        period=found.stage.period,
        definition="leavers_lacking",
        sources=found.stage.ground.sources,
    )


def _card(found: Found, *, model: str, formula: str, code: str, sensitivity: str = "") -> Card:
    record = found.record
    validation = ""
    if record:
        told = record.of_main
        slope = "no slope" if told.calibration.slope is None else f"{told.calibration.slope:.2f}"
        validation = (
            f"Learned from windows before, tried on {fmt.count(told.n)} later windows with "
            f"{fmt.count(told.events)} leavers: AUC {told.auc.estimate if told.auc else 0.5:.3f}, "
            f"calibration slope {slope}, {told.calibration.expected:.0f} leavers expected."
        )
    sampled = f" of {fmt.count(found.sampled)} customers chosen by a hash" if found.sampled else ""
    return Card(
        model=model,
        formula=formula,
        sample=f"{fmt.count(len(found.closed.rows))} customer-windows with "
        f"{fmt.count(found.events)} leavers{sampled}",
        window=found.stage.period,
        exclusions=tuple(
            f"{entry.column}: {entry.reason}" for entry in found.stage.cleared.excluded
        ),
        assumptions=_ASSUMES,
        validation=validation,
        sensitivity=sensitivity,
        code=f"cxdash.questions.{code}",
    )


def _chance_card(found: Found) -> Card:
    return _card(
        found,
        model="Discrete-time survival by logistic regression, coefficients drawn towards zero as "
        "far as their errors call for (empirical Bayes)",
        formula=_FORMULA,
        code="churn.find.find",
        sensitivity="The level may drift by about a tenth from window to window; the range allows "
        "for it.",
    )


def _today(found: Found) -> Iterator[Fact]:
    stage, stake = found.stage, found.stake
    if stake is None:
        return
    method = Method(
        description="Chances of today's customers added up; the range adds the doubt about the "
        "model and the toss of each customer.",
        adjusted_for=held_equal(found),
        validated_out_of_time=right_in_all(found.record),
        card=_chance_card(found),
    )
    wrong = () if right_in_all(found.record) else (_not_right(found),)
    whom = f"{stage.population} of today who have not said goodbye"
    yield Fact(
        id="churn.expected_leavers",
        label=f"Expected to leave within {stage.horizon} months",
        value=stake.leavers,
        interval=Interval(stake.leavers_low, stake.leavers_high, stake.level),
        unit="count",
        method=method,
        n=stake.customers,
        population=whom,
        period=stage.coming,
        definition="leavers_expected",
        caveats=wrong,
        sources=stage.ground.sources,
    )
    told = stage.conditions.money_allowed
    yield Fact(
        id="churn.at_stake",
        label=f"Revenue of those expected to leave, {stage.horizon} months",
        value=stake.estimate if told else None,
        interval=Interval(stake.low, stake.high, stake.level) if told else None,
        unit=stage.currency or "count",
        method=method,
        n=stake.customers,
        population=whom,
        period=stage.coming,
        definition="revenue_at_stake",
        caveats=(*wrong, _WHOLE, *_beside_worth(found))
        if told
        else tuple(reason.why for reason in stage.conditions.against_money),
        sources=stage.ground.sources,
    )


def _beside_worth(found: Found) -> Iterator[str]:
    """The headline figure for the same revenue, and why this one is another."""
    worth, currency = found.worth, found.stage.currency or "count"
    if worth is None:
        return
    size = fmt.number(worth.estimate, currency, interval=Interval(worth.low, worth.high, LEVEL))
    yield (
        f"The figure to quote is that of worth: {size} (range "
        f"{fmt.spread(worth.low, worth.high, currency)}). It rests on the bands of one rating; "
        "this sum uses every answer under another model, so the two differ within their ranges. "
        "Each is graded by how right its own model was on later windows; the grades may differ."
    )


def _not_right(found: Found) -> str:
    if found.record is None:
        return (
            "The method could not be tried on later windows, so this is graded as observed: the "
            "history is too short."
        )
    told = found.record.of_main.calibration
    return (
        f"On later windows the model expected {told.expected:.0f} leavers where "
        f"{told.events} left, or was too bold or too timid; so this is graded as observed."
    )


def _tried(record: Record) -> str:
    return f"windows after those learned from, the last after {record.of_main.cutoff}"


def _skill(found: Found, record: Record) -> Iterator[Fact]:
    if record.gain is None:
        return
    share, clear = record.share, record.gain.skill.low > 0
    yield Fact(
        id="churn.skill_added",
        label="What answers add, as a part of all that this model foresees",
        value=min(1.0, share.estimate) if share else None,
        interval=Interval(min(1.0, share.low), min(1.0, share.high), LEVEL) if share else None,
        unit="share",
        method=Method(
            description=f"Surprise (log loss) that the model with answers takes away beyond "
            f"“{record.known}”, as a part of all it takes away; bootstrap over customers.",
            adjusted_for=held_equal(found),
            validated_out_of_time=clear,
            card=_card(
                found,
                model="Two models of leaving, with and without survey answers, on the same unseen "
                "windows",
                formula="(log loss without − log loss with) / (log loss at the average risk − log "
                "loss with)",
                code="churn.find.find",
                sensitivity=_auc_gain(record),
            ),
        ),
        n=record.gain.skill.n,
        population=found.stage.population,
        period=_tried(record),
        definition="skill_added",
        caveats=() if share else (_NO_SKILL,),
        sources=found.stage.ground.sources,
    )


def _auc_gain(record: Record) -> str:
    if record.gain is None:
        return ""
    gain = record.gain.auc
    points = fmt.number(gain.estimate, "share", interval=Interval(gain.low, gain.high))
    ends = fmt.spread(gain.low, gain.high, "share")
    return f"By the order of customers alone (AUC) the gain is {points} (range {ends})."


def _rightness(found: Found, record: Record) -> Iterator[Fact]:
    told = record.of_main
    method = Method(
        description="Counted on windows the model had not seen (rolling origin); DeLong's interval "
        "for the order, Cox's regression for the chances.",
        adjusted_for=held_equal(found),
        validated_out_of_time=told.ranks,
        card=_card(
            found,
            model="Rolling-origin validation",
            formula="fit on all windows before a day, predict the next, for every day; all "
            "predictions together",
            code="validation.forecast",
        ),
    )
    base = {
        "method": method,
        "n": told.n,
        "population": found.stage.population,
        "period": _tried(record),
        "sources": found.stage.ground.sources,
    }
    if told.auc:
        yield Fact(
            id="churn.auc",
            label="How often the leaver of a pair had the larger chance",
            value=told.auc.estimate,
            interval=Interval(told.auc.low, told.auc.high, LEVEL),
            unit="share",
            definition="auc",
            caveats=("A coin toss gives 50%.",),
            **base,  # type: ignore[arg-type]
        )
    calibration = told.calibration
    if calibration.slope is not None:
        low, high = calibration.slope_low, calibration.slope_high
        yield Fact(
            id="churn.calibration_slope",
            label="Are the chances too bold? 1 is right",
            value=calibration.slope,
            interval=Interval(low or 0.0, high or 0.0, LEVEL),
            unit="ratio",
            definition="calibration_slope",
            caveats=("Less than 1: large chances are too large, small ones too small.",),
            **base,  # type: ignore[arg-type]
        )
    top = record.lifts[0]
    yield Fact(
        id="churn.top_tenth",
        label="Leavers who had been among the tenth with the largest chance",
        value=top.captured,
        interval=Interval(top.captured_low, top.captured_high, LEVEL),
        unit="share",
        definition="top_tenth",
        caveats=("Drawn by lot it would be 10%.",),
        **base,  # type: ignore[arg-type]
    )


def _together(found: Found, effect: Effect) -> Fact:
    held = held_equal(found)[:-1]
    return Fact(
        id="churn.answers_together",
        label="Change in leaving with every answer one usual step better",
        value=effect.estimate,
        interval=Interval(effect.low, effect.high, LEVEL),
        unit="share",
        method=Method(
            description="Mean change of the modelled chance of leaving, had every customer who "
            "answered given each answer one usual step better; delta method.",
            adjusted_for=held,
            validated_out_of_time=bool(
                found.record and found.record.gain and found.record.gain.skill.low > 0
            ),
            card=_card(
                found,
                model="Discrete-time survival by logistic regression",
                formula=_FORMULA,
                code="churn.effects.effects",
                sensitivity=_unmeasured(effect),
            ),
        ),
        n=len(found.closed.rows),
        population=f"{found.stage.population} who answered",
        period=found.stage.period,
        definition="driver_effect",
        caveats=(_ASSOCIATION,),
        sources=found.stage.ground.sources,
    )


def _unmeasured(effect: Effect) -> str:
    after = effect.before + effect.estimate
    if after <= 0 or effect.before <= 0:
        return ""
    ratio = e_value(after / effect.before)
    return (
        f"An unmeasured cause would have to go with both sides by a risk ratio of {ratio:.2f} to "
        "account for all of it (E-value)."
    )


def _driver(found: Found, driver: Driver) -> Fact:
    plain = driver_method(found, driver)
    return Fact(
        id=f"churn.driver.{driver.name}",
        label=f"Change in leaving with {driver.short}",
        value=driver.effect.estimate,
        interval=Interval(driver.effect.low, driver.effect.high, LEVEL),
        unit="share",
        method=Method(
            description=plain.description,
            adjusted_for=plain.adjusted_for,
            validated_out_of_time=plain.validated_out_of_time,
            card=_card(
                found,
                model="Discrete-time survival by logistic regression",
                formula=_FORMULA,
                code="churn.drivers.drivers",
                sensitivity=f"{_ways(driver)} {_unmeasured(driver.effect)}".strip(),
            ),
        ),
        n=driver.n,
        population=f"{found.stage.population} of whom it is known",
        period=found.stage.period,
        definition="driver_effect",
        caveats=(_ASSOCIATION, f"The step: {driver.change}.", _lever(found, driver)),
        sources=found.stage.ground.sources,
    )


def _ways(driver: Driver) -> str:
    """The effect under other choices of what is held equal."""
    ways = (
        ("alone", driver.raw),
        ("with segments held equal", driver.within),
        ("with finance and operations held equal", driver.apart),
        ("with everything held equal", driver.effect),
    )
    told = [f"{name} {fmt.number(way.estimate, 'share')}" for name, way in ways if way is not None]
    return f"The effect is {', '.join(told)}."


def _lever(found: Found, driver: Driver) -> str:
    if driver.against_lever:
        return f"Not offered as a lever: {driver.against_lever}."
    return (
        f"Called a driver allowing for {ALARM:.0%} false alarms among {len(found.drivers)} "
        "looked at, and shown again by later windows."
    )
