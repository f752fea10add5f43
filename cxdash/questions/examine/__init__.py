"""Would a claim survive a sceptic's questions?"""
