"""What goes with low scores: a part of the answer of ``churn``."""
