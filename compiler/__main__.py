"""`python -m aweigh.compiler IDLE_SECONDS`: the compiler's process, a child of whoever needs a Program."""

import sys

from aweigh.compiler.server import serve

serve(float(sys.argv[1]))
