"""Published and third-party numbers our estimators must give, and the data they were computed on.

``expected("e3_bh1995")`` reads a record of numbers: its source, its tolerance, what is expected.
``data("swiss.csv")`` finds the file those numbers were computed on. Files under a licence that does
not let them lie here are looked for beside the project; where they are not, ``data`` gives None and
a test holds the numbers alone. ``CXDASH_PUBLIC_DATA`` names another folder to look in.
"""

import json
import os
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
BESIDE = Path(os.environ.get("CXDASH_PUBLIC_DATA", HERE.parents[1].parent / "shared"))


def expected(name: str) -> dict[str, Any]:
    """The record of that name: ``source``, ``tol``, ``expected`` and what else it holds."""
    path = HERE / "expected" / f"{name}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def data(name: str) -> Path | None:
    """Where the data file lies, or None where it is not at hand."""
    for folder in (HERE / "data", BESIDE / "refdata" / "data"):
        if (folder / name).is_file():
            return folder / name
    return None


def public(name: str) -> Path:
    """Where a public data set that is not ours to give away would lie: ``telco/list.csv``."""
    return BESIDE / "data" / name
