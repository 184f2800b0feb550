"""What a store knows of the other places in which a model's pages are."""

import logging

from aweigh.memory.store.absent import remotes
from aweigh.memory.store.catalog import Store, reading
from aweigh.memory.tiers.objects import Objects
from aweigh.memory.tiers.packs import decode
from aweigh.memory.tiers.tiers import Tiers
from aweigh.proto.errors import InvalidRequest

_log = logging.getLogger(__name__)


def learn(tiers: Tiers, store: Store, name: str | None = None) -> None:
    """Adds the object stores that have pages of a model, or of any model. Raises ModelNotFound, StoreFailed."""
    with store.catalog("looking for other places") as connection, reading(connection):
        rows = remotes(connection, name)
    for url, packs in rows:
        try:
            origin = tiers.add(Objects(url))
        except InvalidRequest as error:  # what is here can be read all the same
            _log.warning("pages of %s cannot come from %s: %s", name or "models", url, error)
            continue
        assert isinstance(origin, Objects), "no other origin has a URL for a name"
        origin.learn(decode(packs))
