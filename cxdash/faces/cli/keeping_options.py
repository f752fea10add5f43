"""Commands and options that keep the database: copies, room, erasure, limits, health."""

import argparse
from pathlib import Path
from typing import Any, Final

from cxdash.faces.cli.options import add_db, add_json, whole_number

__all__ = ["add_keeping_commands"]

LIMITS: Final = {
    "raw_days": "empty the cells of loaded files after so many days; their rows still count",
    "comment_months": "delete what customers wrote after so many months; ratings stay",
    "backup_count": "keep so many backups, the newest ones",
    "backup_days": "keep backups for so many days; the newest is always kept",
    "log_days": "keep logs for so many days, 90 at most",
}


def add_keeping_commands(commands: Any) -> None:
    """Add them to the parser of ``python -m cxdash``."""
    _add_copies(commands)
    _add_erase(commands)
    _add_retention(commands)
    doctor = commands.add_parser(
        "doctor",
        help="look whether the database is well, and say what to do",
        description="Look at the file, every table, the ledger, backups, room and rights. The exit "
        "code is 1 when a problem was found.",
    )
    doctor.add_argument(
        "--accept",
        action="store_true",
        help="go on without the work the ledger says is missing",
    )
    _add_both(doctor)


def _add_copies(commands: Any) -> None:
    backup = commands.add_parser(
        "backup",
        help="write the database to one file and read it back",
        description="Write the database to one file, read it back and prove it equal.",
    )
    backup.add_argument(
        "--to", type=Path, metavar="FOLDER", help="where to put it (backups beside the database)"
    )
    backup.add_argument("--list", action="store_true", help="list the backups known instead")
    _add_both(backup)
    restore = commands.add_parser(
        "restore",
        help="put a backup in place of the database",
        description="Prove a backup whole, set the present file aside, put the backup in its place "
        "and prove it equal.",
    )
    restore.add_argument("file", type=Path, metavar="FILE", help="the backup")
    _add_both(restore)
    compact = commands.add_parser(
        "compact",
        help="make the database file small again",
        description="Write all rows to a fresh file, prove it equal and put it in place.",
    )
    _add_both(compact)


def _add_erase(commands: Any) -> None:
    erase = commands.add_parser(
        "erase",
        help="erase one customer everywhere",
        description="Erase one customer from every table, loaded file, receipt and waiting upload, "
        "and rebuild the database file. What the customer paid stays under a random name that "
        "leads nowhere, so that totals stay. Loading the same files again brings nobody back.",
    )
    erase.add_argument(
        "customer", metavar="CUSTOMER", help="the customer number, or another name of the customer"
    )
    erase.add_argument("--dry-run", action="store_true", help="say what would be erased, only")
    erase.add_argument(
        "--forget-money", action="store_true", help="delete what the customer paid as well"
    )
    erase.add_argument(
        "--backups",
        action="store_true",
        help="take the customer out of every known backup too, and remove copies set aside",
    )
    _add_both(erase)


def _add_retention(commands: Any) -> None:
    retention = commands.add_parser(
        "retention",
        help="show or set how long things are kept, and what is past its time",
        description="Show how long things are kept and what would be removed now. A limit of 0 "
        "takes that limit away. Limits that are set are applied whenever the app starts.",
    )
    for name, explained in LIMITS.items():
        retention.add_argument(
            f"--{name.replace('_', '-')}", type=whole_number(0), metavar="N", help=explained
        )
    retention.add_argument("--apply", action="store_true", help="remove what is past its time now")
    _add_both(retention)


def _add_both(command: argparse.ArgumentParser) -> None:
    add_db(command)
    add_json(command)
