"""What was entered of a kind as a calm list; each opens to be changed, followed or removed.

``?entry=goal-3`` opens an entry and ``?entry=goal`` the form of a new one, with values for it if
the address holds any: ``?entry=pilot_plan&ask=ask-3``.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

import streamlit as st

from cxdash import register
from cxdash.access import Action
from cxdash.faces.web import differences, opened, state, widgets, words
from cxdash.faces.web.escape import md, plain
from cxdash.faces.web.forms import heading
from cxdash.faces.web.visitor import may
from cxdash.facts.format import count, counted, day
from cxdash.privacy import masked
from cxdash.register import Kept, Record
from cxdash.register.fields import Spec, Value

__all__ = ["anchor", "listed", "ways"]

R = TypeVar("R", bound=Record)

_SHOWN: Final = 20  # entries that stand on the page at once
_FIELDS: Final = 3  # fields that stand beside the title
_BARE: Final = ("number", "share", "whole")  # a figure says nothing without what it is of
_TELLING: Final = ("words", "choice", "reference", "amount", "day")  # without their labels


def anchor(kind: type[Record]) -> str:
    """Name of the place on the page where the entries of a kind stand."""
    return f"entries-{kind.KIND}"


def ways(*kinds: type[Record]) -> None:
    """Links below the headline to the lists further down, for those who may enter something."""
    if may(Action.DECIDE):
        links = [f"[{md(kind.NAMED)}](#{anchor(kind)})" for kind in kinds]
        with st.container(key="ways"):
            st.markdown(f"Enter or change, below: {' · '.join(links)}")


def listed(
    kind: type[R],
    *,
    title: str = "",
    teaches: Sequence[str] = (),
    shown: Sequence[str] | None = None,
    only: Callable[[Kept[R]], bool] | None = None,
    preset: Mapping[str, Value] | None = None,
    freezes: str = "",
) -> None:
    """The entries of a kind, and the ways to add, change, freeze and remove them.

    Parameters
    ----------
    title
        Heading of the section; none without.
    teaches
        Sentences for whoever finds the list empty: what such an entry is good for.
    shown
        Names of the fields beside the title; the first few short ones without.
    only
        Which of the entries belong here; all of them without.
    preset
        Values with which a new entry begins.
    freezes
        What freezing an entry means, in a sentence; entries cannot be frozen here without.
    """
    if title:
        words.section(title, anchor(kind), anchor(kind))
    decides = may(Action.DECIDE)
    if kind.INSIDE and not decides:
        st.markdown("This list is for those who write decisions down.")
        return
    opened.said(kind)
    found = [one for one in register.current(state.database(), kind) if not only or only(one)]
    if not found:
        _empty(kind, teaches)
    visible = _looked_for(kind, found)
    with st.container(gap=None, key=f"list-{kind.KIND}"):
        for one in visible:
            _line(one, _short(kind) if shown is None else shown, opens=decides)
    if decides:
        if st.button(f"Add a new {kind.NAMED}", key=f"add-{kind.KIND}"):
            opened.ask_for(kind.KIND)
        opened.draw(kind, preset or {}, freezes)


def _empty(kind: type[Record], teaches: Sequence[str]) -> None:
    """What belongs here, for whoever sees it for the first time."""
    with st.container(key=f"empty-{kind.KIND}"):
        st.markdown(f"**{md(heading(kind))}** No {md(kind.NAMED)} is entered yet.")
        for sentence in teaches:
            st.markdown(md(sentence))
        if not may(Action.DECIDE):
            st.markdown("It is entered by an analyst or an admin.")


def _looked_for(kind: type[R], found: Sequence[Kept[R]]) -> Sequence[Kept[R]]:
    """The entries that fit on the page; with more of them, those that hold what is looked for."""
    if len(found) <= _SHOWN:
        return found
    wanted = st.text_input(
        md(f"Find among {count(len(found))}"), key=f"find-{kind.KIND}", autocomplete="off"
    )
    sought = (wanted or "").casefold()
    hits = [one for one in found if sought in _all_words(one)]
    newest = hits[::-1][:_SHOWN]
    if len(hits) > len(newest):
        said = f"The {counted(len(newest), 'newest', 'newest')} of {count(len(hits))} are shown."
        st.markdown(md(said))
    return newest


def _all_words(one: Kept[Any]) -> str:
    known = register.specs(type(one.record))
    told = [differences.in_words(spec, getattr(one.record, name)) for name, spec in known.items()]
    return " ".join([one.id, *told]).casefold()


def _short(kind: type[Record]) -> list[str]:
    known = register.specs(kind)
    told = [name for name, spec in known.items() if spec.kind in _TELLING and not spec.long]
    return [name for name in told if name != kind.SHOWN_BY][:_FIELDS]


def _line(one: Kept[Any], shown: Sequence[str], *, opens: bool) -> None:
    """Title, a few fields, who and when; the title opens it."""
    known = register.specs(type(one.record))
    told = [_told(known[name], getattr(one.record, name)) for name in shown]
    with st.container(key=f"entry-{one.id}"):
        name, middle, right = st.columns([5, 5, 3], gap="medium", vertical_alignment="center")
        if not opens:
            name.markdown(md(_readable(plain(one.title, 160))))
        elif name.button(md(plain(one.title, 160)), key=f"open-{one.id}", type="tertiary"):
            opened.ask_for(one.id)
        middle.markdown(md(_readable(plain(" · ".join(filter(None, told)), 240))))
        right.markdown(md(_who(one)))


def _told(spec: Spec, value: Value) -> str:
    """A value in words; a choice of customers that is not open to the visitor is not named."""
    closed = spec.kind == "customers" and not may(Action.SEE_PEOPLE)
    if closed and value and value not in widgets.offered():
        return "some customers"
    told = differences.in_words(spec, value)
    return f"{spec.label}: {told}" if told and spec.kind in _BARE else told


def _who(one: Kept[Any]) -> str:
    mark = ""
    if one.frozen:
        mark = "Changed after it was frozen. " if one.changed_since_frozen else "Frozen. "
    return f"{mark}{day(one.at.date())}, {_readable(plain(one.by, 60))}"


def _readable(text: str) -> str:
    """As it is for whoever may see single customers; else without contact details."""
    return text if may(Action.SEE_PEOPLE) else masked(text)
