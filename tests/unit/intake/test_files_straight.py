"""The fast way through a clean file gives what the careful way gives, on every file."""

import csv
import io

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cxdash.errors import FileRefused
from cxdash.intake import FileSpec
from cxdash.intake.reading import straight, work
from cxdash.intake.reading.batches import batches
from cxdash.intake.reading.opening import opened
from cxdash.intake.reading.reader import rows_of

# Whole tables, oddly written, and plain noise in the letters that matter.
CELL = st.text(st.sampled_from('ab"1,; \n\r\0é\x1c\u2028'), max_size=6)
CLEAN = st.text(st.sampled_from("ab1 éø-.\u2028"), max_size=6)
END = st.sampled_from(["\n", "\r\n", "\r"])


@st.composite
def tables(draw):
    width = draw(st.integers(2, 4))
    cell = draw(st.sampled_from([CELL, CLEAN]))
    rows = draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=8))
    text = io.StringIO(newline="")
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    csv.writer(text, lineterminator=draw(END), quoting=quoting).writerows(
        [[f"name {n}" for n in range(width)], *rows]
    )
    return text.getvalue()


NOISE = st.text(st.sampled_from('ab",\n\r'), max_size=40).map(lambda text: f"x,y\n{text}")


def told(path, fast):
    """Rows with their lines and problems, or the refusal."""
    try:
        if fast:
            with (path.with_suffix(".arrow")).open("w+b") as sink:
                work.write(path, path.name, FileSpec(delimiter=","), sink, lambda _: None)
                return rows_of(sink).to_pylist()
        file = opened(path, spec=FileSpec(delimiter=","))
        return [
            row for batch in batches(file.description, file.rows()) for row in batch.to_pylist()
        ]
    except FileRefused as error:
        return (error.what, error.line, error.do_next)


@given(st.one_of(tables(), NOISE), st.sampled_from(["utf-8", "utf-8-sig"]))
@example('x,y\n"a\nb",1\n2,3\n', "utf-8")
@example('x,y\n"a""b",1\n"",""\n', "utf-8-sig")
@example("x,y\n1,2\n\n3,4\n", "utf-8")
@example("x,y\n1,2\n3,4\n\n", "utf-8")
@example('x,y\n1,"2"3\n', "utf-8")
@example('x,y\n1,a"b\n', "utf-8")
@example('x,y\n1, "b"\n', "utf-8")
@settings(
    max_examples=300,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_both_ways_give_the_same(tmp_path, text, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    assert told(path, fast=True) == told(path, fast=False)


def taken(path, **how):
    way = {"encoding": "utf-8", "delimiter": ",", "first_line": 2, "width": 2} | how
    found = straight.structure(path, **way)
    return [row for batch in straight.batches(path, found, **way) for row in batch.to_pylist()]


def test_a_clean_file_takes_the_fast_way_with_its_lines(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes('x,y\r\n1,"a ""b"", c"\r\n"line\r\nbreak",\r\n3,é\r\n'.encode())
    rows = taken(path)
    assert [(row["line_no"], row["c0"], row["c1"]) for row in rows] == [
        (2, "1", 'a "b", c'),
        (3, "line\r\nbreak", ""),
        (5, "3", "é"),
    ]
    path.write_bytes("x;y\n1;Müller\n".encode("cp1252"))
    assert taken(path, encoding="cp1252", delimiter=";")[0]["c1"] == "Müller"


@pytest.mark.parametrize(
    "text",
    [
        "1,2\n3\n",
        "1,2\n3,4,5\n",
        "1,2\n\n3,4\n",
        "1,2\r3,4\n",
        "1,\0\n",
        '1,"2"3\n',
        '1,2"\n',
        '1, "2"\n',
        '1,"2\n',
        f"1,{'x' * (1 << 20)}\n",
        "",
    ],
)
def test_an_odd_file_does_not(tmp_path, text):
    path = tmp_path / "a.csv"
    path.write_text(f"x,y\n{text}", newline="")
    with pytest.raises(straight.Odd):
        taken(path)


def test_long_files_keep_their_lines_over_all_stretches(tmp_path, monkeypatch):
    monkeypatch.setattr(straight, "_CHUNK", 64)
    path = tmp_path / "a.csv"
    rows = [[f"{n}", f"a\n{n}" if n % 3 == 0 else f'"{n}"'] for n in range(500)]
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([["x", "y"], *rows])
    found = taken(path)
    assert [[row["c0"], row["c1"]] for row in found] == rows
    careful = opened(path, spec=FileSpec(delimiter=","))
    assert [row["line_no"] for row in found] == [line for line, _ in careful.rows()]
