"""What cxdash believes a file to be, with everything a person may correct or must decide."""

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import streamlit as st

from cxdash import intake
from cxdash.faces.web import mapping_files, state, tables, uses
from cxdash.faces.web.escape import md, plain
from cxdash.faces.web.foresight import foresight
from cxdash.faces.web.staging import Staged
from cxdash.faces.web.words import notice
from cxdash.facts.format import count, counted, spoken
from cxdash.intake import Mapping, Proposal, Question
from cxdash.intake.kinds import KINDS

__all__ = ["Waiting", "proposal_card", "propose", "read_with"]

_SAMPLES: Final = 3


@dataclass(frozen=True, slots=True)
class Waiting:
    """An uploaded file and what the person has said about it so far.

    ``mapping_file`` is the mapping file it is read with; empty when the person wants none, None
    while nobody has decided.
    """

    staged: Staged
    kind: str | None = None
    sheet: str | None = None
    mapping: Mapping | None = None
    answers: Dictionary[str, str] = field(default_factory=dict)
    mapping_file: str | None = None


def propose(waiting: Waiting) -> Proposal:
    """The proposal with the person's answers so far; CxdashError if the file cannot be read.

    Reading a large file takes seconds, so it is kept for as long as the file is read the same way.
    """
    kept: dict[str, tuple[Waiting, Proposal]] = st.session_state.setdefault("proposals", {})
    token = waiting.staged.token
    reading = replace(waiting, answers={})
    if token not in kept or kept[token][0] != reading:
        with st.spinner("Reading the file …"):
            made = intake.inspect(
                waiting.staged.path,
                kind=waiting.kind,
                sheet=waiting.sheet,
                mapping=waiting.mapping,
                remembered=intake.remembered(state.database()),
                file_name=waiting.staged.name,
            )
        kept[token] = (reading, made)
    made = kept[token][1]
    return made.with_answers(waiting.answers) if waiting.answers else made


def proposal_card(waiting: Waiting) -> tuple[Waiting, Proposal]:
    """Draw the proposal; return what the person says now, and the proposal as it stood before."""
    now = propose(waiting)
    brought = _brought(waiting, now)
    if len(brought) == 1:
        return read_with(waiting, brought[0]), now
    asked = _asked(waiting, now)
    st.markdown(md(_read_as(waiting, now)))
    foresight(waiting.staged, now)
    said = _what_it_is(waiting, now, asked)
    if brought:
        names = ", ".join(plain(name, 80) for name in brought)
        sentence = f"Several mapping files fit this file: {names}. Choose one under “Mapping file”."
        notice([sentence], f"brought-{waiting.staged.token}")
    if now.warnings:
        notice(now.warnings, f"proposal-{waiting.staged.token}")
    _columns(now, waiting.staged.token)
    with st.container(horizontal=True, key=f"means-{waiting.staged.token}"):
        said = _correct(said, now)
        said = _mapping_file(said, now)
    mapping_files.refused(waiting.staged.token)
    return _ask(said, asked), now


def read_with(waiting: Waiting, name: str) -> Waiting:
    """The file read with a mapping file at hand; with none when the name is empty."""
    mapping = mapping_files.at_hand()[name] if name else None
    return Waiting(waiting.staged, mapping=mapping, mapping_file=name)


def _brought(waiting: Waiting, now: Proposal) -> list[str]:
    """Mapping files that fit a file about which nothing has been said yet."""
    return mapping_files.fitting(now) if waiting == Waiting(waiting.staged) else []


def _read_as(waiting: Waiting, now: Proposal) -> str:
    """What kind of file it seems to be, and how large it is."""
    title = KINDS[now.kind].title
    if waiting.mapping is None:
        how = f" ({now.recognised_as})" if now.recognised_as not in {"", title} else ""
    elif waiting.mapping_file and mapping_files.fits(waiting.mapping, now):
        how = f" (as {waiting.mapping_file} says)"
    else:
        how = ""
    size = f"{counted(now.rows, 'row', 'rows')}, {counted(len(now.columns), 'column', 'columns')}"
    return f"{title.capitalize()}{how}: {size}."


def _asked(waiting: Waiting, now: Proposal) -> list[Question]:
    """Every question put so far, so that an answer can be changed as long as nothing is loaded."""
    memory: dict[str, dict[str, Question]] = st.session_state.setdefault("asked", {})
    before = memory.get(waiting.staged.token, {})
    answered = {id_: before[id_] for id_ in waiting.answers if id_ in before}
    asked = {**answered, **{question.id: question for question in now.questions}}
    memory[waiting.staged.token] = asked
    return list(asked.values())


