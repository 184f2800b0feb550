"""Where an engine finds a stored model that nobody has as a checkpoint any more.

Theory. Whoever asks for a model by its stored name has no directory. Its source is the best one: an engine maps the files of weights, and
scripts that name them share what is loaded. It may be gone, changed, or in a cache of the hub that moved; then a directory of headers is made
(`headers.py`), whose one file stands for the model. It is made when somebody asks, since configuration and tokenizer are megabytes,
and thousands of models are stored that nobody asks for.
"""

import sqlite3
from pathlib import Path

from aweigh.memory.checkpoint.directory import Checkpoint
from aweigh.memory.store.catalog import Store, writing
from aweigh.memory.store.headers import directory_of, headers
from aweigh.memory.store.rows import StoredTensor
from aweigh.proto.errors import AweighError, ModelNotFound


def is_source(connection: sqlite3.Connection, name: str, directory: Path) -> bool:
    """Whether the weights in a directory are those that a model was published from."""
    try:
        checkpoint = Checkpoint(directory, may_lack_data=True)
    except AweighError:
        return False
    try:
        there = sorted(file.identity.name for file in checkpoint.files)
    finally:
        checkpoint.close()
    rows = connection.execute("SELECT identity FROM models JOIN sources ON model = id WHERE name = ?", (name,))
    return there == sorted(row[0] for row in rows)


def place(store: Store, name: str, tensors: list[StoredTensor], assets: dict[str, bytes], content: bytes) -> Path:
    """A directory of headers for a model, made if it is not there.

    Raises ModelNotFound if another model has its name by now, StoreFailed.
    """
    store.prepare()
    with headers(store, name, tensors, assets) as identities, store.catalog(f"placing {name}") as connection:
        ((identity, _),) = identities.values()
        with writing(connection):
            row = connection.execute("SELECT id FROM models WHERE name = ? AND content = ?", (name, content)).fetchone()
            if row is None:
                raise ModelNotFound(f"{name} was removed or replaced just now: ask again")
            connection.execute("INSERT OR REPLACE INTO headers (model, identity) VALUES (?, ?)", (row[0], identity))
    return directory_of(store, name)
