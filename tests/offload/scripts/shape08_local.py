"""Models that run here: fresh ones, bodies without a head, a subclass of the script's own."""

import sys

import torch
from transformers import BertConfig, BertModel, LlamaConfig, LlamaForCausalLM, LlamaModel

torch.manual_seed(1)
encoder = BertModel(
    BertConfig(hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32, vocab_size=50)
)
encoder.eval()
print(round(encoder(torch.tensor([[1, 2, 3]])).last_hidden_state.sum().item(), 3))
body = LlamaModel.from_pretrained(sys.argv[1])
print(tuple(body(torch.tensor([[1, 2, 3]])).last_hidden_state.shape))
fresh = LlamaForCausalLM(LlamaConfig(vocab_size=40, hidden_size=16, intermediate_size=16, num_hidden_layers=1,
                                     num_attention_heads=2, num_key_value_heads=2))  # fmt: skip
print(tuple(fresh.generate(torch.tensor([[1, 2]]), max_new_tokens=3, min_new_tokens=3).shape))


class Mine(LlamaForCausalLM):
    def forward(self, *args, **kwargs):
        output = super().forward(*args, **kwargs)
        output.logits = -output.logits
        return output


print(Mine.from_pretrained(sys.argv[1]).generate(torch.tensor([[1, 2, 3]]), max_new_tokens=4).tolist())
