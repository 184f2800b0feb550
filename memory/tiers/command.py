"""`aweigh store`, with what goes to and from other places: push, pull, and repairs."""

import json
import sys
from collections.abc import Callable
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from aweigh.memory.store import command as store_command
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.showing import showing, size
from aweigh.memory.store.sign_command import RequireSignature, TrustedKeys
from aweigh.memory.tiers.bucket import Bucket
from aweigh.memory.tiers.disk import Disk
from aweigh.memory.tiers.known import learn
from aweigh.memory.tiers.peers import Peer
from aweigh.memory.tiers.pull import pull
from aweigh.memory.tiers.push import push, records
from aweigh.memory.tiers.repair import repair
from aweigh.memory.tiers.tiers import Tiers


def store_main(arguments: list[str]) -> int:
    """Runs `aweigh store`. Returns its exit code."""
    commands: dict[str, Callable[..., None]] = {
        "push": push_command,
        "pull": pull_command,
        "ls": list_command,
        "verify": verify_command,
    }
    return store_command.store_main(arguments, commands)


def push_command(
    name: Annotated[str, typer.Argument(help="of a stored model")],
    url: Annotated[str, typer.Argument(metavar="URL", help="s3://BUCKET/PREFIX, file:///DIRECTORY, ...")],
) -> None:
    """Send a stored model to an object store; pages that are there are not sent again."""
    with showing(f"pushing {name}") as tell:
        done = push(Store(), name, url, tell)
    print(f"pushed {name}: {size(done.sent)} sent, {size(done.there)} there before; its digest is {done.digest.hex()}")


def pull_command(
    url: Annotated[str, typer.Argument(metavar="URL", help="where it was pushed to")],
    name: Annotated[str, typer.Argument(help="of the model there")],
    called: Annotated[str, typer.Option("--as", metavar="NAME", help="what to call it here; empty: as there")] = "",
    lazy: Annotated[bool, typer.Option("--lazy", help="without its pages: they come when they are used")] = False,
    digest: Annotated[str, typer.Option(metavar="HEX", help="what `push` said; empty: whatever is there")] = "",
) -> None:
    """Bring a model from an object store."""
    with showing(f"pulling {name}") as tell:
        done = pull(url, name, Store(), called=called, lazy=lazy, digest=digest, tell=tell)
    brought = "its pages come when they are used" if lazy else f"{size(done.brought)} of {size(done.total)} brought"
    print(f"pulled {done.name}: {brought}; its digest is {done.digest.hex()}")
    print(f"scripts find it in {done.directory}")


def list_command(
    url: Annotated[str, typer.Argument(metavar="URL", help="of an object store; empty: what is here")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Show the stored models, here or in an object store."""
    if not url:
        store_command.list_command(as_json)
        return
    with showing("reading records") as tell:
        found = records(Bucket(url), tell)
    rows = [
        {"name": name, "bytes": model.bytes, "tensors": len(model.tensors), "pages": len(set(model.hashes)), "order": model.used_as, "digest": model.digest.hex()}
        for name, model in found.items()
    ]  # fmt: skip
    if as_json:
        print(json.dumps(rows, indent=2))
        return
    table = Table("model", "bytes", "tensors", "order", "digest", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name, model in found.items():
        table.add_row(name, size(model.bytes), str(len(model.tensors)), model.used_as, model.digest.hex())
    Console().print(table)


def verify_command(
    name: Annotated[str | None, typer.Argument(help="of one model; none: all that is stored")] = None,
    repairs: Annotated[bool, typer.Option("--repair", help="bring damaged pages from where else they are")] = False,
    peers: Annotated[
        list[str] | None, typer.Option("--peer", metavar="ADDRESS", help="of a worker that gives pages, to repair from")
    ] = None,
    trusted_keys: TrustedKeys = None,
    require_signature: RequireSignature = False,
) -> None:
    """Hash every page again, count the catalog again, prove signatures; 1 if anything is not what was stored."""
    try:
        store_command.verify_command(name, trusted_keys, require_signature)
        return
    except typer.Exit:
        if not repairs:
            raise
    store = Store()
    tiers = Tiers([Disk(store), *map(Peer, peers or ())])
    learn(tiers, store)
    with showing("repairing") as tell:
        done = repair(store, tiers, tell)
    for said in done.left:
        print(said, file=sys.stderr)
    print(f"{done.pages} pages are repaired, {len(done.left)} are not")
    store_command.verify_command(name, trusted_keys, require_signature)
