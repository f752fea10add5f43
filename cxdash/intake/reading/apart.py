"""The process that reads files, apart from the one that serves: ``python -m`` this module.

It is started once by whoever needs files read (``reader``), loads the libraries, and then forks a
child for every file. The child may use so much memory, time and disk and no more; whatever happens
to it, or whatever a file does to a library, happens to the child alone. Rows go into an Arrow file
that the asker opened, everything else into a socket, one JSON document a line. The process ends
when its asker does.
"""

import contextlib
import gc
import json
import os
import resource
import selectors
import signal
import socket
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from cxdash.errors import FileRefused
from cxdash.intake.reading import work
from cxdash.intake.reading.limits import LIMITS

__all__ = ["HEAD", "serve"]

HEAD: Final = 4  # bytes that say how long a message is
_DESCRIPTORS: Final = 2  # that come with a job: the socket for the answer, the file for the rows
_OPEN_FILES: Final = 128
_NICENESS: Final = 5  # pages go before files
_WALL: Final = 4  # times the processor's time, for a machine with other things to do
_GRACE: Final = 30  # seconds


@dataclass(frozen=True, slots=True)
class _Running:
    """A child at work: where its end is told, and when it must have ended."""

    answer: int
    deadline: float


class _Keeper:
    """Takes jobs, forks children, tells how each ended."""

    def __init__(self, asker: socket.socket) -> None:
        self._asker = asker
        self._running: dict[int, _Running] = {}
        self._late: set[int] = set()
        self._wake, woken = socket.socketpair()
        woken.setblocking(False)
        self._woken = woken
        signal.set_wakeup_fd(woken.fileno())
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def run(self) -> None:
        with selectors.DefaultSelector() as ready:
            ready.register(self._asker, selectors.EVENT_READ)
            ready.register(self._wake, selectors.EVENT_READ)
            while True:
                for key, _ in ready.select(self._patience()):
                    if key.fileobj is self._wake:
                        self._wake.recv(1024)
                    elif not self._take():
                        self._stop_all()
                        return
                self._stop_late()
                self._tell_ended()

    def _patience(self) -> float | None:
        deadlines = [running.deadline for running in self._running.values()]
        return max(0.0, min(deadlines) - time.monotonic()) if deadlines else None

    def _take(self) -> bool:
        """Start the next job; False when nobody can ask any more."""
        head, descriptors, _, _ = socket.recv_fds(self._asker, HEAD, _DESCRIPTORS)
        if not head:
            return False
        job = json.loads(_exactly(self._asker, _length(self._asker, head)))
        answer, *out = descriptors
        child = os.fork()
        if child == 0:
            self._begin(job, answer, out[0] if out else -1)
        for descriptor in out:
            os.close(descriptor)
        patience = _WALL * LIMITS.time_for(job["bytes"]) + _GRACE
        self._running[child] = _Running(answer, time.monotonic() + patience)
        return True

    def _begin(self, job: dict[str, Any], answer: int, out: int) -> None:
        """Be the child: work, answer, end."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for other in (self._asker, self._wake, self._woken):
            other.close()
        for running in self._running.values():
            os.close(running.answer)
        code = 1
        with contextlib.suppress(OSError):  # nobody listens any more
            _work(job, answer, out)
            code = 0
        os._exit(code)

    def _stop_late(self) -> None:
        now = time.monotonic()
        for child, running in self._running.items():
            if running.deadline <= now and child not in self._late:
                self._late.add(child)
                os.kill(child, signal.SIGKILL)

    def _stop_all(self) -> None:
        for child in self._running:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)

    def _tell_ended(self) -> None:
        for child in tuple(self._running):
            ended, status, used = os.wait4(child, os.WNOHANG)
            if not ended:
                continue
            running = self._running.pop(child)
            how = {
                "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
                "late": child in self._late,
                "peak_kib": used.ru_maxrss,
                "seconds": used.ru_utime + used.ru_stime,
            }
            self._late.discard(child)
            with contextlib.suppress(OSError):  # nobody listens any more
                _say(running.answer, {"ended": how})
            os.close(running.answer)


def _work(job: dict[str, Any], answer: int, out: int) -> None:
    def tell(rows: int) -> None:
        _say(answer, {"rows": rows})

    try:
        _confine(job["bytes"])
        found = work.DONE_BY[job["work"]](job, out, tell)
    except FileRefused as error:
        found = {"refused": work.told(error)}
    except MemoryError:
        found = {"memory": True}
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told, and ends this child only
        found = {"broken": _places(error)}
    _say(answer, found)


def _confine(size: int) -> None:
    """Take away from this process what reading a file of ``size`` bytes does not need."""
    with contextlib.suppress(OSError):  # a hardened service may forbid it; it is only a courtesy
        os.nice(_NICENESS)
    seconds = LIMITS.time_for(size)
    bounds = {
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: LIMITS.staged,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
    }
    held = Path("/proc/self/statm")
    if held.exists():  # elsewhere an address space has no bound that holds
        pages = int(held.read_text(encoding="ascii").split()[0])
        bounds[resource.RLIMIT_AS] = pages * resource.getpagesize() + LIMITS.memory
    for what, bound in bounds.items():
        resource.setrlimit(what, (bound, bound))


def _places(error: Exception) -> list[str]:
    """Where it happened, without its message: that may quote a cell."""
    frames = traceback.extract_tb(error.__traceback__)
    return [type(error).__name__, *(f"{Path(f.filename).name}:{f.lineno}" for f in frames)]


def _say(answer: int, what: dict[str, Any]) -> None:
    line = json.dumps(what).encode() + b"\n"
    while line:
        line = line[os.write(answer, line) :]


def _length(asker: socket.socket, head: bytes) -> int:
    return int.from_bytes(head + _exactly(asker, HEAD - len(head)), "big")


def _exactly(asker: socket.socket, size: int) -> bytes:
    body = b""
    while len(body) < size:
        more = asker.recv(size - len(body))
        if not more:
            raise SystemExit(1)
        body += more
    return body


def serve(asker: socket.socket) -> None:
    """Read files until the asker hangs up."""
    # What a library loads when it is first used is loaded once here, not in every child.
    pa.array(["used once"], pa.string())
    gc.collect()
    gc.freeze()
    _Keeper(asker).run()


if __name__ == "__main__":
    serve(socket.socket(fileno=0))
