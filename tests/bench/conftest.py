"""Make `bench` importable, as it is for `python -m bench.NAME` in the repository's root."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))
