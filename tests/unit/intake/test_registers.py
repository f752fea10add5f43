"""Events and who answers for a metric come in through the same door as any export."""

import pytest

from cxdash import intake

EVENTS = """
Date,Event,Kind,Metric,Team
2026-03-01,Prices went up by 6 %,Price rise,,
2026-04-12,Log-in was down for two hours,outage,NPS,
2026-05-02,Bonus for full marks,Incentive,csat,North desk 2
2026-05-09,Something else,,,
"""
EVENTS_MAP = """
kind = "events"
[columns]
dated = { column = "Date", dates = "ymd" }
what = "Event"
event_kind = "Kind"
metric = "Metric"
unit = "Team"
"""
REGISTER = """
Metric,Owner,Goal,Decision,Decided On
NPS,Head of service,40 by December,Pilot of a named contact,2025-06-12
CES,,,,
"""
REGISTER_MAP = """
kind = "metric_register"
[columns]
metric = "Metric"
owner = "Owner"
goal = "Goal"
decision = "Decision"
decided_on = { column = "Decided On", dates = "ymd" }
"""


def rows(db, table, columns):
    order = columns.split(",")[0]
    found = db.rows(f"SELECT {columns} FROM {table} WHERE is_current ORDER BY {order}")
    return [tuple(row.values()) for row in found]


def test_a_list_of_events_becomes_dated_events_of_known_kinds(db, load):
    receipt = load(EVENTS, EVENTS_MAP)
    assert (receipt.rows_loaded, receipt.rows_rejected) == (4, 0)
    assert receipt.matched is None
    found = rows(db, "events", "CAST(dated AS VARCHAR), event_kind, metric, unit")
    assert found == [
        ("2026-03-01", "price", None, None),
        ("2026-04-12", "outage", "NPS", None),
        ("2026-05-02", "incentive", "csat", "North desk 2"),
        ("2026-05-09", "other", None, None),
    ]


def test_an_event_of_a_kind_nobody_knows_is_refused_with_the_kinds_there_are(load):
    receipt = load("Date,Event,Kind,Metric,Team\n2026-03-01,A thing,weather,,", EVENTS_MAP)
    assert receipt.rows_rejected == 1
    assert "none of price, outage, leadership, incentive, survey" in receipt.rejects[0].reason


def test_an_event_may_lie_ahead_but_needs_a_day_and_a_sentence(load):
    text = (
        "Date,Event,Kind,Metric,Team\n2027-03-01,Prices go up,price,,\n,No day,,,\n2026-01-01,,,,"
    )
    receipt = load(text, EVENTS_MAP)
    assert (receipt.rows_loaded, receipt.rows_rejected) == (1, 2)


def test_a_register_of_metrics_keeps_one_row_a_metric_and_a_later_file_replaces_it(db, load):
    load(REGISTER, REGISTER_MAP)
    later = load("Metric,Owner,Goal,Decision,Decided On\nNPS,New head,,,", REGISTER_MAP)
    assert later.rows_superseding == 1
    found = rows(db, "metric_register", "metric, owner, goal")
    assert found == [("CES", None, None), ("NPS", "New head", None)]


@pytest.mark.parametrize(
    ("text", "mapping", "table"),
    [(EVENTS, EVENTS_MAP, "events"), (REGISTER, REGISTER_MAP, "metric_register")],
)
def test_undoing_a_register_leaves_nothing_and_loading_it_twice_counts_once(
    db, load, text, mapping, table
):
    first, second = load(text, mapping), load(text, mapping)
    assert (first.rows_loaded, second.rows_loaded) == (2 if table != "events" else 4, 0)
    intake.undo(db, second.import_id, first.import_id)
    assert db.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"] == 0


@pytest.mark.parametrize(
    ("text", "kind", "roles"),
    [
        (EVENTS, "events", {"dated", "what", "event_kind", "metric", "unit"}),
        ("Date,Event\n2026-03-01,Price rise", "events", {"dated", "what"}),
        (REGISTER, "metric_register", {"metric", "owner", "goal", "decision", "decided_on"}),
        ("KPI,Target\nNPS,40", "metric_register", {"metric", "goal"}),
        (
            (
                "Team,Month,Headcount,Engagement (1-10),Turnover share,Absence Share\n"
                "North,2026-03-01,15,7.1,0.02,0.04\nSouth,2026-03-01,16,6.9,0.0,0.05"
            ),
            "teams",
            {"unit", "period", "headcount", "engagement", "turnover", "absence"},
        ),
    ],
)
def test_the_headers_people_use_are_recognised_without_a_question(tmp_path, text, kind, roles):
    path = tmp_path / "list.csv"
    path.write_text(text.strip() + "\n", encoding="utf-8")
    proposal = intake.inspect(path)
    assert proposal.questions == ()
    assert proposal.mapping.kind == kind
    assert set(proposal.mapping.columns) == roles


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Date,Event,Customer ID,NPS\n2026-03-01,Fair,C1,9\n2026-03-02,Fair,C2,3", "responses"),
        ("Team,Month,Headcount\nNorth,2026-03,5\nSouth,2026-03,6", "teams"),
    ],
)
def test_other_files_with_such_words_are_still_taken_for_what_they_are(tmp_path, text, kind):
    path = tmp_path / "list.csv"
    path.write_text(text + "\n", encoding="utf-8")
    assert intake.inspect(path).mapping.kind == kind
