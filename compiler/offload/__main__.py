"""``python -m aweigh.compiler.offload``: the same as ``aweigh run``."""

import sys

from aweigh.compiler.offload.command import run

sys.exit(run(sys.argv[1:]))
