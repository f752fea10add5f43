"""A server to load: ours or a bare page of Streamlit, with what it holds and computes."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

from tools.browser import free_port

__all__ = ["Server", "running"]

ROOT: Final = Path(__file__).resolve().parents[2]
_START: Final = 90.0  # seconds
_TICK: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, its process and the file it serves."""

    address: str
    process: subprocess.Popen[bytes]
    database: Path

    @property
    def rss_mib(self) -> float:
        """Memory it holds now, without what it shares with files of others."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        held = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(held.split()[1]) / 1024

    @property
    def cpu_seconds(self) -> float:
        """What all its threads have computed."""
        fields = (
            Path(f"/proc/{self.process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        )
        return (int(fields[11]) + int(fields[12])) / _TICK


@contextmanager
def running(
    script: Path, log: Path, database: Path | None = None, *, settings: Sequence[str] = ()
) -> Iterator[Server]:
    """Start ``streamlit run`` on the script, wait until it answers, stop it afterwards."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    command += ["--server.headless", "true", *settings]
    environment = {**os.environ, **({"CXDASH_DB": str(database)} if database else {})}
    with log.open("ab") as sink:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=sink, stderr=subprocess.STDOUT
        )
    server = Server(f"http://127.0.0.1:{port}", process, database or log)
    try:
        _wait(server, "/_stcore/health")
        yield server
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(server: Server, route: str) -> None:
    end = time.monotonic() + _START
    while time.monotonic() < end:
        if server.process.poll() is not None:
            raise RuntimeError(f"the server ended with {server.process.returncode}")
        try:
            with urlopen(server.address + route, timeout=_START) as reply:  # noqa: S310 - our own loopback address
                if reply.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"{route} did not answer within {_START:.0f} s")
