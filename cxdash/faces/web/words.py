"""The words of a page: question, headline, evidence strip, notices, limits, empty state."""

import re
from collections.abc import Sequence
from typing import Final

import streamlit as st

from cxdash.access import Action
from cxdash.errors import CxdashError
from cxdash.faces.web import state
from cxdash.faces.web.escape import md
from cxdash.faces.web.navigation import path_of
from cxdash.faces.web.visitor import may
from cxdash.facts import Answer, Grade
from cxdash.facts import format as printing
from cxdash.questions.unreconciled import is_marked

__all__ = [
    "GRADE_COLOUR",
    "STATUS",
    "badge",
    "bullets",
    "coverage",
    "empty_state",
    "first_files",
    "headline",
    "kicker",
    "lead",
    "limits",
    "next_step",
    "nothing_loaded",
    "notice",
    "problem",
    "section",
    "strip",
]

STATUS: Final = {
    "answered": (":green-badge", "Answered"),
    "partly": (":orange-badge", "Partly answered"),
    "cannot_tell": (":gray-badge", "Cannot tell"),
}
_COVERAGE: Final = {
    "coverage.customers": "{} of customers heard",
    "coverage.revenue": "{} of revenue heard",
    "brief.held_back": "{} findings held back as possible noise",
}
_UNKNOWN: Final = "an unknown share"
_SENTENCE_END: Final = re.compile(r"\.\s+(?=[A-Z])")
_TOO_LONG: Final = 90  # characters of a headline
_LONG: Final = 28  # characters that can stand alone as a finding
_BREAKS: Final = (": ", ", given the same ", ", a difference of ")  # where a long one may be cut
GRADE_COLOUR: Final = {
    Grade.A: "green",
    Grade.B: "green",
    Grade.C: "blue",
    Grade.D: "gray",
    Grade.E: "orange",
    Grade.F: "orange",
}


def kicker(asks: str) -> None:
    """The question the page answers, small, above the headline."""
    with st.container(key="kicker"):
        st.markdown(f":primary[{md(asks)}]")


def headline(sentences: str) -> None:
    """The finding in large type; what follows it stands below as the standfirst."""
    finding, rest = lead(sentences)
    with st.container(key="headline" if len(finding) <= _TOO_LONG else "headline-long"):
        st.title(md(finding), anchor=False)
    if rest:
        with st.container(key="standfirst"):
            st.markdown(md(rest))


def lead(sentences: str) -> tuple[str, str]:
    """The finding, and the rest: after the first sentence, or where a long one may be cut.

    >>> lead("A is higher than B. By 5 points.")
    ('A is higher than B', 'By 5 points.')
    """
    found = _SENTENCE_END.search(sentences)
    first, rest = (
        (sentences[: found.start()], sentences[found.end() :]) if found else (sentences, "")
    )
    if len(first) > _TOO_LONG:
        for mark in _BREAKS:
            before, found_mark, after = first.partition(mark)
            if found_mark and len(before) >= _LONG:
                tail = f"{mark.strip(', :')} {after}".strip().removesuffix(".")
                return before, f"{tail[:1].upper()}{tail[1:]}. {rest}".strip()
    return first.removesuffix("."), rest


def section(title: str, key: str, anchor: str = "") -> None:
    """Heading of a part of the page; a link on the page may lead to its anchor."""
    with st.container(key=f"section-{key}"):
        st.header(md(title), anchor=anchor or False)


def badge(grade: Grade, *, meaning: bool = True) -> str:
    """Markdown of an evidence grade: letter and word as a badge, then what it means."""
    word, _, rest = grade.value.partition(": ")
    mark = f":{GRADE_COLOUR[grade]}-badge[Evidence {grade.name} · {md(word)}]"
    return f"{mark} {md(rest)}" if meaning else mark


def strip(answer: Answer, coverage: Sequence[str] = ()) -> None:
    """One line: is it answered, does its money tie, as of when, how much of it all is heard.

    Where nothing is loaded no day is named: the data would seem to reach until today.
    """
    mark, word = STATUS[answer.status]
    day = md(printing.day(answer.as_of))
    until = f"Data up to {day}" if answer.dated else "A list without dates, nothing looked ahead"
    doubt = [":red-badge[Not reconciled]"] if is_marked(answer) else []
    ends = [until] if state.has_rows() else []
    parts = [f"{mark}[{word}]", *doubt, *ends, *map(md, coverage)]
    with st.container(key="strip"):
        st.markdown(" &nbsp;·&nbsp; ".join(parts))


