"""The app does not start in a way that is not safe, and nothing risky is on by default."""

import ast
import os
import secrets as random
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from signing_in import free_port

from cxdash.errors import UsageError
from cxdash.faces.web import signin

ROOT = Path(__file__).parents[2]
SECRET = random.token_hex(16)
AUTH = {
    "redirect_uri": "https://cx.example.com/oauth2callback",
    "cookie_secret": SECRET,
    "client_id": "cxdash",
    "client_secret": "9f1c7a3e5b",
    "server_metadata_url": "https://id.example.com/.well-known/openid-configuration",
}
DRAWN = [
    *sorted((ROOT / "cxdash" / "faces" / "web").rglob("*.py")),
    *sorted((ROOT / "pages").rglob("*.py")),
    ROOT / "app.py",
]


def options(**changed):
    """What the server was told, with something changed."""
    return lambda name: changed.get(name, signin._OPTIONS[name])


def check(auth=AUTH, *, address="127.0.0.1", files=(), access=None, option=None):
    secrets = {"auth": auth, "access": access or {}} if auth is not None else {}
    return signin.check(secrets, address=address, files=files, option=option or options())


def test_a_sound_configuration_is_taken():
    found = check(address="0.0.0.0")  # noqa: S104
    assert found.sign_in
    assert found.secure
    assert found.origin == "https://cx.example.com"


@pytest.mark.promise("A07")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cookie_secret", ""),
        ("cookie_secret", "short"),
        pytest.param("cookie_secret", SECRET[:31], id="cookie_secret-31 letters"),
        ("cookie_secret", "a" * 64),
        ("cookie_secret", "0123456" * 10),
        ("cookie_secret", "change-me-please-change-me-please-0123456789"),
        ("cookie_secret", "xxx-a-long-one-that-somebody-left-as-it-was"),
        ("cookie_secret", "REPLACE_WITH_A_STRONG_RANDOM_TEXT_0123456789"),
        ("client_secret", ""),
        ("client_secret", "xxx"),
        ("client_secret", "secret"),
        ("client_id", ""),
        ("server_metadata_url", ""),
        ("server_metadata_url", "http://id.example.com/.well-known/openid-configuration"),
        ("redirect_uri", ""),
        ("redirect_uri", "http://cx.example.com/oauth2callback"),
        ("redirect_uri", "https://cx.example.com/elsewhere"),
    ],
)
def test_A07_a_missing_short_or_guessable_secret_is_refused(name, value, tell):
    with pytest.raises(UsageError, match="would not be safe") as refused:
        check({**AUTH, name: value})
    assert refused.value.do_next
    assert SECRET not in str(refused.value)
    tell("unsafe starts", 1)


@pytest.mark.promise("A07")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o622])
def test_A07_a_file_of_secrets_that_others_may_read_is_refused(tmp_path, mode, tell):
    file = tmp_path / "secrets.toml"
    file.write_text("x")
    file.chmod(0o600)
    assert check(files=[file]).sign_in
    file.chmod(mode)
    with pytest.raises(UsageError, match="others may read"):
        check(files=[file])
    tell("unsafe starts", 1)


@pytest.mark.promise("A07", "A11")
@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.20", "cx.example.com", None])  # noqa: S104
def test_A07_another_address_than_this_machine_needs_sign_in_or_a_clear_word(
    monkeypatch, address, tell
):
    monkeypatch.delenv(signin.OPEN_ANYWAY, raising=False)
    with pytest.raises(UsageError, match="without sign-in"):
        check(None, address=address)
    assert check(address=address).sign_in
    monkeypatch.setenv(signin.OPEN_ANYWAY, "1")
    assert not check(None, address=address).sign_in
    tell("unsafe starts", 1)


@pytest.mark.promise("A11")
@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "localhost"])
def test_A11_this_machine_alone_needs_none(monkeypatch, address):
    monkeypatch.delenv(signin.OPEN_ANYWAY, raising=False)
    assert not check(None, address=address).sign_in


@pytest.mark.promise("A11")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("server.enableXsrfProtection", False),
        ("server.enableCORS", False),
        ("server.enableAgentApi", True),
        ("server.enableStaticServing", True),
        ("server.baseUrlPath", "cx"),
        ("server.trustedUserHeaders", {"X-User": "email"}),
        ("global.developmentMode", True),
    ],
)
def test_A11_an_option_that_opens_the_server_is_refused(name, value):
    with pytest.raises(UsageError, match=name):
        check(option=options(**{name: value}))


@pytest.mark.promise("A11")
def test_A11_the_defaults_are_closed():
    with (ROOT / ".streamlit" / "config.toml").open("rb") as file:
        told = tomllib.load(file)
    server = told["server"]
    assert server["address"] == "127.0.0.1"
    assert server["enableAgentApi"] is False
    assert server["enableStaticServing"] is False
    assert server["scriptHealthCheckEnabled"] is False
    assert told["browser"]["gatherUsageStats"] is False
    assert told["client"]["showErrorDetails"] == "none"
    assert told["client"]["disableDataExport"] is True


def started(folder, *arguments, secrets=""):
    """Exit code and words of a start of the real program."""
    if secrets:
        (folder / "secrets.toml").write_text(secrets)
        (folder / "secrets.toml").chmod(0o600)
        arguments = (*arguments, "--secrets.files", str(folder / "secrets.toml"))
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    done = subprocess.run(
        [*command, "--server.port", str(free_port()), *arguments],
        cwd=ROOT,
        env={**os.environ, "CXDASH_DB": str(folder / "cx.duckdb")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.promise("A07")
@pytest.mark.parametrize(
    ("arguments", "secrets", "words"),
    [
        (("--server.address", "0.0.0.0"), "", "without sign-in"),  # noqa: S104
        ((), '[auth]\ncookie_secret = "abc"\n', "lack auth.redirect_uri"),
    ],
)
def test_A07_the_program_itself_ends_with_a_sentence(tmp_path, arguments, secrets, words):
    code, said = started(tmp_path, *arguments, secrets=secrets)
    assert code != 0
    assert words in said
    assert "Traceback" not in said
    assert not (tmp_path / "cx.duckdb").exists()


@pytest.mark.promise("A08")
@pytest.mark.parametrize(
    ("address", "host", "known"),
    [
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "localhost", True),
        ("127.0.0.1", "192.168.1.20", False),
        ("127.0.0.1", "evil.example", False),
        ("0.0.0.0", "192.168.1.20", True),  # noqa: S104
        ("0.0.0.0", "evil.example", False),  # noqa: S104
        ("0.0.0.0", "reports.intern", True),  # noqa: S104
    ],
)
def test_A08_the_app_is_known_under_its_own_names_only(monkeypatch, address, host, known):
    monkeypatch.setenv(signin.OPEN_ANYWAY, "1")
    found = signin.check(
        {"access": {"hosts": ["reports.intern"]}}, address=address, option=options()
    )
    assert found.knows_host(host) == known


@pytest.mark.promise("X04")
@pytest.mark.parametrize("path", DRAWN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_X04_no_text_is_drawn_as_html_and_no_foreign_script_is_taken_in(path):
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    for call in calls:
        named = {keyword.arg for keyword in call.keywords}
        assert not named & {"unsafe_allow_html", "unsafe_allow_javascript"}
        function = ast.unparse(call.func)
        assert not function.endswith(("components.html", "components.iframe", "st.iframe"))
        assert "components.v" not in function
        if function == "st.html":
            assert ast.unparse(call.args[0]) == "_HERE / 'style.css'"
