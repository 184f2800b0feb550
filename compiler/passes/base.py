"""What a pass is."""

from typing import Any, Protocol


class Pass(Protocol):
    """A frozen dataclass whose fields are its options."""

    @property
    def name(self) -> str:
        """As `--print-ir-after` takes it."""

    def run(self, module: Any) -> None:
        """Rewrites an `ir.Module` in place, in a context with the aweigh dialect. The module is valid before and after.

        Raises:
            UnsupportedModel: something in it can have no counterpart in a Program.
        """
