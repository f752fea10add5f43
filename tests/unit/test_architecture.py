"""The arrows of docs/architecture.md and the rules of the house, held by reading the code."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "cxdash").rglob("*.py"))
PAGES = sorted((ROOT / "pages").rglob("*.py"))
FACES = [*sorted((ROOT / "cxdash" / "faces").rglob("*.py")), *PAGES, ROOT / "app.py"]

# What each part may import of ours, itself and the errors excepted.
ARROWS = {
    "errors": set(),
    "facts": set(),
    "stats": set(),
    "store": set(),
    "panel": {"store", "facts"},
    "intake": {"store", "facts"},
    "register": {"store", "facts"},
    "demo": {"intake", "register", "store", "facts"},
    "questions": {"panel", "register", "store", "stats", "facts", "privacy"},
    "access": {"store"},
    "upkeep": {"register", "store", "facts"},
    "privacy": {"panel", "store", "facts"},
    "faces": {
        "questions",
        "privacy",
        "intake",
        "demo",
        "upkeep",
        "register",
        "store",
        "facts",
        "access",
    },
    "__main__": {"faces"},
    "__init__": set(),
}
# The pattern for a time with an offset is a constant of ours, not a value.
CONSTANTS_BETWEEN_QUOTES = {"cxdash/intake/loading/zones.py"}
# What changes data, as the last part of a call in the web face: only deeds.py may make it.
CHANGES = {
    "start_import",
    "start_undo",
    "load",
    "undo",
    "set_setting",
    "writing",
    "backup",
    "erase",
    "compact",
    "restore",
    "start",
    "retain",
    "set_policy",
    "set_role",
    "set_disabled",
    "end_all",
    "put",
    "freeze",
    "remove",
    "bring_in",
    "sheet",
}
DEEDS = ROOT / "cxdash" / "faces" / "web" / "deeds.py"
# Words that start a statement of SQL; in an f-string they mean that SQL is composed there.
SQL = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE (TEMP )?TABLE)\b")


def part(path):
    inside = path.relative_to(ROOT / "cxdash")
    return inside.parts[0].removesuffix(".py")


def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imported(path):
    """Full dotted names of everything a module imports, at its top or inside a function."""
    names = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide where an arrow points"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def ours(path):
    """The parts of cxdash a module imports."""
    return {name.split(".")[1] for name in imported(path) if name.startswith("cxdash.")}


def called(path):
    """The last name of everything a module calls, with the call: ``read_csv`` for pd.read_csv()."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            function = node.func
            name = getattr(function, "attr", None) or getattr(function, "id", None)
            yield name, node


def relative(path):
    return path.relative_to(ROOT).as_posix()


def test_there_is_something_to_check():
    assert len(MODULES) > 50
    assert len(PAGES) >= 4
    assert {part(path) for path in MODULES} == set(ARROWS)


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_imports_follow_the_arrows(path):
    allowed = ARROWS[part(path)] | {part(path), "errors", "__version__"}
    assert ours(path) <= allowed


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_only_the_web_face_knows_streamlit(path):
    if relative(path).startswith("cxdash/faces/web/"):
        return
    assert not {name for name in imported(path) if name.split(".")[0] == "streamlit"}


