"""Text in columns of fixed width: where the columns begin, and the cells between.

A column ends where no line of the whole file has a letter. Whether the cuts are right is asked.
"""

from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path
from typing import Final

from cxdash.errors import FileRefused
from cxdash.intake.reading.description import Doubt
from cxdash.intake.reading.gate import Scan
from cxdash.intake.reading.limits import LIMITS

__all__ = ["doubt", "find_cuts", "records"]

Cuts = tuple[int, ...]
_FEWEST_LINES: Final = 5
_LONGEST_LINE: Final = 4_000
_SHOWN: Final = 3
# Blanks become 0 and everything else 1, so that lines can be laid over each other as numbers.
_OCCUPIED: Final = bytes(0 if byte in b" \xa0" else 1 for byte in range(256))


def find_cuts(path: Path, encoding: str) -> tuple[Cuts, ...]:
    """Ways to cut the file, the finest first: the positions, from 0, at which columns begin.

    Empty if the file has no columns of blanks, or holds tabs.
    """
    laid = lines = filled = 0
    with path.open(encoding=encoding, newline="") as file:
        for line in file:
            text = line.rstrip("\r\n")
            if len(text) > _LONGEST_LINE or "\t" in text:
                return ()
            lines += 1
            if text.strip():
                filled += 1
                letters = text.encode("latin-1", "replace").translate(_OCCUPIED)
                laid |= int.from_bytes(letters, "little")
    if filled < _FEWEST_LINES or not laid:
        return ()
    taken = laid.to_bytes((laid.bit_length() + 7) // 8, "little")
    found = dict.fromkeys((_cuts(taken, 1), _cuts(taken, 2)))
    return tuple(
        cuts
        for cuts in found
        if 1 < len(cuts) <= LIMITS.columns and _are_filled(path, encoding, cuts)
    )


def _cuts(taken: bytes, blanks: int) -> Cuts:
    """Positions at which a letter follows at least so many blanks; the first column begins at 0."""
    begins = [
        at
        for at in range(blanks, len(taken))
        if taken[at] and not any(taken[at - blanks : at]) and any(taken[:at])
    ]
    return (0, *begins)


def _are_filled(path: Path, encoding: str, cuts: Cuts) -> bool:
    """Whether most of the first lines have a cell in every column, as prose would not."""
    counts = [0] * len(cuts)
    lines = 0
    with path.open(encoding=encoding, newline="") as file:
        for line in islice(file, 200):
            if line.strip():
                lines += 1
                for at, cell in enumerate(_cells(line.rstrip("\r\n"), cuts)):
                    counts[at] += bool(cell)
    return min(counts) * 2 >= lines


def doubt(path: Path, scan: Scan, encoding: str, found: tuple[Cuts, ...]) -> Doubt:
    """The question whether a file is cut rightly, with its first lines cut in each way."""
    with path.open(encoding=encoding, newline="") as file:
        lines = [line.rstrip("\r\n") for line in islice(file, 50) if line.strip()][:_SHOWN]
    options = tuple(
        (
            ",".join(map(str, cuts)),
            " / ".join(" | ".join(_cells(line, cuts)) for line in lines)[:200],
        )
        for cuts in found
    )
    return Doubt(
        "fixed_width",
        f"{scan.name} has no marks between its cells; its columns seem to stand below each other. "
        "Are its lines cut rightly here?",
        options,
    )


def records(path: Path, scan: Scan, encoding: str, cuts: Cuts) -> Iterator[tuple[int, list[str]]]:
    """Every line that is not blank, cut into cells, with its number (from 1).

    A line with a letter where a column should end is given as one cell.

    Raises
    ------
    FileRefused
        If the file consists mostly of blank lines.
    """
    blank = 0
    with path.open(encoding=encoding, newline="") as file:
        for number, line in enumerate(file, start=1):
            text = line.rstrip("\r\n")
            if text.strip():
                ends = (at - 1 for at in cuts[1:] if at <= len(text))
                fits = all(text[at] in " \xa0" for at in ends)
                yield number, _cells(text, cuts) if fits else [text]
                continue
            blank += 1
            if blank > LIMITS.blank_lines:
                raise FileRefused(
                    f"{scan.name} consists mostly of blank lines.",
                    file=scan.name,
                    line=number,
                    do_next="Export it again; the download may have failed.",
                )


def _cells(text: str, cuts: Cuts) -> list[str]:
    return [text[begin:end].strip() for begin, end in pairwise((*cuts, len(text) + cuts[-1]))]
