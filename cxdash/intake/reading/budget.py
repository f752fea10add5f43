"""How much text a file may unfold into while it is read: small files can ask for a lot.

A cell stored once can stand in a million rows of a workbook or a Parquet file, so the size of the
file says little about the size of its table.
"""

from typing import Final

from cxdash.errors import FileRefused
from cxdash.intake.reading.gate import Scan
from cxdash.intake.reading.limits import LIMITS, Limits

__all__ = ["Budget"]

_MEGA: Final = 1_000_000


class Budget:
    """The text read from one file so far.

    Raises
    ------
    FileRefused
        From :meth:`spend`, once a cell is too long, or there are too many rows or characters.
    """

    def __init__(self, scan: Scan, limits: Limits = LIMITS) -> None:
        self._scan = scan
        self._limits = limits
        self._left = limits.text_of(scan.bytes)

    def spend(self, line: int, cells: list[str]) -> None:
        """Take a row's text off what is left."""
        longest = max(map(len, cells), default=0)
        if longest > self._limits.field_chars:
            raise FileRefused(
                f"Row {line:,} of {self._scan.name} has a cell of {longest:,} characters; "
                f"at most {self._limits.field_chars:,} are read.",
                file=self._scan.name,
                line=line,
                do_next="Leave that column out of the export, or shorten the cell.",
            )
        if line > self._limits.rows:
            raise FileRefused(
                f"{self._scan.name} has more than {self._limits.rows:,} rows.",
                file=self._scan.name,
                line=line,
                do_next="Split the export by month or year and import the parts.",
            )
        self._left -= sum(map(len, cells))
        if self._left < 0:
            most = self._limits.text_of(self._scan.bytes)
            raise FileRefused(
                f"{self._scan.name} unfolds to more than {most / _MEGA:,.0f} million characters, "
                f"which a file of {self._scan.bytes:,} bytes honestly does not.",
                file=self._scan.name,
                line=line,
                do_next="Export fewer columns or a shorter time, or export as CSV.",
            )
