"""In which files beside the database does a name stand: uploads that wait, and logs.

A name counts where it stands as a word, in plain bytes or inside a packed file, written as text of
the usual encodings, in XML or in JSON. What cannot be looked into is named, never taken for clean.
"""

import bz2
import codecs
import gzip
import json
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final
from xml.sax.saxutils import escape

from cxdash.store import Place

__all__ = ["Search", "search"]

_SHORT: Final = 4  # a shorter name stands in any file by chance
_CHUNK: Final = 1 << 20
_MOST: Final = 4 << 30  # bytes of one file once unpacked
_STREAMS: Final[dict[bytes, Callable[[IO[bytes]], Any]]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ": lzma.open,
}
_ZIP: Final = b"PK\x03\x04"
_MARK: Final = 8  # bytes that tell what a file is
# Parquet, zstd, lz4, 7-Zip, RAR, an old workbook: nothing here unpacks them.
_CLOSED: Final = (
    b"PAR1",
    b"\x28\xb5\x2f\xfd",
    b"\x04\x22\x4d\x18",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\xd0\xcf\x11\xe0",
)
_WIDE: Final = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_UNREADABLE: Final = (
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    NotImplementedError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
)


@dataclass(frozen=True, slots=True)
class Search:
    """Files in which a name stands, and those that could not be looked into."""

    found: tuple[Path, ...]
    unsearched: tuple[Path, ...]


class _ClosedError(ValueError):
    """A file cannot be looked into, or unpacks to more than anybody waits for."""


def search(place: Place, names: Sequence[str]) -> Search:
    """Look through uploads that wait and logs for names as words; short ones are left out."""
    wanted = _written({name for name in names if len(name) >= _SHORT})
    found: list[Path] = []
    unsearched: list[Path] = []
    if not wanted:
        return Search((), ())
    for folder in (place.logs, place.staging):
        for file in sorted(folder.rglob("*")):
            with suppress(FileNotFoundError):  # loaded meanwhile, and removed
                if file.is_file():
                    held = _held(file, wanted)
                    found += [file] if held else []
                    unsearched += [file] if held is None else []
    return Search(tuple(found), tuple(unsearched))


def _written(names: set[str]) -> list[bytes]:
    """Every way in which the names may be written, the longest first."""
    ways = {
        text.encode(encoding, errors="ignore")
        for name in names
        for text in (name, escape(name), escape(name, {'"': "&quot;"}), json.dumps(name)[1:-1])
        for encoding in ("utf-8", "cp1252")
        if text.encode(encoding, errors="ignore").decode(encoding) == text
    }
    return sorted(ways, key=len, reverse=True)


def _held(file: Path, wanted: Sequence[bytes]) -> bool | None:
    """Whether a name stands in the file; None where that cannot be said."""
    try:
        return _stands_in(file, wanted)
    except FileNotFoundError:
        raise
    except _UNREADABLE:
        return None


def _stands_in(file: Path, wanted: Sequence[bytes]) -> bool:
    """A number inside a longer one is another customer's: that file is not to be touched."""
    words = b"|".join(re.escape(name) for name in wanted)
    alone = re.compile(b"(?<![\\w\x80-\xff])(?:%b)(?![\\w\x80-\xff])" % words)
    longest = max(map(len, wanted))
    with file.open("rb") as source:
        return any(_holds(stream, alone, longest) for stream in _opened(source))


def _opened(source: IO[bytes]) -> Iterator[IO[bytes]]:
    """The streams inside a file: itself, or what it unpacks to."""
    begin = _begin(source)
    if begin.startswith(_ZIP):
        with zipfile.ZipFile(source) as archive:
            yield from _entries(archive)
        return
    for mark, opener in _STREAMS.items():
        if begin.startswith(mark):
            with opener(source) as stream:
                is_nested = _is_packed(_begin(stream))
                yield stream
            if is_nested:
                raise _ClosedError
            return
    yield source
    if begin.startswith(_CLOSED):
        raise _ClosedError


def _entries(archive: zipfile.ZipFile) -> Iterator[IO[bytes]]:
    is_nested = False
    for entry in archive.infolist():
        with archive.open(entry) as stream:
            is_nested = is_nested or _is_packed(_begin(stream))
            yield stream
    if is_nested:
        raise _ClosedError


def _begin(stream: IO[bytes]) -> bytes:
    begin = stream.read(_MARK)
    stream.seek(0)
    return begin


def _is_packed(begin: bytes) -> bool:
    return begin.startswith((_ZIP, *_STREAMS, *_CLOSED))


def _holds(stream: IO[bytes], alone: re.Pattern[bytes], longest: int) -> bool:
    """Whether the pattern stands in a stream, also across two pieces of it."""
    held, is_first = b"", True
    for piece in _pieces(stream):
        held += piece
        # What touches the end may go on in the next piece, and what begins a later piece has lost
        # the letter before it.
        for match in alone.finditer(held):
            if match.end() < len(held) and (is_first or match.start() > 0):
                return True
        if len(held) > longest + 1:
            held, is_first = held[-longest - 1 :], False
    return any(is_first or match.start() > 0 for match in alone.finditer(held))


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """The bytes of a stream; text of two or four bytes a letter as UTF-8."""
    decoder: codecs.IncrementalDecoder | None = None
    size = 0
    while piece := stream.read(_CHUNK):
        if not size:
            decoder = _wide(piece)
        size += len(piece)
        if size > _MOST:
            raise _ClosedError
        yield decoder.decode(piece).encode(errors="replace") if decoder else piece


def _wide(begin: bytes) -> codecs.IncrementalDecoder | None:
    for mark, encoding in _WIDE.items():
        if begin.startswith(mark):
            return codecs.getincrementaldecoder(encoding)("replace")
    zeros = begin[:4096]
    for encoding, parts in (("utf-16-le", zeros[1::2]), ("utf-16-be", zeros[0::2])):
        if len(zeros) >= 8 and parts.count(0) > 0.6 * len(parts):
            return codecs.getincrementaldecoder(encoding)("replace")
    return None
