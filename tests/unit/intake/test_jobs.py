"""Imports in the background end with a receipt or an error, whoever still looks."""

from plain_layouts import REVENUE

from cxdash import intake
from cxdash.errors import FileRefused
from cxdash.intake import Mapping
from cxdash.intake.loading import jobs
from cxdash.intake.reading.gate import digest_of

from .conftest import TODAY

TEXT = "invoice,customer,at,amount,currency\nI1,C1,2026-01-01,5,EUR\n"


def test_a_job_ends_with_a_receipt(db, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(TEXT)
    job = intake.start_import(db, path, Mapping.from_toml(REVENUE), today=TODAY, remove_after=True)
    assert job.wait(60)
    assert (job.state, job.fraction, job.error) == ("done", 1.0, None)
    assert job.receipt is not None
    assert job.receipt.rows_loaded == 1
    assert not path.exists()
    assert job not in intake.under_way()


def test_a_digest_that_was_just_taken_is_not_taken_again(db, tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text(TEXT)
    taken = []
    monkeypatch.setattr(jobs, "digest_of", lambda path: taken.append(path) or digest_of(path))
    mapping, digest = Mapping.from_toml(REVENUE), digest_of(path)
    one = intake.start_import(db, path, mapping, today=TODAY, digest=digest)
    assert one.wait(60)
    assert one.receipt is not None
    assert (one.receipt.sha256, taken) == (digest, [])
    assert intake.start_import(db, path, mapping, today=TODAY).wait(60)
    assert taken == [path]


def test_a_failed_job_says_why_and_the_next_one_runs(db, tmp_path):
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_text("")
    good.write_text(TEXT)
    both = [
        intake.start_import(db, path, Mapping.from_toml(REVENUE), today=TODAY)
        for path in (bad, good)
    ]
    assert all(job.wait(60) for job in both)
    assert [job.state for job in both] == ["failed", "done"]
    assert isinstance(both[0].error, FileRefused)
    undone = intake.start_undo(db, both[1].receipt.import_id)
    assert undone.wait(60)
    assert db.rows("SELECT count(*) AS n FROM revenue") == [{"n": 0}]


def stumble(*_args, **_kwargs):
    raise ValueError("could not convert 'Jane Doe, 4111 1111'")


def test_a_bug_is_recorded_without_data_and_its_reference_told(db, tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text(TEXT)
    monkeypatch.setattr("cxdash.intake.loading.jobs.load", stumble)
    job = intake.start_import(db, path, Mapping.from_toml(REVENUE), today=TODAY, remove_after=True)
    assert job.wait(60)
    assert job.state == "failed"
    log = next((tmp_path / "logs").iterdir())
    reference = log.stem.split("-")[-1]
    assert f"an error of ours (ValueError, reference {reference})" in job.error.what
    assert str(log) in job.error.do_next
    written = log.read_text(encoding="utf-8")
    assert "test_jobs.py" in written
    assert "in stumble" in written
    assert "Jane" not in written + str(job.error)
    assert path.exists()


def test_a_file_that_could_not_be_loaded_stays_and_can_be_tried_again(db, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(TEXT.replace("invoice", "number"))
    mapping = Mapping.from_toml(REVENUE)
    job = intake.start_import(db, path, mapping, today=TODAY, remove_after=True)
    assert job.wait(60)
    assert (job.state, path.exists()) == ("failed", True)
    path.write_text(TEXT)
    job = intake.start_import(db, path, mapping, today=TODAY, remove_after=True)
    assert job.wait(60)
    assert (job.state, path.exists()) == ("done", False)
