"""The commands that keep the database: backup, restore, compact, erase, retention, doctor."""

from argparse import Namespace
from dataclasses import asdict
from typing import Any

from cxdash import upkeep
from cxdash.access import audit
from cxdash.access.roles import Action
from cxdash.errors import StoreError
from cxdash.faces.cli.keeping_options import LIMITS
from cxdash.faces.cli.opening import open_existing, path_of
from cxdash.faces.cli.text import paragraph, plain, print_json
from cxdash.facts.format import counted
from cxdash.store import Place
from cxdash.store.copies import Copy
from cxdash.upkeep import Diagnosis, Erased
from cxdash.upkeep.retention import told

__all__ = ["backup", "compact", "doctor", "erase", "restore", "retention"]


def backup(options: Namespace) -> int:
    """Make a backup, or list those known."""
    if options.list:
        return _list_backups(options)
    with open_existing(options) as db:
        made = upkeep.backup(db, options.to, marks={"audit": audit.verify(db).head})
        _note(options, Action.MAINTAIN, "made a backup")
    told = {"file": str(made.file), "rows": made.manifest.rows, "bytes": made.manifest.bytes}
    return _tell(
        options,
        {**told, "made_at": made.manifest.made_at, "sha256": made.manifest.sha256},
        f"{made.file} holds {counted(made.manifest.rows, 'row', 'rows')} "
        f"({_mb(made.manifest.bytes)}). It was read back and is equal.",
    )


def restore(options: Namespace) -> int:
    """Put a backup in place of the database."""
    done = upkeep.restore(options.file, path_of(options))
    _note(options, Action.MAINTAIN, f"restored the backup of {done.manifest.made_at}")
    held, day = counted(done.manifest.rows, "row", "rows"), _time(done.manifest.made_at)
    lines = [f"{path_of(options)} holds the {held} of the backup of {day}, read back and equal."]
    if done.set_aside:
        lines.append(f"The file that stood there before is {done.set_aside}.")
    if done.access:
        lines.append("People, their rights and the audit log were restored too.")
    if done.forgotten:
        lines.append(
            f"{counted(done.forgotten, 'customer', 'customers')} erased since then "
            f"{'was' if done.forgotten == 1 else 'were'} taken out again."
        )
    document = {
        "made_at": done.manifest.made_at,
        "rows": done.manifest.rows,
        "set_aside": str(done.set_aside) if done.set_aside else None,
        "forgotten": done.forgotten,
        "access": done.access,
    }
    return _tell(options, document, *lines)


def compact(options: Namespace) -> int:
    """Make the file small again."""
    with open_existing(options) as db:
        done = upkeep.compact(db)
        _note(options, Action.MAINTAIN, "compacted the database")
    return _tell(
        options,
        {"bytes_before": done.before, "bytes_after": done.after, "rows": done.rows},
        f"The database has {_mb(done.after)}; it had {_mb(done.before)}. All "
        f"{counted(done.rows, 'row', 'rows')} were compared and are the same.",
    )


def erase(options: Namespace) -> int:
    """Erase one customer."""
    with open_existing(options) as db:
        done = upkeep.erase(
            db,
            options.customer,
            dry_run=options.dry_run,
            forget_money=options.forget_money,
            backups=options.backups,
        )
    if done.done:
        _note(options, Action.ERASE, f"erased a customer (erasure {done.number})")
    return _tell(options, _erased_json(done), *_erased_lines(done))


def retention(options: Namespace) -> int:
    """Show, set and apply the limits of keeping."""
    given = {name: getattr(options, name) for name in LIMITS if getattr(options, name) is not None}
    with open_existing(options) as db:
        limits = upkeep.set_policy(db, **given) if given else upkeep.policy(db)
        done = upkeep.retain(db, dry_run=not options.apply)
    if given:
        _note(options, Action.MAINTAIN, f"set limits of keeping: {told(given)}")
    if done.done and done.anything:
        _note(options, Action.MAINTAIN, f"applied the limits of keeping. {done.sentence}")
    document = {
        "limits": asdict(limits),
        "done": done.done,
        "raw_rows": done.raw_rows,
        "comments": done.comments,
        "copies": [str(path) for path in done.copies],
        "logs": [str(path) for path in done.logs],
    }
    return _tell(options, document, *limits.sentences, done.sentence)


