"""The commands about access: people with their roles, the audit log; also while the app runs."""

import sys
from argparse import Namespace
from datetime import UTC, datetime

from cxdash.access import Action, Book, Role, audit, note, operator
from cxdash.access.people import Person, people, person, set_disabled, set_role
from cxdash.access.sessions import end_all
from cxdash.errors import StoreError, UsageError
from cxdash.faces.cli.layout import grid
from cxdash.faces.cli.opening import path_of
from cxdash.faces.cli.text import plain, print_json

__all__ = ["list_audit", "manage_people"]

_NO_ROLE = "none"
_WIDTH = 110


def manage_people(options: Namespace) -> int:
    """Change what was asked for, then list everyone."""
    with _book(options) as book:
        by = operator()
        for name, role in options.give:
            set_role(book, by, person(book, name), _role(role))
        for name in options.shut_out:
            set_disabled(book, by, person(book, name), disabled=True)
        for name in options.let_in:
            set_disabled(book, by, person(book, name), disabled=False)
        for name in options.end_sign_ins:
            who = person(book, name)
            note(book, by, Action.ADMINISTER, f"{who.name} is signed out everywhere")
            end_all(book, who.person_id, datetime.now(UTC))
        found = people(book)
    if options.json:
        print_json([_document(one) for one in found])
        return 0
    rows = [
        [
            str(one.person_id),
            plain(one.name),
            one.role.value if one.role else _NO_ROLE,
            one.given_by,
            "shut out" if one.disabled else "may come in",
        ]
        for one in found
    ]
    header = ["Number", "Who", "Role", "Given by", "State"]
    right = [True, False, False, False, False]
    print("\n".join(grid(header, rows, right=right, width=_WIDTH)) if rows else "Nobody yet.")
    return 0


def list_audit(options: Namespace) -> int:
    """The log and whether it is whole; exit code 1 when it is not."""
    with _book(options) as book:
        verdict = audit.verify(book, noted=options.noted)
        found = audit.entries(book, newest=options.newest)
        whole = audit.as_csv(book) if options.csv else ""
    if options.json:
        print_json(
            {
                "whole": verdict.whole,
                "entries": verdict.entries,
                "head": verdict.head,
                "broken_at": verdict.broken_at,
                "newest": [
                    {name: getattr(one, name) for name in ("entry", "at", *_SAID)} for one in found
                ],
            }
        )
    elif options.csv:
        print(whole, end="")
    else:
        rows = [
            [one.at[:19], plain(one.actor), one.role, audit.written(one), plain(one.what)]
            for one in found
        ]
        header = ["When (UTC)", "Who", "Role", "Did", "What"]
        print("\n".join(grid(header, rows, right=[False] * len(header), width=_WIDTH)))
        print(f"The newest digest is {verdict.head}; note it elsewhere.")
    print(verdict.sentence, file=sys.stderr)
    return 0 if verdict.whole else 1


_SAID = ("actor", "role", "action", "what")


def _book(options: Namespace) -> Book:
    path = path_of(options)
    if not path.exists():
        raise StoreError(
            f"There is no database at {path}.",
            state="Nothing was done.",
            do_next="Name the database with --db.",
        )
    return Book.of(path)


def _role(name: str) -> Role | None:
    role = Role.named(name)
    if role is None and name != _NO_ROLE:
        raise UsageError(
            f"There is no role {name!r}.",
            state="Nothing was changed.",
            do_next="Roles are viewer, analyst, admin and none.",
        )
    return role


def _document(one: Person) -> dict[str, object]:
    return {
        "number": one.person_id,
        "name": one.name,
        "issuer": one.issuer,
        "subject": one.subject,
        "role": one.role.value if one.role else None,
        "given_by": one.given_by,
        "disabled": one.disabled,
    }
