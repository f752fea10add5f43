"""The page of what was entered: a kind with its entries, the newest changes, tables out and in."""

from typing import Final

import streamlit as st

from cxdash import register
from cxdash.access import Action
from cxdash.errors import CxdashError
from cxdash.faces.web import deeds, entries, links, state, tables, words
from cxdash.faces.web.escape import md, plain
from cxdash.faces.web.forms import heading
from cxdash.faces.web.visitor import may
from cxdash.facts.format import count, counted
from cxdash.register import Brought, Kept, Record

__all__ = ["files", "headline", "kinds", "newest"]

_NEWEST: Final = 25  # changes that are shown
_BROUGHT: Final = "entered-brought"
_KIND: Final = "entered-kind"
_TURN: Final = "entered-turn"


def headline() -> str:
    found = _current()
    total = sum(map(len, found.values()))
    if not total:
        return "Nothing has been entered yet"
    used = sum(map(bool, found.values()))
    what = counted(total, "entry", "entries")
    return f"{what} of {counted(used, 'kind', 'kinds')}, each with who changed what and when"


def kinds() -> None:
    """One kind at a time: its entries, and what such an entry is."""
    found = _current()
    names = [*register.KINDS]
    opened = st.query_params.get(links.ENTRY, "")
    asked = opened if opened in names else opened.rpartition("-")[0]
    used = next((name for name in names if found[name]), names[0])
    st.session_state.setdefault(_KIND, used)
    if asked in names:
        st.session_state[_KIND] = asked
    name = st.selectbox(
        "Kind of entry",
        names,
        format_func=lambda one: f"{_named(one)} ({count(len(found[one]))})",
        key=_KIND,
        width=420,
    )
    kind = register.KINDS[name]
    if found[name]:
        st.markdown(md(heading(kind)))
    entries.listed(kind)
    _taking(kind)


def newest() -> None:
    """The last changes of all kinds, the newest first."""
    view = state.database()
    changes: list[Kept[Record]] = sorted(
        (one for kind in register.KINDS.values() for one in register.every_version(view, kind)),
        key=lambda one: one.at,
        reverse=True,
    )
    if not changes:
        st.markdown("Every entry, change and removal will stand here, with who did it and when.")
        return
    tables.text_table(
        ["When (UTC)", "Who", "Did", "Kind", "Entry"],
        [
            [
                f"{one.at:%Y-%m-%d %H:%M}",
                plain(one.by, 60),
                one.what,
                _named(one.record.KIND),
                f"{plain(one.title, 120)} ({one.id}, version {one.version})",
            ]
            for one in changes[:_NEWEST]
        ],
        key="entered-newest",
    )
    if len(changes) > _NEWEST:
        st.markdown(md(f"The newest {_NEWEST} of {count(len(changes))} changes."))


def files() -> None:
    """Bring tables in, and what became of their rows."""
    st.markdown(
        "A table that was taken out can be changed in a spreadsheet and brought in again, several "
        "at once. A row without an id is a new entry. Where somebody has changed an entry since, "
        "its row is refused, and nothing is saved until every row is good."
    )
    turn = st.session_state.setdefault(_TURN, 0)
    with st.form("entered-files", border=False):
        uploads = st.file_uploader(
            "Tables of entries (CSV)",
            type=["csv"],
            accept_multiple_files=True,
            key=f"entered-uploads-{turn}",
        )
        pressed = st.form_submit_button("Bring them in", key="bring-in")
    if pressed and uploads:
        st.session_state.pop(_BROUGHT, None)
        try:
            done = deeds.bring_in({one.name: one.getvalue() for one in uploads})
        except CxdashError as error:
            words.problem(error, "bring-in")
            return
        # The page above shows what counts now; what became of the rows is told after it.
        st.session_state[_BROUGHT] = done
        st.session_state[_TURN] = turn + 1
        st.rerun()
    brought: Brought | None = st.session_state.get(_BROUGHT)
    if brought is not None:
        _receipt(brought)


def _receipt(brought: Brought) -> None:
    """How many rows became what; each that was refused with its line and the reason."""
    with st.container(key="notice-brought"):
        mark = ":green-badge[Done]" if brought.saved else ":red-badge[Not saved]"
        st.markdown(f"{mark} **{md(brought.sentence)}**")
        if brought.refused:
            tables.text_table(
                ["File", "Line", "Entry", "Why it was refused"],
                [
                    [plain(row.file, 80), str(row.line), plain(row.entry, 40), plain(row.why, 400)]
                    for row in brought.refused[:_NEWEST]
                ],
                right=[False, True],
                key="brought",
            )
        if len(brought.refused) > _NEWEST:
            st.markdown(md(f"And {count(len(brought.refused) - _NEWEST)} more."))


def _taking(kind: type[Record]) -> None:
    if not may(Action.EXPORT):
        return
    with st.container(horizontal=True, gap="small", key=f"take-entries-{kind.KIND}"):
        for label, history in (("Download (CSV)", False), ("Download the history (CSV)", True)):
            st.download_button(
                label,
                data=deeds.entries_as_table(kind, history=history),
                file_name=f"{kind.KIND}{'-history' if history else ''}.csv",
                mime="text/csv",
                key=f"take-{kind.KIND}-{history}",
                on_click="ignore",
            )


def _current() -> dict[str, tuple[Kept[Record], ...]]:
    view = state.database()
    return {name: register.current(view, kind) for name, kind in register.KINDS.items()}


def _named(name: str) -> str:
    named = register.KINDS[name].NAMED
    return f"{named[:1].upper()}{named[1:]}"
