"""What each page must show, asked of the command line on a copy of the database.

``python -m benchmarks.load.truth DB FILE`` writes, for every question and scope, the text that
``python -m cxdash answer`` prints. The figures of a page are compared with that text: the headline
and the value of every card must stand in it as a whole: "4 %" is not found in "14 %".
"""

import contextlib
import io
import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from benchmarks.load.viewer import Drawn
from cxdash.faces.cli import main

__all__ = ["PAGES", "SCOPES", "USUAL", "Scope", "asked", "differs", "name_of"]

Scope = tuple[tuple[str, str], ...]  # parts of an address, such as (("where_plan", "Pro"),)
PAGES: Final = ("", "worth", "churn", "revenue", "trial", "listening", "change", "examine")
SCOPES: Final[tuple[Scope, ...]] = (
    (),
    (("where_segment", "Enterprise"),),
    (("where_region", "North"),),
    (("horizon", "12"),),
)
USUAL: Final[Mapping[str, str]] = {  # every control a scope moves, with its usual choice
    "metric": "",
    "horizon": "6",
    "where_segment": "All",
    "where_region": "All",
}
_MARKS: Final = re.compile(r"[\\\u2060*]|:[a-z]+-badge|:primary")
_SPACE: Final = re.compile(r"\s+")


def asked(
    database: Path, pages: Sequence[str] = PAGES, scopes: Sequence[Scope] = SCOPES
) -> dict[str, str]:
    """What the command line prints, by page and scope."""
    return {
        name_of(page, scope): _asked(database, page or "brief", scope)
        for page in pages
        for scope in scopes
    }


def name_of(page: str, scope: Scope) -> str:
    """Under which an answer is kept."""
    return f"{page or 'brief'} {json.dumps(scope)}"


def differs(drawn: Drawn, told: str) -> str:
    """What the page shows that the command line does not say; empty if all agree."""
    whole = _bare(told)
    shown = [
        text
        for key, text in drawn.texts
        if key in ("headline", "headline-long") or key.startswith(("value-", "value-long-"))
    ]
    if not shown:
        return f"{drawn.page or 'brief'}: no figure at all"
    odd = [text for text in shown if not _stands(_bare(text), whole)]
    return f"{drawn.page or 'brief'}: {odd[0]}" if odd else ""


def _stands(text: str, whole: str) -> bool:
    """Whether the text stands in the whole, and not as a piece of a longer word or figure."""
    return bool(re.search(rf"(?<![\w.,])(?<![-−]){re.escape(text)}(?![\w%])(?![.,]\d)", whole))


def _bare(text: str) -> str:
    """The characters a reader sees, small letters, one blank where there are several."""
    return _SPACE.sub(" ", _MARKS.sub("", text)).casefold().strip()


def _asked(database: Path, question: str, scope: Scope) -> str:
    command = ["answer", question, "--db", str(database), *_options(dict(scope))]
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = main(command)
    if code:
        raise RuntimeError(f"{' '.join(command)} ended with {code}")
    return said.getvalue()


def _options(scope: Mapping[str, str]) -> list[str]:
    told = []
    for name, value in scope.items():
        if name.startswith("where_"):
            told += ["--where", f"{name.removeprefix('where_')}={value}"]
        else:
            told += [f"--{name}", value]
    return told


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(asked(Path(sys.argv[1]))), encoding="utf-8")
