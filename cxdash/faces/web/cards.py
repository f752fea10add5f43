"""A fact card: the value, its range in words, how many it rests on, its grade, and how it is known."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from cxdash.facts import Fact
from cxdash.faces.web.escape import md
from cxdash.faces.web.glossary import meaning
from cxdash.faces.web.numbers import show, show_range
from cxdash.faces.web.words import badge

__all__ = ["cards", "fact_card", "in_words"]

_ACROSS: Final = 3


def cards(facts: Sequence[Fact]) -> None:
    """Cards side by side, three to a row."""
    for start in range(0, len(facts), _ACROSS):
        row = facts[start : start + _ACROSS]
        for column, fact in zip(st.columns(_ACROSS, gap="large"), row, strict=False):
            with column:
                fact_card(fact)


def fact_card(fact: Fact) -> None:
    """The only way a page shows a number."""
    with st.container(key=f"fact-{_key(fact.id)}", gap="xsmall"):
        st.markdown(f"**{md(fact.label)}**")
        with st.container(key=f"value-{_key(fact.id)}"):
            st.markdown(md("Cannot tell" if fact.value is None else show(fact.value, fact.unit)))
        st.markdown(md(in_words(fact)))
        st.markdown(badge(fact.grade))
        with st.popover("How this is known", type="tertiary", width="content"):
            _provenance(fact)


def in_words(fact: Fact) -> str:
    """The range and the base of a Fact as one plain sentence."""
    base = f"{fact.n:,} {'observation' if fact.n == 1 else 'observations'}"
    if fact.value is None:
        return f"{fact.caveats[0]} ({base})"
    if fact.interval is None:
        return f"Counted exactly, from {base}."
    low, high = fact.interval.low, fact.interval.high
    return f"{fact.interval.level:.0%} range: {show_range(low, high, fact.unit)}. From {base}."


def _provenance(fact: Fact) -> None:
    rows = [
        ("Who", fact.population),
        ("When", fact.period),
        ("How", fact.method.description),
        ("Rests on", "; ".join(fact.sources)),
        ("Careful", " ".join(fact.caveats)),
    ]
    definition = meaning(fact.definition)
    if definition is not None:
        rows[:0] = [
            ("What it is", definition.plain),
            ("Formula", definition.formula),
            ("Trap", definition.trap),
            ("Source", definition.source),
        ]
    for name, text in rows:
        if text:
            st.markdown(f"**{name}.** {md(text)}")


def _key(fact_id: str) -> str:
    return "".join(char if char.isalnum() else "-" for char in fact_id)
