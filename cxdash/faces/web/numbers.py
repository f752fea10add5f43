"""Numbers as the pages print them."""
from typing import Any

__all__ = ["axis_format", "show", "show_range"]


def show(value: float, unit: str) -> str:
    if unit == "share":
        return f"{value * 100:.1f}%"
    if unit == "count":
        return f"{value:,.0f}"
    if len(unit) == 3:
        return f"${value / 1000:,.0f}k" if abs(value) < 1e6 else f"${value / 1e6:,.2f}m"
    return f"{value:,.1f}"


def show_range(low: float, high: float, unit: str) -> str:
    return f"{show(low, unit)} to {show(high, unit)}"


def axis_format(unit: str) -> dict[str, Any]:
    if unit == "share":
        return {"labelExpr": "datum.label + '%'"}
    if len(unit) == 3:
        return {"format": "~s"}
    return {"format": ",~r"}
