"""The decisions only a person can take: put all at once, in groups, nothing preselected."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

import streamlit as st

from cxdash import intake
from cxdash.errors import UsageError
from cxdash.faces.web.decisions import Waiting
from cxdash.faces.web.escape import md, plain
from cxdash.faces.web.words import notice
from cxdash.intake import Proposal, Question

__all__ = ["ask"]

GROUPS: Final = {
    "file": "The file",
    "what": "What it holds",
    "columns": "Columns",
    "forms": "How dates and numbers are written",
    "money": "Money",
    "rows": "Rows",
}
_SEEN_AT_ONCE: Final = 6  # options that can stand below each other
_LABEL: Final = 160  # characters of an option
_READ: Final = ("dates", "decimal")
_SAMPLES: Final = 3


def ask(waiting: Waiting, now: Proposal) -> Waiting:
    """Draw every question put so far; an answer can be changed as long as nothing is loaded."""
    if not now.put:
        return waiting
    left = len(now.questions)
    title = f"To decide ({left} left)" if left else "Decided by you"
    with st.container(key=f"questions-{waiting.token}"):
        st.markdown(f"**{md(title)}**")
        answers = dict(waiting.answers)
        order = list(GROUPS)
        put = sorted(now.put, key=lambda question: order.index(question.group))
        for group, questions in groupby(put, key=lambda question: question.group):
            with st.container(key=f"group-{group}-{waiting.token}"):
                st.markdown(md(GROUPS[group]))
                for question in questions:
                    given = _one(waiting, now, question)
                    if given is not None:
                        answers[question.id] = given
    return replace(waiting, answers=answers) if answers != dict(waiting.answers) else waiting


def _one(waiting: Waiting, now: Proposal, question: Question) -> str | None:
    """The answer given to one question; None while there is none, or while it does not fit."""
    if not question.options and not question.free:
        notice([question.text], f"ask-{waiting.token}-{question.id}")
        return None
    labels = _labels(now, question)
    given = waiting.answers.get(question.id)
    known = list(labels) + ([given] if given is not None and given not in labels else [])
    key = f"ask-{waiting.token}-{question.id}"
    _show(key, given)

    def shown(value: str) -> str:
        return plain(labels.get(value, value))

    chosen: str | None
    if question.free and not question.options:
        chosen = st.text_input(md(question.text), value=None, key=key) or None
    elif len(known) <= _SEEN_AT_ONCE and not question.free:
        chosen = st.radio(
            md(question.text), known, index=None, key=key, format_func=lambda v: md(shown(v))
        )
    else:
        chosen = st.selectbox(
            md(question.text),
            known,
            index=None,
            key=key,
            placeholder="Choose one, or type it" if question.free else "Choose one",
            format_func=shown,
            accept_new_options=question.free,
        )
    return None if chosen is None else _fitting(now, question, chosen, key)


def _show(key: str, given: str | None) -> None:
    """Let a field show what was said last, in whichever tab; what is chosen just now stands."""
    shown = f"shown-{key}"
    before = st.session_state.get(shown)
    moved = key in st.session_state and st.session_state[key] != before
    if given is not None and not moved:
        st.session_state[key] = given
    st.session_state[shown] = given


def _fitting(now: Proposal, question: Question, chosen: str, key: str) -> str | None:
    """The answer if it can be one; else what is wrong with it is told below its field."""
    try:
        now.with_answers({question.id: chosen})
    except UsageError as error:
        notice([f"{error.what} {error.do_next}".strip()], f"wrong-{key}")
        return None
    return chosen


def _labels(now: Proposal, question: Question) -> dict[str, str]:
    """What each option means; of dates and decimals, how cells of the file read under it."""
    labels = _told_apart(question.options)
    subject, _, column = question.id.partition(":")
    cells = _samples(now, column) if subject in _READ else ()
    if not cells:
        return labels
    read = intake.readings(cells, subject, list(labels))
    return {
        value: f"{text.partition(':')[0]}: {_read(cells, read[value])}"
        for value, text in labels.items()
    }


def _told_apart(options: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Labels of options, no two alike: the browser answers by label, and long names are cut."""
    labels: dict[str, str] = {}
    for value, text in options:
        shown = plain(text, _LABEL)
        times = sum(label.startswith(shown) for label in labels.values())
        labels[value] = f"{shown} ({times + 1})" if times else shown
    return labels


def _samples(now: Proposal, column: str) -> Sequence[str]:
    return next((one.samples[:_SAMPLES] for one in now.columns if one.name == column), ())


def _read(cells: Sequence[str], understood: Sequence[str]) -> str:
    return ";  ".join(f"{cell} → {meant}" for cell, meant in zip(cells, understood, strict=True))
