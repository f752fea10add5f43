"""``change`` says whether the score moved, who moved it, and what it would take to tell."""

from datetime import date

import pytest

from cxdash.errors import UsageError
from cxdash.faces.columns import columns
from cxdash.facts import Scope
from cxdash.questions import ask

LAST = "2026-06-30"
BEFORE, AFTER = "2025-09-10", "2026-03-10"


def customers(company, count, *, start="2024-01-01", ends=None, first=0, **more):
    """So many customers with a contract over 100 a month; those in ``ends`` leave on that day."""
    names = [f"c{number:04}" for number in range(first, first + count)]
    for name in names:
        company.add("customers", customer_id=name, row_key=name, **more)
        company.contract(name, start, (ends or {}).get(name))
    return names


def asked(company, day, scores, **more):
    """A wave of answers: customer to score."""
    for name, score in scores.items():
        company.answers(name, day, score, **more)


def closing(company):
    """The last payment, so that the data covers June 2026 whole."""
    company.pays("c0000", LAST, 100)


def company_whose_unhappy_leave(company):
    """40 unhappy, 40 neutral, 40 happy customers; half of the unhappy leave; nobody changes."""
    scores = {f"c{number:04}": (3, 7, 9)[number % 3] for number in range(120)}
    unhappy = [name for name, score in scores.items() if score == 3][:20]
    customers(company, 120, ends=dict.fromkeys(unhappy, "2025-12-15"))
    asked(company, BEFORE, scores)
    asked(company, AFTER, {n: s for n, s in scores.items() if n not in unhappy})
    closing(company)
    return company.db


def parts_of(answer):
    found = {row["part"]: row for row in answer.tables["parts"]}
    if found:
        total = answer.fact("change.total").value
        assert sum(row["points"] for row in found.values()) == pytest.approx(total, abs=1e-9)
    return found


def test_a_score_that_rose_because_the_unhappy_left_raises_the_alarm(company):
    answer = ask(company_whose_unhappy_leave(company), "change")
    assert answer.status == "answered"
    assert answer.headline.startswith("NPS rose from 0 to 20, by 20 points")
    assert "NPS rose because unhappy customers left (−$24,000 a year)" in answer.headline
    assert "improved" not in answer.headline
    parts = parts_of(answer)
    assert parts["left"]["points"] == pytest.approx(20)
    assert (parts["left"]["n"], parts["left"]["revenue"]) == (20, 20 * 100 * 12)
    assert parts["left"]["clear"]
    assert parts["changed_mind"]["points"] == parts["who_answered"]["points"] == 0
    assert answer.fact("change.leavers_revenue").value == 24_000
    assert answer.fact("change.among_stayers").value == pytest.approx(0)
    assert answer.tables["readability"][1]["verdict"] == "rose"


def test_leavers_who_answered_twice_are_counted_and_the_unhappy_among_them_named(company):
    """20 unhappy and 10 neutral leavers answered before; 5 of the unhappy answered again."""
    scores = {f"c{number:04}": (3, 7, 9)[number % 3] for number in range(120)}
    unhappy = [name for name, score in scores.items() if score == 3][:20]
    neutral = [name for name, score in scores.items() if score == 7][:10]
    gone = dict.fromkeys(unhappy[5:] + neutral, "2025-12-15")
    gone |= dict.fromkeys(unhappy[:5], "2026-04-15")
    customers(company, 120, ends=gone)
    asked(company, BEFORE, scores)
    asked(company, AFTER, {n: s for n, s in scores.items() if n not in unhappy[5:] + neutral})
    closing(company)
    answer = ask(company.db, "change")
    whole, part = (answer.fact(f"change.leavers_revenue{last}") for last in ("", ".unhappy"))
    assert (whole.n, whole.value) == (30, 30 * 1200)
    assert (part.n, part.value) == (20, 20 * 1200)
    row = parts_of(answer)["left"]
    assert (row["n"], row["revenue"], row["customers"]) == (25, whole.value, 30)
    assert "of which $24,000 by unhappy customers (0–6), 20 of the 30" in answer.headline


