"""The only door through which a page changes data or hands data out; each deed asks for the right.

A page offers a deed where ``may`` says so; the deed itself asks again, because what a browser sends
need not come from a page. What was done is written into the audit log, without a word of the data.
"""

from collections import abc
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from cxdash import intake, register, upkeep
from cxdash.access import Action, Actor, Role, audit, note, people, sessions
from cxdash.access.people import Person
from cxdash.demo import loading as demo
from cxdash.demo import story
from cxdash.faces.web import signin, state
from cxdash.faces.web.visitor import asker, demand, visitor
from cxdash.intake import ImportJob, Mapping
from cxdash.intake.reading.gate import digest_of
from cxdash.register import Brought, Kept, Record
from cxdash.store.background import Job, Progress
from cxdash.upkeep import Backup, Compacted, Erased, Policy, Retained

__all__ = [
    "accept_loss",
    "audit_log",
    "bring_in",
    "end_sign_ins",
    "enter",
    "entries_as_table",
    "freeze",
    "give_role",
    "handed_out",
    "refused_rows",
    "set_limits",
    "shut_out",
    "start_backup",
    "start_compacting",
    "start_erasing",
    "start_import",
    "start_removing",
    "start_undo",
    "take_out",
    "take_out_demo",
    "would_erase",
    "would_remove",
]

R = TypeVar("R", bound=Record)


def start_import(path: Path, mapping: Mapping, *, file_name: str) -> ImportJob:
    """Load a staged file in the background; the file is removed once it is loaded.

    The audit log knows the file by the digest under which the receipt shows it.
    """
    who, digest = visitor(), digest_of(path)
    _done(who, Action.IMPORT, f"{mapping.kind} from the file {digest}")
    return intake.start_import(
        state.database(),
        path,
        mapping,
        file_name=file_name,
        remove_after=True,
        owner=who.owner,
        digest=digest,
    )


def start_undo(*import_ids: int) -> ImportJob:
    """Take imports back, as one, in the background."""
    _done(visitor(), Action.UNDO, f"imports {', '.join(map(str, import_ids))}")
    return intake.start_undo(state.database(), *import_ids)


def take_out_demo() -> ImportJob:
    """Take every import of the demo company back, as one, in the background, and its people's
    entries.
    """
    _done(visitor(), Action.UNDO, "the entries of the demo company")
    story.take_out(state.database())
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


def enter(record: R, entry: str | None = None, expects: int | None = None) -> Kept[R]:
    """Save an entry: a new one, or the next version of ``entry``; see :func:`register.put`."""
    who, db = visitor(), state.database()
    demand(who, Action.DECIDE, f"{record.KIND} {entry or 'to be entered'}")
    kept = register.put(db, record, by=who.name, entry=entry, expects=expects)
    note(db, who, Action.DECIDE, f"{record.KIND} {kept.id} version {kept.version}")
    return kept


def freeze(kind: type[R], entry: str, expects: int | None = None) -> Kept[R]:
    """Freeze an entry as it is; see :func:`register.freeze`."""
    who, db = visitor(), state.database()
    demand(who, Action.DECIDE, f"{kind.KIND} {entry} to be frozen")
    kept = register.freeze(db, kind, entry, by=who.name, expects=expects)
    note(db, who, Action.DECIDE, f"{kind.KIND} {entry} version {kept.version}, frozen")
    return kept


def take_out(kind: type[Record], entry: str, expects: int | None = None) -> None:
    """Take an entry out of the lists, its versions stay; see :func:`register.remove`."""
    who, db = visitor(), state.database()
    demand(who, Action.DECIDE, f"{kind.KIND} {entry} to be removed")
    register.remove(db, kind, entry, by=who.name, expects=expects)
    note(db, who, Action.DECIDE, f"{kind.KIND} {entry} removed")


def entries_as_table(kind: type[Record], *, history: bool) -> Callable[[], str | bytes]:
    """The entries of a kind as CSV, for a download button."""
    table = partial(register.sheet, state.database(), kind, history=history)
    what = f"entries: {kind.KIND}{', with history' if history else ''}"
    return handed_out(what, lambda: table().encode("utf-8-sig"))


def bring_in(files: abc.Mapping[str, bytes]) -> Brought:
    """Bring tables of entries in, by the names of their files; see :func:`register.bring_in`."""
    who, db = visitor(), state.database()
    demand(who, Action.DECIDE, "tables of entries")
    done = register.bring_in(db, files, by=who.name)
    if done.saved:
        note(db, who, Action.DECIDE, f"tables of entries: {done.counts}")
    return done


def accept_loss() -> None:
    """Go on without committed work that is missing from the database."""
    _done(visitor(), Action.MAINTAIN, "accepted that committed work is missing")
    state.database().accept_loss()


def start_backup() -> Job[Backup]:
    """Make a backup, in the background; it carries the newest digest of the audit log."""
    db = state.database()
    _done(visitor(), Action.MAINTAIN, "a backup")
    marks = {"audit": audit.verify(db).head}
    return upkeep.start(db, "A backup", lambda tell: upkeep.backup(db, marks=marks, tell=tell))


def start_compacting() -> Job[Compacted]:
    """Make the file small again, in the background."""
    db = state.database()
    _done(visitor(), Action.MAINTAIN, "compacting the database")
    return upkeep.start(db, "Compacting", lambda tell: upkeep.compact(db, tell=tell))


def would_erase(customer: str, *, forget_money: bool) -> Erased:
    """What erasing the customer would take; nothing is changed."""
    demand(visitor(), Action.ERASE, "what erasing a customer would take")
    return upkeep.erase(state.database(), customer, dry_run=True, forget_money=forget_money)


def start_erasing(customer: str, *, forget_money: bool, backups: bool) -> Job[Erased]:
    """Erase the customer, in the background; the audit log gets a number, never the name."""
    who, db = visitor(), state.database()
    _done(who, Action.ERASE, "began to erase a customer")

    def work(tell: Progress) -> Erased:
        done = upkeep.erase(db, customer, forget_money=forget_money, backups=backups, tell=tell)
        note(db, who, Action.ERASE, f"erased a customer (erasure {done.number})")
        return done

    return upkeep.start(db, "Erasing a customer", work)


def would_remove(limits: Policy) -> Retained:
    """What is past those limits of keeping; nothing is changed."""
    demand(visitor(), Action.MAINTAIN, "what limits of keeping would remove")
    return upkeep.retain(state.database(), limits, dry_run=True)


def set_limits(limits: Policy) -> None:
    """Set the limits of keeping; what is past them goes when the app starts next."""
    _done(visitor(), Action.MAINTAIN, f"limits of keeping: {limits.told}")
    upkeep.set_policy(state.database(), **asdict(limits))


def start_removing() -> Job[Retained]:
    """Remove what is past the limits that are set, in the background."""
    who, db = visitor(), state.database()
    _done(who, Action.MAINTAIN, "began to remove what is past the limits of keeping")

    def work(tell: Progress) -> Retained:
        done = upkeep.retain(db, tell=tell)
        note(db, who, Action.MAINTAIN, f"applied the limits of keeping. {done.sentence}")
        return done

    return upkeep.start(db, "Removing what is past its limit", work)


def end_sign_ins(who: Person) -> None:
    """End every sign-in of a person; they may sign in anew."""
    _done(visitor(), Action.ADMINISTER, f"{who.name} is signed out everywhere")
    sessions.end_all(signin.book(), who.person_id, datetime.now(UTC))


def _done(who: Actor, action: Action, what: str) -> None:
    """Forbidden without the right; with it, what is about to be done is written down first."""
    demand(who, action, what)
    note(state.database(), who, action, what)
