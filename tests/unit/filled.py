"""A company made by hand whose unhappy customers leave more often."""

import numpy as np


def fill(company, *, customers=240, gap=0.35, seed=1, segment="S", linked=True):
    """Half answer 3 and half 10, thrice; the unhappy leave more often by ``gap``."""
    rng = np.random.default_rng(seed)
    for number in range(customers):
        name = f"c{number:04}"
        company.add("customers", customer_id=name, segment=f"{segment}{number % 2}", row_key=name)
        unhappy = number % 4 < 2
        leaves = rng.random() < (0.10 + (gap if unhappy else 0))
        end = f"2025-{rng.integers(2, 13):02}-15" if leaves else None
        company.contract(name, "2023-05-01", end, amount=100 + number)
        for day in ("2024-01-10", "2024-07-10", "2025-01-10"):
            company.answers(name if linked else f"x{number}", day, 3 if unhappy else 10)
    company.pays("c0001", "2025-12-31", 1)
