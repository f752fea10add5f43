"""Does it tie to finance? What is loaded beside what finance signed."""
