"""The scope bar: which metric, how far ahead, which customers. All of it lives in the address.

Streamlit's own binding of a control to the address loses the address when the page changes, so a
copied link would show something else. Here the address follows the controls on every page, and the
controls follow an address that was opened, linked or gone back to.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import streamlit as st

from cxdash.access import Action
from cxdash.faces.web import links, state, words
from cxdash.faces.web.escape import md, plain
from cxdash.faces.web.navigation import PageInfo
from cxdash.faces.web.visitor import may
from cxdash.facts import HORIZONS, Scope
from cxdash.facts.format import spoken

__all__ = ["CLAIM", "EXAMINES", "current", "head", "in_words", "query"]

CLAIM: Final = "claim"  # name in the address of the Fact that is to be examined
EXAMINES: Final = "examine"  # the question, and the page, that look at a claim
_FACT: Final = re.compile(r"[\w.-]{1,120}")
_LOOKS_BACK: Final = ("change",)  # questions whose months lie behind us
_EVERY: Final = ("trial", "churn")  # questions that look at every metric, whichever is chosen
_OF_PAGES: Final = ("case", "ask", "pilot")  # names in the address that pages read themselves
_USUAL_HORIZON: Final = str(Scope().horizon)
_AUTO: Final = "auto"
_ALL: Final = "all"
_WHERE: Final = "where_"
# Names in the visitor's session: the scope for the page, the choices, what the address last said.
_KEPT, _CHOSEN, _WRITTEN = "scope-looked-at", "scope-chosen", "scope-written"
_NOT_KNOWN: Final = "scope-not-known"  # what an opened link asked for in vain, and where

Offers = Mapping[str, Sequence[str]]


def head(entry: PageInfo) -> None:
    """The page's question; beside it the scope, on pages that answer a question from the data."""
    if entry.question and state.has_rows():
        st.session_state[_KEPT] = _bar(entry)
    else:
        words.kicker(entry.asks)


def current() -> Scope:
    """The scope the router has just drawn."""
    scope: Scope = st.session_state.get(_KEPT, Scope())
    return scope


def in_words(
    scope: Scope, main: str, *, back: bool = False, every: bool = False, undated: bool = False
) -> str:
    """The scope as a reader says it: "rating NPS, next 6 months, region: North".

    ``main`` is the rating that is used when none was chosen; empty when nobody rated anything.
    ``back`` says that the question compares the months behind us, ``every`` that it looks at all
    metrics there are, ``undated`` that it rests on a list without dates.
    """
    who = [f"{spoken(column)}: {plain(value, 40)}" for column, value in scope.where]
    if undated:
        return ", ".join(
            ["a list without dates, nothing looked ahead", *(who or ["all customers"])]
        )
    rating = scope.metric or main
    said = f"rating {spoken(rating)}" if rating else "no rating"
    if every:
        said = "every metric"
    months = scope.horizon
    when = f"last {months} months against the {months} before" if back else f"next {months} months"
    return ", ".join([said, when, *(who or ["all customers"])])


def query(scope: Scope) -> dict[str, str]:
    """Query parameters that reopen this scope; what is usual is left out."""
    parts = {_WHERE + column: value for column, value in scope.where}
    if scope.metric is not None:
        parts["metric"] = scope.metric
    if str(scope.horizon) != _USUAL_HORIZON:
        parts["horizon"] = str(scope.horizon)
    return parts


def _bar(entry: PageInfo) -> Scope:
    """One line: the page's question, the scope in words, its controls behind a button."""
    offers = _offers(entry)
    in_vain = links.unknown(st.query_params.to_dict(), offers, aside=_aside(entry))
    _settle(offers)
    with st.container(
        key="scope", horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    ):
        words.kicker(entry.asks)
        said = st.empty()
        with st.popover("Change what is looked at", width="content", type="tertiary"):
            chosen = {key: _select(key, values, _main(offers)) for key, values in offers.items()}
    scope = replace(_scope(chosen), claim=_claim(entry))
    back = entry.question in _LOOKS_BACK
    every = entry.question in _EVERY
    undated = state.undated(entry.question)
    shown = in_words(scope, _main(offers), back=back, every=every, undated=undated)
    said.markdown(md(shown))
    _write(offers, chosen, query(scope))
    _say_not_known(in_vain, entry, shown)
    return scope


