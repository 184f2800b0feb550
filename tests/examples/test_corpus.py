"""The text that the model learns from: what is taken, how functions are cut out, what is held out."""

import ast
from pathlib import Path

from corpus import functions, is_held_out, read_corpus, source_files  # type: ignore[import-not-found]

SOURCE = '''
import os

@decorated
def one(x):
    def inside():
        return 1
    return inside

class Two:
    @property
    async def three(self):
        """Words."""
        return os
'''


def test_functions_are_cut_out_dedented_with_their_decorators() -> None:
    one, three = functions(SOURCE)
    assert one.startswith("@decorated\ndef one(x):\n    def inside():")
    assert three.startswith("@property\nasync def three(self):\n")
    for text in (one, three):
        ast.parse(text)


def test_only_the_library_itself_is_read(tmp_path: Path) -> None:
    for name in ("a.py", "b/c.py", "test/d.py", "site-packages/e.py", "b/f.txt", "empty.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("" if name == "empty.py" else "x = 1\n")
    assert [path.relative_to(tmp_path).as_posix() for path in source_files(tmp_path)] == ["a.py", "b/c.py"]


def test_a_file_is_held_out_with_its_functions_or_not_at_all(tmp_path: Path) -> None:
    names = [f"module_{number}.py" for number in range(60)]
    for number, name in enumerate(names):
        (tmp_path / name).write_text(f"def function_{number}():\n    return {number}\n")
    corpus = read_corpus(tmp_path)
    out = {number for number, name in enumerate(names) if is_held_out(name)}
    assert 0 < len(out) < 30
    assert len(corpus.held_out) == 2 * len(out)
    assert {text for number in out for text in corpus.held_out if f"function_{number}(" in text} == set(corpus.held_out)
    assert not set(corpus.train) & set(corpus.held_out)


def test_what_is_not_python_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("def (:\n")
    (tmp_path / "latin.py").write_bytes(b"# \xe4\n")
    corpus = read_corpus(tmp_path)
    assert corpus.train == corpus.held_out == ()
