"""The only door through which a page changes data or hands data out; each deed asks for the right.

A page offers a deed where ``may`` says so; the deed itself asks again, because what a browser sends
need not come from a page. What was done is written into the audit log, without a word of the data.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from cxdash import intake
from cxdash.access import Action, Actor, Role, audit, note, people, sessions
from cxdash.access.people import Person
from cxdash.demo import loading as demo
from cxdash.faces.web import signin, state
from cxdash.faces.web.visitor import asker, demand, visitor
from cxdash.intake import ImportJob, Mapping

__all__ = [
    "accept_loss",
    "audit_log",
    "end_sign_ins",
    "give_role",
    "handed_out",
    "refused_rows",
    "shut_out",
    "start_import",
    "start_undo",
    "take_out_demo",
]


def start_import(path: Path, mapping: Mapping, *, file_name: str) -> ImportJob:
    """Load a staged file in the background; the file is removed once it is loaded.

    The audit log knows the file by the digest under which the receipt shows it.
    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    who = visitor()
    _done(who, Action.IMPORT, f"{mapping.kind} from the file {digest}")
    return intake.start_import(
        state.database(), path, mapping, file_name=file_name, remove_after=True, owner=who.owner
    )


def start_undo(*import_ids: int) -> ImportJob:
    """Take imports back, as one, in the background."""
    _done(visitor(), Action.UNDO, f"imports {', '.join(map(str, import_ids))}")
    return intake.start_undo(state.database(), *import_ids)


def take_out_demo() -> ImportJob:
    """Take every import of the demo company back, as one, in the background."""
    return start_undo(*demo.loaded(state.database()))


def handed_out(
    what: str, make: Callable[[], str | bytes], *, needs: Action = Action.EXPORT
) -> Callable[[], str | bytes]:
    """``make`` for a download button, asking for the right when the button is pressed.

    ``what`` names for the audit log what is taken along, without a word of the data itself.
    """
    ask = asker()

    def made() -> str | bytes:
        who = ask()
        demand(who, needs, what)
        note(state.database(), who, Action.EXPORT, what)
        return make()

    return made


def refused_rows(import_id: int) -> Callable[[], str | bytes]:
    """The rows an import refused, as CSV, for a download button."""
    return handed_out(
        f"refused rows of import {import_id}",
        lambda: intake.rejected_rows(state.database(), import_id),
    )


def audit_log() -> Callable[[], str | bytes]:
    """The whole audit log as CSV, for a download button."""
    return handed_out(
        "the audit log",
        lambda: audit.as_csv(signin.book()),
        needs=Action.ADMINISTER,
    )


def give_role(who: Person, role: Role | None) -> None:
    """Give a person a role or take it; it counts at their next click."""
    demand(visitor(), Action.ADMINISTER, f"role of {who.name}")
    people.set_role(signin.book(), visitor(), who, role)


def shut_out(who: Person, *, disabled: bool) -> None:
    """Shut a person out or let them in again; it counts at their next click."""
    demand(visitor(), Action.ADMINISTER, f"access of {who.name}")
    people.set_disabled(signin.book(), visitor(), who, disabled=disabled)


def accept_loss() -> None:
    """Go on without committed work that is missing from the database."""
    _done(visitor(), Action.MAINTAIN, "accepted that committed work is missing")
    state.database().accept_loss()


def end_sign_ins(who: Person) -> None:
    """End every sign-in of a person; they may sign in anew."""
    _done(visitor(), Action.ADMINISTER, f"{who.name} is signed out everywhere")
    sessions.end_all(signin.book(), who.person_id, datetime.now(UTC))


def _done(who: Actor, action: Action, what: str) -> None:
    """Forbidden without the right; with it, what is about to be done is written down first."""
    demand(who, action, what)
    note(state.database(), who, action, what)
