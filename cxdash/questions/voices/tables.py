"""The tables of ``voices``, under the names of docs/contract.md."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from cxdash.facts import Row
from cxdash.facts import format as fmt
from cxdash.questions.voices.find import Found
from cxdash.questions.voices.lived import Effect
from cxdash.questions.voices.method import grade_of
from cxdash.questions.voices.quotes import Quote
from cxdash.questions.voices.score import Apart
from cxdash.questions.voices.theme import Spoken
from cxdash.stats.estimate import Estimate
from cxdash.stats.languages import SUPPORTED, UNTOLD
from cxdash.stats.refuted import refutes

__all__ = ["COUNTED", "HELD", "tables"]

COUNTED: Final = "as counted"
HELD: Final = "the rest held equal"
_OUTCOMES: Final = {"leaving": "customers who leave", "spend": "spend of those who stay"}
_DRAWN: Final = 8  # themes in a picture
_CENTS: Final = 2


def tables(found: Found) -> dict[str, Sequence[Row]]:
    """Every table that has rows, the one behind the first picture first."""
    every: Mapping[str, Sequence[Row]] = {
        "compare": list(_compare(found)),
        "compare_score": list(_compare_score(found)),
        "themes": [_theme(found, theme) for theme in found.themes],
        "effects": [_effect(effect) for effect in found.behaviour.effects],
        "score": [_score(found, apart) for apart in _by_size(found)],
        "languages": list(_languages(found)),
        "quotes": [
            _quote(theme.id, quote)
            for theme in found.steady
            for quote in found.quotes.get(theme.id, ())
        ],
        "quote_of_the_day": [_quote("", quote) for quote in found.of_the_day],
    }
    return {name: rows for name, rows in every.items() if rows}


def _theme(found: Found, theme: Spoken) -> Row:
    own = theme.says & found.keep
    tone = found.said.tone[own]
    behaviour = found.behaviour
    revenue = behaviour.revenue
    return {
        "theme": theme.id,
        "label": theme.label,
        "n": int(own.sum()),
        "comments_share": float(own.sum()) / found.comments,
        "customers": behaviour.today.get(theme.id) if found.stage else None,
        "revenue": round(revenue[theme.id], _CENTS) if revenue and theme.id in revenue else None,
        "tone": float(np.nanmean(tone)) if np.isfinite(tone).any() else None,
        "stability": theme.stability,
        "steady": theme.is_steady,
        "words": ", ".join(theme.words),
        "language": SUPPORTED.get(theme.language, "any"),
        "found": "named by a person" if theme.is_named else "found in the words",
        "not_compared": behaviour.untried.get(theme.id, ""),
    }


def _effect(effect: Effect) -> Row:
    return {
        "theme": effect.theme.id,
        "label": effect.theme.label,
        "outcome": _OUTCOMES[effect.outcome],
        "verdict": _verdict(effect),
        "grade": grade_of(effect).name,
        **_ends("raw_effect", "raw_", effect.raw),
        **_ends("effect", "", effect.held),
        **_ends("money_raw", "money_raw_", effect.raw_money),
        **_ends("money", "money_", effect.money),
        "p_adjusted": effect.p_adjusted,
        "shown_later": effect.confirmed,
        "customers": effect.customers,
        "n": effect.n,
        "controls": fmt.listed(effect.held_equal),
    }


def _verdict(effect: Effect) -> str:
    if effect.is_told:
        return "beyond noise" if effect.confirmed else "beyond noise, not yet shown again"
    if refutes(effect.held, effect.raw):
        return "the mix of customers"
    return "not told from noise"


def _score(found: Found, apart: Apart) -> Row:
    if apart.is_told:
        verdict = "beyond noise"
    elif apart.within is not None and refutes(apart.within, apart.raw):
        verdict = "the mix of customers"
    else:
        verdict = "not told from noise"
    return {
        "theme": apart.theme.id,
        "label": apart.theme.label,
        "verdict": verdict,
        **_ends("left_out", "left_out_", apart.raw),
        **_ends("within", "within_", apart.within),
        "p_adjusted": apart.p_adjusted,
        "unit": found.scored.measure.change_unit if found.scored else "points",
        "customers": apart.customers,
        "n": apart.n,
    }


def _compare(found: Found) -> Iterator[Row]:
    """Leaving beside the themes most clearly so, as counted and held equal."""
    leaving = [e for e in found.behaviour.effects if e.outcome == "leaving"]
    for effect in sorted(leaving, key=lambda e: e.p_value)[:_DRAWN]:
        for view, told in ((COUNTED, effect.raw), (HELD, effect.held)):
            yield {
                "label": effect.theme.label,
                "view": view,
                **_ends("effect", "", told),
                "customers": effect.customers,
                "n": effect.n,
            }


def _compare_score(found: Found) -> Iterator[Row]:
    for apart in _by_size(found)[:_DRAWN]:
        for view, told in ((COUNTED, apart.raw), (HELD, apart.within)):
            if told is not None:
                yield {
                    "label": apart.theme.label,
                    "view": view,
                    **_ends("difference", "", told),
                    "customers": apart.customers,
                    "n": apart.n,
                }


def _by_size(found: Found) -> list[Apart]:
    """What leaving a theme out moves most, first."""
    every = found.scored.themes.values() if found.scored else ()
    return sorted(every, key=lambda apart: -abs(apart.raw.estimate))


def _languages(found: Found) -> Iterator[Row]:
    codes, counts = np.unique(found.said.language[found.keep].astype(str), return_counts=True)
    looked = {theme.language for theme in found.themes}
    other = 0
    for code, n in sorted(zip(codes, counts, strict=True), key=lambda pair: -pair[1]):
        if code in SUPPORTED:
            used = "themes looked for" if code in looked else "counted, too few for themes"
            yield {"language": SUPPORTED[str(code)], "comments": int(n), "used": used}
        elif code != UNTOLD:
            other += int(n)
    if other:
        yield {"language": "another language", "comments": other, "used": "counted, not read"}
    untold = int((found.said.language[found.keep] == UNTOLD).sum())
    if untold:
        yield {
            "language": "cannot be told, such as one word or two",
            "comments": untold,
            "used": "counted, not read",
        }


def _quote(theme: str, quote: Quote) -> Row:
    return {
        "theme": theme,
        "label": quote.theme,
        "order": quote.number,
        "lot": quote.lot,
        "quote": quote.text,
        "tone": None if np.isnan(quote.tone) else round(quote.tone, 1),
        "language": SUPPORTED.get(quote.language, ""),
        "month": quote.on.strftime("%Y-%m"),
    }


def _ends(name: str, ends: str, told: Estimate | None) -> Row:
    return {
        name: told.estimate if told else None,
        f"{ends}low": told.low if told else None,
        f"{ends}high": told.high if told else None,
    }
