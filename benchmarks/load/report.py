"""The figures of many viewers as a table and as a part of docs/performance.md."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from benchmarks.load.measured import Phase
from benchmarks.load.truth import PAGES, SCOPES

__all__ = ["PAGE_S", "problems", "section", "table"]

PAGE_S: Final = 2.0  # p95 allowed for a page, on two cores nobody else uses
MEMORY_MIB: Final = 1_024


def table(phases: Sequence[Phase], bare: Phase) -> str:
    """One line a part of the day."""
    lines = [
        (
            "| part of the day | pages | wrong or failed | p50, s | p95, s | p99, s | longest, s | "
            "p95 / bare | CPU a page, ms | memory, MiB | load |"
        ),
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for phase in (*phases, bare):
        cells = (
            phase.name,
            f"{phase.pages:,}",
            str(len(phase.problems)),
            *(f"{took:.2f}" for took in (phase.p50, phase.p95, phase.p99, phase.longest)),
            f"{phase.p95 / bare.p95:.1f}" if bare.p95 else "",
            f"{phase.cpu_ms:.0f}" if phase.cpu_ms else "",
            f"{phase.rss_mib:,.0f}",
            f"{phase.load:.1f}",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def problems(phases: Sequence[Phase]) -> Iterator[str]:
    """What went wrong, or took longer or more memory than it may."""
    for phase in phases:
        yield from (f"{phase.name}: {problem}" for problem in phase.problems[:5])
        if phase.rss_mib > MEMORY_MIB:
            yield f"{phase.name}: {phase.rss_mib:,.0f} MiB held, {MEMORY_MIB:,} allowed"
    warm = next(phase for phase in phases if phase.name == "nothing else happens")
    if warm.p95 > PAGE_S:
        yield f"{warm.name}: p95 {warm.p95:.1f} s, {PAGE_S:.0f} allowed"


def section(
    phases: Sequence[Phase],
    bare: Phase,
    figures: Mapping[str, float],
    *,
    viewers: int,
    rows: int,
    machine: str,
    today: str,
) -> str:
    """The part of docs/performance.md on many viewers."""
    return f"""# How many people can look at once

Written by `make load` on {today}; repeat it on your own machine. {machine}.
{viewers} viewers with real websockets on the demo company, each clicking every 5 seconds on
average: three of five clicks follow the menu, the others change the scope. In the second half an
export of {rows:,} tickets is uploaded and loaded by one more person in the same server.

{table(phases, bare)}

- Wrong or failed: every headline and every value a viewer was shown was compared, letter by letter,
  with what `python -m cxdash answer` prints for that viewer's scope on a copy of the database,
  before the import or after it. A figure of another viewer, another scope or half an import counts
  as wrong.
- From the request to the end of the page, measured at the viewer. The p95 allowed while nothing
  else happens is {PAGE_S:.0f} s; "bare" is a page of Streamlit that says one word, with as many
  viewers in the same run, so that the ratio depends less on the machine.
- Loading took {figures["import_seconds"]:.0f} s beside the viewers. After it every answer is new:
  the first who asks for a page and a scope waits until it is worked out, the others with them. Who
  asked shortly before its end waits as well, so the longest waits of both last parts of the day are
  those for {len(PAGES) * len(SCOPES)} answers worked out anew at once.
- Memory of the server: {figures["rss_before"]:,.0f} MiB when every answer had been asked for once,
  {figures["rss_after"]:,.0f} MiB at the end; an open tab that nobody clicks holds
  {max(0.0, figures["rss_idle"]):.2f} MiB.
- Load is how many programs wanted a core, the viewers' own included; this machine has two.
"""
