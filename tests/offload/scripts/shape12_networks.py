"""Networks that the script wrote, with its own checkpoints: convolutions, transformers, recommenders, a denoising loop."""

import tempfile
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F


def show(name, value):
    print(
        name,
        tuple(value.shape),
        value.dtype,
        value.stride(),
        [round(one, 2) + 0.0 for one in value.flatten()[:5].tolist()],
    )


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(channels)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x):
        return F.relu(x + self.second(F.relu(self.norm(self.first(x)))))


class Images(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 16, 7, stride=2, padding=3), nn.BatchNorm2d(16), nn.ReLU(inplace=True), nn.MaxPool2d(2)
        )
        self.body = nn.Sequential(Residual(16), Residual(16))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(16, 10)
        self.dropout = nn.Dropout(0.5)

    def forward(self, x):
        return self.head(self.dropout(torch.flatten(self.pool(self.body(self.stem(x))), 1)))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        b, t, c = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(b, t, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        a = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(a.transpose(1, 2).reshape(b, t, c))
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class Writer(nn.Module):
    def __init__(self, vocabulary=40, width=32, layers=2):
        super().__init__()
        self.tokens, self.places = nn.Embedding(vocabulary, width), nn.Embedding(64, width)
        self.blocks = nn.ModuleList(Block(width, 4) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, vocabulary, bias=False)
        self.head.weight = self.tokens.weight

    def forward(self, ids, targets=None):
        x = self.tokens(ids) + self.places(torch.arange(ids.shape[1], device=ids.device))
        for block in self.blocks:
            x = block(x)
        logits = self.head(self.norm(x))
        loss = None if targets is None else F.cross_entropy(logits.flatten(0, 1), targets.flatten())
        return logits, loss


class Taste(nn.Module):
    def __init__(self):
        super().__init__()
        self.users, self.items = nn.Embedding(100, 16), nn.Embedding(200, 16)
        self.layers = nn.Sequential(nn.Linear(36, 64), nn.ReLU(), nn.Linear(64, 1))

    def forward(self, *, user, item, numbers):
        joined = torch.cat([self.users(user), self.items(item), torch.log1p(numbers)], dim=-1)
        return {"score": torch.sigmoid(self.layers(joined)).squeeze(-1), "inputs": [user, item]}


class Noise(nn.Module):
    def __init__(self, channels=16):
        super().__init__()
        self.time = nn.Linear(16, channels)
        self.enter = nn.Conv2d(1, channels, 3, padding=1)
        self.down = nn.Conv2d(channels, 2 * channels, 3, stride=2, padding=1)
        self.middle = nn.Conv2d(2 * channels, 2 * channels, 3, padding=1)
        self.up = nn.ConvTranspose2d(2 * channels, channels, 4, stride=2, padding=1)
        self.norm = nn.GroupNorm(4, channels)
        self.leave = nn.Conv2d(2 * channels, 1, 3, padding=1)

    def forward(self, x, step):
        angles = step[:, None].float() / 10000 ** (torch.arange(8) / 8)
        h = self.enter(x) + self.time(torch.cat([angles.sin(), angles.cos()], dim=-1))[:, :, None, None]
        d = F.silu(self.middle(F.silu(self.down(F.silu(self.norm(h))))))
        return self.leave(torch.cat([h, self.up(d)], dim=1))


torch.manual_seed(1)
with tempfile.TemporaryDirectory() as folder:
    archive, tensors = Path(folder) / "writer.pt", Path(folder) / "images.safetensors"
    torch.save({"model": Writer().state_dict(), "step": 3}, archive)
    save_file(Images().state_dict(), tensors)

    images = Images()
    images.load_state_dict(load_file(tensors))
    images.to("cpu").eval()
    with torch.no_grad():
        for batch in (4, 4, 3, 5, 1):
            show("images", images(torch.randn(batch, 3, 32, 32)).softmax(-1))
        show("channels last", images(torch.randn(2, 3, 32, 32).to(memory_format=torch.channels_last)))
        show("other size", images(torch.randn(2, 3, 40, 48)))

    writer = Writer().eval()
    print(writer.load_state_dict(torch.load(archive, map_location="cpu", weights_only=True)["model"]))
    with torch.inference_mode():
        ids = torch.randint(0, 40, (2, 5))
        for _ in range(4):
            logits, loss = writer(ids)
            ids = torch.cat([ids, logits[:, -1].argmax(-1, keepdim=True)], dim=1)
        print(ids.tolist(), loss)
        print(round(writer(ids, ids)[1].item(), 3))
    mapped = Writer().eval()
    mapped.load_state_dict(torch.load(archive, mmap=True)["model"], assign=True)
    with torch.no_grad():
        show("mapped", mapped(ids)[0] - writer(ids)[0])
        show("half", writer.half()(ids)[0].float().softmax(-1))
        show("bfloat16", mapped.bfloat16()(ids)[0].softmax(-1))

with torch.no_grad():
    taste = Taste().eval()
    for batch in (8, 5, 6):
        answer = taste(user=torch.arange(batch), item=torch.arange(batch) * 3, numbers=torch.rand(batch, 4))
        show("taste", answer["score"])
        print(answer["inputs"][0].tolist())

    noise, x = Noise().eval(), torch.randn(3, 1, 16, 16)
    for step in range(10, 0, -1):
        x = x - 0.1 * noise(x, torch.full((3,), step))
    show("denoised", x)
