"""`aweigh hook install | remove`: a startup file in site-packages, for interpreters that `aweigh run` does not start.

A `.pth` file there runs at every start of an interpreter of this environment (`site`, in the standard library), ``-I`` and ``-E``
included, which is how coverage.py measures subprocesses. Its one line does nothing unless AWEIGH=1, and costs some microseconds then.
So servers and IDEs get the hooks by an environment variable. Never written but by this command.
"""

import os
import sys
import sysconfig
import tempfile
from pathlib import Path

NAME = "aweigh-hook.pth"
LINE = (
    'import os; os.environ.get("AWEIGH", "") in ("", "0") or '
    '__import__("aweigh.compiler.offload", fromlist=["install"]).install()\n'
)
USAGE = 2
HELP = f"""\
usage: aweigh hook install | remove

install   writes {NAME} into this environment's site-packages: every interpreter of it then has the import hooks while AWEIGH=1
          is in its environment, `python -I`, servers and IDEs too; without AWEIGH=1 nothing happens
remove    deletes that file"""


def main(arguments: list[str]) -> int:
    """Runs the command. Exit codes: 0, 1 where site-packages cannot be written, 2 for usage."""
    if arguments in (["-h"], ["--help"]):
        print(HELP)
        return 0
    actions = {"install": install, "remove": remove}
    if len(arguments) != 1 or arguments[0] not in actions:
        print(f"aweigh hook: say install or remove\n\n{HELP}", file=sys.stderr)
        return USAGE
    try:
        print(actions[arguments[0]](path()))
    except OSError as error:
        print(
            f"aweigh hook: cannot write {path()}: {error.strerror}; use a virtual environment of your own "
            "(python -m venv), or run this as the owner of that directory",
            file=sys.stderr,
        )
        return 1
    return 0


def path() -> Path:
    """Where the file stands, or would."""
    return Path(sysconfig.get_path("purelib")) / NAME


def installed() -> bool:
    """Whether interpreters of this environment read the file."""
    return path().is_file()


def install(file: Path) -> str:
    """Writes the file, whole or not at all. Returns what to say. Raises OSError."""
    if file.is_file() and file.read_text(encoding="utf-8") == LINE:
        return f"already installed: {file}"
    descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix=NAME)  # ends in no .pth: nobody reads it
    try:
        with open(descriptor, "w", encoding="utf-8") as opened:
            opened.write(LINE)
        os.chmod(temporary, 0o644)
        os.replace(temporary, file)
    except BaseException:
        os.unlink(temporary)
        raise
    return f"installed: {file}\nAWEIGH=1 python script.py runs with the hooks now; `aweigh hook remove` undoes this"


def remove(file: Path) -> str:
    """Deletes the file. Returns what to say. Raises OSError."""
    try:
        file.unlink()
    except FileNotFoundError:
        return f"not installed: there is no {file}"
    return f"removed: {file}"
