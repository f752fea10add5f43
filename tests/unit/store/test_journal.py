"""The log has one JSON line an event and holds nobody's data, whoever wrote the line."""

import json
import logging
import os
import stat
import time
from dataclasses import fields
from pathlib import Path

import pytest

from cxdash.store import journal
from cxdash.store.journal import Errored, ImportDone, Private, Refused, keep, note
from cxdash.store.journal.keeping import FILE, Journal


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Reads the lines written so far."""
    monkeypatch.delenv("CXDASH_LOG", raising=False)
    handler = keep(tmp_path / "logs")
    yield lambda: [json.loads(text) for text in (tmp_path / "logs" / FILE).read_text().splitlines()]
    logging.getLogger().removeHandler(handler)
    handler.close()
    logging.captureWarnings(capture=False)


def loaded(name="jane-doe.csv"):
    return ImportDone(
        file=Private(name),
        import_id=3,
        kind="revenue",
        rows_read=10,
        rows_loaded=7,
        rows_duplicate=2,
        rows_rejected=1,
        seconds=1.23456,
    )


def test_an_event_is_one_line_with_its_time_level_name_and_figures(kept):
    note(loaded())
    (line,) = kept()
    assert line["time"].endswith("+00:00")
    assert (line["level"], line["event"], line["import_id"]) == ("info", "import.done", 3)
    assert line["rows_read"] == line["rows_loaded"] + line["rows_duplicate"] + line["rows_rejected"]
    assert line["seconds"] == 1.235


def test_a_private_text_is_only_a_mark_which_is_the_same_within_a_run(kept):
    for name in ("jane-doe.csv", "jane-doe.csv", "other.csv"):
        note(loaded(name))
    marks = [line["file"] for line in kept()]
    assert marks[0] == marks[1] != marks[2]
    assert "jane" not in json.dumps(kept())
    assert "jane" not in repr(loaded())


def test_words_that_are_not_ours_become_marks_even_where_a_word_was_expected(kept):
    note(Refused(action="answer brief", reason="jane@example.com wrote\n{forged: line}"))
    (line,) = kept()
    assert "jane" not in json.dumps(line)
    assert "forged" not in json.dumps(line)


def test_of_a_library_only_what_stands_in_its_code_is_told(kept):
    library = logging.getLogger("some.library")
    cell = "Jane Doe, 1234.50"
    try:
        int(cell)
    except ValueError:
        library.exception("Could not convert")
    library.warning("Cell %s refused", cell)
    library.warning(f"Cell {cell} refused")
    library.info("Nobody needs this")
    first, second, third = kept()
    assert (first["says"], first["kind"]) == ("Could not convert", "ValueError")
    assert first["passed"][0].startswith("test_journal.py:")
    assert second["says"] == "Cell %s refused"
    assert "says" not in third
    assert third["place"].startswith("test_journal.py:")
    assert "Jane" not in json.dumps(kept())


def test_the_log_is_for_its_owner_only_and_turned_over_by_size(tmp_path, monkeypatch):
    monkeypatch.setattr("cxdash.store.journal.keeping._BYTES", 2_000)
    handler = Journal(tmp_path / "logs")
    for place in range(200):
        handler.handle(logging.LogRecord("x", logging.WARNING, __file__, place, "Said", (), None))
    handler.close()
    files = sorted((tmp_path / "logs").glob(f"{FILE}*"))
    assert len(files) == 6
    assert sum(file.stat().st_size for file in files) < 6 * 2_200
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "logs").stat().st_mode) == 0o700


def test_a_log_begun_a_week_ago_is_turned_over_and_files_of_a_quarter_ago_go(tmp_path):
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / FILE).write_text('{"time": "2020-01-01T00:00:00.000+00:00", "event": "start"}\n')
    for name in (f"{FILE}.5", "2020-01-01-abcdef12.log", "kept.txt"):
        (folder / name).write_text("old")
        os.utime(folder / name, (0, 0))
    handler = Journal(folder)
    handler.handle(logging.LogRecord("x", logging.WARNING, __file__, 1, "Said", (), None))
    handler.close()
    assert sorted(file.name for file in folder.iterdir()) == [FILE, f"{FILE}.1", "kept.txt"]


def test_a_line_that_cannot_be_written_goes_to_standard_error(tmp_path, capsys):
    handler = Journal(tmp_path / "logs")
    handler.stream.close()
    note_of = logging.LogRecord("x", logging.WARNING, __file__, 1, "Said", (), None)
    handler.handle(note_of)
    assert json.loads(capsys.readouterr().err)["event"] == "library"


def refused(person=None, **said):
    said = {"action": "page", "reason": "host", "source": Private("10.0.0.1"), **said}
    return Refused(person=Private(person) if person else None, **said)


def test_a_flood_of_refusals_is_a_few_lines_that_tell_how_many_there_were(kept):
    for number in range(1_000):
        note(refused(source=Private(f"10.0.0.{number}")))
    assert [line.get("times", 1) for line in kept()] == [2**step for step in range(10)]


def test_refusals_of_another_kind_or_person_are_not_lost_in_a_flood(kept):
    for _ in range(5):
        note(refused())
    for other in (refused("ann"), refused("bob"), refused(reason="origin"), refused(action="x")):
        note(other)
    assert len(kept()) == 3 + 4


def test_the_count_begins_anew_after_an_hour(kept, monkeypatch):
    for _ in range(3):
        note(refused())
    later = time.monotonic() + 3_601
    monkeypatch.setattr("cxdash.store.journal.thinning.time.monotonic", lambda: later)
    note(refused())
    assert [line.get("times", 1) for line in kept()] == [1, 2, 1]


def test_what_was_done_is_told_every_time(kept):
    for _ in range(5):
        note(loaded())
    assert [line.get("times", 1) for line in kept()] == [1] * 5


def test_a_library_that_says_the_same_again_and_again_is_told_as_seldom(kept):
    def fails(wrong):
        try:
            int(wrong)
        except (ValueError, TypeError):
            logging.getLogger("some.library").warning("It failed", exc_info=True)

    for _ in range(8):
        fails("a cell")
    fails(None)
    assert [(line["kind"], line.get("times", 1)) for line in kept()] == [
        ("ValueError", 1),
        ("ValueError", 2),
        ("ValueError", 4),
        ("ValueError", 8),
        ("TypeError", 1),
    ]


def test_errors_of_one_kind_from_two_places_are_two_things(kept):
    def missing_key():
        return {}["a"]

    def another_missing_key():
        return {}["b"]

    for fails in (missing_key, another_missing_key):
        try:
            fails()
        except KeyError:
            logging.getLogger("some.library").warning("It failed", exc_info=True)
    assert [(line["kind"], line.get("times", 1)) for line in kept()] == [
        ("KeyError", 1),
        ("KeyError", 1),
    ]


def test_without_a_log_nothing_is_printed(capsys):
    note(Errored(kind="ValueError", reference="abcdef12"))
    assert capsys.readouterr() == ("", "")


def test_a_service_manager_may_have_the_lines_on_standard_error(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CXDASH_LOG", "stderr")
    handler = keep(tmp_path / "logs")
    note(loaded())
    logging.getLogger().removeHandler(handler)
    logging.captureWarnings(capture=False)
    assert json.loads(capsys.readouterr().err)["event"] == "import.done"
    assert not (tmp_path / "logs").exists()


def test_every_event_has_a_name_of_its_own_and_says_what_it_is():
    names = [event.name for event in journal.EVENTS]
    assert len(set(names)) == len(names)
    assert all(event.__doc__ for event in journal.EVENTS)
    told = {field.name for event in journal.EVENTS for field in fields(event)}
    assert not told & {"customer", "comment", "amount", "cookie", "token", "message"}


def test_the_table_of_events_lists_exactly_those_there_are_with_their_fields():
    page = (Path(__file__).parents[3] / "docs" / "operations.md").read_text(encoding="utf-8")
    for event in journal.EVENTS:
        rows = [line for line in page.splitlines() if line.startswith("|")]
        (row,) = [line for line in rows if f"`{event.name}`" in line.split("|")[1]]
        assert all(field.name in row for field in fields(event)), event.name
