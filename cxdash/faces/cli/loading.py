"""The commands that change what is loaded: import, imports, undo."""

import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import tomli_w

from cxdash import intake
from cxdash.errors import CxdashError, FileRefused, MappingIncomplete, UsageError
from cxdash.faces.cli.opening import open_database, open_existing
from cxdash.faces.cli.text import lines_of_error, lines_of_receipt, plain, print_json
from cxdash.store import Database

__all__ = ["import_files", "list_imports", "undo_import"]

# Files that say who the customers are come first, so that the others can be matched to them.
# What a mapping written with --write-map lists while a person has not decided everything.
UNFINISHED: Final = "open_questions"
FIRST: Final = ("customers", "orders", "subscriptions")

Plan = list[tuple[Path, intake.Mapping]]
Problem = tuple[Path, CxdashError]


def import_files(options: Namespace) -> int:
    """Load each file in a transaction of its own; one that fails does not stop the others."""
    given = _given_mapping(options)
    with open_database(options) as db:
        plan, problems = _plan(db, options, given)
        receipts = []
        for file, mapping in sorted(plan, key=_place_of_kind):
            try:
                receipts.append(intake.load(db, file, mapping, progress=_progress(file)))
            except CxdashError as error:
                problems.append((file, error))
    if options.json:
        print_json(
            {
                "receipts": [receipt.to_json() for receipt in receipts],
                "problems": [_problem_json(file, problem) for file, problem in problems],
            }
        )
    else:
        print("\n".join(line for receipt in receipts for line in lines_of_receipt(receipt)))
    for file, problem in problems:
        print("\n".join([f"{plain(str(file))}:", *lines_of_error(problem)]), file=sys.stderr)
    return max((problem.exit_code for _, problem in problems), default=0)


def list_imports(options: Namespace) -> int:
    """Every import with its receipt; with ``--rejected ID`` its rejected rows as CSV."""
    with open_existing(options) as db:
        if options.rejected is not None:
            sys.stdout.write(intake.rejected_rows(db, options.rejected))
            return 0
        receipts = intake.imports(db)
    if options.json:
        print_json([receipt.to_json() for receipt in receipts])
        return 0
    print("\n".join(line for receipt in receipts for line in lines_of_receipt(receipt)))
    return 0


def undo_import(options: Namespace) -> int:
    """Take one import back."""
    with open_existing(options) as db:
        receipt = intake.undo(db, options.id)
    if options.json:
        print_json(receipt.to_json())
    else:
        print(f"Import {receipt.import_id} ({plain(receipt.file_name)}) is taken back.")
    return 0


def _plan(
    db: Database, options: Namespace, given: intake.Mapping | None
) -> tuple[Plan, list[Problem]]:
    """How each file is to be read, and what stands in the way."""
    plan: Plan = []
    problems: list[Problem] = []
    for file in options.files:
        try:
            if given is None:
                mapping = _proposed_mapping(db, file, options)
            else:
                # A mapping may leave open what only a person can know; then nothing is loaded.
                mapping = intake.inspect(file, mapping=given).require()
            plan.append((file, mapping))
        except CxdashError as error:
            problems.append((file, error))
    return plan, problems


def _given_mapping(options: Namespace) -> intake.Mapping | None:
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


def _proposed_mapping(db: Database, file: Path, options: Namespace) -> intake.Mapping:
    """The mapping used for this layout before, else a proposal that leaves no doubt.

    Raises
    ------
    MappingIncomplete
        A person has to decide something first.
    """
    proposal = intake.inspect(
        file, kind=options.kind, sheet=options.sheet, remembered=intake.remembered(db)
    )
    if options.answer:
        proposal = proposal.with_answers(dict(options.answer))
    if options.write_map:
        _write_mapping(options.write_map, proposal)
    try:
        return proposal.require()
    except MappingIncomplete as open_questions:
        raise MappingIncomplete(
            open_questions.what,
            questions=open_questions.questions,
            do_next="Answer each with --answer ID=VALUE, or write the mapping down with "
            "--write-map MAP.toml, complete it and pass it with --map. The Import page asks the "
            "same and shows samples.",
        ) from open_questions


def _write_mapping(path: Path, proposal: intake.Proposal) -> None:
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


def _read_mapping(path: Path) -> intake.Mapping:
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
    return intake.Mapping.from_toml(text)


def _place_of_kind(planned: tuple[Path, intake.Mapping]) -> int:
    kind = planned[1].kind
    return FIRST.index(kind) if kind in FIRST else len(FIRST)


def _progress(file: Path) -> Callable[[float, str], None] | None:
    """A line that counts up while a person watches; nothing when nobody does."""
    if not sys.stderr.isatty():
        return None

    def show(fraction: float, message: str) -> None:
        print(f"\r\033[K{file.name}: {fraction:4.0%} {message}", end="", file=sys.stderr)
        if fraction >= 1:
            print("\r\033[K", end="", file=sys.stderr)

    return show


def _problem_json(file: Path, error: CxdashError) -> dict[str, Any]:
    questions = error.questions if isinstance(error, MappingIncomplete) else ()
    refused = error if isinstance(error, FileRefused) else None
    return {
        "file": str(file),
        "what": error.what,
        "line": refused.line if refused else None,
        "column": refused.column if refused else None,
        "questions": list(questions),
        "state": error.state,
        "next": error.do_next,
    }
