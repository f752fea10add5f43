"""Options that several commands share, and the words their values are written in."""

import argparse
from collections.abc import Callable
from pathlib import Path

__all__ = ["add_db", "add_json", "whole_number"]


def add_db(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--db",
        type=Path,
        metavar="DB",
        help="the database file (CXDASH_DB or data/cxdash.duckdb unless given)",
    )


def add_json(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--json", action="store_true", help="one JSON document on standard output, nothing else"
    )


def whole_number(smallest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdecimal() or int(text) < smallest:
            raise argparse.ArgumentTypeError(
                f"{text!r} is not a whole number of at least {smallest}"
            )
        return int(text)

    return read
