"""The cookies a response sets: read from its head, and limited to what a sign-in lasts."""

from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders

from cxdash.faces.web import inside

__all__ = ["given", "limit"]


def given(headers: Headers) -> dict[str, str]:
    """Name and value of every cookie a response sets."""
    found: dict[str, str] = {}
    for line in headers.getlist("set-cookie"):
        jar: SimpleCookie = SimpleCookie()
        try:
            jar.load(line)
        except CookieError:
            return {}
        found |= {name: morsel.value for name, morsel in jar.items() if morsel.value}
    return found


def limit(headers: MutableHeaders, seconds: int, *, secure: bool) -> None:
    """Streamlit's cookies would live for 30 days and travel without TLS; ours do not."""
    lines = headers.getlist("set-cookie")
    del headers["set-cookie"]
    for line in lines:
        jar: SimpleCookie = SimpleCookie(line)
        for name, morsel in jar.items():
            if name.startswith(inside.AUTH_COOKIES) and morsel["max-age"] not in {"", "0"}:
                morsel["max-age"] = seconds
            if secure:
                morsel["secure"] = True
            headers.append("set-cookie", morsel.OutputString())
