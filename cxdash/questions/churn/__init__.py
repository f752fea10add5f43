"""Who leaves, and what goes before it."""
