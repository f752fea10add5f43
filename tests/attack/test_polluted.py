"""A thousand polluted files: rows are read as they were written or set aside, never lost.

Files are written row by row and then polluted as exports in the wild are: cells missing or too
many, quotation marks lost, other delimiters and line ends, byte order marks, zero bytes, encodings,
titles, remarks, totals, repeated headers, blank rows, huge cells. Who wrote a file knows what
stands on each of its lines; that is compared with what was read. An ordinary run reads a quarter.
"""

import csv
import io
import re
import tempfile
from collections import Counter
from dataclasses import dataclass

import pytest
from grammar import joined, records, split
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from thorough import THOROUGH

from cxdash.errors import FileRefused
from cxdash.intake import FileSpec
from cxdash.intake.reading import work
from cxdash.intake.reading.limits import LIMITS
from cxdash.intake.reading.reader import rows_of

FILES = 1_000 if THOROUGH else 250
CELLS = (
    *("", "", "0", "9", "10", "C-0001", "00123", "2026-01-05", "05/01/2026 10:30", "EUR"),
    *("1,234.50", "1.234,50", "fine", " blanks ", "a, b", "x;y", "t\tab", "p|q", "a:b"),
    *('say "no"', '"', '""', "line\nbreak", "both\r\nbreaks", "tail\r", "Ärger", "日本", "😀"),
    *("=1+1", "N/A", "\u2028", "\x0b", "'", "\\", 'back \\" slash', "#", "sep=;"),
)
NAMES = ("id", "customer", "submitted_at", "nps", "comment", "segment", "Ort", "amount (EUR)")
ROW_POLLUTION = (
    *["none"] * 14,
    *("missing", "missing many", "extra", "trailing", "other delimiter", "lost quote"),
    *("stray quote", "blank", "spaces", "zero byte", "header again", "remark", "long", "huge"),
)
ENCODINGS = ("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252")


@dataclass
class Written:
    """A file and what its writer knows of it."""

    text: str
    encoding: str
    delimiter: str
    header_line: int
    width: int
    rows: list[tuple[int, list[str]]]
    pollution: frozenset[str]


# What pollution does to the cells of a row; it is then written by the rules.
OTHER_CELLS = {
    "missing": lambda cells, _: cells[:-1],
    "missing many": lambda cells, _: cells[:1],
    "extra": lambda cells, _: [*cells, "one", "two"],
    "trailing": lambda cells, _: [*cells, ""],
    "zero byte": lambda cells, _: ["zero\0byte", *cells[1:]],
    "header again": lambda _, names: list(names),
    "remark": lambda *_: ["# exported by nobody"],
    "long": lambda cells, _: ["x" * 20_000, *cells[1:]],
    "huge": lambda cells, _: ["x" * (LIMITS.field_chars + 1), *cells[1:]],
    "spaces": lambda *_: ["   "],
}


def polluted_row(draw, how, cells, delimiter, quote_all):
    """The text of a row, and the cells it then has; None if nobody can say."""
    if how == "blank":
        return "", []
    text = joined(cells, delimiter, quote_all=quote_all)
    if how == "other delimiter":
        other = draw(st.sampled_from([mark for mark in ",;|" if mark != delimiter]))
        text = joined(cells, other)
        return text, split(text, delimiter)
    quotes = [at for at, sign in enumerate(text) if sign == '"']
    if how == "lost quote" and quotes:
        at = draw(st.sampled_from(quotes))
        return text[:at] + text[at + 1 :], None
    if how == "stray quote":
        at = draw(st.integers(0, len(text)))
        return f'{text[:at]}"{text[at:]}', None
    return text, cells


def above(draw, how, names, delimiter):
    """Lines above the header, and the names below them."""
    if how == "title":
        return ["Report of all answers"] * draw(st.integers(1, 3)), names
    if how == "sep":
        return [f"sep={delimiter}"], names
    last = {"twice": names[0], "unnamed": ""}.get(how, names[-1])
    return [], [*names[:-1], last]


@st.composite
def files(draw):
    width = draw(st.integers(2, 6))
    delimiter = draw(st.sampled_from(",,,;;\t|"))
    encoding = draw(st.sampled_from(ENCODINGS))
    quote_all = draw(st.booleans())
    usable = CELLS if encoding != "cp1252" else [c for c in CELLS if c.isascii() or c == "Ärger"]
    ways = ["none"] if draw(st.booleans()) else ROW_POLLUTION
    top = draw(st.sampled_from([*["none"] * 8, "twice", "unnamed", "title", "sep"]))
    titles, names = above(draw, top, NAMES[:width], delimiter)
    rows = [(joined(names, delimiter, quote_all=quote_all), names)]
    pollution = {top}
    for _ in range(draw(st.integers(1, 12))):
        cells = draw(st.lists(st.sampled_from(usable), min_size=width, max_size=width))
        how = draw(st.sampled_from(ways))
        pollution.add(how)
        cells = OTHER_CELLS.get(how, lambda cells, _: cells)(cells, names)
        rows.append(polluted_row(draw, how, cells, delimiter, quote_all))
    if draw(st.integers(0, 3)) == 0:
        rows += [("", []), ("Grand Totals (3 records)", ["Grand Totals (3 records)"])]
    return laid_out(draw, titles, rows, (encoding, delimiter, width, frozenset(pollution)))


