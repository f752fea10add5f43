"""Run every study of a known truth and write down how often each claim held.

``make truth`` runs it over 200 companies and writes docs/calibration.md; the ordinary tests run the
same studies over a few seeds. With ``--only`` some studies are run again and the page is put
together with the kept results of the others, each under its own date.
"""

import argparse
import importlib
import json
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from scipy.stats import binom, binomtest, chi2, poisson
from trial import INTERVALS, Study, Target

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parents[1]
PAGE: Final = ROOT / "docs" / "calibration.md"
KEPT: Final = ROOT / "benchmarks" / "results" / "calibration"
ENDING: Final = "_coverage"
FIRST_SEED: Final = 1000
FULL: Final = 200  # companies of a full run
SHOWN: Final = 50  # companies from which on a study is worth a place on the page
MANY: Final = 100  # companies from which on every share is held against its target as it is
CHANCE: Final = 0.001  # with fewer, only what a good method could hardly give is a failure

Shares = Mapping[str, tuple[float, int]]


@dataclass(frozen=True, slots=True)
class Result:
    """One name's share over all companies, with its own 95 % range from the number of trials."""

    what: str
    share: float
    n: int
    low: float
    high: float
    target: Target

    @property
    def passed(self) -> bool:
        return self.target.low <= self.share <= self.target.high


def names() -> list[str]:
    """Names of all studies: the modules that end in ``_coverage``."""
    return sorted(path.stem.removesuffix(ENDING) for path in HERE.glob(f"*{ENDING}.py"))


def module(name: str) -> ModuleType:
    return importlib.import_module(f"{name}{ENDING}")


def study_of(found: ModuleType) -> Study:
    """The study a module declares, or the plain one: every share is a coverage."""
    plain = Study((found.__doc__ or found.__name__).splitlines()[0], "", INTERVALS)
    declared: Study = getattr(found, "STUDY", plain)
    return declared


def judge(study: Study, found: Shares) -> list[Result]:
    """Each share beside its target.

    Raises
    ------
    ValueError
        A share has no target: what nobody judges proves nothing.
    """
    return [_result(what, share, n, _target(study, what)) for what, (share, n) in found.items()]


def _target(study: Study, what: str) -> Target:
    for target in study.targets:
        if what.startswith(target.what):
            return target
    raise ValueError(f"{study.title}: nothing says how often {what} should hold")


def _result(what: str, share: float, n: int, target: Target) -> Result:
    total = round(share * n)
    if target.counted:
        low = chi2.ppf(0.025, 2 * total) / 2 / n if total else 0.0
        high = chi2.ppf(0.975, 2 * total + 2) / 2 / n
    else:
        low, high = binomtest(total, n).proportion_ci(0.95, method="wilson")
    return Result(what, share, n, float(low), float(high), target)


def surprising(results: list[Result]) -> list[str]:
    """Targets that few companies already rule out: all results of a target taken together."""
    told = []
    for target in dict.fromkeys(result.target for result in results):
        own = [result for result in results if result.target is target]
        n = sum(result.n for result in own)
        held = round(sum(result.share * result.n for result in own))
        most = (
            poisson.ppf(1 - CHANCE, n * target.high)
            if target.counted
            else binom.ppf(1 - CHANCE, n, target.high)
        )
        least = 0 if target.counted else binom.ppf(CHANCE, n, target.low)
        if not least <= held <= most:
            told.append(f"{target.says}: {held} of {n} for {target.what or 'all'}")
    return told


def main(arguments: list[str]) -> int:
    """Run, print, keep, write. Exit code 1 if a target was missed."""
    wish = _parser().parse_args(arguments)
    failed = []
    for name in wish.only or names():
        study = study_of(module(name))
        print(f"\n{study.title} ({name}, {wish.seeds} companies)", flush=True)
        kept = _measure(name, wish.seeds, wish.workers)
        for result in judge(study, _shares(kept)):
            mark = "" if result.passed else "   MISSED"
            print(f"  {result.what:44s} {result.share:7.3f} of {result.n}{mark}", flush=True)
            failed += [] if result.passed else [f"{name}: {result.what}"]
        print(f"  {kept['seconds']:.0f} s", flush=True)
    if wish.seeds >= SHOWN:
        PAGE.write_text(page(), encoding="utf-8")
    print("\n".join(["", *(f"missed: {line}" for line in failed)]), file=sys.stderr)
    return int(bool(failed))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=FULL)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", nargs="+", choices=names(), metavar="STUDY")
    return parser


