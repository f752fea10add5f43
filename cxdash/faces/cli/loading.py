"""The command that loads files: import."""

import sys
import tempfile
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from cxdash import intake
from cxdash.access import Action, note, operator
from cxdash.errors import CxdashError, DataError, MappingIncomplete
from cxdash.faces.cli.arriving import Arrived, Brought, arrived
from cxdash.faces.cli.mappings import given_mapping, write_map
from cxdash.faces.cli.opening import open_database
from cxdash.faces.cli.problems import exit_code, problem_json, tell, tell_aside
from cxdash.faces.cli.stopping import finishing, stoppable
from cxdash.faces.cli.text import lines_of_receipt, plain, print_json
from cxdash.faces.cli.trying import choices, dry_run
from cxdash.facts.format import counted
from cxdash.intake import Proposal, Receipt
from cxdash.store import Database

__all__ = ["import_files"]

_STOPPED: Final = DataError(
    "It was stopped with Ctrl-C before it was loaded.",
    state="Nothing was loaded.",
    do_next="Run the same command again; what is loaded already is not loaded twice.",
)


@dataclass(slots=True)
class _Done:
    """What became of the files so far; ``before`` are imports of the same bytes, by file."""

    receipts: list[Receipt] = field(default_factory=list)
    problems: list[Arrived] = field(default_factory=list)
    before: dict[str, Receipt] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """Of how many files it is known."""
        return len(self.receipts) + len(self.problems) + len(self.before)


def import_files(options: Namespace) -> int:
    """Load each file in a transaction of its own; one that fails does not stop the others.

    With ``--dry-run``, ``--choices`` or ``--write-map`` nothing is loaded. Stopped by Ctrl-C, it
    says what is loaded and what is not.
    """
    given = given_mapping(options)
    with open_database(options) as db, tempfile.TemporaryDirectory(prefix="cxdash-") as folder:
        try:
            with stoppable():
                brought = arrived(options, given, intake.remembered(db), Path(folder))
                if options.choices is not None:
                    return choices([_met(db, one) for one in brought.files], options.choices)
                if options.write_map is not None:
                    return write_map([_met(db, one) for one in brought.files], options)
                if options.dry_run:
                    return dry_run(db, brought, options)
        except KeyboardInterrupt as stopped:
            raise DataError(
                "Stopped with Ctrl-C while the files were being looked at.",
                state="Nothing was loaded.",
            ) from stopped
        return _load(db, brought, options)


def _load(db: Database, brought: Brought, options: Namespace) -> int:
    done = _Done()
    files, last = brought.files, _last_import(db)
    for at, one in enumerate(files):
        so_far = done.number
        try:
            with stoppable():
                _take(db, one, done, again=options.again)
        except KeyboardInterrupt:
            _add_late(db, done, last)
            left = files[at + done.number - so_far :]
            done.problems += [replace(file, error=_STOPPED) for file in left]
            break
    _report(brought, done, as_json=options.json)
    return exit_code(done.problems)


def _take(db: Database, one: Arrived, done: _Done, *, again: bool) -> None:
    """Load one file, unless something stands in its way."""
    if one.proposal is None:
        done.problems.append(one)
        return
    try:
        twin = None if again else intake.loaded_before(db, one.proposal)
        if twin is not None:
            done.before[one.name] = twin
            return
        proposal = _matched(db, one.proposal)
        one = replace(one, proposal=proposal)
        mapping, tell_progress = proposal.require(), _progress(one.name)
        receipt = intake.load(
            db, one.path, mapping, file_name=one.file_name, progress=tell_progress
        )
        _keep(db, receipt, done)
    except MappingIncomplete as error:
        # Whose rows it would replace is looked up only now: loading looks for itself.
        met = _met(db, one) if one.proposal and one.proposal.ready else one
        done.problems.append(replace(met, error=met.error or _asked(met) or error))
    except CxdashError as error:
        done.problems.append(replace(one, error=error))


