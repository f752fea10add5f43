"""The only door through which a page changes data or hands data out; each deed asks for the right.

A page offers a deed where ``may`` says so; the deed itself asks again, because what a browser sends
need not come from a page. What was done is written into the audit log, without a word of the data.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path

from cxdash import intake
from cxdash.access import Action, Actor, note
from cxdash.demo import loading as demo
from cxdash.faces.web import state
from cxdash.faces.web.visitor import asker, demand, visitor
from cxdash.intake import ImportJob, Mapping

__all__ = ["handed_out", "refused_rows", "start_import", "start_undo", "take_out_demo"]


def start_import(path: Path, mapping: Mapping, *, file_name: str) -> ImportJob:
    """Load a staged file in the background; the file is removed once it is loaded.

    The audit log knows the file by the digest under which the receipt shows it.
    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    _done(visitor(), Action.IMPORT, f"{mapping.kind} from the file {digest}")
    return intake.start_import(
        state.database(), path, mapping, file_name=file_name, remove_after=True
    )


def start_undo(*import_ids: int) -> ImportJob:
    """Take imports back, as one, in the background."""
    _done(visitor(), Action.UNDO, f"imports {', '.join(map(str, import_ids))}")
    return intake.start_undo(state.database(), *import_ids)


def take_out_demo() -> ImportJob:
    """Take every import of the demo company back, as one, in the background."""
    return start_undo(*demo.loaded(state.database()))


def handed_out(what: str, make: Callable[[], str | bytes]) -> Callable[[], str | bytes]:
    """``make`` for a download button, asking for the right when the button is pressed.

    ``what`` names for the audit log what is taken along, without a word of the data itself.
    """
    ask = asker()

    def made() -> str | bytes:
        _done(ask(), Action.EXPORT, what)
        return make()

    return made


def refused_rows(import_id: int) -> Callable[[], str | bytes]:
    """The rows an import refused, as CSV, for a download button."""
    return handed_out(
        f"refused rows of import {import_id}",
        lambda: intake.rejected_rows(state.database(), import_id),
    )


def _done(who: Actor, action: Action, what: str) -> None:
    """Forbidden without the right; with it, what is about to be done is written down first."""
    demand(who, action, what)
    note(state.database(), who, action, what)
