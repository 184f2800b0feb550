"""Measurements. Each module is one of them: `python -m bench.decode`; what it found stands in `bench/results`."""
