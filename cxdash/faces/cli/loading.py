"""The command that loads files: import."""

import shlex
import sys
import tempfile
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import tomli_w

from cxdash import intake
from cxdash.access import Action, note, operator
from cxdash.errors import CxdashError, FileRefused, MappingIncomplete, UsageError
from cxdash.faces.cli.arriving import Arrived, arrived
from cxdash.faces.cli.opening import open_database
from cxdash.faces.cli.previews import (
    lines_of_choices,
    lines_of_preview,
    lines_of_questions,
    preview_json,
)
from cxdash.faces.cli.text import lines_of_error, lines_of_receipt, paragraph, plain, print_json
from cxdash.facts.format import counted
from cxdash.intake import Mapping, Names, Proposal, Receipt
from cxdash.store import Database

__all__ = ["UNFINISHED", "import_files"]

# What a mapping written with --write-map lists while a person has not decided everything.
UNFINISHED: Final = "open_questions"
_ANSWER: Final = (
    "Answer each with --answer ID=VALUE (FILE:ID=VALUE with several files), or on the Import page, "
    "which shows samples."
)


def import_files(options: Namespace) -> int:
    """Load each file in a transaction of its own; one that fails does not stop the others.

    With ``--dry-run``, ``--choices`` or ``--write-map`` nothing is loaded.
    """
    given = _given_mapping(options)
    with open_database(options) as db, tempfile.TemporaryDirectory(prefix="cxdash-") as folder:
        files = arrived(options, given, intake.remembered(db), Path(folder))
        if options.choices is not None:
            return _choices([_met(db, one) for one in files], options.choices)
        if options.write_map is not None:
            return _write_map([_met(db, one) for one in files], options)
        if options.dry_run:
            return _dry_run(db, files, options)
        return _load(db, files, options)


def _load(db: Database, files: Sequence[Arrived], options: Namespace) -> int:
    receipts: list[Receipt] = []
    problems: list[Arrived] = []
    before: dict[str, Receipt] = {}
    for arrival in files:
        # What was loaded just now counts as well.
        one = _met(db, arrival)
        try:
            if one.proposal is None:
                problems.append(one)
                continue
            twin = None if options.again else intake.loaded_before(db, one.proposal)
            if twin is not None:
                before[one.name] = twin
                continue
            receipt = intake.load(
                db,
                one.path,
                one.proposal.require(),
                file_name=one.file_name,
                progress=_progress(one.name),
            )
            note(db, operator(), Action.IMPORT, f"import {receipt.import_id}")
            receipts.append(receipt)
        except CxdashError as error:
            problems.append(replace(one, error=error))
    if options.json:
        print_json(
            {
                "receipts": [receipt.to_json() for receipt in receipts],
                "problems": [_problem_json(one, alone=len(files) == 1) for one in problems],
                "loaded_before": [
                    {"file": name, "import_id": twin.import_id} for name, twin in before.items()
                ],
            }
        )
    elif receipts:
        print("\n".join(line for receipt in receipts for line in lines_of_receipt(receipt)))
    for name, twin in before.items():
        print(_told_before(name, twin), file=sys.stderr if options.json else sys.stdout)
    _tell(problems, alone=len(files) == 1)
    if len(files) > 1:
        print(
            _summary(receipts, problems, len(before)),
            file=sys.stderr if problems or options.json else sys.stdout,
        )
    return _code(problems)


def _met(db: Database, one: Arrived) -> Arrived:
    """The file with what it asks because of what is loaded."""
    if one.proposal is None or any(question.id == "kind" for question in one.proposal.questions):
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


def _dry_run(db: Database, files: Sequence[Arrived], options: Namespace) -> int:
    """Show what each file would become; files that would be loaded before it count as known."""
    problems: list[Arrived] = []
    previews: list[dict[str, Any]] = []
    names: list[Names] = []
    for one in files:
        proposal = one.proposal
        try:
            if proposal is None:
                problems.append(one)
                continue
            if not any(question.id == "kind" for question in proposal.questions):
                known = intake.known(db, proposal.kind, names, header=proposal.header)
                view = intake.preview(proposal, known=known)
                proposal = proposal.meeting(view.met)
                names.append(view.names)
                previews.append(preview_json(one.name, view))
                if not options.json:
                    print("\n".join(lines_of_preview(one.name, proposal, view)))
            proposal.require()
        except CxdashError as error:
            problems.append(replace(one, proposal=proposal, error=error))
    if options.json:
        asked = [_problem_json(one, alone=len(files) == 1) for one in problems]
        print_json({"receipts": [], "problems": asked, "previews": previews})
    _tell(problems, alone=len(files) == 1)
    print("This was a trial: nothing was loaded.", file=sys.stderr)
    return _code(problems)


def _choices(files: Sequence[Arrived], id_: str) -> int:
    """Every answer a question may have, in each file that has the question."""
    found = [
        (one.name, one.proposal, question)
        for one in files
        if one.proposal
        for question in one.proposal.put
        if question.id == id_
    ]
    if not found:
        asks = sorted({q.id for one in files if one.proposal for q in one.proposal.put})
        raise UsageError(
            f"No file asks about {id_!r}.",
            state="Nothing was loaded.",
            do_next=f"Questions asked: {', '.join(asks)}." if asks else "No file asks anything.",
        )
    for found_in in found:
        print("\n".join(lines_of_choices(*found_in)))
    return 0


