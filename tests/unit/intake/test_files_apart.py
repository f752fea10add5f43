"""Files are read by a process apart: what happens there happens to no one else."""

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from pathlib import Path

import pytest

from cxdash import intake
from cxdash.errors import FileRefused
from cxdash.intake import FileSpec
from cxdash.intake.reading.reader import Reader, rows_of
from cxdash.intake.reading.table import open_table
from cxdash.intake.reading.work import read_job

ROOT = Path(__file__).parents[3]
TEXT = "id,customer,at,nps\nR1,C1,2026-01-05,9\nR2,C2,2026-01-06,3\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(TEXT)
    return path


@pytest.fixture
def misbehaving(tmp_path):
    """A reader whose children do something else than reading."""
    readers = []

    def made(body, before=""):
        script = tmp_path / "misbehaving.py"
        script.write_text(
            textwrap.dedent(
                f"""
                import os, signal, socket, time
                from cxdash.errors import FileRefused
                from cxdash.intake.reading import apart, limits, work

                apart.LIMITS = limits.Limits(seconds=1, memory=100 << 20, staged=1 << 20)
                apart._WALL, apart._GRACE = 0, 1
                {before}

                def job(job, out, tell):
                    {body}

                work.DONE_BY["read"] = job
                apart.serve(socket.socket(fileno=0))
                """
            )
        )
        readers.append(Reader([sys.executable, str(script)]))
        return readers[-1]

    yield made
    for reader in readers:
        reader.close()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("x = bytearray(1 << 30)", "MB of memory"),
        ("time.sleep(60)", "seconds and was stopped"),
        ("os.kill(os.getpid(), signal.SIGXCPU)", "seconds and was stopped"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "MB of memory"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "has a fault"),
        ("os.abort()", "MB of memory"),
        ("raise ValueError('secret cell')", "was not made for (ValueError, apart.py:"),
        ("raise FileRefused('No.', file='x', line=3, do_next='Do.')", "No. Nothing was loaded."),
        ("os._exit(0)", "broken off from outside"),
    ],
)
def test_a_child_that_fails_becomes_a_refusal_in_words(misbehaving, file, body, said):
    with pytest.raises(FileRefused) as caught:
        misbehaving(body).do(read_job(file, "a.csv", FileSpec()))
    assert said in str(caught.value)
    assert "secret" not in str(caught.value)
    assert caught.value.do_next


def test_a_refusal_comes_with_all_its_parts(file):
    file.write_text('id,customer\nR1,"C1\n')
    with pytest.raises(FileRefused) as caught:
        open_table(file, file_name="survey.csv")
    assert (caught.value.file, caught.value.line) == ("survey.csv", 2)
    assert caught.value.do_next.startswith("Mend that row")


def test_a_reader_that_was_killed_is_started_again(file):
    reader = Reader()
    reader.do(read_job(file, "a.csv", FileSpec()), tempfile.TemporaryFile())  # noqa: SIM115
    reader._process.send_signal(signal.SIGKILL)
    reader._process.wait()
    with tempfile.TemporaryFile() as out:
        reader.do(read_job(file, "a.csv", FileSpec()), out)
        assert rows_of(out).num_rows == 2
    reader.close()


def test_many_threads_get_their_own_rows(tmp_path):
    found = {}

    def read(number):
        path = tmp_path / f"{number}.csv"
        path.write_text("id,n\n" + f"R,{number}\n" * (number + 1))
        found[number] = [cells[1] for _, cells in open_table(path).rows()]

    threads = [threading.Thread(target=read, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: [str(number)] * (number + 1) for number in range(12)}


def test_the_reader_ends_with_its_asker():
    code = (
        "import sys, os; from pathlib import Path\n"
        "from cxdash.intake.reading import table\n"
        f"table.open_table(Path({str(ROOT / 'tests/attack/files/ok_survey.csv')!r}))\n"
        "print(table.READER._process.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, check=False
    )
    reader = int(done.stdout)
    for _ in range(100):
        if not Path(f"/proc/{reader}/cmdline").exists():
            break
        time.sleep(0.05)
    with pytest.raises(ProcessLookupError):
        os.kill(reader, 0)


def test_the_same_bytes_are_read_once_while_somebody_uses_them(file, tmp_path):
    first = open_table(file)
    other = tmp_path / "b.csv"
    other.write_text(TEXT)
    again = open_table(other, spec=first.file)
    assert again.staged is first.staged
    assert again.scan.name == "b.csv"
    assert (
        open_table(other, spec=FileSpec(header="first", delimiter=",")).staged is not first.staged
    )
    other.write_text(TEXT.replace("9", "8"))
    assert open_table(other, spec=first.file).staged is not first.staged


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(FileRefused, match=r"nowhere\.csv cannot be opened: No such file"):
        intake.inspect(tmp_path / "nowhere.csv")


def test_progress_is_told(file):
    told = []
    open_table(file, progress=lambda share, text: told.append((share, text)))
    assert told == [(0.0, "2 rows read")]


def test_a_service_that_forbids_priorities_still_reads(misbehaving, file):
    denied = "apart.os.nice = lambda _: os.open('/nowhere/at/all', 0)"
    reader = misbehaving("raise FileRefused('It was read.', file='x')", denied)
    with pytest.raises(FileRefused, match=r"It was read\."):
        reader.do(read_job(file, "a.csv", FileSpec()))


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux")
def test_rows_that_were_read_hold_no_memory_until_they_are_used(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("w") as out:
        out.write("id,note\n")
        for number in range(40_000):
            out.write(f"R{number},{'x' * 1_000}\n")

    def held():
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    before = held()
    table = open_table(path)
    assert table.staged.nbytes > 40e6
    assert held() - before < 20e6
    assert next(table.rows())[1][0] == "R0"


def test_who_asked_first_does_not_wait_for_who_asked_later(misbehaving, tmp_path):
    reader = misbehaving(
        "open(job['path'] + '.begun', 'w')\n"
        "                    while not os.path.exists(job['path'] + '.end'): time.sleep(0.01)\n"
        "                    return {'done': True}",
        before="apart._GRACE = 60",
    )
    asked = []
    for name in ("first", "later"):
        path = tmp_path / name
        path.write_text(TEXT)
        asked.append(threading.Thread(target=reader.do, args=(read_job(path, name, FileSpec()),)))
        asked[-1].start()
        while not path.with_suffix(".begun").exists():
            time.sleep(0.01)
    first, later = asked
    (tmp_path / "first.end").touch()
    first.join(30)
    assert not first.is_alive()
    assert later.is_alive()
    (tmp_path / "later.end").touch()
    later.join()
