"""Has files read by a process apart, and says in words what becomes of it.

The server never parses what came from a file: it gives away a path and an empty file, and gets a
description and the rows as Arrow columns, which it maps into memory.
"""

import json
import mmap
import os
import signal
import socket
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import pyarrow as pa

from cxdash.errors import FileRefused
from cxdash.intake.reading import work
from cxdash.intake.reading.limits import LIMITS

__all__ = ["READER", "Outcome", "Reader", "let_go", "mapped_rows", "rows_of"]

_ROOT: Final = Path(__file__).resolve().parents[3]
_COMMAND: Final = (sys.executable, "-m", "cxdash.intake.reading.apart")
_KEPT_VARIABLES: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "TZ")
_HEAD: Final = 4
_LONGEST_ANSWER: Final = 64 << 20
_PATIENCE: Final = 5  # seconds for the process to end


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a job gave, and what it cost: the most memory held in KiB, processor time in seconds."""

    answer: dict[str, Any]
    peak_kib: int = 0
    seconds: float = 0.0


class Reader:
    """The process apart; started when the first file is to be read, and again if it was ended.

    Parameters
    ----------
    command
        What starts it.
    """

    def __init__(self, command: Sequence[str] = _COMMAND) -> None:
        self._command = command
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._owner = 0

    def do(
        self,
        job: dict[str, Any],
        out: BinaryIO | None = None,
        tell: Callable[[int], None] | None = None,
    ) -> Outcome:
        """Have a job done.

        Parameters
        ----------
        out
            An open, empty file for the rows.
        tell
            Called with the number of rows read so far.

        Raises
        ------
        FileRefused
            If the file cannot be read safely, or reading it asked for more than is allowed.
        """
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                self._send(job, [theirs.fileno(), *([out.fileno()] if out else [])])
            answer: dict[str, Any] = {}
            ended: dict[str, Any] = {}
            for said in _said(ours):
                if "rows" in said:
                    (tell or _unheard)(said["rows"])
                elif "ended" in said:
                    ended = said["ended"]
                else:
                    answer = said
        _refuse_unfinished(job, answer, ended)
        return Outcome(answer, ended.get("peak_kib", 0), ended.get("seconds", 0.0))

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._hang_up()

    def _send(self, job: dict[str, Any], descriptors: list[int]) -> None:
        body = json.dumps(job).encode()
        message = len(body).to_bytes(_HEAD, "big") + body
        with self._lock:
            line = self._connected()
            try:
                _send_all(line, message, descriptors)
            except OSError:
                # It was ended from outside; a fresh one takes the job.
                self._hang_up()
                _send_all(self._connected(), message, descriptors)

    def _connected(self) -> socket.socket:
        if self._owner != os.getpid():
            # After a fork the process belongs to the parent.
            self._process = self._line = None
        if self._line is None or self._process is None or self._process.poll() is not None:
            self._hang_up()
            self._line, self._process = _started(self._command)
            self._owner = os.getpid()
            weakref.finalize(self, _ended, self._line, self._process)
        return self._line

    def _hang_up(self) -> None:
        if self._line is not None and self._process is not None:
            _ended(self._line, self._process)
        self._line = self._process = None


def _started(command: Sequence[str]) -> tuple[socket.socket, subprocess.Popen[bytes]]:
    ours, theirs = socket.socketpair()
    # Libraries that start threads of their own could not be forked safely.
    one_thread = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    with theirs:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command,
            cwd=_ROOT,
            env={
                **kept,
                **one_thread,
                "PYTHONPATH": str(_ROOT),
                "ARROW_DEFAULT_MEMORY_POOL": "system",
                "JE_ARROW_MALLOC_CONF": "background_thread:false",
                "MALLOC_ARENA_MAX": "1",
            },
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C ends the asker, which then hangs up
        )
    return ours, process


def _ended(line: socket.socket, process: subprocess.Popen[bytes]) -> None:
    line.close()
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _send_all(line: socket.socket, message: bytes, descriptors: list[int]) -> None:
    sent = socket.send_fds(line, [message], descriptors)
    line.sendall(message[sent:])


def _said(line: socket.socket) -> Iterator[dict[str, Any]]:
    """What is answered, one document after the other, until both the child and its keeper end."""
    waiting = b""
    while more := line.recv(1 << 16):
        waiting += more
        if len(waiting) > _LONGEST_ANSWER:
            return
        *lines, waiting = waiting.split(b"\n")
        for said in lines:
            yield json.loads(said)


def _unheard(_rows: int) -> None:
    """Nobody listens to the progress."""


def _refuse_unfinished(job: dict[str, Any], answer: dict[str, Any], ended: dict[str, Any]) -> None:
    """Raise FileRefused unless the answer is a whole one."""
    name = job["name"]
    if "refused" in answer:
        raise work.refusal(answer["refused"])
    if "broken" in answer:
        raise FileRefused(
            f"{name} could not be read: cxdash met something in it that it was not made for "
            f"({', '.join(answer['broken'])}).",
            file=name,
            do_next="Report this sentence, which holds none of your data; "
            "meanwhile export the table in another form.",
        )
    signalled = ended.get("signal", 0)
    if ended.get("late") or signalled == signal.SIGXCPU:
        raise FileRefused(
            f"Reading {name} took more than {LIMITS.time_for(job['bytes']):,} seconds and was "
            "stopped.",
            file=name,
            do_next="Split the export by month or year, or export it as CSV.",
        )
    if signalled not in {0, signal.SIGKILL} and "memory" not in answer:
        # An allocation that fails deep inside a library ends this way as well.
        raise FileRefused(
            f"Reading {name} broke down ({signal.Signals(signalled).name}): it needed more than "
            f"{LIMITS.memory / 1e6:,.0f} MB of memory, or the program that reads it has a fault.",
            file=name,
            do_next="Report this sentence, which holds none of your data; "
            "meanwhile export the table in another form.",
        )
    if signalled or "memory" in answer:
        raise FileRefused(
            f"Reading {name} took more than {LIMITS.memory / 1e6:,.0f} MB of memory, which no "
            "export of its size needs, and was stopped.",
            file=name,
            do_next="Split the export by month or year, or export it as CSV.",
        )
    if not answer or not ended:
        raise FileRefused(
            f"Reading {name} was broken off from outside.",
            file=name,
            do_next="Import the file again.",
        )


READER: Final = Reader()


def rows_of(file: BinaryIO) -> pa.Table:
    """The rows an Arrow file holds, mapped into memory and checked to be what they claim.

    The file may lie in no folder any more; the rows keep it as long as they are used.
    """
    return mapped_rows(file)[0]


def mapped_rows(file: BinaryIO) -> tuple[pa.Table, mmap.mmap]:
    """The same, with the map they lie in; see :func:`let_go`."""
    mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    table = pa.ipc.open_file(pa.py_buffer(mapped)).read_all()
    table.validate(full=True)
    let_go(mapped)
    return table, mapped


def let_go(mapped: mmap.mmap) -> None:
    """Give back the memory of rows that were looked at; looked at again, they are there again."""
    if hasattr(mmap, "MADV_DONTNEED"):
        mapped.madvise(mmap.MADV_DONTNEED)
