"""The one page that opens a meeting."""
