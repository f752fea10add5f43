"""The sentences of ``listening``. Directions come from the grammar in :mod:`cxdash.facts.wording`
alone.
"""

from collections.abc import Iterator

from cxdash.facts import Interval, wording
from cxdash.facts import format as fmt
from cxdash.questions.guard import left_out_words
from cxdash.questions.listening.facts import facts_by_id
from cxdash.questions.listening.findings import Findings
from cxdash.questions.listening.score_facts import (
    CANNOT_REPAIR,
    ONE_LIST,
    metric_name,
)
from cxdash.questions.listening.standing import (
    ANSWERED,
    FEWEST_CUSTOMERS,
    SILENT,
    UNKNOWN,
    Group,
)
from cxdash.stats.proportions import customers_needed

__all__ = ["caveats", "coverage_title", "gap_title", "headline", "missing", "tipping_title"]

LARGE_ACCOUNT = 0.20
_HEARD = "customers who answered"
_SAID = {
    SILENT: "customers who were asked and did not answer",
    UNKNOWN: "customers who did not answer",
}


def headline(found: Findings) -> str:
    """Whom we heard, how the silent behave where that is clear, and the three scores."""
    score = _scores(found)
    if found.against:
        return f"{wording.cannot_tell('whom we do not hear', found.against.short)} {score}"
    by_id = facts_by_id(found)
    everybody = found.standing.everybody if found.standing else None
    heard = wording.coverage(
        by_id["coverage.customers"],
        by_id["coverage.revenue"],
        heard=everybody.answered if everybody else None,
    )
    gap = by_id.get("listening.gap")
    clear = gap is not None and gap.interval is not None and not gap.interval.holds(0)
    return " ".join([heard, *([gap_title(found)] if clear else []), score])


def tipping_title(found: Findings) -> str:
    """What the silent would have to think, or that nothing they think reaches the line."""
    score, name, unit = found.score, metric_name(found), found.score.scale.unit
    if score.tipping is None or score.tipping.silent is None:
        return f"{name} of {'the answers given' if found.against else _HEARD}"
    line = fmt.number(score.tipping.line, unit)
    if not score.tipping.possible:
        return f"Whatever the silent think, {name} of all customers would not reach {line}"
    needed = fmt.number(score.tipping.silent, unit)
    return f"{name} of all customers would be {line} if those who did not answer gave {needed}"


def _scores(found: Findings) -> str:
    """The score as heard, weighted and bounded, in one sentence."""
    by_id = facts_by_id(found)
    name = found.setting.item.name
    three = (by_id[f"{name}.{last}"] for last in ("heard", "adjusted", "bounds"))
    return wording.three_scores(
        metric_name(found),
        *three,
        customers=None if found.against else found.score.customers or None,
        within="in twelve months",
    )


def gap_title(found: Findings) -> str:
    """Whether the silent left at another rate than those who answered."""
    by_id = facts_by_id(found)
    silent = SILENT if found.ground.has_invitations else UNKNOWN
    gap, held = by_id["listening.gap"], by_id["listening.gap_adjusted"]
    said = wording.compare_rates(
        _SAID[silent],
        _HEARD,
        did=f"left within {found.setting.horizon} months",
        difference=gap.interval,
        estimate=gap.value,
        rate_first=by_id.get(f"listening.left.{silent}"),
        rate_second=by_id.get(f"listening.left.{ANSWERED}"),
        needed=_needed(found, silent),
        there_are=_there_are(found, silent),
    )
    if gap.interval is None or gap.interval.holds(0) or held.interval is None:
        return said
    if held.value is None:
        return said
    known = "what finance and service knew"
    left = wording.remaining(
        _SAID[silent],
        _HEARD,
        measure=f"leaving within {found.setting.horizon} months",
        difference=held.interval,
        estimate=held.value,
        held_equal=known,
    )
    return f"{said} {left}"


def coverage_title(found: Findings) -> str:
    """Which customers answer at different rates, if chance alone would not do that."""
    contrast = found.standing.contrast if found.standing else None
    if contrast is None:
        return "Share of customers who answered anything in twelve months"
    gap = contrast.difference
    return wording.compare_rates(
        _customers(contrast.first),
        _customers(contrast.second),
        did="answered within twelve months",
        difference=Interval(gap.low, gap.high, gap.level),
        estimate=gap.estimate,
    )


def _customers(group: Group) -> str:
    return f"customers with {group.column} {wording.quoted(group.name)}"


def _needed(found: Findings, silent: str) -> int | None:
    after = found.standing
    first = after.after(silent) if after else None
    second = after.after(ANSWERED) if after else None
    if first is None or second is None or first.rate is None or second.rate is None:
        return None
    if first.rate.estimate == second.rate.estimate:
        return None
    return customers_needed(first.rate.estimate, second.rate.estimate)


def _there_are(found: Findings, silent: str) -> int | None:
    """All customers, where even their windows are fewer than it would take."""
    needed, gap = _needed(found, silent), found.standing.gap if found.standing else None
    if needed is None or gap is None or found.standing is None:
        return None
    everybody = found.standing.everybody.customers
    return everybody if needed > gap.n_first + gap.n_second else None


def caveats(found: Findings) -> tuple[str, ...]:
    """What a reader must know before quoting a number of this Answer."""
    return tuple(dict.fromkeys(_caveats(found)))