def _write_map(files: Sequence[Arrived], options: Namespace) -> int:
    """Write the mapping of one file down and say so; nothing is loaded."""
    if len(files) != 1:
        raise UsageError(
            f"--write-map writes the mapping of one file, and {len(files)} are given.",
            state="Nothing was loaded and nothing was written.",
            do_next="Give one file at a time.",
        )
    one, path = files[0], options.write_map
    if one.proposal is None:
        _tell(files, alone=True)
        return _code(files)
    _write_mapping(path, one.proposal)
    left = len(one.proposal.questions)
    said = [f"The mapping of {one.name} is written to {path}. Nothing was loaded."]
    if left:
        said.append(
            f"{counted(left, 'decision is', 'decisions are')} open: write them into it, then "
            f"delete the list {UNFINISHED} at its top."
        )
    command = shlex.join(["python", "-m", "cxdash", "import", one.name, "--map", str(path)])
    said.append(f"Then load with: {command}")
    if options.json:
        document = {"receipts": [], "problems": [], "written": str(path)}
        print_json(document)
    print("\n".join(map(plain, said)), file=sys.stderr if options.json else sys.stdout)
    return 0


def _given_mapping(options: Namespace) -> Mapping | None:
    """The mapping of ``--map`` with the sheet of ``--sheet``; None if no mapping is given."""
    if not options.map:
        return None
    mapping = _read_mapping(options.map)
    if options.kind and options.kind != mapping.kind:
        raise UsageError(
            f"The mapping {options.map} is for {mapping.kind}, and --kind says {options.kind}.",
            state="Nothing was loaded.",
            do_next="Leave --kind out, or give the mapping that fits.",
        )
    if options.sheet:
        return replace(mapping, file=replace(mapping.file, sheet=options.sheet))
    return mapping


def _write_mapping(path: Path, proposal: Proposal) -> None:
    """The mapping as far as it is known; what is open stands in it, so it cannot be used yet."""
    still_open = [f"{question.id}: {question.text}" for question in proposal.questions]
    head = tomli_w.dumps({UNFINISHED: still_open}) if still_open else ""
    try:
        path.write_text(head + proposal.mapping.to_toml(), encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"The mapping cannot be written to {path}: {error.strerror}.",
            state="Nothing was loaded.",
            do_next="Give another place with --write-map.",
        ) from error


def _read_mapping(path: Path) -> Mapping:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise UsageError(
            f"The mapping {path} cannot be read: {reason}.",
            state="Nothing was loaded.",
            do_next="Check the path given with --map.",
        ) from error
    if text.startswith(UNFINISHED):
        raise UsageError(
            f"The mapping {path} is unfinished: it still lists {UNFINISHED} at its top.",
            state="Nothing was loaded.",
            do_next="Write the decisions into it, then delete that list.",
        )
    return Mapping.from_toml(text)


def _progress(name: str) -> Callable[[float, str], None] | None:
    """A line that counts up while a person watches; nothing when nobody does."""
    if not sys.stderr.isatty():
        return None

    def show(fraction: float, message: str) -> None:
        print(f"\r\033[K{plain(name)}: {fraction:4.0%} {message}", end="", file=sys.stderr)
        if fraction >= 1:
            print("\r\033[K", end="", file=sys.stderr)

    return show


def _code(problems: Sequence[Arrived]) -> int:
    return max((one.error.exit_code for one in problems if one.error), default=0)


def _tell(problems: Sequence[Arrived], *, alone: bool) -> None:
    """On standard error, for each file: what it asks, or what is wrong with it."""
    for one in problems:
        if one.error is None:
            continue
        lines = [f"{plain(one.name)}:"]
        if isinstance(one.error, MappingIncomplete) and one.proposal and one.proposal.questions:
            asks = counted(len(one.proposal.questions), "thing is", "things are")
            lines += [
                f"{asks} to decide before it can be loaded.",
                *lines_of_questions(one.proposal),
            ]
            lines += [_state(one, alone=alone), *paragraph(_ANSWER, indent="")]
        else:
            lines += [
                line if line != one.error.state else _state(one, alone=alone)
                for line in lines_of_error(one.error)
            ]
        print("\n".join(lines), end="\n\n" if not alone else "\n", file=sys.stderr)


def _state(one: Arrived, *, alone: bool) -> str:
    """Among several files ``Nothing was loaded`` would be read as none of them was."""
    state = one.error.state if one.error else ""
    return state if alone or state != "Nothing was loaded." else "This file was not loaded."


def _summary(receipts: Sequence[Receipt], problems: Sequence[Arrived], before: int) -> str:
    asks = sum(isinstance(one.error, MappingIncomplete) for one in problems)
    refused = len(problems) - asks
    parts = [counted(len(receipts), "file is loaded", "files are loaded")]
    if before:
        parts.append(counted(before, "is loaded already", "are loaded already"))
    if asks:
        parts.append(counted(asks, "asks something first", "ask something first"))
    if refused:
        parts.append(counted(refused, "could not be loaded", "could not be loaded"))
    return ", ".join(parts) + "."


def _problem_json(one: Arrived, *, alone: bool) -> dict[str, Any]:
    error = one.error or CxdashError("")
    questions = error.questions if isinstance(error, MappingIncomplete) else ()
    refused = error if isinstance(error, FileRefused) else None
    return {
        "file": one.name,
        "what": error.what,
        "line": refused.line if refused else None,
        "column": refused.column if refused else None,
        "questions": list(questions),
        "state": _state(one, alone=alone),
        "next": _ANSWER if questions and one.proposal else error.do_next,
    }
