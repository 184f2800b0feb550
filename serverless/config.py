"""The configuration of a cluster on one machine: `cluster.toml`, environment, flags.

Precedence: flag > environment (AWEIGH_SECTION__KEY) > file > default. An unknown key is an error that names the nearest one.
`aweigh up --print-config` prints all of it, commented, with where each value came from.
"""

import difflib
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from aweigh.proto.errors import InvalidRequest
from aweigh.proto.rendezvous import is_local

_SECTION = ConfigDict(extra="forbid", frozen=True)


class FrontDoorConfig(BaseModel):
    """Where scripts call."""

    model_config = _SECTION
    listen: str = Field(
        default="", description='"unix:PATH" or "127.0.0.1:PORT"; empty: a Unix socket in the runtime directory'
    )
    max_leases: int = Field(default=4096, ge=1, description="clients at once")
    max_requests: int = Field(default=4096, ge=1, description="`generate` calls at once, also those that wait")
    max_running: int = Field(
        default=256,
        ge=1,
        description="`generate` calls that the workers have at once; those behind them wait here, and next is whose tenant has had the fewest tokens",
    )
    max_wait: float = Field(
        default=120.0,
        gt=0,
        description="seconds; a call that would wait for longer is refused as it comes, with the time to try again",
    )

    @field_validator("listen")
    @classmethod
    def _loopback(cls, value: str) -> str:
        if value and not is_local(value):
            raise ValueError("calls are not authenticated yet: listen on a Unix socket or on a loopback address")
        return value


class HttpConfig(BaseModel):
    """Where clients of OpenAI's interface call."""

    model_config = _SECTION
    listen: str = Field(
        default="127.0.0.1:8000",
        pattern=r"^$|^(\[[0-9a-fA-F:]+\]|[^:\s]+):\d{1,5}$",
        description='"HOST:PORT", port 0 for any that is free; empty: no HTTP; others than this machine reach it only with keys (`aweigh key create`)',
    )
    certificate: str = Field(default="", description="a PEM file of certificates, for TLS; empty: plain HTTP")
    certificate_key: str = Field(
        default="", description="a PEM file of its key; empty: it is in the certificate's file"
    )


class WorkersConfig(BaseModel):
    """The engines: each owns one device and no model."""

    model_config = _SECTION
    count: int = Field(default=1, ge=1, le=64, description="worker processes")
    device: str = Field(
        default="cpu",
        pattern=r"^(cpu|cuda(:\d+)?)$",
        description='"cpu", "cuda" or "cuda:N"; with "cuda" worker i takes card i',
    )
    kernels: Literal["auto", "cpu", "reference", "triton"] = Field(
        default="auto",
        description='"cpu": native code through MLIR; "triton": GPUs; "reference": plain torch; "auto": what fits the device',
    )
    threads: int = Field(
        default=0,
        ge=0,
        le=1024,
        description="compute threads of a worker; 0: OMP_NUM_THREADS or the cores of this machine, / count",
    )
    call_tokens: int = Field(
        default=4096,
        ge=0,
        description="tokens of waiting calls of a text encoder that a worker runs as one; 0: it runs them one by one",
    )
    draft_tokens: int = Field(
        default=8,
        ge=0,
        le=64,
        description="tokens that a row tries beyond its next one, at most, where its text repeats itself; no answer depends on it; 0: none; on CPUs only",
    )
    kv_bytes: int = Field(
        default=0, ge=0, description="memory for keys and values of a worker; 0: a share of what is free"
    )
    arena_bytes: int = Field(
        default=0,
        ge=0,
        description="memory of a worker's device for weights, keys and values together, between which it moves; 0: weights are mapped files, "
        "on a GPU copies, and keys and values have kv_bytes",
    )
    host_bytes: int = Field(
        default=0,
        ge=0,
        description="pinned host memory of a worker on a GPU with an arena, from which weights that left it come back; 0: the page cache alone",
    )
    policy: str = Field(
        default="",
        description="a policy.toml of `aweigh tune` for the workers' arenas, with an absolute path; empty: arena_bytes alone",
    )
    start_timeout: float = Field(default=120.0, gt=0, le=3600, description="seconds until a worker must be ready")
    drain_timeout: float = Field(
        default=30.0, ge=0, le=3600, description="seconds that running calls get on `aweigh down`, which waits as long"
    )


class StoreConfig(BaseModel):
    """Weights in the store, and whose of them the workers believe."""

    model_config = _SECTION
    require_signature: bool = Field(
        default=False, description="workers load models only that are in the store and signed by a trusted key"
    )
    trusted_keys: str = Field(
        default="",
        description="a file of public keys, one a line, read anew for each model; empty: trusted_keys in the home of Aweigh",
    )


class LogConfig(BaseModel):
    """One line per event, on stderr."""

    model_config = _SECTION
    level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="lowest level shown")
    format: Literal["text", "json"] = Field(default="text", description="for people or for machines")


class ClusterConfig(BaseSettings):
    """All of it."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, env_prefix="AWEIGH_", env_nested_delimiter="__")
    front_door: FrontDoorConfig = FrontDoorConfig()
    http: HttpConfig = HttpConfig()
    workers: WorkersConfig = WorkersConfig()
    store: StoreConfig = StoreConfig()
    log: LogConfig = LogConfig()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (_Flags(settings_cls), env_settings, init_settings)


class _Flags(PydanticBaseSettingsSource):
    """Values given on the command line, above the environment; set by `load` for the time of one call."""

    values: dict[str, Any] = {}  # noqa: RUF012

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        return self.values.get(field_name), field_name, True

    def __call__(self) -> dict[str, Any]:
        return self.values


def load(file: Path | None, flags: dict[str, dict[str, Any]] | None = None) -> ClusterConfig:
    """The configuration from `file` (none: defaults), environment and flags by section.

    Raises InvalidRequest with one sentence per mistake, each naming file, line and the nearest known key.
    """
    data: dict[str, Any] = {}
    text = ""
    if file is not None:
        try:
            text = file.read_text(encoding="utf-8")
            data = tomllib.loads(text)
        except OSError as error:
            raise InvalidRequest(f"{file} cannot be read: {error.strerror}") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InvalidRequest(f"{file} is not TOML: {error}") from None
    _Flags.values = flags or {}
    try:
        return ClusterConfig(**data)
    except ValidationError as error:
        raise InvalidRequest("; ".join(_sentence(item, file, text) for item in error.errors())) from None
    finally:
        _Flags.values = {}


def _sentence(item: Any, file: Path | None, text: str) -> str:
    path = [str(part) for part in item["loc"]]
    line = next((n for n, row in enumerate(text.splitlines(), 1) if row.strip().strip("[]").startswith(path[-1])), None)
    where = f"{file}:{line}" if file and line else "configuration"
    if item["type"] != "extra_forbidden":
        return f"{where}: {'.'.join(path)}: {item['msg']}"
    section: Any = ClusterConfig
    for part in path[:-1]:
        section = section.model_fields[part].annotation
    known = list(section.model_fields)
    near = difflib.get_close_matches(path[-1], known, 1)
    hint = f"did you mean {near[0]!r}?" if near else f"known keys are {', '.join(known)}"
    return f"{where}: unknown key {'.'.join(path)!r}: {hint}"
