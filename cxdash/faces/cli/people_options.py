"""Commands and options about access: people, roles, the audit log."""

import argparse
from typing import Any

from cxdash.faces.cli.options import add_db, add_json, whole_number

__all__ = ["add_access_commands"]


def add_access_commands(commands: Any) -> None:
    """Add them to the parser of ``python -m cxdash``."""
    people = commands.add_parser(
        "people",
        help="who may use the app, with which role; give and take roles",
        description="Everyone who ever signed in, with role and state. PERSON is the number, the "
        "name or the provider's name of somebody. A change counts at the person's next click.",
    )
    people.add_argument(
        "--give",
        type=_person_role,
        action="append",
        default=[],
        metavar="PERSON=ROLE",
        help="give a role: viewer, analyst, admin or none",
    )
    for name, what in (
        ("--shut-out", "let this person in no more"),
        ("--let-in", "let this person in again"),
        ("--end-sign-ins", "sign this person out everywhere"),
    ):
        people.add_argument(name, action="append", default=[], metavar="PERSON", help=what)
    add_db(people)
    add_json(people)
    audit = commands.add_parser(
        "audit",
        help="who did what, and whether that record is whole",
        description="The audit log, the newest line first. The exit code is 1 when the log was "
        "changed, shortened or replaced.",
    )
    audit.add_argument(
        "--newest", type=whole_number(1), default=50, metavar="N", help="lines to list (50)"
    )
    audit.add_argument(
        "--noted",
        default="",
        metavar="DIGEST",
        help="a digest noted earlier, which the log must still hold",
    )
    audit.add_argument("--csv", action="store_true", help="the whole log as CSV")
    add_db(audit)
    add_json(audit)


def _person_role(text: str) -> tuple[str, str]:
    name, found, role = text.rpartition("=")
    if not found or not name:
        raise argparse.ArgumentTypeError(f"{text!r} is not PERSON=ROLE")
    return name, role
