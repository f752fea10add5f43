"""Who decides, what they said, and whether anything presses."""
