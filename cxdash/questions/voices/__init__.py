"""What customers say in their own words, and what goes with it."""
