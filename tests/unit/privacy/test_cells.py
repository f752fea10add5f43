"""Each rule by which cells and Facts are withheld, on tables small enough to count by hand."""

from datetime import date

import pytest

from cxdash.facts import Answer, Fact, Method, Row, Scope
from cxdash.privacy.cells import hidden_cells
from cxdash.privacy.numbers import hidden_facts

SMB = (("segment", "SMB"),)


def answer(question: str, table: str, *rows: Row, where=(), facts=()) -> Answer:
    return Answer(
        question=question,
        title="t",
        as_of=date(2026, 6, 30),
        scope=Scope(where=where),
        headline="h",
        facts=tuple(facts),
        tables={table: rows},
    )


def fact(name: str, value: float, n: int) -> Fact:
    return Fact(
        id=name,
        label=name,
        value=value,
        unit="points",
        method=Method(description="counted"),
        n=n,
        population="p",
        period="q",
        definition="",
    )


def rows_hidden(told: Answer, table: str, *wider: Answer, views=frozenset()) -> set[int]:
    return hidden_cells(told, wider, frozenset(views)).rows[table]


def cells_hidden(told: Answer, table: str) -> set[tuple[int, str]]:
    return hidden_cells(told, (), frozenset()).cells[table]


def bands(*customers: int, where=()) -> Answer:
    rows = [{"band": f"band {place}", "customers": n} for place, n in enumerate(customers)]
    return answer("worth", "bands", *rows, where=where)


@pytest.mark.parametrize(("counts", "gone"), [((40, 5), set()), ((40, 4, 30), {1, 2})])
def test_a_row_of_fewer_than_five_goes_and_the_smallest_other_that_would_tell_it(counts, gone):
    assert rows_hidden(bands(*counts), "bands") == gone


@pytest.mark.parametrize(("more", "gone"), [(0, set()), (3, {0}), (5, set())])
def test_a_row_goes_that_differs_by_fewer_than_five_from_the_same_row_of_a_wider_choice(more, gone):
    wider = bands(40 + more, 90)
    assert {0} & rows_hidden(bands(40, 60, where=SMB), "bands", wider) == gone


@pytest.mark.parametrize(("share", "gone"), [(0.6, {"revenue_kept"}), (0.4, set())])
def test_money_goes_of_which_one_customer_holds_the_greater_part(share, gone):
    row = {"band": "b", "customers": 50, "revenue_kept": 9.5, "largest_share": share}
    hidden = cells_hidden(answer("worth", "kept", row), "kept")
    assert hidden == {(0, name) for name in {"largest_share", *gone}}


@pytest.mark.parametrize(("answered", "silent", "gone"), [(48, 2, True), (40, 10, False)])
def test_a_share_goes_that_leaves_fewer_than_five(answered, silent, gone):
    row = {
        "group": "All customers",
        "customers": 50,
        "answered": answered,
        "silent": silent,
        "never_asked": 0,
        "share_heard": answered / 50,
    }
    assert (
        (0, "share_heard") in cells_hidden(answer("listening", "groups", row), "groups")
    ) == gone


def test_of_amounts_that_add_up_no_single_one_goes():
    moves = {"expansion": 40, "contraction": 2, "churned": 9, "new": 30}
    row = {"period": "p", "customers_start": 90, "customers_end": 95}
    row |= {f"customers_{name}": count for name, count in moves.items()}
    row |= {f"revenue_{name}": count * 10.0 for name, count in moves.items()}
    gone = {name for _, name in cells_hidden(answer("revenue", "movements", row), "movements")}
    assert {"revenue_contraction", "customers_contraction", "revenue_churned"} <= gone
    assert "revenue_expansion" not in gone


@pytest.mark.parametrize(("view", "gone"), [(SMB, set()), ((), {0})])
def test_a_group_goes_that_may_not_be_chosen_either(view, gone):
    rows = [{"segment": "SMB", "customers": 40}, {"segment": "Large", "customers": 60}]
    views = {view, (("segment", "Large"),)}
    found = rows_hidden(answer("worth", "segments", *rows), "segments", views=views)
    assert {0} & found == gone


@pytest.mark.parametrize(("left", "gone"), [(1, True), (20, False)])
def test_what_stayers_changed_goes_where_with_the_whole_it_tells_of_a_few_others(left, gone):
    told = answer(
        "change",
        "parts",
        {"part": "left", "label": "Left", "n": left, "customers": left},
        {"part": "stayed", "label": "Stayed", "n": 30, "customers": 30},
        facts=[fact("change.total", -21.2, 32), fact("change.among_stayers", -22.3, 30)],
    )
    hidden = hidden_facts(told, (), hidden_cells(told, (), frozenset()))
    assert ("change.among_stayers" in hidden) == gone


def test_of_two_choices_of_nearly_the_same_customers_the_smaller_goes():
    rows = [{"name": name, "customers": n} for name, n in (("A", 100), ("B", 97), ("C", 60))]
    told = answer("priorities", "ranking", *rows)
    assert rows_hidden(told, "ranking") == {1}
    assert rows_hidden(answer("priorities", "ranking", *rows[::2]), "ranking") == set()


def test_the_worth_of_an_initiative_goes_with_its_row():
    rows = [{"initiative": name, "customers": n} for name, n in (("i-1", 100), ("i-2", 97))]
    told = answer(
        "priorities",
        "ranking",
        *rows,
        facts=(fact("priorities.value.i-1", 5.0, 400), fact("priorities.value.i-2", 4.0, 400)),
    )
    hidden = hidden_cells(told, (), frozenset())
    assert hidden_facts(told, (), hidden) == {"priorities.value.i-2"}


@pytest.mark.parametrize(("shared", "gone"), [(30, set()), (3, {0}), (98, {0})])
def test_how_few_customers_two_initiatives_share_or_do_not_is_hidden(shared, gone):
    told = answer(
        "initiatives",
        "overlaps",
        {
            "first": "A",
            "second": "B",
            "shared": shared,
            "customers_first": 100,
            "customers_second": 200,
        },
    )
    hidden = hidden_cells(told, (), frozenset())
    assert {place for place in (0,) if hidden.holds("overlaps", place, "shared")} == gone


def test_what_people_object_to_is_in_no_table_for_those_who_may_not_see_people():
    told = answer("initiatives", "resistance", {"name": "A", "step": "B", "resistance": "C"})
    assert "resistance" in hidden_cells(told, (), frozenset()).tables
