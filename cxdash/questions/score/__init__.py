"""What goes with low scores."""
