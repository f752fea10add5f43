"""Tables of entries go out and come in: nothing is lost, nothing overwritten unseen."""

import csv
import io
import random
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from cxdash import register
from cxdash.errors import FileRefused
from cxdash.register import bringing
from cxdash.register.bringing import Row
from cxdash.register.kinds import KINDS
from cxdash.register.kinds.goals import Goal
from cxdash.register.kinds.room import Executive
from cxdash.register.records import Kept
from cxdash.register.sheets import lines, sheet
from cxdash.register.texts import from_text
from cxdash.store import Database
from cxdash.store.spreadsheet import ACTIVE

_LETTERS = "ab ;,'\"=+-@\n%|é漢…\u202e0"


@pytest.fixture
def db(tmp_path):
    with Database(tmp_path / "x.duckdb") as opened:
        yield opened


@pytest.fixture
def other(tmp_path):
    with Database(tmp_path / "y.duckdb") as opened:
        yield opened


def goal(**given):
    return Goal(
        **{name: spec.empty for name, spec in register.specs(Goal).items()}
        | {"statement": "Keep them", "line": "revenue"}
        | given
    )


def table(*rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def cells(text):
    return list(csv.reader(io.StringIO(text, newline="")))


def edited(text, line, **changes):
    """The table with some cells of a line changed."""
    rows = cells(text)
    for name, value in changes.items():
        rows[line][rows[0].index(name)] = value
    return table(*rows)


def some_text(spec, rng):
    made = "".join(rng.choice(_LETTERS) for _ in range(rng.randint(0, 12)))
    return (made.replace(";", "") if spec.kind == "many" else made).strip()


def some_value(spec, rng):
    """A value the field may hold."""
    if spec.choices and spec.kind == "choice":
        return rng.choice([*spec.choices, spec.empty])
    made = {
        "words": lambda: some_text(spec, rng),
        "reference": lambda: rng.choice([f"{spec.refers}-{rng.randint(1, 99)}", ""]),
        "number": lambda: rng.choice([None, rng.uniform(-9, 9) * 10 ** rng.randint(-9, 12)]),
        "amount": lambda: rng.choice([None, Decimal(rng.randint(-(10**9), 10**9)) / 100]),
        "share": lambda: rng.choice([None, rng.random(), rng.randint(0, 1000) / 1000]),
        "whole": lambda: rng.choice([None, rng.randint(-5, 10**6)]),
        "day": lambda: rng.choice([None, date.fromordinal(rng.randint(700_000, 760_000))]),
        "yes_no": lambda: rng.random() < 0.5,
        "customers": lambda: rng.choice(["", "segment=Large; region=North"]),
        "many": lambda: some_many(spec, rng),
    }
    return made[spec.kind]()


def some_many(spec, rng):
    count = range(rng.randint(0, 3))
    if spec.refers:
        return tuple(f"{spec.refers}-{rng.randint(1, 99)}" for _ in count)
    if spec.choices:
        return tuple(rng.choice([*spec.choices]) for _ in count)
    return tuple(filter(None, (some_text(spec, rng) for _ in count)))


@pytest.mark.promise("E01")
@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.KIND)
def test_every_value_of_every_kind_comes_back_from_a_table_as_it_was(kind, monkeypatch):
    rng = random.Random(kind.KIND)  # noqa: S311 - repeatable, not secret
    known = register.specs(kind)
    records = [
        kind(**{name: some_value(spec, rng) for name, spec in known.items()}) for _ in range(40)
    ]
    moment = datetime(2026, 1, 2, 3, 4, 5, 678901, UTC)
    kept = tuple(
        Kept(id=f"{kind.KIND}-{n}", version=1, what="entered", at=moment, by="=Ann", record=one,
             digest="")
        for n, one in enumerate(records, 1)
    )  # fmt: skip
    monkeypatch.setattr(register.sheets, "current", lambda *_: kept)
    text = sheet(None, kind)
    back = [
        kind(**{name: from_text(spec, line.cells[name]) for name, spec in known.items()})
        for line in lines(f"{kind.KIND}.csv", text.encode())
    ]
    assert back == records


def test_no_field_is_called_as_a_column_about_the_row():
    taken = {*register.sheets.ABOUT, *register.sheets.PAST}
    assert [kind for kind in KINDS if taken & set(register.specs(KINDS[kind]))] == []


def test_no_cell_of_a_table_is_a_formula(db):
    register.put(db, goal(statement='=HYPERLINK("http://e.example")', note="+1"), by="@ann")
    live = [
        cell
        for row in cells(sheet(db, Goal))
        for cell in row
        if cell.startswith(tuple(ACTIVE)) and not cell.lstrip("-").replace(".", "").isdigit()
    ]
    assert live == []