def _matched(db: Database, proposal: Proposal) -> Proposal:
    """The file with the question which column is the customer, where another one fits better."""
    return proposal if proposal.is_kind_open else intake.matched(db, proposal)


def _asked(one: Arrived) -> MappingIncomplete | None:
    """What the file asks, as the refusal to load it; None if it asks nothing."""
    try:
        if one.proposal is not None:
            one.proposal.require()
    except MappingIncomplete as asks:
        return asks
    return None


def _keep(db: Database, receipt: Receipt, done: _Done) -> None:
    with finishing():
        done.receipts.append(receipt)
        note(db, operator(), Action.IMPORT, f"import {receipt.import_id}")


def _last_import(db: Database) -> int:
    return max((one.import_id for one in intake.imports(db)), default=0)


def _add_late(db: Database, done: _Done, last: int) -> None:
    """The key may have come when a file was just loaded, which only the database knows."""
    told = {one.import_id for one in done.receipts}
    for one in intake.imports(db):
        if one.import_id > last and one.import_id not in told:
            _keep(db, one, done)


def _report(brought: Brought, done: _Done, *, as_json: bool) -> None:
    """Receipts and problems, a line for what was left out, and with several files a summary."""
    alone = len(brought.files) == 1
    beside = sys.stderr if as_json else sys.stdout
    if as_json:
        print_json(
            {
                "receipts": [receipt.to_json() for receipt in done.receipts],
                "problems": [problem_json(one, alone=alone) for one in done.problems],
                "loaded_before": [
                    {"file": name, "import_id": twin.import_id}
                    for name, twin in done.before.items()
                ],
                "left_aside": [{"file": one.name, "why": one.why} for one in brought.aside],
            }
        )
    elif done.receipts:
        print("\n".join(line for receipt in done.receipts for line in lines_of_receipt(receipt)))
    for name, twin in done.before.items():
        print(_told_before(name, twin), file=beside)
    tell_aside(brought.aside, as_json=as_json)
    tell(done.problems, alone=alone)
    if not alone:
        print(_summary(done), file=sys.stderr if done.problems else beside)


def _met(db: Database, one: Arrived) -> Arrived:
    """The file with what it asks because of what is loaded."""
    if one.proposal is None or one.proposal.is_kind_open:
        return one
    try:
        return replace(one, proposal=intake.meet(db, one.proposal))
    except CxdashError as error:
        return replace(one, proposal=None, error=error)


def _told_before(name: str, twin: Receipt) -> str:
    day = f"{twin.imported_at:%Y-%m-%d}"
    return plain(
        f"{name}: these very bytes are loaded already, as import {twin.import_id} on {day}. "
        "Nothing was loaded; --again loads them all the same."
    )


def _progress(name: str) -> Callable[[float, str], None] | None:
    """A line that counts up while a person watches; nothing when nobody does."""
    if not sys.stderr.isatty():
        return None

    def show(fraction: float, message: str) -> None:
        print(f"\r\033[K{plain(name)}: {fraction:4.0%} {message}", end="", file=sys.stderr)
        if fraction >= 1:
            print("\r\033[K", end="", file=sys.stderr)

    return show


def _summary(done: _Done) -> str:
    asks = sum(isinstance(one.error, MappingIncomplete) for one in done.problems)
    stopped = sum(one.error is _STOPPED for one in done.problems)
    refused = len(done.problems) - asks - stopped
    parts = [counted(len(done.receipts), "file is loaded", "files are loaded")]
    for number, one, many in (
        (len(done.before), "is loaded already", "are loaded already"),
        (asks, "asks something first", "ask something first"),
        (refused, "could not be loaded", "could not be loaded"),
        (stopped, "was stopped by Ctrl-C", "were stopped by Ctrl-C"),
    ):
        parts += [counted(number, one, many)] if number else []
    settle = sum(
        any(finding.severity == "stop" for finding in one.findings) for one in done.receipts
    )
    if settle:
        parts.append(
            f"something is to be settled first in {counted(settle, 'receipt', 'receipts')}"
        )
    return ", ".join(parts) + "."
