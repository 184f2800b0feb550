"""The door to MLIR opens lazily, and what is behind it works together."""

import subprocess
import sys

import pytest

from aweigh.kernels import mlir


def test_importing_the_door_imports_nothing() -> None:
    code = (
        "import sys, aweigh.kernels.mlir;"
        "print([n for n in ('torch', 'triton', 'torch_mlir', 'mlir', 'numpy') if n in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_parses_verifies_and_runs_a_pass() -> None:
    with mlir.ir.Context(), mlir.ir.Location.unknown():
        module = mlir.ir.Module.parse("func.func @f() -> i32 { %a = arith.constant 1 : i32\n return %a : i32 }")
        mlir.passmanager.PassManager.parse("builtin.module(canonicalize,cse)").run(module.operation)
        assert module.operation.verify()
        assert isinstance(module.body.operations[0], mlir.func.FuncOp)


def test_a_dialect_defined_from_python_rejects_a_wrong_operand_count() -> None:
    text = """irdl.dialect @toy {
      irdl.operation @pair { %0 = irdl.any  irdl.operands(a: %0, b: %0) irdl.results(c: %0) } }"""
    with mlir.ir.Context() as context, mlir.ir.Location.unknown():
        mlir.irdl.load_dialects(mlir.ir.Module.parse(text))
        assert context.is_registered_operation("toy.pair")
        good = '%0 = "arith.constant"() {value = 1 : i32} : () -> i32 %1 = "toy.pair"(%0, %0) : (i32, i32) -> i32'
        assert mlir.ir.Module.parse(good).operation.verify()
        with pytest.raises(mlir.ir.MLIRError):
            mlir.ir.Module.parse(good.replace("(%0, %0) : (i32, i32)", "(%0) : (i32)"))


def test_the_importer_shares_the_bindings() -> None:
    importer = mlir.fx_importer()
    assert importer.Module is mlir.ir.Module
    assert importer.__name__.startswith(mlir.provider())


def test_unknown_names_are_attribute_errors() -> None:
    with pytest.raises(AttributeError, match="no_such_thing"):
        _ = mlir.no_such_thing
    with pytest.raises(ModuleNotFoundError):
        mlir.dialect("no_such_dialect")
