"""Paging: which bytes an arena brings and drops as one, the shell around manager, mover and frames, and the arena made of them."""
