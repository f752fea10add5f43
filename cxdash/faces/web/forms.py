"""The form of an entry: drawn from what its kind says of its fields, refused in words.

What was typed stays in the form until it is saved. An entry that somebody else changed meanwhile
is shown beside it, and only saving again replaces theirs.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

import streamlit as st

from cxdash import register
from cxdash.errors import Conflict, CxdashError, EntryRefused
from cxdash.faces.web import deeds, differences, state, widgets, words
from cxdash.faces.web.escape import md
from cxdash.register import Kept, Record
from cxdash.register.fields import Spec, Value

__all__ = ["entry_form", "forget", "heading"]

R = TypeVar("R", bound=Record)


def heading(kind: type[Record]) -> str:
    """The first line of the kind's description, which says what such an entry is."""
    return (kind.__doc__ or kind.NAMED).strip().splitlines()[0]


def entry_form(
    kind: type[R],
    kept: Kept[R] | None = None,
    preset: Mapping[str, Value] | None = None,
    *,
    key: str,
    fields: Sequence[str] = (),
    save: str = "Save",
) -> Kept[R] | None:
    """Draw the form of a new entry, or of ``kept``; the entry once it was saved, else None.

    Parameters
    ----------
    preset
        Values a new entry begins with.
    key
        A name of the form on its page, another for each entry.
    fields
        The fields to draw, in this order; all of them without. Others keep what they hold.
        Fields the record says are closed are left out, and why is said once.
    save
        The words on the button.
    """
    known = register.specs(kind)
    begun = kept.record if kept else _blank(kind, preset or {})
    closed = begun.closed()
    drawn = {name: known[name] for name in fields or known if name not in closed}
    turn = st.session_state.setdefault(f"{key}-turn", 0)
    seen = st.session_state.setdefault(f"{key}-seen", kept.version if kept else None)
    with st.form(f"{key}-form", border=False, enter_to_submit=False):
        given = _fields(drawn, begun, f"{key}-{turn}")
        for number, reason in enumerate(dict.fromkeys(closed.values())):
            words.notice([reason], f"{key}-closed-{number}")
        wrong = st.container()
        pressed = st.form_submit_button(save, type="primary", key=f"{key}-save")
        if any(spec.required for spec in drawn.values()):
            st.markdown(":small[\\* has to be filled in]")
    if not pressed:
        return None
    values = {name: getattr(begun, name) for name in known} | given
    try:
        saved = _saved(kind, values, kept.id if kept else None, seen)
    except Conflict as error:
        with wrong:
            _conflict(error, kind, values, kept, key)
    except CxdashError as error:
        with wrong:
            _refused(error, key)
    else:
        forget(key)
        return saved
    return None


def forget(key: str) -> None:
    """What was typed into a form goes, and it begins anew."""
    st.session_state[f"{key}-turn"] = st.session_state.get(f"{key}-turn", 0) + 1
    st.session_state.pop(f"{key}-seen", None)


def _blank(kind: type[R], preset: Mapping[str, Value]) -> R:
    """A record that need not be whole yet."""
    return kind(
        **{name: preset.get(name, spec.empty) for name, spec in register.specs(kind).items()}
    )


def _fields(drawn: Mapping[str, Spec], begun: Record, key: str) -> dict[str, Any]:
    """Draw the fields, short ones two to a line; what is in them."""
    given: dict[str, Any] = {}
    for line in _lines(drawn):
        wide = widgets.is_wide(drawn[line[0]])
        cells = [st.container()] if wide else st.columns(2, gap="medium")
        for cell, name in zip(cells, line, strict=False):
            with cell:
                given[name] = widgets.control(
                    drawn[name], getattr(begun, name), key=f"{key}-{name}"
                )
    return given


def _lines(drawn: Mapping[str, Spec]) -> Iterator[list[str]]:
    """Names that share a line of the form, in their order."""
    line: list[str] = []
    for name, spec in drawn.items():
        if line and (len(line) == 2 or widgets.is_wide(spec)):
            yield line
            line = []
        line.append(name)
        if widgets.is_wide(spec):
            yield line
            line = []
    if line:
        yield line


def _saved(
    kind: type[R], values: Mapping[str, Any], entry: str | None, seen: int | None
) -> Kept[R]:
    twice = [
        f"{spec.label}: choose one value of each group; a customer cannot be in two."
        for name, spec in register.specs(kind).items()
        if spec.kind == "customers" and _is_twice(str(values[name]))
    ]
    if twice:
        raise EntryRefused(
            f"This {kind.NAMED} cannot be saved as it is.",
            problems=twice,
            state="Nothing was saved.",
        )
    return deeds.enter(register.built(kind, values), entry, seen)


def _is_twice(text: str) -> bool:
    columns = [column for column, _ in register.filters(text)]
    return len(columns) != len(set(columns))


def _refused(error: CxdashError, key: str) -> None:
    """What is wrong, one sentence a rule, beside the button that was pressed."""
    if not isinstance(error, EntryRefused) or not error.problems:
        words.problem(error, key)
        return
    with st.container(key=f"notice-{key}-wrong"):
        st.markdown(f":red-badge[Not saved] **{md(error.what)}** What you typed is still here.")
        words.bullets(error.problems)


def _conflict(
    error: Conflict, kind: type[R], values: Mapping[str, Any], kept: Kept[R] | None, key: str
) -> None:
    """Somebody else was first: theirs beside what was typed, and what saving again would do."""
    newest = register.history(state.database(), kind, kept.id)[-1] if kept else None
    with st.container(key=f"notice-{key}-conflict"):
        st.markdown(f":red-badge[Not saved] **{md(error.what)}**")
        if newest is None or newest.what == "removed":
            st.markdown("What you typed is still here; enter it as a new one if it is needed.")
            return
        differences.table(
            kind,
            {name: getattr(newest.record, name) for name in values},
            values,
            titles=(f"As {newest.by} left it", "As you typed it"),
            key=f"{key}-conflict",
        )
        st.markdown("Save again to replace theirs by yours, or close this and open it anew.")
    st.session_state[f"{key}-seen"] = newest.version