def _aside(entry: PageInfo) -> tuple[str, ...]:
    """Names in the address that are read elsewhere: what opens an entry, and the claim, unless it
    cannot name a Fact.
    """
    opens = (*links.of_entry(st.query_params.to_dict()), *_OF_PAGES)
    bad = entry.question == EXAMINES and not _FACT.fullmatch(st.query_params.get(CLAIM, "-"))
    return opens if bad else (CLAIM, *opens)


def _say_not_known(in_vain: tuple[tuple[str, str], ...], entry: PageInfo, shown: str) -> None:
    """What of the link is not known here: until another page or another scope is looked at."""
    place = (entry.name, shown)
    if in_vain:
        st.session_state[_NOT_KNOWN] = (place, in_vain)
        for name, _ in in_vain:
            st.query_params.pop(name, None)
    told = st.session_state.get(_NOT_KNOWN)
    if told and told[0] == place:
        withheld = not may(Action.SEE_PEOPLE)
        words.notice([links.not_known(told[1], shown, withheld=withheld)], "link")
    else:
        st.session_state.pop(_NOT_KNOWN, None)


def _offers(entry: PageInfo) -> Offers:
    """Every control with its values."""
    return {
        "metric": [_AUTO, *state.metrics()],
        "horizon": [str(months) for months in HORIZONS],
        **{
            _WHERE + column: [_ALL, *values]
            for column, values in state.filters(entry.question).items()
        },
    }


def _main(offers: Offers) -> str:
    """The rating that is used when none is chosen; empty when there is none."""
    return next(iter(offers["metric"][1:]), "")


def _settle(offers: Offers) -> None:
    """Set the controls before they are drawn: from a new address, else as they were chosen."""
    told = {key: st.query_params[key] for key in offers if key in st.query_params}
    opened = bool(told) and told != st.session_state.get(_WRITTEN)
    kept = told if opened else st.session_state.get(_CHOSEN, {})
    for key, values in offers.items():
        wanted = kept.get(key) if opened else st.session_state.get(key, kept.get(key))
        st.session_state[key] = wanted if wanted in values else _usual(key)


def _usual(key: str) -> str:
    return {"metric": _AUTO, "horizon": _USUAL_HORIZON}.get(key, _ALL)


def _write(offers: Offers, chosen: Mapping[str, str], parts: Mapping[str, str]) -> None:
    """Let the address say the scope, so that it can be copied."""
    for key in offers:
        if key in parts and st.query_params.get(key) != parts[key]:
            st.query_params[key] = parts[key]
        elif key not in parts and key in st.query_params:
            del st.query_params[key]
    st.session_state[_CHOSEN], st.session_state[_WRITTEN] = dict(chosen), dict(parts)


def _scope(chosen: Mapping[str, str]) -> Scope:
    metric = chosen["metric"]
    return Scope(
        metric=None if metric == _AUTO else metric,
        horizon=int(chosen["horizon"]),
        where=tuple(
            (key.removeprefix(_WHERE), value)
            for key, value in chosen.items()
            if key.startswith(_WHERE) and value != _ALL
        ),
    )


def _claim(entry: PageInfo) -> str | None:
    """The Fact the address asks to examine; other pages examine none."""
    asked = st.query_params.get(CLAIM, "")
    return asked if entry.question == EXAMINES and _FACT.fullmatch(asked) else None


def _select(key: str, values: Sequence[str], main: str) -> str:
    label = {"metric": "Survey rating", "horizon": "Months looked ahead"}.get(
        key, spoken(key.removeprefix(_WHERE)).capitalize()
    )
    usual = {_AUTO: f"The main one: {spoken(main)}" if main else "None was loaded", _ALL: "All"}

    def option(value: str) -> str:
        name = spoken(value) if key == "metric" else value
        return usual.get(value) or plain(name, 80)

    return st.selectbox(md(label), values, key=key, format_func=option) or _usual(key)
