"""`aweigh publish` and `aweigh store`: the store from a terminal."""

import dataclasses
import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from aweigh.memory.store.catalog import Store
from aweigh.memory.store.collect import collect, remove_model
from aweigh.memory.store.export import SHARD_BYTES, export
from aweigh.memory.store.headers import directory_of
from aweigh.memory.store.hub import downloaded, is_hub_name
from aweigh.memory.store.listing import models
from aweigh.memory.store.publish import publish
from aweigh.memory.store.quantization import Quantization
from aweigh.memory.store.showing import showing, size
from aweigh.memory.store.sign_command import RequireSignature, SignWith, TrustedKeys, keygen_command, sign_command
from aweigh.memory.store.verify import verify
from aweigh.memory.trust.private_key import PrivateKey
from aweigh.memory.trust.trust import Trust, default_file
from aweigh.proto.errors import AweighError, InvalidRequest, ModelNotFound, Untrusted

_USAGE = 2


def publish_main(arguments: list[str]) -> int:
    """Runs `aweigh publish`. Returns its exit code."""
    application = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    application.command()(publish_command)
    return _run(application, "aweigh publish", arguments)


def store_main(arguments: list[str], more: Mapping[str, Callable[..., None]]) -> int:
    """Runs `aweigh store` with more commands, or others in the place of ours. Returns its exit code."""
    application = typer.Typer(
        add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help="Look after stored weights."
    )
    commands: dict[str, Callable[..., None]] = {
        "ls": list_command,
        "verify": verify_command,
        "keygen": keygen_command,
        "sign": sign_command,
        "rm": remove_command,
        "gc": collect_command,
        "export": export_command,
    }
    for name, command in {**commands, **more}.items():
        application.command(name)(command)
    return _run(application, "aweigh store", arguments)


def publish_command(
    model: Annotated[str, typer.Argument(help="a directory with safetensors, or ORGANISATION/MODEL of the hub")],
    name: Annotated[str, typer.Option("--as", metavar="NAME", help="what to call it; empty: as its directory")] = "",
    order: Annotated[
        Literal["auto", "names"],
        typer.Option(help="of tensors: as the Program uses them where the compiler knows, or by their names"),
    ] = "auto",
    sign: SignWith = None,
    quantize: Annotated[
        Literal["int4", "int8", "fp8", "as-is"] | None,
        typer.Option(
            help="store the matrices of linear layers in so many bits; as-is: as another tool has quantised them "
            "(FP8, compressed-tensors, GPTQ, AWQ)"
        ),
    ] = None,
    group: Annotated[
        int | None, typer.Option(min=0, help="columns that share a scale, a multiple of 8; 0: all of an output's")
    ] = None,
    quantize_head: Annotated[bool, typer.Option(help="the last product, which gives the logits, too")] = False,
) -> None:
    """Store the weights of MODEL as pages."""
    if quantize is not None and not name:
        raise InvalidRequest("a quantised model is another one: say with --as what to call it")
    key = None if sign is None else PrivateKey.read(sign)
    directory, chosen, source = _directory(model)
    with showing(f"publishing {name or chosen}") as tell:
        done = publish(
            directory,
            name or chosen,
            Store(),
            source_name=source,
            replaces=bool(name),
            program=order == "auto",
            key=key,
            quantization=None if quantize is None else Quantization(quantize, group, quantize_head),
            tell=tell,
        )
    if done.reason and order == "auto":
        print(f"aweigh: tensors are in the order of their names: {done.reason}", file=sys.stderr)
    kind = "as the Program uses them" if done.used_as == "program" else "by names"
    print(
        f"published {done.name}: {size(done.bytes)} of tensors, {kind}; "
        f"{size(done.read_bytes)} read, {size(done.new_bytes)} new, {size(done.shared_bytes)} shared"
    )
    if quantize is not None:
        print(f"scripts find it in {directory_of(Store(), name)}")


