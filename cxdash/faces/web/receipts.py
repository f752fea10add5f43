"""A receipt as a card: an equation of rows, what can mislead, money to the cent, rejected rows."""

from typing import Final

import streamlit as st

from cxdash import intake
from cxdash.access import Action
from cxdash.faces.columns import heading
from cxdash.faces.receipt import SEVERITY, amounts, cents, equation, said
from cxdash.faces.web import deeds, jobs, state, tables
from cxdash.faces.web.escape import md, plain
from cxdash.faces.web.visitor import may
from cxdash.faces.web.words import notice
from cxdash.facts.format import count, day, spoken
from cxdash.intake import Finding, Receipt

__all__ = ["history", "receipt_card"]

_SHOWN: Final = 12


def receipt_card(receipt: Receipt) -> None:
    key = f"receipt-{receipt.import_id}"
    with st.container(key=f"chart-{key}"):
        st.subheader(md(plain(receipt.file_name, 120)), anchor=False)
        with st.container(key=f"value-{key}"):
            st.markdown(md(equation(receipt)))
        st.markdown(md(_about(receipt)))
        _findings(receipt, key)
        if receipt.rows_rejected:
            _rejected(receipt)
        with st.expander("All about this import", type="compact"):
            _all(receipt)


def _about(receipt: Receipt) -> str:
    told = "".join(f" {text[0].upper()}{text[1:]}." for text in said(receipt))
    return f"Import {receipt.import_id}, read as {heading(receipt.kind).lower()}.{told}"


def _findings(receipt: Receipt, key: str) -> None:
    """What can mislead, the costly first: loud what to look at, the rest behind a click."""
    if not receipt.findings:
        # A receipt written before findings were.
        if receipt.warnings:
            notice(receipt.warnings, key)
        return
    loud = [finding for finding in receipt.findings if finding.severity != "info"]
    if loud:
        with st.container(key=f"notice-{key}"):
            _finding_table(loud, f"loud-{key}")
    _restated(receipt)
    quiet = [finding for finding in receipt.findings if finding.severity == "info"]
    if quiet:
        with st.expander("Also found, and dealt with", type="compact"):
            _finding_table(quiet, f"quiet-{key}")


def _finding_table(findings: list[Finding], key: str) -> None:
    tables.text_table(
        ["", "What was found", "Rows", "Money it touches"],
        [
            [
                SEVERITY[finding.severity],
                finding.sentence,
                count(finding.rows) if finding.rows else "",
                amounts(finding.money),
            ]
            for finding in findings
        ],
        right=[False, False, True, True],
        key=key,
    )


def _restated(receipt: Receipt) -> None:
    """Money before and after, by month and by the customers it changed most for."""
    if receipt.restated:
        st.markdown("**How replaced rows changed the money**")
    for by, title in (("month", "Month"), ("customer", "Customer")):
        rows = [
            [
                one.name,
                one.currency,
                cents(one.before),
                cents(one.after),
                cents(one.change),
            ]
            for one in receipt.restated
            if one.by == by
        ]
        if rows and (by == "month" or may(Action.SEE_PEOPLE)):
            tables.text_table(
                [title, "Currency", "Before", "After", "Change"],
                rows,
                right=[False, False, True, True, True],
                key=f"restated-{by}-{receipt.import_id}",
            )
    if receipt.rows_superseding and not receipt.undone and may(Action.EXPORT):
        st.download_button(
            "Download every change",
            data=deeds.handed_out(
                f"changes of import {receipt.import_id}",
                lambda: intake.changes(state.database(), receipt.import_id),
            ),
            file_name=f"changes-import-{receipt.import_id}.csv",
            mime="text/csv",
            key=f"changes-{receipt.import_id}",
            on_click="ignore",
        )


def _rejected(receipt: Receipt) -> None:
    """Why rows were rejected, most frequent first, and all of them as a file."""
    rows = [[reason, count(times)] for reason, times in receipt.reasons[:_SHOWN]]
    tables.text_table(
        ["Why rows were rejected", "Rows"],
        rows,
        right=[False, True],
        key=f"why-{receipt.import_id}",
    )
    if not may(Action.SEE_PEOPLE):
        return
    first = [[count(row.line), row.reason, " | ".join(row.raw)] for row in receipt.rejects[:_SHOWN]]
    with st.expander("The first rejected rows", type="compact"):
        tables.text_table(
            ["Line", "Reason", "Row as it came"],
            first,
            right=[True, False, False],
            key=f"rejected-{receipt.import_id}",
        )
    if not may(Action.EXPORT):
        return
    st.download_button(
        "Download the rejected rows",
        data=deeds.refused_rows(receipt.import_id),
        file_name=f"rejected-rows-import-{receipt.import_id}.csv",
        mime="text/csv",
        key=f"download-{receipt.import_id}",
        on_click="ignore",
    )


def _all(receipt: Receipt) -> None:
    for item in receipt.scores:
        values = ", ".join(f"{value:g}: {count(times)}" for value, times in item.counts)
        st.markdown(f"**Answers to {md(spoken(item.item))}** ({md(item.variant)}): {md(values)}")
    if receipt.unused_columns:
        st.markdown(f"**Columns not used and not kept:** {md(', '.join(receipt.unused_columns))}")
    st.markdown(f"**Fingerprint of the file (SHA-256):** {md(receipt.sha256)}")
    st.markdown("**Mapping**, for the next file with this layout:")
    st.code(receipt.mapping, language=None)


def history(*, undo: bool) -> None:
    """Every import, the newest first; with ``undo`` each can be taken back."""
    found = sorted(intake.imports(state.database()), key=lambda one: -one.import_id)
    if not found:
        st.markdown("No file has been loaded yet.")
        return
    tables.text_table(
        ["Import", "File", "Read as", "On", "Rows", "State"],
        [
            [
                str(one.import_id),
                plain(one.file_name, 80),
                heading(one.kind),
                day(one.imported_at.date()),
                equation(one),
                "undone" if one.undone else ("demo company" if one.is_demo else "counts"),
            ]
            for one in found
        ],
        right=[True],
        key="history",
    )
    live = [one for one in found if not one.undone]
    if undo and live and may(Action.UNDO):
        _undo_control(live)


def _undo_control(live: list[Receipt]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="undo"):
        names = {one.import_id: f"{one.import_id}: {plain(one.file_name, 80)}" for one in live}
        chosen = st.selectbox(
            "Take an import back", list(names), format_func=names.__getitem__, width=420
        )
        if st.button("Undo this import", key="undo-import"):
            _confirm_undo(next(one for one in live if one.import_id == chosen))


@st.dialog("Undo this import?")
def _confirm_undo(receipt: Receipt) -> None:
    st.markdown(md(f"Import {receipt.import_id}, {receipt.file_name}: {equation(receipt)}."))
    st.markdown("Its rows are taken out and the data is as if the file had never been loaded.")
    if st.button("Undo it", type="primary", key="undo-now"):
        jobs.mine().append(deeds.start_undo(receipt.import_id))
        st.rerun()
