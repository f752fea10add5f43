"""What did a pilot show, and what would one have to look like to show anything?"""
