"""Tables to take along, as CSV or as a workbook, for visitors who may take data out."""

from dataclasses import replace

import streamlit as st

from cxdash.access import Action
from cxdash.faces import exports
from cxdash.faces.web import deeds
from cxdash.faces.web.visitor import may
from cxdash.facts import Answer, Row

__all__ = ["downloads"]


def downloads(answer: Answer, table: str, rows: list[Row] | None = None, *, what: str = "") -> None:
    """Two buttons for a table of the Answer, or ``rows`` in its place; none without the right.

    ``what`` names the table on the buttons.
    """
    if not may(Action.EXPORT):
        return
    taken = answer if rows is None else replace(answer, tables={**answer.tables, table: rows})
    name = f"table {table} of {answer.question}"
    stem, key = exports.file_stem(answer, table), f"{answer.question}-{table}"
    with st.container(horizontal=True, gap="small", key=f"take-{key}"):
        st.download_button(
            f"Download {what} (CSV)".replace("  ", " "),
            data=deeds.handed_out(f"{name} as CSV", lambda: exports.csv_of(taken.tables[table])),
            file_name=f"{stem}.csv",
            mime="text/csv",
            key=f"csv-{key}",
            on_click="ignore",
        )
        st.download_button(
            f"Download {what} (Excel)".replace("  ", " "),
            data=deeds.handed_out(f"{name} as XLSX", lambda: exports.xlsx_of(taken, table)),
            file_name=f"{stem}.xlsx",
            mime=exports.XLSX,
            key=f"xlsx-{key}",
            on_click="ignore",
        )
