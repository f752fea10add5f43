"""Which parts of a link are not known in this data: said in one line, never dropped in silence."""

from collections.abc import Collection, Mapping
from typing import Final

from cxdash import register
from cxdash.faces.web.escape import plain
from cxdash.facts import format as fmt
from cxdash.facts.words import quoted

__all__ = ["ENTRY", "not_known", "of_entry", "unknown"]

ENTRY: Final = "entry"  # name in the address of the entry that stands open, or of its kind

_LONGEST: Final = 40  # characters of a value that are repeated
_MOST: Final = 4  # parts that are named one by one
_FILTER: Final = "where_"
_SPOKEN: Final = {"metric": "rating", "horizon": "months looked ahead"}


def of_entry(asked: Mapping[str, str]) -> tuple[str, ...]:
    """Names in a link that open an entry, or bring values for a new one."""
    kind = register.KINDS.get(asked.get(ENTRY, ""))
    return (ENTRY, *(register.specs(kind) if kind else ()))


def unknown(
    asked: Mapping[str, str], offers: Mapping[str, Collection[str]], aside: Collection[str] = ()
) -> tuple[tuple[str, str], ...]:
    """Names and values of a link that no control offers; those ``aside`` are not the scope's."""
    return tuple(
        (name, value)
        for name, value in asked.items()
        if name not in aside and value not in offers.get(name, ())
    )


def not_known(parts: Collection[tuple[str, str]], shown: str, *, withheld: bool = False) -> str:
    """The line a reader sees: what of the link is not known, and what is shown instead.

    ``withheld`` says that something may be known and yet not be for this reader.

    >>> not_known([("where_segment", "Nope")], "rating NPS, all customers")
    'Not known in this data: segment “Nope”. Shown instead: rating NPS, all customers.'
    """
    named = [
        f"{_spoken(name)} {quoted(plain(value, _LONGEST))}" for name, value in [*parts][:_MOST]
    ]
    more = len(parts) - len(named)
    listed = fmt.listed((*named, *([f"{fmt.count(more)} more"] if more else [])))
    why = "Not known in this data" + (" or not shown to your role" if withheld else "")
    return f"{why}: {listed}. Shown instead: {shown}."


def _spoken(name: str) -> str:
    found = _SPOKEN.get(name)
    return found or plain(fmt.spoken(name.removeprefix(_FILTER)), _LONGEST)
