"""Tools that keep the house's own rules. Each is a command (``python -m house.<tool>``) and a function under test."""
