"""Which metrics deserve attention?"""
