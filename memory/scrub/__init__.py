"""Scrubbing: what is resident is looked at again and again, so that a bit that flipped in memory is not computed with for long."""