def test_a_table_that_comes_back_unchanged_changes_nothing(db):
    register.put(db, goal(baseline=-0.5, by=date(2026, 12, 31)), by="Ann")
    register.put(db, goal(statement="=1+1"), by="Ann")
    before = db.data_version
    done = register.bring_in(db, {"goal.csv": sheet(db, Goal).encode()}, by="Ben")
    assert [row.became for row in done.rows] == ["unchanged", "unchanged"]
    assert done.sentence == ("2 rows: 0 new, 0 changed, 2 unchanged, 0 refused. Nothing was saved.")
    assert db.data_version == before


def test_a_changed_row_becomes_the_next_version_by_whoever_brought_it(db):
    register.put(db, goal(), by="Ann")
    done = register.bring_in(
        db, {"goal.csv": edited(sheet(db, Goal), 1, statement="Keep more")}, by="Ben"
    )
    assert [row.became for row in done.rows] == ["changed"]
    (kept,) = register.current(db, Goal)
    assert (kept.version, kept.by, kept.record.statement) == (2, "Ben", "Keep more")


@pytest.mark.promise("E01")
def test_a_row_of_an_older_version_is_refused_and_nothing_of_the_file_is_saved(db):
    register.put(db, goal(), by="Ann")
    old = sheet(db, Goal)
    register.put(db, goal(statement="Ben's"), by="Ben", entry="goal-1")
    rows = cells(edited(old, 1, statement="Ann's").decode())
    new = {"statement": "New", "line": "revenue"}
    rows.append([new.get(name, "") for name in rows[0]])
    done = register.bring_in(db, {"goal.csv": table(*rows)}, by="Ann")
    assert [(row.line, row.became) for row in done.rows] == [(2, "refused"), (3, "new")]
    assert done.refused[0].why == (
        "Ben has changed goal-1 meanwhile: the row is version 1, now there is version 2."
    )
    assert not done.saved
    assert [one.record.statement for one in register.current(db, Goal)] == ["Ben's"]


@pytest.mark.promise("E01")
def test_a_row_of_another_database_does_not_overwrite_an_entry_of_the_same_number(db, other):
    register.put(db, goal(), by="Ann")
    register.put(other, goal(statement="Theirs"), by="Zoe")
    done = register.bring_in(db, {"goal.csv": sheet(other, Goal).encode()}, by="Ann")
    assert done.refused[0].why.startswith("goal-1 here is another entry than the one in the file")
    assert [one.record.statement for one in register.current(db, Goal)] == ["Keep them"]


def test_ids_of_another_database_are_kept_and_rows_may_refer_to_each_other(db, other):
    for name in ("Ann", "Ben"):
        register.put(other, executive(name), by="Zoe")
    register.put(other, goal(executive="executive-2"), by="Zoe")
    files = {f"{kind.KIND}.csv": sheet(other, kind).encode() for kind in (Goal, Executive)}
    done = register.bring_in(db, files, by="Ann")
    assert done.saved
    assert [row.became for row in done.rows] == ["new"] * 3
    for kind in (Goal, Executive):
        theirs = [(one.id, one.record) for one in register.current(other, kind)]
        assert [(one.id, one.record) for one in register.current(db, kind)] == theirs
    assert register.put(db, executive("Cid"), by="Ann").id == "executive-3"


def executive(name):
    return Executive(
        **{field: spec.empty for field, spec in register.specs(Executive).items()}
        | {"name": name, "function": "cfo", "stance": "neutral"}
    )


def test_a_new_entry_takes_no_number_that_came_from_another_database(db, other):
    for number in range(4):
        register.put(other, goal(statement=f"Theirs {number}"), by="Ben")
    fourth = cells(sheet(other, Goal))
    register.bring_in(db, {"goal.csv": table(fourth[0], fourth[4])}, by="Ben")
    made = [register.put(db, goal(statement=f"Mine {number}"), by="Ann").id for number in range(4)]
    assert made == ["goal-5", "goal-6", "goal-7", "goal-8"]


def test_a_row_that_refers_to_nothing_is_refused(db):
    header = ["statement", "line", "executive"]
    done = register.bring_in(
        db, {"goal.csv": table(header, ["Keep", "revenue", "executive-9"])}, by="Ann"
    )
    assert [row.why for row in done.refused] == ["Whose goal it is: there is no executive-9."]
    assert register.current(db, Goal) == ()


def test_a_row_without_an_id_is_new_and_the_same_table_twice_counts_once(db):
    brought = table(["statement", "line"], ["Keep", "revenue"], ["", ""], ["Grow", "revenue"])
    first = register.bring_in(db, {"goal.csv": brought}, by="Ann")
    again = register.bring_in(db, {"goal.csv": brought}, by="Ann")
    assert [row.became for row in first.rows] == ["new", "new"]
    assert first.rows[1] == Row("goal.csv", 4, "goal-2", "new")
    assert [row.became for row in again.rows] == ["unchanged", "unchanged"]


def test_the_entries_there_are_are_read_once_however_many_rows_come_in(db, monkeypatch):
    """Read anew for every row, three thousand of them would hold everybody up for ten minutes."""
    register.put(db, goal(), by="Ann")
    read = []
    current = register.current
    monkeypatch.setattr(bringing, "current", lambda *of: read.append(of) or current(*of))
    rows = [[f"Goal {number % 5}", "revenue"] for number in range(12)]
    done = register.bring_in(db, {"goal.csv": table(["statement", "line"], *rows)}, by="Ann")
    assert (done.number("new"), done.number("unchanged"), len(read)) == (5, 7, 1)


