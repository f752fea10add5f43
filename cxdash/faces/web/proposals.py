"""What cxdash believes a file to be, with everything a person may correct or must decide."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from cxdash.faces.web import asking, batch, deeds, mapping_files, samples, tables, uses
from cxdash.faces.web.batch import Standing
from cxdash.faces.web.decisions import Waiting
from cxdash.faces.web.escape import md, plain
from cxdash.faces.web.foresight import in_words
from cxdash.faces.web.words import notice
from cxdash.facts.format import count, counted, day
from cxdash.intake import Proposal
from cxdash.intake.kinds import KINDS

__all__ = ["card", "details"]

_SAMPLES: Final = 3


def card(one: Standing, others: Sequence[Standing]) -> Waiting:
    """Draw what a file seems to be and everything it asks; return what the person says now."""
    now = one.proposal
    if now is None:
        return one.waiting
    waiting, token = one.waiting, one.token
    st.markdown(md(_read_as(waiting, now)))
    _heard_before(one)
    if one.brought:
        names = ", ".join(plain(name, 80) for name in one.brought)
        sentence = f"Several mapping files fit this file: {names}. Choose one under “Mapping file”."
        notice([sentence], f"brought-{token}")
    if now.warnings:
        notice(now.warnings, f"proposal-{token}")
    said = asking.ask(waiting, now)
    if one.view is not None:
        st.markdown(md(samples.taken(one.view)))
        _foreseen(one, others)
    return said


def details(one: Standing) -> Waiting:
    """Draw what the file would become, and what a person may correct; return what is said now."""
    now, said, token = one.proposal, one.waiting, one.token
    if now is None:
        return said
    if one.view is not None:
        samples.sample(one.view, token)
    _unused(now, token)
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"means-{token}"):
        said = _what_it_is(said, now)
        said = _correct(said, now)
        said = _mapping_file(said, now)
    mapping_files.refused(token)
    return said


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


def _heard_before(one: Standing) -> None:
    """Say that the same bytes are loaded already: loading them again adds nothing."""
    twin = one.twin
    if twin is not None:
        sentence = (
            f"This very file was loaded on {day(twin.imported_at.date())} as import "
            f"{twin.import_id}. Loading it again adds nothing; put it away."
        )
        notice([sentence], f"twin-{one.token}")


def _foreseen(one: Standing, others: Sequence[Standing]) -> None:
    """Say how much is known, loudly when it is little."""
    view = one.view
    if view is None or view.match is None:
        return
    beside = [
        other.name
        for other in others
        if other.token != one.token and other.view and other.view.names.reach(view.kind)
    ]
    asks = [] if one.proposal is None else one.proposal.questions
    asked = any(question.id == "role:customer_id" for question in asks)
    sentence = in_words(view, beside, asked=asked)
    if view.match.is_low:
        notice([sentence], f"match-{one.token}")
    else:
        st.markdown(md(sentence))


def _unused(now: Proposal, token: str) -> None:
    """Columns that will not be stored, with what their cells look like; not what is still asked."""
    asked = {name for question in now.questions for name in question.columns}
    if now.is_kind_open:
        return
    unused = [
        [plain(column.name, 80), "; ".join(plain(text, 40) for text in column.samples[:_SAMPLES])]
        for column in now.columns
        if not column.role and column.name not in asked
    ]
    if unused:
        label = f"Columns that are not used and will not be stored: {count(len(unused))}"
        with st.expander(label, type="compact"):
            tables.text_table(
                ["Column", "Looks like"], unused[: tables.MAX_ROWS], key=f"unused-{token}"
            )


def _what_it_is(waiting: Waiting, now: Proposal) -> Waiting:
    """Kind and sheet, which a person may choose; a new choice starts the reading afresh."""
    token = waiting.token
    questions = {question.id for question in now.put}
    kind, sheet = now.kind, now.mapping.file.sheet
    if "kind" not in questions:
        kind = st.selectbox(
            "This file holds",
            list(KINDS),
            index=list(KINDS).index(now.kind),
            key=f"kind-{token}-{now.kind}",  # another mapping may change it
            format_func=lambda name: KINDS[name].title,
            width=360,
        )
    if len(now.sheets) > 1 and "sheet" not in questions:
        sheet = st.selectbox(
            "Sheet",
            now.sheets,
            index=now.sheets.index(sheet),
            key=f"sheet-{token}-{sheet}",
            format_func=_short,
            width=260,
        )
    if kind != now.kind:
        return Waiting(waiting.staged, kind=kind, sheet=waiting.sheet, mapping_file="")
    if sheet != now.mapping.file.sheet and "sheet" not in questions:
        return Waiting(waiting.staged, kind=waiting.kind, sheet=sheet, mapping_file="")
    return waiting


def _correct(waiting: Waiting, now: Proposal) -> Waiting:
    """Give one column another use; what was decided so far stays decided."""
    token = waiting.token
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
    token, used = waiting.token, waiting.mapping_file or ""
    with st.popover("Mapping file", key=f"mapping-{token}"):
        # One that was brought on an earlier visit is at hand no more, and may still be in use.
        names = list(dict.fromkeys(["", *mapping_files.at_hand(), used]))
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
            data=deeds.handed_out(f"the mapping of a {now.mapping.kind} file", now.mapping.to_toml),
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
        return batch.read_with(waiting, read[0])
    return waiting if chosen == used else batch.read_with(waiting, chosen)


def _short(text: str) -> str:
    return plain(text, 60)
