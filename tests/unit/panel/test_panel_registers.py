"""Events and stewards are found under the names of the imported items."""

from datetime import date

from cxdash.panel.registers import Event, Steward, events, stewards


def test_events_come_in_order_and_name_the_item_they_concern(company):
    company.answers("C1", "2026-01-05", 9, item="ease_of_use", variant="rating.1-5", scale=(1, 5))
    company.add("events", event_id="b", dated="2026-03-01", event_kind="price", what="Prices")
    company.add(
        "events",
        event_id="a",
        dated="2026-02-01",
        event_kind="incentive",
        what="Bonus",
        metric="Ease of use",
        unit="North",
        segment="SMB",
        source="HR",
    )
    first, second = events(company.db)
    assert first == Event(
        "a", date(2026, 2, 1), "incentive", "Bonus", "ease_of_use", "North", "SMB", "HR"
    )
    assert (second.id, second.metric) == ("b", None)


def test_asked_for_a_metric_only_its_own_and_general_events_count(company):
    company.answers("C1", "2026-01-05", 9)
    for name, metric in (("general", None), ("own", "N-P-S"), ("other", "csat"), ("blank", " ")):
        company.add(
            "events", event_id=name, dated="2026-03-01", event_kind="other", what=name,
            metric=metric,
        )  # fmt: skip
    db = company.db
    assert [event.id for event in events(db, metric="nps")] == ["blank", "general", "own"]
    assert len(events(db)) == 4


def test_the_steward_of_an_item_is_found_under_its_name(company):
    company.answers("C1", "2026-01-05", 9)
    company.add(
        "metric_register",
        metric="NPS",
        owner="Head of service",
        goal="40",
        decision="Pilot",
        decided_on="2025-06-12",
    )
    company.add("metric_register", metric="Complaints")
    found = stewards(company.db)
    assert found["nps"] == Steward("nps", "Head of service", "40", "Pilot", date(2025, 6, 12), None)
    assert found["Complaints"].owner is None


def test_without_a_register_there_is_nothing(company):
    company.answers("C1", "2026-01-05", 9)
    assert events(company.db, metric="nps") == ()
    assert dict(stewards(company.db)) == {}
