"""Write a world as the files a real team exports, in the shapes of the tools they come from."""

import csv
import json
import shutil
from collections.abc import Iterable, Sequence
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from cxdash.demo.canonical import SIGNED_BY, Extract, accounts, extracts
from cxdash.demo.company import ITEMS
from cxdash.demo.truth import write_truth
from cxdash.demo.world import (
    DEFAULT_CUSTOMERS,
    DEFAULT_END,
    DEFAULT_MONTHS,
    DEFAULT_SEED,
    World,
    simulate,
)

__all__ = ["FILES", "write", "write_world"]

#: Order in which the files are loaded: those that name customers come first.
FILES: Final = (
    "crm_accounts.csv",
    "subscriptions.csv",
    "invoices.csv",
    "survey_relationship.csv",
    "survey_support.csv",
    "survey_exit.csv",
    "invitations.csv",
    "tickets.csv",
    "team_engagement.csv",
    "pilot_roster.csv",
    "finance_control_totals.csv",
    "events.csv",
    "metric_register.csv",
)
_QUESTIONS: Final = {
    "product_quality": "the quality of the product",
    "ease_of_use": "how easy it is to use",
    "support": "our support",
    "billing": "billing and invoices",
    "onboarding": "the way we got you started",
    "value_for_money": "value for money",
    "app_look_and_feel": "the look and feel of the app",
}
_SATISFIED: Final = (
    "",
    "Very dissatisfied",
    "Dissatisfied",
    "Neither satisfied nor dissatisfied",
    "Satisfied",
    "Very satisfied",
)


def write(
    folder: Path | str,
    *,
    customers: int = DEFAULT_CUSTOMERS,
    months: int = DEFAULT_MONTHS,
    seed: int = DEFAULT_SEED,
    end: date = DEFAULT_END,
) -> Path:
    """Simulate the demo company and write its exports, their mappings and ``truth.json``.

    Returns the folder. Same arguments, same files, byte for byte.
    """
    world = simulate(customers=customers, months=months, seed=seed, end=end)
    return write_world(Path(folder), world)


