"""A forked child waits for no thread that it has not."""

import os
import threading

from aweigh.compiler.locks import lock


def test_a_child_takes_a_lock_that_a_thread_of_its_parent_holds() -> None:
    held, done, ours = threading.Event(), threading.Event(), lock()

    def hold() -> None:
        with ours:
            held.set()
            done.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    if not (child := os.fork()):
        os._exit(0 if ours.acquire(blocking=False) else 1)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert not ours.acquire(blocking=False)
    done.set()
    thread.join()
    assert code == 0