def notice(lines: Sequence[str], key: str) -> None:
    """Something the reader must not miss, marked by a bar at its left."""
    with st.container(key=f"notice-{key}"):
        for line in lines:
            st.markdown(md(line))


def bullets(lines: Sequence[str]) -> None:
    st.markdown("\n".join(f"- {md(line)}" for line in lines))


def limits(answer: Answer) -> None:
    """Caveats, then what the page cannot tell and what would let it tell."""
    if answer.caveats:
        with st.container(key="limits-caveats"):
            st.subheader("Read this with care", anchor=False)
            bullets(answer.caveats)
    if answer.missing:
        with st.container(key="limits-missing"):
            st.subheader("What this cannot tell you", anchor=False)
            bullets(answer.missing)


def empty_state(title: str, sentences: Sequence[str], wanted: Sequence[tuple[str, str]]) -> None:
    """Nothing is loaded: what to upload, which columns each file needs, and the way there."""
    headline(title)
    for sentence in sentences:
        st.markdown(md(sentence))
    _wanted(wanted)
    _to_import()


def next_step(answer: Answer) -> None:
    """An Answer that tells nothing yet: what to import for it, and the way there."""
    section("What to do next", "next")
    bullets(answer.missing)
    _to_import()


def _to_import() -> None:
    if not may(Action.IMPORT):
        st.markdown("Files are loaded by an analyst or an admin.")
    elif st.button("Go to Import", type="primary", key="go-import"):
        st.switch_page(path_of("import"))


_FIRST_FILES: Final = (
    ("Survey answers", "customer number, date of the answer, the rating"),
    ("Customers", "customer number; better with segment, region and since when"),
    ("Revenue or invoices", "customer number, date, amount, currency"),
    ("Subscriptions", "customer number, start, end if it ended"),
    ("Contacts or tickets (optional)", "customer number, date, minutes or cost"),
)


def first_files() -> None:
    """Which files to bring first, and which columns each needs."""
    _wanted(_FIRST_FILES)


def _wanted(wanted: Sequence[tuple[str, str]]) -> None:
    with st.container(key="table-wanted"):
        rows = [f"| {md(name)} | {md(columns)} |" for name, columns in wanted]
        st.markdown("\n".join(["| File | Columns it needs |", "| --- | --- |", *rows]))


def nothing_loaded(*also: tuple[str, str]) -> None:
    """The empty state of every page that needs customers, answers and money.

    ``also`` names further files the page needs, with their columns.
    """
    empty_state(
        "Nothing is loaded yet, so nothing can be said",
        (
            "Load the exports you already have: one from the survey tool, one from finance.",
            "Each file is checked row by row and gets a receipt; nothing is guessed silently.",
        ),
        (*also, *_FIRST_FILES),
    )


def coverage(answer: Answer) -> list[str]:
    """Facts that say how much of the company is heard and what is held back, as short sentences."""
    told = {fact.id: fact for fact in answer.facts if fact.id in _COVERAGE}
    return [
        words.format(_UNKNOWN if told[name].value is None else printing.fact_value(told[name]))
        for name, words in _COVERAGE.items()
        if name in told
    ]


def problem(error: CxdashError, key: str = "page") -> None:
    """An error of the tree: what failed, what state the data is in, what to do.

    Where the files lie is told to who looks after them alone.
    """
    error = error if _looks_after() else error.for_readers()
    with st.container(key=f"notice-problem-{key}"):
        st.markdown(f":red-badge[Problem] **{md(error.what)}**")
        for line in (error.state, error.do_next):
            if line:
                st.markdown(md(line))
        for command in error.commands:
            st.code(command, language=None, wrap_lines=True)


def _looks_after() -> bool:
    """Whether the visitor keeps the database; nobody does whose sign-in cannot be looked up."""
    try:
        return may(Action.MAINTAIN)
    except CxdashError:
        return False
