"""The page somebody wanted before they had to sign in, and the way back to it."""

import base64
import binascii
from typing import Final

from starlette.responses import Response

from cxdash.faces.web.navigation import PAGES

__all__ = ["WANTED", "is_page", "remembered", "returned_to"]

WANTED: Final = "cxdash_wanted"
_MINUTES: Final = 10
_LONGEST: Final = 1_500  # characters of a query


def remembered(response: Response, path: str, query: str, *, secure: bool) -> None:
    """Let the browser remember one of our own pages for the minutes a sign-in takes."""
    if is_page(path) and len(query) <= _LONGEST:
        response.set_cookie(
            WANTED,
            base64.urlsafe_b64encode(f"{path}?{query}".encode()).decode(),
            max_age=60 * _MINUTES,
            httponly=True,
            samesite="lax",
            secure=secure,
        )


def returned_to(cookie: str) -> str:
    """The address to go to after signing in: a page of ours and nothing else, else the front."""
    try:
        path, _, query = base64.urlsafe_b64decode(cookie).decode().partition("?")
    except (binascii.Error, ValueError):
        return "/"
    if not is_page(path) or not (query.isascii() and query.isprintable()):
        return "/"
    return f"{path}?{query}" if query else path


def is_page(path: str) -> bool:
    """Whether a path is that of one of our own pages."""
    return path == "/" or path.removeprefix("/") in {page.name for page in PAGES}
