"""Prepare what the commands of the Makefile need; the second time nothing is downloaded.

Runs under the Python found on the machine, before anything is installed, so it uses the standard
library only. ``python tools/environment.py run`` prepares what the app needs, ``test`` what the
tests need on top: more packages and a Chromium. ``browser`` prints the path of that Chromium.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
LOCKS = {"run": ROOT / "requirements.txt", "test": ROOT / "requirements" / "test.txt"}
PIP_INSTALL = (
    *("-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
    *("--require-hashes", "--requirement"),
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER_SETTING = "CXDASH_CHROMIUM"
DEBIAN_INSTALL = "apt-get update && apt-get install -y chromium"


def main(purpose: str) -> None:
    """Prepare for ``run`` or ``test``, or leave with a sentence that says what is missing."""
    prepare_packages(purpose)
    if purpose == "test":
        prepare_browser()


def prepare_packages(purpose: str) -> None:
    """Install the locked packages, unless the stamp says that these very locks are installed."""
    lock = LOCKS[purpose]
    stamp = ENVIRONMENT / f"installed-{purpose}"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    python = ENVIRONMENT / "bin" / "python"
    if python.exists() and stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return
    if not _works(python):
        print("Creating the environment .venv ...", flush=True)
        venv.create(ENVIRONMENT, with_pip=True, clear=ENVIRONMENT.exists())
    print(f"Installing the packages of {lock.relative_to(ROOT)} (once) ...", flush=True)
    installed = subprocess.run(
        [python, *PIP_INSTALL, lock],
        check=False,
    )
    if installed.returncode:
        stop(
            f"The packages of {lock.relative_to(ROOT)} could not be installed; pip says why above.",
            "The app was not started and your data was not touched.",
            "Mend the cause (usually the network or a proxy) and run the same command again.",
        )
    stamp.write_text(wanted, encoding="ascii")


def _works(python: Path) -> bool:
    """Whether an environment is there and its Python still runs (it breaks when folders move)."""
    if not python.exists():
        return False
    tried = subprocess.run([python, "-c", "import pip"], check=False, capture_output=True)
    return tried.returncode == 0


def prepare_browser() -> None:
    """Make sure that there is a Chromium for the browser tests."""
    if find_browser():
        return
    may_install = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")
    if not may_install:
        stop(
            "The browser tests need Chromium or Google Chrome, and none was found.",
            "No test was run.",
            f"Run this, then `make test` again:  sudo sh -c '{DEBIAN_INSTALL}'\n"
            f"Or name a browser you have:  make test {BROWSER_SETTING}=/path/to/chrome",
        )
    print(f"Installing Chromium (once): {DEBIAN_INSTALL}", flush=True)
    done = subprocess.run(["sh", "-c", DEBIAN_INSTALL], check=False, stdout=subprocess.DEVNULL)
    if done.returncode or not find_browser():
        stop(
            "Chromium could not be installed; apt-get says why above.",
            "No test was run.",
            f"Run `{DEBIAN_INSTALL}` by hand, then `make test` again.",
        )


def find_browser() -> "str | None":
    """Path of the browser for the tests; the setting wins over what is on the PATH."""
    named = os.environ.get(BROWSER_SETTING)
    if named:
        return shutil.which(named)
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def stop(what: str, state: str, do_next: str) -> None:
    """Leave with what failed, the state of things and what to do next."""
    sys.exit(f"{what}\n{state}\n{do_next}")


if __name__ == "__main__":
    if sys.argv[1:] == ["browser"]:
        print(find_browser() or "")
    elif len(sys.argv) == 2 and sys.argv[1] in LOCKS:
        main(sys.argv[1])
    else:
        sys.exit(f"usage: {sys.argv[0]} {'|'.join(LOCKS)}|browser")
