"""Frames of physical memory, and places: address ranges that frames are moved into and out of."""