def laid_out(draw, titles, rows, known):
    """The rows as one text, each with the line it begins on."""
    encoding, delimiter, width, pollution = known
    ends = draw(st.sampled_from([["\n"], ["\n"], ["\r\n"], ["\r\n"], ["\r"], ["\n", "\r\n", "\r"]]))
    text = "".join(title + draw(st.sampled_from(ends)) for title in titles)
    placed = []
    for line, cells in rows:
        placed.append((1 + len(re.findall(r"\r\n|\r|\n", text)), cells))
        text += line + draw(st.sampled_from(ends))
    if draw(st.booleans()):
        text = text.rstrip("\r\n")
    header, *below = placed
    return Written(text, encoding, delimiter, header[0], width, below, pollution)


def read(path, spec):
    with tempfile.TemporaryFile() as out:
        told = work.write(path, path.name, spec, out, lambda _: None)["table"]
        return told, rows_of(out).to_pylist()


def blank(cells):
    return len(cells) < 2 and not "".join(cells).strip()


MAY_REFUSE = {"twice", "huge"}
SEEN: Counter[str] = Counter()


@given(files())
@settings(
    max_examples=FILES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def check(path, written):
    path.write_bytes(written.text.encode(written.encoding))
    spec = FileSpec(
        encoding=written.encoding if written.encoding == "cp1252" else "",
        delimiter=written.delimiter,
        header_row=written.header_line,
    )
    SEEN["files"] += 1
    unsure(path, written)
    try:
        told, rows = read(path, spec)
    except FileRefused:
        told = None
    if told is None:
        # Nothing is loaded, and for a reason that the writer put there.
        SEEN["refused"] += 1
        came = [cells for _, cells in written.rows]
        empty = all(cells is not None and blank(cells) for cells in came)
        assert None in came or written.pollution & MAY_REFUSE or empty
        return
    assert len(told["header"]) == written.width
    SEEN["rows"] += len(rows)
    if any(cells is None for _, cells in written.rows):
        # Nobody can say where a row ends behind a lost quotation mark: all its text must be there.
        SEEN["files with broken quotation marks"] += 1
        kept = "".join(row["whole"] or "".join(cells_of(row, written)) for row in rows)
        assert Counter(letters(kept)) == Counter(letters(body(written, told)))
        return
    expected = [(line, cells) for line, cells in written.rows if not blank(cells)]
    assert [row["line_no"] for row in rows] == [line for line, _ in expected]
    for row, (_, cells) in zip(rows, expected, strict=True):
        if row["problem"] is None:
            assert cells_of(row, written) == cells
        else:
            SEEN["rows set aside"] += 1
            assert len(cells) != written.width or "\0" in "".join(cells)
            whole = next(csv.reader(io.StringIO(row["whole"], newline="")))
            assert whole == [cell.replace("\0", "\u2400") for cell in cells]


def unsure(path, written):
    """Without any help a file is refused, or a row comes of every line that begins one."""
    try:
        told, rows = read(path, FileSpec())
    except FileRefused:
        SEEN["refused without help"] += 1
        return
    SEEN["files read without help"] += 1
    file = told["file"]
    text = path.read_bytes().decode(file["encoding"])
    begun = records(text, file["delimiter"]) if file["delimiter"] else None
    if begun is not None and '\\"' not in text:
        below = [line for line in begun if line > told["last_header_line"]]
        assert [row["line_no"] for row in rows] == below, written


def cells_of(row, written):
    return [row[f"c{at}"] for at in range(written.width)]


def letters(text):
    return re.sub(r'["\s\0\u2400,;|]', "", text)


def body(written, told):
    """The text below the header."""
    ends = [found.end() for found in re.finditer(r"\r\n|\r|\n", written.text)]
    return written.text[ends[told["last_header_line"] - 1] :]


@pytest.mark.promise("I08", "I09", "I11", "I12")
def test_I08_I09_I11_I12_rows_of_polluted_files_are_never_lost_silently(tmp_path, tell):
    SEEN.clear()
    check(tmp_path / "a.csv")
    assert SEEN["files"] >= FILES
    assert SEEN["refused"] < SEEN["files"] / 2
    assert SEEN["rows set aside"] > 100
    tell("polluted files read", SEEN["files"])
    tell("rows of polluted files compared", SEEN["rows"])
    tell("rows of them set aside with their line", SEEN["rows set aside"])
    print(dict(SEEN))
