import torch
from module_cases import case, net, run, show, x
from torch import nn
from torch.nn import functional as F


@case
def mutation():

    class Cache(nn.Module):
        def __init__(self):
            super().__init__()
            self.l = nn.Linear(8, 8)
            self.register_buffer("seen", torch.zeros(4, 8))
            self.at = 0
            self.history = []

        def forward(self, x):
            h = self.l(x)
            self.seen[self.at] = h[0]
            self.at += 1
            self.history.append(h.sum().item())
            return h + self.seen.sum(0)

    c = Cache().eval()
    for i in range(3):
        show("cache", c(x(2, 8) * (i + 1)))
    show("seen", c.seen)
    print(c.at, [round(one, 3) for one in c.history])

    class Ema(nn.Module):
        def __init__(self):
            super().__init__()
            self.l = nn.Linear(8, 8)
            self.mean = None

        def forward(self, x):
            h = self.l(x)
            self.mean = h if self.mean is None else 0.5 * self.mean + 0.5 * h
            return h - self.mean

    e = Ema().eval()
    for i in range(4):
        show("ema", e(x(2, 8) * (i + 1)))
    show("mean", e.mean)
    b = nn.Sequential(nn.Linear(8, 8), nn.BatchNorm1d(8))
    for i in range(3):
        show("bn train", b(x(4, 8) * (i + 1)))
    show("running", b[1].running_mean)
    print(b[1].num_batches_tracked)
    b.eval()
    show("bn", b(x(4, 8)))

    def inplace(s, x):
        x.add_(1)
        return s.layer(x)

    y = x(2, 8).clone()
    show("in place", net(inplace)(y))
    show("changed", y)

    def part(s, x):
        x[0] = 0
        return s.layer(x)

    y = x(2, 8).clone()
    show("part", net(part)(y))
    show("changed", y)

    def out(s, x, o):
        torch.add(s.layer(x), 1, out=o)
        return o.sum()

    o = torch.empty(2, 8)
    show("out", net(out)(x(2, 8), o))
    show("o", o)
    y = x(2, 8).clone()
    r = net(lambda s, x: (x, x.t(), s.layer(x)))(y)
    r[0].zero_()
    show("alias", y)
    show("alias t", r[1])
    r = net(lambda s, x: [h := s.layer(x), h[0], h.view(-1)])(x(2, 8))
    r[0].zero_()
    show("out alias", r[2])
    print(r[1]._base is r[0] or r[1].untyped_storage().data_ptr() == r[0].untyped_storage().data_ptr())
    m = net(lambda s, x: s.layer(x))
    y = x(2, 8).clone()
    show("before", m(y))
    y.mul_(3)
    show("after", m(y))


@case
def changes():
    def twice(name, m):
        """Once with the change, once without another: what changes with every call stays."""
        show(name, m(x(2, 8)))
        show(name, m(x(2, 8)))

    m = net(lambda s, x: s.layer(x))
    twice("0", m)
    m.layer.weight.add_(1)
    twice("in place", m)
    m.layer.weight.data.mul_(2)
    twice("data", m)
    m.layer.weight.data = torch.eye(8)
    twice("data set", m)
    m.layer.weight.data[0, 0] = 5
    twice("data index", m)
    m.load_state_dict({"layer.weight": 2 * torch.eye(8), "layer.bias": torch.ones(8)})
    twice("load", m)
    m.layer.weight.copy_(torch.eye(8) * 3)
    twice("copy", m)
    torch.nn.init.constant_(m.layer.weight, 0.5)
    twice("init", m)
    m.layer = nn.Linear(8, 8)
    twice("replaced", m)
    m.layer = nn.Linear(8, 4)
    twice("replaced size", m)
    m.layer = nn.Identity()
    twice("removed", m)
    m = net(lambda s, x: s.layer(x))
    m.requires_grad_(True)
    for opt in (
        torch.optim.SGD(m.parameters(), 0.1, momentum=0.9),
        torch.optim.Adam(m.parameters(), 0.1),
        torch.optim.AdamW(m.parameters(), 0.1, foreach=True),
        torch.optim.Adam(m.parameters(), 0.1, fused=True),
    ):
        with torch.enable_grad():
            m.train()
            m(x(2, 8)).square().sum().backward()
            opt.step()
            opt.zero_grad()
            m.eval()
        twice(type(opt).__name__, m)
    torch.nn.utils.vector_to_parameters(torch.ones(72), m.parameters())
    twice("vector", m)
    torch._foreach_mul_(list(m.parameters()), 2.0)
    twice("foreach", m)
    m.f = lambda s, x: s.layer(x) * 2
    twice("function", m)
    m.layer.forward = lambda x: x + 1
    twice("patched forward", m)
    m = nn.utils.parametrizations.weight_norm(nn.Linear(8, 8)).eval()
    twice("weight norm", m)
    m = nn.utils.parametrizations.spectral_norm(nn.Linear(8, 8)).eval()
    twice("spectral norm", m)
    m = nn.Linear(8, 8)
    nn.utils.prune.l1_unstructured(m, "weight", 0.5) if hasattr(nn.utils, "prune") else None
    twice("pruned", m.eval())
    m = nn.utils.weight_norm(nn.Linear(8, 8)).eval()
    twice("old weight norm", m)


