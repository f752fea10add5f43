"""The room: what it is time to ask again and why, who speaks for the work, whom to look after."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from filled import fill

from cxdash import privacy, register
from cxdash.facts import Scope
from cxdash.panel import month_index, settled
from cxdash.questions import ask
from cxdash.questions.goals.measures import measured
from cxdash.register.kinds.pilots import PilotPlan
from cxdash.register.kinds.room import Alert, Ask, Executive, Signal, Watch

DAY = Scope(as_of=date(2026, 1, 31))


def put(db, kind, **values):
    return register.put(db, register.built(kind, values), by="Ann").id


def executive(db, **values):
    return put(db, Executive, **{"name": "Cora", "function": "cfo", "stance": "sceptic", **values})


def no(db, who, **values):
    given = {
        "title": "Calls", "executive": who, "asked_on": date(2025, 10, 1), "decision": "call them",
        "outcome": "no", "decided_on": date(2025, 10, 9), "reason": "not_now",
    }  # fmt: skip
    return put(db, Ask, **given | values)


def noes(answer):
    return {row["ask"]: row for row in answer.tables["noes"]}


@pytest.fixture
def filled(company):
    fill(company)
    return company


def test_a_no_comes_back_on_its_day_and_not_before(company):
    who = executive(company.db)
    no(company.db, who, trigger="day", trigger_day=date(2026, 1, 15))
    no(company.db, who, title="Later", trigger="day", trigger_day=date(2026, 3, 1))
    found = ask(company.db, "room", DAY)
    assert [row["ask_again"] for row in noes(found).values()] == [True, False]
    assert "Ask again now: “Calls”, because the day has come: 15 January 2026." in found.headline
    assert "Later" not in found.headline


def test_a_no_comes_back_when_a_figure_passes_the_line_with_its_whole_range(filled):
    db, measure = filled.db, {"trigger": "measure", "trigger_measure": "customers_lost"}
    who = executive(db)
    lost = dict(**measure, trigger_side="above")
    below = no(db, who, **lost, trigger_value=1.0)
    inside = no(db, who, **lost, trigger_value=_lost(db))
    found = noes(ask(db, "room", Scope(as_of=date(2025, 12, 31))))
    assert found[below]["ask_again"] is True
    assert "passed the line" in found[below]["because"]
    assert found[inside]["ask_again"] is False


def _lost(db):
    """The share itself in percent: half of its range lies on either side."""
    with settled(db) as view:
        return 100 * measured(view, "customers_lost", "", month_index(date(2025, 12, 31))).value


def test_a_no_comes_back_when_the_file_was_loaded(company):
    who = executive(company.db)
    waits = no(company.db, who, trigger="file", trigger_file="contacts")
    assert noes(ask(company.db, "room", DAY))[waits]["ask_again"] is False
    with company.db.writing() as cur:
        cur.execute(
            "INSERT INTO imports SELECT 1, 'contacts', 'c.csv', NULL, 'x', 1, '', '', [], "
            "'complete', false, 1, 1, 0, 0, 0, '', ?, NULL",
            [datetime(2025, 12, 1, tzinfo=UTC).replace(tzinfo=None)],
        )
    found = noes(ask(company.db, "room", DAY))[waits]
    assert found["because"] == "a file of contacts was loaded on 1 December 2025"
    assert found["ask_again"] is True


def test_a_no_that_was_asked_again_waits_for_nothing_and_may_be_a_yes_by_now(company):
    who = executive(company.db)
    first = no(company.db, who, trigger="day", trigger_day=date(2025, 11, 1))
    second = no(company.db, who, title="Again", follows=first, reason="no_money")
    no(company.db, who, title="Third", follows=second, outcome="yes", reason="")
    found = ask(company.db, "room", DAY)
    assert not any(row["ask_again"] for row in noes(found).values())
    by_reason = {row["reason"]: row for row in found.tables["by_reason"]}
    assert by_reason["Not now"]["became_yes"] == 1
    assert by_reason["No money"]["became_yes"] == 1
    assert found.fact("room.asks.won").value == 1.0
    assert found.fact("room.asks.won").n == 1


def test_what_came_back_and_what_is_waited_for_are_told_by_their_titles(company):
    who = executive(company.db)
    plan = put(
        company.db, PilotPlan, name="Calls tried", design="randomised", outcome="churn",
        starts=date(2025, 11, 1), reads_on=date(2026, 11, 1), least_effect=0.05,
    )  # fmt: skip
    first = no(company.db, who)
    no(company.db, who, title="Again", follows=first, trigger="pilot_read", pilot=plan)
    told = [row["because"] for row in noes(ask(company.db, "room", DAY)).values()]
    assert told == [
        "asked again as “Again” on 1 October 2025",
        "waits for the read-out of “Calls tried”",
    ]


def test_data_that_ended_long_ago_is_no_all_clear_and_keeps_its_day(filled):
    found = ask(filled.db, "room", Scope(as_of=date(2027, 6, 30)))
    assert found.headline.startswith("Cannot tell whether anything presses")
    assert found.as_of < date(2026, 6, 30)


def test_asks_that_follow_each_other_in_a_circle_end(company):
    who = executive(company.db)
    first = no(company.db, who)
    second = no(company.db, who, follows=first)
    kept = register.find(company.db, Ask, first)
    register.put(
        company.db,
        register.built(Ask, _values(kept.record) | {"follows": second}),
        by="Ann",
        entry=first,
    )
    assert len(ask(company.db, "room", DAY).tables["noes"]) == 2


def _values(record):
    return {name: getattr(record, name) for name in register.specs(type(record))}


def test_too_small_a_sample_names_the_customers_a_pilot_needs(filled):
    who = executive(filled.db)
    small = no(filled.db, who, wanted="sample", least_effect=0.10, supplied_by="pilot")
    row = noes(ask(filled.db, "room", Scope(as_of=date(2025, 12, 31))))[small]
    assert row["opens_pilot"] is True
    assert row["customers_in_each_half"] > 50


def test_without_a_sponsor_it_says_so(company):
    executive(company.db)
    assert "No sponsor: none of 1 executive speaks for this work." in _headline(company)
    executive(company.db, name="Sam", is_sponsor=True)
    assert "sponsor" not in _headline(company)


def _headline(company):
    return ask(company.db, "room", DAY).headline.lower().replace("no sponsor", "No sponsor")


def test_who_was_not_spoken_to_for_too_long_is_overdue(company):
    executive(company.db, name="Old", last_contact=date(2025, 11, 1))
    executive(company.db, name="New", last_contact=date(2026, 1, 20))
    executive(company.db, name="Rare", last_contact=date(2025, 11, 1), contact_every=120)
    executive(company.db, name="Never")
    rows = {
        row["name"]: row["overdue"] for row in ask(company.db, "room", DAY).tables["executives"]
    }
    assert rows == {"Old": True, "New": False, "Rare": False, "Never": True}


def test_new_leadership_presses_for_half_a_year(company):
    company.add("events", event_id="e", dated="2025-12-01", event_kind="leadership", what="A CEO")
    fill(company)
    assert _card(company, "leadership", date(2026, 1, 31))["verdict"] == "urgent"
    assert _card(company, "leadership", date(2026, 12, 31))["verdict"] == "not urgent"


def test_figures_older_than_a_quarter_are_stale(filled):
    assert _card(filled, "customers", date(2026, 12, 31))["verdict"] == "stale"
    assert _card(filled, "waiting", date(2026, 12, 31))["verdict"] == "stale"


def test_without_team_figures_or_comments_a_card_cannot_tell(filled):
    for name in ("employees", "competition"):
        assert _card(filled, name, date(2025, 12, 31))["verdict"] == "cannot tell"


def _card(company, name, day):
    rows = ask(company.db, "room", Scope(as_of=day)).tables["urgency"]
    return next(row for row in rows if row["source"] == name)


def test_a_noted_competitor_is_looked_for_in_what_customers_write(company):
    fill(company)
    for month in range(1, 13):
        for number in range(6):
            company.answers(f"c{number:04}", f"2025-{month:02}-10", 5)
            key = f"r{company._line - 2}"
            body = "We will try Acme+ soon" if number < month % 3 else "All is fine"
            company.add("comments", item="why", body=body, row_key=key)
    before = _counted(company)
    put(company.db, Signal, kind_of="competitor", name="ACME+", noted_on=date(2025, 12, 1))
    assert before == 0
    assert _counted(company) > 0


def _counted(company):
    rows = ask(company.db, "room", Scope(as_of=date(2025, 12, 31))).tables
    return sum(row["share"] > 0 for row in rows.get("competition_by_month", ()))


def test_a_large_silent_account_is_suggested_until_somebody_looks_after_it(filled):
    for number in range(6):
        name = f"quiet{number}"
        filled.add("customers", customer_id=name, segment="S0", row_key=name)
        filled.contract(name, "2024-05-01", amount=1_000)
        filled.add(
            "invitations",
            invitation_id=f"i{number}",
            customer_id=name,
            sent_at="2025-11-01 09:00",
            status="delivered",
        )
    put(filled.db, Watch, revenue=Decimal(9_000))
    day = Scope(as_of=date(2026, 1, 31))
    first = ask(filled.db, "room", day).tables["suggested"]
    assert all(row["revenue"] >= 9_000 for row in first)
    silent = [row for row in first if row["silent"]]
    assert silent
    number = silent[0]["customer_id"]
    put(
        filled.db, Alert, customer=number, reason="silent", owner="Bo", due=date(2026, 1, 5),
        status="open",
    )  # fmt: skip
    second = ask(filled.db, "room", day)
    assert number not in {row["customer_id"] for row in second.tables["suggested"]}
    assert second.tables["alerts"][0]["overdue"] is True
    assert second.fact("room.alerts.overdue").value == 1


def test_nothing_entered_and_nothing_loaded_teaches(company):
    empty = ask(company.db, "room", DAY)
    assert empty.status == "cannot_tell"
    assert empty.headline.startswith("Nothing is loaded yet, so nothing can press.")
    assert any(line.startswith("Enter who decides") for line in empty.missing)


def test_a_no_needs_its_reason_and_a_trigger_its_figure():
    given = {
        "title": "a", "executive": "executive-1", "asked_on": date(2026, 1, 1), "decision": "b",
        "outcome": "no", "decided_on": date(2026, 1, 2),
    }  # fmt: skip
    assert register.problems(Ask(**given)) == ("Say why it was a no: the reasons are counted.",)
    assert register.problems(Ask(**given, reason="other", trigger="measure")) != ()
    assert register.problems(Ask(**given, reason="other")) == ()


def test_who_may_not_see_single_customers_sees_neither_stances_nor_accounts(filled):
    """The page is closed to them; what the question says is as well."""
    who = executive(filled.db, name="Cora", stance="hostile")
    no(filled.db, who)
    put(filled.db, Alert, customer="c0001", reason="silent", owner="Bo", due=date(2026, 1, 5),
        status="open")  # fmt: skip
    shown = privacy.answered(
        filled.db, DAY, lambda scope: ask(filled.db, "room", scope), sees_people=False
    )
    assert set(shown.tables) <= {"urgency", "customers_by_month"}


def test_a_company_in_which_leaving_has_nothing_to_do_with_answers_stays_quiet(company):
    fill(company, customers=400, gap=0.0, seed=5)
    found = ask(company.db, "room", Scope(as_of=date(2025, 12, 31)))
    assert not [row for row in found.tables["urgency"] if row["verdict"] == "urgent"]
    assert found.headline.startswith("Cannot tell whether anything presses")


def test_waiting_costs_where_the_unhappy_leave_more_often(company):
    fill(company, customers=400, gap=0.5)
    company.pays("c0001", "2025-12-30", 1)
    row = _card(company, "waiting", date(2025, 12, 31))
    assert row["verdict"] == "urgent"
    assert 0 < row["low"] < row["size"] < row["high"]


def test_with_answers_alone_or_with_money_alone_it_still_says_what_it_can(another_company):
    said, paid = another_company(), another_company()
    for number in range(40):
        said.answers(f"c{number}", "2025-11-10", number % 11)
        for month in range(1, 13):
            paid.pays(f"c{number}", f"2025-{month:02}-28", 10 + number)
    for company in (said, paid):
        put(company.db, Watch, revenue=Decimal(100))
        found = ask(company.db, "room", Scope(as_of=date(2025, 12, 31)))
        assert len(found.tables["urgency"]) == 5
        assert not [row for row in found.tables["urgency"] if row["verdict"] == "urgent"]
        assert "goals" in ask(company.db, "goals", Scope()).tables