def _caveats(found: Findings) -> Iterator[str]:
    conditions = found.setting.conditions
    for reason in (*conditions.against_rates, *conditions.against_money):
        yield reason.why
    if found.against:
        yield found.against.why
    yield from _about_score(found)
    yield from _about_silence(found)
    yield from _about_feelings(found)
    if not found.setting.panel.contractual:
        yield found.setting.without_contracts
    yield from left_out_words(found.setting.excluded)
    if found.setting.scope.as_of and found.setting.scope.as_of != found.setting.as_of:
        yield (
            f"Months are counted whole: the last one that ends by "
            f"{fmt.day(found.setting.scope.as_of)} and is covered by the data ends on "
            f"{fmt.day(found.setting.as_of)}."
        )


def _about_score(found: Findings) -> Iterator[str]:
    all_ = found.standing.everybody if found.standing else None
    if all_ and all_.answered > found.score.answered:
        share = fmt.number(found.score.answered / all_.customers, "share")
        yield (
            f"Of {fmt.count(all_.customers)} customers {fmt.count(all_.answered)} answered some "
            f"survey in twelve months and {fmt.count(found.score.answered)} ({share}) answered "
            f"{metric_name(found)}; the score, its weights and its bounds rest on the latter."
        )
    adjusted = found.score.adjusted
    if adjusted is None:
        if found.score.bounds:
            yield f"The score is not weighted: {_lower(found.score.why_not)}."
        return
    yield (
        f"The weighted {metric_name(found)} is no proof of what all customers think. Weighting "
        f"repairs differences in {fmt.listed(adjusted.known)} between those who answered and all "
        f"customers, and nothing else. {CANNOT_REPAIR}"
    )
    worth = fmt.count(round(adjusted.weights.effective))
    yield (
        f"The {fmt.count(found.score.answered)} answers behind the weighted {metric_name(found)} "
        f"are worth {worth} of equal weight. {ONE_LIST}"
    )
    if found.setting.item.after_goodbye:
        late = found.setting.item.after_goodbye
        yield (
            f"{fmt.counted(late, 'answer', 'answers')} to {metric_name(found)} "
            f"{'was' if late == 1 else 'were'} given on or after the day the customer said "
            "goodbye, such as exit surveys. Nothing of that kind is counted."
        )


def _about_silence(found: Findings) -> Iterator[str]:
    if found.standing is None:
        return
    if not found.ground.has_invitations:
        yield (
            "No invitations are loaded: customers who did not answer may have been silent or never "
            "asked, and nobody can tell which."
        )
    if found.standing.afterwards:
        yield (
            "How the silent left is an association: not answering may be a sign or just a habit, "
            "and only what was recorded can be held equal."
        )
    if found.standing.suppressed:
        one = found.standing.suppressed == 1
        yield (
            f"{fmt.count(found.standing.suppressed)} {'group' if one else 'groups'} of fewer than "
            f"{FEWEST_CUSTOMERS} customers {'is' if one else 'are'} not shown, so that nobody can "
            "be told from them."
        )
    for each in found.standing.afterwards:
        if each.kept and each.kept.largest_share >= LARGE_ACCOUNT:
            share = fmt.number(each.kept.largest_share, "share")
            yield (
                f"One account holds {share} of the revenue of those who "
                f"{'answered' if each.standing == ANSWERED else 'did not answer'}; what is kept "
                "there is mostly its story."
            )


def _about_feelings(found: Findings) -> Iterator[str]:
    habits = found.score.habits
    if habits is None:
        return
    by_id = facts_by_id(found)
    fact = by_id["listening.strong_feelings"]
    said = wording.compare_rates(
        "customers who answer now and then",
        "customers who answer regularly",
        did="answered at the ends of the scale",
        difference=fact.interval,
        estimate=fact.value,
    )
    picks = " Strong feelings seem to decide when they answer."
    yield f"{said}{picks if habits.difference.low > 0 else ''}"


def _lower(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"


def missing(found: Findings) -> tuple[str, ...]:
    """What this data cannot tell, and what would let it."""
    return tuple(dict.fromkeys(_missing(found)))


def _missing(found: Findings) -> Iterator[str]:
    if found.against:
        yield found.against.would_help
    yield from found.setting.conditions.would_help
    if not found.ground.has_invitations:
        yield (
            "Who was asked and stayed silent: import the invitations of the survey tool (customer, "
            "date, survey, status)."
        )
    if found.standing and found.score.customers > found.score.answered:
        silent = fmt.count(found.score.customers - found.score.answered)
        yield (
            f"What the {silent} customers without an answer to {metric_name(found)} think. Ask a "
            "small number of them, drawn by lot, until nearly all of those have answered: that "
            "says more than many more answers of the usual kind."
        )
    yield from _more_signals(found)


def _more_signals(found: Findings) -> Iterator[str]:
    unasked = tuple(signal.name.lower() for signal in found.signals if signal.is_missing)
    if unasked:
        yield (
            "What the silent do without being asked, which says more of them than any survey: "
            f"{fmt.listed(unasked)}."
        )
    if found.decisions is None:
        yield (
            "How many decisions rest on surveys: import a register of metrics and of the decisions "
            "they changed (kind metric_register)."
        )
