"""The front door, the launcher of workers, and the command line."""
