# ruff: noqa: E501
"""Answers made by hand for the tests of the pages. Test data: not a result of any company."""

from datetime import date

from cxdash.facts import Answer, Chart, Fact, Interval, Method, Scope
from cxdash.panel import Item

RAW = Method(description="Counted over whole windows.")
ADJUSTED = Method(
    description="Logistic model, fitted on earlier months and checked on later ones.",
    adjusted_for=("tenure", "segment", "plan", "earlier revenue"),
    validated_out_of_time=True,
)
AS_OF = date(2026, 6, 30)
BANDS = (
    (
        "Unhappy (0–6)",
        212,
        640,
        0.162,
        0.131,
        0.197,
        0.141,
        0.108,
        0.181,
        412000.0,
        310000.0,
        530000.0,
    ),
    (
        "Neutral (7–8)",
        188,
        561,
        0.094,
        0.072,
        0.121,
        0.101,
        0.076,
        0.131,
        205000.0,
        140000.0,
        290000.0,
    ),
    (
        "Happy (9–10)",
        254,
        803,
        0.061,
        0.046,
        0.079,
        0.072,
        0.055,
        0.094,
        178000.0,
        120000.0,
        251000.0,
    ),
    (
        "Not heard",
        546,
        2210,
        0.118,
        0.106,
        0.131,
        0.118,
        0.104,
        0.133,
        640000.0,
        560000.0,
        731000.0,
    ),
)


def fact(fact_id: str, label: str, value: float | None, unit: str, **more: object) -> Fact:
    parts: dict = {
        "method": RAW,
        "n": 1654,
        "population": "Customers with a subscription on the day of the question",
        "period": "January 2024 to June 2026",
        "definition": "churn_rate",
        "sources": ("import 1: survey.csv", "import 4: invoices.csv"),
        **more,
    }
    return Fact(id=fact_id, label=label, value=value, unit=unit, **parts)


def worth(scope: Scope) -> Answer:
    bands = [
        {
            "metric": "nps",
            "band": band,
            "customers": customers,
            "n": n,
            "churn_rate": rate,
            "churn_low": low,
            "churn_high": high,
            "revenue": stake * 9,
            "revenue_at_stake": stake,
            "stake_low": stake_low,
            "stake_high": stake_high,
        }
        for band, customers, n, rate, low, high, _, _, _, stake, stake_low, stake_high in BANDS
    ]
    compared = [
        {"band": band[0], "series": series, "rate": rate, "low": low, "high": high, "n": band[2]}
        for band in BANDS
        for series, (rate, low, high) in (("As counted", band[3:6]), ("Adjusted", band[6:9]))
    ]
    months = [
        {
            "month": f"2025-{m:02d}-01",
            "kept": 0.96 + m * 0.002,
            "low": 0.94 + m * 0.002,
            "high": 0.98,
        }
        for m in range(1, 13)
    ]
    order = tuple(band[0] for band in BANDS)
    return Answer(
        question="worth",
        title="Worth",
        as_of=AS_OF,
        scope=scope,
        headline="Customers who scored 0–6 left more often than those who scored 9–10: 14% against 7% within 6 months",
        facts=(
            fact("worth.at_stake", "Revenue at stake in the next 6 months", 1_435_000.0, "USD",
                 interval=Interval(1_130_000.0, 1_802_000.0), method=ADJUSTED, definition="revenue_at_stake"),
            fact("worth.gap", "Difference in leaving, unhappy against happy", 0.069, "share",
                 interval=Interval(0.031, 0.104), method=ADJUSTED),
            fact("worth.cost_to_serve", "Cost to serve, unhappy against happy", None, "USD",
                 caveats=("No contact carries a cost.",)),
        ),
        tables={"bands": bands, "compared": compared, "kept": months},
        charts=(
            Chart(id="bands", title="Unhappy customers left about twice as often as happy ones, also after adjustment",
                  kind="interval", table="compared", category="band", value="rate", low="low", high="high",
                  group="series", unit="share", category_order=order, value_title="Share who left within 6 months",
                  alt="Share who left: unhappy 16% as counted, 14% adjusted; happy 6% and 7%."),
            Chart(id="stake", title="Most of the money at stake sits with customers nobody hears",
                  kind="bar", table="bands", category="band", value="revenue_at_stake", low="stake_low",
                  high="stake_high", unit="USD", category_order=order, value_title="Revenue at stake",
                  alt="Revenue at stake: unhappy $412k, neutral $205k, happy $178k, not heard $640k."),
            Chart(id="kept", title="Whether more revenue is kept than a year ago cannot be told",
                  kind="line", table="kept", category="month", value="kept", low="low", high="high",
                  unit="share", value_title="Revenue kept", alt="Revenue kept by month, 96% to 98%."),
        ),
        caveats=("Customers who answered may differ from those who did not.",
                 "Surveys sent on cancellation were left out: they say nothing about what comes after."),
        missing=("Whether raising the score would keep these customers: that takes a pilot.",
                 "Cost to serve: no contact carries a cost or minutes. Import contacts with a cost column."),
        status="partly",
    )  # fmt: skip


def brief(scope: Scope) -> Answer:
    claims = [
        {"order": 1, "kind": "good_news", "fact_id": "worth.kept", "grade": "D",
         "sentence": "Customers who scored 9–10 kept 97% of their revenue (90% range 95% to 99%)."},
        {"order": 2, "kind": "at_stake", "fact_id": "worth.at_stake", "grade": "C",
         "sentence": "Of the next 6 months' revenue, $1.4m is at stake (90% range $1.1m to $1.8m); $0.6m of it with customers nobody hears."},
        {"order": 3, "kind": "ask", "fact_id": "worth.at_stake", "grade": "D",
         "sentence": "Decide whether to call the 212 unhappy customers first: 14% of them are expected to leave, against 7% of the happy ones."},
    ]  # fmt: skip
    return Answer(
        question="brief",
        title="Brief",
        as_of=AS_OF,
        scope=scope,
        headline="$1.4m of the next 6 months' revenue is at stake, and nearly half of it is with customers nobody hears",
        facts=(
            fact(
                "worth.at_stake",
                "Revenue at stake in the next 6 months",
                1_435_000.0,
                "USD",
                interval=Interval(1_130_000.0, 1_802_000.0),
                method=ADJUSTED,
            ),
            fact("coverage.customers", "Share of customers heard", 0.545, "share", n=1200),
            fact("coverage.revenue", "Share of revenue heard", 0.613, "share", n=1200),
            fact("brief.held_back", "Findings held back as noise", 4.0, "count", n=9),
        ),
        tables={"claims": claims},
        caveats=("Half of the customers never answered a survey.",),
    )


def cannot_tell(scope: Scope) -> Answer:
    return Answer(
        question="worth",
        title="Worth",
        as_of=AS_OF,
        scope=scope,
        headline="Cannot tell what the score is worth: almost no customer bought twice",
        status="cannot_tell",
        facts=(
            fact("worth.at_stake", "Revenue at stake", None, "BRL", caveats=("Too few return.",)),
            fact("coverage.revenue", "Revenue heard", None, "share", caveats=("Too few return.",)),
        ),
        tables={"bands": []},
        missing=("Upload orders over more months, with customers who return.",),
    )


def item(name: str) -> Item:
    """A survey item as ``questions.metrics`` lists it."""
    return Item(name, f"{name}.x", True, 900, 800, 0, AS_OF, AS_OF)
