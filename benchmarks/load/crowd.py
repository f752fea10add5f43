"""Many viewers at once: each opens the app, then follows pages and changes the scope.

Every viewer draws its own way from a seed, so a second run clicks the same. Whatever a page shows
is compared with what the command line says of that viewer's own scope, before the import or after
it: a figure of somebody else's scope, or of half an import, is a wrong figure.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from benchmarks.load import truth
from benchmarks.load.truth import PAGES, SCOPES, USUAL, Scope, name_of
from benchmarks.load.viewer import Drawn, Viewer

__all__ = ["Crowd", "Look"]

BETWEEN: Final = 5.0  # seconds a person looks at a page, on average
_BY_MENU: Final = 0.6  # share of clicks that follow the menu; the others change the scope


@dataclass(frozen=True, slots=True)
class Look:
    """One page drawn for one viewer; ``at`` is seconds since the crowd began."""

    viewer: int
    kind: str
    page: str
    at: float
    seconds: float
    bytes: int
    problem: str


@dataclass(slots=True)
class Crowd:
    """What all viewers saw. ``states`` are the allowed states of the data, oldest first."""

    address: str
    states: list[Mapping[str, str]]
    looks: list[Look] = field(default_factory=list)
    pages: Sequence[str] = PAGES
    scopes: Sequence[Scope] = SCOPES
    began: float = field(default_factory=time.monotonic)

    async def watch(self, viewers: int, seconds: float, between: float = BETWEEN) -> None:
        """Let so many people look for so long."""
        self.began = time.monotonic()
        await asyncio.gather(*(self._person(number, seconds, between) for number in range(viewers)))

    async def _person(self, number: int, seconds: float, between: float) -> None:
        draw = random.Random(number)  # noqa: S311 - which page comes next is no secret
        scope = self.scopes[number % len(self.scopes)]
        async with Viewer(self.address) as viewer:
            await self._look(
                number, "first", scope, partial(viewer.open, self.pages[0], dict(scope))
            )
            while time.monotonic() - self.began < seconds:
                await asyncio.sleep(draw.uniform(0.5, 1.5) * between)
                if draw.random() < _BY_MENU:
                    page = draw.choice(self.pages)
                    await self._look(number, "page", scope, partial(viewer.open, page))
                else:
                    scope = draw.choice(self.scopes)
                    wanted = {name: dict(scope).get(name, usual) for name, usual in USUAL.items()}
                    await self._look(number, "scope", scope, partial(viewer.choose, wanted))

    async def _look(
        self, number: int, kind: str, scope: Scope, do: Callable[[], Awaitable[Drawn]]
    ) -> None:
        began = time.monotonic()
        drawn = await do()
        problem = "; ".join(drawn.errors) or self.wrong(drawn, scope)
        self.looks.append(
            Look(
                number,
                kind,
                drawn.page or "brief",
                began - self.began,
                drawn.seconds,
                drawn.bytes,
                problem,
            )
        )

    def wrong(self, drawn: Drawn, scope: Scope) -> str:
        """The first figure that none of the allowed states has; empty if all are right."""
        name = name_of(drawn.page, scope)
        found = [truth.differs(drawn, told[name]) for told in self.states]
        return "" if "" in found else f"wrong figure, {dict(scope)}: {found[-1]}"