def list_command(as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False) -> None:
    """Show the stored models."""
    found = models(Store())
    if as_json:
        print(json.dumps([dataclasses.asdict(model) for model in found], indent=2))
        return
    table = Table(
        "model",
        "bytes",
        "own",
        "shared",
        "tensors",
        "order",
        "published",
        "signed by",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    owners = _owners()
    for model in found:
        signers = ", ".join(owners.get(signer, signer) for signer in model.signers)
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(model.published))
        sizes = (size(count) for count in (model.bytes, model.own_bytes, model.shared_bytes))
        table.add_row(model.name, *sizes, str(model.tensors), model.used_as, when, signers)
    Console().print(table)


def verify_command(
    name: Annotated[str | None, typer.Argument(help="of one model; none: all that is stored")] = None,
    trusted_keys: TrustedKeys = None,
    require_signature: RequireSignature = False,
) -> None:
    """Hash every page again, count the catalog again, prove signatures; 1 if anything is not what was stored."""
    with showing("verifying") as tell:
        done = verify(Store(), name, tell, Trust(require_signature, trusted_keys or default_file()))
    for damage in done.damages:
        owner = f"{damage.model}: {damage.tensor or 'padding'}" if damage.model else "no model"
        where = f"page {damage.page.hex()[:16]} in slot {damage.slot} of {damage.segment}"
        print(f"{owner}: {where} {damage.what}")
    for fault in done.faults:
        print(f"catalog: {fault}")
    for model, owner in done.signers.items():
        print(f"{model} is signed by {owner}")
    pages = f"{done.pages} pages"
    if done.absent:
        print(f"{done.absent} pages come from elsewhere when they are used")
    if done.good:
        print(f"{pages} are what was stored")
        return
    bad = len({damage.page for damage in done.damages})
    print(f"{bad} of {pages} are damaged, {len(done.faults)} fault(s) in the catalog")
    if bad:
        print("publish these models again, or repair: damaged pages are written anew")
    raise typer.Exit(1)


def remove_command(name: Annotated[str, typer.Argument(help="of a stored model")]) -> None:
    """Forget a model; `gc` gives its space back."""
    remove_model(Store(), name)
    print(f"removed {name}: `aweigh store gc` gives its space back")


def collect_command() -> None:
    """Give the space back of pages that no model has, and of publishes that were killed."""
    done = collect(Store())
    print(
        f"{size(done.bytes)} given back: {done.pages} pages, {done.segments} segments, {done.leftovers} unfinished publishes"
    )
    if done.segments_held:
        print(f"{done.segments_held} segments are in use: do it again when nobody reads them")
    if done.publishes_running:
        print(f"{done.publishes_running} publishes are running")


def export_command(
    name: Annotated[str, typer.Argument(help="of a stored model")],
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="is made")],
    shard_bytes: Annotated[int, typer.Option(min=1, help="of tensors in a file, at most")] = SHARD_BYTES,
) -> None:
    """Write a model as safetensors again, with the small files that it had."""
    with showing(f"exporting {name}") as tell:
        export(Store(), name, directory, shard_bytes, tell)
    print(f"exported {name} to {directory}")


def _directory(model: str) -> tuple[Path, str, str]:
    """Where the checkpoint is, what to call it, and where it is from."""
    path = Path(os.path.abspath(Path(model).expanduser()))
    if path.is_dir():
        directory = path.resolve()
        return directory, path.name, str(directory)
    if path.exists() or not is_hub_name(model):
        raise ModelNotFound(f"there is no directory {model!r}, and it is no ORGANISATION/MODEL of the hub either")
    return downloaded(model), model, model


def _owners() -> dict[str, str]:
    """What people call the keys that are trusted here, by id."""
    try:
        return {key.id: key.owner for key in Trust().keys().values()}
    except Untrusted:
        return {}


def _run(application: typer.Typer, name: str, arguments: list[str]) -> int:
    try:
        application(arguments, prog_name=name)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    except AweighError as error:
        print(f"aweigh: {error}", file=sys.stderr)
        return _USAGE if isinstance(error, InvalidRequest) else 1
    return 0
