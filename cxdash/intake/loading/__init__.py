"""Text and a mapping in, canonical rows and a receipt out; and back again."""
