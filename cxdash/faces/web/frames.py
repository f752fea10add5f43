"""A chart in its frame: the finding as its title, the picture, the same numbers as a table."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Final

import streamlit as st

from cxdash.faces.columns import Column, columns
from cxdash.faces.web import tables
from cxdash.faces.web.charts import Spec, is_wide, notes
from cxdash.faces.web.escape import md, plain
from cxdash.faces.web.state import Reply
from cxdash.faces.web.words import lead
from cxdash.facts import Answer, Chart

__all__ = ["chart_frames"]

_NOTHING: Final = "There is nothing to draw here: the data cannot tell these values."


def chart_frames(reply: Reply) -> None:
    """Wide charts over the whole width, the others two to a row, in the Answer's order."""
    waiting: list[Chart] = []
    for chart in reply.answer.charts:
        if is_wide(reply.answer, chart):
            _pairs(reply, waiting)
            waiting = []
            _frame(reply, chart, wide=True)
        else:
            waiting.append(chart)
    _pairs(reply, waiting)


def _pairs(reply: Reply, charts: Sequence[Chart]) -> None:
    for start in range(0, len(charts), 2):
        _pair(reply, charts[start : start + 2])


def _pair(reply: Reply, charts: Sequence[Chart]) -> None:
    for column, chart in zip(st.columns(2, gap="large"), charts, strict=False):
        with column:
            _frame(reply, chart, wide=False)


def _frame(reply: Reply, chart: Chart, *, wide: bool) -> None:
    answer = reply.answer
    with st.container(key=f"chart-{answer.question}-{chart.id}".replace(".", "-")):
        finding, rest = _title(answer, chart)
        st.subheader(md(finding), anchor=False)
        if rest:
            st.markdown(md(rest))
        _draw(chart, reply.pictures[chart.id])
        told = notes(chart, answer.tables[chart.table], wide=wide)
        if told:
            st.markdown(md("; ".join(told)))
        with st.expander("The numbers behind this picture", type="compact"):
            shown = [
                _headed(column, chart)
                for column in columns(answer, chart.table)
                if column.name in {chart.category, chart.group, chart.value, "n", "customers"}
            ]
            key = f"{answer.question}-{chart.id}".replace(".", "-")
            tables.draw(shown, answer.tables[chart.table], key=key)


def _headed(column: Column, chart: Chart) -> Column:
    """The drawn column under the words of the picture's axis."""
    return replace(column, heading=chart.value_title) if column.name == chart.value else column


def _draw(chart: Chart, spec: Spec) -> None:
    if not spec:
        st.markdown(md(_NOTHING))
        return
    # A copy, because Streamlit takes the specification apart and this one is kept for all visitors.
    st.vega_lite_chart(spec=deepcopy(spec), width="stretch", alt=plain(chart.alt, 2_000))


def _title(answer: Answer, chart: Chart) -> tuple[str, str]:
    """The finding as title; or what is measured, if the headline has just said the finding."""
    finding, rest = lead(chart.title)
    if chart.value_title and finding == lead(answer.headline)[0]:
        by = f", by {chart.category_title.lower()}" if chart.category_title else ""
        return f"{chart.value_title}{by}", ""
    return finding, rest
