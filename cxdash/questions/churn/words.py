"""The sentences of ``churn``. Directions come from the grammar in :mod:`cxdash.facts.wording`."""

from collections.abc import Iterator, Sequence

from cxdash.facts import Interval, wording
from cxdash.facts import format as fmt
from cxdash.questions.chance import MIN_EVENTS
from cxdash.questions.churn.drivers import Driver
from cxdash.questions.churn.effects import Effect
from cxdash.questions.churn.facts import facts_by_id, right_in_all
from cxdash.questions.churn.find import BOOSTED, EVENTS_A_COLUMN, Found, Record
from cxdash.questions.churn.tables import MOST_RISKS, held_equal
from cxdash.questions.conditions import Reason
from cxdash.questions.judgement import LEVEL
from cxdash.questions.piloted import only_a_pilot
from cxdash.questions.sampling import drawn_words
from cxdash.questions.validation import no_ranking

__all__ = ["caveats", "driver_sentence", "headline", "missing", "skill_sentence", "too_little"]


def headline(found: Found) -> str:
    """The Answer in two or three sentences."""
    if found.model is None:
        reason = too_little(found)
        return wording.cannot_tell("what goes before customers leave", reason.short)
    said = [_main_sentence(found), skill_sentence(found)]
    return " ".join(sentence for sentence in said if sentence)


def _main_sentence(found: Found) -> str:
    levers = [driver for driver in found.drivers if driver.lever]
    if levers:
        return driver_sentence(found, levers[0])
    clear = [d for d in found.drivers if d.beyond_noise and d.kind == "experience"]
    if clear:
        return driver_sentence(found, clear[0])
    if found.together is None:
        return _only_finance(found)
    effect = found.together
    sentence = _sentence(found, "every answer one usual step happier", effect, None)
    if effect.beyond_noise:
        return f"{sentence} No single answer stands out from the others beyond noise."
    return sentence


def _only_finance(found: Found) -> str:
    clear = [driver for driver in found.drivers if driver.beyond_noise]
    if clear:
        return driver_sentence(found, clear[0])
    rate = facts_by_id(found)["churn.rate"]
    return wording.level(rate, of="customer-windows")


def driver_sentence(found: Found, driver: Driver) -> str:
    """What one driver goes with, with everything else held equal."""
    return _sentence(found, driver.short, driver.effect, driver)


def _sentence(found: Found, short: str, effect: Effect, driver: Driver | None) -> str:
    held = held_equal(found, driver) if driver else held_equal(found)[:-1]
    return wording.compare_rates(
        f"customers with {short}",
        "otherwise equal customers",
        did=f"left within {found.stage.horizon} months",
        difference=Interval(effect.low, effect.high, LEVEL),
        estimate=effect.estimate,
        held_constant=_short_list(held),
    )


def _short_list(names: Sequence[str]) -> str:
    """A few of the names and how many more there are: a headline is no inventory."""
    if len(names) > 3:
        return f"{', '.join(names[:2])} and {len(names) - 2} other things"
    return fmt.listed(names)


def skill_sentence(found: Found) -> str:
    """Whether answers add to what finance and operations foresee."""
    record = found.record
    if record is None or record.gain is None:
        return ""
    surer, ordered = record.gain.skill.low > 0, record.gain.auc.low > 0
    if surer and record.share is not None:
        fact = facts_by_id(found)["churn.skill_added"]
        return (
            f"{_pairs(record)} Of what this model foresees of who leaves, answers carry "
            f"{fmt.fact_text(fact)}; {record.known} carry the rest."
        )
    if ordered:
        apart = wording.cannot_tell("how much of the foresight answers carry", _not_surer(record))
        gain = fmt.spread(record.gain.auc.low, record.gain.auc.high, "share")
        return (
            f"{_pairs(record)} So answers add to “{record.known}” when it comes to who leaves "
            f"first (range of the gain in right order {gain}). {apart}"
        )
    return wording.cannot_tell(
        f"whether answers add foresight to “{record.known}”", _not_surer(record)
    )


def _not_surer(record: Record) -> str:
    """Why no part of the foresight is given to answers: they took no guesswork away beyond noise,
    or the chances with them are themselves no better than the average chance.
    """
    gain = record.gain.skill if record.gain else None
    if gain is not None and gain.high < 0:
        return "on later windows the stated chances were further off with answers than without"
    if gain is not None and gain.low <= 0:
        ends = fmt.spread(gain.low, gain.high, "share")
        return f"on later windows the guesswork they take away lies in the range {ends}"
    said = (
        "on later windows the chances this model states could not be told from giving everybody "
        "the average chance"
    )
    if right_in_all(record):
        return said
    told = record.of_main.calibration
    return (
        f"{said}, being off in their level or spread ({fmt.count(round(told.expected))} leavers "
        f"were expected, {fmt.count(told.events)} left)"
    )


def _pairs(record: Record) -> str:
    """How often the leaver of a pair came first, with and without answers; empty if not known."""
    own = record.of_main.auc
    plain = next((one.auc for one in record.checks if one.model == record.known), None)
    if own is None or plain is None:
        return ""
    right, without = (round(100 * one.estimate) for one in (own, plain))
    return (
        f"Of 100 pairs of a leaver and a stayer this model puts {right} in the right order, "
        f"{without} without answers; a coin would put 50."
    )


