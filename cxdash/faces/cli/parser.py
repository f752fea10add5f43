"""Which commands and options exist. docs/contract.md lists the same, and a test compares them."""

import argparse
from datetime import date
from pathlib import Path
from typing import Final, NoReturn

from cxdash import __version__
from cxdash.errors import UsageError
from cxdash.faces.cli.exchange_options import add_register_commands
from cxdash.faces.cli.keeping_options import add_keeping_commands
from cxdash.faces.cli.options import add_db, add_json, whole_number
from cxdash.faces.cli.people_options import add_access_commands
from cxdash.facts import HORIZONS
from cxdash.store import CANONICAL

__all__ = ["KINDS", "OUTCOMES", "build_parser"]

KINDS: Final = tuple(name for name, table in CANONICAL.items() if table.parent is None)
OUTCOMES: Final = ("churn", "revenue", "cost")


class _Parser(argparse.ArgumentParser):
    """Raises instead of leaving the process, so that every wrong use is reported in one way."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(
            message[:1].upper() + message[1:].rstrip(".") + ".",
            state="Nothing was done.",
            do_next=f"Run `{self.prog} --help` to see what is possible.",
        )


def build_parser() -> argparse.ArgumentParser:
    """The parser of ``python -m cxdash``."""
    parser = _Parser(
        prog="python -m cxdash",
        description="Links the voice of the customer to money, and says so when it cannot tell.",
        epilog="Exit codes: 0 done, 1 a problem with the data, 2 wrong use.",
    )
    parser.add_argument("--version", action="version", version=f"cxdash {__version__}")
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", required=True, parser_class=_Parser
    )
    _add_import(commands)
    _add_answer(commands)
    _add_examine(commands)
    _add_data_commands(commands)
    _add_demo(commands)
    add_register_commands(commands)
    add_keeping_commands(commands)
    add_access_commands(commands)
    return parser


def _add_import(commands: "argparse._SubParsersAction[_Parser]") -> None:
    command = commands.add_parser(
        "import",
        help="load files and print a receipt for each",
        description="Load files and print a receipt for each, customers and orders before what "
        "refers to them. A file is loaded whole or not at all; rows read = loaded + duplicate + "
        "rejected. Loading a file twice counts nothing twice.",
    )
    command.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="CSV, TSV, XLSX, Parquet, ZIP, …"
    )
    command.add_argument(
        "--kind", choices=KINDS, metavar="K", help=f"what the rows are: {', '.join(KINDS)}"
    )
    command.add_argument("--map", type=Path, metavar="MAP.toml", help="the mapping to use")
    command.add_argument("--sheet", metavar="S", help="the sheet of a workbook")
    command.add_argument(
        "--answer",
        type=_with_value,
        action="append",
        default=[],
        metavar="[FILE:]ID=VALUE",
        help="decide an open question, of every file that has it or of one; may be given more "
        "than once",
    )
    command.add_argument(
        "--choices", metavar="ID", help="list every answer a question may have; loads nothing"
    )
    command.add_argument(
        "--again",
        action="store_true",
        help="load a file also where the same bytes are loaded already",
    )
    command.add_argument(
        "--dry-run",
        action="store_true",
        help="show what each file would become, cell by cell; loads nothing",
    )
    command.add_argument(
        "--write-map",
        type=Path,
        metavar="OUT.toml",
        help="write the proposed mapping of one file, to be completed by hand; loads nothing",
    )
    add_db(command)
    add_json(command)


def _add_answer(commands: "argparse._SubParsersAction[_Parser]") -> None:
    command = commands.add_parser(
        "answer",
        help="answer a business question",
        description="Answer a business question; `questions` lists them.",
    )
    command.add_argument("question", metavar="QUESTION", help="for example worth or brief")
    _add_scope(command)


def _add_examine(commands: "argparse._SubParsersAction[_Parser]") -> None:
    command = commands.add_parser(
        "examine",
        help="ask what a sceptic would ask about a claim",
        description="Cross-examine a claim of a question: price, season, single accounts, other "
        "windows and definitions, unmeasured causes, and every defensible way of computing it.",
    )
    command.add_argument("question", metavar="QUESTION", help="whose claim, for example worth")
    _add_scope(command)


def _add_scope(command: argparse.ArgumentParser) -> None:
    """What is looked at, and how the answer is printed."""
    add_db(command)
    command.add_argument(
        "--as-of",
        type=_iso_date,
        metavar="DATE",
        help="the day of the question, as YYYY-MM-DD; later rows are not used",
    )
    command.add_argument(
        "--metric",
        metavar="M",
        help="the survey item by its name, or nps, csat, ces if one alone is that",
    )
    command.add_argument("--outcome", choices=OUTCOMES, metavar="O", help="churn, revenue or cost")
    command.add_argument(
        "--horizon",
        type=int,
        choices=HORIZONS,
        default=6,
        metavar="MONTHS",
        help="months looked ahead: 3, 6 or 12 (6 unless given)",
    )
    command.add_argument(
        "--where",
        type=_name_value,
        action="append",
        default=[],
        metavar="COLUMN=VALUE",
        help="keep only such customers; may be given more than once",
    )
    command.add_argument(
        "--claim",
        metavar="FACT",
        help="which Fact `examine` puts its questions to, for example worth.gap_adjusted; which "
        "business case `case` tells, for example case-1",
    )
    command.add_argument(
        "--table",
        metavar="NAME",
        help="print one table of the answer as CSV, every row and column, for a spreadsheet",
    )
    command.add_argument(
        "--xlsx",
        type=Path,
        metavar="FILE",
        help="with --table: write that table to FILE as a workbook, with a sheet about it",
    )
    add_json(command)


def _add_data_commands(commands: "argparse._SubParsersAction[_Parser]") -> None:
    listing = commands.add_parser("imports", help="list what was loaded, with its receipts")
    listing.add_argument(
        "--rejected",
        type=int,
        metavar="ID",
        help="print the rejected rows of one import as CSV, with line and reason",
    )
    listing.add_argument(
        "--changes",
        type=int,
        metavar="ID",
        help="print what one import changed in rows loaded before, as CSV: before and after",
    )
    add_db(listing)
    add_json(listing)
    undo = commands.add_parser("undo", help="take one import back, to the exact state before it")
    undo.add_argument("id", type=int, metavar="ID", help="the number `imports` shows")
    add_db(undo)
    add_json(undo)
    add_json(commands.add_parser("questions", help="list the questions that can be answered"))
    add_json(commands.add_parser("definitions", help="list the metrics and what they mean"))


def _add_demo(commands: "argparse._SubParsersAction[_Parser]") -> None:
    command = commands.add_parser(
        "demo",
        help="write the exports of a made-up company, load them, or take them out again",
        description="Write the exports of a made-up company whose truth is known.",
    )
    for name, default, letter, smallest, explained in (
        ("--customers", 1800, "N", 1, "how many customers"),
        ("--months", 30, "M", 1, "how many months of history"),
        ("--seed", 4, "S", 0, "another number gives another company"),
    ):
        command.add_argument(
            name,
            type=whole_number(smallest),
            default=default,
            metavar=letter,
            help=f"{explained} ({default} unless given)",
        )
    command.add_argument(
        "--out",
        type=Path,
        default=Path("data") / "demo-company",
        metavar="FOLDER",
        help="where to write (data/demo-company unless given)",
    )
    what = command.add_mutually_exclusive_group()
    what.add_argument("--load", action="store_true", help="load the files as well")
    what.add_argument("--clear", action="store_true", help="take the demo company out instead")
    add_db(command)


def _iso_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a day of the calendar written as YYYY-MM-DD"
        ) from None


def _with_value(text: str) -> str:
    """Text that says what is answered and how; which of it is the id, the file's questions tell."""
    if text.find("=") < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form ID=VALUE")
    return text


def _name_value(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form NAME=VALUE")
    return name.strip(), value
