"""Who is looking at this page, and may they?"""

from typing import Final

from cxdash.access import Action, Actor, Role, allowed, require
from cxdash.faces.web import navigation

__all__ = ["admit", "may", "visitor"]

_LOCAL: Final = Actor("local", frozenset({Role.ADMIN}))


def visitor() -> Actor:
    """Whoever this run of the page is for; without sign-in the one local user, an admin."""
    return _LOCAL


def may(action: Action) -> bool:
    """Whether the visitor has the right, so that a page need not offer what would be refused."""
    return allowed(visitor(), action)


def admit(name: str) -> None:
    """The first line of every page: Forbidden unless the visitor may open the page of that name."""
    require(visitor(), navigation.info(name).needs)
