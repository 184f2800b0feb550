"""What is counted and said of the modules of one class: calls on each rung, and why some run here."""

from aweigh.compiler.offload.settings import current
from aweigh.compiler.offload.summary import SUMMARY, ModelSummary, say
from aweigh.proto.errors import UnsupportedModel


class Reasons:
    """One per class of modules. Its summary is made when there is something to count."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._summary: ModelSummary | None = None

    @property
    def summary(self) -> ModelSummary:
        if self._summary is None:
            self._summary = SUMMARY.model(self.name)
        return self._summary

    def count(self, rung: str) -> None:
        self.summary.calls[rung] += 1

    def tell(self, reason: str, *, quiet: bool = False) -> None:
        """Counts a reason and says it. Raises UnsupportedModel under --strict, unless the user asked for it or it is `quiet`."""
        self.summary.local_reasons[reason] = self.summary.local_reasons.get(reason, 0) + 1
        if quiet or reason == "asked for":
            return
        if current().strict:
            raise UnsupportedModel(f"{self.name} would run here: {reason}; leave out --strict to allow it")
        if current().fallback == "warn":
            say(f"{self.name} runs here: {reason}")
