"""Fork after load, spawn, `copy.deepcopy`, `pickle`, `torch.save`, asyncio, two processes with one model."""

import asyncio
import concurrent.futures
import copy
import io
import multiprocessing
import os
import pickle
import sys
import tempfile

import torch
from transformers import AutoModelForCausalLM

ids = torch.tensor([[1, 2, 3, 4]])


def fresh(**options):
    return AutoModelForCausalLM.from_pretrained(sys.argv[1], **options)


def tokens(model, seed=0):
    with torch.no_grad():
        return model.generate(ids + seed, max_new_tokens=4, do_sample=False)[0, 4:].tolist()


def last(model):
    with torch.no_grad():
        return [round(value, 2) + 0.0 for value in model(ids).logits[0, -1, :3].tolist()]


if __name__ == "__main__":
    model = fresh()
    print(tokens(model), last(model))
    # fork
    sys.stdout.flush()
    read, write = os.pipe()
    if not (child := os.fork()):
        os.write(write, repr((tokens(model, 1), last(model))).encode())
        os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    print(os.read(read, 1000).decode(), tokens(model, 1))
    # pickles
    data = pickle.dumps(model)
    again = pickle.loads(data)
    print(type(again).__name__, again.config.hidden_size, tokens(again), last(again), again is model)
    print(len(copy.deepcopy(model).state_dict()), tokens(copy.deepcopy(model)))
    changed = fresh()
    changed.model.norm.variance_epsilon = 10.0
    print(last(pickle.loads(pickle.dumps(changed))), last(copy.deepcopy(changed)))
    changed = fresh()
    with torch.no_grad():
        changed.lm_head.weight.mul_(-1)
    print(last(pickle.loads(pickle.dumps(changed))), last(copy.deepcopy(changed)), last(changed))
    hooked = fresh()
    hooked.model.layers[0].mlp.forward = hooked.model.layers[1].mlp.forward
    print(last(copy.deepcopy(hooked)), last(hooked))
    half = fresh().bfloat16()
    print(pickle.loads(pickle.dumps(half)).dtype, copy.deepcopy(half).dtype)
    later = pickle.loads(pickle.dumps(fresh()))
    later.model.norm.variance_epsilon = 10.0
    print(last(later))
    later = pickle.loads(pickle.dumps(fresh()))
    with torch.no_grad():
        later.lm_head.weight.mul_(-1)
    print(last(later), last(pickle.loads(pickle.dumps(later))))
    with tempfile.TemporaryDirectory() as directory:
        saved = fresh()
        saved.save_pretrained(directory)
        for copied in (copy.deepcopy(saved), pickle.loads(pickle.dumps(saved)), copy.deepcopy(copy.deepcopy(saved))):
            with torch.no_grad():
                copied.lm_head.weight.mul_(-1)
            print(last(copied))
    trained = pickle.loads(pickle.dumps(fresh().train()))
    print(trained.training, next(trained.parameters()).requires_grad)
    # torch.save
    buffer = io.BytesIO()
    torch.save(model.state_dict(), buffer)
    buffer.seek(0)
    state = torch.load(buffer)
    print(len(state), type(state["lm_head.weight"]).__name__, round(state["lm_head.weight"].sum().item(), 2))
    print(fresh().load_state_dict(state), tokens(model))
    buffer = io.BytesIO()
    torch.save(model, buffer)
    buffer.seek(0)
    print(len(buffer.getvalue()) > 400_000)
    print(tokens(torch.load(buffer, weights_only=False)))
    with tempfile.TemporaryDirectory() as directory:
        torch.save(model.lm_head.weight, directory + "/weight.pt")
        print(torch.load(directory + "/weight.pt").shape)

    # asyncio and threads
    async def main():
        return await asyncio.gather(*(asyncio.to_thread(tokens, model, seed) for seed in range(4)))

    print(asyncio.run(main()))
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        print(list(pool.map(lambda seed: tokens(model, seed), range(6))))
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        print(pool.starmap(tokens, [(model, 0), (model, 1)]))
    print(model.share_memory() is model, tokens(model))
