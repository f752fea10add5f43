"""What was delivered, by whom, and what it cost."""