def test_what_an_entry_no_longer_says_is_no_twin_of_a_new_row(db):
    register.put(db, goal(), by="Ann")
    changed = edited(sheet(db, Goal), 1, statement="Another")
    as_before = table(["statement", "line"], ["Keep them", "revenue"])
    done = register.bring_in(db, {"a.csv": changed, "b.csv": as_before}, by="Ann")
    assert [row.became for row in done.rows] == ["changed", "new"]


def test_a_file_of_more_rows_than_people_type_is_refused_before_anything_is_read(db, monkeypatch):
    monkeypatch.setattr(register.sheets, "_MOST_ROWS", 2)
    rows = [[f"Goal {number}", "revenue"] for number in range(3)]
    with pytest.raises(FileRefused, match="more than 2 rows"):
        register.bring_in(db, {"goal.csv": table(["statement", "line"], *rows)}, by="Ann")
    assert register.current(db, Goal) == ()


def test_a_field_without_a_column_keeps_what_it_held(db):
    register.put(db, goal(note="Stays"), by="Ann")
    kept = register.current(db, Goal)[0]
    brought = table(
        ["id", "version", "changed_at", "statement"],
        ["goal-1", "1", kept.at.isoformat(), "Keep more"],
    )
    register.bring_in(db, {"goals of ours.csv": brought}, by="Ann")
    assert register.current(db, Goal)[0].record == goal(statement="Keep more", note="Stays")


def test_semicolons_between_the_cells_and_a_mark_at_the_start_are_read_too(db):
    done = register.bring_in(
        db, {"goal.csv": "\ufeffstatement;line\r\nKeep;revenue\r\n".encode()}, by="Ann"
    )
    assert done.saved


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("goal.csv", b"statement,weather\nKeep,rain\n", "goal has no weather"),
        ("x.csv", b"id,version\ngoal-1,1\n", "columns of no kind"),
        ("x.csv", b"", "columns of no kind"),
        ("goal.csv", b"statement,line\nKeep\n", "line 2: 1 cells where the header has 2"),
        ("goal.csv", b"statement,line\n\xff,revenue\n", "UTF-8"),
        ("goal.csv", b"statement,statement\na,b\n", "stands twice"),
        ("goal.csv", b"id,digest,statement\n", "without their history"),
    ],
)
def test_a_file_that_is_no_table_of_entries_is_refused_with_the_reason(db, name, content, told):
    with pytest.raises(FileRefused, match=told):
        register.bring_in(db, {name: content}, by="Ann")
    assert register.current(db, Goal) == ()


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"id": "ask-1"}, "'ask-1' is no id like goal-1."),
        ({"by": "31.12.2026"}, "By when: '31.12.2026' is no day written as YYYY-MM-DD."),
        ({"baseline": "1,5"}, "Where it stood: '1,5' is no number written like 1234.56."),
        ({"statement": "a\x0bb"}, "What the company wants: there is a control character in it."),
        ({"line": ""}, "Line of the accounts: this has to be filled in."),
    ],
)
def test_a_row_that_breaks_a_rule_is_refused_with_line_and_reason(db, row, told):
    held = {"id": "", "statement": "Keep", "line": "revenue", "by": "", "baseline": ""} | row
    done = register.bring_in(db, {"goal.csv": table(list(held), list(held.values()))}, by="Ann")
    assert [(one.line, one.why) for one in done.refused] == [(2, told)]


def test_an_entry_that_was_removed_is_not_brought_back_unseen(db):
    register.put(db, goal(), by="Ann")
    old = sheet(db, Goal).encode()
    register.remove(db, Goal, "goal-1", by="Ben")
    done = register.bring_in(db, {"goal.csv": old}, by="Ann")
    assert done.refused[0].why.startswith("goal-1 was removed by Ben on ")


def test_an_id_twice_in_what_is_brought_in_is_refused(db):
    register.put(db, goal(), by="Ann")
    text = sheet(db, Goal)
    done = register.bring_in(db, {"goal.csv": text.encode(), "goals.csv": text.encode()}, by="A")
    assert [row.became for row in done.rows] == ["unchanged", "refused"]


def test_the_history_holds_every_version_and_what_was_frozen(db):
    register.put(db, goal(), by="Ann")
    register.freeze(db, Goal, "goal-1", by="Ann")
    register.put(db, goal(statement="Other"), by="Ben", entry="goal-1")
    register.remove(db, Goal, "goal-1", by="Ben")
    rows = cells(sheet(db, Goal, history=True))
    what = rows[0].index("changed_how")
    assert [row[what] for row in rows[1:]] == ["entered", "frozen", "changed", "removed"]
    assert rows[2][rows[0].index("digest")] == register.frozen(db, Goal, "goal-1").digest