def _measure(name: str, seeds: int, workers: int) -> dict[str, Any]:
    start = time.perf_counter()
    found: Shares = module(name).run(range(FIRST_SEED, FIRST_SEED + seeds), workers)
    kept = {
        "seeds": seeds,
        "day": datetime.now(UTC).date().isoformat(),
        "seconds": time.perf_counter() - start,
        "shares": {what: list(pair) for what, pair in found.items()},
    }
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / f"{name}.json").write_text(json.dumps(kept, indent=1), encoding="utf-8")
    return kept


def _shares(kept: Mapping[str, Any]) -> Shares:
    return {what: (float(share), int(n)) for what, (share, n) in kept["shares"].items()}


def page() -> str:
    """docs/calibration.md from the kept results; each part says over how many companies."""
    kept = {
        name: json.loads(file.read_text(encoding="utf-8"))
        for name in names()
        if (file := KEPT / f"{name}.json").exists()
    }
    shown = {name: result for name, result in kept.items() if result["seeds"] >= SHOWN}
    judged = {
        name: judge(study_of(module(name)), _shares(result)) for name, result in shown.items()
    }
    everything = [result for results in judged.values() for result in results]
    good = sum(result.passed for result in everything)
    parts = [
        _HEAD.format(
            good=good,
            all=len(everything),
            missed=_missed(judged),
            lacking=_lacking(
                {name for name in names() if kept.get(name, {}).get("seeds", 0) < FULL}
            ),
        ),
        *(line for name in shown for line in _section(name, shown[name], judged[name])),
    ]
    return "\n".join(parts)


def _missed(judged: Mapping[str, list[Result]]) -> str:
    lines = [
        f"- {study_of(module(name)).title}: {result.what}, {_digits(result.share, result)} where "
        f"{_wanted(result.target)} is wanted"
        for name, results in judged.items()
        for result in results
        if not result.passed
    ]
    return "\n".join(["", "Missed:", "", *lines, ""]) if lines else ""


def _lacking(lacking: set[str]) -> str:
    if not lacking:
        return ""
    return f"\nNot run over {FULL} companies yet: {', '.join(sorted(lacking))}.\n"


def _section(name: str, kept: Mapping[str, Any], results: list[Result]) -> Iterator[str]:
    study = study_of(module(name))
    yield f"## {study.title}\n"
    if study.simulated:
        yield f"{study.simulated}\n"
    yield (
        f"{kept['seeds']} companies on {kept['day']}, {max(1, round(kept['seconds'] / 60))} min: "
        f"`tests/truth/{name}{ENDING}.py`.\n"
    )
    yield "| what | held | of | 95 % range | wanted | |"
    yield "| --- | ---: | ---: | --- | --- | --- |"
    for result in results:
        spread = f"{_digits(result.low, result)} to {_digits(result.high, result)}"
        yield (
            f"| {result.what} | {_digits(result.share, result)} | {result.n:,} | {spread} "
            f"| {result.target.says}: {_wanted(result.target)} "
            f"| {'yes' if result.passed else '**no**'} |"
        )
    yield ""


def _digits(value: float, result: Result) -> str:
    return f"{value:.2f}" if result.target.counted else f"{100 * value:.1f} %"


def _wanted(target: Target) -> str:
    if target.counted:
        return f"at most {target.high:g}"
    if target.low <= 0:
        return f"at most {100 * target.high:g} %"
    if target.high >= 1:
        return f"at least {100 * target.low:g} %"
    return f"{100 * target.low:g} to {100 * target.high:g} %"


_HEAD: Final = """# How often the numbers hold the truth

Written by `make truth`; repeat it on your own machine. Companies are made up, so what is true of
them is known; cxdash sees only their exports. The table says how often each claim held.
The "95 % range" says how far the share itself could be off from the number of companies tried.

{good} of {all} targets are met.
{missed}{lacking}"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
