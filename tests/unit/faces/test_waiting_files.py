"""A file that waits is never lost sight of: neither by a failed import nor by a sudden end."""

import io
import json
import threading
import zipfile
from pathlib import Path

import pytest

from cxdash.errors import DataError
from cxdash.faces.web import decisions, staging
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


def about(file, **answers):
    decisions.decide(decisions.Waiting(file, answers=answers))


def test_what_was_said_about_a_file_lies_beside_it_and_goes_with_it(waiting):
    about(waiting, dates="dmy")
    about(waiting, dates="mdy")
    assert decisions._as_said(staging.listed("ann")[0]).answers == {"dates": "mdy"}
    staging.claim(waiting).unlink()
    staging.listed("ann")
    assert list(staging.folder("ann").iterdir()) == []


def test_a_file_put_away_takes_what_was_said_about_it_along(waiting):
    about(waiting, dates="dmy")
    staging.discard(waiting)
    assert list(staging.folder("ann").iterdir()) == []


def test_what_an_older_cxdash_wrote_and_no_longer_means_anything_is_asked_again(waiting):
    old = {"kind": None, "sheet": None, "mapping": 'kind = "gone"', "answers": {"a": "b"}}
    waiting.said.write_text(json.dumps({**old, "mapping_file": None}), encoding="utf-8")
    assert decisions._as_said(waiting).is_untouched


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"mapping": null, "answers": null}',
        '{"mapping": null, "answers": {}, "x": 1}',
    ],
)
def test_answers_that_mean_nothing_are_asked_again_and_noted(waiting, monkeypatch, text):
    noted = []
    monkeypatch.setattr(decisions, "record", noted.append)
    waiting.said.write_text(text, encoding="utf-8")
    assert decisions._as_said(waiting).is_untouched
    assert len(noted) == 1


def test_an_answer_that_cannot_be_written_leaves_the_one_before(waiting, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    about(waiting, dates="dmy")
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(DataError, match="could not be kept: No space left on device"):
        about(waiting, dates="mdy")
    assert decisions._as_said(waiting).answers == {"dates": "dmy"}
    assert len(list(staging.folder("ann").iterdir())) == 3, "the file, its name, what was said"


def test_of_an_archive_the_tables_wait_and_what_is_no_table_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("CXDASH_DB", str(tmp_path / "company.duckdb"))
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("answers.csv", "id,customer,at,nps\nR1,C1,2026-01-05,9\n")
        archive.writestr("readme.txt", "Dear all,\nhere is the export.\n")
    upload = Upload(content.getvalue())
    upload.name = "may.zip"
    assert staging.stage(upload, "ann", largest=10_000) == [
        "may.zip: readme.txt is left aside: it is text without columns."
    ]
    assert [one.name for one in staging.listed("ann")] == ["may.zip: answers.csv"]
