"""A receipt as a card: an equation of rows, loud warnings, money to the cent, refused rows."""

from typing import Final

import streamlit as st

from cxdash import intake
from cxdash.faces.columns import heading
from cxdash.faces.web import jobs, state, tables
from cxdash.faces.web.escape import md, plain
from cxdash.faces.web.words import notice
from cxdash.facts.format import count, counted, day, number, spoken
from cxdash.intake import Receipt

__all__ = ["equation", "history", "receipt_card"]

_SHOWN: Final = 12


def equation(receipt: Receipt) -> str:
    """Rows read = loaded + already there + refused, in words."""
    return (
        f"{counted(receipt.rows_read, 'row', 'rows')} read = {count(receipt.rows_loaded)} loaded + "
        f"{count(receipt.rows_duplicate)} already there + {count(receipt.rows_rejected)} refused"
    )


def receipt_card(receipt: Receipt) -> None:
    key = f"receipt-{receipt.import_id}"
    with st.container(key=f"chart-{key}"):
        st.subheader(md(plain(receipt.file_name, 120)), anchor=False)
        with st.container(key=f"value-{key}"):
            st.markdown(md(equation(receipt)))
        st.markdown(md(" ".join(_sentences(receipt))))
        if receipt.warnings:
            notice(receipt.warnings, key)
        if receipt.rows_rejected:
            _refused(receipt)
        with st.expander("All about this import", type="compact"):
            _all(receipt)


def _sentences(receipt: Receipt) -> list[str]:
    said = [f"Import {receipt.import_id}, read as {heading(receipt.kind).lower()}."]
    if receipt.rows_superseding:
        replace = counted(
            receipt.rows_superseding, "of the loaded rows replaces", "of the loaded rows replace"
        )
        said.append(f"{replace} earlier versions.")
    if receipt.matched is not None:
        said.append(f"{number(receipt.matched, 'share')} of the rows belong to a known customer.")
    said += [
        f"Money loaded: {money.currency} {money.loaded:,.2f} of {money.read:,.2f} read."
        for money in receipt.money
    ]
    if receipt.first_day:
        said.append(f"Days from {receipt.first_day} to {receipt.last_day}.")
    return said


def _refused(receipt: Receipt) -> None:
    """Why rows were refused, most frequent first, and all of them as a file."""
    rows = [[reason, count(times)] for reason, times in receipt.reasons[:_SHOWN]]
    tables.text_table(
        ["Why rows were refused", "Rows"], rows, right=[False, True], key=f"why-{receipt.import_id}"
    )
    first = [[count(row.line), row.reason, " | ".join(row.raw)] for row in receipt.rejects[:_SHOWN]]
    with st.expander("The first refused rows", type="compact"):
        tables.text_table(
            ["Line", "Reason", "Row as it came"],
            first,
            right=[True, False, False],
            key=f"refused-{receipt.import_id}",
        )
    st.download_button(
        "Download the refused rows",
        data=lambda: intake.rejected_rows(state.database(), receipt.import_id),
        file_name=f"refused-rows-import-{receipt.import_id}.csv",
        mime="text/csv",
        key=f"download-{receipt.import_id}",
        on_click="ignore",
    )


def _all(receipt: Receipt) -> None:
    for item in receipt.scores:
        values = ", ".join(f"{value:g}: {count(times)}" for value, times in item.counts)
        st.markdown(f"**Answers to {md(spoken(item.item))}** ({md(item.variant)}): {md(values)}")
    if receipt.unused_columns:
        st.markdown(f"**Columns not used and not stored:** {md(', '.join(receipt.unused_columns))}")
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
    if undo and live:
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
        jobs.mine().append(intake.start_undo(state.database(), receipt.import_id))
        st.rerun()
