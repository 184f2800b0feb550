"""The scheduler: a state machine from events to instructions, without I/O, device, thread or clock."""
