"""What one of an outcome is worth a year: a customer kept, a contact less, money as it is."""

import pandas as pd

from cxdash.questions.pilots.reading import Sources

__all__ = ["MONTHS", "a_year"]

MONTHS = 12


def a_year(outcome: str, rows: pd.DataFrame, sources: Sources) -> float | None:
    """Money a year for one of the outcome; None where none follows.

    A customer kept is worth what customers of the pilot pay a year, before any cost of serving
    them. ``rows`` are those of :func:`cxdash.panel.pilot_units.customers_around`.
    """
    if outcome == "revenue":
        return float(MONTHS)
    if outcome == "churn":
        pay = rows["fee"] if sources.by_fee else rows["money_before"]
        return float(pay.mean()) * MONTHS if len(rows) and pay.mean() > 0 else None
    contacts, cost = float(rows["contacts_after"].sum()), float(rows["cost_after"].sum())
    return MONTHS * cost / contacts if outcome == "contacts" and contacts and cost > 0 else None
