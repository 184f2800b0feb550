"""Loading of models, off the step loop: a Program is believed when it was verified, a checkpoint when its headers were.

One thread loads, so that structures and extents are shared without locks; it alone touches the arena's maps. The step thread owns a
model from the moment that it is handed over until its release.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import torch
from blake3 import blake3

from aweigh.engine.core import ModelSpec
from aweigh.engine.run.model import Model
from aweigh.engine.run.structure import Structure
from aweigh.kernels.base import Kernels
from aweigh.memory.arena import Arena
from aweigh.memory.checkpoint.directory import Checkpoint
from aweigh.memory.contents import Content, Contents
from aweigh.memory.copies import Copies
from aweigh.memory.expression import contents_of
from aweigh.memory.heap import HEAP
from aweigh.memory.kv import KvStore
from aweigh.memory.paging.arena import PagedArena
from aweigh.memory.paging.stored import published
from aweigh.memory.sources import Sources
from aweigh.memory.store.catalog import Store
from aweigh.memory.tiers.tiers import Tiers
from aweigh.memory.trust.trust import Trust
from aweigh.memory.weights import Weights, check, digest_of, load
from aweigh.proto.canonical import fingerprint as fingerprint_of
from aweigh.proto.convert import program_from_message
from aweigh.proto.convert_manifest import manifest_from_message
from aweigh.proto.errors import CheckpointInvalid, InvalidRequest, ModelNotFound, Overloaded, ProgramInvalid
from aweigh.proto.program import Manifest, Program
from aweigh.proto.v1 import engine_pb2

MAX_NAME = 512
MAX_CONTEXT = 1 << 30
MAX_MODELS = 4_096
MOST_TOKENIZER = 256 << 20
MOST_KNOWN = 64  # structures of some megabytes each at most


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model, what the scheduler knows of it, and where its files are. `again`: it was there already. `draft`: the name of the model that drafts for it."""

    model: Model
    spec: ModelSpec
    directory: str
    again: bool = False
    draft: str = ""

    def description(self) -> engine_pb2.ModelDescription:
        return engine_pb2.ModelDescription(
            model=self.spec.name,
            fingerprint=self.spec.fingerprint,
            weight_bytes=self.model.weights.bytes,
            limits=engine_pb2.ModelLimits(
                context_length=self.spec.context_length, vocabulary_size=self.spec.vocabulary_size
            ),
            already_loaded=self.again,
            functions=[function.name for function in self.model.structure.program.functions],
        )


@dataclass(frozen=True, slots=True)
class Missing:
    """A model that was not loaded, since contents of these digests are not here."""

    model: str
    digests: tuple[bytes, ...]

    def description(self) -> engine_pb2.ModelDescription:
        return engine_pb2.ModelDescription(model=self.model, missing=self.digests)


