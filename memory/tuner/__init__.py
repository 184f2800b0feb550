"""`policy.toml`, and the search for a better one."""
