"""What grows or shrinks spend."""
