"""Linear recurrences: Mamba, Mamba 2, gated delta rule, lightning attention, real-gated units are one step with different operands.

Legend: T tokens in batch, G groups of heads, H heads, R heads per group (H = G * R), D rows of the state, E columns of it.

    S = exp(decay * rate) * S         per head, or per row of the state
    u = beta * (value - S^T k)        without `delta`: beta * value
    S = S + k u^T
    out = S^T q

One token after the other, in float32, in one order: bits depend on nothing but the sequence. The formulas by chunks (of Mamba 2 and of
delta rules) are faster and depend on where a chunk begins, so they are not for this master.
"""

from torch import Tensor

from aweigh.kernels.ragged import Ragged
from aweigh.kernels.recurrent import RecurrentLayer
from aweigh.kernels.weight import Weight, optional_tensor_of


def scan(
    query_TGD: Tensor,
    key_TGD: Tensor,
    value_THE: Tensor,
    decay_TH: Tensor,
    layer: RecurrentLayer,
    ragged: Ragged,
    *,
    rate_HD: Weight | None = None,
    beta_TH: Tensor | None = None,
    delta: bool = False,
) -> Tensor:
    """See `Kernels.scan`."""
    groups, rows = query_TGD.shape[1:]
    heads, columns = value_THE.shape[1:]
    grouped = (groups, heads // groups)
    rate = optional_tensor_of(rate_HD)
    rate_GRD1 = None if rate is None else rate.float().view(*grouped, rows, 1)
    query_TG1D1 = query_TGD.float()[:, :, None, :, None]
    key_TG1D1 = key_TGD.float()[:, :, None, :, None]
    value_TGR1E = value_THE.float().reshape(-1, *grouped, 1, columns)
    per_row = decay_TH.dim() == 3
    decay_TGRD1 = decay_TH.float().reshape(-1, *grouped, rows if per_row else 1, 1)
    beta_TGR11 = None if beta_TH is None else beta_TH.float().reshape(-1, *grouped, 1, 1)
    out_THE = value_THE.new_empty(value_THE.shape)
    for sequence, (read, write) in enumerate(ragged.states):
        state = layer.before(read).view(*grouped, rows, columns)
        for token in range(ragged.query_starts[sequence], ragged.query_starts[sequence + 1]):
            decay_GRD1 = decay_TGRD1[token] if rate_GRD1 is None else decay_TGRD1[token] * rate_GRD1
            state = state * decay_GRD1.exp()
            added = value_TGR1E[token]
            if delta:
                added = added - (state * key_TG1D1[token]).sum(2, keepdim=True)
            if beta_TGR11 is not None:
                added = added * beta_TGR11[token]
            state = state + key_TG1D1[token] * added
            out_THE[token] = (state * query_TG1D1[token]).sum(2).view(heads, columns)
        layer.state_N[write].copy_(state.view(heads, rows, columns))
    return out_THE