class Loader:
    """Structures and models of a worker. Every method runs on the loading thread."""

    def __init__(
        self,
        arena: Arena,
        store: KvStore,
        kernels: Kernels,
        device: torch.device,
        block_size: int,
        contents: Contents | None = None,
        tiers: Tiers | None = None,
        trust: Trust | None = None,
    ) -> None:
        """`tiers`: where pages of stored models come from; None: from the store."""
        self.contents = contents or Contents()
        self.tiers = tiers or Tiers()
        self._arena = arena
        self._trust = trust or Trust()
        self._copies = Copies()
        self._store = store
        self._kernels = kernels
        self._device = device
        self._block_size = block_size
        self._structures: dict[bytes, Structure] = {}
        self._known: dict[bytes, Structure] = {}  # proved and planned, without pools; the last used one is the last
        self.models: dict[str, Loaded] = {}
        self.progress: dict[
            str, tuple[int, int]
        ] = {}  # of the model that is being loaded: bytes in place, and of how many
        self._leases: dict[str, set[str]] = {}  # by name of a model that only leases loaded
        self._digests: dict[Model, frozenset[bytes]] = {}  # of contents that a model reads

    def load(self, request: engine_pb2.LoadModelRequest) -> Loaded | Missing:
        """Returns the model, loaded now or before, or what content it lacks.

        Raises:
            ProgramInvalid, CheckpointInvalid, ModelNotFound: what the request names is not what it should be.
            InvalidRequest: another model of that name is loaded, or its contents have no lease, or the draft model does not fit.
            Overloaded: there is no memory for it.
        """
        if len(request.model) > MAX_NAME or len(request.directory) > os.pathconf("/", "PC_PATH_MAX"):
            raise InvalidRequest(f"names of models have at most {MAX_NAME} characters")
        if request.limits.context_length > MAX_CONTEXT:
            raise InvalidRequest(f"the context length is at most {MAX_CONTEXT}")
        if len(self.models) >= MAX_MODELS and request.model not in self.models:
            raise Overloaded(f"{MAX_MODELS} models are loaded, which is the limit: unload some")
        program = program_from_message(request.program)
        manifest = manifest_from_message(request.manifest)
        fingerprint = fingerprint_of(program)
        if request.fingerprint and request.fingerprint != fingerprint:
            raise ProgramInvalid("the Program does not have the fingerprint that the sender claims: compile it again")
        digests = frozenset(digest for slot in manifest.slots for digest in contents_of(slot))
        if digests and not request.lease:
            raise InvalidRequest("a model that reads contents is loaded for a lease: name it")
        contents, missing = self.contents.read(digests)
        if missing:
            return Missing(request.model, tuple(missing))
        try:
            loaded = self._load(request, program, fingerprint, manifest, contents)
        except BaseException:
            self.contents.release(digests)
            raise
        if loaded.again:
            self.contents.release(digests)
        else:
            self._digests[loaded.model] = digests
        self._hold(loaded, request.lease)
        return loaded

    def ended(self, lease: str) -> list[str]:
        """Names of the models that only this lease kept, to be unloaded."""
        over = []
        for name, leases in list(self._leases.items()):
            leases.discard(lease)
            if not leases:
                over.append(name)
        return over

    def unload(self, name: str) -> None:
        """Forgets a model; `release` follows when the step thread has let go of it. Raises ModelNotFound."""
        if self.models.pop(name, None) is None:
            raise ModelNotFound(f"no model {name[:200]!r} is loaded here")
        self._leases.pop(name, None)

    def _hold(self, loaded: Loaded, lease: str) -> None:
        """A model that was ever loaded without a lease stays until it is unloaded."""
        name = loaded.spec.name
        if not lease:
            self._leases.pop(name, None)
        elif not loaded.again:
            self._leases[name] = {lease}
        elif name in self._leases:
            self._leases[name].add(lease)

    def _load(
        self,
        request: engine_pb2.LoadModelRequest,
        program: Program,
        fingerprint: bytes,
        manifest: Manifest,
        contents: dict[bytes, Content],
    ) -> Loaded:
        structure = self._structures.get(fingerprint) or self._known_structure(program, fingerprint)
        weights = self._weights(request, program, manifest, contents)
        identity = blake3(fingerprint + weights.digest).digest(16)
        name = request.model or f"{fingerprint.hex()}-{identity.hex()}"
        known = self.models.get(name)
        if known is not None:
            weights.close()
            if known.spec.identity != identity:
                raise InvalidRequest(f"another model named {name!r} is loaded: unload it, or choose another name")
            if request.draft not in ("", known.draft):
                raise InvalidRequest(f"model {name!r} is loaded without this draft model: unload it first")
            return Loaded(known.model, known.spec, known.directory, again=True, draft=known.draft)
        looked_up, claimed = structure.vocabulary, request.limits.vocabulary_size
        vocabulary = min(looked_up, claimed) if looked_up and claimed else looked_up or claimed
        try:
            if request.draft:
                self._check_draft(request, vocabulary)
            self._open(structure)
        except BaseException:
            weights.close()
            raise
        structure.models += 1
        context, hard = request.limits.context_length, structure.looks_up_positions
        spec = ModelSpec(name, fingerprint, identity, self._block_size, context, vocabulary, hard)
        self.models[name] = Loaded(
            Model(name, structure, weights, self._copies), spec, request.directory, draft=request.draft
        )
        return self.models[name]

    def _check_draft(self, request: engine_pb2.LoadModelRequest, vocabulary: int) -> None:
        """Raises ModelNotFound, InvalidRequest."""
        draft = self.models.get(request.draft)
        if draft is None:
            raise ModelNotFound(f"no draft model {request.draft[:200]!r} is loaded here: load it first")
        if not draft.model.structure.has("head") or draft.model.structure.memory_pool is not None:
            raise InvalidRequest(
                f"model {request.draft!r} says no next token: choose a causal language model as a draft"
            )
        if draft.spec.vocabulary_size != vocabulary or _tokenizer(draft.directory) != _tokenizer(request.directory):
            raise InvalidRequest(
                f"model {request.draft!r} has another tokenizer: choose a draft model that has the same"
            )

    def release(self, model: Model) -> None:
        """Gives back what a model holds, after the step thread let go of it."""
        model.weights.close()
        self.contents.release(self._digests.pop(model))
        structure = model.structure
        structure.models -= 1
        if not structure.models:
            del self._structures[structure.fingerprint]
        HEAP.trim()

    def _weights(
        self,
        request: engine_pb2.LoadModelRequest,
        program: Program,
        manifest: Manifest,
        contents: dict[bytes, Content],
    ) -> Weights:
        def tell(done: int, total: int) -> None:
            self.progress[request.model] = done, total

        checkpoint = Checkpoint(request.directory, may_lack_data=True) if request.directory else None
        sources = Sources(checkpoint, contents, files=not self._trust.required)
        digest = b""
        try:
            if checkpoint is not None and (
                isinstance(self._arena, PagedArena) or self._trust.required or not checkpoint.whole
            ):
                stored = published(checkpoint, Store(), self.tiers, self._trust)
                if stored is None and not checkpoint.whole:
                    raise CheckpointInvalid(
                        f"{request.directory} has headers and no weights, and the store does not have them either: pull the model again"
                    )
                if stored is not None:  # the same model, as whoever loaded it before it was published will find
                    digest = digest_of(check(manifest, program.slots, sources))
                    sources.close()
                    sources = Sources(stored, contents, files=not self._trust.required)
            return load(manifest, program.slots, sources, self._arena, tell, digest)
        except MemoryError as error:
            raise Overloaded(f"the engine has no memory for this model: {error}") from None
        finally:
            self.progress.pop(request.model, None)
            if not isinstance(
                self._arena, PagedArena
            ):  # else its files are read later, and closed with the last region of them
                sources.close()

    def _known_structure(self, program: Program, fingerprint: bytes) -> Structure:
        """A structure that no model has: another model of one that was here costs its bytes and nothing else."""
        known = self._known.pop(fingerprint, None) or Structure(program, fingerprint, self._kernels, self._device)
        self._known[fingerprint] = known.anew()
        if len(self._known) > MOST_KNOWN:
            del self._known[next(iter(self._known))]
        return known

    def _open(self, structure: Structure) -> None:
        if structure.fingerprint in self._structures:
            return
        structure.open_pools(self._store, self._block_size)
        self._structures[structure.fingerprint] = structure


def _tokenizer(directory: str) -> bytes:
    """The digest of a model's tokenizer; empty: it has none."""
    path = Path(directory, "tokenizer.json")
    if not directory or not path.is_file():
        return b""
    if path.stat().st_size > MOST_TOKENIZER:
        raise InvalidRequest(f"{path} has more than {MOST_TOKENIZER} bytes: a draft model cannot be compared with it")
    return blake3(path.read_bytes()).digest()