def test_nothing_is_put_to_leavers_where_another_part_is_larger(company):
    """20 unhappy leave (+20 points), 24 neutral become happy (+24), new customers are unhappy."""
    scores = {f"c{number:04}": (3, 7, 9)[number % 3] for number in range(120)}
    unhappy = [name for name, score in scores.items() if score == 3][:20]
    customers(company, 120, ends=dict.fromkeys(unhappy, "2025-12-15"))
    asked(company, BEFORE, scores)
    cheered = [name for name, score in scores.items() if score == 7][:24]
    after = {n: 9 if n in cheered else s for n, s in scores.items() if n not in unhappy}
    new = customers(company, 15, first=120, start="2026-01-15")
    asked(company, AFTER, after | dict.fromkeys(new, 3))
    closing(company)
    answer = ask(company.db, "change")
    parts = parts_of(answer)
    assert parts["changed_mind"]["points"] > parts["left"]["points"] > 0
    assert "because" not in answer.headline
    said = answer.headline.index
    assert said("from the same customers, asked twice") < said("from customers who left")
    assert "Arithmetically, the largest parts of the change of NPS are" in answer.headline


def test_the_first_period_is_set_beside_the_last_with_all_looks_allowed_for(company):
    names = customers(company, 150)
    for day, happy in (("2024-03-10", 50), ("2024-09-10", 60), (BEFORE, 84), (AFTER, 85)):
        asked(company, day, {n: 9 if at < happy else 3 for at, n in enumerate(names)})
    closing(company)
    answer = ask(company.db, "change")
    fact = answer.fact("change.longest")
    assert fact.value == pytest.approx(200 * 35 / 150)
    assert fact.interval.level == pytest.approx(1 - 0.1 / 3)
    assert answer.headline.startswith("Cannot tell whether NPS changed")
    assert "from January to June 2024 to January to June 2026, NPS rose by" in answer.headline
    assert "allows for the 3 comparisons" in answer.headline


def company_of_four_waves(company, first, last):
    """Three waves in which nothing moves, and a last one; scores by customer."""
    customers(company, 240)
    asked(company, "2024-03-10", first)
    for day in ("2024-09-10", BEFORE):
        asked(company, day, {f"c{at:04}": (3, 9)[at % 2] for at in range(60)})
    asked(company, AFTER, last)
    closing(company)
    return ask(company.db, "change").headline


def test_a_rise_that_other_people_answering_made_is_not_told_as_a_change_of_mind(company):
    """60 answer both times as before; 60 unhappy are followed by 60 other, happy people."""
    same = {f"c{at:04}": (3, 9)[at % 2] for at in range(60)}
    first = same | {f"c{at:04}": 3 for at in range(60, 120)}
    last = same | {f"c{at:04}": 9 for at in range(120, 180)}
    said = company_of_four_waves(company, first, last)
    assert "NPS rose by" in said
    assert (
        "Among the same 60 people who answered both times, NPS was 0, then 0, which may be chance"
        in said
    )
    assert "the rise of NPS comes from who answers" in said
    assert "shows no change of anybody's mind" in said


def test_people_who_changed_their_mind_are_told_as_having_done_so(company):
    first = {f"c{at:04}": 9 if at < 40 else 3 for at in range(120)}
    last = {f"c{at:04}": 9 if at < 90 else 3 for at in range(120)}
    said = company_of_four_waves(company, first, last)
    assert "Among the same 120 people who answered both times, NPS went from −33 to 50." in said
    assert "who answers" not in said


def test_where_hardly_anybody_answered_both_times_nothing_is_said_of_minds(company):
    first = {f"c{at:04}": 9 if at < 30 else 3 for at in range(100)}
    last = {f"c{at:04}": 9 if at < 190 else 3 for at in range(100, 200)}
    said = company_of_four_waves(company, first, last)
    assert "NPS rose by" in said
    assert "Fewer than 10 people answered both times" in said


def test_who_joined_is_said_to_have_joined_after_the_earlier_period(company):
    names = customers(company, 60)
    late = customers(company, 20, first=60, start="2025-12-15")
    later = customers(company, 20, first=80, start="2026-01-15")
    asked(company, BEFORE, dict.fromkeys(names, 9))
    asked(company, AFTER, dict.fromkeys([*names, *late, *later], 9))
    closing(company)
    answer = ask(company.db, "change")
    fact = answer.fact("change.joined")
    assert fact.n == len(later)
    assert fact.label == "From customers who joined after the earlier period"
    parts_of(answer)


def test_two_periods_alone_have_no_longer_comparison(company):
    answer = ask(company_whose_unhappy_leave(company), "change")
    assert "change.longest" not in {fact.id for fact in answer.facts}


