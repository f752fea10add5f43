"""How long the heavy work takes, beside something everyone can repeat. Run: make bench."""
