"""Compressed files: the tables inside, unpacked into files of ours.

What an archive says about itself is not believed: the unpacked bytes are counted while they come
out. The name of an entry names it on screen; no path of an archive is ever a path on the disk. The
work is done by the process apart.
"""

import bz2
import gzip
import lzma
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from cxdash.errors import FileRefused
from cxdash.intake.reading.gate import clean_name
from cxdash.intake.reading.limits import LIMITS, Limits

__all__ = ["PACKED", "is_packed", "unpack"]

_CHUNK: Final = 1 << 20
_ENCRYPTED: Final = 0x1
# What systems put into archives beside the files a person chose.
_LITTER: Final = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_NESTED: Final = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!")
_DAMAGE: Final = (
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    LookupError,
    NotImplementedError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
)

Opener = Callable[[Path], Any]
_STREAMS: Final[dict[str, tuple[bytes, Opener]]] = {
    ".gz": (b"\x1f\x8b", gzip.GzipFile),
    ".bz2": (b"BZh", bz2.BZ2File),
    ".xz": (b"\xfd7zXZ", lzma.LZMAFile),
}
_ZIP: Final = (".zip", b"PK")
PACKED: Final = (*_STREAMS, _ZIP[0])


@dataclass(slots=True)
class _Meter:
    """Counts what comes out of an archive against what went in."""

    name: str
    packed: int
    limits: Limits
    unpacked: int = 0

    def count(self, more: int) -> None:
        self.unpacked += more
        if not self.limits.unpacks_honestly(self.packed, self.unpacked):
            raise FileRefused(
                f"{self.name} unpacks to more than {self.unpacked / 1e6:,.0f} MB, "
                "which no honest export of its size does.",
                file=self.name,
                do_next="Unpack it yourself and choose the files that matter.",
            )


@dataclass(slots=True)
class _Names:
    """Names of entries on screen, each once."""

    given: set[str] = field(default_factory=set)

    def of(self, entry: str) -> str:
        name = unique = clean_name(entry)
        number = 1
        while unique.lower() in self.given:
            number += 1
            stem, dot, ending = name.rpartition(".")
            unique = f"{stem} ({number}).{ending}" if dot else f"{name} ({number})"
        self.given.add(unique.lower())
        return unique


def is_packed(path: Path, name: str) -> bool:
    """Whether a file is compressed in a form that is unpacked, by its content and its name.

    A compressed file under another name is not: it is refused when it is read.
    """
    ending = _ending(name)
    magic = dict([*((end, begin) for end, (begin, _) in _STREAMS.items()), _ZIP]).get(ending)
    if magic is None:
        return False
    with path.open("rb") as file:
        return file.read(len(magic)) == magic


def _ending(name: str) -> str:
    return f".{name.rpartition('.')[2].lower()}" if "." in name else ""


def unpack(path: Path, name: str, into: Path, limits: Limits = LIMITS) -> list[tuple[str, str]]:
    """Unpack a compressed file into ``into``: where each file inside lies now, and its name.

    Raises
    ------
    FileRefused
        If it is damaged, encrypted, beyond a limit, holds another archive, or is made to write
        somewhere else.
    """
    meter = _Meter(name, path.stat().st_size, limits)
    try:
        if _ending(name) == _ZIP[0]:
            return _unpack_zip(path, meter, into)
        with _STREAMS[_ending(name)][1](path) as stream:
            inside = name[: -len(_ending(name))] or "unnamed file"
            return [(_copied(stream, into / "0", meter, inside), inside)]
    except _DAMAGE as error:
        raise FileRefused(
            f"{name} is damaged or written in a way that is not read.",
            file=name,
            do_next="Download it again, or unpack it yourself and choose the files inside.",
        ) from error


def _unpack_zip(path: Path, meter: _Meter, into: Path) -> list[tuple[str, str]]:
    with zipfile.ZipFile(path) as archive:
        entries = list(_tables(archive, meter))
        names = _Names()
        found = []
        for number, entry in enumerate(entries):
            inside = names.of(entry.filename)
            with archive.open(entry) as stream:
                found.append((_copied(stream, into / str(number), meter, inside), inside))
    if not found:
        raise FileRefused(
            f"{meter.name} holds no files.", file=meter.name, do_next="Export it again."
        )
    return found


def _tables(archive: zipfile.ZipFile, meter: _Meter) -> Iterator[zipfile.ZipInfo]:
    """The entries a person put into the archive."""
    entries = archive.infolist()
    if "xl/workbook.xml" in archive.NameToInfo:
        raise FileRefused(
            f"{meter.name} is an Excel workbook although its name ends in .zip.",
            file=meter.name,
            do_next="Give it the ending .xlsx.",
        )
    if len(entries) > meter.limits.entries:
        raise FileRefused(
            f"{meter.name} holds {len(entries):,} files; at most {meter.limits.entries:,} are "
            "read at once.",
            file=meter.name,
            do_next="Choose fewer files.",
        )
    for entry in entries:
        parts = entry.filename.replace("\\", "/").split("/")
        if entry.is_dir() or parts[0] == "__MACOSX" or parts[-1].lower() in _LITTER:
            continue
        if ".." in parts or parts[0] == "" or ":" in parts[0]:
            raise FileRefused(
                f"{meter.name} is made to write outside its own folder, which no export is.",
                file=meter.name,
                do_next="Do not open it; ask where it came from.",
            )
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise FileRefused(
                f"{meter.name} holds a link to another place instead of a file.",
                file=meter.name,
                do_next="Pack the files themselves.",
            )
        if entry.flag_bits & _ENCRYPTED:
            raise FileRefused(
                f"{meter.name} is protected with a password.",
                file=meter.name,
                do_next="Unpack it yourself and choose the files inside.",
            )
        yield entry


def _copied(stream: Any, to: Path, meter: _Meter, inside: str) -> str:
    """Copy a stream to a file while counting it; where it lies."""
    with to.open("xb", buffering=0) as file:
        while chunk := stream.read(_CHUNK):
            if file.tell() == 0 and _is_nested(chunk, inside):
                raise FileRefused(
                    f"{meter.name} holds another archive, {inside}.",
                    file=meter.name,
                    do_next="Unpack it yourself and choose the files inside.",
                )
            meter.count(len(chunk))
            _write(file, chunk, meter)
    return str(to)


def _write(file: IO[bytes], chunk: bytes, meter: _Meter) -> None:
    try:
        file.write(chunk)
    except OSError as error:
        raise FileRefused(
            f"The disk has no room for what is inside {meter.name}.",
            file=meter.name,
            do_next="Free some space and import the file again.",
        ) from error


def _is_nested(begin: bytes, inside: str) -> bool:
    if _ending(inside) in (".xlsx", ".xlsm") and begin.startswith(b"PK"):
        return False
    return begin.startswith(_NESTED) or begin[257:262] == b"ustar"
