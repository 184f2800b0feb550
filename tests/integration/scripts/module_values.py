import torch
from module_cases import case, net, run, show, x
from torch import nn
from torch.nn import functional as F


@case
def nan():
    bad = x(3, 8).clone()
    bad[0, 0] = float("nan")
    bad[1, 1] = float("inf")
    bad[2, 2] = -float("inf")
    show("nan", net(lambda s, x: s.layer(x))(bad))
    show("nan relu", net(lambda s, x: F.relu(s.layer(x)))(bad))
    show("nan max", net(lambda s, x: s.layer(x).max(-1)[0])(bad))
    show("nan maxpool", net(lambda s, x: F.max_pool1d(s.layer(x), 2))(bad))
    show("nan argmax", net(lambda s, x: s.layer(x).argmax(-1))(bad))
    show("nan clamp", net(lambda s, x: s.layer(x).clamp(-1, 1))(bad))
    show("nan softmax", net(lambda s, x: s.layer(x).softmax(-1))(bad))
    show("nan sum", net(lambda s, x: (s.layer(x).nan_to_num(7.0), s.layer(x).isnan().sum()))(bad)[0])
    show("nan sort", net(lambda s, x: s.layer(x).topk(2)[0])(bad))
    show("nan cast", net(lambda s, x: s.layer(x).gelu() if False else F.gelu(s.layer(x)))(bad))
    z = torch.zeros(2, 8)
    z[0] = -0.0
    show("zero", net(lambda s, x: 1 / (x * s.layer.weight[0] * 0 + x))(z))


@case
def kinds():
    m = nn.Linear(8, 8).to(torch.complex64)
    show("complex", m(torch.complex(x(2, 8), -x(2, 8))))
    show("complex inside", net(lambda s, x: torch.view_as_complex(s.layer(x).view(2, 4, 2)).abs())(x(2, 8)))
    show("conj", net(lambda s, x: s.layer(x.real))(torch.complex(x(2, 8), x(2, 8)).conj()))
    show("sparse", net(lambda s, x: torch.sparse.mm(x, s.layer.weight))(x(8, 8).relu().to_sparse()))
    show("csr", net(lambda s, x: x @ s.layer.weight)(x(8, 8).relu().to_sparse_csr()))
    show("sparse to dense", net(lambda s, x: s.layer(x.to_dense()))(x(8, 8).relu().to_sparse()))
    n = torch.nested.nested_tensor([x(2, 8), x(3, 8)], layout=torch.jagged)
    print("nested", [tuple(one.shape) for one in nn.Linear(8, 4)(n).unbind()])
    n = torch.nested.nested_tensor([x(2, 8), x(3, 8)])
    print("nested", [tuple(one.shape) for one in nn.Linear(8, 4)(n).unbind()])
    sp = net(lambda s, x: torch.sparse.mm(s.layer.weight, x.t()).t())
    sp.layer.weight = nn.Parameter(x(8, 8).relu().to_sparse())
    show("sparse weight", sp(x(2, 8)))
    show("double", net(lambda s, x: s.layer(x)).double()(x(2, 8).double()))
    show("half", net(lambda s, x: s.layer(x)).half()(x(2, 8).half()))
    show("uint8", net(lambda s, x: s.layer(x.float() / 255))((x(2, 8) * 100 + 128).to(torch.uint8)))
    show("bool", net(lambda s, x: s.layer(x.float()))(x(2, 8) > 0))
    show("int8", net(lambda s, x: s.layer(x.float()))((x(2, 8) * 100).to(torch.int8)))
    show("int16", net(lambda s, x: s.layer(x.float()))((x(2, 8) * 100).to(torch.int16)))
    show("float8", net(lambda s, x: s.layer(x.float()))(x(2, 8).to(torch.float8_e4m3fn)))
    q = torch.ao.quantization.quantize_dynamic(nn.Sequential(nn.Linear(8, 8)), {nn.Linear}, dtype=torch.qint8)
    show("quantised", q(x(2, 8)))
    show("meta", net(lambda s, x: s.layer(x)).to("meta")(x(2, 8).to("meta")).is_meta)

    class Sub(torch.Tensor):
        pass

    show("subclass", net(lambda s, x: s.layer(x).as_subclass(torch.Tensor))(x(2, 8).as_subclass(Sub)))
    show("mask", type(net(lambda s, x: s.layer(x))(x(2, 8).as_subclass(Sub))).__name__)


@case
def memory():
    m = net(lambda s, x: s.layer(x))
    base = x(20, 8)
    show("non contiguous", m(base[::2]))
    show("transposed", m(x(8, 3).t()))
    show("expanded", m(x(1, 8).expand(4, 8)))
    overlap = x(40).as_strided((4, 8), (2, 1))
    show("overlapping", m(overlap))
    show("flipped", m(base.flip(0)[1:4]))
    two = net(lambda s, a, b: s.layer(a) + b)
    show("aliased inputs", two(base, base))
    show("aliased views", two(base[:4], base[2:6]))
    whole = torch.randn(16, 8)
    m.layer.weight = nn.Parameter(whole[4:12])
    show("weight view", m(x(2, 8)))
    whole.mul_(2)
    show("weight view written", m(x(2, 8)))
    m.layer.weight = nn.Parameter(torch.randn(8, 8).t())
    show("weight t", m(x(2, 8)))
    m.layer.weight = nn.Parameter(torch.randn(1, 8).expand(8, 8), requires_grad=False)
    show("weight expanded", m(x(2, 8)))
    m.layer.weight = nn.Parameter(torch.randn(40).as_strided((8, 8), (2, 1)), requires_grad=False)
    show("weight overlapping", m(x(2, 8)))
    flat = torch.randn(72)
    m.layer.weight = nn.Parameter(flat[:64].view(8, 8))
    m.layer.bias = nn.Parameter(flat[64:])
    show("flat", m(x(2, 8)))
    flat.mul_(0.5)
    show("flat written", m(x(2, 8)))
    flat.data.mul_(0.5)
    show("flat data", m(x(2, 8)))
    shared = net(lambda s, x: s.more[0](s.layer(x)), nn.Linear(8, 8))
    shared.more[0].weight = shared.layer.weight
    show("tied", shared(x(2, 8)))
    shared.layer.weight.fill_(0.1)
    show("tied written", shared(x(2, 8)))
    shared.more[0].weight = nn.Parameter(torch.randn(8, 8))
    show("untied", shared(x(2, 8)))


@case
def empty():
    m = net(lambda s, x: s.layer(x))
    show("empty", m(torch.empty(0, 8)))
    show("full", m(x(2, 8)))
    show("one", m(x(1, 8)))
    show("vector", m(x(8)))
    show("empty mid", m(torch.empty(2, 0, 8)))
    show("empty out", net(lambda s, x: s.layer(x)[:, :0])(x(2, 8)))
    show("empty cat", net(lambda s, x, y: torch.cat([s.layer(x), y]))(x(2, 8), torch.empty(0, 8)))
    show("mean of nothing", net(lambda s, x: s.layer(x).mean(0))(torch.empty(0, 8)))
    show("scalar in", net(lambda s, x, k: s.layer(x) * k)(x(2, 8), torch.tensor(3.0)))


run()
