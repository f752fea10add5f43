"""How much a file may hold at most, and how much the process that reads it may use."""

from dataclasses import dataclass
from typing import Final

__all__ = ["LIMITS", "Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may hold at most. Sizes are in bytes unless named otherwise.

    ``text`` is the most characters the cells of a file may have together. A small file may unfold
    to ``free_text`` of them, a larger one to ``text_ratio`` times its size. ``memory`` is the
    address space a reader may add to what it starts with; ``seconds`` the time of a processor it
    may use, and ``seconds_a_mega`` what it may use beside that for each megabyte of the file.
    """

    file: int = 1 << 30
    line: int = 4 << 20
    field_chars: int = 1 << 20
    columns: int = 2_000
    blank_lines: int = 100_000
    unpacked: int = 2 << 30
    packing_ratio: int = 200
    entries: int = 100
    rows: int = 50_000_000
    sheet_rows: int = 1 << 20
    text: int = 4 << 30
    free_text: int = 256 << 20
    text_ratio: int = 1_000
    memory: int = 1 << 30
    staged: int = 8 << 30
    seconds: int = 60
    seconds_a_mega: float = 1.0

    def text_of(self, size: int) -> int:
        """The most characters the cells of a file of ``size`` bytes may have together."""
        return min(self.text, max(self.free_text, self.text_ratio * size))

    def unpacks_honestly(self, packed: int, unpacked: int) -> bool:
        """Whether ``packed`` bytes may unpack to as many as these."""
        is_bomb = unpacked > 64 << 20 and unpacked / max(1, packed) > self.packing_ratio
        return unpacked <= self.unpacked and not is_bomb

    def time_for(self, size: int) -> int:
        """Seconds of a processor that reading ``size`` bytes may take."""
        return int(self.seconds + self.seconds_a_mega * size / 1e6)


LIMITS: Final = Limits()
