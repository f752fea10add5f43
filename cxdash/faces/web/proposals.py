"""What cxdash believes a file to be, with everything a person may correct or must decide."""

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import streamlit as st

from cxdash import intake
from cxdash.faces.web import state, tables, uses
from cxdash.faces.web.escape import md, plain
from cxdash.faces.web.staging import Staged
from cxdash.faces.web.words import bullets, notice
from cxdash.facts.format import count
from cxdash.intake import Mapping, Proposal, Question
from cxdash.intake.kinds import KINDS

__all__ = ["Waiting", "proposal_card", "propose"]

_OPEN: Final = ""
_SAMPLES: Final = 3
_FOUND_OUT: Final = "recognise"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An uploaded file and what the person has said about it so far."""

    staged: Staged
    kind: str | None = None
    sheet: str | None = None
    mapping: Mapping | None = None
    answers: Dictionary[str, str] = field(default_factory=dict)


def propose(waiting: Waiting) -> tuple[Proposal, Proposal]:
    """The proposal as it was made, and as it stands with the person's answers.

    CxdashError if the file cannot be read. Reading a large file takes seconds, so both are kept for
    as long as the person says nothing new.
    """
    kept = st.session_state.setdefault("proposals", {})
    token = waiting.staged.token
    if token not in kept or kept[token][0] != waiting:
        with st.spinner("Reading the file …"):
            made = intake.inspect(
                waiting.staged.path,
                kind=waiting.kind,
                sheet=waiting.sheet,
                mapping=waiting.mapping,
                remembered=intake.remembered(state.database()),
                file_name=waiting.staged.name,
            )
        answered = made.with_answers(waiting.answers) if waiting.answers else made
        kept[token] = (waiting, made, answered)
    return kept[token][1], kept[token][2]


def proposal_card(waiting: Waiting) -> tuple[Waiting, Proposal]:
    """Draw the proposal; return what the person says now, and the proposal that follows from it."""
    token = waiting.staged.token
    made, now = propose(waiting)
    st.markdown(md(f"{count(now.rows)} rows, {len(now.columns)} columns."))
    said = _what_it_is(waiting, now)
    if now.warnings:
        notice(now.warnings, f"proposal-{token}")
    if now.mapping is not None:
        _columns(now, token)
        said = _correct(said, now)
    said = _ask(said, [*made.questions, *now.questions])
    return said, now


def _what_it_is(waiting: Waiting, now: Proposal) -> Waiting:
    """Kind and sheet, which a person may choose; a new choice starts the reading afresh."""
    token = waiting.staged.token
    with st.container(horizontal=True, key=f"reading-{token}"):
        recognised = KINDS[now.kind].title if now.kind else "not recognised"
        kind = st.selectbox(
            "This file holds",
            [_FOUND_OUT, *KINDS],
            key=f"kind-{token}",
            format_func=lambda name: (
                f"As recognised: {recognised}" if name == _FOUND_OUT else KINDS[name].title
            ),
            width=420,
        )
        sheet = waiting.sheet
        if len(now.sheets) > 1:
            sheet = st.selectbox(
                "Sheet", now.sheets, key=f"sheet-{token}", format_func=_short, width=320
            )
    chosen = None if kind == _FOUND_OUT else kind
    if chosen != waiting.kind or (sheet != waiting.sheet and len(now.sheets) > 1):
        return replace(waiting, kind=chosen, sheet=sheet, mapping=None, answers={})
    return waiting


def _columns(now: Proposal, token: str) -> None:
    """Each column with what its cells look like and what it will be used for."""
    mapping = now.mapping
    rows = [
        [
            column.name,
            "; ".join(plain(sample, 40) for sample in column.samples[:_SAMPLES]),
            uses.in_words(uses.use_of(mapping, column.name)),
        ]
        for column in now.columns
    ]
    used = [row for row in rows if row[2] != uses.in_words(uses.NOT_USED)]
    unused = [row for row in rows if row not in used]
    titles = ["Column", "Looks like", "Used as"]
    tables.text_table(titles, used, key=f"columns-{token}")
    if mapping.constants:
        fixed = ", ".join(
            f"{role.replace('_', ' ')}: {word}" for role, word in mapping.constants.items()
        )
        st.markdown(md(f"The same for every row: {fixed}."))
    if unused:
        with st.expander(
            f"{len(unused)} columns are not used and will not be stored", type="compact"
        ):
            tables.text_table(
                titles[:2], [row[:2] for row in unused[: tables.MAX_ROWS]], key=f"unused-{token}"
            )


def _correct(waiting: Waiting, now: Proposal) -> Waiting:
    """Give one column another use."""
    token = waiting.staged.token
    with (
        st.popover("Correct a column", type="secondary", key=f"correct-{token}"),
        st.form(f"use-{token}", border=False),
    ):
        column = st.selectbox(
            "Column", [profile.name for profile in now.columns], format_func=_short
        )
        use = st.selectbox("Use it as", uses.choices(now.mapping.kind), format_func=uses.in_words)
        if st.form_submit_button("Set"):
            return replace(waiting, mapping=uses.with_use(now.mapping, column, use))
    return waiting


def _ask(waiting: Waiting, questions: Sequence[Question]) -> Waiting:
    """The decisions only a person can take; nothing is preselected unless it is harmless."""
    unique = list({question.id: question for question in questions}.values())
    if not unique:
        return waiting
    st.subheader("Please decide", anchor=False)
    answers = {}
    for question in unique:
        labels = dict(question.options)
        chosen = st.selectbox(
            md(question.text),
            list(labels),
            index=None,
            key=f"ask-{waiting.staged.token}-{question.id}",
            placeholder="Choose one",
            format_func=labels.__getitem__,
        )
        if chosen is not None:
            answers[question.id] = chosen
    return replace(waiting, answers=answers) if answers != dict(waiting.answers) else waiting


def open_questions(now: Proposal) -> None:
    """Say what still stands between the file and its loading."""
    bullets([question.text for question in now.questions])


def _short(text: str) -> str:
    return plain(text, 60)
