"""The entry that stands open at the side of a page: its form, its history, the way to remove it.

Which one is open lives in the address, so that a copied link opens it again.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final, TypeVar

import streamlit as st

from cxdash import register
from cxdash.errors import CxdashError
from cxdash.faces.web import deeds, differences, forms, links, state, words
from cxdash.faces.web.escape import md, plain
from cxdash.faces.web.links import ENTRY
from cxdash.register import Kept, Record
from cxdash.register.fields import Spec, Value
from cxdash.register.texts import from_text

__all__ = ["ask_for", "draw", "said"]

_SAID: Final = "entries-said"
_REMOVING: Final = "entries-removing"

R = TypeVar("R", bound=Record)


def ask_for(entry: str) -> None:
    """Open an entry, or by the name of its kind the form of a new one."""
    st.query_params[ENTRY] = entry
    st.session_state.pop(_REMOVING, None)


def said(kind: type[Record]) -> None:
    """What became of the entry that was open before."""
    told = st.session_state.get(_SAID)
    if told and told[0] == kind.KIND:
        words.notice([told[1]], f"said-{kind.KIND}")
        st.toast(md(told[1]))  # the list stands far down the page
        del st.session_state[_SAID]


def draw(kind: type[R], preset: Mapping[str, Value], freezes: str) -> None:
    """The entry the address names, if it is one of this kind."""
    asked = st.query_params.get(ENTRY, "")
    if asked == kind.KIND:
        title = f"A new {kind.NAMED}"
        _side(title)(_new)(kind, {**preset, **_told_by_address(kind)})
    elif asked.rpartition("-")[0] == kind.KIND:
        versions = register.history(state.database(), kind, asked)
        if versions and versions[-1].what != "removed":
            _side(plain(versions[-1].title, 120))(_kept)(versions, freezes)
        else:
            told = _gone(kind, asked, versions)
            words.notice([told], f"gone-{kind.KIND}")
            st.toast(md(told))


def _side(title: str) -> Any:
    # It cannot be dismissed by a click beside it: what was typed would be lost.
    return st.dialog(md(title), width="medium", position="right", dismissible=False)


def _told_by_address(kind: type[Record]) -> dict[str, Value]:
    """Values for a new entry that a link brings along; what cannot be is left empty."""
    return {
        name: _readable(spec, st.query_params[name])
        for name, spec in register.specs(kind).items()
        if name in st.query_params
    }


def _readable(spec: Spec, text: str) -> Value:
    try:
        value = from_text(spec, text)
    except ValueError:
        return spec.empty
    named = value if isinstance(value, tuple) else (value,)
    return value if not spec.choices or set(named) <= set(spec.choices) else spec.empty


def _gone(kind: type[Record], asked: str, versions: tuple[Kept[Any], ...]) -> str:
    if not versions:
        return f"There is no {kind.NAMED} {plain(asked, 40)}."
    last = versions[-1]
    return f"{last.title} ({last.id}) was removed by {last.by} on {last.at:%Y-%m-%d}."


def _new(kind: type[Record], preset: Mapping[str, Value]) -> None:
    key = f"new-{kind.KIND}"
    _top(kind, forms.heading(kind), key)
    saved = forms.entry_form(kind, None, preset, key=key)
    if saved is not None:
        _close(kind, f"{saved.title} is saved as {saved.id}.", key)


def _kept(versions: tuple[Kept[Any], ...], freezes: str) -> None:
    kept = versions[-1]
    kind, key = type(kept.record), f"edit-{kept.id}"
    told = f"{kept.id}, version {kept.version} by {plain(kept.by, 60)}, {_moment(kept)}."
    _top(kind, told, key)
    _frozen(versions)
    saved = forms.entry_form(kind, kept, key=key)
    if saved is not None:
        same = saved.version == kept.version
        done = "holds what it held" if same else f"is saved, version {saved.version}"
        _close(kind, f"{saved.title} {done}.", key)
    with st.expander("History", type="compact", key=f"history-{kept.id}"):
        _history(versions)
    _deeds(kept, freezes, key)


def _frozen(versions: tuple[Kept[Any], ...]) -> None:
    """That it is frozen, under which digest, and what was changed since."""
    kept = versions[-1]
    if not kept.frozen:
        return
    first = next(one for one in versions if one.what == "frozen")
    with st.container(key=f"notice-frozen-{kept.id}"):
        said = f"Frozen by {plain(first.by, 60)}, {_moment(first)}, under the digest"
        st.markdown(f"{md(said)} `{first.digest}`")
        if kept.changed_since_frozen:
            st.markdown(":orange-badge[Changed after it was frozen]")
            differences.table(
                type(kept.record),
                _values(first),
                _values(kept),
                titles=("As it was frozen", "As it is now"),
                key=f"since-frozen-{kept.id}",
            )


def _history(versions: tuple[Kept[Any], ...]) -> None:
    """Who changed what and when, the newest first."""
    for before, after in reversed([*pairwise(versions)]):
        _version(after)
        if after.what == "changed":
            differences.table(
                type(after.record),
                _values(before),
                _values(after),
                titles=("Before", "After"),
                key=f"version-{after.id}-{after.version}",
            )
        elif after.what == "frozen":
            st.markdown(f"`{after.digest}`")
    _version(versions[0])


def _version(one: Kept[Any]) -> None:
    withheld = " A customer who was erased has been taken out of it." if one.redacted else ""
    told = f"{one.what} by {plain(one.by, 60)}, {_moment(one)}.{withheld}"
    st.markdown(f"**Version {one.version}**, {md(told)}")


def _deeds(kept: Kept[Any], freezes: str, key: str) -> None:
    """Freeze it, or remove it once that was confirmed."""
    kind = type(kept.record)
    is_frozen = kept.frozen and not kept.changed_since_frozen
    removing = st.session_state.get(_REMOVING) == kept.id
    with st.container(key=f"deeds-{key}"):
        if freezes and not is_frozen:
            st.markdown(md(freezes))
            if st.button("Freeze it as it is", key=f"freeze-{key}"):
                _done(lambda: deeds.freeze(kind, kept.id, kept.version), kept, "is frozen", key)
        if not removing:
            if st.button("Remove …", key=f"remove-{key}", type="tertiary"):
                st.session_state[_REMOVING] = kept.id
                st.rerun(scope="app")
            return
        with st.container(key=f"notice-remove-{key}"):
            st.markdown(
                f"**{md(plain(kept.title, 120))}** leaves the lists; its history stays. Remove it?"
            )
            with st.container(horizontal=True):
                if st.button("Remove it", key=f"remove-now-{key}"):
                    _done(
                        lambda: deeds.take_out(kind, kept.id, kept.version),
                        kept,
                        "is removed",
                        key,
                    )
                if st.button("Leave it", key=f"remove-not-{key}"):
                    del st.session_state[_REMOVING]
                    st.rerun(scope="app")


def _done(deed: Any, kept: Kept[Any], became: str, key: str) -> None:
    try:
        deed()
    except CxdashError as error:
        words.problem(error, key)
    else:
        _close(type(kept.record), f"{kept.title} {became}.", key)


def _top(kind: type[Record], told: str, key: str) -> None:
    """What it is, and the way out of it."""
    left, right = st.columns([7, 3], gap="medium")
    left.markdown(md(told))
    if right.button("Close without saving", key=f"close-{key}"):
        _close(kind, "", key)


def _close(kind: type[Record], told: str, key: str) -> None:
    forms.forget(key)
    st.session_state.pop(_REMOVING, None)
    for name in links.of_entry(st.query_params.to_dict()):
        st.query_params.pop(name, None)
    if told:
        st.session_state[_SAID] = (kind.KIND, told)
    st.rerun(scope="app")


def _values(one: Kept[Any]) -> dict[str, Any]:
    return {name: getattr(one.record, name) for name in register.specs(type(one.record))}


def _moment(one: Kept[Any]) -> str:
    return f"{one.at:%Y-%m-%d %H:%M} UTC"
