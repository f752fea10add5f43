"""Whom we do not hear."""
