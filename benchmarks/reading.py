"""What reading a clean file costs, the fast way and the careful way, beside the engine's reader.

``python -m benchmarks.reading [--rows N]`` writes a survey export of N rows, reads it in each way
and prints a table. Seconds are those of a processor, so a busy machine changes them little. The
engine reads the same cells as text into a table in memory; nothing is checked there.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import duckdb

from benchmarks import files
from cxdash.intake import FileSpec
from cxdash.intake.reading.batches import batches
from cxdash.intake.reading.opening import opened
from cxdash.intake.reading.reader import READER, rows_of
from cxdash.intake.reading.staging import stage
from cxdash.intake.reading.table import open_table
from cxdash.intake.reading.work import read_job, write

ROWS: Final = 1_000_000


def engine(path: Path) -> int:
    """The engine's own reader, every cell as text."""
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE t AS SELECT * FROM read_csv(?, all_varchar = true)", [str(path)]
        )
        return int(connection.execute("SELECT count(*) FROM t").fetchall()[0][0])


def fast(path: Path) -> int:
    """Read in this process, counted twice, and written as Arrow columns."""
    with tempfile.TemporaryFile() as out:
        write(path, path.name, FileSpec(), out, lambda _: None)
        return int(rows_of(out).num_rows)


def careful(path: Path) -> int:
    """Read row by row in this process, as every file with an oddity is."""
    file = opened(path)
    return sum(batch.num_rows for batch in batches(file.description, file.rows()))


def staged(path: Path) -> int:
    """What the server has left to do once a file has been read apart: map and copy."""
    table = _READ[path]
    with duckdb.connect() as connection:
        return stage(connection, table)


_READ: Final = {}


def _timed(work: Callable[[Path], int], path: Path) -> tuple[int, float]:
    start = time.process_time()
    rows = work(path)
    return rows, time.process_time() - start


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading")
    parser.add_argument("--rows", type=int, default=ROWS)
    count = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        files.write(Path(folder), customers=1_000, answers=count, revenue=1_000)
        path = Path(folder) / "answers.csv"
        print(f"{count:,} rows, {path.stat().st_size / 1e6:,.0f} MB\n")
        print("| way | rows | CPU, s | beside the engine |\n| --- | ---: | ---: | ---: |")
        _, floor = _timed(engine, path)
        with tempfile.TemporaryFile() as out:
            apart = READER.do(read_job(path, path.name, FileSpec()), out)
        _READ[path] = open_table(path)
        for work in (engine, fast, careful, staged):
            rows, seconds = _timed(work, path)
            print(f"| {work.__name__} | {rows:,} | {seconds:.2f} | {seconds / floor:.2f} |")
        print(f"| apart | {count:,} | {apart.seconds:.2f} | {apart.seconds / floor:.2f} |")
        print(f"\nmost memory of the process apart: {apart.peak_kib / 1024:,.0f} MiB")


if __name__ == "__main__":
    main()
