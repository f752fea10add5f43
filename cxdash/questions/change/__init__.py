"""Why did the score move?"""
