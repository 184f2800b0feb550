"""`accelerate launch`: a prompt per process, answers gathered, a prepared model, a broadcast; the first process prints."""

import sys

import torch
from accelerate import Accelerator
from accelerate.utils import broadcast, gather_object, set_seed
from transformers import AutoModelForCausalLM, AutoTokenizer

accelerator = Accelerator(cpu=True)
set_seed(5)
tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
model = AutoModelForCausalLM.from_pretrained(sys.argv[1]).eval()
prompts = ["one", "two", "three is longer", "four"]
accelerator.print(type(accelerator.state).__name__, accelerator.num_processes, accelerator.distributed_type)
with accelerator.split_between_processes(prompts) as mine:
    batch = tokenizer(mine, return_tensors="pt", padding=True)
    made = model.generate(**batch, max_new_tokens=6, do_sample=False)
    answers = gather_object(tokenizer.batch_decode(made))
    sampled = model.generate(**batch, max_new_tokens=5, do_sample=True)
    drawn = gather_object(sampled.tolist())
accelerator.print(answers)
accelerator.print(drawn)
prepared = accelerator.prepare(AutoModelForCausalLM.from_pretrained(sys.argv[1])).eval()
accelerator.print(type(prepared).__name__, type(accelerator.unwrap_model(prepared)).__name__)
with torch.no_grad():
    logits = prepared(torch.tensor([[1, 2, 3 + accelerator.process_index]])).logits[:, -1, :3].contiguous()
accelerator.print([[round(value, 3) for value in row] for row in accelerator.gather(logits).tolist()])
accelerator.print([round(value, 3) for value in broadcast(logits).flatten().tolist()])
made = accelerator.unwrap_model(prepared).generate(torch.tensor([[1, 2, 3]]), max_new_tokens=4, do_sample=False)
accelerator.print(made.tolist())
accelerator.wait_for_everyone()
accelerator.end_training()
