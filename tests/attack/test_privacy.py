"""Nobody who may not see single customers gets a figure about fewer than five of them."""

import csv
import io
import json
import re
from itertools import combinations
from math import ceil

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from cxdash import privacy, questions
from cxdash.demo import write
from cxdash.demo.loading import load
from cxdash.errors import UsageError
from cxdash.faces.cli.text import lines_of_answer
from cxdash.faces.exports import csv_of
from cxdash.faces.web.charts import pictures
from cxdash.facts import Scope
from cxdash.panel import settled
from cxdash.panel.listed import listed
from cxdash.privacy.cells import hidden_cells
from cxdash.privacy.exact import determined
from cxdash.privacy.known import texts_of
from cxdash.privacy.layouts import COUNTS, layout_of
from cxdash.privacy.sentences import figures_in
from cxdash.privacy.views import open_views, views_open_to
from cxdash.store import Database

FEWEST = 5


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """A demo company small enough that many of its groups are."""
    folder = tmp_path_factory.mktemp("company")
    write(folder / "files", customers=300, months=24, seed=7)
    with Database(folder / "cx.duckdb") as db:
        load(db, folder / "files")
        yield db


@pytest.fixture(scope="module")
def people(company):
    with settled(company) as view:
        return listed(view)


@pytest.fixture(scope="module")
def opened(company):
    with settled(company) as view:
        return views_open_to(view)


def seen(db, question, *where):
    return privacy.answered(
        db,
        Scope(where=where),
        lambda scope: questions.ask(db, question, scope),
        sees_people=False,
    )


def chosen(people, view):
    keep = np.ones(len(people), bool)
    for column, value in view:
        keep &= (people[column] == value).to_numpy()
    return keep


