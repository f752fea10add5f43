"""The Facts of ``voices``."""

from collections.abc import Iterator
from typing import Final

from cxdash.facts import Fact, Interval, Method, wording
from cxdash.facts import format as fmt
from cxdash.questions.judgement import LEVEL
from cxdash.questions.voices.find import Found
from cxdash.questions.voices.lived import Effect
from cxdash.questions.voices.method import method_of, score_card, tone_card
from cxdash.questions.voices.score import Apart
from cxdash.questions.voices.theme import Spoken
from cxdash.stats.estimate import Estimate
from cxdash.stats.languages import SUPPORTED
from cxdash.stats.proportions import share

__all__ = ["facts", "money_fact"]

_COUNTED: Final = Method(description="Counted as it is.")
_NOT_ADDED: Final = (
    "Below zero is revenue that goes missing with the theme. A customer who speaks of two themes "
    "counts for both, so these sums are not added up."
)
_NO_MONEY: Final = "Money is withheld: "


def facts(found: Found) -> tuple[Fact, ...]:
    """Every Fact: those about all comments, then theme by theme, the surest links first."""
    return tuple(_facts(found))


def _facts(found: Found) -> Iterator[Fact]:
    yield _comments(found)
    yield _read(found)
    yield _tone(found)
    for theme in sorted(found.steady, key=lambda theme: _doubt(found, theme)):
        yield _share(found, theme)
        if found.stage is not None:
            yield from _at_stake(found, theme)
        effect = found.effect(theme, "leaving")
        if effect is not None:
            yield _leaving(found, effect, held=False)
            yield _leaving(found, effect, held=True)
        for one in (effect, found.effect(theme, "spend")):
            if one is not None and one.money is not None:
                yield money_fact(found, one, held=False)
                yield money_fact(found, one, held=True)
        apart = found.scored.themes.get(theme.id) if found.scored else None
        if apart is not None:
            yield _score(found, apart, apart.raw, held=False)
            if apart.within is not None:
                yield _score(found, apart, apart.within, held=True)


def _doubt(found: Found, theme: Spoken) -> float:
    """p-value of the surest link of a theme; beyond all of them where it was not compared."""
    own = [e.p_adjusted for e in found.behaviour.effects if e.theme.id == theme.id]
    return min(own, default=2.0)


def _comments(found: Found) -> Fact:
    said = found.said
    more = said.written - len(said.rows)
    read = (
        f"The newest {fmt.count(len(said.rows))} of {fmt.count(said.written)} comments were read."
    )
    caveats = (read,) if more else ()
    return _plain(
        found,
        "voices.comments",
        "Comments",
        float(found.comments),
        "count",
        "comments",
        caveats=caveats,
    )


def _read(found: Found) -> Fact:
    supported = sum(str(code) in SUPPORTED for code in found.said.language[found.keep])
    return _plain(
        found,
        "voices.read",
        "Comments in which themes are looked for",
        supported / found.comments,
        "share",
        "comments_read",
        caveats=(f"Supported: {fmt.listed([*SUPPORTED.values()])}.",),
    )


def _tone(found: Found) -> Fact:
    right, judge = found.said.right, found.said.judge
    why = {
        "scores": "Too few comments stand beside a good score, or beside a bad one, to say how "
        "often the tone fits.",
        "word list": "Too few comments have a score beside them to learn from, so the tone comes "
        "from a list of English words, and nothing here can tell how often it fits.",
        "nobody": "Too few comments have a score beside them to learn their tone from, and none "
        "is in English.",
    }[judge]
    return Fact(
        id="voices.tone_right",
        label="Tone of comments that fits their score",
        value=right.estimate if right else None,
        interval=_interval(right),
        unit="share",
        method=Method(
            description="The scores customers gave taught a ridge regression on runs of letters; "
            "no comment was judged by a model that had seen it, or another one by its writer.",
            card=tone_card(found),
        ),
        n=right.n if right else found.comments,
        population="comments beside a score in the upper or the lower quarter of its scale",
        period=found.period,
        definition="tone_right",
        caveats=() if right else (why,),
        sources=found.ground.sources,
    )


def _share(found: Found, theme: Spoken) -> Fact:
    told = share(found.count(theme), found.comments, level=LEVEL)
    return Fact(
        id=f"voices.{theme.id}.share",
        label=f"Comments that speak of {wording.quoted(theme.label)}",
        value=told.estimate,
        interval=_interval(told),
        unit="share",
        method=Method(description=_how_told(theme)),
        n=found.comments,
        population=found.population,
        period=found.period,
        definition="theme_share",
        sources=found.ground.sources,
    )


def _how_told(theme: Spoken) -> str:
    if theme.is_named:
        return "A comment speaks of it when it uses one of the words that were entered for it."
    return (
        "Words that stand together were found by non-negative factors of TF-IDF weights; a comment "
        "speaks of a theme that carries at least a third of what the factors see in it. Drawn "
        f"anew, the theme came again {theme.stability:.2f} like itself (1 is the same)."
    )


