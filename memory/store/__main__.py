"""`python -m aweigh.memory.store IDLE_SECONDS`: the store's process, a child of the front door."""

import sys

from aweigh.memory.store.catalog import Store
from aweigh.memory.store.server import serve

serve(Store(), float(sys.argv[1]))
