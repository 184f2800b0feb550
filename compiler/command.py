"""`aweigh compile MODEL`: shows what a model compiles to. `aweigh compile --coverage` goes over every type of model."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from aweigh.compiler.progress import Tell, showing
from aweigh.proto.errors import AweighError, InvalidRequest, PeerFailed

_USAGE = 2


def main(arguments: list[str]) -> int:
    """Runs the command. Returns its exit code."""
    if "--coverage" in arguments:
        from aweigh.compiler.coverage.command import main as coverage

        return coverage(arguments)
    application = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    application.command()(compile_command)
    try:
        application(arguments, prog_name="aweigh compile")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    except AweighError as error:
        print(f"aweigh: {error}", file=sys.stderr)
        return _USAGE if isinstance(error, InvalidRequest) else 1
    return 0


def compile_command(
    model: Annotated[Path, typer.Argument(help="a checkpoint's directory, or a config.json")],
    output: Annotated[Path | None, typer.Option("-o", help="write the Program (protobuf) to this file")] = None,
    dtype: Annotated[str, typer.Option(help="of the weights; empty: as the configuration says")] = "",
    print_ir_after: Annotated[str, typer.Option(help="print the IR after this pass, or after 'all' of them")] = "",
    stats: Annotated[
        bool, typer.Option("--stats", help="print counts of operations, times of passes, what is native on a CPU")
    ] = False,
    coverage: Annotated[bool, typer.Option("--coverage", help="compare every type of model with transformers")] = False,
) -> None:
    """Compiles MODEL and prints the fingerprint of its Program."""
    from aweigh.compiler import pipeline
    from aweigh.compiler.statistics import Watch, statistics

    names = ["import", *dict.fromkeys(step.name for step in pipeline.passes())]
    if print_ir_after not in ("", "all", *names):
        raise InvalidRequest(f"There is no pass {print_ir_after!r}: choose 'all' or one of {', '.join(names)}.")
    count = Watch()

    def watch(name: str, module: Any, took: float) -> None:
        count(name, module, took)
        if print_ir_after in ("all", name):
            print(f"// ----- after {name} -----\n{module}")

    # IR on the same terminal would run into the line
    with showing(f"compiling {model.name}", wanted=not (print_ir_after and sys.stdout.isatty())) as tell:
        tell("importing transformers")
        done = _compile(model, dtype, watch, tell)
    from aweigh.proto.canonical import fingerprint
    from aweigh.proto.convert import program_to_message

    program = done.emitted.program
    encoded = program_to_message(program).SerializeToString(deterministic=True)
    if stats:
        print("\n".join(statistics(program, count.message()).lines()))
        print(_coverage(encoded))
    if output is not None:
        output.write_bytes(encoded)
    print(f"fingerprint {fingerprint(program).hex()}")


def _coverage(program: bytes) -> str:
    """How much of a step is native code. The engine knows, which no import leads to: it is asked as a process."""
    words = [sys.executable, "-m", "aweigh.engine.run.coverage"]
    done = subprocess.run(words, input=program, capture_output=True, check=False)
    if done.returncode:
        raise PeerFailed(f"The engine could not say what is native code: {done.stderr.decode().strip()[-500:]}")
    return done.stdout.decode().rstrip()


def _compile(model: Path, dtype: str, watch: Any, tell: Tell) -> Any:
    from aweigh.compiler.capture.library_class import dtype_named
    from aweigh.compiler.compilation import compile_config, read_config
    from aweigh.compiler.known import config_text
    from aweigh.proto.errors import ModelNotFound

    if not model.exists():
        raise ModelNotFound(
            f"There is no file or directory {str(model)!r}: give a checkpoint's directory or a config.json."
        )
    config = read_config(config_text(str(model)) if model.is_dir() else model.read_text())
    said = dtype or str(getattr(config, "dtype", None) or "float32").removeprefix("torch.")
    return compile_config(config, dtype_named(said), watch, tell)
