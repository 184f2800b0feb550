"""`python -m aweigh.compiler`: the compiler's process, a child of whoever needs a Program."""

from aweigh.compiler.server import serve

serve()
