"""Two states of an entry side by side: the fields in which they differ, in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from cxdash import register
from cxdash.faces.web import state, tables, widgets
from cxdash.faces.web.escape import plain
from cxdash.faces.written import written
from cxdash.register import Record
from cxdash.register.fields import Spec, Value

__all__ = ["differing", "in_words", "table"]

_NOTHING = "nothing"


def in_words(spec: Spec, value: Value) -> str:
    """The value of a field as a reader sees it; empty where nothing was entered."""
    return written(
        spec,
        value,
        titles=widgets.titles(spec.refers) if spec.refers else None,
        currency=state.currency(),
    )


def differing(kind: type[Record], one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Names of the fields in which the two differ, in the order of the form."""
    return [name for name in register.specs(kind) if one[name] != other[name]]


def table(
    kind: type[Record],
    one: Mapping[str, Any],
    other: Mapping[str, Any],
    *,
    titles: Sequence[str],
    key: str,
) -> None:
    """The fields that differ, each with both values."""
    known = register.specs(kind)
    names = differing(kind, one, other)
    tables.text_table(
        ["Field", *titles],
        [
            [
                known[name].label,
                *(
                    plain(in_words(known[name], held[name]), 400) or _NOTHING
                    for held in (one, other)
                ),
            ]
            for name in names
        ],
        key=key,
    )
