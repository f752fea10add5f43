"""Mapping files on the command line: one given with --map, one written with --write-map."""

import shlex
import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import tomli_w

from cxdash.errors import UsageError
from cxdash.faces.cli.arriving import Arrived
from cxdash.faces.cli.problems import exit_code, tell
from cxdash.faces.cli.text import plain, print_json
from cxdash.facts.format import counted
from cxdash.intake import Mapping, Proposal

__all__ = ["given_mapping", "write_map"]

# What a mapping written with --write-map lists while a person has not decided everything.
_UNFINISHED: Final = "open_questions"


def write_map(files: Sequence[Arrived], options: Namespace) -> int:
    """Write the mapping of one file down and say so; nothing is loaded."""
    if len(files) != 1:
        raise UsageError(
            f"--write-map writes the mapping of one file, and {len(files)} are given.",
            state="Nothing was loaded and nothing was written.",
            do_next="Give one file at a time.",
        )
    one, path = files[0], options.write_map
    if one.proposal is None:
        tell(files, alone=True)
        return exit_code(files)
    _write_mapping(path, one.proposal)
    left = len(one.proposal.questions)
    said = [f"The mapping of {one.name} is written to {path}. Nothing was loaded."]
    if left:
        said.append(
            f"{counted(left, 'decision is', 'decisions are')} open: write them into it, then "
            f"delete the list {_UNFINISHED} at its top."
        )
    command = shlex.join(["python", "-m", "cxdash", "import", one.name, "--map", str(path)])
    said.append(f"Then load with: {command}")
    if options.json:
        document = {"receipts": [], "problems": [], "written": str(path)}
        print_json(document)
    print("\n".join(map(plain, said)), file=sys.stderr if options.json else sys.stdout)
    return 0


def given_mapping(options: Namespace) -> Mapping | None:
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
    head = tomli_w.dumps({_UNFINISHED: still_open}) if still_open else ""
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
    if text.startswith(_UNFINISHED):
        raise UsageError(
            f"The mapping {path} is unfinished: it still lists {_UNFINISHED} at its top.",
            state="Nothing was loaded.",
            do_next="Write the decisions into it, then delete that list.",
        )
    return Mapping.from_toml(text)
