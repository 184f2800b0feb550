"""`cuda` read as `cpu`: a machine without a device looks to a script like one with one device."""
