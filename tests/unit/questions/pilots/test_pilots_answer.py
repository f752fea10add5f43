"""A pilot is read as its plan says: on its day, by its rule, with its checks; and never before."""

from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest

from cxdash import register
from cxdash.facts import Answer, Scope
from cxdash.questions import ask
from cxdash.register import entries
from cxdash.register.kinds.pilots import PilotPlan
from cxdash.register.kinds.room import Ask, Executive

STARTS, READS = date(2025, 1, 1), date(2025, 6, 30)
BEFORE = datetime(2024, 12, 20, tzinfo=UTC)


def fill(
    company: Any,
    *,
    helps: float = 0.25,
    customers: int = 400,
    seed: int = 5,
    arms: tuple[str, str] = ("pilot", "control"),
) -> None:
    """Half are in the pilot; of the others 30 % leave in the half year, of them ``helps`` less."""
    rng = np.random.default_rng(seed)
    for number in range(customers):
        name = f"c{number:04}"
        company.add(
            "customers", customer_id=name, segment=f"S{number % 3}", region=f"R{number % 8}",
            row_key=name,
        )  # fmt: skip
        treated = number % 2 == 0
        leaves = rng.random() < 0.30 - (helps if treated else 0)
        end = f"2025-{rng.integers(2, 7):02}-10" if leaves else None
        company.contract(name, "2022-05-01", end, amount=100 + number % 50)
        company.add(
            "pilot_roster",
            pilot="calls",
            customer_id=name,
            arm=arms[0] if treated else arms[1],
            assigned_on="2025-01-01",
        )
    company.pays("c0001", "2025-12-31", 1)


def plan(**more: Any) -> PilotPlan:
    return register.built(
        PilotPlan,
        {
            "name": "Calls",
            "roster": "calls",
            "design": "randomised",
            "outcome": "churn",
            "starts": STARTS,
            "reads_on": READS,
            "least_effect": 0.05,
            **more,
        },
    )


def kept(company: Any, record: PilotPlan, *, frozen: datetime | None = BEFORE) -> str:
    """Enter a plan, frozen at that time."""
    with company.db.writing(entering=True) as cur:
        entry = entries.save(cur, record, by="us", at=frozen or BEFORE)
        if frozen:
            entries.seal(cur, PilotPlan, entry, by="us", at=frozen)
    return entry


def row(answer: Answer, table: str = "pilots") -> dict[str, Any]:
    return dict(answer.tables[table][0])


@pytest.fixture
def helped(company: Any) -> Any:
    fill(company)
    return company


def test_a_pilot_that_works_is_verified_and_scaled_up(helped: Any) -> None:
    kept(helped, plan())
    answer = ask(helped.db, "pilots")
    told = row(answer)
    assert (told["verdict"], told["grade"], told["design"]) == ("scale", "A", "randomised")
    assert told["low"] <= -0.25 <= told["high"] < 0
    assert (told["n_treated"], told["n_control"]) == (200, 200)
    assert told["p"] < 0.001
    assert "lowered the share of customers who left" in answer.headline
    assert "scale it up" in answer.headline


def test_what_it_is_worth_is_the_effect_times_what_a_customer_pays_a_year(helped: Any) -> None:
    entry = kept(helped, plan())
    answer = ask(helped.db, "pilots")
    effect, worth = (
        answer.fact(f"pilots.{entry}.effect"),
        answer.fact(f"pilots.{entry}.per_customer_year"),
    )
    fee = np.mean([100 + number % 50 for number in range(400)]) * 12
    assert worth.value == pytest.approx(-(effect.value or 0) * fee)
    assert worth.grade.name == "A"
    assert worth.unit == "USD"


def test_a_pilot_that_does_nothing_is_stopped_or_left_open(company: Any) -> None:
    fill(company, helps=0.0, seed=7)
    kept(company, plan(least_effect=0.15))
    told = row(ask(company.db, "pilots"))
    assert told["verdict"] == "stop"
    assert told["low"] < 0 < told["high"]


def test_before_the_planned_look_nothing_of_the_outcome_is_shown(helped: Any) -> None:
    entry = kept(helped, plan(reads_on=date(2026, 3, 31)))
    answer = ask(helped.db, "pilots")
    told = row(answer)
    assert told["verdict"] == "running"
    assert {told[name] for name in ("effect", "low", "high", "p", "grade")} == {None}
    assert answer.fact(f"pilots.{entry}.effect").value is None
    assert "lowered" not in answer.headline


def test_whoever_waits_after_the_planned_day_sees_the_same_result(company: Any) -> None:
    fill(company)
    company.contract("late", "2022-05-01", None, amount=100)
    kept(company, plan())
    in_time = row(ask(company.db, "pilots", Scope(as_of=date(2025, 7, 31))))
    later = row(ask(company.db, "pilots"))
    assert in_time["effect"] == later["effect"]