def test_more_people_than_there_are_customers_is_said_to_be_out_of_their_reach(company):
    names = customers(company, 181)
    asked(company, BEFORE, dict(zip(names[:94], [10] * 52 + [7] * 27 + [3] * 15, strict=True)))
    asked(company, AFTER, dict(zip(names[94:], [10] * 52 + [7] * 23 + [3] * 12, strict=True)))
    closing(company)
    answer = ask(company.db, "change")
    assert "is not readable with the customers there are (181): about 1,600" in answer.headline
    assert "Or wait" not in answer.headline
    assert any("more than there are customers" in c for c in answer.fact("change.needed").caveats)


def test_the_restated_score_is_that_of_those_who_were_there_both_times(company):
    answer = ask(company_whose_unhappy_leave(company), "change")
    scores = {(row["who"], row["period"]): row["score"] for row in answer.tables["restated"]}
    stayers = [score for (who, _), score in scores.items() if who == "Customers of both periods"]
    assert stayers == pytest.approx([20, 20])
    assert answer.charts[2].table == "restated"


def test_the_bridge_runs_from_score_to_score_over_every_part(company):
    answer = ask(company_whose_unhappy_leave(company), "change")
    bridge = answer.charts[0]
    rows = answer.tables[bridge.table]
    assert (bridge.kind, rows[0]["role"], rows[-1]["role"]) == ("bridge", "total", "total")
    reached = rows[0]["points"] + sum(row["points"] for row in rows[1:-1])
    assert reached == pytest.approx(rows[-1]["points"], abs=1e-9)
    assert "lifted by customers who left" in bridge.title


def test_a_difference_within_noise_is_not_told_and_says_what_it_would_take(company):
    """46 of 87 answers against 39 of 94: nobody answered twice."""
    names = customers(company, 181)
    asked(company, BEFORE, dict(zip(names[:94], [10] * 52 + [7] * 27 + [3] * 15, strict=True)))
    asked(company, AFTER, dict(zip(names[94:], [10] * 52 + [7] * 23 + [3] * 12, strict=True)))
    closing(company)
    answer = ask(company.db, "change")
    assert answer.headline.startswith("Cannot tell whether NPS changed: it was 39 (94 people)")
    assert "then 46 (87 people)" in answer.headline
    assert "n ≥ 1,600" in answer.headline
    assert answer.status == "cannot_tell"
    assert answer.fact("change.needed").value == pytest.approx(1_560, abs=60)
    assert 25 < answer.fact("change.smallest_readable").value < 28
    assert answer.tables["readability"][1]["verdict"] == "cannot tell"
    assert any("Whether it moved" in line for line in answer.missing)


def test_waiting_is_offered_where_it_would_help(company):
    names = customers(company, 600)
    asked(company, BEFORE, dict(zip(names[:400], ([10] * 4 + [7] * 3 + [3] * 3) * 40, strict=True)))
    asked(company, AFTER, dict(zip(names[400:520], [10] * 54 + [7] * 40 + [3] * 26, strict=True)))
    closing(company)
    answer = ask(company.db, "change")
    assert answer.headline.startswith("Cannot tell whether NPS changed: it was 10 (400 people)")
    assert "Or wait until March 2028: another 21 months" in answer.headline
    assert any("wait until March 2028" in line for line in answer.missing)


def test_customers_who_changed_their_mind_are_told_from_others_answering(company):
    names = customers(company, 150)
    asked(company, BEFORE, dict.fromkeys(names[:100], 7))
    asked(company, AFTER, {name: 9 if at % 5 else 7 for at, name in enumerate(names[:60])})
    asked(company, AFTER, {name: 9 if at % 5 else 7 for at, name in enumerate(names[100:])})
    closing(company)
    answer = ask(company.db, "change")
    parts = parts_of(answer)
    assert answer.headline.startswith("NPS improved from 0 to 80")
    assert parts["changed_mind"]["points"] == pytest.approx(80)
    assert parts["who_answered"]["points"] == pytest.approx(0)
    assert "from the same customers" in answer.headline


def test_another_mix_of_occasions_is_named(company):
    names = customers(company, 80)
    for day, complaints in ((BEFORE, 60), (AFTER, 20)):
        for at, name in enumerate(names):
            about = "complaint" if at < complaints else "delivery"
            company.answers(name, day, 2 if about == "complaint" else 9, touchpoint=about)
    closing(company)
    answer = ask(company.db, "change")
    assert parts_of(answer)["occasion_mix"]["points"] == pytest.approx(100)
    assert parts_of(answer)["changed_mind"]["points"] == pytest.approx(0)
    assert "from the mix of occasions they were asked about" in answer.headline
    assert answer.charts[0].title == (
        "Most of it comes from the mix of occasions people were asked about"
    )