@pytest.mark.parametrize("path", [*PAGES, ROOT / "app.py"], ids=relative)
def test_pages_are_thin_and_hold_neither_sql_nor_maths(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 80
    assert not SQL.search(text)
    heavy = {"pandas", "numpy", "duckdb", "scipy", "sklearn"}
    assert not heavy & {name.split(".")[0] for name in imported(path)}
    assert not {"panel", "stats"} & ours(path)


def test_no_page_lies_directly_in_pages():
    """Beside a main script Streamlit would run such a file on a deep link, past the router."""
    assert list((ROOT / "pages").glob("*.py")) == []


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_the_first_thing_a_page_does_is_to_ask_whether_the_visitor_may_open_it(path):
    """A message of a browser may name any page, whatever the menu shows."""
    body = [node for node in tree(path).body if not isinstance(node, ast.Import | ast.ImportFrom)]
    assert isinstance(body[0], ast.Expr), "a page begins with its docstring"
    assert ast.unparse(body[1]) == f"admit({path.stem!r})"
    assert "cxdash.faces.web.visitor.admit" in imported(path)


def web_face():
    inside = [path for path in MODULES if "faces/web" in path.as_posix() and path != DEEDS]
    return [*inside, *PAGES, ROOT / "app.py"]


@pytest.mark.parametrize("path", web_face(), ids=relative)
def test_only_the_door_for_deeds_changes_data_or_hands_it_out(path):
    for name, call in called(path):
        owner = ast.unparse(call.func).rpartition(".")[0]
        if name in CHANGES and owner in {"intake", "upkeep", "people", "sessions", "register"}:
            pytest.fail(f"line {call.lineno}: {owner}.{name} belongs into deeds.py")
        assert name not in {"set_setting", "writing"}
        if name == "download_button":
            data = next(keyword.value for keyword in call.keywords if keyword.arg == "data")
            assert ast.unparse(data).startswith("deeds."), f"line {call.lineno}"
    sources = {name.rpartition(".")[2] for name in imported(path) if name.startswith("cxdash.")}
    assert not sources & CHANGES - {"load"}


@pytest.mark.parametrize("path", web_face(), ids=relative)
def test_what_is_private_to_streamlit_is_touched_in_two_places_only(path):
    """The gate needs its cookies and messages, the giving back of memory its sessions."""
    private = re.compile(r"streamlit\.(web|runtime|proto|auth_util|user_info)\b")
    touched = {name for name in imported(path) if private.match(name)}
    assert not touched or path.name in {"inside.py", "memory.py"}


def test_every_deed_asks_for_the_right_first():
    """Each public function of the door begins, itself or through another deed, by asking."""
    asks = {"demand", "_done", "handed_out", "start_undo"}
    for node in tree(DEEDS).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            calls = [one for one in ast.walk(node) if isinstance(one, ast.Call)]
            assert {ast.unparse(one.func) for one in calls} & asks, node.name


@pytest.mark.parametrize("path", [*MODULES, *PAGES], ids=relative)
def test_no_file_of_a_person_is_read_by_a_guessing_reader(path):
    guessing = {"read_csv", "read_csv_auto", "read_fwf", "read_excel", "from_csv_auto"}
    assert not guessing & {name for name, _ in called(path)}
    assert not re.search(r"\bread_(csv|xlsx)(_auto)?\s*\(", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FACES, ids=relative)
def test_nothing_is_drawn_as_raw_html(path):
    text = path.read_text(encoding="utf-8")
    assert "unsafe_allow_html" not in text
    assert "unsafe_allow_javascript" not in text
    assert "components.v1" not in text


def is_cached(node):
    return any(
        "cache_data" in ast.unparse(decorator) for decorator in getattr(node, "decorator_list", ())
    )


@pytest.mark.parametrize("path", FACES, ids=relative)
def test_no_cache_is_keyed_by_a_frame(path):
    """Streamlit hashes a sample of a large frame: a changed figure would be answered stale."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef) and is_cached(node):
            kinds = [ast.unparse(a.annotation) for a in node.args.args if a.annotation]
            assert not [kind for kind in kinds if re.search(r"Frame|Table|ndarray|NDArray", kind)]
            assert any("max_entries" in ast.unparse(d) for d in node.decorator_list)


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_nobody_but_the_store_opens_a_connection_to_a_file(path):
    if part(path) == "store":
        return
    opened = [
        ast.unparse(call) for _, call in called(path) if "duckdb.connect" in ast.unparse(call.func)
    ]
    assert set(opened) <= {"duckdb.connect()", "duckdb.connect(':memory:')"}


@pytest.mark.parametrize("path", [*MODULES, *FACES], ids=relative)
def test_everybody_reads_through_a_cursor_of_their_own(path):
    """A connection shared between threads gives people each other's results."""
    touched = {ast.unparse(n) for n in ast.walk(tree(path)) if isinstance(n, ast.Attribute)}
    assert not [name for name in touched if re.search(r"(?<!self)\._connection$", name)]


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_no_exception_is_swallowed(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None
            body = [ast.unparse(line) for line in node.body]
            assert body not in (["pass"], ["..."], ["continue"])


@pytest.mark.parametrize("path", [*MODULES, *PAGES], ids=relative)
def test_no_text_value_is_pasted_between_quotes_into_sql(path):
    """Values are parameters. ``'{name}'`` inside composed SQL would let a cell become code."""
    if relative(path) in CONSTANTS_BETWEEN_QUOTES:
        return
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.JoinedStr) and SQL.search(ast.unparse(node)):
            text = "".join(
                part.value if isinstance(part, ast.Constant) else "{}" for part in node.values
            )
            assert "'{}'" not in text