def test_a_look_before_the_last_has_a_higher_bar(helped: Any) -> None:
    kept(helped, plan(looks=3, reads_on=date(2025, 9, 30)))
    answer = ask(helped.db, "pilots", Scope(as_of=date(2025, 6, 30)))
    assert answer.facts[0].interval is not None
    assert answer.facts[0].interval.level > 0.97


def test_what_is_changed_after_the_start_is_shown_and_not_followed(helped: Any) -> None:
    entry = kept(helped, plan())
    register.put(helped.db, plan(outcome="revenue"), by="somebody", entry=entry)
    answer = ask(helped.db, "pilots")
    assert row(answer)["outcome"] == "churn"
    changed = row(answer, "changes")
    assert (changed["was"], changed["is_now"], changed["changed_by"]) == (
        "churn",
        "revenue",
        "somebody",
    )
    assert "changed after the start" in str(row(answer, "one_page")["plan_kept"])


def test_a_plan_frozen_after_the_start_is_not_graded_as_a_lot_and_has_no_rule(helped: Any) -> None:
    kept(helped, plan(least_effect=0.01), frozen=datetime(2025, 3, 1, tzinfo=UTC))
    answer = ask(helped.db, "pilots")
    told = row(answer)
    assert (told["grade"], told["verdict"]) == ("B", "cannot_tell")
    assert told["high"] < 0
    assert "may follow what was seen" in str(row(answer, "one_page")["why"])


@pytest.mark.parametrize("frozen", [None, datetime(2025, 7, 2, tzinfo=UTC)])
def test_a_plan_nobody_froze_before_it_was_read_is_no_verified_comparison(
    helped: Any, frozen: datetime | None
) -> None:
    kept(helped, plan(least_effect=0.01), frozen=frozen)
    answer = ask(helped.db, "pilots")
    assert (row(answer)["grade"], row(answer)["verdict"]) == ("D", "cannot_tell")
    assert "lowered" not in answer.headline


def test_a_plan_frozen_anew_under_a_later_first_day_does_not_replace_the_first(helped: Any) -> None:
    entry = kept(helped, plan())
    with helped.db.writing(entering=True) as cur:
        later, on = plan(starts=date(2025, 5, 1)), datetime(2025, 4, 20, tzinfo=UTC)
        entries.save(cur, later, by="us", entry=entry, at=on)
        entries.seal(cur, PilotPlan, entry, by="us", at=on)
    answer = ask(helped.db, "pilots")
    assert "2025-01-01 to" in answer.facts[0].period
    assert row(answer, "changes")["is_now"] == "2025-05-01"


def test_a_plan_may_be_frozen_anew_before_it_begins(helped: Any) -> None:
    entry = kept(helped, plan(starts=date(2025, 2, 1)))
    with helped.db.writing(entering=True) as cur:
        on = datetime(2024, 12, 28, tzinfo=UTC)
        entries.save(cur, plan(), by="us", entry=entry, at=on)
        entries.seal(cur, PilotPlan, entry, by="us", at=on)
    answer = ask(helped.db, "pilots")
    assert "2025-01-01 to" in answer.facts[0].period
    assert row(answer)["grade"] == "A"


def test_a_plan_written_for_groups_that_are_long_under_way_is_not_in_time(helped: Any) -> None:
    kept(helped, plan(starts=date(2025, 5, 1)), frozen=datetime(2025, 4, 20, tzinfo=UTC))
    assert row(ask(helped.db, "pilots"))["verdict"] == "cannot_tell"


def test_a_plan_taken_out_after_it_began_is_read_all_the_same(helped: Any) -> None:
    entry = kept(helped, plan())
    register.remove(helped.db, PilotPlan, entry, by="us")
    answer = ask(helped.db, "pilots")
    assert [one["id"] for one in answer.tables["pilots"]] == [entry]
    assert any("was taken out on" in caveat for caveat in answer.caveats)


def test_plans_of_the_same_customers_share_one_chance_of_a_false_alarm(helped: Any) -> None:
    kept(helped, plan())
    alone = ask(helped.db, "pilots").facts[0].interval
    kept(helped, plan(name="Money", outcome="revenue"))
    answer = ask(helped.db, "pilots")
    both = answer.facts[0].interval
    assert alone is not None
    assert both is not None
    assert (alone.level, both.level) == (pytest.approx(0.95), pytest.approx(0.975))
    assert any("look at the same customers" in caveat for caveat in answer.caveats)


def test_a_plan_entered_too_late_does_not_blunt_one_that_was_in_time(helped: Any) -> None:
    kept(helped, plan())
    kept(helped, plan(name="Money", outcome="revenue"), frozen=None)
    found = ask(helped.db, "pilots").facts[0].interval
    assert found is not None
    assert found.level == pytest.approx(0.95)


