"""What are we doing, for whom, and does it save what it is said to save?"""
