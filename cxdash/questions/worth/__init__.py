"""What the customers' voice is worth."""
