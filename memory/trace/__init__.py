"""Access records as a file: asked of running engines, written as Parquet, read back for replay and for people."""
