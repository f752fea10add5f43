"""Mapping files a person brings along: kept for the visit, used for the exports they fit."""

from collections.abc import Sequence
from typing import Final, Protocol

import streamlit as st

from cxdash.errors import CxdashError, UsageError
from cxdash.faces.web import words
from cxdash.faces.web.escape import md, plain
from cxdash.intake import Mapping, Proposal

__all__ = ["TYPE", "at_hand", "fits", "fitting", "is_mapping", "listed", "receive", "refused"]

TYPE: Final = "toml"
_LARGEST: Final = 1_000_000  # bytes; a mapping is a page of text
_KEPT, _REFUSED = "mapping-files", "mapping-files-refused-"


class Upload(Protocol):
    """What the browser sent: a name, a size and readable bytes."""

    name: str
    size: int

    def read(self, size: int = -1, /) -> bytes: ...


def is_mapping(upload: Upload) -> bool:
    return upload.name.lower().endswith(f".{TYPE}")


def at_hand() -> dict[str, Mapping]:
    """The mapping files of this visit by the name the person gave them."""
    found: dict[str, Mapping] = st.session_state.setdefault(_KEPT, {})
    return found


def receive(uploads: Sequence[Upload], place: str) -> list[str]:
    """Keep the mapping files that can be read and return their names.

    What is wrong with the others is told by ``refused`` at the same place.
    """
    errors: list[CxdashError] = []
    names = []
    for upload in uploads:
        try:
            at_hand()[upload.name] = _read(upload)
            names.append(upload.name)
        except CxdashError as error:
            errors.append(error)
    st.session_state[_REFUSED + place] = errors
    return names


def refused(place: str) -> None:
    """What is wrong with the mapping files brought there last."""
    for number, error in enumerate(st.session_state.get(_REFUSED + place, ())):
        words.problem(error, f"mapping-{place}-{number}")


def listed() -> None:
    """Which mapping files are at hand."""
    if at_hand():
        names = ", ".join(plain(name, 80) for name in at_hand())
        use = "Each is used for the export whose columns it reads."
        st.markdown(md(f"Mapping files at hand: {names}. {use}"))


def fits(mapping: Mapping, proposal: Proposal) -> bool:
    """Whether the file has every column the mapping reads."""
    return set(mapping.sources) <= {column.name for column in proposal.columns}


def fitting(proposal: Proposal) -> list[str]:
    """Names of the mapping files at hand that fit the file."""
    return [name for name, mapping in at_hand().items() if fits(mapping, proposal)]


def _read(upload: Upload) -> Mapping:
    """The mapping in an uploaded file; UsageError with the file's name."""
    name = plain(upload.name, 80)
    if upload.size > _LARGEST:
        raise UsageError(
            f"{name} is too large for a mapping file.",
            state="Nothing was loaded.",
            do_next="A mapping is a page of text; was this meant to be an export?",
        )
    try:
        return Mapping.from_toml(upload.read().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{name} is not UTF-8 text.",
            state="Nothing was loaded.",
            do_next="Save it as UTF-8 and bring it again.",
        ) from error
    except CxdashError as error:
        raise UsageError(
            f"{name}: {error.what}", state="Nothing was loaded.", do_next=error.do_next
        ) from error
