"""What should this meeting decide? Honest good news, the money at stake, one decision.

Good news comes first and passes a noise gate; what looks good but does not pass is counted, and
what got worse is never left out. The decision asked for is the one the evidence allows: a pilot
where only an association is known, better data where nothing is.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Final

from cxdash.facts import Answer, Card, Cell, Fact, Interval, Method, Row, Scope, wording
from cxdash.facts import format as fmt
from cxdash.facts.definitions import definition
from cxdash.panel import periods
from cxdash.questions.brief.cards import news_card
from cxdash.questions.brief.news import FALSE_ALARMS, Candidate, News, news
from cxdash.questions.brief.news_doubt import doubted
from cxdash.questions.chance import left_of
from cxdash.questions.design import band_of
from cxdash.questions.judgement import LEVEL
from cxdash.questions.setting import Setting, nothing_to_ask, prepare
from cxdash.questions.sums import weighed
from cxdash.questions.worth.answer import compose
from cxdash.questions.worth.findings import Findings, find
from cxdash.questions.worth.words import largest, summary, unheard
from cxdash.stats.proportions import (
    customers_needed,
    detectable_share_difference,
    share_difference,
)
from cxdash.store import Reader

__all__ = ["TITLE", "brief"]

TITLE: Final = "What should this meeting decide about our customers?"
_STAYERS: Final = (
    "Only customers who answered in both periods are compared; those who left in between are not "
    "in it."
)
_OTHERS: Final = (
    "A rating is compared here among the customers who answered in both periods. The question "
    "“Why did the score move?” (change) compares all who answered, most of whom are not the same "
    "ones, so it may be unable to tell what is told of these few."
)
MOST_MONTHS: Final = 24  # a pilot that takes longer decides nothing for this meeting
CARRIED: Final = (
    "worth.at_stake",
    "worth.at_stake_cash",
    "worth.revenue_ahead",
    "worth.excess",
    "worth.gap_adjusted",
    "coverage.customers",
    "coverage.revenue",
)


def brief(view: Reader, scope: Scope) -> Answer:
    """One screen for an executive, drawn from ``worth`` and from what changed."""
    setting = prepare(view, scope)
    if setting is None:
        return nothing_to_ask(view, scope, "brief", TITLE)
    found = find(view, setting)
    both = periods(setting.marks.today, setting.horizon)
    heard = news(
        view,
        both,
        setting.marks,
        [column for column, _ in scope.where],
        rates_allowed=setting.conditions.rates_allowed,
    )
    heard = doubted(view, heard, as_of=setting.as_of)
    about_money = weighed(view, compose(found))
    good = _good_news(setting, heard, both.words)
    behind, decision = _decision(found, about_money)
    carried = [fact for fact in about_money.facts if fact.id in {*CARRIED, behind.id}]
    at_stake = about_money.fact("worth.at_stake")
    money = wording.stake(
        at_stake,
        horizon=setting.horizon,
        whole=about_money.fact("worth.revenue_ahead"),
        cash=next((fact for fact in carried if fact.id == "worth.at_stake_cash"), None),
    )
    claims = [
        _claim(1, "good_news", good[0], _news_sentence(heard)),
        _claim(2, "at_stake", at_stake, money),
        _claim(3, "ask", behind, decision),
    ]
    return Answer(
        question="brief",
        title=TITLE,
        as_of=setting.as_of,
        scope=scope,
        headline=summary(found),
        status=about_money.status,
        facts=(
            *good,
            *_liked(setting, heard, both.words),
            *carried,
            *_counts(setting, heard, both.words),
        ),
        tables={
            "claims": claims,
            "held_back": [_row(c, _why_held_back(heard, c)) for c in heard.held_back],
            "worse": [_row(c, "passes the same test") for c in heard.worse],
        },
        caveats=(*_own_caveats(heard), *about_money.caveats),
        missing=about_money.missing,
    )


def _claim(order: int, kind: str, fact: Fact, sentence: str) -> Row:
    return {
        "order": order,
        "kind": kind,
        "fact_id": fact.id,
        "sentence": sentence,
        "grade": fact.grade.name,
    }


# -- good news ---------------------------------------------------------------------------------


def _good_news(setting: Setting, heard: News, period: str) -> tuple[Fact, ...]:
    """The best news as a Fact; without any, a Fact that says so."""
    if heard.good:
        return tuple(
            _news_fact(setting, heard, c, period, _numbered("good_news", i))
            for i, c in enumerate(heard.good[:3])
        )
    return (
        Fact(
            id="brief.good_news",
            label="Good news",
            value=None,
            unit="points",
            method=_gate(heard),
            n=0,
            population=setting.population,
            period=period,
            definition="findings",
            caveats=(f"{_none_passes(_changes(heard))}.",),
            sources=setting.ground.sources,
        ),
    )


def _liked(setting: Setting, heard: News, period: str) -> tuple[Fact, ...]:
    """What customers like most: a ranking, which is no news."""
    return tuple(
        _news_fact(setting, heard, c, period, _numbered("liked", i))
        for i, c in enumerate(heard.liked[:3])
    )


def _numbered(name: str, order: int) -> str:
    return f"brief.{name}" if order == 0 else f"brief.{name}.{order + 1}"


def _changes(heard: News) -> int:
    return sum(candidate.kind == "change" for candidate in heard.candidates)


def _why_held_back(heard: News, candidate: Candidate) -> str:
    return candidate.doubt if candidate in heard.doubted else "may be noise"


def _gate(heard: News, card: Card | None = None) -> Method:
    return Method(
        card=card,
        description=(
            "Difference with its interval; shown as good news only if it passes Benjamini and "
            f"Hochberg's correction over all {len(heard.candidates)} candidates at "
            f"{FALSE_ALARMS:.0%}."
        ),
    )


def _news_fact(setting: Setting, heard: News, candidate: Candidate, period: str, id: str) -> Fact:
    gap = candidate.as_rated
    who = "customers who answered in both periods" if candidate.twice else setting.population
    return Fact(
        id=id,
        label=_label(candidate),
        value=gap.estimate,
        interval=Interval(gap.low, gap.high, gap.level),
        unit=candidate.unit,
        method=_gate(heard, news_card(heard, candidate, period)),
        n=gap.n_first,
        population=who,
        period=period,
        definition=candidate.definition,
        caveats=_leavers_left_out(candidate),
        sources=setting.ground.sources,
    )


def _label(candidate: Candidate) -> str:
    if candidate.kind == "strength":
        return (
            f"What customers like most: {_subject(candidate)}, beyond the same customers' other "
            "ratings"
        )
    return f"{_subject(candidate)}, this period minus the one before"


def _leavers_left_out(candidate: Candidate) -> tuple[str, ...]:
    return (_STAYERS,) if candidate.twice else ()


def _news_sentence(heard: News) -> str:
    if heard.good:
        return _sentence(heard.good[0])
    said = _no_news(heard)
    if not heard.liked:
        return said
    return f"{said} What customers like most, which is no news: {_sentence(heard.liked[0])}"


def _no_news(heard: News) -> str:
    """That nothing moved the right way beyond chance, and what moved the wrong way."""
    passing = len(heard.worse)
    if not _changes(heard):
        return wording.cannot_tell(
            "whether anything moved the right way", "no change over time could be tested"
        )
    if not passing:
        said = _none_passes(_changes(heard))
        return wording.cannot_tell(
            "whether anything moved the right way", f"{said[0].lower()}{said[1:]}"
        )
    return (
        f"No good news: of {fmt.counted(_changes(heard), 'change', 'changes')} "
        f"{fmt.count(passing)} "
        f"{'passes' if passing == 1 else 'pass'} the tests, the wrong way. "
        f"{'' if passing == 1 else 'The first: '}{_sentence(heard.worse[0])}"
    )


def _none_passes(changes: int) -> str:
    """That no change passes the tests, without a full stop."""
    if changes == 1:
        return "The only change does not pass the tests"
    return f"None of {fmt.count(changes)} changes passes the tests"


def _sentence(candidate: Candidate) -> str:
    gap = candidate.as_rated
    interval = Interval(gap.low, gap.high, gap.level)
    if candidate.kind == "strength":
        entry = definition(candidate.definition)
        scale = f"{entry.scale_low:g} to {entry.scale_high:g}"
        said = wording.compare(
            wording.quoted(fmt.spoken(candidate.subject)),
            "the other things the same customers rated",
            measure="the rating",
            unit=candidate.unit,
            difference=interval,
            estimate=gap.estimate,
        )
        return f"{said} It is {fmt.number(candidate.after, 'score')} on a scale of {scale}."
    said = wording.compare(
        "this period",
        "the period before",
        measure=_subject(candidate),
        unit=candidate.unit,
        difference=interval,
        estimate=gap.estimate,
        among=f"the {fmt.count(gap.n_first)} customers who answered in both periods"
        if candidate.twice
        else "",
    )
    return f"{said} A low answer is the good one there." if candidate.turned else said


def _subject(candidate: Candidate) -> str:
    if candidate.item is None:
        return f"the share of {candidate.subject}"
    return f"the rating of {wording.quoted(fmt.spoken(candidate.subject))}"


# -- the decision --------------------------------------------------------------------------------


def _pilot(found: Findings) -> float | None:
    """The smallest fall in leaving that a pilot with half of today's unhappy could show.

    None when no pilot should be asked for: there is no clear gap, or even closing the whole gap
    would be too small a change for so few customers to show.
    """
    model = found.model
    if model is None or not found.money_shown or model.gap.low <= 0:
        return None
    base, arm = model.adjusted[found.worst.name].estimate, found.worst.customers // 2
    if arm < 1 or not 0 < base < 1:
        return None
    smallest = detectable_share_difference(base, arm, level=LEVEL)
    return smallest if smallest <= model.gap.estimate else None


def _too_small(found: Findings, gaps: Sequence[Fact]) -> float | None:
    """The largest gap that the ranges, as counted and adjusted, still allow, where even half of all
    today's customers against the other half would not show a remedy that closes it; None for a
    clear gap, or for one that may be half of all leaving of the unhappy.
    """
    ranges = [gap.interval for gap in gaps if gap.interval is not None]
    if found.model is None or not ranges or not all(reach.holds(0) for reach in ranges):
        return None
    most = max(largest(reach) for reach in ranges)
    base = found.model.adjusted[found.worst.name].estimate
    if not 0 < most < base / 2:
        return None
    needed = customers_needed(base, base - most, level=LEVEL)
    return most if 2 * needed > found.coverage.customers else None


def _as_they_answer(found: Findings) -> tuple[int, int] | None:
    """Customers in each half of a pilot that takes unhappy customers as they answer, and its
    months.

    Enough to show a remedy that closes the whole gap, at the pace at which customers were unhappy
    for the first time so far. None without a clear gap, or when it takes over two years.
    """
    model, worst = found.model, found.worst
    if model is None or not found.money_shown or model.gap.low <= 0:
        return None
    ends = [model.adjusted[band.name].estimate for band in (worst, found.best)]
    needed = customers_needed(ends[0], ends[1], level=LEVEL)
    rows = found.setting.marks.rows
    unhappy = rows[(band_of(rows) == worst.name)]
    first = unhappy.groupby("customer_id")["landmark"].min()
    months = int(rows["landmark"].max() - rows["landmark"].min())
    new = int((first > rows["landmark"].min()).sum())
    if not new or not months:
        return None
    until = math.ceil(max(0, 2 * needed - worst.customers) * months / new)
    return (needed, until) if until <= MOST_MONTHS else None


def _silent_leave_more(found: Findings) -> bool:
    """Whether customers who answered nothing left more often than the others, beyond noise."""
    closed = found.setting.marks.closed
    silent = (closed["heard"] == 0).to_numpy()
    left = left_of(closed)
    counts = [(int(left[part].sum()), int(part.sum())) for part in (silent, ~silent)]
    if not all(n for _, n in counts):
        return False
    return share_difference(*counts[0], *counts[1], level=LEVEL).low > 0


def _decision(found: Findings, about_money: Answer) -> tuple[Fact, str]:
    """The Fact behind the decision and the sentence that asks for it."""
    setting, by_id = found.setting, {fact.id: fact for fact in about_money.facts}
    behind = by_id.get("worth.at_stake.unheard")
    if not found.rates_shown or found.model is None or not found.money_shown:
        return by_id["worth.matched"], wording.ask(
            "let finance and the owners of the data supply what this answer lacks; the list is "
            "below"
        )
    smallest = _pilot(found)
    excess = by_id["worth.excess"]
    arriving = _as_they_answer(found) if smallest is None else None
    if arriving is not None:
        needed, months = arriving
        return excess, wording.ask(
            f"follow up half of the {wording.scored(setting.variant, setting.bands[0])}, drawn by "
            f"lot as they answer, until {fmt.count(needed)} are in each half (at today's pace "
            f"about {fmt.count(months)} months), and compare who leaves of the two halves",
            _if_clear(excess),
        )
    if smallest is None and behind is not None and _silent_leave_more(found):
        return behind, wording.ask(
            f"find a way to hear the {unheard(found)}",
            behind,
        )
    most = _too_small(found, [by_id["worth.gap"], by_id["worth.gap_adjusted"]])
    if most is not None:
        return excess, wording.ask(
            f"leave pilots aside: a difference in leaving beyond {fmt.gap(most, 'share')} is all "
            "but ruled out, and a pilot among today's "
            f"{fmt.count(found.coverage.customers)} customers would not show one that small"
        )
    if smallest is None:
        return excess, wording.ask(
            "wait for a longer history before any money goes into a remedy: today's customers "
            "are too few for a pilot to answer"
        )
    worst = wording.scored(setting.variant, setting.bands[0])
    return excess, wording.ask(
        f"follow up half of the {fmt.count(found.worst.customers)} {worst}, drawn by lot, for "
        f"{setting.horizon} months and compare them with the other half (a difference of "
        f"{fmt.gap(smallest, 'share')} would show)",
        _if_clear(excess),
    )


def _if_clear(money: Fact) -> Fact | None:
    """Money that may be nothing is not put to a meeting as what a decision is about."""
    return money if money.interval is not None and money.interval.low > 0 else None


# -- what is counted -------------------------------------------------------------------------------


def _counts(setting: Setting, heard: News, period: str) -> Iterator[Fact]:
    for name, label, value in (
        (
            "held_back",
            "Findings that look good but may be noise or rest on answers to check",
            len(heard.held_back),
        ),
        ("worse", "Findings for the worse that pass the same test", len(heard.worse)),
        ("looked_at", "Candidates looked at", len(heard.candidates)),
    ):
        yield Fact(
            id=f"brief.{name}",
            label=label,
            value=float(value),
            unit="count",
            method=_gate(heard),
            n=len(heard.candidates),
            population=setting.population,
            period=period,
            definition="findings",
            sources=setting.ground.sources,
        )


def _own_caveats(heard: News) -> Sequence[str]:
    said = [wording.held_back(len(heard.held_back) - len(heard.doubted))]
    said += [f"Held back as well: {_subject(c)}, as {c.doubt}." for c in heard.doubted]
    said += [f"Also true: {_sentence(c)}" for c in heard.worse]
    if any(candidate.twice for candidate in (*heard.good, *heard.worse)):
        said.append(_OTHERS)
    return said


def _row(candidate: Candidate, why: str) -> Row:
    gap = candidate.as_rated
    row: dict[str, Cell] = {
        "finding": _subject(candidate),
        "kind": candidate.kind,
        "difference": gap.estimate,
        "low": gap.low,
        "high": gap.high,
        "unit": candidate.unit,
        "p_adjusted": candidate.p_adjusted,
        "n": gap.n_first,
        "why": why,
    }
    return row
