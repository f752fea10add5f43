"""``python -m benchmarks [imports|questions]``: measure, check, write down.

Exit code 1 if a row or a cent is missing, or something took longer or more memory than it may.
docs/performance.md is written at the full size only, each part by itself.
"""

import argparse
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from benchmarks import company, imports, pages, questions
from benchmarks.pages import RESULTS

PARTS: Final = ("imports", "questions")


def main() -> int:
    """Run what was asked for, print and keep the tables."""
    wish = _parser().parse_args()
    told = []
    if wish.part != "questions":
        told += _imports({name: getattr(wish, name) for name in imports.FULL})
    if wish.part != "imports":
        told += _questions(company.Size())
    print("\n".join(told), file=sys.stderr)
    return 1 if told else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("part", nargs="?", choices=PARTS, help="only this part")
    for name, size in imports.FULL.items():
        parser.add_argument(f"--{name}", type=int, default=size)
    return parser


def _imports(sizes: dict[str, int]) -> list[str]:
    measured, truth = imports.measure(RESULTS / "files", sizes)
    print(imports.table(sizes, measured))
    _keep("imports", sizes, measured)
    if sizes == imports.FULL:
        pages.put("imports", imports.section(sizes, measured, pages.machine(), pages.today()))
    return imports.problems(measured, truth)


def _questions(size: company.Size) -> list[str]:
    measured = questions.measure(RESULTS / "company", size)
    print(questions.table(measured))
    _keep("questions", asdict(size), measured)
    pages.put("questions", questions.section(measured, size, pages.machine(), pages.today()))
    return questions.problems(measured)


def _keep(part: str, sizes: dict[str, int], measured: dict[str, Any]) -> None:
    kept = {"sizes": sizes, "machine": pages.machine(), **measured}
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    (RESULTS / f"{part}-{stamp}.json").write_text(json.dumps(kept, indent=2), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
