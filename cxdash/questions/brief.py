"""What should this meeting decide? Honest good news, the money at stake, one decision.

Good news comes first and passes a noise gate; what looks good but does not pass is counted, and
what got worse is never left out. The decision asked for is the one the evidence allows: a pilot
where only an association is known, better data where nothing is.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from cxdash.facts import Answer, Card, Cell, Fact, Interval, Method, Row, Scope, wording
from cxdash.facts import format as fmt
from cxdash.facts.definitions import definition
from cxdash.panel import periods
from cxdash.questions.brief_cards import news_card
from cxdash.questions.findings import Findings, find
from cxdash.questions.leaving import LEVEL
from cxdash.questions.news import FALSE_ALARMS, Candidate, News, news
from cxdash.questions.setting import Setting, nothing_to_ask, prepare
from cxdash.questions.worth import compose
from cxdash.questions.worth_words import summary, unheard
from cxdash.stats.proportions import detectable_share_difference
from cxdash.store import Reader

__all__ = ["TITLE", "brief"]

TITLE: Final = "What should this meeting decide about our customers?"
_STAYERS: Final = (
    "Only customers who answered in both periods are compared; those who left in between are not "
    "in it."
)
CARRIED: Final = (
    "worth.at_stake",
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
    heard = news(view, both, setting.marks, [column for column, _ in scope.where])
    about_money = compose(found)
    good = _good_news(setting, heard, both.words)
    behind, decision = _decision(found, about_money)
    carried = [fact for fact in about_money.facts if fact.id in {*CARRIED, behind.id}]
    at_stake = about_money.fact("worth.at_stake")
    money = wording.stake(
        at_stake, horizon=setting.horizon, whole=about_money.fact("worth.revenue_ahead")
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
        facts=(*good, *carried, *_counts(setting, heard, both.words)),
        tables={
            "claims": claims,
            "held_back": [_row(c, "may be noise") for c in heard.held_back],
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
        return tuple(_news_fact(setting, heard, c, period, i) for i, c in enumerate(heard.good[:3]))
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
            caveats=(
                f"None of {fmt.count(len(heard.candidates))} candidates passes the noise test.",
            ),
            sources=setting.ground.sources,
        ),
    )


def _gate(heard: News, card: Card | None = None) -> Method:
    return Method(
        card=card,
        description=(
            "Difference with its interval; shown as good news only if it passes Benjamini and "
            f"Hochberg's correction over all {len(heard.candidates)} candidates at "
            f"{FALSE_ALARMS:.0%}."
        ),
    )


def _news_fact(
    setting: Setting, heard: News, candidate: Candidate, period: str, order: int
) -> Fact:
    gap = candidate.difference
    who = (
        "customers who answered in both periods"
        if candidate.item and candidate.kind == "change"
        else setting.population
    )
    return Fact(
        id="brief.good_news" if order == 0 else f"brief.good_news.{order + 1}",
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
        return f"{_subject(candidate)}, beyond the same customers' other ratings"
    return f"{_subject(candidate)}, this period minus the one before"


def _leavers_left_out(candidate: Candidate) -> tuple[str, ...]:
    if candidate.kind != "change" or candidate.item is None:
        return ()
    return (_STAYERS,)


def _news_sentence(heard: News) -> str:
    if not heard.good:
        return wording.cannot_tell(
            "whether anything moved the right way",
            f"none of {fmt.count(len(heard.candidates))} candidates passes the noise test",
        )
    return _sentence(heard.good[0])


def _sentence(candidate: Candidate) -> str:
    gap = candidate.difference
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
    return wording.compare(
        "this period",
        "the period before",
        measure=_subject(candidate),
        unit=candidate.unit,
        difference=interval,
        estimate=gap.estimate,
    )


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
    if smallest is None and behind is not None:
        return behind, wording.ask(
            f"find a way to hear the {unheard(found)}",
            behind,
        )
    excess = by_id["worth.excess"]
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
        excess,
    )


# -- what is counted -------------------------------------------------------------------------------


def _counts(setting: Setting, heard: News, period: str) -> Iterator[Fact]:
    for name, label, value in (
        ("held_back", "Findings that look good but may be noise", len(heard.held_back)),
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
    said = [wording.held_back(len(heard.held_back))]
    said += [f"Also true: {_sentence(c)}" for c in heard.worse]
    return said


def _row(candidate: Candidate, why: str) -> Row:
    gap = candidate.difference
    row: dict[str, Cell] = {
        "finding": _subject(candidate),
        "kind": candidate.kind,
        "difference": gap.estimate,
        "low": gap.low,
        "high": gap.high,
        "p_adjusted": candidate.p_adjusted,
        "n": gap.n_first,
        "why": why,
    }
    return row
