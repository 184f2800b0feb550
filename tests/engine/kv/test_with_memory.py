"""The scheduler over the memory room's real pools: two structures of different block sizes share a small store."""

import random

import pytest
from tests.engine.schedule.fakes import World, expected, group, prompt_of, spec

from aweigh.engine.schedule.events import ModelLoaded, ModelUnloaded
from aweigh.engine.schedule.limits import Limits
from aweigh.memory.host_arena import HostArena
from aweigh.memory.kv import KvLayout, KvPool, KvStore
from aweigh.proto.dtypes import DType
from aweigh.proto.errors import PromptTooLong
from aweigh.proto.program import KeyValueState


def layout(layers: int, width: int) -> KvLayout:
    return KvLayout(tuple(KeyValueState(1, width, width, DType.FLOAT32) for _ in range(layers)), 4)


@pytest.mark.parametrize("seed", range(6))
def test_two_structures_share_a_small_store(seed: int) -> None:
    generator = random.Random(seed)
    world = World(limits=Limits(token_budget=16))
    store = KvStore(HostArena(), 1 << 18)
    pools = [KvPool(store, layout(2, 16)), KvPool(store, layout(3, 40))]
    models = [spec(str(index), bytes([65 + index]), bytes([97 + index])) for index in range(2)]
    for model, pool in zip(models, pools, strict=True):
        world.tell(ModelLoaded(model, [pool]))
    asked = {}
    for request in range(1, 120):
        model, prompt = models[generator.randrange(2)], prompt_of(generator, generator.randrange(1, 90))
        count = generator.randrange(1, 20)
        asked[request] = model, prompt, count
        world.submit(group(request, model, [prompt], count))
    world.run()
    assert not world.failed and world.scheduler.counters().preemptions > 0
    for request, (model, prompt, count) in asked.items():
        assert world.tokens[request] == {0: expected(prompt, count, model)}
    world.submit(group(500, models[1], [prompt_of(generator, 4000)], 1))
    assert isinstance(world.failed[500], PromptTooLong)
    for model, pool in zip(models, pools, strict=True):
        world.tell(ModelUnloaded(model.name))
        pool.close()
    assert store.take(pools[0], store.slabs) == range(store.slabs), "all is free"
