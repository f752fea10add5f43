"""A damaged file opens into the same numbers or into a sentence with the way back, never else."""

import random
import shlex
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import duckdb
import pytest
from filled_store import filled, held, load

from cxdash import upkeep
from cxdash.errors import StoreDamaged, StoreError, StoreForeign
from cxdash.store import Database, Place

END = (
    "import os, sys; sys.path.insert(0, sys.argv[2]); from filled_store import load; "
    "from cxdash.store import Database; db = Database(sys.argv[1]); load(db, 'revenue', 2000); "
    "load(db, 'responses', 2000); os._exit(9)"
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A closed database and what it holds."""
    path = tmp_path_factory.mktemp("whole") / "company.duckdb"
    with filled(path, rows=1_500) as db:
        return path, held(db)


@pytest.fixture(scope="module")
def with_log(tmp_path_factory):
    """A database that was killed with work in its log, the ledger beside it."""
    path = tmp_path_factory.mktemp("log") / "company.duckdb"
    filled(path).close()
    here = str(Path(__file__).parent)
    subprocess.run([sys.executable, "-c", END, str(path), here], check=False, timeout=60)
    place = Place.of(path)
    assert place.log.stat().st_size > 10_000
    return path


def flipped(content, chance):
    for _ in range(chance.choice([1, 1, 4, 40])):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return content


def cut(content, chance):
    return content[: chance.randrange(1, len(content))]


def zeroed(content, chance):
    start = chance.randrange(0, len(content), 4096)
    size = min(chance.choice([512, 4096, 65536]), len(content) - start)
    content[start : start + size] = bytes(size)
    return content


def swapped(content, chance):
    one, two = (chance.randrange(0, len(content) - 4096, 4096) for _ in range(2))
    content[one : one + 4096], content[two : two + 4096] = (
        content[two : two + 4096],
        content[one : one + 4096],
    )
    return content


def opened(path):
    """What a file opens into: its content with what the ledger misses, or the error."""
    try:
        with Database(path) as db:
            return held(db), db.loss, None
    except StoreError as error:
        return None, None, error


WAYS = (flipped, cut, zeroed, swapped)


@pytest.mark.promise("S04")
def test_S04_a_damaged_file_gives_the_same_numbers_or_a_sentence(whole, tmp_path, tell, thorough):
    path, expected = whole
    original = path.read_bytes()
    trials = 1_200 if thorough else 120
    ends = Counter()
    for seed in range(trials):
        chance = random.Random(seed)  # noqa: S311
        folder = tmp_path / "try"
        folder.mkdir()
        target = folder / "company.duckdb"
        shutil.copy(Place.of(path).ledger, folder)
        target.write_bytes(WAYS[seed % len(WAYS)](bytearray(original), chance))
        before = target.read_bytes()
        content, _, error = opened(target)
        if error is None:
            assert content == expected, f"seed {seed} gives wrong numbers"
            ends["same numbers"] += 1
        else:
            assert isinstance(error, StoreDamaged | StoreForeign)
            assert str(target) in error.what
            assert "restore" in error.do_next.lower()
            assert target.read_bytes() == before
            ends["refused with a sentence"] += 1
        shutil.rmtree(folder)
    assert ends["refused with a sentence"] > trials // 3
    tell("damaged files tried", trials)
    tell("wrong numbers", 0)
    tell("crashes", 0)
    for name, count in ends.items():
        tell(name, count)


@pytest.mark.promise("S04")
def test_S04_a_damaged_log_gives_all_numbers_a_sentence_or_names_what_is_missing(
    with_log, tmp_path, tell, thorough
):
    """The engine opens a cut log without a word; the ledger then says which imports are gone."""
    place = Place.of(with_log)
    log = place.log.read_bytes()
    shutil.copytree(with_log.parent, tmp_path / "whole")
    with Database(tmp_path / "whole" / "company.duckdb") as db:
        assert not db.loss
        expected = held(db)
    trials = 200 if thorough else 24
    ends = Counter()
    for seed in range(trials):
        folder = tmp_path / "try"
        shutil.copytree(with_log.parent, folder)
        chance = random.Random(seed)  # noqa: S311
        way = cut if seed % 2 else flipped
        (folder / place.log.name).write_bytes(way(bytearray(log), chance))
        content, loss, error = opened(folder / "company.duckdb")
        if error is not None:
            assert error.do_next
            ends["refused with a sentence"] += 1
        elif content == expected:
            ends["same numbers"] += 1
        else:
            assert loss.imports, f"seed {seed}: work is missing and nobody says so"
            assert upkeep.told_loss(loss)
            ends["missing work named"] += 1
        shutil.rmtree(folder)
    assert ends["missing work named"]
    tell("damaged logs tried", trials)
    for name, count in ends.items():
        tell(name, count)


def test_damage_found_only_while_reading_is_told_in_the_same_words(whole, tmp_path):
    path, _ = whole
    target = tmp_path / "company.duckdb"
    for block in range(4, 60):
        content = bytearray(path.read_bytes())
        start = 12288 + block * 262_144 // 8
        content[start : start + 64] = bytes(64)
        target.write_bytes(content)
        Place.of(target).ledger.unlink(missing_ok=True)
        _, _, error = opened(target)
        if error is not None and isinstance(error.__cause__, duckdb.Error):
            assert isinstance(error, StoreDamaged)
            assert "no number is shown" in error.state
            return
    pytest.fail("no damage was found at all")


def test_the_sentence_names_the_newest_backup_and_its_command_works(whole, tmp_path, capsys):
    from cxdash.faces.cli.main import main  # noqa: PLC0415 - the command line takes a while

    path = tmp_path / "company.duckdb"
    with filled(path, rows=200) as db:
        expected = held(db)
        made = upkeep.backup(db)
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(StoreDamaged) as refusal:
        Database(path)
    [command] = refusal.value.commands
    assert str(made.file) in command
    assert main(shlex.split(command)[3:]) == 0
    assert "read back and equal" in capsys.readouterr().out
    with Database(path) as db:
        assert held(db) == expected
        assert not db.loss


def test_an_old_copy_put_back_is_noticed_until_somebody_accepts_it(tmp_path):
    path = tmp_path / "company.duckdb"
    filled(path, rows=50).close()
    old = path.read_bytes()
    with Database(path) as db:
        number = load(db, "revenue", 70)
    path.write_bytes(old)
    for _ in range(2):
        with Database(path) as db:
            assert [lost.import_id for lost in db.loss.imports] == [number]
            told = " ".join(upkeep.notices(db))
            assert "import 4 (revenue, 70 rows" in told
            assert not upkeep.examined(db).healthy
    with Database(path) as db:
        db.accept_loss()
        assert upkeep.notices(db) == ()
    with Database(path) as db:
        assert not db.loss
        assert upkeep.examined(db).healthy


def test_a_database_that_vanished_is_noticed_when_an_empty_one_is_made(tmp_path):
    path = tmp_path / "company.duckdb"
    filled(path, rows=50).close()
    path.unlink()
    with Database(path) as db:
        assert len(db.loss.imports) == 3
        assert "Another database file stands here" in upkeep.notices(db)[0]
