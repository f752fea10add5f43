"""A day of many viewers: before, during and after an import, and on a bare page of Streamlit."""

import asyncio
import os
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.load import importing
from benchmarks.load.crowd import BETWEEN, Crowd, Look
from benchmarks.load.server import Server, running
from benchmarks.load.truth import PAGES, SCOPES
from benchmarks.load.viewer import Viewer

__all__ = ["Phase", "bare", "day"]

BARE: Final = Path(__file__).with_name("bare.py")
_SETTLE: Final = 3.0  # seconds with everybody looking and nobody clicking


@dataclass(frozen=True, slots=True)
class Phase:
    """What viewers met in one part of the day; times in seconds, memory in MiB.

    ``cpu_ms`` is what the server computed for one page, everything it did in the time included.
    ``load`` is how many programs of the machine wanted a core at the end, ours included.
    """

    name: str
    pages: int
    problems: tuple[str, ...]
    p50: float
    p95: float
    p99: float
    longest: float
    cpu_ms: float
    rss_mib: float
    load: float

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def day(
    database: Path, tickets: Path, told: Sequence[Mapping[str, str]], viewers: int, seconds: float
) -> tuple[list[Phase], dict[str, float]]:
    """The whole day on our app. ``told``: the figures before the import, and after it."""
    log = database.parent / "server.log"
    with running(Path("app.py"), log, database) as server:
        return asyncio.run(_day(server, tickets, told, viewers, seconds))


def bare(folder: Path, viewers: int, seconds: float) -> Phase:
    """As many viewers who click as often on a page that says one word."""

    async def person(server: Server, number: int, ends: float) -> list[float]:
        draw = random.Random(number)  # noqa: S311 - which page comes next is no secret
        took = []
        async with Viewer(server.address) as viewer:
            await viewer.open("")
            while time.monotonic() < ends:
                await asyncio.sleep(draw.uniform(0.5, 1.5) * BETWEEN)
                took.append((await viewer.open(draw.choice(("", "two")))).seconds)
        return took

    async def all_of_them(server: Server) -> list[float]:
        ends = time.monotonic() + seconds
        found = await asyncio.gather(*(person(server, one, ends) for one in range(viewers)))
        return [took for one in found for took in one]

    with running(BARE, folder / "bare.log") as server:
        began = server.cpu_seconds
        took = asyncio.run(all_of_them(server))
        looks = [Look(0, "page", "", 0.0, one, 0, "") for one in took]
        return _phase("bare page of Streamlit", looks, server, began)


async def _day(
    server: Server,
    tickets: Path,
    told: Sequence[Mapping[str, str]],
    viewers: int,
    seconds: float,
) -> tuple[list[Phase], dict[str, float]]:
    await _asked_once(server, told[0])
    figures = {"rss_before": server.rss_mib}
    phases = []
    began = server.cpu_seconds
    calm = Crowd(server.address, told[:1])
    await calm.watch(viewers, seconds)
    first = [look for look in calm.looks if look.kind == "first"]
    phases.append(_phase("first page, everybody at once", first, server, server.cpu_seconds))
    phases.append(_phase("nothing else happens", _clicks(calm), server, began))
    figures["rss_idle"] = await _held_by_idle(server, viewers)
    figures["rss_settled"] = server.rss_mib
    began = server.cpu_seconds
    busy = Crowd(server.address, told)
    async with Viewer(server.address) as bringer:
        await importing.upload(bringer, tickets)
        watching = asyncio.create_task(busy.watch(viewers, seconds * 2))
        await asyncio.sleep(BETWEEN)
        pressed = time.monotonic()
        figures["import_seconds"] = await importing.pressed(bringer)
        ended = time.monotonic() - busy.began
        await watching
    start = pressed - busy.began
    during = [look for look in _clicks(busy) if start <= look.at <= ended]
    afterwards = [look for look in _clicks(busy) if look.at > ended]
    phases.append(_phase("asked while an import runs", during, server, began, of=_clicks(busy)))
    phases.append(_phase("just after it, all anew", afterwards, server, began, of=_clicks(busy)))
    figures["rss_after"] = server.rss_mib
    return phases, figures


async def _asked_once(server: Server, told: Mapping[str, str]) -> None:
    """One viewer sees every page and scope, so that each is worked out before the crowd comes."""
    crowd = Crowd(server.address, [told])
    async with Viewer(server.address) as viewer:
        for scope in SCOPES:
            for page in PAGES:
                problem = crowd.wrong(await viewer.open(page, dict(scope)), scope)
                if problem:
                    raise RuntimeError(problem)


async def _held_by_idle(server: Server, viewers: int) -> float:
    """MiB that so many open tabs hold while nobody clicks, a tab."""
    before = server.rss_mib
    people = [Viewer(server.address) for _ in range(viewers)]
    for one in people:
        await one.connect()
        await one.open("worth")
    await asyncio.sleep(_SETTLE)
    held = server.rss_mib - before
    for one in people:
        await one.leave()
    return held / viewers


def _clicks(crowd: Crowd) -> list[Look]:
    return [look for look in crowd.looks if look.kind != "first"]


def _phase(
    name: str, looks: Sequence[Look], server: Server, cpu: float, of: Sequence[Look] | None = None
) -> Phase:
    took = sorted(look.seconds for look in looks) or [0.0]

    def at(share: float) -> float:
        return took[min(len(took) - 1, int(share * len(took)))]

    return Phase(
        name=name,
        pages=len(looks),
        problems=tuple(look.problem for look in looks if look.problem),
        p50=at(0.5),
        p95=at(0.95),
        p99=at(0.99),
        longest=took[-1],
        cpu_ms=1_000 * (server.cpu_seconds - cpu) / max(1, len(of or looks)),
        rss_mib=server.rss_mib,
        load=os.getloadavg()[0],
    )
