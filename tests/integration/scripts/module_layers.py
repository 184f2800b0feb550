import torch
from module_cases import case, run, show
from torch import nn

CAUSAL = nn.Transformer.generate_square_subsequent_mask(4)
PADS = torch.tensor([[0, 0, 1, 1], [0, 0, 0, 1]]).bool()
ONLY_PADS = torch.tensor([[1, 1, 1, 1], [0, 0, 0, 1]]).bool()
HOLES = torch.tensor([[0, 1, 0, 1], [0, 0, 0, 1]]).bool()
X = torch.randn(2, 4, 16)


class Series(nn.Module):
    def __init__(self, kind, **more):
        super().__init__()
        self.inner = kind(6, 16, num_layers=2, batch_first=True, **more)
        self.head = nn.Linear(16 * (2 if more.get("bidirectional") else 1), 3)

    def forward(self, x):
        found, state = self.inner(x)
        return self.head(found[:, -1]), state


@case
def recurrent():
    for kind, more in ((nn.LSTM, {"bidirectional": True}), (nn.GRU, {}), (nn.RNN, {})):
        net = Series(kind, **more).eval()
        for rows, steps in ((2, 5), (3, 7), (4, 9), (2, 6)):
            found, state = net(torch.randn(rows, steps, 6))
            show(kind.__name__, found)
            show("state", state[0] if isinstance(state, tuple) else state)


@case
def packed():
    given = nn.utils.rnn.pack_padded_sequence(torch.randn(3, 5, 6), [5, 3, 2], batch_first=True)
    show("packed", nn.utils.rnn.pad_packed_sequence(nn.LSTM(6, 16, batch_first=True).eval()(given)[0])[0])


@case
def attention():
    layer = nn.TransformerEncoderLayer(16, 2, 32, batch_first=True).eval()
    show("plain", layer(X))
    show("causal", layer(X, src_mask=CAUSAL))
    show("pads", layer(X, src_key_padding_mask=PADS))
    show("only pads", layer(X, src_key_padding_mask=ONLY_PADS))
    show("both", layer(X, src_mask=CAUSAL, src_key_padding_mask=PADS.float() * -1e9))
    heads = nn.MultiheadAttention(16, 2, batch_first=True).eval()
    show("heads", heads(X, X, X, key_padding_mask=PADS)[0])
    show("weights", heads(X, X, X, attn_mask=CAUSAL)[1])


@case
def encoders():
    """Uncaptured, pads at the end of a row give zeros, before the last norm; others do not."""
    layer = nn.TransformerEncoderLayer(16, 2, 32, batch_first=True)
    after = nn.TransformerEncoder(layer, 2, norm=nn.LayerNorm(16)).eval()
    nn.init.normal_(after.norm.bias)
    layer = nn.TransformerEncoderLayer(16, 2, 32, batch_first=True, norm_first=True, activation="gelu")
    before = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False).eval()
    for net in (after, before):
        for mask in (PADS, ONLY_PADS, HOLES, torch.zeros(2, 4).masked_fill(PADS, float("-inf"))):
            show("masked", net(X, src_key_padding_mask=mask))
        show("causal", net(X, mask=CAUSAL))
        show("both", net(X, mask=CAUSAL, src_key_padding_mask=PADS))
    more = torch.randn(3, 5, 16)
    show("other", after(more, src_key_padding_mask=torch.arange(5) >= torch.tensor([[3], [4], [5]])))
    with torch.enable_grad():
        show("graded", after(X, src_key_padding_mask=PADS))


@case
def transformer():
    net = nn.Transformer(16, 2, 1, 1, 32, batch_first=True).eval()
    for size in (4, 5, 6):
        mask = nn.Transformer.generate_square_subsequent_mask(size + 1)
        show("both halves", net(torch.randn(2, size, 16), torch.randn(2, size + 1, 16), tgt_mask=mask))
    show("another mask", net(X, X, tgt_mask=torch.randn(4, 4)))
    decoder = nn.TransformerDecoder(nn.TransformerDecoderLayer(16, 2, 32, batch_first=True), 2).eval()
    show("decoder", decoder(X, X, tgt_mask=CAUSAL, memory_key_padding_mask=PADS))


run()