def _what_it_is(waiting: Waiting, now: Proposal, asked: Sequence[Question]) -> Waiting:
    """Kind and sheet, which a person may choose; a new choice starts the reading afresh."""
    token = waiting.staged.token
    questions = {question.id for question in asked}
    kind, sheet = waiting.kind, waiting.sheet
    with st.container(horizontal=True, key=f"reading-{token}"):
        if "kind" not in questions:
            kind = st.selectbox(
                "This file holds",
                list(KINDS),
                index=list(KINDS).index(now.kind),
                key=f"kind-{token}-{now.kind}",  # another mapping may change it
                format_func=lambda name: KINDS[name].title,
                width=420,
            )
        if len(now.sheets) > 1 and "sheet" not in questions:
            sheet = st.selectbox(
                "Sheet",
                now.sheets,
                index=now.sheets.index(now.mapping.file.sheet),
                key=f"sheet-{token}-{now.mapping.file.sheet}",
                format_func=_short,
                width=320,
            )
            sheet = waiting.sheet if sheet == now.mapping.file.sheet else sheet
    if (kind != now.kind and "kind" not in questions) or sheet != waiting.sheet:
        return Waiting(waiting.staged, kind=kind, sheet=sheet, mapping_file="")
    return waiting


def _columns(now: Proposal, token: str) -> None:
    """Each column with what its cells look like, what it will be used for, and why."""
    uses_of = {column.name: uses.use_of(now.mapping, column.name) for column in now.columns}
    rows = {
        column.name: [
            column.name if not column.label else f"{column.name}: {plain(column.label, 80)}",
            "; ".join(plain(sample, 40) for sample in column.samples[:_SAMPLES]),
            uses.in_words(uses_of[column.name]),
            column.why,
        ]
        for column in now.columns
    }
    used = [row for name, row in rows.items() if uses_of[name] != uses.NOT_USED]
    unused = [row[:2] for name, row in rows.items() if uses_of[name] == uses.NOT_USED]
    titles = ["Column", "Looks like", "Used as", "Why"]
    shown = titles if any(row[-1] for row in used) else titles[:-1]
    tables.text_table(shown, [row[: len(shown)] for row in used], key=f"columns-{token}")
    if now.mapping.constants:
        fixed = ", ".join(f"{spoken(role)}: {text}" for role, text in now.mapping.constants.items())
        st.markdown(md(f"The same for every row: {fixed}."))
    if unused:
        label = f"Columns that are not used and will not be stored: {count(len(unused))}"
        with st.expander(label, type="compact"):
            tables.text_table(
                ["Column", "Looks like"], unused[: tables.MAX_ROWS], key=f"unused-{token}"
            )


def _correct(waiting: Waiting, now: Proposal) -> Waiting:
    """Give one column another use; what was decided so far stays decided."""
    token = waiting.staged.token
    with (
        st.popover("Correct a column", key=f"correct-{token}"),
        st.form(f"use-{token}", border=False),
    ):
        column = st.selectbox(
            "Column", [profile.name for profile in now.columns], format_func=_short
        )
        use = st.selectbox("Use it as", uses.choices(now.mapping.kind), format_func=uses.in_words)
        if st.form_submit_button("Set"):
            return Waiting(
                waiting.staged,
                kind=now.kind,
                sheet=waiting.sheet,
                mapping=uses.with_use(now.mapping, column, use),
                mapping_file="",
            )
    return waiting


def _mapping_file(waiting: Waiting, now: Proposal) -> Waiting:
    """Take the reading from a mapping file, or take the reading along as one."""
    token, used = waiting.staged.token, waiting.mapping_file or ""
    with st.popover("Mapping file", key=f"mapping-{token}"):
        names = ["", *mapping_files.at_hand()]
        chosen = st.selectbox(
            "Read this file with",
            names,
            index=names.index(used),
            key=f"mapping-choice-{token}-{len(names)}-{used}",
            format_func=lambda name: _short(name) or "what is proposed here",
        )
        turn = st.session_state.setdefault(f"mapping-turn-{token}", 0)
        upload = st.file_uploader(
            "Use a saved mapping file",
            type=mapping_files.TYPE,
            key=f"mapping-upload-{token}-{turn}",
            max_upload_size=1,
        )
        st.download_button(
            "Save this mapping as a file",
            data=now.mapping.to_toml(),
            file_name=f"{now.mapping.kind}.toml",
            mime="application/toml",
            key=f"mapping-save-{token}",
            on_click="ignore",
        )
    if upload is not None:
        st.session_state[f"mapping-turn-{token}"] = turn + 1
        read = mapping_files.receive([upload], token)
        if not read:
            st.rerun()
        return read_with(waiting, read[0])
    return waiting if chosen == used else read_with(waiting, chosen)


def _ask(waiting: Waiting, asked: Sequence[Question]) -> Waiting:
    """The decisions only a person can take; none is preselected."""
    if not asked:
        return waiting
    st.subheader("Please decide", anchor=False)
    answers = {}
    for question in asked:
        labels = dict(question.options)
        known = list(labels)
        given = waiting.answers.get(question.id)
        chosen = st.selectbox(
            md(question.text),
            known,
            index=known.index(given) if given in known else None,
            key=f"ask-{waiting.staged.token}-{question.id}",
            placeholder="Choose one",
            format_func=lambda value, labels=labels: plain(labels[value], 160),
        )
        if chosen is not None:
            answers[question.id] = chosen
    return replace(waiting, answers=answers) if answers != dict(waiting.answers) else waiting


def _short(text: str) -> str:
    return plain(text, 60)
