"""One more person, who brings a file on the Import page and has it loaded while others look."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLs

from benchmarks.load.viewer import Drawn, Viewer

__all__ = ["load", "pressed", "until_loaded", "upload"]

_POLL: Final = 0.5  # seconds
_PATIENCE: Final = 600.0
_RUNS: Final = "The import of"
_UPLOADER, _LOAD, _AWAY = "upload-", "load-0", "away-0"


async def upload(viewer: Viewer, file: Path, *, name: str = "") -> Drawn:
    """Bring a file on the Import page as a browser does; the page after it has been read."""
    await viewer.open("import")
    urls = await _urls(viewer, name or file.name)
    await asyncio.to_thread(_put, viewer.address, urls.upload_url, name or file.name, file)
    own = viewer.last.widget(_UPLOADER)

    def brought(message: BackMsg) -> None:
        state = message.rerun_script.widget_states.widgets.add(id=own)
        info = state.file_uploader_state_value.uploaded_file_info.add(
            file_id=urls.file_id, name=name or file.name, size=file.stat().st_size
        )
        info.file_urls.CopyFrom(urls)

    await viewer.again(brought)
    return await _until(viewer, lambda drawn: any(key.startswith(_AWAY) for key in drawn.widgets))


async def load(viewer: Viewer, file: Path) -> float:
    """Bring a file and have it loaded; seconds from pressing the button to its end."""
    await upload(viewer, file)
    return await pressed(viewer)


async def pressed(viewer: Viewer) -> float:
    """Have the file that waits loaded; seconds from pressing the button to its end."""
    began = time.monotonic()
    await viewer.press(_LOAD)
    await _until(viewer, _no_import_runs)
    return time.monotonic() - began


async def until_loaded(viewer: Viewer) -> None:
    """Look at the Import page until no file is being loaded, whoever brought it."""
    await viewer.open("import")
    await _until(viewer, _no_import_runs)


def _no_import_runs(drawn: Drawn) -> bool:
    return not any(_RUNS in text for _, text in drawn.texts)


def _put(address: str, route: str, name: str, file: Path) -> None:
    with httpx.Client(base_url=address, timeout=_PATIENCE) as client, file.open("rb") as source:
        client.get("/_stcore/health")  # brings the token that a browser must send back
        reply = client.put(
            route,
            files={"file": (name, source)},
            headers={"Origin": address, "X-Xsrftoken": client.cookies.get("_streamlit_xsrf", "")},
        )
        reply.raise_for_status()


async def _urls(viewer: Viewer, name: str) -> FileURLs:
    message = BackMsg()
    message.file_urls_request.request_id = "1"
    message.file_urls_request.session_id = viewer.session
    message.file_urls_request.file_names.append(name)
    got = await viewer.asked(message, "file_urls_response")
    return got.file_urls_response.file_urls[0]


async def _until(viewer: Viewer, told: Callable[[Drawn], bool]) -> Drawn:
    end = time.monotonic() + _PATIENCE
    while True:
        if viewer.last.errors or time.monotonic() > end:
            raise RuntimeError(f"the import came to no end: {viewer.last.errors}")
        if told(viewer.last):
            return viewer.last
        await asyncio.sleep(_POLL)
        await viewer.again()
