"""Gradients, hooks, attentions and `transformers.Trainer`."""

import sys
import tempfile
import weakref

import torch
from transformers import AutoModelForCausalLM, Trainer, TrainingArguments
from transformers.trainer_callback import PrinterCallback
from transformers.utils import logging

logging.set_verbosity_error()
logging.disable_progress_bar()
ids = torch.tensor([[1, 2, 3, 4, 5], [9, 8, 7, 6, 5]])


def fresh(**options):
    return AutoModelForCausalLM.from_pretrained(sys.argv[1], **options)


def number(tensor):
    return round(tensor.detach().abs().sum().item(), 2)


def gradients(model):
    return [(name, number(value.grad)) for name, value in model.named_parameters() if value.grad is not None][::5]


# a forward pass in eval mode, and backward through it
model = fresh()
output = model(ids)
print(output.logits.requires_grad, output.logits.grad_fn is not None)
output.logits[:, -1].pow(2).mean().backward()
print(gradients(model))
model.zero_grad()
model(ids, labels=ids).loss.backward()
print(gradients(model))

# the script's own loss, a mask, hidden states, a cache in use
model = fresh()
mask = torch.tensor([[1, 1, 1, 1, 1], [0, 0, 1, 1, 1]])
output = model(ids, attention_mask=mask, output_hidden_states=True)
loss = torch.nn.functional.cross_entropy(output.logits[1, 2:-1], ids[1, 3:]) + output.hidden_states[1][0].mean()
loss.backward()
print(round(loss.item(), 3), gradients(model))
model.zero_grad()
first = model(ids[:, :3], use_cache=True)
second = model(ids[:, 3:], past_key_values=first.past_key_values)
second.logits.sum().backward()
print(gradients(model))

# only some parameters, and a gradient asked for by name
model = fresh()
for name, value in model.named_parameters():
    value.requires_grad_("layers.1" in name)
output = model(ids)
print(output.logits.requires_grad)
chosen = model.model.layers[1].mlp.down_proj.weight
(gradient,) = torch.autograd.grad(output.logits.sum(), [chosen])
print(number(gradient), chosen.grad)
twice = model(ids).logits.sum()
twice.backward(retain_graph=True)
twice.backward()
print(number(chosen.grad))

# frozen: a soft prompt over the input embeddings
model = fresh().requires_grad_(False)
print(model(ids).logits.requires_grad)
prompt = torch.zeros(1, 2, 64, requires_grad=True)
embedded = torch.cat([prompt.expand(2, -1, -1), model.get_input_embeddings()(ids)], dim=1)
model(inputs_embeds=embedded).logits.sum().backward()
print(number(prompt.grad))

# hooks on the root and inside
model, seen = fresh(), []
handles = [
    model.register_forward_hook(lambda module, args, output: seen.append(type(output).__name__)),
    model.register_forward_pre_hook(lambda module, args, kwargs: seen.append(sorted(kwargs)), with_kwargs=True),
    model.model.layers[0].mlp.register_forward_hook(lambda module, args, output: seen.append(number(output))),
]
with torch.no_grad():
    model(ids)
    model.generate(ids, max_new_tokens=2, do_sample=False)
    print(seen)
    for handle in handles:
        handle.remove()
    print(model.generate(ids, max_new_tokens=3, do_sample=False).tolist(), len(seen))
    attentive = fresh(attn_implementation="eager")
    print([number(value) for value in attentive(ids, output_attentions=True).attentions])
    print(
        len(
            attentive.generate(
                ids, max_new_tokens=2, do_sample=False, output_attentions=True, return_dict_in_generate=True
            ).attentions
        )
    )
model = fresh()
model.register_full_backward_hook(lambda module, before, after: seen.append("backward"))
model(ids).logits.sum().backward()
print(seen[-1], gradients(model))


class Rows(torch.utils.data.Dataset):
    def __len__(self):
        return 4

    def __getitem__(self, index):
        row = torch.arange(index, index + 6)
        return {"input_ids": row, "labels": row}


with tempfile.TemporaryDirectory() as directory:
    options = {"output_dir": directory, "report_to": [], "use_cpu": True, "disable_tqdm": True, "seed": 1}
    trainer = Trainer(fresh(), TrainingArguments(**options, per_device_eval_batch_size=2), eval_dataset=Rows())
    trainer.remove_callback(PrinterCallback)
    predicted = trainer.predict(Rows())
    print(
        predicted.predictions.shape,
        round(float(predicted.predictions.sum()), 1),
        round(predicted.metrics["test_loss"], 3),
    )
    print(round(trainer.evaluate()["eval_loss"], 3))
    arguments = TrainingArguments(
        **options, max_steps=2, per_device_train_batch_size=2, save_strategy="no", learning_rate=1e-2
    )
    model = fresh()
    trainer = Trainer(model, arguments, train_dataset=Rows(), eval_dataset=Rows())
    trainer.remove_callback(PrinterCallback)
    print(round(trainer.train().training_loss, 3))
    print(
        round(trainer.evaluate()["eval_loss"], 3),
        model.eval().generate(ids, max_new_tokens=3, do_sample=False).tolist(),
    )
    trainer.save_model(directory)
    print(AutoModelForCausalLM.from_pretrained(directory).generate(ids, max_new_tokens=3, do_sample=False).tolist())

# parameters that others hold too: weakly, as nodes of a graph
for hold in (weakref.ref, lambda parameter: parameter.expand_as(parameter).grad_fn.next_functions[0][0]):
    with torch.enable_grad():
        model = AutoModelForCausalLM.from_pretrained(sys.argv[1])
        held = [hold(parameter) for parameter in model.parameters()]
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        model.train()
        for _ in range(2):
            optimizer.zero_grad()
            loss = model(ids, labels=ids).loss
            loss.backward()
            optimizer.step()
            print(round(loss.item(), 3), end=" ")
    print(len(held), model.eval().generate(ids, max_new_tokens=3, do_sample=False).tolist())