def test_a_step_that_comes_every_year_may_be_the_season(company):
    names = customers(company, 200)
    for year in (2024, 2025):
        asked(company, f"{year}-09-10", {n: 9 if at % 4 else 3 for at, n in enumerate(names)})
        asked(company, f"{year + 1}-03-10", {n: 9 if at % 2 else 3 for at, n in enumerate(names)})
    closing(company)
    answer = ask(company.db, "change")
    assert answer.headline.startswith("NPS worsened from 50 to 0")
    assert "so its change may be the season" in answer.headline
    assert answer.fact("change.year_before").value == pytest.approx(-50)
    assert answer.fact("change.same_months").value == pytest.approx(0)
    years = [row["which_year"] for row in answer.tables["year_earlier"]]
    assert years == ["a year before", "a year before", "now", "now"]
    assert columns(answer, "year_earlier")[0].title == "Which year"


def test_events_are_moments_and_an_association_in_time_only(company):
    for at, (what, metric) in enumerate(
        [("Prices rose by 6 %", None), ("Bonus for full marks", "NPS"), ("Other", "csat")]
    ):
        kind = "incentive" if metric == "NPS" else "price"
        company.add(
            "events", event_id=f"e{at}", dated=f"2026-0{at + 1}-05", event_kind=kind, what=what,
            metric=metric,
        )  # fmt: skip
    company.add("events", event_id="old", dated="2024-05-05", event_kind="other", what="Old thing")
    answer = ask(company_whose_unhappy_leave(company), "change")
    control = next(chart for chart in answer.charts if chart.kind == "control")
    assert [text for _, text in control.moments] == [
        "Old thing", "Prices rose by 6 %", "Bonus for full marks",
    ]  # fmt: skip
    said = next(line for line in answer.caveats if "fall into the two periods" in line)
    assert said.startswith("2 events")
    assert "in time only" in said
    assert any("Pay hangs on this score since 5 February 2026" in line for line in answer.caveats)
    rows = {row["what"]: row["between"] for row in answer.tables["events"]}
    assert rows == {"Old thing": False, "Prices rose by 6 %": True, "Bonus for full marks": True}


def test_a_month_beyond_its_ordinary_ups_and_downs_is_named(company):
    names = customers(company, 60)
    for at in range(18):
        month = 12 * 2025 + at
        day = f"{month // 12}-{month % 12 + 1:02}-15"
        unhappy = 50 if at == 13 else (18, 23, 19, 22, 20)[at % 5]
        asked(company, day, {n: 3 if i < unhappy else 9 for i, n in enumerate(names)})
    closing(company)
    answer = ask(company.db, "change")
    assert next(c.title for c in answer.charts if c.kind == "control") == (
        "NPS stands out in February 2026"
    )
    rows = {row["period"]: row for row in answer.tables["control"]}
    assert len(rows) == 18
    assert [period for period, row in rows.items() if row["signal"]] == ["2026-02"]
    assert rows["2026-02"]["score"] < rows["2026-02"]["limit_low"]


def test_survey_waves_are_one_point_each_and_a_cut_wave_is_said(company):
    names = customers(company, 60)
    for day in ("2024-09-20", "2024-10-05", "2025-03-20", "2025-04-05", "2026-03-28", "2026-04-05"):
        asked(company, day, {n: 9 if at % 3 else 3 for at, n in enumerate(names)})
    closing(company)
    answer = ask(company.db, "change", Scope(horizon=3))
    assert [row["period"] for row in answer.tables["control"]] == ["2024-09", "2025-03", "2026-03"]
    assert any("wave of March 2026 lies across the border" in line for line in answer.caveats)


def test_answers_after_the_goodbye_are_counted_and_left_out(company):
    leavers = {f"c{number:04}": "2026-02-20" for number in range(15)}
    names = customers(company, 60, ends=leavers)
    asked(company, BEFORE, dict.fromkeys(names, 8))
    asked(company, "2026-02-25", dict.fromkeys(leavers, 0), survey="exit")
    asked(company, AFTER, {name: 8 for name in names if name not in leavers})
    closing(company)
    answer = ask(company.db, "change")
    assert answer.fact("change.after_goodbye").value == 15
    assert answer.fact("change.after").value == 0
    assert any("15 answers given on or after the day of the goodbye" in c for c in answer.caveats)


