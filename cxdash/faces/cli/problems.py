"""What stands in the way of files of one `import` command: told to a person, and as JSON."""

import sys
from collections.abc import Sequence
from typing import Any, Final

from cxdash.errors import CxdashError, FileRefused, MappingIncomplete
from cxdash.faces.cli.arriving import Arrived, Aside
from cxdash.faces.cli.previews import lines_of_questions
from cxdash.faces.cli.text import lines_of_error, paragraph, plain
from cxdash.facts.format import counted

__all__ = ["exit_code", "problem_json", "tell", "tell_aside"]

_ANSWER: Final = (
    "Answer each with --answer ID=VALUE (FILE:ID=VALUE with several files), or on the Import page, "
    "which shows samples."
)


def exit_code(problems: Sequence[Arrived]) -> int:
    """That of the worst problem; 0 when there is none."""
    return max((one.error.exit_code for one in problems if one.error), default=0)


def tell(problems: Sequence[Arrived], *, alone: bool) -> None:
    """On standard error, for each file: what it asks, or what is wrong; how to answer, once."""
    told = [_told(one, alone=alone) for one in problems if one.error is not None]
    if any(_asks(one) for one in problems):
        told.append(paragraph(_ANSWER, indent=""))
    for lines in told:
        print("\n".join(lines), end="\n\n" if not alone else "\n", file=sys.stderr)


def tell_aside(aside: Sequence[Aside], *, as_json: bool) -> None:
    """What lay in an archive beside its tables, and why it is no table."""
    for one in aside:
        lines = paragraph(f"{one.name} is left aside: {one.why}.", indent="")
        print("\n".join(lines), file=sys.stderr if as_json else sys.stdout)


def problem_json(one: Arrived, *, alone: bool) -> dict[str, Any]:
    """One problem as plain types."""
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


def _asks(one: Arrived) -> bool:
    return bool(
        isinstance(one.error, MappingIncomplete) and one.proposal and one.proposal.questions
    )


def _told(one: Arrived, *, alone: bool) -> list[str]:
    """The name of a file, then what it asks or what is wrong with it."""
    lines = [f"{plain(one.name)}:"]
    if _asks(one) and one.proposal:
        left = counted(len(one.proposal.questions), "thing is", "things are")
        lines += [f"{left} to decide before it can be loaded.", *lines_of_questions(one.proposal)]
        return [*lines, _state(one, alone=alone)]
    if one.error is not None:
        lines += [
            line if line != one.error.state else _state(one, alone=alone)
            for line in lines_of_error(one.error)
        ]
    return lines


def _state(one: Arrived, *, alone: bool) -> str:
    """Among several files ``Nothing was loaded`` would be read as none of them was."""
    state = one.error.state if one.error else ""
    return state if alone or state != "Nothing was loaded." else "This file was not loaded."
