"""Speculation: what may come next, how often that was right, and what trying it costs. Pure.

Which tokens come is decided by the model and the sampler alone (`sampling/verify.py`): a wrong guess costs time and changes no answer.
"""