def too_little(found: Found) -> Reason:
    """Why drivers cannot be told: a condition on the data, or too little of it."""
    stage = found.stage
    if stage.conditions.against_rates:
        return stage.conditions.against_rates[0]
    if not stage.seen.closed_months or not len(found.closed.rows):
        return Reason(
            f"no {stage.horizon} months are over yet in which customers were followed",
            f"No {stage.horizon}-month window is over by {fmt.day(stage.as_of)}, so nothing is "
            "known yet about who left.",
            f"Import a history of at least {2 * stage.horizon} months, or choose a shorter "
            "horizon.",
        )
    n, few = len(found.closed.rows), min(found.events, found.stayers)
    side = "left" if found.events <= found.stayers else "stayed"
    lacking = max(0, found.needed - few)
    return Reason(
        f"in only {fmt.count(few)} of {fmt.count(n)} observed windows the customer {side}; "
        f"{fmt.count(found.needed)} are needed, {fmt.count(lacking)} more than there are",
        f"{fmt.count(n)} windows of {stage.horizon} months were observed, and in {fmt.count(few)} "
        f"of them the customer {side}. At least {MIN_EVENTS} of each kind are needed, and "
        f"{EVENTS_A_COLUMN} leavers for each thing that is held equal: {fmt.count(found.needed)} "
        "here.",
        f"Import a longer history with {fmt.count(lacking)} more customers who {side}, or drop "
        "filters.",
    )


def caveats(found: Found) -> tuple[str, ...]:
    """What a reader must know before quoting a number of this Answer."""
    return tuple(dict.fromkeys(_caveats(found)))


def missing(found: Found) -> tuple[str, ...]:
    """What this data cannot tell, and what would let it."""
    said = list(found.stage.conditions.would_help)
    if found.model is None:
        said.insert(0, too_little(found).would_help)
    else:
        said.append(
            only_a_pilot(
                "Whether acting on a driver keeps customers", found.stage.ground, found.stage.as_of
            )
        )
    if not found.stage.seen.items:
        said.append(
            "What customers say: import a survey export with a customer key, a date and at least "
            "one rating."
        )
    if found.model and not {"contacts", "unresolved"} & set(found.model.design.controls.plain):
        said.append("What service did: import contacts with their customer and day.")
    if found.record is None and found.model:
        said.append(
            "How right the method is on later windows: import a history of at least "
            f"{3 * found.stage.horizon} months."
        )
    return tuple(dict.fromkeys(said))


def _caveats(found: Found) -> Iterator[str]:
    stage = found.stage
    for reason in (*stage.conditions.against_rates, *stage.conditions.against_money):
        yield reason.why
    if found.model is None:
        if not stage.conditions.against_rates:
            yield too_little(found).why
    else:
        yield (
            "These are associations, not proof: customers who answer differently also differ in "
            f"ways nobody recorded. Held equal: {fmt.listed(held_equal(found))}."
        )
        yield from _about_the_model(found)
    yield from _about_leaving(found)
    if stage.cleared.excluded:
        columns = ", ".join(entry.column for entry in stage.cleared.excluded)
        yield f"Left out because they know the outcome: {columns}."


def _about_the_model(found: Found) -> Iterator[str]:
    record = found.record
    if record is None:
        yield (
            "The method could not be tried on later windows, because the history is too short; "
            "nothing of the model is graded beyond D."
        )
    else:
        told = record.of_main.calibration
        yield (
            f"Tried on {fmt.count(told.n)} later windows, the model expected "
            f"{fmt.count(round(told.expected))} leavers; {fmt.count(told.events)} left."
            + ("" if right_in_all(record) else " Its chances were off, so they are graded D.")
        )
        if not record.of_main.ranks:
            yield (
                f"{no_ranking(record.of_main)} So the order in which customers are listed as "
                "likely to leave tells next to nothing."
            )
        yield (
            "The table of this record is of this question's model, which knows every answer; that "
            "of worth is of another model, which knows one rating by its bands."
        )
        yield from _about_trees(found)
    if found.wished > found.events:
        yield (
            f"{fmt.counted(found.events, 'leaver was', 'leavers were')} seen; about "
            f"{fmt.count(found.wished)} would keep single drivers and ranks steady. Expect ranks "
            "to move."
        )
    for number in found.dropped[:1]:
        yield (
            f"There are too few leavers to look at {fmt.count(len(found.dropped))} of the items, "
            f"such as {fmt.spoken(found.stage.seen.items[number].name)}."
        )
    if found.sampled:
        yield drawn_words(found.sampled, found.closed.rows["customer_id"].nunique())
    if found.stake and found.stake.customers > MOST_RISKS:
        yield (
            f"The list of risks holds the first {fmt.count(MOST_RISKS)} of "
            f"{fmt.count(found.stake.customers)} customers."
        )


def _about_trees(found: Found) -> Iterator[str]:
    """Whether a model that may bend and combine foresees more than the plain one."""
    if found.record is None:
        return
    own = found.record.of_main.auc
    trees = next((c.auc for c in found.record.checks if c.model == BOOSTED), None)
    if own and trees and trees.low > own.high:
        yield (
            "Boosted trees order customers right more often than the plain model: some links bend "
            "or combine, so single effects tell only part."
        )


def _about_leaving(found: Found) -> Iterator[str]:
    stage = found.stage
    if not stage.panel.contractual:
        yield stage.without_contracts
    elif not stage.ground.has_notices:
        yield (
            "The subscriptions name no day of cancelling, only ends: an answer given after the "
            "decision to leave cannot be told from one given before."
        )