@case
def hooks():
    m = net(lambda s, x: s.layer(x))
    seen = []
    h = m.layer.register_forward_hook(lambda mod, i, o: seen.append(tuple(o.shape)) or o * 2)
    show("hook", m(x(2, 8)))
    show("hook", m(x(3, 8)))
    print(seen)
    h.remove()
    show("removed", m(x(2, 8)))
    m.register_forward_pre_hook(lambda mod, a, k: ((a[0] + 1,), k), with_kwargs=True)
    show("pre", m(x(2, 8)))
    acts = {}
    m.layer.register_forward_hook(lambda mod, i, o: acts.__setitem__("a", o.detach()))
    show("acts", m(x(2, 8)))
    show("kept", acts["a"])
    g = nn.modules.module.register_module_forward_hook(lambda mod, i, o: seen.append(type(mod).__name__))
    show("global", m(x(2, 8)))
    g.remove()
    print(seen)


class Boom(Exception):
    pass


def boom(s, x):
    s.layer(x)
    raise Boom("no more")


@case
def errors():
    for name, f in (
        ("boom", lambda: net(boom)(x(2, 8))),
        ("shape", lambda: net(lambda s, x: s.layer(x))(x(2, 7))),
        ("index", lambda: nn.Embedding(4, 8)(torch.tensor([[1, 9]]))),
        ("attr", lambda: net(lambda s, x: s.nothing(x))(x(2, 8))),
        ("args", lambda: net(lambda s, x: s.layer(x))()),
        ("kwargs", lambda: net(lambda s, x: s.layer(x))(x(2, 8), y=2)),
        ("dtype", lambda: net(lambda s, x: s.layer(x))(x(2, 8).double())),
        ("assert", lambda: net(lambda s, x: (_ for _ in ()).throw(AssertionError("bad")))(x(2, 8))),
        ("view", lambda: net(lambda s, x: s.layer(x).t().view(-1))(x(2, 8))),
        ("cat", lambda: net(lambda s, x: torch.cat([s.layer(x), x[:, :3]]))(x(2, 8))),
        ("tensor assert", lambda: net(lambda s, x: (torch._assert(x.sum() > 99, "small"), s.layer(x))[1])(x(2, 8))),
        ("value", lambda: net(lambda s, x: nn.Unflatten(1, (3, 3))(s.layer(x)))(x(2, 8))),
        (
            "div",
            lambda: net(lambda s, x: s.layer(x) // 0 if False else s.layer(x).long() // torch.zeros(8).long())(x(2, 8)),
        ),
        ("type", lambda: net(lambda s, x: s.layer(x))("text")),
        ("negative", lambda: net(lambda s, x: nn.Embedding(4, 8).eval()(x))(torch.tensor([[-1]]))),
        ("target", lambda: net(lambda s, x, y: F.cross_entropy(s.layer(x), y))(x(2, 8), torch.tensor([0, 99]))),
    ):
        for _ in range(2):
            try:
                show(name, f())
            except Exception as error:
                print(name, type(error).__name__, str(error).splitlines()[0][:150])


run()
