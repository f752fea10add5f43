"""The business case: what a plan returns, how sure that is, and what earlier ones came to."""
