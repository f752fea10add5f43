"""A file that waits is never lost sight of: neither by a failed import nor by a sudden end."""

import io
import threading

import pytest

from cxdash.errors import DataError
from cxdash.faces.web import staging
from cxdash.intake.loading import jobs


class Upload(io.BytesIO):
    name = "answers.csv"
    size = 40


@pytest.fixture
def claimed(tmp_path, monkeypatch):
    """A file taken out to be loaded, long enough ago."""
    monkeypatch.setenv("CXDASH_DB", str(tmp_path / "company.duckdb"))
    monkeypatch.setattr(staging, "_HANDING_OVER", -1)
    staging.stage(Upload(b"id,customer,at,nps\nR1,C1,2026-01-05,9\n"), "ann", largest=1_000)
    [waiting] = staging.listed("ann")
    leaving = staging.claim(waiting)
    assert staging.claim(waiting) is None
    return waiting, leaving


def test_a_claimed_file_that_no_import_holds_waits_again(claimed):
    waiting, leaving = claimed
    assert staging.listed("ann") == [waiting]
    assert not leaving.exists()


def test_a_claimed_file_does_not_wait_while_it_is_handed_over(claimed, monkeypatch):
    monkeypatch.setattr(staging, "_HANDING_OVER", 60)
    assert staging.listed("ann") == []


def test_a_file_does_not_wait_while_an_import_holds_it(claimed, tmp_path):
    waiting, leaving = claimed
    go_on = threading.Event()
    job = jobs._queue(jobs.ImportJob("Loading", tmp_path), go_on.wait, leaving)
    assert staging.listed("ann") == []
    go_on.set()
    job.wait()
    assert staging.listed("ann") == [waiting]


@pytest.fixture
def waiting(tmp_path, monkeypatch):
    monkeypatch.setenv("CXDASH_DB", str(tmp_path / "company.duckdb"))
    staging.stage(Upload(b"id,customer,at,nps\nR1,C1,2026-01-05,9\n"), "ann", largest=1_000)
    return staging.listed("ann")[0]


def test_what_was_said_about_a_file_lies_beside_it_and_goes_with_it(waiting):
    staging.keep_said(waiting, "first")
    staging.keep_said(waiting, "then")
    assert staging.said(staging.listed("ann")[0]) == "then"
    staging.claim(waiting).unlink()
    staging.listed("ann")
    assert list(staging.folder("ann").iterdir()) == []


def test_a_file_put_away_takes_what_was_said_about_it_along(waiting):
    staging.keep_said(waiting, "first")
    staging.discard(waiting)
    assert list(staging.folder("ann").iterdir()) == []


def test_an_answer_that_cannot_be_written_leaves_the_one_before(waiting, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    staging.keep_said(waiting, "first")
    monkeypatch.setattr(staging.Path, "replace", full)
    with pytest.raises(DataError, match="could not be kept: No space left on device"):
        staging.keep_said(waiting, "then")
    assert staging.said(waiting) == "first"
    assert len(list(staging.folder("ann").iterdir())) == 3, "the file, its name, what was said"
