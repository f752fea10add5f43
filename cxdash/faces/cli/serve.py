"""Start the app for `make run`: demo company if there is no database, server, address.

``python -m cxdash.faces.cli.serve [--port N] [--address A] [--without-sign-in] [--secrets FILE]
[--db DB] [--prepare-only]`` stays in the foreground until Ctrl-C; with ``--prepare-only`` it makes
the database and stops.
"""

import argparse
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final

from cxdash.errors import CxdashError, StoreError, StoreLocked, UsageError
from cxdash.store import Database, default_path

__all__ = ["main"]

ADDRESS: Final = "127.0.0.1"
EVERYWHERE: Final = ("0.0.0.0", "::")  # noqa: S104 - addresses to be recognised
# Asking it opens the database, so that from the start no second program can take it. Where it is
# not well (503) the pages say why, so the app is started all the same.
HEALTH: Final = "/health"
ANSWERS: Final = (http.client.OK, http.client.SERVICE_UNAVAILABLE)
START_SECONDS: Final = 90
STOP_SECONDS: Final = 10
EXPORTS: Final = "demo-company"


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; 0 after Ctrl-C, 1 when the app was not started."""
    options = _parser().parse_args(arguments)
    path = options.db or default_path()
    try:
        # A program started in the background inherits a deaf ear for Ctrl-C; this one listens.
        signal.signal(signal.SIGINT, _as_interrupt)
        signal.signal(signal.SIGTERM, _as_interrupt)
        if options.prepare_only:
            prepare_database(path)
            return 0
        refuse_taken_port(options.port, options.address)
        prepare_database(path)
        return serve(_Start(options.address, options.port, path, options.secrets, options.open))
    except CxdashError as error:
        print("\n".join(filter(None, (error.what, error.state, error.do_next))), file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print(
            "\nStopped before the app was started; nothing half is left behind.\n"
            "Run `make run` again when you like.",
            file=sys.stderr,
        )
        return 1


def refuse_taken_port(port: int, address: str = ADDRESS) -> None:
    """UsageError when somebody listens on the port already, or the address is not ours."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise UsageError(
                f"Port {port} of {address} cannot be used: {error.strerror}.",
                state="The app was not started. Perhaps it runs already: look at "
                f"{_shown(address, port)} .",
                do_next=f"Stop the other program, or choose a port: make run PORT={port + 1}",
            ) from error


def prepare_database(path: Path) -> None:
    """Make the demo company if there is no database, and refuse one that another process holds.

    One that cannot be used for another reason is served: each page then says what is wrong with it
    and how to restore a backup.

    The demo company is made in a folder beside its final place and moved there when it is whole, so
    that an interrupted start leaves no half company behind, neither its database nor its exports.
    """
    if not path.exists():
        print("There is no database yet: preparing the demo company (once) ...", flush=True)
        with _beside(path) as folder:
            database, exports = folder / path.name, folder / EXPORTS
            _make_demo(database, exports)
            lasting = path.parent / EXPORTS
            if lasting.exists():
                files = f"The folder {lasting} was there before and stays as it is."
            else:
                exports.replace(lasting)
                files = f"Its exports are kept in {lasting}."
            database.replace(path)
        print(f"The demo company is loaded into {path}. {files}", flush=True)
    try:
        Database(path).close()
    except StoreLocked:
        raise
    except StoreError as error:
        told = (error.what, error.state, error.do_next, *error.commands)
        print("\n".join(filter(None, told)), file=sys.stderr)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """An empty folder by the database, gone again afterwards, however that comes about."""
    folder = path.with_name(f".{path.name}.preparing")
    _remove(folder)
    try:
        folder.mkdir(parents=True)
        yield folder
    finally:
        _remove(folder)


def _remove(folder: Path) -> None:
    """A sudden end long ago may have left the folder."""
    if folder.exists():
        shutil.rmtree(folder)


def _make_demo(database: Path, exports: Path) -> None:
    command = [sys.executable, "-m", "cxdash", "demo", "--load"]
    command += ["--out", str(exports), "--db", str(database)]
    # In a session of its own it does not hear Ctrl-C: run() ends it, and only we speak. It names
    # the folder it writes to, which is gone afterwards: that is told only where it failed.
    made = subprocess.run(  # noqa: S603 - our own module
        command,
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    if made.returncode:
        print(made.stderr, end="", file=sys.stderr)
        raise CxdashError(
            "The demo company could not be prepared; the reason stands above.",
            state="The app was not started.",
            do_next="Mend the cause and run `make run` again.",
        )


@dataclass(frozen=True, slots=True)
class _Start:
    """What the server is started with."""

    address: str
    port: int
    database: Path
    secrets: Path | None = None
    open: bool = False


def serve(start: _Start) -> int:
    """Run the server in the foreground; print the address once it answers."""
    environment = os.environ | {"CXDASH_DB": str(start.database)}
    if start.open:
        environment["CXDASH_WITHOUT_SIGN_IN"] = "1"
    server = subprocess.Popen(  # noqa: S603 - our own interpreter, no text of a user
        [sys.executable, "-m", "streamlit", "run", "app.py", *_settings(start)], env=environment
    )
    try:
        _wait_until_ready(server, start)
        shown = _shown(start.address, start.port)
        print(f"\n  cxdash is ready: {shown}\n  Ctrl-C stops it.\n", flush=True)
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(server)


def _settings(start: _Start) -> list[str]:
    settings = {
        "server.address": start.address,
        "server.port": str(start.port),
        "server.headless": "true",
        "logger.hideWelcomeMessage": "true",
    }
    if start.secrets:
        settings["secrets.files"] = str(start.secrets)
    return [f"--{name}={value}" for name, value in settings.items()]


def _shown(address: str, port: int) -> str:
    """The address as a browser on this machine takes it."""
    name = ADDRESS if address in EVERYWHERE else address
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m cxdash.faces.cli.serve", description="Start the app in the foreground."
    )
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument(
        "--address", default=ADDRESS, help="where to listen; others than this machine need sign-in"
    )
    parser.add_argument(
        "--without-sign-in",
        action="store_true",
        dest="open",
        help="listen there although everybody who reaches it may see and change everything",
    )
    parser.add_argument("--secrets", type=Path, help="instead of .streamlit/secrets.toml")
    parser.add_argument("--db", type=Path)
    parser.add_argument("--prepare-only", action="store_true", help="make the database and stop")
    return parser


def _as_interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _wait_until_ready(server: subprocess.Popen[bytes], start: _Start) -> None:
    deadline = time.monotonic() + START_SECONDS
    while _status(start, seconds=10) not in ANSWERS:
        if server.poll() is not None or time.monotonic() > deadline:
            raise CxdashError(
                "The app did not start; the server says why above.",
                state="Your data was not touched.",
                do_next="Mend the cause and run `make run` again.",
            )
        time.sleep(0.2)


def _status(start: _Start, *, seconds: float) -> int | None:
    """HTTP status of the health of our own server; None while nobody answers."""
    name = ADDRESS if start.address in EVERYWHERE else start.address
    connection = http.client.HTTPConnection(name, start.port, timeout=seconds)
    try:
        connection.request("GET", HEALTH)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _stop(server: subprocess.Popen[bytes]) -> None:
    """End the server: it heard Ctrl-C itself, or is told now, or is ended by force."""
    if server.poll() is None:
        server.terminate()
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


if __name__ == "__main__":
    sys.exit(main())
