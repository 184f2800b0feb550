"""What a store knows of the other places in which a model's pages are."""

from aweigh.memory.store.absent import remotes
from aweigh.memory.store.catalog import Store, reading
from aweigh.memory.tiers.objects import Objects
from aweigh.memory.tiers.packs import decode
from aweigh.memory.tiers.tiers import Tiers


def learn(tiers: Tiers, store: Store, name: str | None = None) -> None:
    """Adds the object stores that have pages of a model, or of any model. Raises ModelNotFound, StoreFailed."""
    with store.catalog("looking for other places") as connection, reading(connection):
        rows = remotes(connection, name)
    for url, packs in rows:
        origin = tiers.add(Objects(url))
        assert isinstance(origin, Objects), "no other origin has a URL for a name"
        origin.learn(decode(packs))
