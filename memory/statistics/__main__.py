"""`python -m aweigh.memory.statistics`: one JSON object per source and line: what it sees, and why it does not work here or null."""

import json

from aweigh.memory.statistics.sources import KINDS

for kind in KINDS.values():
    print(json.dumps({"source": kind.name, "what": kind.what, "why_not": kind.why_not()}))
