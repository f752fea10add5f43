"""What a file is, and its rows as text: nothing is understood here yet."""
