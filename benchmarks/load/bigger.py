"""A large export of support tickets for the demo company, drawn from one seed."""

import csv
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

__all__ = ["write"]

_SEED: Final = 4
_REASONS: Final = ("access", "billing", "delivery", "bug")


def write(like: Path, file: Path, rows: int) -> None:
    """Tickets in the layout of ``like``, of its customers, with numbers of their own."""
    draw = random.Random(_SEED)  # noqa: S311 - made-up data
    with like.open(encoding="utf-8", newline="") as source:
        reader = csv.reader(source)
        heads = next(reader)
        customers = sorted({row[1] for row in reader})
    first = datetime(2024, 1, 1, 6, 0)  # noqa: DTZ001 - the export has no zone
    with file.open("w", encoding="utf-8", newline="") as sink:
        writer = csv.writer(sink)
        writer.writerow(heads)
        for number in range(rows):
            moment = first + timedelta(seconds=draw.randrange(900 * 86_400))
            minutes = draw.expovariate(1 / 15)
            writer.writerow(
                [
                    f"L-{number:07d}",
                    draw.choice(customers),
                    moment.isoformat(" "),
                    draw.choice(("email", "phone", "chat")),
                    draw.choice(_REASONS),
                    f"{minutes:.1f}",
                    draw.choice(("Yes", "No")),
                    f"{minutes * 1.1 + 1:.2f}",
                    "West desk 1",
                    f"West desk 1 agent {draw.randrange(1, 9)}",
                ]
            )
