"""Who may do what? Roles, actions, and the one table that joins them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, Self

from cxdash.errors import Forbidden

__all__ = ["PERMISSIONS", "Action", "Actor", "Role", "allowed", "require"]


class Role(Enum):
    """What a person is here; each role may do what the one before it may, and more."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        """How far it reaches: 0 for a viewer."""
        return list(Role).index(self)

    @classmethod
    def named(cls, name: str) -> Self | None:
        """The role of that name; None if there is none."""
        return next((role for role in cls if role.value == name.strip().casefold()), None)


class Action(Enum):
    """What can be done; the value completes the sentence "You may not ...".

    SEE_PEOPLE means single customers as they are: their numbers and what they wrote.
    """

    VIEW = "read the answers"
    SEE_PEOPLE = "see single customers"
    EXPORT = "take data out of cxdash"
    IMPORT = "load files"
    UNDO = "take an import back"
    DECIDE = "write decisions down"
    ERASE = "erase a customer"
    MAINTAIN = "look after the database"
    ADMINISTER = "say who may use cxdash"


_VIEWER: Final = frozenset({Action.VIEW})
_ANALYST: Final = _VIEWER | {
    Action.SEE_PEOPLE,
    Action.EXPORT,
    Action.IMPORT,
    Action.UNDO,
    Action.DECIDE,
}

PERMISSIONS: Final[Mapping[Role, frozenset[Action]]] = {
    Role.VIEWER: _VIEWER,
    Role.ANALYST: _ANALYST,
    Role.ADMIN: frozenset(Action),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts: a name to be written down, and roles, none for a stranger.

    ``number`` is that of a person who signed in, 0 for anybody else.
    """

    name: str
    roles: frozenset[Role] = frozenset()
    number: int = 0

    @property
    def owner(self) -> str:
        """Under what things are kept that belong to this person alone: never a mere name."""
        return f"person {self.number}" if self.number else self.name

    @property
    def role(self) -> Role | None:
        """The role that reaches furthest; None without any."""
        return max(self.roles, key=lambda role: role.rank, default=None)


def allowed(actor: Actor, action: Action) -> bool:
    """Whether one of the actor's roles holds the permission."""
    return any(action in PERMISSIONS[role] for role in actor.roles)


def require(actor: Actor, action: Action) -> None:
    """Forbidden unless the actor may do it."""
    if not allowed(actor, action):
        held = f"Your role is {actor.role.value}" if actor.role else "You have no role"
        raise Forbidden(
            f"This is not for your role: you may not {action.value}.",
            state=f"{held}. Nothing was shown or changed.",
            do_next="An admin of cxdash can give you another role.",
        )
