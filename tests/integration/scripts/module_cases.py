"""What the scripts `module_*.py` have in common: small modules around one function each, and sections of output."""

import sys
import warnings

import torch
from torch import nn

warnings.simplefilter("ignore")
torch.manual_seed(0)
torch.set_grad_enabled(False)
CASES = []


def case(function):
    CASES.append(function)
    return function


def run():
    wanted = sys.argv[1:]
    for function in CASES:
        if not wanted or function.__name__ in wanted:
            print("===", function.__name__)
            function()


def show(name, value):
    if not isinstance(value, torch.Tensor):
        print(name, type(value).__name__, value)
        return
    layout = value.stride() if value.layout is torch.strided else value.layout
    dense = value if value.layout is torch.strided else value.to_dense()
    if dense.is_complex():
        dense = torch.view_as_real(dense.resolve_conj())
    print(
        name,
        tuple(value.shape),
        value.dtype,
        layout,
        [round(one, 5) + 0.0 for one in dense.float().flatten()[:6].tolist()],
    )


def x(*shape):
    return torch.linspace(-1, 1, torch.Size(shape).numel()).view(shape)


class Wrap(nn.Module):
    def __init__(self, f, *more):
        super().__init__()
        self.layer = nn.Linear(8, 8)
        self.more = nn.ModuleList(more)
        self.f = f

    def forward(self, *args, **kwargs):
        return self.f(self, *args, **kwargs)


def net(f, *more):
    """In evaluation mode, of a class of its own."""
    return type(f"Wrap{sys._getframe(1).f_lineno}", (Wrap,), {})(f, *more).eval()
