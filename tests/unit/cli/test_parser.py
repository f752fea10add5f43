"""What the command line accepts, and how it refuses the rest."""

import inspect
from datetime import date
from pathlib import Path

import pytest

from cxdash import demo
from cxdash.errors import UsageError
from cxdash.faces.cli import build_parser


def parse(*words):
    return build_parser().parse_args(words)


def test_an_answer_takes_the_whole_scope():
    options = parse(
        "answer", "worth", "--db", "x.duckdb", "--as-of", "2026-06-30", "--metric", "nps",
        "--outcome", "churn", "--horizon", "12", "--where", "segment=SMB", "--where", "plan=a=b",
        "--claim", "worth.gap", "--table", "bands", "--json",
    )  # fmt: skip
    assert (options.claim, options.table) == ("worth.gap", "bands")
    assert options.question == "worth"
    assert options.db == Path("x.duckdb")
    assert options.as_of == date(2026, 6, 30)
    assert (options.metric, options.outcome, options.horizon) == ("nps", "churn", 12)
    assert options.where == [("segment", "SMB"), ("plan", "a=b")]
    assert options.json


def test_the_demo_company_has_the_usual_size_unless_told_otherwise():
    options = parse("demo")
    usual = inspect.signature(demo.write).parameters
    for name in ("customers", "months", "seed"):
        assert getattr(options, name) == usual[name].default
    assert not options.load
    assert parse("demo", "--seed", "0").seed == 0


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["nonsense"],
        ["import"],
        ["answer"],
        ["answer", "worth", "--horizon", "7"],
        ["answer", "worth", "--outcome", "joy"],
        ["answer", "worth", "--as-of", "31.12.2026"],
        ["answer", "worth", "--as-of", "2026-02-30"],
        ["answer", "worth", "--where", "segment"],
        ["answer", "worth", "--where", "=SMB"],
        ["undo"],
        ["undo", "three"],
        ["demo", "--customers", "0"],
        ["demo", "--months", "-1"],
        ["demo", "--seed", "x"],
        ["questions", "--db", "x.duckdb"],
    ],
)
def test_wrong_use_is_refused_with_what_to_do_next(words):
    with pytest.raises(UsageError) as refusal:
        parse(*words)
    assert refusal.value.exit_code == 2
    assert "--help" in refusal.value.do_next


def test_version_and_help_end_well(capsys):
    for word in ("--version", "--help"):
        with pytest.raises(SystemExit) as end:
            parse(word)
        assert end.value.code == 0
    assert "Exit codes" in capsys.readouterr().out
