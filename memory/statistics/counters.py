"""Which events the processor has whose samples carry the address of the access.

Intel: loads that took at least some cycles (`mem-loads`, PEBS); newer cores want a second event beside that one and refuse it alone, so
all retired loads (0xd0, mask 0x81) are tried then. AMD: micro-operations by count (`ibs_op`), of which loads and stores have an
address. Their numbers stand in sysfs and differ between processors; nothing is assumed. Neither was to be had where this was written:
the way is that of page faults, which is tested, with another event.
"""

from collections.abc import Iterator
from pathlib import Path

from aweigh.memory.statistics.perf_event import CPU_CYCLES, HARDWARE, Event

DEVICES = Path("/sys/bus/event_source/devices")
PEBS_PERIOD = 10_007  # loads between two samples: a prime, so that no loop keeps step with it
IBS_PERIOD = 1 << 18  # micro-operations; multiples of 16
_ALL_LOADS = 0x81D0
_COUNT_OPERATIONS = 1 << 19  # ibs_op counts operations and not cycles


def intel(devices: Path = DEVICES) -> list[Event]:
    """PEBS, the best event first. Where there is none, one that the kernel will refuse with its reason."""
    found = []
    for device in (devices / "cpu", devices / "cpu_core"):
        loads = device / "events/mem-loads"
        if loads.exists():
            kind = int((device / "type").read_text())
            config, config1 = _encoded(device, loads.read_text())
            found.append(Event(kind, config, PEBS_PERIOD, precise=2, config1=config1))
            found.append(Event(kind, _ALL_LOADS, PEBS_PERIOD, precise=2))
    return found or [Event(HARDWARE, CPU_CYCLES, PEBS_PERIOD, precise=2)]


def amd(devices: Path = DEVICES) -> list[Event]:
    """IBS. Where there is none, an event that the kernel will refuse with its reason."""
    kind = devices / "ibs_op/type"
    if not kind.exists():
        return [Event(HARDWARE, CPU_CYCLES, IBS_PERIOD, precise=2)]
    return [Event(int(kind.read_text()), _COUNT_OPERATIONS, IBS_PERIOD, kernel=True)]


def _encoded(device: Path, terms: str) -> tuple[int, int]:
    """`config` and `config1` of an event that sysfs spells as "event=0xcd,umask=0x1,ldlat=3"."""
    words = {"config": 0, "config1": 0}
    for term in terms.strip().split(","):
        name, _, value = term.partition("=")
        word, _, bits = (device / "format" / name).read_text().strip().partition(":")
        words[word] |= _spread(int(value or "1", 0), bits)
    return words["config"], words["config1"]


def _spread(value: int, bits: str) -> int:
    """Puts a value where "0-7,32-35" says, its lowest bits first."""
    spread = 0
    for first, last in _ranges(bits):
        width = last - first + 1
        spread |= (value & (1 << width) - 1) << first
        value >>= width
    return spread


def _ranges(bits: str) -> Iterator[tuple[int, int]]:
    for part in bits.split(","):
        first, _, last = part.partition("-")
        yield int(first), int(last or first)
