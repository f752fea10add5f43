"""What became of the files this visit sent off: a line for each, and one receipt open."""

from collections.abc import Sequence

import streamlit as st

from cxdash import intake
from cxdash.faces.receipt import equation, to_look_at
from cxdash.faces.web import jobs, overview, receipts, state, tables, words
from cxdash.faces.web.batch import Standing
from cxdash.faces.web.escape import md, plain
from cxdash.faces.web.navigation import info, path_of
from cxdash.facts.format import counted
from cxdash.intake import Receipt

__all__ = ["beside_waiting", "headline", "results"]


def headline(found: Sequence[Standing]) -> str:
    """Where this visit stands: what waits, what is being loaded, what is loaded."""
    running = [job for job in jobs.mine() if job.state in ("waiting", "running")]
    if found or not jobs.mine():
        return overview.told(found)
    if running:
        return f"{counted(len(running), 'file is', 'files are')} being loaded"
    ended = _loaded()
    if not ended:
        return overview.told(found)
    said = f"{counted(len(ended), 'file is', 'files are')} loaded"
    unsettled = sum(_is_to_settle(one) for one in ended)
    if not unsettled:
        return said
    whose = f" in {counted(unsettled, 'receipt', 'receipts')}" if len(ended) > 1 else ""
    return f"{said}; something is to be settled first{whose}"


def beside_waiting() -> None:
    """One line for each file this visit loaded, while others wait above its receipt."""
    for one in _loaded():
        look = f" {to_look_at(one)}." if to_look_at(one) else ""
        name = plain(one.file_name, 120)
        st.markdown(md(f"{name} is loaded: {equation(one)}.{look} Its receipt stands below."))


def results(*, waiting: bool) -> None:
    """Problems, then what was loaded: what is to be settled first, then the newest.

    Of several files each has a line that says whether there is something to look at, and the
    receipt of the first is open.
    """
    for number, job in reversed(list(enumerate(jobs.mine()))):
        if job.error is not None:
            words.problem(job.error, f"job-{number}")
        elif job.receipt is not None and job.receipt.undone:
            words.notice([f"Import {job.receipt.import_id} is undone."], f"job-{number}")
    # As they stand now: a customer erased since is quoted in them no more.
    stored = {one.import_id: one for one in intake.imports(state.database())}
    newest = {one.import_id: stored.get(one.import_id, one) for one in reversed(_loaded())}
    done = sorted(newest.values(), key=_is_to_settle, reverse=True)
    if not done:
        return
    receipts.receipt_card(_chosen(done) if len(done) > 1 else done[0])
    if not waiting:
        st.page_link(path_of("worth"), label=f"Open Worth: {info('worth').asks}")


def _chosen(done: Sequence[Receipt]) -> Receipt:
    """The receipt a person looks at, out of a table with a line for each."""
    tables.text_table(
        ["Import", "File", "Rows", "To look at"],
        [
            [str(one.import_id), plain(one.file_name, 80), equation(one), to_look_at(one)]
            for one in done
        ],
        right=[True],
        key="loaded",
    )
    by_number = {one.import_id: one for one in done}
    chosen = st.segmented_control(
        "Look at the receipt of import",
        list(by_number),
        default=done[0].import_id,
        format_func=lambda number: md(f"{number}: {plain(by_number[number].file_name, 24)}"),
        key=f"receipt-of-{len(done)}",
        required=True,
    )
    return by_number.get(chosen or 0, done[0])


def _loaded() -> list[Receipt]:
    """Receipts of the imports of this visit, in the order they were sent off."""
    ended = (job.receipt for job in jobs.mine())
    return [one for one in ended if one is not None and not one.undone]


def _is_to_settle(receipt: Receipt) -> bool:
    return any(finding.severity == "stop" for finding in receipt.findings)
