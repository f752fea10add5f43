"""A name is found in every file that waits, however packed; what is closed is named, not passed."""

import bz2
import gzip
import io
import lzma
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cxdash.store import Place
from cxdash.upkeep import searching
from cxdash.upkeep.searching import search

NAME = "Zoë & Söhne-17"
TEXT = f"customer;said\n{NAME};fine\n"
OTHERS = "customer;said\nZoë & Söhne-170;fine\nXZoë & Söhne-17;fine\n"


def zipped(**entries):
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return sink.getvalue()


def parquet(text):
    sink = io.BytesIO()
    pq.write_table(pa.table({"a": [text] * 3}), sink, compression="zstd")
    return sink.getvalue()


def sheet(text):
    return zipped(a="<xml/>", b=f"<t>{text.replace('&', '&amp;')}</t>".encode())


WAYS = {
    "plain": lambda text: text.encode(),
    "windows": lambda text: text.encode("cp1252"),
    "wide": lambda text: text.encode("utf-16"),
    "wide, without a mark": lambda text: text.encode("utf-16-le"),
    "wider": lambda text: text.encode("utf-32"),
    "gzip": lambda text: gzip.compress(text.encode()),
    "bzip2": lambda text: bz2.compress(text.encode()),
    "xz": lambda text: lzma.compress(text.encode()),
    "zip": lambda text: zipped(a=b"nothing", b=text.encode()),
    "workbook": sheet,
    "wide in gzip": lambda text: gzip.compress(text.encode("utf-16")),
    "json": lambda text: text.encode("ascii", "backslashreplace").replace(b"\\x", b"\\u00"),
}
CLOSED = {
    "parquet": parquet("x"),
    "seven zip": b"7z\xbc\xaf\x27\x1c and more",
    "gzip, cut": gzip.compress(b"x" * 9_000)[:-9],
    "zip, damaged": b"PK\x03\x04 and nothing else",
    "zip in a zip": zipped(a=zipped(b=TEXT.encode())),
    "zip in gzip": gzip.compress(zipped(b=TEXT.encode())),
}


@pytest.fixture
def place(tmp_path):
    place = Place.of(tmp_path / "company.duckdb")
    (place.staging / "visitor").mkdir(parents=True)
    return place


def put(place, content):
    file = place.staging / "visitor" / "1.upload"
    file.write_bytes(content)
    return file


@pytest.mark.parametrize("way", WAYS)
def test_a_name_is_found_however_it_is_written_and_packed(place, way):
    file = put(place, WAYS[way](TEXT))
    assert search(place, [NAME]).found == (file,)


def test_what_waits_for_another_database_of_the_folder_is_left_alone(place):
    put(place, TEXT.encode())
    other = Place.of(place.file.with_name("other.duckdb"))
    assert search(other, [NAME]) == searching.Search((), ())


@pytest.mark.parametrize("way", WAYS)
def test_a_longer_name_is_somebody_else(place, way):
    put(place, WAYS[way](OTHERS))
    found = search(place, [NAME])
    assert found == searching.Search((), ())


@pytest.mark.parametrize("what", CLOSED)
def test_what_cannot_be_looked_into_is_named(place, what):
    file = put(place, CLOSED[what])
    assert search(place, [NAME]) == searching.Search((), (file,))


@pytest.mark.parametrize("size", range(1, 24))
def test_a_name_across_two_pieces_is_found_and_a_longer_one_is_not(place, monkeypatch, size):
    monkeypatch.setattr(searching, "_CHUNK", size)
    file = put(place, b"who,said\nC-17,fine\n")
    assert search(place, ["C-17"]).found == (file,)
    put(place, b"who,said\nC-170,fine\nXC-17,fine\nC-17")
    assert search(place, ["C-17"]).found == (file,)
    put(place, b"who,said\nC-170,fine\nXC-17,fine\nXC-17")
    assert search(place, ["C-17"]).found == ()


def test_a_file_that_unpacks_without_end_is_named_as_not_looked_into(place, monkeypatch):
    monkeypatch.setattr(searching, "_MOST", 1 << 21)
    file = put(place, gzip.compress(bytes(3 << 20)))
    assert search(place, [NAME]).unsearched == (file,)


def test_short_names_are_not_searched_for(place):
    put(place, CLOSED["parquet"])
    assert search(place, ["17"]) == searching.Search((), ())
