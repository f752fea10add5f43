"""One field of an entry as a control: its words, its value, what it offers to choose from."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

import streamlit as st

from cxdash import register
from cxdash.faces.web import state
from cxdash.faces.web.escape import md, plain
from cxdash.facts.format import spoken
from cxdash.register.fields import FIRST_DAY, LAST_DAY, Spec, Value

__all__ = ["control", "is_wide", "offered", "titles"]

_CHOOSE: Final = "Choose"
_FILTERED_BY: Final = "worth"  # a question that takes every filter the customers have
_FLOAT: Final = "%.15g"  # as it was typed: no digit is added, none is hidden


def control(spec: Spec, value: Value, *, key: str) -> Value:
    """Draw the control of a field with ``value`` in it; what the person made of it."""
    with st.container(key=f"field-{key}", gap="xsmall"):
        drawn = _CONTROLS[spec.kind](spec, value, key)
        if spec.help:
            st.markdown(f":small[{md(spec.help)}]")
    return drawn


def is_wide(spec: Spec) -> bool:
    """Whether the field takes a whole line of the form."""
    return spec.long or spec.kind in ("many", "customers")


def titles(kind: str) -> Mapping[str, str]:
    """Id to title of the entries of a kind that count now."""
    db, known = state.database(), register.kind_named(kind)
    return db.kept(
        "titles",
        kind,
        lambda: {one.id: one.title for one in register.current(db, known)},
        room=len(register.KINDS),
        entered=True,
    )


def offered() -> tuple[str, ...]:
    """Filters of the customers that are loaded, each written as in an entry: segment=Large."""
    return tuple(
        f"{column}={value}"
        for column, values in state.filters(_FILTERED_BY).items()
        for value in values
        if ";" not in value
    )


def _label(spec: Spec) -> str:
    # Words of ours, so not escaped: a screen reader would read the escapes out.
    unit = {"share": "%", "amount": state.currency()}.get(spec.kind, "")
    return f"{spec.label}{f' ({unit})' if unit else ''}{' *' if spec.required else ''}"


def _text(spec: Spec, value: Value, key: str) -> Value:
    if not spec.long:
        return (
            st.text_input(
                _label(spec), value=str(value), max_chars=spec.room, key=key, autocomplete="off"
            )
            or ""
        ).strip()
    given = st.text_area(_label(spec), value=str(value), max_chars=spec.room, key=key, height=96)
    return (given or "").strip()


def _choice(spec: Spec, value: Value, key: str) -> Value:
    return _select(spec, value, key, spec.choices)


def _reference(spec: Spec, value: Value, key: str) -> Value:
    found = titles(spec.refers)
    named = {entry: f"{title} ({entry})" for entry, title in found.items()}
    return _select(spec, value, key, named)


def _select(spec: Spec, value: Value, key: str, words: Mapping[str, str]) -> Value:
    """One of some values; one that is no longer offered stays until somebody changes it."""
    options = [*words, *([str(value)] if value and value not in words else [])]
    chosen = st.selectbox(
        _label(spec),
        options,
        index=options.index(str(value)) if value else None,
        format_func=lambda one: plain(words.get(one, f"{one} (no longer there)"), 200),
        placeholder=_CHOOSE if options else _nothing(spec),
        key=key,
    )
    return chosen or ""


def _nothing(spec: Spec) -> str:
    return f"No {register.kind_named(spec.refers).NAMED} is entered yet"


def _number(spec: Spec, value: Value, key: str) -> Value:
    given = _float(spec, None if value is None else float(str(value)), key)
    return value if _is_still(given, value) else given


def _share(spec: Spec, value: Value, key: str) -> Value:
    shown = None if value is None else float(Decimal(str(value)) * 100)
    given = _float(spec, shown, key)
    if given is None or given == shown:
        return None if given is None else value
    return float(Decimal(repr(given)) / 100)


def _amount(spec: Spec, value: Value, key: str) -> Value:
    given = _float(spec, None if value is None else float(str(value)), key)
    if given is None or _is_still(given, value):
        return None if given is None else value
    return Decimal(repr(given)) if abs(given) < 1e15 else Decimal(int(given))


def _float(spec: Spec, shown: float | None, key: str) -> float | None:
    # Bounds are not given to the control: it would quietly send the value from before.
    return st.number_input(
        _label(spec), value=shown, step=None, format=_FLOAT, placeholder="", key=key
    )


def _is_still(given: float | None, value: Value) -> bool:
    """Whether nobody changed it, so that digits a float cannot hold stay."""
    return given is not None and value is not None and given == float(str(value))


def _whole(spec: Spec, value: Value, key: str) -> Value:
    shown = None if value is None else int(str(value))
    return st.number_input(_label(spec), value=shown, step=1, placeholder="", key=key)


def _day(spec: Spec, value: Value, key: str) -> Value:
    shown = value if isinstance(value, date) else None
    return st.date_input(
        _label(spec),
        value=shown,
        min_value=FIRST_DAY,
        max_value=LAST_DAY,
        format="YYYY-MM-DD",
        key=key,
    )


def _yes_no(spec: Spec, value: Value, key: str) -> Value:
    return st.checkbox(_label(spec), value=bool(value), key=key)


def _many(spec: Spec, value: Value, key: str) -> Value:
    words = titles(spec.refers) if spec.refers else spec.choices
    given = value if isinstance(value, tuple) else ()
    free = not (spec.refers or spec.choices)
    chosen = st.multiselect(
        _label(spec),
        list(dict.fromkeys([*words, *given])),
        default=list(given),
        format_func=lambda one: plain(words.get(one, one), 200),
        accept_new_options=free,
        placeholder="Type one and press Enter" if free else _CHOOSE,
        key=key,
    )
    return tuple(one.strip() for one in chosen if one.strip())


def _customers(spec: Spec, value: Value, key: str) -> Value:
    given = [f"{column}={held}" for column, held in register.filters(str(value))]
    options = list(dict.fromkeys([*offered(), *given]))
    if not options:
        return _text(spec, value, key)
    chosen = st.multiselect(
        _label(spec),
        options,
        default=given,
        format_func=_filter_words,
        placeholder="All customers",
        key=key,
    )
    return "; ".join(chosen)


def _filter_words(one: str) -> str:
    column, _, value = one.partition("=")
    return plain(f"{spoken(column)}: {value}", 120)


_CONTROLS: Final[Mapping[str, Callable[[Spec, Any, str], Value]]] = {
    "words": _text,
    "choice": _choice,
    "reference": _reference,
    "number": _number,
    "amount": _amount,
    "share": _share,
    "whole": _whole,
    "day": _day,
    "yes_no": _yes_no,
    "many": _many,
    "customers": _customers,
}
