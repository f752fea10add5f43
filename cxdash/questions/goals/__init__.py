"""What the company wants, how it stands, and what is done and paid for it."""
