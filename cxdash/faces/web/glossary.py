"""Looks up what a figure means, by exact variant or by metric."""

from cxdash.facts.definitions import Definition, definitions

__all__ = ["meaning"]


def meaning(name: str) -> Definition | None:
    """The definition of that variant, else the first variant of that metric, else None."""
    catalogue = definitions()
    if name in catalogue:
        return catalogue[name]
    return next((entry for entry in catalogue.values() if entry.id == name), None)
