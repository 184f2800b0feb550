"""Traces replayed through the manager and a policy, in virtual time."""
