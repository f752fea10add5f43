"""Are the packages we lock known to be vulnerable, and may we use them? ``python tools/audit.py``.

pip-audit looks up every pin of requirements.txt. Where it cannot reach its sources it says that
nothing is known, which is no answer: here a package that was not looked up makes the whole run "not
audited". ``--licences`` lists the licences, ``--sbom FILE`` writes a CycloneDX list of the parts.

Exit codes: 0 audited and clean, 1 a known vulnerability or a licence we may not use, 3 not audited.
"""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from packaging.requirements import Requirement

LOCK = Path(__file__).parents[1] / "requirements.txt"
CLEAN, BAD, NOT_AUDITED = 0, 1, 3
FORBIDDEN = re.compile(r"\bA?GPL|General Public License", re.IGNORECASE)
LESSER = re.compile(r"LGPL|Lesser General", re.IGNORECASE)
PATIENCE = 180  # seconds


@dataclass(frozen=True)
class Pin:
    """A package as it is locked; ``licence`` as its own metadata says, empty if not installed."""

    name: str
    version: str
    licence: str


@dataclass(frozen=True)
class Verdict:
    """What the look-up came to."""

    code: int
    lines: tuple[str, ...]


def main() -> int:
    """Audit, then licences; the worse of both decides."""
    parser = argparse.ArgumentParser(prog="tools/audit.py")
    parser.add_argument("--licences", action="store_true", help="list them, look nothing up")
    parser.add_argument("--sbom", type=Path, metavar="FILE", help="write it, look nothing up")
    wish = parser.parse_args()
    pins = list(locked(LOCK.read_text(encoding="utf-8")))
    if wish.sbom:
        wish.sbom.write_text(sbom(pins), encoding="utf-8")
        print(f"{len(pins)} packages in {wish.sbom}")
        return CLEAN
    if wish.licences:
        print("\n".join(f"{pin.name} {pin.version}: {pin.licence or 'unknown'}" for pin in pins))
    licences = judged_licences(pins)
    print("\n".join(licences.lines))
    if wish.licences:
        return licences.code
    audited = judged(pins, looked_up())
    print("\n".join(audited.lines))
    return BAD if BAD in (licences.code, audited.code) else audited.code


def locked(text: str) -> Iterator[Pin]:
    """Every pin that is meant for this machine."""
    for line in text.splitlines():
        if line[:1].isalnum():
            wanted = Requirement(line.rstrip(" \\"))
            if wanted.marker is None or wanted.marker.evaluate():
                version = next(iter(wanted.specifier)).version
                yield Pin(wanted.name, version, licence(wanted.name))


def licence(name: str) -> str:
    """What the installed package says of its licence."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return ""
    classifiers = [
        entry.rpartition(" :: ")[2]
        for entry in told.get_all("Classifier") or []
        if entry.startswith("License ::")
    ]
    text = (told.get("License") or "").strip().partition("\n")[0]
    return told.get("License-Expression") or ", ".join(classifiers) or text[:80]


def judged_licences(pins: Sequence[Pin]) -> Verdict:
    """GPL and AGPL bind what is built on them; what says nothing is named."""
    bad = [pin for pin in pins if FORBIDDEN.search(LESSER.sub("", pin.licence))]
    silent = [pin.name for pin in pins if not pin.licence]
    lines = [f"{pin.name} {pin.version} is under {pin.licence}" for pin in bad]
    lines += [f"no licence is told by: {', '.join(silent)}"] if silent else []
    return Verdict(BAD if bad else CLEAN, (*lines, f"licences of {len(pins)} packages looked at"))


def looked_up() -> tuple[str, str]:
    """What pip-audit wrote to standard output and to standard error."""
    command = [sys.executable, "-m", "pip_audit", "--strict", "--disable-pip", "--require-hashes"]
    command += ["--progress-spinner", "off", "--format", "json", "--requirement", str(LOCK)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        return "", f"no answer within {PATIENCE} seconds"
    return done.stdout, done.stderr


def judged(pins: Sequence[Pin], told: tuple[str, str]) -> Verdict:
    """Vulnerable, clean, or not audited: only a look-up of every single pin counts."""
    output, complaint = told
    try:
        found = {one["name"].lower(): one for one in json.loads(output)["dependencies"]}
    except (ValueError, KeyError, TypeError):
        found = {}
    vulnerable = [one for one in found.values() if one.get("vulns")]
    if vulnerable:
        lines = [
            f"{one['name']} {one['version']}: {', '.join(bug['id'] for bug in one['vulns'])}"
            for one in vulnerable
        ]
        return Verdict(BAD, ("KNOWN VULNERABILITIES:", *lines))
    missed = [pin.name for pin in pins if "vulns" not in found.get(pin.name.lower(), {})]
    if missed:
        why = complaint.strip().rpartition("\n")[2]
        return Verdict(
            NOT_AUDITED,
            (
                f"NOT AUDITED: {len(missed)} of {len(pins)} packages could not be looked up.",
                f"pip-audit says: {why or 'nothing'}",
                "Run `make check` once where pypi.org can be reached.",
            ),
        )
    return Verdict(CLEAN, (f"{len(pins)} packages audited, no known vulnerability",))


def sbom(pins: Sequence[Pin]) -> str:
    """The parts as CycloneDX 1.5 JSON."""
    parts = [
        {
            "type": "library",
            "name": pin.name,
            "version": pin.version,
            "purl": f"pkg:pypi/{pin.name.lower()}@{pin.version}",
            "licenses": [{"license": {"name": pin.licence or "unknown"}}],
        }
        for pin in pins
    ]
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "components": parts,
    }
    return json.dumps(document, indent=1) + "\n"


if __name__ == "__main__":
    sys.exit(main())
