"""The mover: brings the bytes of extents into places, and checks them on the way."""
