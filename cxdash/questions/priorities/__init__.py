"""What comes first, what is not done, and what would it pay to find out?"""
