"""The tests of attention within whole sequences, with Triton's kernel in the interpreter."""

from tests.kernels.test_varlen import (  # noqa: F401 - collected here, where `kernels` is another
    test_an_empty_batch,
    test_as_a_softmax_per_sequence,
    test_mates_change_no_bit,
    test_nan_stays_with_its_owner,
)
