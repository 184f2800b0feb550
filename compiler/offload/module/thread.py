"""What each thread knows of the calls that it is in."""

import threading


class _Thread(threading.local):
    """`within`: this thread is in a module's call that was decided on already, here or elsewhere."""

    within = False


THREAD = _Thread()