def write_world(folder: Path, world: World) -> Path:
    """Write all exports, their mappings and the truth into ``folder``; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    by_file = {extract.file: extract for extract in extracts(world)}
    _write_qualtrics(folder / "survey_relationship.csv", world)
    _write_surveymonkey(folder / "survey_support.csv", world)
    _write_exit(folder / "survey_exit.csv", world)
    _write_accounts(folder / "crm_accounts.csv", world)
    _write_invoices(folder / "invoices.csv", world)
    _write_tickets(folder / "tickets.csv", world)
    _write_totals(folder / "finance_control_totals.csv", world)
    for file, headers in _PLAIN.items():
        _write_plain(folder / file, by_file[file], headers)
    mappings = folder / "mappings"
    mappings.mkdir(exist_ok=True)
    for file in FILES:
        name = f"{Path(file).stem}.toml"
        with resources.as_file(resources.files("cxdash.demo") / "mappings" / name) as source:
            shutil.copyfile(source, mappings / name)
    write_truth(folder, world)
    return folder


#: Files whose columns are the canonical ones under the names another system gives them.
_PLAIN: Final[dict[str, dict[str, str]]] = {
    "subscriptions.csv": {
        "subscription_id": "Contract No",
        "customer_id": "Account ID",
        "plan": "Plan",
        "started_on": "Term Start",
        "ended_on": "Term End",
        "cancelled_on": "Notice Date",
        "reason": "Cancellation Reason",
        "monthly_amount": "Monthly Amount",
        "currency": "Currency",
    },
    "invitations.csv": {
        "invitation_id": "Invitation ID",
        "customer_id": "Account ID",
        "sent_at": "Sent At",
        "survey": "Survey",
        "channel": "Channel",
        "status": "Delivery Status",
    },
    "team_engagement.csv": {
        "unit": "Team",
        "period": "Month",
        "headcount": "Headcount",
        "engagement": "Engagement (1-10)",
        "turnover": "Turnover Share",
        "absence": "Absence Share",
    },
    "pilot_roster.csv": {
        "pilot": "Pilot",
        "customer_id": "Account ID",
        "arm": "Group",
        "assigned_on": "Assigned On",
    },
    "events.csv": {
        "event_id": "Event No",
        "dated": "Date",
        "what": "Event",
        "event_kind": "Kind",
        "metric": "Metric",
        "unit": "Team",
        "source": "Source",
    },
    "metric_register.csv": {
        "metric": "Metric",
        "owner": "Owner",
        "goal": "Goal",
        "decision": "Decision",
        "decided_on": "Decided On",
        "note": "Note",
    },
}


def _write_plain(path: Path, extract: Extract, headers: dict[str, str]) -> None:
    frame = extract.tables[extract.kind]
    columns = {
        header: _money(frame[name]) if name == "monthly_amount" else _text(frame[name])
        for name, header in headers.items()
    }
    _write_columns(path, columns)


def _write_accounts(path: Path, world: World) -> None:
    frame = accounts(world)
    headers = {
        "customer_id": "Account ID",
        "name": "Account Name",
        "alias": "Contact Email",
        "segment": "Segment",
        "plan": "Plan",
        "region": "Region",
        "industry": "Industry",
        "owner": "Account Owner",
        "since": "Customer Since",
        "acquired_by": "Acquired By",
    }
    _write_columns(path, {header: _text(frame[name]) for name, header in headers.items()})


def _write_invoices(path: Path, world: World) -> None:
    frame = world.invoices
    email = accounts(world).set_index("customer_id")["alias"]
    kind = frame["kind"].map(
        {"recurring": "Subscription", "one-off": "Setup fee", "refund": "Refund"}
    )
    paid = np.where(frame["kind"] == "refund", "Refunded", "Paid")
    _write_columns(
        path,
        {
            "id": _text(frame["invoice_id"]),
            "Description": _text(kind),
            "Created (UTC)": [f"{day} 06:00" for day in _text(frame["dated"])],
            "Amount": _money(frame["cents"]),
            "Currency": ["usd"] * len(frame),
            "Status": paid.tolist(),
            "Customer Email": _text(frame["customer_id"].map(email)),
            "account_id (metadata)": _text(frame["customer_id"]),
        },
    )


def _write_tickets(path: Path, world: World) -> None:
    frame = world.support.tickets
    solved = np.where(frame["resolved_first"], "Yes", "No")
    _write_columns(
        path,
        {
            "Ticket ID": _text(frame["contact_id"]),
            "Account ID": _text(frame["customer_id"]),
            "Created At": _text(frame["contacted_at"]),
            "Channel": _text(frame["channel"]),
            "Reason": _text(frame["reason"]),
            "Handling Minutes": _text(frame["minutes"]),
            "Solved At First Contact": solved.tolist(),
            "Handling Cost (USD)": _money(frame["cost_cents"]),
            "Team": _text(frame["unit"]),
            "Agent": _text(frame["agent"]),
        },
    )


def _write_totals(path: Path, world: World) -> None:
    frame = world.control_totals
    amounts = [
        _dollars(value) if money else str(value)
        for value, money in zip(frame["value"], frame["is_money"], strict=True)
    ]
    _write_columns(
        path,
        {
            "Month": _text(frame["period"]),
            "Measure": _text(frame["measure"]),
            "Amount": amounts,
            "Currency": ["USD" if money else "" for money in frame["is_money"]],
            "Signed By": [SIGNED_BY] * len(frame),
        },
    )


def _write_qualtrics(path: Path, world: World) -> None:
    """Three header rows: names, question texts, ids as JSON. With a byte order mark."""
    frame = world.relationship
    preview, unfinished = frame["status"] == "preview", frame["status"] == "unfinished"
    ended = frame["answered_at"]
    took = 90 + (frame["nps"].astype(int) * 17 + np.arange(len(frame)) % 97)
    rating = "How satisfied are you with"
    tail = "1 = not at all, 5 = fully"
    columns: list[tuple[str, str, str, list[str]]] = [
        ("StartDate", "Start Date", "startDate", _text(ended - pd.to_timedelta(took, unit="s"))),
        ("EndDate", "End Date", "endDate", _text(ended)),
        ("Status", "Response Type", "status", _pick(preview, "Survey Preview", "IP Address")),
        ("Progress", "Progress", "progress", _pick(unfinished, "54", "100")),
        ("Duration (in seconds)", "Duration (in seconds)", "duration", _text(took)),
        ("Finished", "Finished", "finished", _pick(unfinished, "False", "True")),
        ("RecordedDate", "Recorded Date", "recordedDate", _text(ended)),
        ("ResponseId", "Response ID", "_recordId", _text(frame["response_id"])),
        (
            "ExternalReference",
            "External Data Reference",
            "externalDataReference",
            _text(frame["customer_id"]),
        ),
        ("DistributionChannel", "Distribution Channel", "distributionChannel",
         _pick(preview, "preview", "email")),
        ("UserLanguage", "User Language", "userLanguage", ["EN"] * len(frame)),
        ("Q1_NPS_GROUP", "How likely are you to recommend us to a colleague? - Group",
         "QID1_NPS_GROUP", _nps_group(frame["nps"])),
        ("Q1", "How likely are you to recommend us to a colleague?", "QID1", _whole(frame["nps"])),
    ]  # fmt: skip
    columns += [
        (f"Q2_{number}", f"{rating} {_QUESTIONS[item]}? ({tail})", f"QID2_{number}",
         _whole(frame[item]))
        for number, item in enumerate(ITEMS, start=1)
    ]  # fmt: skip
    columns += [
        ("Q3", "It was easy to get done what I wanted. (1 = strongly disagree, 7 = strongly agree)",
         "QID3", _whole(frame["ces"])),
        ("Q4", "What is the main reason for your answers?", "QID4_TEXT", _text(frame["comment"])),
        ("AM_Health", "AM_Health", "AM_Health", _whole(frame["relationship_health"])),
    ]  # fmt: skip
    ids = [json.dumps({"ImportId": name}, separators=(",", ":")) for _, _, name, _ in columns]
    for place in (0, 1, 6):
        ids[place] = json.dumps(
            {"ImportId": columns[place][2], "timeZone": "UTC"}, separators=(",", ":")
        )
    heads = [[name for name, *_ in columns], [text for _, text, *_ in columns], ids]
    _write_rows(path, heads, zip(*(cells for *_, cells in columns), strict=True), "utf-8-sig")


def _write_surveymonkey(path: Path, world: World) -> None:
    """Two header rows; the second says Response or Open-Ended Response."""
    frame = world.support.answers
    email = accounts(world).set_index("customer_id")["alias"]
    ended = frame["answered_at"]
    american = "%m/%d/%Y %I:%M:%S %p"
    words = np.array(_SATISFIED)[frame["csat"].astype(int).to_numpy()]
    columns: list[tuple[str, str, list[str]]] = [
        ("Respondent ID", "", _text(frame["response_id"])),
        ("Collector ID", "", ["446111201"] * len(frame)),
        ("Start Date", "", (ended - pd.Timedelta(seconds=75)).dt.strftime(american).tolist()),
        ("End Date", "", ended.dt.strftime(american).tolist()),
        ("Email Address", "", _text(frame["customer_id"].map(email))),
        ("Custom Data 1", "", _text(frame["contact_id"])),
        ("Custom Data 2", "", _text(frame["unit"])),
        ("Custom Data 3", "", _text(frame["agent"])),
        ("How satisfied were you with the help you got?", "Response", words.tolist()),
        (
            "Was your problem solved the first time you contacted us?",
            "Response",
            _pick(frame["fcr"] == 1, "Yes", "No"),
        ),
        ("Anything else?", "Open-Ended Response", _text(frame["comment"])),
    ]
    heads = [[name for name, *_ in columns], [kind for _, kind, _ in columns]]
    _write_rows(path, heads, zip(*(cells for *_, cells in columns), strict=True))


def _write_exit(path: Path, world: World) -> None:
    frame = world.exits
    _write_columns(
        path,
        {
            "Response ID": _text(frame["response_id"]),
            "Account ID": _text(frame["customer_id"]),
            "Submitted At": _text(frame["answered_at"]),
            "Would you recommend us? (0-10)": _whole(frame["nps"]),
            "How was our service? (1-5)": _whole(frame["service"]),
            "Why are you leaving?": _text(frame["comment"]),
        },
    )


def _write_columns(path: Path, columns: dict[str, list[str]]) -> None:
    _write_rows(path, [list(columns)], zip(*columns.values(), strict=True))


def _write_rows(
    path: Path,
    heads: Sequence[Sequence[str]],
    rows: Iterable[Sequence[str]],
    encoding: str = "utf-8",
) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerows(heads)
        writer.writerows(rows)


def _text(values: "pd.Series[Any]") -> list[str]:
    """Cells as text: dates as 2026-03-05, times as 2026-03-05 14:30:00, nothing as nothing."""
    if pd.api.types.is_datetime64_any_dtype(values):
        whole_days = bool((values.dropna() == values.dropna().dt.normalize()).all())
        pattern = "%Y-%m-%d" if whole_days else "%Y-%m-%d %H:%M:%S"
        values = values.dt.strftime(pattern)
    return ["" if pd.isna(value) else str(value) for value in values]


def _whole(values: "pd.Series[Any]") -> list[str]:
    return ["" if pd.isna(value) else str(int(value)) for value in values]


def _money(cents: "pd.Series[Any]") -> list[str]:
    return [_dollars(int(value)) for value in cents]


def _dollars(cents: int) -> str:
    sign, whole = ("-", -cents) if cents < 0 else ("", cents)
    return f"{sign}{whole // 100}.{whole % 100:02d}"


def _pick(flags: "pd.Series[bool]", yes: str, no: str) -> list[str]:
    return [yes if flag else no for flag in flags]


def _nps_group(values: "pd.Series[Any]") -> list[str]:
    return ["Promoter" if v >= 9 else "Detractor" if v <= 6 else "Passive" for v in values]
