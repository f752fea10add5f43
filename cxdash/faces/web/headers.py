"""Security headers on every response: a page may load, send and be framed by nothing but itself."""

import base64
import hashlib
import re
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cxdash.faces.web.doorstep import refusal
from cxdash.faces.web.inside import index_page

__all__ = ["SecurityHeaders", "policy"]

_ASSETS: Final = "/static/"
_SCRIPT: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_PLAIN_HOST: Final = re.compile(r"[A-Za-z0-9.\-\[\]:]{1,255}")
_FAILED: Final = "An error of ours. No data was changed. The log beside the database names it."
_YEAR: Final = 365 * 24 * 60 * 60
_FEATURES: Final = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
_FIXED: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _FEATURES),
    "X-Robots-Tag": "noindex, nofollow",
}
# What Streamlit lets other sites do with uploads and media.
_TAKEN_AWAY: Final = (
    "access-control-allow-origin",
    "access-control-allow-credentials",
)


def policy(index: str, host: str) -> str:
    """The Content-Security-Policy for Streamlit's page, as reached under ``host``.

    The scripts within the page are named by their hash; none other runs, and no text becomes code.
    Inline style stays allowed, because Streamlit sets it from its script.
    """
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in _SCRIPT.findall(index)
    )
    sockets = f" ws://{host} wss://{host}" if _PLAIN_HOST.fullmatch(host) else ""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'wasm-unsafe-eval' {hashes}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "media-src 'self' blob:",
            "manifest-src 'self'",
            "worker-src 'self' blob:",
            f"connect-src 'self'{sockets}",
            "form-action 'self'",
            "frame-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "object-src 'none'",
        )
    )


class SecurityHeaders:
    """Middleware; ``secure`` says that browsers reach the app by TLS only."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._secure = secure
        self._index = index_page()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        content_policy = policy(self._index, Headers(scope=scope).get("host", ""))
        answered = False

        async def with_headers(message: Message) -> None:
            nonlocal answered
            answered = True
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name in _TAKEN_AWAY:
                    del headers[name]
                headers.update({**_FIXED, "Content-Security-Policy": content_policy})
                if self._secure:
                    headers["Strict-Transport-Security"] = f"max-age={_YEAR}"
                if not scope["path"].startswith(_ASSETS):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        try:
            await self._app(scope, receive, with_headers)
        except Exception:
            # The server writes it down and would answer by itself, without any header.
            if not answered:
                await refusal(_FAILED, 500)(scope, receive, with_headers)
            raise
