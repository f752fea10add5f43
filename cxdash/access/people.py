"""Who may use cxdash? People as the provider names them, each with a role, or shut out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cxdash.access.audit import note
from cxdash.access.book import Book
from cxdash.access.roles import Action, Actor, Role, require
from cxdash.access.settings import Settings, address, offered
from cxdash.errors import UsageError

__all__ = ["Person", "arrive", "people", "person", "set_disabled", "set_role"]


@dataclass(frozen=True, slots=True)
class Person:
    """One person; ``given_by`` says whether provider, configuration or a person gave the role."""

    person_id: int
    issuer: str
    subject: str
    name: str
    role: Role | None
    given_by: str
    disabled: bool
    created: float

    @property
    def actor(self) -> Actor:
        """The person as whoever acts; without any role when shut out."""
        held = frozenset({self.role}) if self.role and not self.disabled else frozenset()
        return Actor(self.name, held, self.person_id)


def people(book: Book) -> list[Person]:
    """Everyone who ever signed in, by name."""
    return [_person(row) for row in book.rows("SELECT * FROM people ORDER BY name, person_id")]


def person(book: Book, name: str) -> Person:
    """The person of that number, name or subject; UsageError unless there is exactly one."""
    found = [one for one in people(book) if name in {str(one.person_id), one.name, one.subject}]
    if len(found) != 1:
        how_many = "Nobody" if not found else "More than one person"
        raise UsageError(
            f"{how_many} is known as {name}.",
            state="Nothing was changed.",
            do_next="`python -m cxdash people` lists everyone with a number.",
        )
    return found[0]


def arrive(book: Book, claims: Mapping[str, Any], settings: Settings, now: datetime) -> Person:
    """The person of a sign-in, made when new.

    What configuration and provider say counts anew at every sign-in, unless a person gave the role
    here; whoever the configuration names an admin stays one. Two people never have the same name.
    """
    issuer, subject = str(claims["iss"]), str(claims["sub"])
    role, by = offered(settings, claims)
    first_admin = role is Role.ADMIN and by == "configuration"
    name = _name(claims, settings)
    with book.writing() as cur:
        taken = cur.execute(
            "SELECT 1 FROM people WHERE name = ? AND NOT (issuer = ? AND subject = ?)",
            (name, issuer, subject),
        ).fetchone()
        name = f"{name} ({subject})" if taken else name
        known = cur.execute(
            "SELECT * FROM people WHERE issuer = ? AND subject = ?", (issuer, subject)
        ).fetchone()
        if known is None:
            cur.execute(
                "INSERT INTO people (issuer, subject, name, role, given_by, created) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (issuer, subject, name, role.value if role else None, by, now.timestamp()),
            )
        elif known["given_by"] == "person" and not first_admin:
            cur.execute(
                "UPDATE people SET name = ? WHERE person_id = ?", (name, known["person_id"])
            )
        else:
            cur.execute(
                "UPDATE people SET name = ?, role = ?, given_by = ? WHERE person_id = ?",
                (name, role.value if role else None, by, known["person_id"]),
            )
        found = cur.execute(
            "SELECT * FROM people WHERE issuer = ? AND subject = ?", (issuer, subject)
        ).fetchone()
    return _person(dict(found))


def set_role(book: Book, by: Actor, who: Person, role: Role | None) -> None:
    """Give or take a role; it counts at the person's next click.

    Forbidden unless ``by`` is an admin; UsageError when no admin would be left.
    """
    require(by, Action.ADMINISTER)
    _keep_an_admin(book, who, loses=role is not Role.ADMIN)
    with book.writing() as cur:
        cur.execute(
            "UPDATE people SET role = ?, given_by = 'person' WHERE person_id = ?",
            (role.value if role else None, who.person_id),
        )
    given = f"the role {role.value}" if role else "no role"
    note(book, by, Action.ADMINISTER, f"{who.name} has {given}")


def set_disabled(book: Book, by: Actor, who: Person, *, disabled: bool) -> None:
    """Shut a person out, or let them in again; it counts at the person's next click.

    Forbidden unless ``by`` is an admin; UsageError when no admin would be left.
    """
    require(by, Action.ADMINISTER)
    _keep_an_admin(book, who, loses=disabled)
    with book.writing() as cur:
        cur.execute(
            "UPDATE people SET disabled = ? WHERE person_id = ?", (int(disabled), who.person_id)
        )
    note(book, by, Action.ADMINISTER, f"{who.name} is {'shut out' if disabled else 'let in'}")


def _name(claims: Mapping[str, Any], settings: Settings) -> str:
    """The address, where it counts; anything a person may choose stands beside the subject."""
    subject = str(claims["sub"])
    said = str(claims.get("email") or claims.get("name") or "")
    return address(settings, claims) or (f"{said} (unverified, {subject})" if said else subject)


def _keep_an_admin(book: Book, who: Person, *, loses: bool) -> None:
    others = [
        one
        for one in people(book)
        if Role.ADMIN in one.actor.roles and one.person_id != who.person_id
    ]
    if loses and Role.ADMIN in who.actor.roles and not others:
        raise UsageError(
            f"{who.name} is the only admin.",
            state="Nothing was changed.",
            do_next="Make somebody else an admin first.",
        )


def _person(row: Mapping[str, Any]) -> Person:
    return Person(
        **{
            **row,
            "role": Role(row["role"]) if row["role"] else None,
            "disabled": bool(row["disabled"]),
        }
    )
