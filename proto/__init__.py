"""The wire: messages, the dataclasses that mirror them, the meaning of every Program op, the error family."""
