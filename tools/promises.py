"""Make docs/promises.md of what cxdash promises and of a run of the tests.

``python tools/promises.py RECORD`` reads the record that ``pytest --promises RECORD`` wrote and the
words of ``tests/promises.toml``. A promise that a test broke, or that no test stood for, is said to
be so, and the exit code is 1.
"""

import json
import platform
import subprocess
import sys
import tomllib
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
WORDS = ROOT / "tests" / "promises.toml"
PAGE = ROOT / "docs" / "promises.md"
COMMAND = "make promises"
HEAD = """# What cxdash promises, and how often it was put to the test

Made by `{command}` on {day}, commit {commit}, Python {python}, {system}.
Each line rests on tests that fail when it is broken; they count the figures while they run.
"""


@dataclass(frozen=True)
class Trial:
    """What a run says about one id: how its tests ended, and the figures they told."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    figures: tuple[tuple[str, int], ...] = ()

    @property
    def verdict(self) -> str:
        if self.failed:
            return "BROKEN"
        return "kept" if self.passed else "not tried"

    @property
    def told(self) -> str:
        counted = [f"{count:,} {name}" for name, count in self.figures]
        tests = f"{self.passed:,} test{'s'[: self.passed != 1]}"
        return ", ".join([tests, *counted])


def main(record: Path) -> int:
    """Write the page; 1 when a promise was broken or not tried."""
    words = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    run = json.loads(record.read_text(encoding="utf-8"))
    unknown = sorted(set(run) - set(words["tried"]))
    if unknown:
        raise SystemExit(f"{WORDS.name} has no words for {', '.join(unknown)}")
    trials = {name: _trial(run.get(name)) for name in words["tried"]}
    PAGE.write_text(_page(words, trials), encoding="utf-8")
    open_ = [
        f"{name}: {trial.verdict}" for name, trial in trials.items() if trial.verdict != "kept"
    ]
    print("\n".join(open_) or f"All {len(trials)} rows are kept: {PAGE.relative_to(ROOT)}")
    return 1 if open_ else 0


def _trial(found: dict | None) -> Trial:
    if found is None:
        return Trial()
    ended = Counter(found["tests"].values())
    return Trial(
        ended["passed"], ended["failed"], ended["skipped"], tuple(sorted(found["figures"].items()))
    )


def _page(words: dict, trials: dict[str, Trial]) -> str:
    lines = [
        HEAD.format(
            command=COMMAND,
            day=f"{datetime.now(UTC):%d %B %Y}",
            commit=_commit(),
            python=platform.python_version(),
            system=f"{platform.system()} {platform.machine()}",
        )
    ]
    for number, promise in enumerate(words["promise"], start=1):
        parts = [trials[name] for name in promise["rests_on"]]
        lines.append(f"{number}. **{promise['says']}** {_summed(parts)}")
    lines += [
        "",
        "## What was tried",
        "",
        "| | tried | result | how often |",
        "| --- | --- | --- | --- |",
    ]
    lines += [
        f"| {name} | {words['tried'][name]} | {trial.verdict} | {trial.told} |"
        for name, trial in trials.items()
    ]
    return "\n".join(lines) + "\n"


def _summed(trials: list[Trial]) -> str:
    figures: Counter[str] = Counter()
    for trial in trials:
        figures.update(dict(trial.figures))
    verdicts = {trial.verdict for trial in trials}
    verdict = next(v for v in ("BROKEN", "not tried", "kept") if v in verdicts)
    # A part nobody tried leaves the promise open, however well the others went.
    verdict = "Not tried in full" if verdict == "not tried" else verdict.capitalize()
    whole = Trial(sum(trial.passed for trial in trials), figures=tuple(sorted(figures.items())))
    return f"{verdict}: {whole.told}."


def _commit() -> str:
    found = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return found.stdout.strip()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
