"""The scope bar: which metric, how far ahead, which customers. All of it lives in the address."""

from collections.abc import Mapping
from typing import Final, Literal, cast

import streamlit as st

from cxdash.facts import Scope
from cxdash.faces.web import state, words
from cxdash.faces.web.escape import md, plain

__all__ = ["HORIZONS", "bar", "in_words", "query"]

HORIZONS: Final = (3, 6, 12)
AUTO: Final = "auto"
ALL: Final = "all"
_WHERE: Final = "where_"


def bar(asks: str) -> Scope:
    """Draw one line: the page's question, the scope in words, its controls behind a button."""
    offered = state.filters()
    with st.container(
        key="scope", horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    ):
        words.kicker(asks)
        said = st.empty()
        with st.popover("Change what is looked at", width="content", type="tertiary"):
            metric = _select("Survey rating", "metric", [AUTO, *state.metrics()])
            horizon = _select("Months looked ahead", "horizon", [str(h) for h in HORIZONS], index=1)
            chosen = {
                column: _select(column.replace("_", " ").capitalize(), _WHERE + column, [ALL, *values])
                for column, values in offered.items()
            }
    scope = Scope(
        metric=None if metric == AUTO else metric,
        horizon=int(horizon),
        where=tuple((column, value) for column, value in chosen.items() if value != ALL),
    )
    said.markdown(md(in_words(scope)))
    return scope


def in_words(scope: Scope) -> str:
    """The scope as a reader says it: "nps, next 6 months, region: North"."""
    rating = scope.metric or "rating chosen by coverage"
    who = [f"{column.replace('_', ' ')}: {plain(value, 40)}" for column, value in scope.where]
    return ", ".join([rating, f"next {scope.horizon} months", *(who or ["all customers"])])


def query(scope: Scope) -> Mapping[str, str]:
    """Query parameters that reopen this scope; defaults are left out, as the widgets do."""
    parts = {_WHERE + column: value for column, value in scope.where}
    if scope.metric is not None:
        parts["metric"] = scope.metric
    if scope.horizon != HORIZONS[1]:
        parts["horizon"] = str(scope.horizon)
    return parts


def _select(label: str, key: str, options: list[str], *, index: int = 0) -> str:
    return st.selectbox(
        md(label),
        options,
        index=index,
        key=key,
        format_func=_option,
        bind=cast("Literal['query-params']", "query-params"),
    )


def _option(value: str) -> str:
    if value == AUTO:
        return "The best covered one"
    if value == ALL:
        return "All"
    return plain(value, 80)
