"""What is this file, really? Content before name; size, encoding and line length before parsing.

Nothing here trusts the file's extension, and nothing is parsed before the limits are checked.
"""

import codecs
import hashlib
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cxdash.errors import FileRefused
from cxdash.intake.reading.limits import LIMITS, Limits

__all__ = ["ENCODINGS", "Scan", "clean_name", "digest_of", "scan"]

ENCODINGS: Final = {
    "utf-8": "UTF-8",
    "cp1252": "Windows, Western European (cp1252)",
    "iso-8859-15": "Latin-9, Western European (iso-8859-15)",
    "cp1250": "Windows, Central European (cp1250)",
    "mac_roman": "Old Mac (mac-roman)",
    "cp850": "DOS, Western European (cp850)",
}
_CHUNK: Final = 1 << 20
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAVE_AS_CSV: Final = "Export the table as CSV or XLSX and choose that file."
_MAGIC: Final = (
    (b"%PDF", "a PDF document", _SAVE_AS_CSV),
    (b"\x1f\x8b", "a gzip archive", "Unpack it first and choose the file inside."),
    (b"BZh", "a bzip2 archive", "Unpack it first and choose the file inside."),
    (b"\xfd7zXZ", "an xz archive", "Unpack it first and choose the file inside."),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", "Unpack it first and choose the file inside."),
    (b"\x04\x22\x4d\x18", "an lz4 archive", "Unpack it first and choose the file inside."),
    (b"7z\xbc\xaf", "a 7-Zip archive", "Unpack it first and choose the file inside."),
    (b"Rar!", "a RAR archive", "Unpack it first and choose the file inside."),
    (
        b"\xd0\xcf\x11\xe0",
        "an Excel workbook of the old .xls form",
        "Open it in Excel, save it as .xlsx and choose that file.",
    ),
    (b"MZ", "a Windows program", "Choose the export itself."),
    (b"\x7fELF", "a program", "Choose the export itself."),
    (b"\x89PNG", "a picture", _SAVE_AS_CSV),
    (b"\xff\xd8\xff", "a picture", _SAVE_AS_CSV),
    (b"SQLite format 3", "an SQLite database", _SAVE_AS_CSV),
)


@dataclass(frozen=True, slots=True)
class Scan:
    """What one pass over the bytes found.

    ``encoding`` is empty when it cannot be known from the bytes; ``bad_byte`` then is the offset of
    the first byte that is not UTF-8.
    """

    name: str
    form: str
    bytes: int
    sha256: str
    encoding: str = ""
    has_nul: bool = False
    bad_byte: int = -1