def doctor(options: Namespace) -> int:
    """Examine the database; 1 when a problem was found."""
    path = path_of(options)
    if not path.exists():
        raise StoreError(
            f"There is no database at {path}.",
            state="Nothing was done.",
            do_next="Name the database with --db.",
        )
    if options.accept:
        upkeep.accept(path)
        _note(options, Action.MAINTAIN, "accepted that committed work is missing")
    found = upkeep.doctor(path)
    _tell(options, found.to_json(), *_diagnosis_lines(found))
    return 0 if found.healthy else 1


def _note(options: Namespace, action: Action, what: str) -> None:
    """Write it into the audit log, under the name of whoever runs the command."""
    audit.note(path_of(options), audit.operator(), action, what)


def _list_backups(options: Namespace) -> int:
    known = upkeep.backups(Place.of(path_of(options)))
    lines = [_copy_line(copy) for copy in known] or ["No backup is known."]
    return _tell(options, [asdict(copy) for copy in known], *lines)


def _copy_line(copy: Copy) -> str:
    rows = "" if copy.rows is None else f", {counted(copy.rows, 'row', 'rows')}"
    return (
        f"{_time(copy.made_at)}, "
        f"{counted(int(copy.days), 'day', 'days')} old{rows}, {_mb(copy.bytes)}: {copy.path}"
    )


def _erased_json(done: Erased) -> dict[str, Any]:
    return {
        "erasure": done.number,
        "done": done.done,
        **asdict(done.forgotten),
        "shared_names": done.shared,
        "files": len(done.files),
        "files_unsearched": len(done.unsearched),
        "copies_still_holding": [copy.path for copy in done.holding],
        "backups_rewritten": done.rewritten,
        "copies_removed": done.removed,
    }


def _erased_lines(done: Erased) -> list[str]:
    """What was erased, what stays and why, and where the customer can still be found."""
    verb = "Erased" if done.done else "Would be erased"
    tables = ", ".join(f"{name} {rows:,}" for name, rows in done.forgotten.deleted.items())
    kept = ", ".join(f"{name} {rows:,}" for name, rows in done.forgotten.anonymised.items())
    cells = counted(done.forgotten.raw_rows, "loaded line", "loaded lines")
    lines = [f"{verb}: {tables or 'no row of a table'}; cells of {cells}."]
    if kept:
        lines.append(
            f"Amounts and days stay under a random name that leads nowhere, so that totals stay: "
            f"{kept}. With --forget-money they are deleted."
        )
    if done.forgotten.entries:
        what = "was" if done.done else "would be"
        entries = counted(done.forgotten.entries, "entry", "entries")
        lines.append(f"The name {what} taken out of {entries} that people wrote.")
    if done.files:
        what = "removed" if done.done else "to be removed"
        lines.append(f"{counted(len(done.files), 'upload or log', 'uploads or logs')} {what}.")
    if done.unsearched:
        lines.append(
            f"{counted(len(done.unsearched), 'waiting upload', 'waiting uploads')} could not be "
            "looked into, because of how it is packed. Load or discard such files on the page "
            "Import; a file that waits for a day is removed then:"
        )
        lines += [f"  {file}" for file in done.unsearched]
    if done.shared:
        lines.append(
            f"{counted(done.shared, 'other name belongs', 'other names belong')} to somebody else "
            "too; rows under such a name stay."
        )
    if done.forgotten.mentions:
        lines.append(
            f"{counted(done.forgotten.mentions, 'comment', 'comments')} of other customers "
            "mention this one; read and decide yourself."
        )
    if done.rewritten or done.removed:
        lines.append(
            f"{counted(done.rewritten, 'backup was', 'backups were')} rewritten, "
            f"{counted(done.removed, 'copy set aside was', 'copies set aside were')} removed."
        )
    if done.holding:
        lines.append("These copies still hold the customer until they are removed or rewritten:")
        lines += [f"  {_copy_line(copy)}" for copy in done.holding]
    return lines


def _diagnosis_lines(found: Diagnosis) -> list[str]:
    marks = {"fine": "ok  ", "hint": "note", "bad": "BAD "}
    lines = []
    for finding in found.findings:
        first, *rest = paragraph(finding.sentence, indent="      ")
        lines += [f"{marks[finding.severity]}  {first.strip()}", *rest]
        if finding.do_next:
            lines += paragraph(finding.do_next, indent="      ")
    return [*lines, "", found.sentence]


def _tell(options: Namespace, document: Any, *lines: str) -> int:
    if options.json:
        print_json(document)
    else:
        print("\n".join(plain(line) for line in lines))
    return 0


def _time(stamp: str) -> str:
    return f"{stamp[:16].replace('T', ' ')} UTC"


def _mb(count: int) -> str:
    return f"{count / 1e6:,.1f} MB"