def _at_stake(found: Found, theme: Spoken) -> Iterator[Fact]:
    """Today's customers who speak of a theme, and what they pay over the horizon; as counted."""
    customers = found.behaviour.today.get(theme.id, 0)
    quoted = wording.quoted(theme.label)
    whom = f"today's customers who wrote of {quoted} in the last twelve months"
    coming = found.stage.coming if found.stage else found.period
    yield Fact(
        id=f"voices.{theme.id}.customers",
        label=f"Customers who speak of {quoted} today",
        value=float(customers),
        unit="count",
        method=_COUNTED,
        n=customers,
        population=whom,
        period=f"as of {fmt.day(found.as_of)}",
        definition="customers",
        sources=found.ground.sources,
    )
    revenue = found.behaviour.revenue
    against = found.stage.conditions if found.stage else None
    reasons = (*against.against_rates, *against.against_money) if against else ()
    yield Fact(
        id=f"voices.{theme.id}.revenue",
        label=f"Revenue of customers who speak of {quoted} today",
        value=revenue.get(theme.id, 0.0) if revenue is not None else None,
        unit=found.panel.currency or "count",
        method=_COUNTED,
        n=customers,
        population=whom,
        period=coming,
        definition="revenue",
        caveats=()
        if revenue is not None
        else tuple(f"{_NO_MONEY}{reason.short}." for reason in reasons),
        sources=found.ground.sources,
    )


def _leaving(found: Found, effect: Effect, *, held: bool) -> Fact:
    quoted = wording.quoted(effect.theme.label)
    told = effect.held if held else effect.raw
    return Fact(
        id=f"voices.{effect.theme.id}.{'leaving' if held else 'leaving_as_counted'}",
        label=f"Leaving beside {quoted}, {_how(held)}",
        value=told.estimate,
        interval=_interval(told),
        unit="share",
        method=method_of(found, effect, held=held),
        n=effect.n,
        population=_compared(found, effect),
        period=found.stage.period if found.stage else found.period,
        definition="theme_leaving",
        sources=found.ground.sources,
    )


def money_fact(found: Found, effect: Effect, *, held: bool) -> Fact:
    """What goes with a theme in money, at today's customers who speak of it."""
    told = effect.money if held else effect.raw_money
    if told is None:
        raise ValueError("money is not told of a theme nobody speaks of today")
    way = "" if effect.outcome == "leaving" else "_spend"
    through = "through leaving" if effect.outcome == "leaving" else "in what those who stay spend"
    return Fact(
        id=f"voices.{effect.theme.id}.money{way}{'' if held else '_as_counted'}",
        label=f"Revenue that goes with {wording.quoted(effect.theme.label)} {through}, "
        f"{_how(held)}",
        value=told.estimate,
        interval=_interval(told),
        unit=found.panel.currency or "count",
        method=method_of(found, effect, held=held),
        n=effect.n,
        population=_compared(found, effect),
        period=found.stage.coming if found.stage else found.period,
        definition="theme_money",
        caveats=(_NOT_ADDED,),
        sources=found.ground.sources,
    )


def _score(found: Found, apart: Apart, told: Estimate, *, held: bool) -> Fact:
    if found.scored is None:
        raise ValueError("no score was looked at")
    measure, quoted = found.scored.measure, wording.quoted(apart.theme.label)
    groups = (
        fmt.listed(found.scored.groups)
        if found.scored.groups
        else "nothing, as the customer list has no groups"
    )
    name = fmt.spoken(found.scored.item.name)
    return Fact(
        id=f"voices.{apart.theme.id}.{'score_within' if held else 'score'}",
        label=f"{name} of all answers minus those without {quoted}, "
        + ("among like customers" if held else "as counted"),
        value=told.estimate,
        interval=_interval(told),
        unit=measure.change_unit,
        method=Method(
            description="Score of all answers minus score of the answers that do not mention the "
            "theme"
            + (f", within groups and averaged over them. Held equal: {groups}." if held else "."),
            adjusted_for=found.scored.groups if held else (),
            card=score_card(found, apart, told.n),
        ),
        n=told.n,
        population=f"answers with a comment beside them; {apart.n:,} mention the theme",
        period=found.period,
        definition="theme_within" if held else "theme_impact",
        caveats=()
        if held
        else (
            "A theme that unhappy customers merely mention often shows this without any effect.",
        ),
        sources=found.ground.sources,
    )


def _how(held: bool) -> str:
    return "the rest held equal" if held else "as counted"


def _compared(found: Found, effect: Effect) -> str:
    return f"{found.population}; {effect.customers:,} customers had spoken of the theme"


def _interval(told: Estimate | None) -> Interval | None:
    return Interval(told.low, told.high, LEVEL) if told else None


def _plain(
    found: Found,
    name: str,
    label: str,
    value: float,
    unit: str,
    meant: str,
    *,
    caveats: tuple[str, ...] = (),
) -> Fact:
    return Fact(
        id=name,
        label=label,
        value=value,
        unit=unit,
        method=_COUNTED,
        n=found.comments,
        population=found.population,
        period=found.period,
        definition=meant,
        caveats=caveats,
        sources=found.ground.sources,
    )