def test_a_filter_looks_at_its_customers_only(company):
    small = customers(company, 40, segment="SMB")
    large = customers(company, 40, first=40, segment="Enterprise")
    for name in (*small, *large):
        company.answers(name, BEFORE, 9)
        company.answers(name, AFTER, 9 if name in large else 3)
    company.answers(None, AFTER, 3)
    closing(company)
    answer = ask(company.db, "change", Scope(where=(("segment", "Enterprise"),)))
    assert (answer.fact("change.after").value, answer.fact("change.after").n) == (100, 40)
    assert any(
        "1 answer whose customer is not known is left out" in line for line in answer.caveats
    )
    with pytest.raises(UsageError, match="No customer has segment=Nowhere"):
        ask(company.db, "change", Scope(where=(("segment", "Nowhere"),)))


def test_a_share_is_told_in_percentage_points_and_its_parts_add_up(company):
    names = customers(company, 100)
    for day, good in ((BEFORE, 50), (AFTER, 80)):
        for at, name in enumerate(names):
            company.answers(
                name, day, 5 if at < good else 2, item="csat", variant="csat.1-5.top2",
                scale=(1, 5),
            )  # fmt: skip
    closing(company)
    answer = ask(company.db, "change")
    assert answer.headline.startswith("CSAT improved from 50% to 80%, by 30 percentage points")
    assert answer.fact("change.total").value == pytest.approx(30)
    assert answer.fact("change.after").value == pytest.approx(0.8)
    assert parts_of(answer)["changed_mind"]["points"] == pytest.approx(30)


def test_the_same_data_and_scope_give_the_same_answer(company):
    db = company_whose_unhappy_leave(company)
    first = ask(db, "change").to_json()
    company.add("fx", currency="EUR", to_currency="USD", dated="2026-01-01", rate=1.1)
    again = ask(company.db, "change").to_json()
    assert first == again


def test_an_earlier_day_compares_earlier_periods(company):
    db = company_whose_unhappy_leave(company)
    answer = ask(db, "change", Scope(as_of=date(2025, 12, 31)))
    assert answer.as_of == date(2025, 12, 31)
    assert answer.status == "cannot_tell"
    assert "0 people answered before and 120 after" in answer.headline


def test_answers_without_a_customer_are_called_answers_and_never_people(company):
    for number in range(120):
        day, score = (BEFORE, 3 + number % 4) if number < 60 else (AFTER, 6 + number % 4)
        company.answers(None, day, score)
    company.pays("c0000", LAST, 100)
    answer = ask(company.db, "change")
    assert answer.headline.startswith("NPS ")
    assert "not known" not in answer.headline, "the whole is no part of itself"
    said = [answer.headline, *answer.caveats, *answer.missing, *(f.label for f in answer.facts)]
    assert not [line for line in said if "people" in line or "customers answer" in line]
    assert any(line.startswith("Of no answer the customer is known") for line in answer.caveats)
    assert not any("changed their mind: read" in line for line in answer.missing)


def test_too_few_answers_without_a_customer_are_counted_as_answers(company):
    for _ in range(5):
        company.answers(None, AFTER, 7)
    company.pays("c0000", LAST, 100)
    answer = ask(company.db, "change")
    assert "0 answers were given before and 5 after" in answer.headline
    assert "at least 10 answers in each period" in answer.headline


def test_a_fall_among_those_asked_twice_is_told_where_the_whole_cannot_be(company):
    """30 answer twice and fall by a little each; 90 others answer once, as much up as down."""
    names = customers(company, 120)
    asked(company, BEFORE, {n: 9 if i < 30 else (10, 0)[i % 2] for i, n in enumerate(names[:75])})
    asked(company, AFTER, dict.fromkeys(names[:30], 8))
    asked(company, AFTER, {n: (10, 0, 10)[i % 3] for i, n in enumerate(names[75:])})
    closing(company)
    answer = ask(company.db, "change")
    assert answer.headline.startswith("Cannot tell whether NPS changed")
    twice = [line for line in answer.caveats if "30 people who answered in both periods" in line]
    assert len(twice) == 1
    assert "went from 100 to 0" in twice[0]
    assert "all who answered, of whom it cannot be told" in twice[0]
