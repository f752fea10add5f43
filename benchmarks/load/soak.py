"""Viewers who come and go for hours: does the server's memory keep growing?"""

import asyncio
import time
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.load.server import running
from benchmarks.load.truth import PAGES, SCOPES
from benchmarks.load.viewer import Viewer

__all__ = ["run"]

SLOPE: Final = 5.0  # MiB an hour
_WARM: Final = 0.2  # share of the time after which the slope is taken
_TAKEN: Final = 10.0  # seconds between two looks at the memory


async def run(database: Path, viewers: int, minutes: float) -> int:
    """Let viewers come and go; 1 if memory grows by more than ``SLOPE`` or a page failed."""
    seconds, failed = minutes * 60, []
    moments, held = [], []
    with running(Path("app.py"), database.parent / "server.log", database) as server:
        began = time.monotonic()

        async def person(number: int) -> None:
            visit = number
            while time.monotonic() - began < seconds:
                visit += 1
                async with Viewer(server.address) as viewer:
                    for page in PAGES:
                        scope = SCOPES[visit % len(SCOPES)]
                        failed.extend((await viewer.open(page, dict(scope))).errors)
                        await asyncio.sleep(viewers / 10)

        async def look() -> None:
            while time.monotonic() - began < seconds:
                moments.append(time.monotonic() - began)
                held.append(server.rss_mib)
                await asyncio.sleep(_TAKEN)

        await asyncio.gather(look(), *(person(number) for number in range(viewers)))
    late = [at for at, moment in enumerate(moments) if moment > _WARM * seconds]
    slope = float(np.polyfit([moments[at] / 3600 for at in late], [held[at] for at in late], 1)[0])
    print(
        f"{minutes:.0f} minutes, {viewers} viewers: {held[late[0]]:.0f} MiB to {held[-1]:.0f} MiB,"
    )
    print(f"slope {slope:+.1f} MiB an hour ({SLOPE:.0f} allowed), {len(failed)} pages failed")
    return 1 if failed or slope > SLOPE else 0
