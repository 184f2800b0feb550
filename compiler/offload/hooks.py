"""Post-import hooks: what is patched, and when. Nothing is patched before the library itself has loaded, nothing is imported by us.

Classes and methods are patched in place, never names of modules: ``from transformers import AutoModelForCausalLM`` has bound those
already. torch's factory functions are the exception; our hook runs at the end of torch's own import, before anybody can bind them.
"""

import atexit
from typing import Any

from wrapt import when_imported

from aweigh.compiler.offload.settings import current

_registered = False


def register() -> None:
    """Idempotent. A hook for a module that is loaded already fires at once."""
    global _registered
    if _registered:
        return
    _registered = True
    if current().report:
        atexit.register(_report)
    when_imported("torch")(_torch)
    when_imported("safetensors.torch")(_safetensors)
    when_imported("transformers.modeling_utils")(_modeling)
    when_imported("transformers.generation.utils")(_generation)


def _torch(module: Any) -> None:
    from aweigh.compiler.offload.devices.alias import install

    install(module)
    if not current().active:
        return
    from aweigh.compiler.offload.module import hook, provenance

    hook.install(module.nn.Module)
    provenance.install_torch(module)


def _safetensors(module: Any) -> None:
    if not current().active:
        return
    from aweigh.compiler.offload.module.provenance import install_safetensors

    install_safetensors(module)


def _modeling(module: Any) -> None:
    from aweigh.compiler.offload import replicas, saving, tracing
    from aweigh.compiler.offload.loading import install

    install(module.PreTrainedModel)
    tracing.register()
    replicas.register()
    saving.install()


def _generation(module: Any) -> None:
    from aweigh.compiler.offload import encoder, generate

    generate.install(module.GenerationMixin)
    encoder.install(module.GenerationMixin)


def _report() -> None:
    from aweigh.compiler.offload.summary import SUMMARY, finish

    if not SUMMARY.models:
        finish()
