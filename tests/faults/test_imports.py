"""Imports in the background: one writer, whoever clicks, closes a tab or uploads the same file."""

import threading

import pytest
from plain_layouts import REVENUE

from cxdash import intake
from cxdash.errors import DataError
from cxdash.intake import Mapping
from cxdash.intake.loading import jobs
from cxdash.store import Database

MAPPING = Mapping.from_toml(REVENUE)
TEXT = "invoice,customer,at,amount,currency\n" + "".join(
    f"I{n},C{n % 7},2026-01-{n % 28 + 1:02},{n}.50,EUR\n" for n in range(200)
)
TOTAL = sum(range(200)) + 100


@pytest.fixture
def db(tmp_path):
    with Database(tmp_path / "db") as database:
        yield database


@pytest.fixture
def held(monkeypatch):
    """The writer waits at its first step until the test lets it go on."""
    gate = threading.Event()
    real = jobs.load

    def waiting(*args, **more):
        assert gate.wait(60)
        return real(*args, **more)

    monkeypatch.setattr(jobs, "load", waiting)
    yield gate
    gate.set()
    for job in intake.under_way():
        job.wait(60)


def upload(folder, name, text=TEXT):
    path = folder / name
    path.write_text(text)
    return path


def total(db):
    return db.rows("SELECT count(*) AS n, sum(amount) AS total FROM revenue WHERE is_current")[0]


@pytest.mark.promise("C01")
def test_C01_the_same_file_from_four_sessions_is_one_import(db, tmp_path, held, tell):
    paths = [upload(tmp_path, f"session{n}.upload") for n in range(4)]
    started: list[intake.ImportJob] = []

    def session(path):
        started.append(
            intake.start_import(db, path, MAPPING, file_name="money.csv", remove_after=True)
        )

    threads = [threading.Thread(target=session, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    held.set()
    assert all(job.wait(60) for job in started)
    assert len(set(map(id, started))) == 1
    assert len(intake.imports(db)) == 1
    assert total(db) == {"n": 200, "total": TOTAL}
    assert not any(path.exists() for path in paths), "every session's copy is gone"
    tell("sessions at once", 4)


@pytest.mark.promise("C01")
def test_C01_the_same_file_loaded_directly_by_four_threads_counts_once(db, tmp_path):
    path = upload(tmp_path, "money.csv")
    receipts = []
    threads = [
        threading.Thread(target=lambda: receipts.append(intake.load(db, path, MAPPING)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(receipt.rows_loaded for receipt in receipts) == [0, 0, 0, 200]
    assert total(db) == {"n": 200, "total": TOTAL}


@pytest.mark.promise("S10", "U07")
def test_S10_U07_clicks_while_an_import_waits_start_it_once(db, tmp_path, held):
    path = upload(tmp_path, "money.csv")
    clicks = [intake.start_import(db, path, MAPPING) for _ in range(3)]
    assert len(intake.under_way()) == 1
    held.set()
    assert clicks[0].wait(60)
    assert clicks[0] is clicks[1] is clicks[2]
    assert total(db) == {"n": 200, "total": TOTAL}


@pytest.mark.promise("S10")
def test_S10_an_import_goes_on_when_whoever_started_it_is_gone(db, tmp_path, held):
    path = upload(tmp_path, "money.csv")
    session = threading.Thread(target=intake.start_import, args=(db, path, MAPPING))
    session.start()
    session.join(60)
    (job,) = intake.under_way()
    held.set()
    assert job.wait(60)
    assert job.state == "done"
    assert intake.under_way() == []
    assert total(db) == {"n": 200, "total": TOTAL}


@pytest.mark.promise("S10")
def test_S10_an_import_that_fails_leaves_nothing_and_says_why(db, tmp_path, monkeypatch):
    def full(*_args):
        raise MemoryError

    monkeypatch.setattr("cxdash.intake.loading.load.account", full)
    job = intake.start_import(db, upload(tmp_path, "money.csv"), MAPPING)
    assert job.wait(60)
    assert job.state == "failed"
    assert "Nothing was changed." in str(job.error)
    assert total(db) == {"n": 0, "total": None}
    assert db.rows("SELECT count(*) AS n FROM raw_rows") == [{"n": 0}]


@pytest.mark.promise("C06")
def test_C06_the_twenty_first_waiting_import_of_a_person_is_refused_in_words(
    db, tmp_path, held, tell
):
    for n in range(jobs.WAITING):
        path = upload(tmp_path, f"{n}.csv", TEXT.replace("I1,", f"J{n},"))
        intake.start_import(db, path, MAPPING, owner="ann")
    one_more = upload(tmp_path, "more.csv", TEXT.replace("I1,", "K1,"))
    with pytest.raises(DataError, match="20 imports of yours are under way") as refused:
        intake.start_import(db, one_more, MAPPING, owner="ann", remove_after=True)
    assert "Load it once some of them are done." in str(refused.value)
    assert one_more.exists()
    other = intake.start_import(db, one_more, MAPPING, owner="bob")
    assert len(intake.under_way()) == jobs.WAITING + 1
    held.set()
    assert other.wait(120)
    again = intake.start_import(db, one_more, MAPPING, owner="ann")
    assert again.wait(60)
    tell("imports waiting at once", jobs.WAITING + 1)
