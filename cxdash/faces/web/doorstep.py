"""The few pages shown to somebody who is not in: sign in, no role yet, sign-in ended."""

import base64
from html import escape
from pathlib import Path
from typing import Final

from starlette.responses import HTMLResponse

from cxdash.access.sessions import Standing, State
from cxdash.faces.web.inside import LOGOUT, font

__all__ = ["SIGN_IN", "START", "doorstep", "leaving", "refusal"]

SIGN_IN: Final = "/sign-in"
START: Final = "/sign-in/start"
_PICTURE: Final = base64.b64encode((Path(__file__).parent / "icon.png").read_bytes()).decode()
_ICON: Final = f"data:image/png;base64,{_PICTURE}"
# The page stands outside of Streamlit's: it names the same typefaces itself.
_FACES: Final = "".join(
    f"@font-face {{ font-family: '{family}'; src: url('{font(file)}') format('woff2');"
    " font-weight: 200 900; font-display: swap; }\n"
    for family, file in (("Source Sans", "SourceSansVF-Up"), ("Source Serif", "SourceSerifV*Roman"))
)
_STYLE: Final = """
:root { color-scheme: light dark; --paper: #FCFBF8; --ink: #16191C; --link: #0B5573;
        --on-link: #FCFBF8; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14181B; --ink: #F1EFEA; --link: #7CC7E4; --on-link: #14181B; }
}
body { margin: 0; background: var(--paper); color: var(--ink);
       font: 18px/1.55 "Source Sans", system-ui, sans-serif; }
main { max-width: 36rem; margin: 18vh auto 0; padding: 0 1.5rem; }
img { display: block; width: 2.5rem; height: 2.5rem; margin: 0 0 1.6rem; }
h1 { font: 650 2.3rem/1.2 "Source Serif", Georgia, serif; margin: 0 0 1rem; }
p { margin: 0 0 1.4rem; }
a.way { display: inline-block; padding: .55rem 1.1rem; border-radius: 2px; text-decoration: none;
        background: var(--link); color: var(--on-link); }
a.other { display: inline-block; padding: .55rem 1.1rem; color: var(--link); }
a:focus-visible { outline: 3px solid var(--ink); outline-offset: 3px; }
"""
_TOLD: Final = {
    State.SHUT_OUT: ("You cannot come in", State.SHUT_OUT.value),
    State.NO_ROLE: ("You have no role yet", "An admin of cxdash can give you one."),
}


def doorstep(standing: Standing, *, after: State | None = None) -> HTMLResponse:
    """What somebody sees who is not in: the way to sign in, or why they stay outside.

    ``after`` is why an earlier sign-in is no longer good.
    """
    if standing.signed_in:
        name = escape(standing.actor.name)
        title, told = _TOLD[standing.state]
        return _page(
            title,
            f"<p>You are signed in as <strong>{name}</strong>. {escape(told)}</p>"
            f'<p><a class="way" href="{LOGOUT}">Sign out</a></p>',
            status=403,
        )
    why = f"<p>{escape(after.value)}</p>" if after not in {None, State.UNKNOWN} else ""
    return _page(
        "Sign in to cxdash",
        f"{why}<p>Your company's own sign-in is used; cxdash never sees a password.</p>"
        f'<p><a class="way" href="{START}">Sign in</a></p>',
    )


def leaving() -> HTMLResponse:
    """Somebody's own page led here: it may not sign people out, they are asked."""
    return _page(
        "Sign out of cxdash?",
        "<p>A page that is not part of cxdash led you here. You are still signed in.</p>"
        f'<p><a class="way" href="{LOGOUT}">Sign out</a> <a class="other" href="/">Stay</a></p>',
    )


def refusal(what: str, status: int) -> HTMLResponse:
    """A request that is not answered, in words."""
    return _page("This is not answered", f"<p>{escape(what)}</p>", status=status)


def _page(title: str, body: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(
        "<!doctype html>\n"
        '<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="{_ICON}">'
        f"<title>{escape(title)}</title><style>{_FACES}{_STYLE}</style></head>"
        f'<body><main><img src="{_ICON}" alt="cxdash">'
        f"<h1>{escape(title)}</h1>{body}</main></body></html>\n",
        status_code=status,
    )
