"""`make run`: the port, the demo company, the address, and a clean end."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cxdash.errors import CxdashError, StoreLocked, UsageError
from cxdash.faces.cli import serve
from cxdash.store import Database

ROOT = Path(__file__).parents[3]


def free_port():
    with socket.socket() as probe:
        probe.bind((serve.ADDRESS, 0))
        return probe.getsockname()[1]


def test_a_taken_port_is_refused_with_another_to_try():
    with socket.socket() as taken:
        taken.bind((serve.ADDRESS, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"PORT={port + 1}"):
            serve.refuse_taken_port(port)
    serve.refuse_taken_port(port)


def test_a_taken_port_ends_with_a_sentence_before_anything_is_made(tmp_path, capsys):
    with socket.socket() as taken:
        taken.bind((serve.ADDRESS, 0))
        taken.listen()
        words = ["--port", str(taken.getsockname()[1]), "--db", str(tmp_path / "new.duckdb")]
        assert serve.main(words) == 2
    assert "cannot be used" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_is_there_is_left_as_it_is(tmp_path):
    path = tmp_path / "company.duckdb"
    with Database(path) as db:
        db.set_setting("reporting_currency", "BRL")
    serve.prepare_database(path)
    with Database(path) as db:
        assert db.setting("reporting_currency") == "BRL"
        assert db.rows("SELECT * FROM imports") == []


def test_a_file_that_cannot_be_used_is_served_so_that_each_page_can_say_so(tmp_path, capsys):
    path = tmp_path / "company.duckdb"
    path.write_text("not a database", encoding="utf-8")
    serve.prepare_database(path)
    told = capsys.readouterr().err
    assert "is not a database file" in told
    assert "python -m cxdash restore" in told
    assert path.read_text(encoding="utf-8") == "not a database"


def test_a_database_another_process_holds_is_refused_before_the_server_starts(
    tmp_path, monkeypatch
):
    def locked(path):
        raise StoreLocked(f"{path} is in use by another cxdash (process 17).")

    (tmp_path / "company.duckdb").touch()
    monkeypatch.setattr(serve, "Database", locked)
    with pytest.raises(StoreLocked, match="process 17"):
        serve.prepare_database(tmp_path / "company.duckdb")


def test_without_a_database_the_demo_company_is_loaded_beside_and_moved(
    tmp_path, monkeypatch, capfd
):
    ran = subprocess.run

    def make(command, **options):
        assert command[1:5] == ["-m", "cxdash", "demo", "--load"]
        Database(command[-1]).close()
        Path(command[-3]).mkdir()
        print_it = "import sys; print(sys.argv[1], file=sys.stderr)"
        return ran([sys.executable, "-c", print_it, command[-3]], **options)

    monkeypatch.setattr(serve.subprocess, "run", make)
    path = tmp_path / "data" / "company.duckdb"
    serve.prepare_database(path)
    assert sorted(entry.name for entry in path.parent.iterdir()) == [
        "company.duckdb",
        "company.duckdb.ledger",
        "demo-company",
    ]
    out, err = capfd.readouterr()
    assert f"Its exports are kept in {path.parent / 'demo-company'}." in out
    assert "preparing/" not in out + err


def test_exports_that_were_there_before_stay_and_are_said_to(tmp_path, monkeypatch, capsys):
    def make(command, **_kwargs):
        Database(command[-1]).close()
        Path(command[-3]).mkdir()
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(serve.subprocess, "run", make)
    (tmp_path / "demo-company").mkdir()
    (tmp_path / "demo-company" / "own.txt").touch()
    serve.prepare_database(tmp_path / "company.duckdb")
    assert "was there before and stays as it is" in capsys.readouterr().out
    assert (tmp_path / "demo-company" / "own.txt").exists()


def test_a_demo_company_that_cannot_be_made_leaves_no_database(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(
        serve.subprocess,
        "run",
        lambda command, **_: subprocess.CompletedProcess(command, 1, stderr="The disk is full.\n"),
    )
    with pytest.raises(CxdashError, match="could not be prepared"):
        serve.prepare_database(tmp_path / "company.duckdb")
    assert capsys.readouterr().err == "The disk is full.\n"
    assert not (tmp_path / "company.duckdb").exists()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_stopping_while_the_demo_company_is_made_leaves_nothing_and_says_so(tmp_path, how):
    process = subprocess.Popen(
        [sys.executable, "-m", "cxdash.faces.cli.serve", "--prepare-only"],
        env=os.environ | {"CXDASH_DB": str(tmp_path / "company.duckdb")},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert "preparing the demo company" in process.stdout.readline()
        folder = tmp_path / ".company.duckdb.preparing" / "demo-company"
        for _ in range(600):
            if folder.exists():
                break
            time.sleep(0.05)
        assert folder.exists()
        os.killpg(process.pid, how)
        _, err = process.communicate(timeout=30)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 1
    assert "Stopped before the app was started; nothing half is left behind." in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_what_a_sudden_end_left_is_cleared_away(tmp_path, monkeypatch):
    def refuse(command, **_kwargs):
        assert list((tmp_path / ".company.duckdb.preparing").iterdir()) == []
        return subprocess.CompletedProcess(command, 1, stderr="")

    left = tmp_path / ".company.duckdb.preparing" / "demo-company"
    left.mkdir(parents=True)
    monkeypatch.setattr(serve.subprocess, "run", refuse)
    with pytest.raises(CxdashError, match="could not be prepared"):
        serve.prepare_database(tmp_path / "company.duckdb")
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_dies_is_told_in_sentences(tmp_path, monkeypatch):
    monkeypatch.setattr(serve, "_settings", lambda _start: ["--no-such-option"])
    with pytest.raises(CxdashError, match="did not start"):
        serve.serve(serve._Start(serve.ADDRESS, free_port(), tmp_path / "company.duckdb"))


def test_without_a_clear_word_nothing_is_said_of_going_without_sign_in(tmp_path, monkeypatch):
    seen = []

    def started(command, env):
        seen.append((command, env))
        raise KeyboardInterrupt

    monkeypatch.delenv("CXDASH_WITHOUT_SIGN_IN", raising=False)
    monkeypatch.setattr(serve, "prepare_database", lambda _: None)
    monkeypatch.setattr(serve.subprocess, "Popen", started)
    for words in ([], ["--without-sign-in", "--secrets", "s.toml"]):
        arguments = ["--address", "0.0.0.0", "--port", str(free_port()), *words]  # noqa: S104
        assert serve.main([*arguments, "--db", str(tmp_path / "cx.duckdb")]) == 1
    (plain, plain_env), (opened, opened_env) = seen
    assert "--server.address=0.0.0.0" in plain
    assert "CXDASH_WITHOUT_SIGN_IN" not in plain_env
    assert opened_env["CXDASH_WITHOUT_SIGN_IN"] == "1"
    assert "--secrets.files=s.toml" in opened


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("127.0.0.1", "http://127.0.0.1:8501"),
        ("0.0.0.0", "http://127.0.0.1:8501"),  # noqa: S104
        ("::1", "http://[::1]:8501"),
        ("reports.intern", "http://reports.intern:8501"),
    ],
)
def test_the_address_is_shown_as_a_browser_takes_it(address, shown):
    assert serve._shown(address, 8501) == shown


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_app_starts_says_where_and_stops_cleanly(tmp_path, how):
    path = tmp_path / "company.duckdb"
    Database(path).close()
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "cxdash.faces.cli.serve", "--port", str(port), "--db", str(path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "cxdash is ready" in line:
                break
        assert f"http://127.0.0.1:{port}" in "".join(lines)
        connection = http.client.HTTPConnection(serve.ADDRESS, port, timeout=10)
        connection.request("GET", "/_stcore/health")
        assert connection.getresponse().status == http.client.OK
        os.killpg(process.pid, how)
        rest, _ = process.communicate(timeout=20)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 0
    assert "Traceback" not in "".join(lines) + rest
    serve.refuse_taken_port(port)
