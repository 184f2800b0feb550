import collections
import dataclasses

import torch
from module_cases import case, net, run, show, x
from torch import nn
from torch.nn import functional as F


@case
def unsupported():
    show("svd", net(lambda s, x: torch.linalg.svdvals(s.layer(x)))(x(8, 8)))
    show("unique", net(lambda s, x: torch.unique(s.layer(x).round()))(x(4, 8)))
    show("nonzero", net(lambda s, x: s.layer(x).gt(0).nonzero())(x(4, 8)))
    show("fft", net(lambda s, x: torch.fft.rfft(s.layer(x)).abs())(x(4, 8)))
    show("histc", net(lambda s, x: torch.histc(s.layer(x), 4))(x(4, 8)))
    show("multinomial shape", net(lambda s, x: torch.linalg.inv(s.layer(x) + 3 * torch.eye(8)))(x(8, 8)))
    show("sort", net(lambda s, x: torch.sort(s.layer(x), dim=-1)[1])(x(4, 8)))
    show("topk", net(lambda s, x: torch.topk(s.layer(x), 3)[1])(x(4, 8)))
    show("cumsum", net(lambda s, x: s.layer(x).cumsum(0))(x(4, 8)))
    show("einsum", net(lambda s, x: torch.einsum("bi,ij->bj", x, s.layer.weight))(x(4, 8)))
    show("bincount", net(lambda s, x: torch.bincount(s.layer(x).argmax(-1), minlength=8))(x(4, 8)))


@case
def flow():

    def f(s, x):
        h = s.layer(x)
        n = 0
        while h.abs().max() > 0.2 and n < 5:
            h = s.layer(h) * 0.5
            n += 1
        return (h, n)

    m = net(f)
    for scale in (1, 5, 0.01):
        h, n = m(scale * x(3, 8))
        show(f"while {n}", h)
    show("list", torch.stack(net(lambda s, x: [s.layer(row) for row in x])(x(3, 8))))
    show("tolist", net(lambda s, x: s.layer(x).round().tolist()[0][:3])(x(3, 8)))
    show("if", net(lambda s, x: s.layer(x) if bool((x > 0).all()) else -s.layer(x))(x(3, 8)))
    show("item shape", net(lambda s, x, n: s.layer(x)[: n.item()])(x(3, 8), torch.tensor(2)))
    try:
        net(lambda s, x: s.layer(x) if x.sum() > 1000000000.0 else 1 / 0)(x(3, 8))
    except ZeroDivisionError as e:
        print("division", e)


@case
def sizes():
    m = net(lambda s, x: s.layer(x).reshape(x.shape[0] // 2, 2, 8).sum(1))
    for b in (2, 4, 6, 12, 2):
        show("half", m(x(b, 8)))
    m = net(lambda s, x: s.layer(x) if x.shape[0] < 5 else -s.layer(x))
    for b in (2, 4, 5, 6, 9, 3):
        show("branch", m(x(b, 8)))
    m = net(lambda s, x: s.layer(x)[:3] * x.shape[0])
    for b in (2, 4, 3, 9):
        show("slice", m(x(b, 8)))
    m = net(lambda s, x: F.pad(s.layer(x), (0, 0, 0, -x.shape[0] % 4)).view(-1, 4, 8).mean(1))
    for b in (2, 4, 5, 7, 9):
        show("pad", m(x(b, 8)))
    m = net(lambda s, x: s.layer(x)[:, torch.arange(x.shape[0]) % 8])
    for b in (2, 4, 9, 10, 11, 12):
        show("arange", m(x(b, 8)))
    conv = nn.Sequential(
        nn.Conv2d(1, 4, 3, stride=2), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(16, 3)
    ).eval()
    for s in (8, 9, 16, 31):
        show("conv", conv(x(2, 1, s, s + 1)))


@dataclasses.dataclass
class Out:
    a: torch.Tensor
    b: int


Point = collections.namedtuple("Point", "x y")


@case
def outputs():
    show("none", net(lambda s, x: None)(x(2, 8)))
    show("int", net(lambda s, x: x.shape[0] * 3)(x(2, 8)))
    show("str", net(lambda s, x: f"{tuple(s.layer(x).shape)}")(x(2, 8)))
    r = net(lambda s, x: {"a": s.layer(x), 3: [x, None, (1, "z")], "p": Point(s.layer(x), 2)})(x(2, 8))
    show("a", r["a"])
    print(r[3][1:], type(r["p"]).__name__, r["p"].y)
    r = net(lambda s, x: Out(s.layer(x), 3))(x(2, 8))
    show("a", r.a)
    print(r.b)
    r = net(lambda s, x: torch.distributions.Normal(s.layer(x), 1.0))(x(2, 8))
    show("mean", r.mean)
    r = net(lambda s, x: (row for row in s.layer(x)))(x(2, 8))
    show("generator", next(r))
    r = net(lambda s, x: s.layer(x).max(-1))(x(2, 8))
    print(type(r).__name__, type(r).__module__)
    show("values", r.values)
    show("scalar", net(lambda s, x: s.layer(x).sum())(x(2, 8)))
    show("float", net(lambda s, x: float(s.layer(x).sum().round()))(x(2, 8)))
    show("numpy", net(lambda s, x: s.layer(x).numpy().shape)(x(2, 8)))
    show("parameter", net(lambda s, x: s.layer.weight)(x(2, 8)).shape)
    m = net(lambda s, x: s.layer.weight)
    print("same", m(x(2, 8)) is m.layer.weight)
    show("callable", net(lambda s, x: lambda: s.layer(x))(x(2, 8))())


run()
