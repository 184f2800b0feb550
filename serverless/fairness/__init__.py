"""Whose call goes to the workers next, and who is told to come back later."""
