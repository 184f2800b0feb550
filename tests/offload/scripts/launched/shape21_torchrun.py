"""`torchrun`: two processes over gloo; each answers its part, a model in DistributedDataParallel, a step of training together."""

import os
import sys

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel
from transformers import AutoModelForCausalLM

dist.init_process_group("gloo")
rank, world = dist.get_rank(), dist.get_world_size()


def say(*values):
    """Every process's values, in order, printed by the first."""
    gathered = [None] * world
    dist.all_gather_object(gathered, values)
    if rank == 0:
        print(*gathered, flush=True)


say(rank, os.environ["LOCAL_RANK"], world)
model = AutoModelForCausalLM.from_pretrained(sys.argv[1]).eval()
ids = torch.tensor([[1, 2, 3 + rank]])
say(model.generate(ids, max_new_tokens=5, do_sample=False).tolist())
torch.manual_seed(rank)
say(model.generate(ids, max_new_tokens=5, do_sample=True).tolist(), round(torch.rand(1).item(), 4))
with torch.no_grad():
    say([round(value, 3) for value in model(ids).logits[0, -1, :3].tolist()])
    wrapped = DistributedDataParallel(AutoModelForCausalLM.from_pretrained(sys.argv[1]).eval())
    say(type(wrapped).__name__, [round(value, 3) for value in wrapped(ids).logits[0, -1, :3].tolist()])
    say(wrapped.module.generate(ids, max_new_tokens=3, do_sample=False, synced_gpus=True).tolist())
trained = DistributedDataParallel(AutoModelForCausalLM.from_pretrained(sys.argv[1]).train())
optimizer = torch.optim.SGD(trained.parameters(), lr=0.1)
for _ in range(2):
    optimizer.zero_grad()
    loss = trained(ids, labels=ids).loss
    loss.backward()
    optimizer.step()
    say(round(loss.item(), 3))
say(round(sum(parameter.double().sum().item() for parameter in trained.parameters()), 3))
trained.eval()
say(trained.module.generate(ids, max_new_tokens=4, do_sample=False).tolist())
network = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.Tanh()).eval()
for parameter in network.parameters():
    torch.nn.init.constant_(parameter, 0.1 * (rank + 1))
with torch.no_grad():
    answer = DistributedDataParallel(network)(torch.ones(1, 4))  # it has the first process's weights
    dist.all_reduce(answer)
say([round(value, 3) for value in answer.flatten().tolist()])
dist.destroy_process_group()
