"""What a worker is told when it starts."""

import argparse
from dataclasses import dataclass

from aweigh.engine.schedule.calls import MOST_TOKENS
from aweigh.kernels import NAMES

MIN_ARENA_BYTES = 64 << 20
DRAFT_TOKENS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """`listen`: "unix:PATH" or "HOST:PORT" with a loopback host. `kv_bytes` 0: a quarter of the memory that is available."""

    listen: str
    name: str = "engine-0"
    device: str = "cpu"
    kernels: str = "auto"
    kv_bytes: int = 0
    arena_bytes: int = 0
    host_bytes: int = 0
    policy: str = ""
    require_signature: bool = False
    trusted_keys: str = ""
    threads: int = 1
    block_size: int = 16
    token_budget: int = 512
    call_tokens: int = MOST_TOKENS
    draft_tokens: int = DRAFT_TOKENS
    drain_seconds: float = 30.0
    log_level: str = "info"
    log_format: str = "text"

    def __post_init__(self) -> None:
        if not self.listen.startswith("unix:"):
            host, _, port = self.listen.rpartition(":")
            if host not in ("127.0.0.1", "localhost", "[::1]") or not port.isdecimal():
                raise ValueError(
                    f"--listen {self.listen}: give unix:PATH or 127.0.0.1:PORT, since nobody is authenticated"
                )
        if self.kv_bytes < 0 or self.threads < 1 or self.block_size < 1 or self.token_budget < 1:
            raise ValueError("--kv-bytes, --threads, --block-size and --token-budget are positive")
        if self.arena_bytes and self.arena_bytes < MIN_ARENA_BYTES:
            raise ValueError(f"--arena-bytes is 0 or at least {MIN_ARENA_BYTES}")
        if self.host_bytes < 0 or (self.host_bytes and (self.device == "cpu" or not (self.arena_bytes or self.policy))):
            raise ValueError("--host-bytes is not negative, and goes with --device cuda and --arena-bytes or --policy")
        if self.call_tokens < 0 or self.draft_tokens < 0:
            raise ValueError("--call-tokens and --draft-tokens are not negative")
        if self.device != "cpu" and not self.device.startswith("cuda"):
            raise ValueError(f"--device {self.device}: give cpu, cuda or cuda:N")


def parse(arguments: list[str] | None = None) -> Config:
    """A Config from the command line. Exits with 2 and a sentence where that is wrong."""
    parser = argparse.ArgumentParser(prog="python -m aweigh.engine", description="A worker: one device, no model.")
    parser.add_argument("--listen", required=True, help="unix:PATH or 127.0.0.1:PORT")
    parser.add_argument("--name", default="engine-0", help="what logs call it")
    parser.add_argument("--device", default="cpu", help="cpu, cuda or cuda:N")
    parser.add_argument("--kernels", default="auto", choices=("auto", *NAMES), help="auto: what fits the device")
    parser.add_argument(
        "--kv-bytes", type=int, default=0, help="budget for keys and values; 0: a quarter of free memory"
    )
    parser.add_argument(
        "--arena-bytes",
        type=int,
        default=0,
        help="memory for weights, keys and values together, between which it moves; 0: weights are mapped files, and the page cache's affair, or on a CUDA device copies",
    )
    parser.add_argument(
        "--host-bytes",
        type=int,
        default=0,
        help="pinned host memory from which weights that left a CUDA device's arena come back; 0: the page cache alone",
    )
    parser.add_argument(
        "--policy", default="", help="a policy.toml: arena, page policy, prefetch, split; read again on SIGHUP"
    )
    parser.add_argument(
        "--require-signature", action="store_true", help="load models only that are stored and signed by a trusted key"
    )
    parser.add_argument(
        "--trusted-keys", default="", help="public keys, one a line; empty: trusted_keys in the home of Aweigh"
    )
    parser.add_argument("--threads", type=int, default=1, help="threads that one operator may use")
    parser.add_argument("--block-size", type=int, default=16, help="tokens per block of keys and values")
    parser.add_argument("--token-budget", type=int, default=512, help="tokens per step")
    parser.add_argument(
        "--call-tokens",
        type=int,
        default=MOST_TOKENS,
        help="tokens of calls of a text encoder that run as one; 0: each runs alone",
    )
    parser.add_argument(
        "--draft-tokens",
        type=int,
        default=DRAFT_TOKENS,
        help="tokens that a row tries beyond its next one where it repeats itself, at most; 0: none. No answer depends on it",
    )
    parser.add_argument("--log-level", default="info", choices=("debug", "info", "warning", "error"))
    parser.add_argument("--log-format", default="text", choices=("text", "json"), help="for people or for machines")
    parser.add_argument("--drain-seconds", type=float, default=30.0, help="how long SIGTERM waits for requests")
    given = parser.parse_args(arguments)
    try:
        return Config(**vars(given))
    except ValueError as error:
        parser.error(str(error))
