"""The parts of the Catalogue page: what is loaded, what the words mean, where rows came from."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import streamlit as st

from cxdash import privacy
from cxdash.access import Action
from cxdash.faces.columns import heading
from cxdash.faces.web import state, tables
from cxdash.faces.web.escape import md
from cxdash.faces.web.visitor import may
from cxdash.facts.definitions import Definition, definitions
from cxdash.facts.format import counted, day
from cxdash.store.holdings import Holding, holdings

__all__ = ["contact_details", "definitions_list", "holdings_table", "lineage"]

_BETTER: Final = {
    "higher": "A higher figure is better.",
    "lower": "A lower figure is better.",
    "neither": "Neither a higher nor a lower figure is better in itself.",
}


def holdings_table() -> list[Holding]:
    """Rows, days and files of each table; returns what it drew."""
    found = holdings(state.database())
    newest = max((holding.last for holding in found if holding.last), default=None)
    tables.text_table(
        [
            "What",
            "Rows that count",
            "Replaced since",
            "From",
            "To",
            "Behind the newest",
            "Read from",
        ],
        [_row(holding, newest) for holding in found],
        right=[False, True, True, False, False, True, False],
        key="holdings",
    )
    return found


def contact_details() -> None:
    """How many comments hold contact details; nothing where there are no comments."""
    sentence = privacy.remarks(state.database()).told(sees_people=may(Action.SEE_PEOPLE))
    if sentence:
        st.markdown(md(sentence))


def _row(holding: Holding, newest: date | None) -> Sequence[str]:
    behind = counted((newest - holding.last).days, "day", "days") if holding.last and newest else ""
    return [
        heading(holding.table),
        f"{holding.rows:,}",
        f"{holding.replaced:,}",
        day(holding.first) if holding.first else "no date",
        day(holding.last) if holding.last else "no date",
        behind,
        "; ".join(_source(number, file) for number, file in holding.sources),
    ]


def _source(number: int, file: str) -> str:
    """The import; the name of its file, which may name a customer, only to who may see people."""
    return f"import {number}: {file}" if may(Action.SEE_PEOPLE) else f"import {number}"


def definitions_list(wanted: str) -> int:
    """Definitions whose name or words hold ``wanted``; returns how many were drawn."""
    found = [entry for entry in definitions().values() if _holds(entry, wanted.casefold().strip())]
    for entry in found:
        with st.expander(md(f"{entry.name} ({entry.variant})"), type="compact"):
            _definition(entry)
    return len(found)


def _holds(entry: Definition, wanted: str) -> bool:
    return wanted in f"{entry.name} {entry.variant} {entry.plain} {entry.formula}".casefold()


def _definition(entry: Definition) -> None:
    st.markdown(md(entry.plain))
    for name, text in (
        ("Formula", entry.formula),
        ("Direction", _BETTER[entry.better]),
        ("Trap", entry.trap),
        ("Source", entry.source),
    ):
        if text:
            st.markdown(f"**{name}.** {md(text)}")
    if entry.bands:
        labels = ", ".join(band.label for band in entry.bands)
        st.markdown(f"**Groups.** {md(labels)}")


def lineage() -> None:
    """The chain from a file to a number, in words."""
    st.markdown(
        "Of every file the columns that are used are kept as they came, row by row, as text; "
        "columns nobody uses are not stored. Only a row that does not fit the header is kept "
        "whole, among the refused rows, because nobody can tell which cell belongs to which "
        "column. Each row that counts knows its import and its line. A later export replaces rows "
        "by their own key and never overwrites them: the earlier version stays and no longer "
        "counts. Every number on a page lists the imports it rests on under **How this is known**."
    )
