"""In a real browser, hostile text runs nothing, sends nothing and is read as it was written."""

import csv
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import BrowserContext, Page
from signing_in import PEOPLE, House, house, provider
from walking import settle

from cxdash.access.roles import PERMISSIONS, Role
from cxdash.faces.web.escape import plain
from cxdash.faces.web.navigation import PAGES

ATTACK = Path(__file__).parents[1] / "attack"
sys.path.insert(0, str(ATTACK))

from hostile import hostile, markup, payloads  # noqa: E402

_OPEN = {role: [page for page in PAGES if page.needs in PERMISSIONS[role]] for role in Role}
# Every page as whoever may open it sees it; an admin sees what an analyst sees, and two more.
CRAWLS = {
    "vera": _OPEN[Role.VIEWER],
    "ann": _OPEN[Role.ANALYST],
    "ada": [page for page in PAGES if page not in _OPEN[Role.ANALYST]],
}
# Where a text must be found, letter by letter; a viewer is not shown what a single person wrote.
READ = {"vera": (), "ann": ("catalogue", "listening", "churn"), "ada": ("access",)}


class Listener:
    """Counts what reaches the address the payloads try to call."""

    def __init__(self) -> None:
        self.hits: list[str] = []
        hits = self.hits

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                hits.append(self.path)
                self.send_response(204)
                self.end_headers()

            do_POST = do_GET  # noqa: N815 - the name is the server's

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()


@dataclass(frozen=True)
class Attacked:
    """A server that shows the hostile company, and the folder it lives in."""

    house: House
    folder: Path

    def let_in(self, person: str, context: BrowserContext) -> None:
        """Give a browser the cookies of a person, whose name is a script too."""
        jar = self.house.signed_in(person).http.cookies.jar
        context.add_cookies(
            [{"name": one.name, "value": one.value, "url": self.house.address} for one in jar]
        )


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture(scope="module")
def attacked(listener: Listener, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    folder = tmp_path_factory.mktemp("attacked")
    texts = [*payloads(listener.address), *markup(listener.address)]
    path = hostile(folder, texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ATTACK / "socket_guard"))
        patch.setenv("CXDASH_SOCKET_BOOK", str(folder / "book"))
        with provider() as there, house(folder, path, there) as made:
            scripts = payloads(listener.address)
            for number, (person, role) in enumerate(PEOPLE.items()):
                made.tell(person, roles=[role], email=None, name=scripts[number])
            yield Attacked(made, folder)


@pytest.mark.promise("X01", "X02", "P06")
@pytest.mark.parametrize("person", CRAWLS)
def test_X01_X02_P06_no_script_runs_and_no_request_leaves_on_any_page_of_any_role(
    attacked: Attacked,
    listener: Listener,
    page: Page,
    person: str,
    tell: Callable[[str, int], None],
) -> None:
    asked: list[str] = []
    dialogs: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    address = attacked.house.address
    own = (address, address.replace("http", "ws", 1), "data:", "blob:")
    attacked.let_in(person, page.context)
    for name in (entry.name for entry in CRAWLS[person]):
        page.goto(f"{address}/{name}")
        settle(page)
        page.evaluate(
            "() => document.querySelectorAll('details:not([open]) summary').forEach(s => s.click())"
        )
        settle(page)
        assert page.get_by_text(f", {PEOPLE[person]}").count() == 1, name
        assert page.evaluate("() => typeof window.__xss") == "undefined", name
        assert (
            page.locator("a[href^='javascript'], iframe, form[action^='//'], object").count() == 0
        )
        pictures = page.evaluate("() => [...document.images].map(image => image.src)")
        assert [source for source in pictures if not source.startswith(own)] == []
        assert page.locator(f"a[href*='{listener.address}']").count() == 0
        assert page.locator("[data-testid=stMarkdownContainer] .katex").count() == 0
        if name in READ[person]:
            text = page.locator("[data-testid=stMain]").inner_text().replace("\u2060", "")
            assert [evil for evil in payloads(listener.address) if plain(evil) in text], name
        tell("pages crawled", 1)
    assert [url for url in asked if not url.startswith(own)] == []
    assert listener.hits == []
    assert dialogs == []
    tell("outside requests", len(listener.hits))
    # Neither did the server itself call anybody while it was looked at.
    book = attacked.folder / "book"
    assert not book.exists(), book.read_text()


@pytest.mark.promise("P07")
def test_P07_the_logs_of_that_hold_nothing_of_the_data(attacked: Attacked) -> None:
    """Runs after the crawl: customer numbers, comments, names and cookies are looked for."""
    logs = [attacked.folder / "server.log", *(attacked.folder / "logs").rglob("*.log")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in logs if path.exists())
    with (attacked.folder / "files" / "crm_accounts.csv").open(encoding="utf-8") as file:
        numbers = {row[0] for row in csv.reader(file)}
    assert len(numbers) > 100
    assert not numbers & set(re.findall(r"(?<![\d.])\d{5,7}(?!\d)", text))
    for seed in ("__xss", "script>", "onerror", "_streamlit", "Cookie", "track.png"):
        assert seed not in text
