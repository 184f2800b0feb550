"""What the store has, for people and as JSON."""

from dataclasses import dataclass

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.store.catalog import Store, reading
from aweigh.memory.store.signatures import signatures_of


@dataclass(frozen=True, slots=True)
class Listed:
    """A model. `own_bytes` are of pages that no other model has, `shared_bytes` of the rest, both with padding."""

    name: str
    source: str
    bytes: int  # of tensors
    own_bytes: int
    shared_bytes: int
    tensors: int
    used_as: str
    fingerprint: str  # of the Program, hexadecimal; empty: unknown
    published: float  # seconds since the epoch
    signers: tuple[
        str, ...
    ]  # ids of keys whose signatures the catalog has; `verify` proves that they are over what is stored


def models(store: Store) -> list[Listed]:
    """By name. Empty if there is no store. Raises StoreFailed."""
    if not store.exists:
        return []
    with store.catalog("listing the store") as connection, reading(connection):
        pages = {
            model: (own, every - own)
            for model, own, every in connection.execute(
                "WITH held AS (SELECT DISTINCT model, page FROM model_extents JOIN extent_pages USING (extent)), "
                "holders AS (SELECT page, COUNT(*) AS models FROM held GROUP BY page) "
                "SELECT model, SUM(models = 1), COUNT(*) FROM held JOIN holders USING (page) GROUP BY model"
            )
        }
        rows = connection.execute(
            "SELECT id, name, source, bytes, (SELECT COUNT(*) FROM tensors WHERE model = models.id), used_as, "
            "COALESCE(LOWER(HEX(fingerprint)), ''), published, content FROM models ORDER BY name"
        ).fetchall()
        signatures = {row[-1]: signatures_of(connection, row[-1]) for row in rows}
    found = []
    for model, name, source, count, tensors, used_as, fingerprint, published, content in rows:
        own, shared = pages.get(model, (0, 0))
        signers = tuple(signature.key.id for signature in signatures[content] if signature.is_of(content))
        found.append(
            Listed(
                name,
                source,
                count,
                own * PAGE_BYTES,
                shared * PAGE_BYTES,
                tensors,
                used_as,
                fingerprint,
                published,
                signers,
            )
        )
    return found
