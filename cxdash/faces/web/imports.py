"""The flow of the Import page: upload, decide, hand over to the background, read the receipt."""

from typing import Final

import streamlit as st

from cxdash import intake
from cxdash.errors import CxdashError
from cxdash.faces.web import jobs, mapping_files, receipts, staging, state, words
from cxdash.faces.web.escape import md, plain
from cxdash.faces.web.proposals import Waiting, proposal_card
from cxdash.facts.format import spoken
from cxdash.intake import ImportJob, Mapping

__all__ = ["receive", "results", "waiting_files"]

_PLACE: Final = "exports"
_TYPES: Final = ["csv", "tsv", "txt", "xlsx", "parquet", mapping_files.TYPE]


def _waiting() -> dict[str, Waiting]:
    found: dict[str, Waiting] = st.session_state.setdefault("waiting", {})
    return found


def _sent() -> dict[str, tuple[Waiting, ImportJob]]:
    """Files handed over to the background, with what was decided about them."""
    found: dict[str, tuple[Waiting, ImportJob]] = st.session_state.setdefault("sent", {})
    return found


def receive() -> None:
    """Take uploads out of the widget, and so out of memory, into the staging folder.

    Mapping files among them are kept for the exports they fit.
    """
    turn = st.session_state.setdefault("upload_turn", 0)
    uploads = st.file_uploader(
        "Exports from your survey tool, your CRM, your billing or your help desk; saved mapping "
        "files (.toml) may come with them",
        type=_TYPES,
        accept_multiple_files=True,
        key=f"upload-{turn}",
    )
    if uploads:
        brought = [upload for upload in uploads if mapping_files.is_mapping(upload)]
        mapping_files.receive(brought, _PLACE)
        for upload in uploads:
            if not mapping_files.is_mapping(upload):
                staged = staging.stage(upload)
                _waiting()[staged.token] = Waiting(staged)
        st.session_state["upload_turn"] = turn + 1
        st.rerun()
    mapping_files.refused(_PLACE)
    mapping_files.listed()


def waiting_files() -> None:
    """Every uploaded file that is not loaded yet, with its proposal."""
    _take_back()
    for token, waiting in list(_waiting().items()):
        with st.container(key=f"chart-waiting-{token}"):
            st.subheader(md(plain(waiting.staged.name, 120)), anchor=False)
            _one(token, waiting)


def _one(token: str, waiting: Waiting) -> None:
    try:
        said, now = proposal_card(waiting)
    except CxdashError as error:
        words.problem(error, token)
        changed = waiting != Waiting(waiting.staged)
        if changed and st.button("Start this file afresh", key=f"afresh-{token}"):
            _waiting()[token] = Waiting(waiting.staged, mapping_file="")
            st.rerun()
        if st.button("Put this file away", key=f"away-{token}"):
            _drop(token)
        return
    if said != waiting:
        _waiting()[token] = said
        st.rerun()
    with st.container(horizontal=True, key=f"actions-{token}"):
        load = st.button(
            "Load this file", type="primary", key=f"load-{token}", disabled=not now.ready
        )
        away = st.button("Put this file away", key=f"away-{token}")
    if not now.ready:
        gaps = [f"which column holds the {spoken(role)}" for role in now.mapping.missing()]
        open_ = [question.text for question in now.questions] or gaps
        st.markdown(md(f"Before it can be loaded, {len(open_)} to decide; next: {open_[0]}"))
    if away:
        _drop(token)
    if load:
        _start(waiting, now.mapping)


def _take_back() -> None:
    """A file that could not be loaded waits again, with everything that was decided about it."""
    for token, (waiting, job) in list(_sent().items()):
        if job.state == "failed":
            _waiting()[token] = waiting
        if job.state in ("failed", "done"):
            del _sent()[token]


def _start(waiting: Waiting, mapping: Mapping) -> None:
    """Hand the file to the background writer, which removes it once it is loaded."""
    job = intake.start_import(
        state.database(),
        waiting.staged.path,
        mapping,
        file_name=waiting.staged.name,
        remove_after=True,
    )
    jobs.mine().append(job)
    _sent()[waiting.staged.token] = (waiting, job)
    del _waiting()[waiting.staged.token]
    st.rerun()


def _drop(token: str) -> None:
    staging.discard(_waiting().pop(token).staged)
    st.rerun()


def results() -> None:
    """What became of this visitor's imports, the newest first."""
    for number, job in reversed(list(enumerate(jobs.mine()))):
        if job.error is not None:
            words.problem(job.error, f"job-{number}")
        elif job.receipt is not None and job.receipt.undone:
            words.notice([f"Import {job.receipt.import_id} is undone."], f"job-{number}")
        elif job.receipt is not None:
            receipts.receipt_card(job.receipt)
