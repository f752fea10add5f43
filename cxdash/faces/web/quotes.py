"""What customers wrote, shown as plain text: the quote of the day, and the quotes of each theme."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import streamlit as st

from cxdash.access import Action
from cxdash.faces.web import words
from cxdash.faces.web.escape import md
from cxdash.faces.web.visitor import may
from cxdash.facts import Answer, Row

__all__ = ["BY_THEME", "OF_THE_DAY", "by_theme", "of_the_day", "of_this_day"]

OF_THE_DAY: Final = "quote_of_the_day"
BY_THEME: Final = "quotes"
_WITHHELD: Final = (
    "Quotes are shown to those who may see single customers: words may give their writer away."
)


def of_the_day(answer: Answer) -> None:
    """One comment of all, drawn by lot; another one tomorrow."""
    rows = answer.tables.get(OF_THE_DAY, ())
    if rows and may(Action.SEE_PEOPLE):
        words.section("Quote of the day", OF_THE_DAY)
        _quote(of_this_day(rows, datetime.now(UTC).toordinal()), of_all=True)


def of_this_day(rows: Sequence[Row], day: int) -> Row:
    """The row whose turn it is on a day, counted from any beginning."""
    return rows[day % len(rows)]


def by_theme(answer: Answer) -> None:
    """The quotes of each theme under its name."""
    rows = answer.tables.get(BY_THEME, ())
    if not may(Action.SEE_PEOPLE):
        if answer.tables.get("themes"):
            words.notice([_WITHHELD], BY_THEME)
        return
    if not rows:
        return
    words.section("In their own words, drawn by lot", BY_THEME)
    for theme in dict.fromkeys(str(row["theme"]) for row in rows):
        own = [row for row in rows if row["theme"] == theme]
        with st.expander(md(f"{own[0]['label']} ({own[0]['lot']})"), type="compact"):
            for row in own:
                _quote(row)


def _quote(row: Row, *, of_all: bool = False) -> None:
    tone = f"tone {row['tone']} of 10" if row.get("tone") is not None else "tone not known"
    beside = [str(row["month"]), tone, *([str(row["lot"])] if of_all else [])]
    st.markdown(f"“{md(row['quote'])}”  \n:small[{md(' · '.join(beside))}]")
