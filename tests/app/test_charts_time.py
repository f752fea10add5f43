"""Lines over time: limits, moments, days; nothing is told by colour alone."""

from dataclasses import replace

import pytest

from cxdash.faces.days import day_of
from cxdash.faces.web.charts import notes, picture
from cxdash.faces.web.charts.lines import INSIDE, OUTSIDE
from cxdash.facts import Chart

CHART = Chart(
    id="control",
    title="One month stands out",
    kind="control",
    table="months",
    category="month",
    value="score",
    low="low",
    high="high",
    unit="points",
    centre="usual",
    limit_low="least",
    limit_high="most",
    value_title="NPS",
    alt="NPS by month.",
)
SCORES = (38, 41, 36, 40, 19, 52, 38)
ROWS = [
    {
        "month": f"2025-{number:02d}-01",
        "score": float(score),
        "low": score - 4.0,
        "high": score + 4.0,
        "usual": 38.0,
        "least": 30.0,
        "most": 46.0,
    }
    for number, score in enumerate(SCORES, start=1)
]
MOMENTS = (("2025-02-10", "Price rise"), ("2025-06-03", "Outage"))


def data(spec):
    """The marks all layers share, and those that layers bring themselves."""
    shared = spec["datasets"][spec["data"]["name"]]
    own = [values for name, values in spec["datasets"].items() if name != spec["data"]["name"]]
    return shared, own


def layer(spec, kind):
    return next(one for one in spec["layer"] if one["mark"]["type"] == kind)


def test_points_outside_the_limits_differ_in_shape_size_and_label():
    spec = picture(CHART, ROWS)
    shared, _ = data(spec)
    outside = {mark["c"]: mark["w"] for mark in shared if mark["g"] == OUTSIDE}
    assert outside == {"2025-05-01": "19", "2025-06-01": "52"}
    encoding = layer(spec, "point")["encoding"]
    assert encoding["shape"]["scale"]["domain"] == [INSIDE, OUTSIDE]
    assert len(set(encoding["shape"]["scale"]["range"])) == 2
    assert encoding["size"]["scale"]["range"][1] > encoding["size"]["scale"]["range"][0]


def test_points_within_the_limits_carry_no_label_but_the_last_does():
    shared, _ = data(picture(CHART, ROWS))
    assert [mark["w"] for mark in shared if mark["g"] == INSIDE] == ["", "", "", "", "38"]


def test_centre_and_limits_are_drawn_and_named_with_their_level():
    spec = picture(CHART, ROWS)
    drawn = {one["encoding"]["y"]["field"] for one in spec["layer"] if "y" in one["encoding"]}
    assert {"m", "a", "b", "v", "lo"} <= drawn
    _, own = data(spec)
    assert {marks[0]["w"] for marks in own} == {"usual 38", "upper limit 46", "lower limit 30"}


def test_without_limits_for_a_month_nothing_is_called_outside():
    rows = [{**row, "least": None, "most": None} for row in ROWS]
    shared, own = data(picture(CHART, rows))
    assert {mark["g"] for mark in shared} == {INSIDE}
    assert [marks[0]["w"] for marks in own] == ["usual 38"]


def test_the_scale_holds_the_limits_as_well_as_the_points():
    rows = [{**row, "most": 90.0} for row in ROWS]
    low, high = layer(picture(CHART, rows), "point")["encoding"]["y"]["scale"]["domain"]
    assert high > 90
    assert low < 15


@pytest.mark.parametrize("kind", ["line", "control"])
def test_few_short_moments_are_written_into_the_picture(kind):
    chart = replace(CHART, kind=kind, moments=MOMENTS)
    _, own = data(picture(chart, ROWS))
    assert ["Price rise", "Outage"] in [[mark.get("w") for mark in marks] for marks in own]
    assert notes(chart, ROWS) == []


@pytest.mark.parametrize(
    "more",
    [
        (("2025-02-20", "Survey moved"),),
        (("2025-04-10", "A new chief executive took office"),),
    ],
    ids=["close together", "long words"],
)
def test_crowded_or_long_moments_are_numbered_and_told_below(more):
    chart = replace(CHART, moments=(*MOMENTS, *more))
    told = notes(chart, ROWS)
    assert [note[:7] for note in told] == ["Line 1,", "Line 2,", "Line 3,"]
    assert told[0] == "Line 1, 10 Feb 2025: Price rise"
    _, own = data(picture(chart, ROWS))
    assert ["1", "2", "3"] in [[mark.get("w") for mark in marks] for marks in own]


def test_moments_outside_the_axis_or_without_a_day_are_left_out():
    chart = replace(CHART, moments=(("2031-01-01", "Later"), ("soon", "Never"), *MOMENTS))
    _, own = data(picture(chart, ROWS))
    written = {mark.get("w") for marks in own for mark in marks}
    assert "Outage" in written
    assert not {"Later", "Never"} & written


def test_moments_need_an_axis_of_time():
    rows = [{**row, "month": f"wave {number}"} for number, row in enumerate(ROWS)]
    chart = replace(CHART, moments=MOMENTS)
    assert picture(chart, rows)["layer"][0]["encoding"]["x"]["type"] == "ordinal"
    assert notes(replace(chart, moments=MOMENTS * 3), rows) == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-03-09", "2025-03-09"),
        ("2025-03", "2025-03-01"),
        ("2025-Q3", "2025-07-01"),
        ("2025 Q1", "2025-01-01"),
        ("wave 3", None),
        ("2025-13", None),
        ("", None),
    ],
)
def test_a_category_is_a_day_a_month_a_quarter_or_no_time(text, day):
    found = day_of(text)
    assert (found.isoformat() if found else None) == day


def test_months_given_out_of_order_are_drawn_in_order():
    shared, _ = data(picture(CHART, list(reversed(ROWS))))
    assert [mark["c"] for mark in shared] == [row["month"] for row in ROWS]
    assert [mark["w"] for mark in shared][-1] == "38"