@pytest.mark.promise("P01")
def test_P01_no_two_choices_of_customers_differ_by_fewer_than_five(people, opened, tell):
    views = sorted(opened)
    sets = np.array([chosen(people, view) for view in views])
    today = people["today"].to_numpy(bool)
    for base in (np.ones_like(today), today):
        held = (sets & base).astype(np.int64)
        apart = held.sum(1)[:, None] + held.sum(1)[None, :] - 2 * held @ held.T
        assert not ((apart > 0) & (apart < FEWEST)).any()
        assert not ((held.sum(1) > 0) & (held.sum(1) < FEWEST)).any()
        tell("pairs of filters tried", len(views) * (len(views) - 1) // 2)


@pytest.mark.promise("P01")
def test_P01_no_control_offers_the_name_of_a_group_that_is_too_small(company, people, opened):
    offered = questions.filters(company, "worth")
    open_ones = privacy.open_filters(company, offered)
    for column, values in offered.items():
        for value in values:
            is_open = ((column, value),) in opened
            assert (value in open_ones.get(column, ())) == is_open
            assert not is_open or (people[column] == value).sum() >= FEWEST
    assert "owner" in offered
    assert "owner" not in open_ones


@pytest.mark.promise("P01")
def test_P01_sums_over_all_choices_together_determine_no_few_customers(people, opened):
    sets = np.array([chosen(people, view) for view in sorted(opened)], float)
    today = people["today"].to_numpy(bool)
    for base in (np.ones_like(today), today):
        atoms, sizes = np.unique(sets[:, base], axis=1, return_counts=True)
        assert determined(atoms, sizes, FEWEST) == []


@pytest.mark.promise("P01")
def test_P01_no_small_choice_can_be_bounded_within_the_minimum(people, opened, thorough, tell):
    """By linear programming over every company that would publish the same counts."""
    sets = np.array([chosen(people, view) for view in sorted(opened)], float)
    every = [
        ((a, x), (b, y))
        for a, b in combinations(list(people.columns[:3]), 2)
        for x in people[a].unique()
        for y in people[b].unique()
    ]
    small = [view for view in every if 0 < chosen(people, view).sum() < FEWEST]
    # Whoever attacks knows the cells of the full table, but not how many customers each holds.
    cells = people.drop(columns="today").drop_duplicates().reset_index(drop=True)
    member = np.array([chosen(cells, view) for view in sorted(opened)], float)
    published = sets.sum(axis=1)
    assert small
    for view in small if thorough else small[:4]:
        wanted = chosen(cells, view).astype(float)
        ends = [
            linprog(sign * wanted, A_eq=member, b_eq=published, bounds=(0, None)).fun
            for sign in (1, -1)
        ]
        assert -ends[1] - ends[0] >= FEWEST
        tell("small groups that stay uncertain", 1)


@pytest.mark.promise("P01")
@pytest.mark.parametrize("seed", range(6))
def test_P01_holds_for_made_up_companies_whatever_their_groups(seed):
    rng = np.random.default_rng(seed)
    size = int(rng.integers(12, 220))
    people = pd.DataFrame(
        {
            name: rng.choice([*"abcdef"[:values], ""], size, p=rng.dirichlet(np.ones(values + 1)))
            for name, values in (("one", 2), ("two", 4), ("three", 6))
        }
    ).assign(today=rng.random(size) < 0.7)
    views = sorted(open_views(people))
    sets = np.array([chosen(people, view) for view in views], float)
    for base in (np.ones(size, bool), people["today"].to_numpy()):
        atoms, sizes = np.unique(sets[:, base], axis=1, return_counts=True)
        assert determined(atoms, sizes, FEWEST) == []
        assert not [held for held in atoms @ sizes if 0 < held < FEWEST]


def test_without_customers_nothing_but_everybody_is_open():
    people = pd.DataFrame({"segment": [], "region": [], "today": np.array([], bool)})
    assert open_views(people) == {()}


def test_who_looks_after_a_customer_is_no_choice_of_a_viewer(opened):
    assert not [view for view in opened for column, _ in view if column == "owner"]


def test_a_set_that_three_sums_determine_is_found():
    sets = np.array([[1, 1, 1, 1], [1, 1, 0, 0], [0, 0, 1, 0]], float)
    ((places, weights),) = determined(sets, np.array([50, 60, 70, 3]), FEWEST)
    assert list(places) == [3]
    assert np.allclose(sets.T @ weights, [0, 0, 0, 1])


@pytest.mark.parametrize(
    "sizes", [[1, 1, 90, 90], [2, 2, 90, 90]], ids=["of two atoms", "of two atoms of two"]
)
def test_a_union_that_is_determined_is_found_though_none_of_its_parts_is(sizes):
    sets = np.array([[1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]], float)
    assert [list(places) for places, _ in determined(sets, np.array(sizes), FEWEST)] == [[0, 1]]


@pytest.mark.promise("P01")
def test_P01_a_choice_too_small_or_of_too_many_filters_is_refused(company, people, opened):
    small = next(
        view
        for view in (
            (("owner", owner), ("region", region))
            for owner in people["owner"].unique()
            for region in people["region"].unique()
        )
        if 0 < chosen(people, view).sum() < FEWEST
    )
    for where in (small, (("segment", "SMB"), ("plan", "Team"), ("region", "North"))):
        with pytest.raises(UsageError, match="not shown to your role"):
            seen(company, "worth", *where)
        assert privacy.answered(
            company,
            Scope(where=where[:2]),
            lambda scope: questions.ask(company, "worth", scope),
            sees_people=True,
        )
    assert tuple(sorted(small)) not in opened


ONE, TWO = (("segment", "Mid"),), (("industry", "Clinics"), ("region", "East"))
TRIED = [
    *((question, where) for question in sorted(questions.QUESTIONS) for where in ((), ONE)),
    *((question, TWO) for question in ("change", "listening", "revenue", "worth")),
]


@pytest.mark.promise("P01")
@pytest.mark.parametrize(
    ("question", "where"), TRIED, ids=[f"{name}-{len(where)} filters" for name, where in TRIED]
)
def test_P01_no_figure_is_about_fewer_than_five_customers(company, opened, question, where, tell):
    assert tuple(sorted(where)) in opened
    whole = questions.ask(company, question, Scope(where=where))
    wider = [questions.ask(company, question, Scope(where=other)) for other in _wider(where)]
    told = seen(company, question, *where)
    for name, rows in told.tables.items():
        layout = layout_of(question, name)
        counts = layout.counts if layout else COUNTS
        for row in rows if not (layout and layout.words) else ():
            for column, times in counts.items():
                held = row.get(column)
                assert not (isinstance(held, int) and 0 < ceil(held / times) < FEWEST)
    hidden = hidden_cells(whole, wider, opened)
    gone = sum(len(cells) for cells in (*hidden.cells.values(), *hidden.rows.values()))
    tell("cells and rows withheld", gone)
    _says_nothing_hidden(whole, told, hidden)


def _wider(where):
    return [other for size in range(len(where)) for other in combinations(where, size)]


def _says_nothing_hidden(whole, told, hidden):
    """A hidden figure whose size nothing shown has stands in no sentence and in no file."""
    shown = {
        abs(cell)
        for rows in told.tables.values()
        for row in rows
        for cell in row.values()
        if isinstance(cell, int | float)
    }
    shown |= {
        abs(figure)
        for fact in told.facts
        for figure in (
            fact.value,
            fact.n,
            *((fact.interval.low, fact.interval.high) if fact.interval else ()),
        )
        if figure is not None
    }
    secret = {
        abs(row[column])
        for name, rows in whole.tables.items()
        for place, row in enumerate(rows)
        for column in row
        if isinstance(row[column], float) and hidden.holds(name, place, column)
    } - shown
    texts = [text for text in texts_of(told) if "\n" not in text]
    printed = [(text, figure) for text in texts for figure in figures_in(text)]
    for figure in secret:
        if figure < 1_000:  # a share or a small sum is printed like many another
            continue
        near = [text for text, (value, half) in printed if abs(value - figure) <= half]
        assert not [
            text
            for text in near
            if not any(
                abs(value - other) <= half for value, half in figures_in(text) for other in shown
            )
        ]
    files = "".join(csv_of(rows) for rows in told.tables.values())
    document = json.dumps(told.to_json(), default=str)
    lines = "\n".join(lines_of_answer(told))
    for figure in secret:
        if figure > 1 and figure != round(figure):
            assert str(figure) not in files
            assert str(figure) not in document
            assert f"{figure:,.2f}" not in lines


@pytest.mark.promise("P01")
def test_P01_pictures_their_tooltips_and_their_words_hold_no_hidden_figure(company):
    whole = questions.ask(company, "worth", Scope(where=ONE))
    told = seen(company, "worth", *ONE)
    drawn = json.dumps(pictures(told))
    hidden = [
        row["revenue_at_stake"]
        for row, shown in zip(whole.tables["bands"], told.tables["bands"], strict=True)
        if row["revenue_at_stake"] and shown["revenue_at_stake"] is None
    ]
    assert hidden
    assert not [figure for figure in hidden if str(figure) in drawn]
    assert not [
        one for one in told.charts if re.search(r"\b[1-4] customers\b", one.alt + one.title)
    ]


@pytest.mark.promise("P01")
def test_P01_what_the_few_unheard_pay_is_not_told_by_the_share_of_the_heard(company):
    where = (("industry", "Clinics"), ("region", "East"))
    whole = questions.ask(company, "worth", Scope(where=where)).fact("coverage.customers")
    assert 0 < round(whole.n * (1 - whole.value)) < FEWEST
    told = seen(company, "worth", *where)
    assert told.fact("coverage.customers").value is None
    assert told.fact("coverage.revenue").value is None


@pytest.mark.promise("P01")
def test_P01_a_table_nobody_described_is_shown_only_if_its_rows_say_their_counts(company):
    for question in questions.QUESTIONS:
        for name, rows in questions.ask(company, question).tables.items():
            if layout_of(question, name) is None:
                assert all(any(count in row for count in COUNTS) for row in rows) or (
                    name not in seen(company, question).tables
                )


@pytest.mark.promise("P01")
def test_P01_the_list_of_customers_holds_pseudonyms_and_means_of_five(company):
    whole = questions.ask(company, "churn").tables["risks"]
    told = seen(company, "churn").tables["risks"]
    ids = {row["customer_id"] for row in whole}
    assert len(told) == len(whole)
    assert not ids & {row["customer_id"] for row in told}
    for column in ("risk", "revenue"):
        counts = pd.Series([row[column] for row in told]).value_counts()
        assert counts.min() >= FEWEST
        assert sum(row[column] for row in told) == pytest.approx(sum(row[column] for row in whole))
    reasons = pd.Series([part for row in told for part in row["reasons"].split("; ")])
    common = reasons[reasons != "signs that few others share"].value_counts()
    assert common.min() >= FEWEST
    assert seen(company, "churn", ("segment", "Mid")).tables["risks"] == []


@pytest.mark.promise("P01")
def test_P01_no_customer_number_stands_anywhere(company):
    ids = {row["customer_id"] for row in company.rows("SELECT customer_id FROM customers")}
    for question in questions.QUESTIONS:
        told = seen(company, question)
        words = set(re.findall(r"\w+", json.dumps(told.to_json(), default=str)))
        assert not words & ids
        assert not set(re.findall(r"\w+", " ".join(texts_of(told)))) & ids
        for rows in told.tables.values():
            cells = {cell for line in csv.reader(io.StringIO(csv_of(rows))) for cell in line}
            assert not cells & ids


def test_one_account_is_told_of_to_analysts_alone(company):
    whole, told = questions.ask(company, "revenue"), seen(company, "revenue")
    assert "accounts" in whole.tables
    assert "accounts" not in told.tables
    assert any("ccount “" in caveat for caveat in whole.caveats)
    assert not any("ccount “" in caveat for caveat in told.caveats)


def test_who_sees_people_gets_the_answer_as_it_is(company):
    scope = Scope()
    plain = questions.ask(company, "worth", scope)
    assert privacy.answered(company, scope, lambda _: plain, sees_people=True) is plain


@pytest.mark.promise("P01")
def test_P01_no_name_of_a_file_is_told_because_it_may_be_a_customers(company):
    told = seen(company, "worth")
    assert any(source.startswith("import ") for fact in told.facts for source in fact.sources)
    assert ".csv" not in json.dumps(told.to_json())
