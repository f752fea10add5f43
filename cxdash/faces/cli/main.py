"""Run one command and turn what happens into an exit code and sentences a person can act on."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Final

from cxdash.errors import CxdashError
from cxdash.faces.cli.parser import build_parser
from cxdash.faces.cli.text import lines_of_error, lines_of_incident
from cxdash.store.incident import record

__all__ = ["COMMANDS", "main"]

# Module and function of each command. A module is imported when its command is called: the
# statistics take seconds to load, and --help should not wait for them.
COMMANDS: Final = {
    "import": ("loading", "import_files"),
    "answer": ("asking", "answer"),
    "examine": ("asking", "examine"),
    "imports": ("history", "list_imports"),
    "undo": ("history", "undo_import"),
    "questions": ("asking", "list_questions"),
    "definitions": ("asking", "list_definitions"),
    "demo": ("making", "make_demo"),
    "register export": ("exchange", "export"),
    "register import": ("exchange", "bring_in"),
    "backup": ("keeping", "backup"),
    "restore": ("keeping", "restore"),
    "compact": ("keeping", "compact"),
    "erase": ("keeping", "erase"),
    "retention": ("keeping", "retention"),
    "doctor": ("keeping", "doctor"),
    "people": ("people", "manage_people"),
    "audit": ("people", "list_audit"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``python -m cxdash`` with ``arguments``; the exit code is 0, 1 or 2.

    An expected problem is told as what failed, what state the data is in and what to do next. An
    unexpected one gives a reference to a log file that holds no cell of anybody's data.
    """
    try:
        options = build_parser().parse_args(arguments)
        code = _command(options.command)(options)
        sys.stdout.flush()
    except CxdashError as error:
        print("\n".join(lines_of_error(error)), file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        # The reader of a pipe went away, as `| head` does: nothing is wrong with the data.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("Stopped. A file that was being loaded is not loaded.", file=sys.stderr)
        return 1
    except Exception as error:  # noqa: BLE001 - the last door: reported, recorded, exit code 1
        print("\n".join(lines_of_incident(record(error))), file=sys.stderr)
        return 1
    else:
        return code


def _command(name: str) -> Callable[[Namespace], int]:
    module, function = COMMANDS[name]
    found: Callable[[Namespace], int] = getattr(
        import_module(f"cxdash.faces.cli.{module}"), function
    )
    return found
