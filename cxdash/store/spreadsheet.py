"""Text in a file that a spreadsheet may open: never a formula, and restored when it comes back.

A spreadsheet runs a cell that begins with one of a few characters. Ours put one apostrophe before
such a text. Text that already looks like that, apostrophes and then such a character, gets one as
well: so whatever begins in that way in a file of ours lost exactly one when it was written, and
taking one off gives the original. Figures are no text and stay figures, negative ones included.

Characters: OWASP, CSV Injection; ASVS 5.0, 1.2.10; full-width forms are run by some spreadsheets.
"""

import csv
import io
import re
from collections.abc import Sequence
from typing import Final

__all__ = ["ACTIVE", "RESTORED", "neutral", "restored", "to_csv"]

ACTIVE: Final = "=+-@\t\r\n\x00＝＋－＠"
_LIVE: Final = re.compile(f"'*[{re.escape(ACTIVE)}]")
_OURS: Final = re.compile(f"'+[{re.escape(ACTIVE)}]")

# The same as :func:`restored` for a text expression of the database engine; {} stands for it.
RESTORED: Final = (
    "CASE WHEN regexp_matches({0}, '^''+[=+\\-@\\t\\r\\n\\x00＝＋－＠]') "
    "THEN substr({0}, 2) ELSE {0} END"
)


def neutral(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula.

    >>> neutral("=1+1"), neutral("'=1+1"), neutral("'tis"), neutral("a=b")
    ("'=1+1", "''=1+1", "'tis", 'a=b')
    """
    return f"'{text}" if _LIVE.match(text) else text


def restored(cell: str) -> str:
    """The text that :func:`neutral` was given.

    >>> restored("'=1+1"), restored("''=1+1"), restored("'tis")
    ('=1+1', "'=1+1", "'tis")
    """
    return cell[1:] if _OURS.match(cell) else cell


def to_csv(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """CSV text that opens in a spreadsheet without a single live formula."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow([neutral(name) for name in header])
    for row in rows:
        writer.writerow([neutral(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue()
