"""The flow of the Import page up to loading: upload, decide, hand over to the background."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from cxdash import intake
from cxdash.errors import CxdashError
from cxdash.faces.web import (
    decisions,
    jobs,
    loaded,
    mapping_files,
    memory,
    overview,
    proposals,
    reading,
    receipts,
    sending,
    staging,
    state,
    words,
)
from cxdash.faces.web.batch import Standing
from cxdash.faces.web.decisions import Waiting
from cxdash.faces.web.escape import md
from cxdash.faces.web.visitor import visitor
from cxdash.facts.format import counted

__all__ = ["before", "files", "receive"]

_PLACE: Final = "exports"
_TYPES: Final = ["csv", "tsv", "txt", "xlsx", "xlsm", "parquet", "zip", "gz", "bz2", "xz"]
_REFUSED: Final = "refused-uploads"
_ASIDE: Final = "left-aside"
_OPEN: Final = "open-file"


def receive(*, first: bool) -> None:
    """Take uploads out of the widget, and so out of memory, into the staging folder.

    ``first``: nothing waits yet, so the place for files is large; else it is behind a word.
    Mapping files among them are kept for the exports they fit.
    """
    if first:
        uploads = _uploader()
    else:
        with st.expander("Bring more files", key="more-files", type="compact"):
            uploads = _uploader()
    if uploads:
        brought = [upload for upload in uploads if mapping_files.is_mapping(upload)]
        mapping_files.receive(brought, _PLACE)
        for upload in brought:
            memory.release(upload)
        st.session_state[_REFUSED], st.session_state[_ASIDE] = _staged(
            [upload for upload in uploads if upload not in brought]
        )
        st.session_state["upload_turn"] += 1
        st.rerun()
    mapping_files.refused(_PLACE)
    for number, error in enumerate(st.session_state.get(_REFUSED, ())):
        words.problem(error, f"upload-{number}")
    if aside := st.session_state.get(_ASIDE):
        words.notice(aside, "left-aside")
    mapping_files.listed()


def files(found: Sequence[Standing]) -> None:
    """The files that wait: all of them in a table, one of them open, what can be done with them."""
    reading.progress()
    if name := sending.taken_elsewhere():
        words.notice([f"{name} was sent off from another tab; it is loaded once."], "taken")
    for number, error in enumerate(sending.kept_back()):
        words.problem(error, f"kept-back-{number}")
    if not found:
        return
    loaded.beside_waiting()
    if len(found) > 1:
        overview.table(found)
        _actions(found)
    chosen = _opened(found)
    with st.container(key=f"chart-waiting-{chosen.token}"):
        st.subheader(md(chosen.name), anchor=False)
        _one(chosen, found)


def before(*, first: bool) -> None:
    """What has been loaded so far; to a newcomer with nothing to show yet, what to bring."""
    if intake.imports(state.database()):
        words.section("What has been loaded", "history")
        receipts.history(undo=True)
    elif first and not jobs.mine():
        words.section("What to bring first", "wanted")
        words.first_files()


def _uploader() -> "list[st.runtime.uploaded_file_manager.UploadedFile]":
    turn = st.session_state.setdefault("upload_turn", 0)
    return st.file_uploader(
        "Exports from your survey tool, your CRM, your billing or your help desk, up to "
        f"{staging.FILES} at once; saved mapping files (.toml) may come with them",
        type=[*_TYPES, mapping_files.TYPE],
        accept_multiple_files=True,
        key=f"upload-{turn}",
    )


def _largest() -> int:
    """Bytes of the largest file taken: the megabytes the browser shows, which are of a million."""
    return int(st.get_option("server.maxUploadSize")) * 1_000_000


def _staged(
    uploads: "Sequence[st.runtime.uploaded_file_manager.UploadedFile]",
) -> tuple[list[CxdashError], list[str]]:
    """Put uploads where they wait; what was wrong with them, and what of them is left aside."""
    errors: list[CxdashError] = []
    aside: list[str] = []
    for upload in uploads:
        try:
            aside += staging.stage(upload, visitor().owner, largest=_largest())
        except CxdashError as error:
            errors.append(error)
        finally:
            memory.release(upload)
    return errors, aside


def _actions(found: Sequence[Standing]) -> None:
    """What can be done with all files at once."""
    ready = [one for one in found if one.is_ready]
    with st.container(horizontal=True, key="batch-actions"):
        load = st.button(
            f"Load all that are ready ({len(ready)})",
            type="primary",
            key="load-all",
            disabled=not ready,
        )
        away = st.button("Put all away", key="away-all")
    if early := overview.too_early(found):
        st.markdown(md(early))
    if load:
        for one in ready:
            sending.start(one)
        st.rerun()
    if away:
        for one in found:
            staging.discard(one.waiting.staged)
        st.rerun()


def _opened(found: Sequence[Standing]) -> Standing:
    """The file that is open: the one chosen, else the first that asks something."""
    if len(found) == 1:
        return found[0]
    by_token = {one.token: one for one in found}
    first = next((one for one in found if one.open_count or one.error), found[0])
    if st.session_state.get(_OPEN) not in by_token:
        st.session_state[_OPEN] = first.token
    numbers = {one.token: str(at) for at, one in enumerate(found, start=1)}
    chosen = st.segmented_control(
        "Look at file", list(by_token), format_func=numbers.__getitem__, key=_OPEN, required=True
    )
    return by_token.get(chosen or "", first)


def _open(token: str) -> None:
    st.session_state[_OPEN] = token


def _one(one: Standing, others: Sequence[Standing]) -> None:
    token = one.token
    if one.error is not None:
        _refused(one, one.error)
        return
    if one.proposal is None:
        st.markdown("The file is being read; this page shows it as soon as that is done.")
        return
    said = proposals.card(one, others)
    with st.container(horizontal=True, vertical_alignment="center", key=f"actions-{token}"):
        again = one.twin is not None
        load = st.button(
            "Load it again" if again else "Load this file",
            type="secondary" if again else "primary",
            key=f"load-{token}",
            disabled=not one.may_load,
        )
        away = st.button(
            "Put this file away", type="primary" if again else "secondary", key=f"away-{token}"
        )
        asks = next((other.token for other in others if other.open_count), "")
        if asks and not one.open_count:
            st.button("Next file that asks", key=f"next-{token}", on_click=_open, args=(asks,))
        if one.open_count:
            left = counted(one.open_count, "thing is", "things are")
            st.markdown(md(f"{left} to decide before it can be loaded."))
    if said == one.waiting:
        said = proposals.details(one)
    if said != one.waiting:
        decisions.decide(said)
        st.rerun()
    if away:
        staging.discard(one.waiting.staged)
        st.rerun()
    if load:
        sending.start(one)
        st.rerun()


def _refused(one: Standing, error: CxdashError) -> None:
    """A file that cannot be read: what is wrong, and the ways on from here."""
    words.problem(error, one.token)
    if not one.waiting.is_untouched and st.button(
        "Start this file afresh", key=f"afresh-{one.token}"
    ):
        decisions.decide(Waiting(one.waiting.staged, mapping_file=""))
        st.rerun()
    if st.button("Put this file away", key=f"away-{one.token}"):
        staging.discard(one.waiting.staged)
        st.rerun()
