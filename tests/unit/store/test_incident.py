"""An unexpected exception leaves a record that tells where, and nothing of anybody's data."""

from cxdash.store.incident import record


def stumble(cell):
    try:
        int(cell)
    except ValueError as error:
        raise RuntimeError(f"cannot use {cell}") from error


def caught(cell):
    try:
        stumble(cell)
    except RuntimeError as error:
        return error
    return None


def test_a_record_holds_places_and_no_messages(tmp_path):
    incident = record(caught("Jane Doe"), tmp_path / "logs")
    written = incident.file.read_text(encoding="utf-8")
    assert incident.kind == "RuntimeError"
    assert incident.reference in incident.file.name
    assert f"reference {incident.reference}" in written
    assert "builtins.ValueError" in written
    assert written.count("in stumble") == 2
    assert "Jane" not in written
    assert str(incident.file) in incident.advice


def test_a_record_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "logs").write_text("in the way", encoding="utf-8")
    assert "could not be written" in record(ValueError("secret"), tmp_path / "logs").advice


def test_the_record_lies_beside_the_database(tmp_path, monkeypatch):
    monkeypatch.setenv("CXDASH_DB", str(tmp_path / "company.duckdb"))
    assert record(ValueError("secret")).file.parent == tmp_path / "logs"
