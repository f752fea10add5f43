"""Who is looking at this page, and may they? Asked anew at every run, so that it is true now."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import streamlit as st

from cxdash.access import Action, Actor, Role, allowed, audit, require
from cxdash.access.sessions import Standing, State, key_of, standing
from cxdash.errors import Forbidden
from cxdash.faces.web import inside, navigation, signin

__all__ = ["LOCAL", "admit", "asker", "demand", "may", "visitor"]

LOCAL: Final = Actor("local", frozenset({Role.ADMIN}))


def visitor() -> Actor:
    """Whoever this run of the page is for; without sign-in the one local user, an admin.

    Forbidden when the sign-in is no longer good.
    """
    return asker()()


def asker() -> Callable[[], Actor]:
    """``visitor`` for later: also when a download is made outside of any run of a page."""
    if not signin.configuration().sign_in:
        return _local
    session = key_of(inside.identity(dict(st.context.cookies)))
    return lambda: _signed_in(session)


def may(action: Action) -> bool:
    """Whether the visitor has the right, so that a page need not offer what would be refused."""
    return allowed(visitor(), action)


def demand(who: Actor, action: Action, what: str) -> None:
    """Forbidden unless the actor may do it; that they tried is written down."""
    try:
        require(who, action)
    except Forbidden:
        audit.refused(signin.book(), who, action, what)
        raise


def admit(name: str) -> None:
    """The first line of every page: Forbidden unless the visitor may open the page of that name."""
    demand(visitor(), navigation.info(name).needs, f"page {name}")


def _local() -> Actor:
    return LOCAL


def _signed_in(session: str) -> Actor:
    settings = signin.configuration().settings
    found: Standing = standing(signin.book(), session, settings, datetime.now(UTC), clicked=False)
    if not found.good:
        raise Forbidden(
            State(found.state).value,
            state="Nothing was shown or changed.",
            do_next="" if found.signed_in else "Reload the page to sign in.",
        )
    return found.actor
