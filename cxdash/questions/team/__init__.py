"""How do employees and customers go together? Units of employees beside those they serve."""
