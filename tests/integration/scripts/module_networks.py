import math
import os
import tempfile

import torch
from module_cases import case, run, show
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    def __init__(self, channels, wider, stride):
        super().__init__()
        self.first, self.norm1 = nn.Conv2d(channels, wider, 3, stride, 1, bias=False), nn.BatchNorm2d(wider)
        self.second, self.norm2 = nn.Conv2d(wider, wider, 3, 1, 1, bias=False), nn.BatchNorm2d(wider)
        self.past = nn.Conv2d(channels, wider, 1, stride) if stride != 1 else nn.Identity()

    def forward(self, x):
        return F.relu(self.norm2(self.second(F.relu(self.norm1(self.first(x))))) + self.past(x))


@case
def images():
    net = nn.Sequential(
        nn.Conv2d(3, 16, 7, 2, 3), nn.MaxPool2d(3, 2, 1), Block(16, 16, 1), Block(16, 32, 2), nn.AdaptiveAvgPool2d(1),
        nn.Flatten(), nn.Dropout(0.5), nn.Linear(32, 7),
    )  # fmt: skip
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    net = net.to(device).eval()
    for batch in (2, 3, 5, 7, 4):
        show("images", net(torch.randn(batch, 3, 64, 64, device=device)))


class Writer(nn.Module):
    def __init__(self, vocabulary=40, width=32, heads=4):
        super().__init__()
        self.tokens, self.places = nn.Embedding(vocabulary, width), nn.Embedding(64, width)
        self.norm, self.qkv, self.out = nn.LayerNorm(width), nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.head, self.heads = nn.Linear(width, vocabulary, bias=False), heads

    def forward(self, ids, targets=None):
        x = self.tokens(ids) + self.places(torch.arange(ids.shape[1], device=ids.device))
        b, t, c = x.shape
        q, k, v = self.qkv(self.norm(x)).view(b, t, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        x = x + self.out(F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(b, t, c))
        logits = self.head(x)
        return logits, None if targets is None else F.cross_entropy(logits.flatten(0, 1), targets.flatten())


@case
def checkpoints():
    """Trained a little here, saved both ways, loaded again."""
    writer = Writer()
    optimizer = torch.optim.AdamW(writer.parameters(), 0.01)
    ids = torch.randint(0, 40, (4, 9))
    with torch.enable_grad():
        for _ in range(3):
            optimizer.zero_grad()
            writer(ids[:, :-1], ids[:, 1:])[1].backward()
            optimizer.step()
    with tempfile.TemporaryDirectory() as folder:
        torch.save({"model": writer.state_dict(), "step": 3}, os.path.join(folder, "a.pt"))
        save_file(writer.state_dict(), os.path.join(folder, "a.safetensors"))
        first, second = Writer().eval(), Writer().eval()
        first.load_state_dict(torch.load(os.path.join(folder, "a.pt"), map_location="cpu", weights_only=True)["model"])
        second.load_state_dict(load_file(os.path.join(folder, "a.safetensors")))
        for size in (5, 6, 7, 8):
            show("archive", first(ids[:, :size])[0])
            show("safetensors", second(ids[:2, :size])[0])
        for rows in (4, 3, 2):
            show("loss", first(ids[:rows, :-1], ids[:rows, 1:])[1])
        show("half", second.half()(ids)[0])


class Taste(nn.Module):
    def __init__(self):
        super().__init__()
        self.users, self.items = nn.Embedding(100, 16), nn.EmbeddingBag(200, 16, mode="mean")
        self.layers = nn.Sequential(nn.Linear(36, 64), nn.SELU(), nn.Linear(64, 1))

    def forward(self, *, user, items, numbers):
        joined = torch.cat([self.users(user), self.items(items), torch.log1p(numbers)], dim=-1)
        return {"score": torch.sigmoid(self.layers(joined)).squeeze(-1)}


@case
def tastes():
    net = Taste().eval()
    for batch in (8, 5, 6):
        items = torch.arange(batch * 3).view(batch, 3)
        show("taste", net(user=torch.arange(batch), items=items, numbers=torch.rand(batch, 4))["score"])


class Breaks(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second, self.third = nn.Linear(8, 8), nn.Linear(8, 8), nn.Linear(8, 8)

    def forward(self, x):
        h = F.relu(self.first(x))
        print("in the middle", tuple(h.shape))
        h = self.second(h) if h.sum().item() > 10 else self.third(h) * 2
        return F.relu(h) + int(h.abs().max())


@case
def breaks():
    net = Breaks().eval()
    for batch in (2, 3, 4, 9):
        show("breaks", net(torch.randn(batch, 8)))


class Noise(nn.Module):
    def __init__(self, channels=16):
        super().__init__()
        self.time = nn.Sequential(nn.Linear(32, channels), nn.SiLU(), nn.Linear(channels, channels))
        self.enter, self.leave = nn.Conv2d(3, channels, 3, padding=1), nn.Conv2d(2 * channels, 3, 3, padding=1)
        self.down, self.norm = nn.Conv2d(channels, 2 * channels, 3, stride=2, padding=1), nn.GroupNorm(4, 2 * channels)
        self.heads = nn.MultiheadAttention(2 * channels, 4, batch_first=True)
        self.up = nn.Conv2d(2 * channels, channels, 3, padding=1)

    def forward(self, x, t):
        angles = t[:, None].float() * torch.exp(-math.log(10000) * torch.arange(16, device=x.device) / 16)
        h = self.enter(x) + self.time(torch.cat([angles.cos(), angles.sin()], -1))[:, :, None, None]
        d = F.silu(self.norm(self.down(h)))
        s = d.flatten(2).transpose(1, 2)
        s = s + self.heads(s, s, s, need_weights=False)[0]
        u = self.up(F.interpolate(s.transpose(1, 2).reshape(d.shape), scale_factor=2, mode="nearest"))
        return self.leave(torch.cat([u, h], 1))


@case
def denoising():
    net, x = Noise().eval(), torch.randn(2, 3, 16, 16)
    betas = torch.linspace(1e-4, 0.02, 20)
    kept = torch.cumprod(1 - betas, 0)
    for t in reversed(range(20)):
        x = (x - betas[t] / (1 - kept[t]).sqrt() * net(x, torch.full((2,), t))) / (1 - betas[t]).sqrt()
    show("denoised", x)


run()
