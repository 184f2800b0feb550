"""Mean-pooled embeddings of BERT, RoBERTa, ModernBERT and T5's encoder."""

import sys

import torch
from transformers import AutoModel, AutoTokenizer

SENTENCES = ["a first sentence", "the second, which is longer than the first", "3"]


def show(name, value):
    print(
        name, tuple(value.shape), str(value.dtype), value.requires_grad, value.detach().float().flatten()[-4:].tolist()
    )


def mean_pool(output, mask):
    weights = mask.unsqueeze(-1).expand(output.last_hidden_state.size()).float()
    return (output.last_hidden_state * weights).sum(1) / weights.sum(1).clamp(min=1e-9)


for name in ("bert", "roberta", "modernbert", "t5"):
    tokenizer = AutoTokenizer.from_pretrained(f"{sys.argv[1]}/{name}")
    model = AutoModel.from_pretrained(f"{sys.argv[1]}/{name}") if name != "t5" else None
    if model is None:
        from transformers import T5EncoderModel

        model = T5EncoderModel.from_pretrained(f"{sys.argv[1]}/{name}")
    for sentences in (SENTENCES, SENTENCES[:2], SENTENCES[:1], SENTENCES * 3):
        batch = tokenizer(sentences, padding=True, truncation=True, return_tensors="pt")
        if name in ("modernbert", "t5"):
            batch.pop("token_type_ids", None)
        with torch.no_grad():
            output = model(**batch)
        embeddings = torch.nn.functional.normalize(mean_pool(output, batch["attention_mask"]), dim=1)
        show(name, embeddings)
        print(type(output).__name__, list(output.keys()), (embeddings @ embeddings.T)[0].tolist())

model = AutoModel.from_pretrained(f"{sys.argv[1]}/bert")
tokenizer = AutoTokenizer.from_pretrained(f"{sys.argv[1]}/bert")
batch = tokenizer(SENTENCES, padding=True, return_tensors="pt")
with torch.inference_mode():
    output = model(batch["input_ids"], batch["attention_mask"], output_hidden_states=True)
    print(len(output.hidden_states), output.last_hidden_state.is_inference())
    show("positional", output.hidden_states[1])
    both = model(**batch, return_dict=False)
    print(type(both).__name__, len(both))
    show("tuple", both[1])
    show("part", model.encoder(model.embeddings(batch["input_ids"])).last_hidden_state)
    model.config.output_hidden_states = True
    print(list(model(**batch).keys()))
    model.config.output_hidden_states = False
    half = AutoModel.from_pretrained(f"{sys.argv[1]}/bert", dtype=torch.bfloat16)(**batch).pooler_output
    print("half", half.dtype, (half - model(**batch).pooler_output).abs().max() < 0.02)
    show("without", AutoModel.from_pretrained(f"{sys.argv[1]}/bert", add_pooling_layer=False)(**batch)[0])
    attentive = AutoModel.from_pretrained(f"{sys.argv[1]}/bert", attn_implementation="eager")
    show("attentions", attentive(**batch, output_attentions=True).attentions[0])

output = model(**batch)
show("gradients", output.last_hidden_state)
output.last_hidden_state.sum().backward()
show("gradient", model.embeddings.word_embeddings.weight.grad[20:22])
show("after", model(**batch).pooler_output)
headless = AutoModel.from_pretrained(f"{sys.argv[1]}/classifier")
with torch.no_grad():
    show("from a head", headless(**batch).pooler_output)
    headless.encoder.layer[0].output.dense.weight[0] += 1
    show("changed", headless(**batch).pooler_output)
    print(headless.train()(**batch).pooler_output.shape)
try:
    AutoModel.from_pretrained(f"{sys.argv[1]}/bert")(torch.tensor([[5000]]))
except IndexError as error:
    print(error)
