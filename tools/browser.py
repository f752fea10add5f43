"""A server of our own and a real browser, for the browser tests and the screenshots."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage"]


def chromium() -> str:
    """Path of the browser: CXDASH_CHROMIUM, else the one on the PATH. A missing browser fails."""
    found = os.environ.get("CXDASH_CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if found is None:
        raise AssertionError(
            "No Chromium found. Install it (Debian, Ubuntu: apt-get install chromium) or name it "
            "in CXDASH_CHROMIUM."
        )
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(
    database: Path, log: Path, *, port: int | None = None, options: Sequence[str] = ()
) -> Iterator[str]:
    """The address of a fresh server on its own database; it may note no error of ours."""
    noted = database.parent / "logs" / "cxdash.log"
    before = noted.stat().st_size if noted.exists() else 0
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    environment = {**os.environ, "CXDASH_DB": str(database)}
    address = f"http://127.0.0.1:{port}"
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [*command, *options], cwd=ROOT, env=environment, stdout=sink, stderr=subprocess.STDOUT
        )
        try:
            _wait(f"{address}/_stcore/health", process)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=20)
    text = log.read_text(errors="replace")
    since = noted.read_bytes()[before:].decode(errors="replace") if noted.exists() else ""
    errors = [line for line in since.splitlines() if '"event": "error"' in line]
    if "Traceback" in text or errors:
        raise AssertionError("\n".join([text[-4_000:], *errors]))


def _wait(url: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server stopped with code {process.returncode}")
        try:
            with urlopen(url, timeout=30) as reply:  # noqa: S310 - our own loopback address
                if reply.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"{url} did not answer within {seconds} seconds")
