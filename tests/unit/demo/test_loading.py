"""Two roads into the store lead to the same rows: the files through intake, and ``fill``."""

import pytest

from cxdash import intake
from cxdash.demo import fill, load, remove, simulate
from cxdash.demo.exports import FILES, write_world
from cxdash.demo.truth import Truth
from cxdash.errors import DataError, UsageError
from cxdash.intake import Mapping
from cxdash.store import CANONICAL, Database

EMPTY = ("orders", "fx", "snapshots", "traits", "choices")  # kinds the demo company does not have


@pytest.fixture(scope="module")
def world():
    return simulate(customers=150, months=14, seed=21)


@pytest.fixture(scope="module")
def folder(world, tmp_path_factory):
    return write_world(tmp_path_factory.mktemp("demo"), world)


@pytest.fixture(scope="module")
def loaded(folder, tmp_path_factory):
    with Database(tmp_path_factory.mktemp("loaded") / "db.duckdb") as db:
        heard = []
        receipts = load(db, folder, progress=lambda share, text: heard.append((share, text)))
        yield db, receipts, heard


@pytest.fixture(scope="module")
def filled(world, tmp_path_factory):
    with Database(tmp_path_factory.mktemp("filled") / "db.duckdb") as db:
        fill(db, world)
        yield db


def content(db, table):
    """Current rows as text, sorted; rows that hang on an answer carry its response id."""
    columns = [f't."{name}"' for name in CANONICAL[table].types]
    source = f'"{table}" AS t'
    if table in ("scores", "comments"):
        columns.append("r.response_id")
        source += " JOIN responses AS r ON r.row_key = t.row_key AND r.is_current"
    rows = db.rows(f"SELECT {', '.join(columns)} FROM {source} WHERE t.is_current")
    return sorted(repr(tuple(row.values())) for row in rows)


@pytest.mark.parametrize("table", [name for name in CANONICAL if name not in EMPTY])
def test_both_roads_lead_to_the_same_rows(loaded, filled, table):
    from_files, from_memory = content(loaded[0], table), content(filled, table)
    assert len(from_files) > 0
    assert from_files == from_memory


def test_every_row_of_every_file_is_accounted_for(loaded, world):
    _, receipts, _ = loaded
    odd = Truth.of(world).summary["not_to_be_counted"]
    assert [receipt.file_name for receipt in receipts] == list(FILES)
    for receipt in receipts:
        assert receipt.rows_read == (
            receipt.rows_loaded + receipt.rows_duplicate + receipt.rows_rejected
        )
        assert receipt.rows_duplicate == 0
        expected = odd["previews"] + odd["unfinished"] if "relation" in receipt.file_name else 0
        assert receipt.rows_rejected == expected, receipt.file_name
        assert receipt.is_demo


def test_progress_runs_from_start_to_end(loaded):
    shares = [share for share, _ in loaded[2]]
    assert shares == sorted(shares)
    assert 0 <= shares[0] < 1 / len(FILES)
    assert shares[-1] == pytest.approx(1)
    assert all(any(text.startswith(file) for _, text in loaded[2]) for file in FILES)


def test_loading_twice_counts_nothing_twice_and_removing_leaves_nothing(folder, tmp_path):
    with Database(tmp_path / "db.duckdb") as db:
        first, second = load(db, folder), load(db, folder)
        assert all(receipt.rows_loaded == 0 for receipt in second)
        assert all(receipt.rows_loaded > 0 for receipt in first)
        done = remove(db)
        assert done.imports == tuple(one.import_id for one in (*first, *second))
        assert (done.rows, done.kept) == (sum(one.rows_loaded for one in first), 0)
        for table in CANONICAL:
            assert content(db, table) == [], table
        assert remove(db).imports == ()


def test_a_file_of_ones_own_stays_when_the_demo_company_goes_also_where_both_say_the_same(
    folder, tmp_path
):
    with Database(tmp_path / "db.duckdb") as db:
        load(db, folder)
        mapping = Mapping.from_toml((folder / "mappings" / "crm_accounts.toml").read_text("utf-8"))
        own = intake.load(db, folder / "crm_accounts.csv", mapping, file_name="own.csv")
        assert own.rows_loaded == 0
        assert remove(db).kept == 1
        assert len(content(db, "customers")) == own.rows_read


def test_half_a_company_is_never_left_behind(world, tmp_path):
    folder = write_world(tmp_path / "demo", world)
    mapping = folder / "mappings" / "tickets.toml"
    mapping.write_text(mapping.read_text(encoding="utf-8") + "\nnonsense = 1\n", encoding="utf-8")
    with Database(tmp_path / "db.duckdb") as db:
        with pytest.raises(UsageError):
            load(db, folder)
        assert content(db, "customers") == []
        assert content(db, "responses") == []


def test_a_missing_file_is_named_before_anything_is_loaded(world, tmp_path):
    folder = write_world(tmp_path / "demo", world)
    (folder / "tickets.csv").unlink()
    with Database(tmp_path / "db.duckdb") as db:
        with pytest.raises(DataError, match=r"tickets\.csv is missing"):
            load(db, folder)
        assert db.rows("SELECT count(*) AS n FROM imports")[0]["n"] == 0
