"""Logging of our processes: one line per event, level first, to stderr; or one JSON object per line."""

import json
import logging
import sys
import time


class TextFormatter(logging.Formatter):
    """``INFO 11-20 20:12:01 [front_door.py:88] (front-door pid=17) ...``"""

    def __init__(self, process: str) -> None:
        super().__init__(
            f"%(levelname)s %(asctime)s [%(filename)s:%(lineno)d] ({process} pid=%(process)d) %(message)s",
            "%m-%d %H:%M:%S",
        )


class JsonFormatter(logging.Formatter):
    """One object per line, with an RFC 3339 time."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self.name = process

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "process": self.name,
            "pid": record.process,
            "source": f"{record.filename}:{record.lineno}",
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry)


def configure(process: str, level: str, form: str) -> None:
    """Sends the log of this process to stderr; stdout belongs to users."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(process) if form == "json" else TextFormatter(process))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # It logs a traceback for every call that a client cancels; what handlers raise is logged where it is caught.
    logging.getLogger("grpc._cython.cygrpc").setLevel(logging.CRITICAL)
