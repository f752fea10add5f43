"""What the documents promise exists: commands, options, files. And nothing is promised twice."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from cxdash.faces.cli import build_parser
from cxdash.faces.cli.main import COMMANDS
from cxdash.questions import QUESTIONS

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
CONSOLE = re.compile(r"^ *```console\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)\)")
RUN = ".venv/bin/python -m cxdash "


def commands():
    """(document, command) for every line a reader is told to type."""
    return [
        (document.name, line.strip().removeprefix("$ "))
        for document in DOCUMENTS
        for block in CONSOLE.findall(document.read_text(encoding="utf-8"))
        for line in block.splitlines()
        if line.strip().startswith("$ ")
    ]


def targets():
    """The targets of the Makefile, with their explanation."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z]+):.*?## (.+)$", makefile, re.MULTILINE))


def subparsers():
    """Every command with its parser; a command of a group by both of its words."""
    found = {}
    for name, parser in choices(build_parser(), "command").items():
        inner = choices(parser, "deed")
        found |= {f"{name} {word}": one for word, one in inner.items()} or {name: parser}
    return found


def choices(parser, dest):
    return next((a.choices for a in parser._actions if a.dest == dest), {})


def options_of(parser):
    """Long options and the names of positional arguments, help aside."""
    known = set()
    for action in parser._actions:
        if action.dest == "help":
            continue
        long = [name for name in action.option_strings if name.startswith("--")]
        known |= set(long) if action.option_strings else {action.metavar}
    return known


def contract_usage():
    """Command to its usage line in the contract, continuation lines joined."""
    text = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")
    section = text.split("## Command line")[1].split("\n## ")[0]
    usage = re.sub(r"\n {10,}", " ", section)
    lines = [
        line.removeprefix("    python -m cxdash ")
        for line in usage.splitlines()
        if line.startswith("    python -m cxdash ")
    ]
    names = {line: re.match(r"\S+(?: [a-z]+)?", line)[0] for line in lines}
    return {name: line.removeprefix(name).strip() for line, name in names.items()}


def test_there_are_commands_to_check():
    assert len(commands()) > 10


@pytest.mark.parametrize(("document", "command"), commands())
def test_every_command_a_document_shows_exists(document, command):
    words = shlex.split(command)
    if words[0] == "make":
        assert words[1] in targets()
    elif command.startswith(".venv/bin/python -m pytest "):
        assert (ROOT / words[3]).exists()
    else:
        assert command.startswith(RUN)
        assert build_parser().parse_args(shlex.split(command.removeprefix(RUN)))


def test_the_contract_lists_exactly_the_commands_there_are():
    assert set(contract_usage()) - {"--version"} == set(subparsers()) == set(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_contract_lists_exactly_the_options_of_a_command(name):
    usage = contract_usage()[name]
    promised = set(re.findall(r"--[a-z-]+", usage))
    promised |= set(re.findall(r"\b[A-Z]+\b", re.sub(r"\[.*?\]", "", usage)))
    assert options_of(subparsers()[name]) == promised


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_is_explained(name):
    for action in subparsers()[name]._actions:
        assert action.help, f"{name}: {action.dest} has no help"


def test_make_help_explains_every_target_and_the_readme_names_the_two_commands():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[1].split()
    assert set(phony) == set(targets())
    assert {"make run", "make test"} <= {command for _, command in commands()}


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_readme_says_what_each_question_asks(name):
    assert QUESTIONS[name].asks in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_to_a_file_leads_somewhere(document):
    for target in LINK.findall(document.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (document.parent / target).exists(), f"{document.name}: {target}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_path_a_document_names_exists(document):
    text = document.read_text(encoding="utf-8")
    for name in re.findall(r"`((?:cxdash|tests|docs|pages|requirements)/[\w./-]+)`", text):
        assert (ROOT / name).exists(), f"{document.name}: {name}"


def test_the_test_lock_holds_the_same_versions_as_the_run_lock():
    def pins(path):
        return set(
            re.findall(r"^([\w.-]+==[^ ;]+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        )

    run = pins(ROOT / "requirements.txt")
    assert run
    assert run <= pins(ROOT / "requirements" / "test.txt")


def test_every_locked_package_has_hashes():
    for name in ("requirements.txt", "requirements/test.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for package in re.split(r"\n(?=[\w.-]+==)", text):
            assert "--hash=sha256:" in package


def test_every_promise_rests_on_tests_and_every_promising_test_has_words():
    words = tomllib.loads((ROOT / "tests" / "promises.toml").read_text("utf-8"))
    sources = [path.read_text("utf-8") for path in sorted((ROOT / "tests").rglob("test_*.py"))]
    marks = [mark for text in sources for mark in re.findall(r"mark\.promise\(([^)]*)\)", text)]
    tested = {name for mark in marks for name in re.findall(r'"([A-Z]\d\d)"', mark)}
    promised = {name for promise in words["promise"] for name in promise["rests_on"]}
    assert promised == set(words["tried"])
    assert tested == promised
