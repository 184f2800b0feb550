"""`aweigh store keygen` and `aweigh store sign`, and the options of other commands that have to do with keys."""

from pathlib import Path
from typing import Annotated

import typer

from aweigh.memory.store.catalog import Store
from aweigh.memory.store.signatures import sign
from aweigh.memory.trust.private_key import PrivateKey, generate
from aweigh.memory.trust.trust import default_file

KeyFile = Annotated[Path, typer.Option("--key", metavar="KEY", help="a private key of `aweigh store keygen`")]
SignWith = Annotated[
    Path | None, typer.Option("--sign", metavar="KEY", help="sign with a private key of `aweigh store keygen`")
]
TrustedKeys = Annotated[
    Path | None,
    typer.Option(
        help="public keys to believe, one a line; none: trusted_keys in the home of Aweigh",
    ),
]
RequireSignature = Annotated[
    bool, typer.Option("--require-signature", envvar="AWEIGH_STORE__REQUIRE_SIGNATURE", help="a model that nobody believed has signed is a fault")
]  # fmt: skip


def keygen_command(
    path: Annotated[Path, typer.Argument(help="of the private key; its public half goes to PATH.pub")],
    comment: Annotated[str, typer.Option(help="whose it is; part of the public half")] = "",
) -> None:
    """Make a key that signs models."""
    public = generate(path, comment)
    print(
        f"{public.id} in {path}: keep it to yourself, and add the line of {path}.pub to {default_file()} of those who shall believe it"
    )


def sign_command(name: Annotated[str, typer.Argument(help="of a stored model")], key: KeyFile) -> None:
    """Sign a model as it is stored."""
    signature = sign(Store(), name, PrivateKey.read(key))
    print(f"signed {name} with {signature.key.id}")
