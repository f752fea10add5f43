"""A fact card: the value, its range in words, what it rests on, its grade, how it is known."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from cxdash.faces.web import scope
from cxdash.faces.web.doubts import cross_examine, open_to_questions
from cxdash.faces.web.escape import md
from cxdash.faces.web.methods import known_by
from cxdash.faces.web.words import badge
from cxdash.facts import Fact
from cxdash.facts import format as printing

__all__ = ["cards", "fact_card", "in_words"]

_ACROSS: Final = 3
_LEADING: Final = 6
_ONE_LINE: Final = 15  # characters of a value that stand on one line in the largest type


def cards(facts: Sequence[Fact]) -> None:
    """The leading cards, three to a row; the others when they are asked for."""
    _rows(facts[:_LEADING])
    if len(facts) > _LEADING:
        more = printing.count(len(facts) - _LEADING)
        if st.toggle(f"Show the other {more} facts", key="all-facts"):
            _rows(facts[_LEADING:])


def _rows(facts: Sequence[Fact]) -> None:
    questioned = open_to_questions(facts)
    for start in range(0, len(facts), _ACROSS):
        row = facts[start : start + _ACROSS]
        for column, fact in zip(st.columns(_ACROSS, gap="large"), row, strict=False):
            with column:
                fact_card(fact, questioned=fact.id in questioned)


def fact_card(fact: Fact, *, questioned: bool = False) -> None:
    """The only way a page shows a number; ``questioned`` adds the link to its cross-examination."""
    with st.container(key=f"fact-{_key(fact.id)}", gap="xsmall"):
        st.markdown(f"**{md(_sentence_case(fact.label))}**")
        value = _sentence_case(printing.fact_value(fact))
        size = "value" if len(value) <= _ONE_LINE else "value-long"
        with st.container(key=f"{size}-{_key(fact.id)}"):
            st.markdown(md(value))
        st.markdown(md(in_words(fact)))
        st.markdown(badge(fact.grade))
        if questioned:
            cross_examine(fact.id, scope.current())
        with st.expander("How this is known", type="compact"):
            st.markdown(known_by(fact))


def in_words(fact: Fact) -> str:
    """The range and the base of a Fact as one plain sentence."""
    base = f"{printing.count(fact.n)} {'observation' if fact.n == 1 else 'observations'}"
    if fact.value is None and fact.interval is not None:
        return f"Range: {printing.fact_interval(fact)}. {fact.caveats[0]} ({base})"
    if fact.value is None:
        return f"{fact.caveats[0]} ({base})" if fact.n else fact.caveats[0]
    if fact.interval is None:
        return f"Counted exactly, from {base}."
    return f"{fact.interval.level:.0%} range: {printing.fact_interval(fact)}. From {base}."


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def _key(fact_id: str) -> str:
    return "".join(char if char.isalnum() else "-" for char in fact_id)
