"""A capture as MLIR: torch-mlir's FX importer into the `torch` dialect, with weights as operations of their own.

    %w = torch.operator "aweigh.weight"() {weight = "model.norm.weight"} : () -> !torch.vtensor<[64],f32>

A parameter, a persistent buffer and a literal all become `aweigh.weight`, by the name that the manifest knows; a tied parameter
gets the name of the one whose storage it shares. No value of any of them enters the IR. Our opaque operators arrive as
`torch.operator "torch.aweigh.attend"` with their arguments in the order of the schema. `torch.symbolic_int "T"` and `"R"` name the
symbols; `torch.bind_symbolic_shape` says which dimensions they are.
"""

from collections.abc import Mapping
from typing import Any

from aweigh.compiler.capture.core import Capture, ModuleCapture, Part
from aweigh.compiler.capture.encoder_call import EncoderCapture
from aweigh.kernels import mlir

FUNCTION = "main"


def _hooks(tied: Mapping[str, str], prefix: str) -> Any:
    ir, base = mlir.ir, mlir.fx_importer().FxImporterHooks

    def weight(importer: Any, name: str, ir_type: Any) -> Any:
        return ir.Operation.create(
            "torch.operator",
            attributes={
                "name": ir.StringAttr.get("aweigh.weight"),
                "weight": ir.StringAttr.get(tied.get(name, name)),
            },
            results=[ir_type],
        ).result

    class Hooks(base):  # type: ignore[misc,valid-type]
        def resolve_input(self, importer: Any, value: Any, info: Any) -> Any:
            return weight(importer, info.input_spec.target.removeprefix(prefix), info.ir_type)

    return Hooks()


def import_module(capture: ModuleCapture | EncoderCapture, context: Any) -> Any:
    """As `import_capture`, of any module: nothing in the IR names a symbol, the types of arguments say which dimensions are open."""
    mlir.dialect("torch").register_dialect(context)
    importer = mlir.fx_importer().FxImporter(context=context, hooks=_hooks(capture.tied, capture.prefix))
    importer.import_program(capture.program, func_name=FUNCTION)
    importer.module.operation.verify()
    return importer.module


def import_capture(capture: Capture, context: Any, part: Part | None = None) -> Any:
    """Returns a verified `ir.Module` with the one function `FUNCTION`: of `part`, or else of the capture itself.

    Args:
        context: an `ir.Context` of `aweigh.kernels.mlir`; the torch dialect is registered in it.
    """
    mlir.dialect("torch").register_dialect(context)
    importer = mlir.fx_importer().FxImporter(context=context, hooks=_hooks(capture.tied, capture.prefix))
    source = capture if part is None else part
    importer.import_program(source.program, func_name=FUNCTION, import_symbolic_shape_expressions=True)
    module = importer.module
    _name_symbols(module, source.symbols)
    module.operation.verify()
    return module


def _name_symbols(module: Any, symbols: Mapping[str, str]) -> None:
    for operation in list(module.body.operations[0].regions[0].blocks[0].operations):
        if operation.operation.name != "torch.symbolic_int":
            continue
        exported = operation.attributes["symbol_name"].value
        if exported in symbols:
            operation.attributes["symbol_name"] = mlir.ir.StringAttr.get(symbols[exported], module.context)
        elif not list(operation.results[0].uses):
            operation.operation.erase()
