"""Manifests: how each weight slot of a Program is made from the tensors of a checkpoint."""
