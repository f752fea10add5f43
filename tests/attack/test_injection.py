"""Text of people and files is shown as it is and does nothing: no script, no request, no SQL."""

import ast
import json
import re
from pathlib import Path

import pytest
import streamlit as st
from hostile import FILES, hostile, markup, payloads
from streamlit.testing.v1 import AppTest

from cxdash import intake, questions
from cxdash.access import Action, Actor, Role
from cxdash.errors import CxdashError
from cxdash.faces.web import state, visitor, words
from cxdash.faces.web.charts import pictures
from cxdash.faces.web.escape import md, plain
from cxdash.faces.web.navigation import PAGES
from cxdash.facts import Scope
from cxdash.store import CANONICAL, Database

ROOT = Path(__file__).parents[2]
MAIN = ROOT / "cxdash" / "faces" / "web" / "main.py"
FACES = sorted((ROOT / "cxdash" / "faces").rglob("*.py")) + sorted((ROOT / "pages").rglob("*.py"))
TEXTS = [*payloads(), *markup()]
ROLES = {"viewer": Role.VIEWER, "analyst": Role.ANALYST, "admin": Role.ADMIN}
MARKDOWN = (
    "title", "header", "subheader", "markdown", "caption", "error", "warning", "info", "success",
)  # fmt: skip
LABELLED = (
    "button", "checkbox", "expander", "multiselect", "radio", "selectbox", "text_input", "toggle",
    "download_button", "tab",
)  # fmt: skip
DRAWS_MORE_THAN_TEXT = {
    "st.html",
    "st.iframe",
    "st.image",
    "st.latex",
    "st.link_button",
    "st.mermaid_chart",
    "st.write",
    "st.components.v2.component",
    "st.echarts_chart",
    "st.pydeck_chart",
}
# What markdown or the browser would act on, unless it is escaped.
LIVE = re.compile(
    r"(?<!\\)(?:<[a-z/!]|!\[|\]\((?!/)|\$|:(?:material|red|smile|rainbow|small))", re.IGNORECASE
)


