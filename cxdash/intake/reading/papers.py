"""What lies in an archive beside its tables: texts to read first, documents, pictures.

Left aside is only what says so itself: a document by its name, a text by having no columns. All
else is read as a table, and whatever is wrong with it is told.
"""

import csv
from collections import Counter
from pathlib import Path
from typing import Final

from cxdash.intake.reading.fixed import find_cuts

__all__ = ["why_aside"]

_TEXTS: Final = frozenset({"", "txt", "text", "md", "rst", "log", "nfo"})
_DOCUMENTS: Final = frozenset(
    {
        *("pdf", "doc", "docx", "odt", "rtf", "ppt", "pptx", "eml", "msg"),
        *("png", "jpg", "jpeg", "gif", "svg", "webp"),
    }
)
_MARKS: Final = ",;\t|"
_LOOKED_AT: Final = 1 << 18  # bytes
_LINED_UP: Final = 0.8  # share of the lines of a table that have equally many cells, at least
_BOMS: Final = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


def why_aside(path: Path, name: str) -> str:
    """Why a file out of an archive is no table; empty if it may be one.

    >>> why_aside(Path("0"), "terms.pdf")
    'a file that ends in .pdf holds no table'
    """
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending in _DOCUMENTS:
        return f"a file that ends in .{ending} holds no table"
    if ending in _TEXTS and not _has_columns(path):
        return "it is text without columns"
    return ""


def _has_columns(path: Path) -> bool:
    """Whether lines line up in columns; also of what is no text, which its reader then names."""
    with path.open("rb") as file:
        head = file.read(_LOOKED_AT)
    encoding = next((name for bom, name in _BOMS.items() if head.startswith(bom)), "")
    if not head.strip() or (b"\0" in head and not encoding):
        return True
    if not encoding or not _decodes(path, encoding):
        encoding = "utf-8" if _decodes(path, "utf-8") else "latin-1"
    lines = [line for line in head.decode(encoding, "replace").splitlines() if line.strip()]
    if len(head) == _LOOKED_AT and len(lines) > 1:
        lines.pop()
    return any(_line_up(lines, mark) for mark in _MARKS) or bool(find_cuts(path, encoding))


def _decodes(path: Path, encoding: str) -> bool:
    with path.open(encoding=encoding) as file:
        try:
            while file.read(_LOOKED_AT):
                pass
        except UnicodeDecodeError:
            return False
    return True


def _line_up(lines: list[str], mark: str) -> bool:
    try:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=mark) if row)
    except csv.Error:
        # A cell that never ends under this mark: it is none.
        return False
    width, times = max(widths.items(), key=lambda item: (item[1], item[0]))
    # In a sentence a blank follows each mark; that two lines have one each is chance.
    fewest = 2 if any(mark in line.replace(f"{mark} ", " ").rstrip(mark) for line in lines) else 3
    return width >= fewest and times > 1 and times >= _LINED_UP * widths.total()