def test_a_roster_without_a_plan_is_read_and_marked_and_gets_no_verdict(helped: Any) -> None:
    answer = ask(helped.db, "pilots")
    told = row(answer)
    assert (told["id"], told["design"], told["verdict"]) == ("", "given_groups", "cannot_tell")
    assert told["high"] < 0
    assert told["grade"] == "D"
    assert row(answer, "one_page")["plan_kept"] == "no plan was frozen"
    assert any("no plan was frozen" in caveat for caveat in answer.caveats)


def test_a_lot_that_was_not_kept_to_tells_nothing(helped: Any) -> None:
    kept(helped, plan(treated_share=0.3))
    answer = ask(helped.db, "pilots")
    told = row(answer)
    assert (told["verdict"], told["grade"]) == ("cannot_tell", "D")
    assert answer.fact("pilots.pilot_plan-1.per_customer_year").value is None
    failed = [one["check"] for one in answer.tables["checks"] if one["passed"] == "no"]
    assert failed == ["the lot was kept to"]


def test_groups_of_which_none_is_untreated_are_asked_about(company: Any) -> None:
    fill(company, arms=("blue", "green"))
    entry = kept(company, plan())
    assert "called blue and green" in str(row(ask(company.db, "pilots"), "one_page")["why"])
    register.put(company.db, plan(control="green"), by="us", entry=entry)
    assert row(ask(company.db, "pilots"))["verdict"] == "scale"


def test_a_plan_too_small_says_so_before_it_starts_and_how_many_it_takes(helped: Any) -> None:
    kept(helped, plan(roster="next", starts=date(2026, 2, 1), reads_on=date(2026, 7, 31),
                      least_effect=0.02, group="segment=S1"))  # fmt: skip
    answer = ask(helped.db, "pilots")
    assert row(answer)["verdict"] == "not_started"
    size = row(answer, "sizes")
    assert size["answers"] is False
    assert "cannot answer" in answer.headline


def test_a_no_for_want_of_customers_says_how_many_satisfy_it(helped: Any) -> None:
    who = register.put(
        helped.db,
        register.built(Executive, {"name": "CFO", "function": "cfo", "stance": "sceptic"}),
        by="us",
    )
    refused = register.put(
        helped.db,
        register.built(
            Ask,
            {
                "title": "Calls for all",
                "executive": who.id,
                "asked_on": date(2024, 11, 1),
                "decision": "Decide whether to call everybody.",
                "outcome": "no",
                "decided_on": date(2024, 11, 20),
                "reason": "distrust",
                "wanted": "sample",
                "least_effect": 0.03,
            },
        ),
        by="us",
    )
    later = plan(ask=refused.id, roster="next", starts=date(2026, 2, 1), reads_on=date(2026, 7, 31))
    kept(helped, later)
    answer = ask(helped.db, "pilots")
    told = row(answer, "refused")
    assert told["ask"] == refused.id
    assert told["pilot"] == "Calls"
    assert any("was refused for want of customers" in caveat for caveat in answer.caveats)


def test_few_regions_cannot_answer_whatever_happens(helped: Any) -> None:
    kept(helped, plan(name="Three", roster="", design="regions", level="region", units=("R0",)))
    answer = ask(helped.db, "pilots")
    told = row(answer)
    assert (told["n_treated"], told["n_control"]) == (1, 7)
    assert told["low"] is None
    assert told["verdict"] == "cannot_tell"
    assert "whatever happens" in str(row(answer, "one_page")["why"])


def test_a_group_treated_as_one_is_no_verified_comparison(helped: Any) -> None:
    kept(helped, plan(name="South", roster="", design="matched", group="region=R1"))
    told = row(ask(helped.db, "pilots"))
    assert (told["grade"], told["verdict"]) == ("D", "cannot_tell")


def test_without_plan_and_roster_it_says_what_to_enter(company: Any) -> None:
    company.contract("c1", "2024-01-01")
    company.pays("c1", "2025-12-31", 1)
    answer = ask(company.db, "pilots")
    assert answer.status == "cannot_tell"
    assert any("Enter the plan of a pilot" in one for one in answer.missing)


def test_the_claim_names_one_pilot(helped: Any) -> None:
    kept(helped, plan())
    second = kept(helped, plan(name="Again", outcome="revenue"))
    assert [
        one["id"] for one in ask(helped.db, "pilots", Scope(claim=second)).tables["pilots"]
    ] == [second]


def test_beside_money_that_follows_from_leaving_stands_what_was_paid_meanwhile(
    helped: Any,
) -> None:
    entry = kept(helped, plan())
    answer = ask(helped.db, "pilots")
    worth = answer.fact(f"pilots.{entry}.per_customer_year")
    (said,) = [caveat for caveat in worth.caveats if "paid meanwhile" in caveat]
    assert said in answer.caveats
    assert "does not show" not in answer.headline
    size = float(said.partition("was $")[2].partition(" ")[0])
    assert 0 < 12 * size < (worth.value or 0)