def clean_name(name: str) -> str:
    """A file name fit to be stored and shown: no folders, no invisible characters, not too long."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip()
    return shown[-120:] or "unnamed file"


def scan(
    path: Path, *, file_name: str | None = None, encoding: str = "", limits: Limits = LIMITS
) -> Scan:
    """Look at the whole file once without parsing it.

    Parameters
    ----------
    encoding
        What a person said the encoding is; empty to find out.

    Raises
    ------
    FileRefused
        If the content is not a table we read, does not fit its name, or is beyond a limit.
    """
    name = clean_name(file_name or path.name)
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise FileRefused(f"{name} cannot be opened: {error.strerror}.", file=name) from error
    if size == 0:
        raise FileRefused(
            f"{name} is empty.", file=name, do_next="Export it again; the download may have failed."
        )
    if size > limits.file:
        raise FileRefused(
            f"{name} is {size / 1e6:,.0f} MB; at most {limits.file / 1e6:,.0f} MB are read.",
            file=name,
            do_next="Split the export by month or year and import the parts.",
        )
    form = _form(path, name, head, limits)
    if form != "text":
        return Scan(name, form, size, digest_of(path))
    return _scan_text(path, name, size, head, encoding, limits)


def _form(path: Path, name: str, head: bytes, limits: Limits) -> str:
    suffix = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    for magic, what, do_next in _MAGIC:
        if head.startswith(magic):
            raise FileRefused(f"{name} is {what}, not a table.", file=name, do_next=do_next)
    if head.startswith(b"PK"):
        _refuse_unless_workbook(path, name, suffix, limits)
        return "xlsx"
    if head.startswith(b"PAR1"):
        if suffix not in ("parquet", "pq", "tmp", ""):
            raise FileRefused(
                f"{name} is a Parquet file although its name ends in .{suffix}.",
                file=name,
                do_next="Rename it to .parquet if that is what you meant to import.",
            )
        return "parquet"
    if suffix in ("xlsx", "xlsm", "parquet", "pq"):
        raise FileRefused(
            f"{name} is not the .{suffix} file its name promises; its content is something else.",
            file=name,
            do_next="Export it again, or give it the ending that fits its content.",
        )
    if head[257:262] == b"ustar":
        raise FileRefused(
            f"{name} is a tar archive, not a table.",
            file=name,
            do_next="Unpack it first and choose the file inside.",
        )
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        raise FileRefused(
            f"{name} is a web page, not a table; it may be the login page of the tool.",
            file=name,
            do_next="Log in to the tool, export again and choose the new file.",
        )
    if start.startswith((b"{", b'[{"')):
        raise FileRefused(
            f"{name} is JSON, not a table.",
            file=name,
            do_next="Export as CSV, XLSX or Parquet instead.",
        )
    return "text"


def _refuse_unless_workbook(path: Path, name: str, suffix: str, limits: Limits) -> None:
    if suffix not in ("xlsx", "xlsm", "tmp", ""):
        raise FileRefused(
            f"{name} is a ZIP archive or an Excel workbook although its name ends in .{suffix}.",
            file=name,
            do_next="Rename a workbook to .xlsx; unpack an archive and choose the file inside.",
        )
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise FileRefused(
            f"{name} is a damaged workbook or archive.", file=name, do_next="Export it again."
        ) from error
    if "xl/workbook.xml" not in {entry.filename for entry in entries}:
        raise FileRefused(
            f"{name} is a ZIP archive, not an Excel workbook.",
            file=name,
            do_next="Unpack it and choose the file inside.",
        )
    unpacked = sum(entry.file_size for entry in entries)
    if not limits.unpacks_honestly(sum(entry.compress_size for entry in entries), unpacked):
        raise FileRefused(
            f"{name} would unpack to {unpacked / 1e6:,.0f} MB, which no honest export does.",
            file=name,
            do_next="Export the table as CSV and choose that file.",
        )


def _scan_text(
    path: Path, name: str, size: int, head: bytes, encoding: str, limits: Limits
) -> Scan:
    found = encoding or _encoding_of(head)
    decoder = _decoder(found or "utf-8", name)
    digest = hashlib.sha256()
    nuls = offset = since_newline = 0
    bad = -1
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            nuls += chunk.count(0)
            since_newline = _longest_open_line(chunk, since_newline, name, limits)
            if bad < 0:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError as error:
                    bad = max(0, offset + error.start)
            offset += len(chunk)
    if bad < 0:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            bad = size - 1
    if bad >= 0 and (encoding or found):
        raise FileRefused(
            f"{name} is not {ENCODINGS.get(found, found)} text: byte {bad + 1:,} does not fit.",
            file=name,
            do_next="Choose another encoding, or export the file again as UTF-8.",
        )
    wide = found.startswith(("utf-16", "utf-32"))
    return Scan(
        name,
        "text",
        size,
        digest.hexdigest(),
        encoding="" if bad >= 0 else (found or "utf-8"),
        has_nul=nuls > 0 and not wide,
        bad_byte=bad,
    )


def _encoding_of(head: bytes) -> str:
    """The encoding a byte order mark or a regular pattern of zero bytes tells, else empty."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    evens, odds = head[0::2].count(0), head[1::2].count(0)
    if len(head) >= 8 and odds > len(head) * 0.3 and evens < len(head) * 0.05:
        return "utf-16-le"
    if len(head) >= 8 and evens > len(head) * 0.3 and odds < len(head) * 0.05:
        return "utf-16-be"
    return ""


def _decoder(encoding: str, name: str) -> codecs.IncrementalDecoder:
    try:
        # Some codecs of Python turn text into text, or nothing into anything.
        "a".encode(encoding).decode(encoding)
        return codecs.getincrementaldecoder(encoding)("strict")
    except (LookupError, UnicodeError) as error:
        raise FileRefused(
            f"{name}: there is no encoding called {encoding!r}.",
            file=name,
            do_next=f"Known ones: {', '.join(ENCODINGS)}.",
        ) from error


def _longest_open_line(chunk: bytes, before: int, name: str, limits: Limits) -> int:
    """Length of the line still open at the end of the chunk; refuses a line beyond the limit."""
    first = min((at for at in (chunk.find(b"\n"), chunk.find(b"\r")) if at >= 0), default=-1)
    if before + (first if first >= 0 else len(chunk)) > limits.line:
        raise FileRefused(
            f"{name} has a line of more than {limits.line / 1e6:.0f} MB; this is not a table.",
            file=name,
            do_next="Check the export; a row of a table ends with a line break.",
        )
    if first < 0:
        return before + len(chunk)
    return len(chunk) - 1 - max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes, as receipts show it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
