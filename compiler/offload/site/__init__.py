"""The folder that `aweigh run` puts on PYTHONPATH; its `sitecustomize` is found by every interpreter below."""
