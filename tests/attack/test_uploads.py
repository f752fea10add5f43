"""Uploads that are too many, too large or named to do harm: taken or refused in words."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from cxdash.errors import FileRefused, UsageError
from cxdash.faces.web import staging
from cxdash.intake import under_way

ROOT = Path(__file__).parents[2]
NAMES = json.loads((ROOT / "tests/attack/files/filenames.json").read_text(encoding="utf-8"))
LARGEST = 1_000_000
CUSTOMERS = b"customer_id,segment\n1,SMB\n2,SMB\n"


class Sent(io.BytesIO):
    """An upload as Streamlit hands it over."""

    def __init__(self, name: str, content: bytes = CUSTOMERS) -> None:
        super().__init__(content)
        self.name = name
        self.size = len(content)


def stage(upload: Sent, person: str) -> None:
    staging.stage(upload, person, largest=LARGEST)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("CXDASH_DB", str(tmp_path / "store" / "cx.duckdb"))
    monkeypatch.setattr("cxdash.faces.web.reading._MOMENT", 60.0)
    yield tmp_path
    st.cache_resource.clear()


def visit() -> AppTest:
    at = AppTest.from_file(str(ROOT / "cxdash/faces/web/main.py"), default_timeout=120)
    at.run()
    return at.switch_page(str(ROOT / "pages/data/import.py")).run()


def words(at: AppTest) -> str:
    parts = [one.value for kind in ("title", "subheader", "markdown") for one in at.get(kind)]
    return "\n".join(parts)


def press(at: AppTest, label: str) -> AppTest:
    next(one for one in at.button if one.label.startswith(label)).click().run()
    for job in under_way():
        assert job.wait(60)
    return at.run()


@pytest.mark.promise("I26")
def test_I26_a_hostile_file_name_is_shown_as_text_and_is_never_a_path(
    place: Path, tell: Callable[[str, int], None]
) -> None:
    for name in NAMES:
        stage(Sent(name), "local")
    at = visit()
    assert not at.exception
    shown = words(at).replace("\\", "").replace("\u2060", "")
    assert f"{len(NAMES)}. " in shown, "every file has its row"
    assert "<img src=x onerror" not in words(at)
    at = press(at, "Load all that are ready")
    assert not at.exception
    assert words(at).startswith("file\\.parquet cannot be read"), "its content is no Parquet file"
    assert words(at).count("is loaded\\:") == len(NAMES) - 1
    written = [path for path in place.rglob("*") if path.is_file()]
    assert {
        path.name for path in written if "passwd" in path.name or path.suffix == ".csv"
    } == set()
    assert not (place / "x.csv").exists()
    tell("hostile file names tried", len(NAMES))


@pytest.mark.promise("C06")
def test_C06_the_21st_waiting_file_is_refused_in_words_and_the_others_wait(place: Path) -> None:
    for number in range(staging.FILES):
        stage(Sent(f"{number}.csv"), "ann")
    with pytest.raises(UsageError, match=r"last\.csv was not taken: 20 files wait already"):
        stage(Sent("last.csv"), "ann")
    assert len(staging.listed("ann")) == staging.FILES
    stage(Sent("other.csv"), "ben")
    assert [file.name for file in staging.listed("ben")] == ["other.csv"], "a quota is a person's"
    staging.discard(staging.listed("ann")[0])
    stage(Sent("last.csv"), "ann")
    assert staging.listed("ann")[-1].name == "last.csv"


@pytest.mark.promise("C06")
def test_C06_waiting_bytes_have_a_quota_too(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "BYTES", 3 * len(CUSTOMERS) - 1)
    stage(Sent("a.csv"), "ann")
    stage(Sent("b.csv"), "ann")
    with pytest.raises(UsageError, match="would exceed"):
        stage(Sent("c.csv"), "ann")
    assert len(list(staging.folder("ann").glob("*.upload"))) == 2


@pytest.mark.promise("I27")
def test_I27_a_file_beyond_the_limit_is_not_taken_and_the_limit_is_told(place: Path) -> None:
    stage(Sent("largest.csv", b"x" * LARGEST), "ann")
    with pytest.raises(UsageError, match=r"larger\.csv was not taken: it has 1\.0 MB"):
        stage(Sent("larger.csv", b"x" * (LARGEST + 1)), "ann")
    assert [file.name for file in staging.listed("ann")] == ["largest.csv"]


@pytest.mark.promise("C06")
def test_C06_what_waits_longer_than_a_day_is_removed(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage(Sent("a.csv"), "ann")
    later = staging.time.time() + 25 * 3600
    monkeypatch.setattr(staging.time, "time", lambda: later)
    assert staging.listed("ann") == []
    assert list(staging.folder("ann").iterdir()) == []


@pytest.mark.promise("U07")
def test_U07_of_two_tabs_that_load_the_same_file_one_gets_it(place: Path) -> None:
    stage(Sent("a.csv"), "ann")
    (file,) = staging.listed("ann")
    leaving = staging.claim(file)
    assert leaving is not None
    assert leaving.read_bytes() == CUSTOMERS
    assert staging.claim(file) is None
    assert staging.listed("ann") == []
    staging.give_back(file)
    assert [one.name for one in staging.listed("ann")] == ["a.csv"]


def packed(**entries: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("_csv", ".csv"), content)
    return sink.getvalue()


def test_of_an_archive_the_files_inside_wait_and_count_towards_the_quota(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage(Sent("all.zip", packed(a_csv=CUSTOMERS, b_csv=CUSTOMERS)), "ann")
    assert [one.name for one in staging.listed("ann")] == ["all.zip: a.csv", "all.zip: b.csv"]
    monkeypatch.setattr(staging, "FILES", 3)
    with pytest.raises(UsageError, match=r"all\.zip: b\.csv was not taken: 3 files wait"):
        stage(Sent("all.zip", packed(a_csv=CUSTOMERS, b_csv=CUSTOMERS)), "ann")
    assert len(staging.listed("ann")) == 3
    assert {path.suffix for path in staging.folder("ann").iterdir()} == {".upload", ".name"}


def test_a_refused_archive_leaves_nothing_behind(place: Path) -> None:
    with pytest.raises(FileRefused):
        stage(Sent("all.zip", b"PK\x03\x04 cut off"), "ann")
    assert list(staging.folder("ann").iterdir()) == []