_EXPRESSION = r'"(?:expr|labelExpr)": "([^"]*)"'


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """The one open database of this process: a hostile company."""
    path = hostile(tmp_path_factory.mktemp("hostile"), TEXTS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CXDASH_DB", str(path))
        yield state.database()
        st.cache_resource.clear()
        st.cache_data.clear()


@pytest.fixture
def opened(company, monkeypatch):
    """Opens a page of the hostile company as a role."""

    def open_as(name, role):
        monkeypatch.setattr(visitor, "LOCAL", Actor("somebody", frozenset({ROLES[role]})))
        entry = next(page for page in PAGES if page.name == name)
        return AppTest.from_file(str(MAIN), default_timeout=120).switch_page(entry.file).run()

    return open_as


def drawn(at):
    """Every text of a page that is read as markdown, with ours among it."""
    for kind in MARKDOWN:
        yield from (element.value for element in at.get(kind))
    for kind in LABELLED:
        yield from (str(getattr(element, "label", "")) for element in at.get(kind))


@pytest.mark.promise("X01", "X02")
@pytest.mark.parametrize(
    ("name", "role"),
    [
        *((page.name, "admin") for page in PAGES),
        *((page.name, "viewer") for page in PAGES if page.needs is Action.VIEW),
    ],
)
def test_X01_X02_no_text_of_a_file_is_live_on_any_page(opened, name, role, tell):
    at = opened(name, role)
    assert not at.exception
    texts = list(drawn(at))
    raw = [text for text in texts for evil in TEXTS if plain(evil) in text and md(evil) != evil]
    assert raw == []
    assert [text for text in texts if LIVE.search(_without_ours(text))] == []
    tell("pages tried", 1)


def _without_ours(text):
    """Without the badges, links and code that the pages write themselves around escaped text."""
    badges = r":(?:primary|(?:red|green|blue|orange|gray|violet)-badge)\["
    ours = rf"^:small\[|{badges}|\]\(#entries-[a-z_]+\)"
    return re.sub(r"`[^`]*`", "", re.sub(ours, "", text, flags=re.MULTILINE))


@pytest.mark.promise("X01", "X02")
@pytest.mark.parametrize("evil", TEXTS, ids=[str(number) for number in range(len(TEXTS))])
def test_X01_X02_the_escape_leaves_nothing_live(evil):
    assert not LIVE.search(md(evil))
    assert re.search(r"(?<!\\)[`*_~|>#\[\]]", md(evil)) is None
    assert md(evil).replace("\\", "").replace("⁠", "") == plain(evil).replace("\\", "")


@pytest.mark.promise("X02")
def test_X02_no_picture_holds_an_expression_a_link_or_a_path_of_the_data(company, tell):
    fields = set()
    for question in questions.QUESTIONS:
        for spec in pictures(questions.ask(company, question)).values():
            tell("pictures tried", 1)
            fields |= _safe_fields(spec)
            text = json.dumps(_without_data(spec))
            assert not re.search(r'"(?:href|url|signal)":', text)
            assert not [one for one in re.findall(_EXPRESSION, text) if "__xss" in one]
    assert fields
    assert not [field for field in fields if not re.fullmatch(r"[a-z]{1,3}", field)]


def _safe_fields(spec):
    if isinstance(spec, dict):
        own = {spec["field"]} if isinstance(spec.get("field"), str) else set()
        return own.union(*(_safe_fields(part) for name, part in spec.items() if name != "values"))
    return set().union(*map(_safe_fields, spec)) if isinstance(spec, list) else set()


def _without_data(spec):
    if isinstance(spec, dict):
        return {name: _without_data(part) for name, part in spec.items() if name != "values"}
    return [_without_data(part) for part in spec] if isinstance(spec, list) else spec


@pytest.mark.promise("X04")
@pytest.mark.parametrize("path", FACES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_X04_nothing_draws_html_frames_or_links_of_the_data(path):
    text = path.read_text(encoding="utf-8")
    calls = {
        ast.unparse(node.func): node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
    }
    assert "unsafe_allow_html" not in text
    assert not [name for name in calls if name.split(".")[0] in {"components", "html", "iframe"}]
    allowed = {"st.html"} if path.name == "frame.py" else set()
    assert DRAWS_MORE_THAN_TEXT & set(calls) <= allowed
    assert not re.search(r"column_config\.(?:Link|Image|Markdown|Button)Column", text)
    assert not re.search(r"alt\.(?:Href|Url)\(", text)


def test_X04_the_one_html_is_a_file_of_ours():
    (call,) = re.findall(r"st\.html\((.*)\)", (ROOT / "cxdash/faces/web/frame.py").read_text())
    assert call == '_HERE / "style.css"'


@pytest.mark.promise("X09")
@pytest.mark.parametrize("file", ["inj_sql_headers.csv", "inj_sql_values.csv", "inj_path.csv"])
def test_X09_sql_in_headers_and_values_changes_nothing_but_rows(tmp_path, monkeypatch, file):
    monkeypatch.chdir(tmp_path)
    sentinel = tmp_path / "sentinel"
    sentinel.write_text("here")
    with Database(tmp_path / "db" / "cx.duckdb") as db:
        before = _schema(db)
        proposal = intake.inspect(FILES / file)
        if proposal.ready:
            intake.load(db, FILES / file, proposal.require())
        assert _schema(db) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["db", "sentinel"]
    assert not Path("/var/x").exists()
    assert sentinel.read_text() == "here"


@pytest.mark.promise("X09")
def test_X09_hostile_file_names_are_kept_as_text(tmp_path, tell):
    names = json.loads((FILES / "filenames.json").read_text(encoding="utf-8"))
    names = [name for name in names if re.search(r"[/\\;\"=\x00\r\u202e%]", name)]
    assert len(names) > 8
    mapping = intake.inspect(FILES / "ok_survey.csv").require()
    with Database(tmp_path / "db" / "cx.duckdb") as db:
        before = _schema(db)
        for name in names:
            receipt = intake.load(db, FILES / "ok_survey.csv", mapping, file_name=name)
            assert receipt.rows_read == 20
            tell("file names tried", 1)
        assert _schema(db) == before
    assert [path.name for path in tmp_path.iterdir()] == ["db"]
    assert not [path for path in (tmp_path / "db").iterdir() if "cx.duckdb" not in path.name]


@pytest.mark.promise("X09")
def test_X09_hostile_filters_and_metrics_are_values(company):
    before = _schema(company)
    for evil in ("' OR '1'='1", "x'; DROP TABLE customers; --", '" OR 1=1 --'):
        for wish in (
            Scope(where=(("segment", evil),)),
            Scope(where=((evil, "x"),)),
            Scope(metric=evil),
            Scope(claim=evil),
        ):
            with pytest.raises(CxdashError):
                questions.ask(company, "examine", wish)
    assert _schema(company) == before


def _schema(db):
    """Every table and column but those of the panel, which comes and goes."""
    rows = db.rows("SELECT table_name, column_name FROM information_schema.columns ORDER BY 1, 2")
    found = [tuple(row.values()) for row in rows if not row["table_name"].startswith("panel_")]
    assert set(CANONICAL) <= {table for table, _ in found}
    return found


@pytest.mark.promise("X09")
@pytest.mark.parametrize("path", FACES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_X09_no_face_composes_sql(path):
    """What a visitor types reaches the engine as a parameter of another part's function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr | ast.BinOp):
            composed = ast.unparse(node)
            assert not re.search(r"\b(?:SELECT|INSERT INTO|DELETE FROM)\b", composed)


SECRET = "010775 paid 4711.42: =cmd|calc <script>window.__xss=1</script> /home/x/cx.duckdb"  # noqa: S105


@pytest.mark.promise("X11")
@pytest.mark.parametrize("name", [page.name for page in PAGES])
def test_X11_an_error_nobody_expected_gives_a_reference_only(opened, monkeypatch, name):
    def fails(*_, **__):
        raise ValueError(SECRET)

    monkeypatch.setattr(words, "section", fails)
    at = opened(name, "admin")
    assert not at.exception
    told = "\n".join(drawn(at)).replace("\\", "")
    assert re.search(r"reference \*\*[0-9a-f]{8}\*\*", told)
    for secret in ("010775", "4711.42", "/home/", "Traceback", "ValueError", "https:"):
        assert secret not in told
