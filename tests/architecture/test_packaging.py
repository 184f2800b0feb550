"""The wheel and the sdist hold every room and every public file, whichever way they are built."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from house.tree import PUBLIC, ROOMS, ROOT, files


def build(root: Path, out: Path, kind: str) -> Path:
    """Build ``kind`` (``wheel`` or ``sdist``) of the project at ``root`` into ``out``; its path. No network, no isolation."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(out)],
        cwd=root,
        check=True,
        capture_output=True,
    )
    (made,) = out.glob("*.whl" if kind == "wheel" else "*.tar.gz")
    return made


def expected() -> set[str]:
    """The names inside a wheel of every tracked or new file of the rooms, and of the public files."""
    rooms = {path.relative_to(ROOT) for path in files("") if path.relative_to(ROOT).parts[0] in ROOMS}
    return {f"aweigh/{path.as_posix()}" for path in rooms} | {f"aweigh/{Path(name).name}" for name in PUBLIC}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the checkout."""
    return build(ROOT, tmp_path_factory.mktemp("wheel"), "wheel")


def test_wheel_holds_every_room_and_public_file(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    assert {f"aweigh/{room}/__init__.py" for room in ROOMS} <= expected()
    assert expected() <= inside
    foreign = {name for name in inside if not name.startswith(("aweigh/", "aweigh-"))}
    assert not foreign


def test_sdist_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    source = build(ROOT, tmp_path, "sdist")
    with tarfile.open(source) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = (path for path in tmp_path.iterdir() if path.is_dir())
    again = build(unpacked, tmp_path / "dist", "wheel")
    assert set(zipfile.ZipFile(again).namelist()) == set(zipfile.ZipFile(wheel).namelist())


def test_installed_from_a_wheel_it_imports_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    program = "import aweigh, aweigh.proto.v1, aweigh.compiler, aweigh.engine; print(aweigh.__file__, aweigh.EngineLost.__name__)"
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert ran.stdout.split() == [str(tmp_path / "aweigh/__init__.py"), "EngineLost"]


@pytest.mark.parametrize("room", ROOMS)
def test_link_leads_to_the_room_at_the_root(room: str) -> None:
    link = ROOT / "src/aweigh" / room
    assert link.is_symlink() and not link.readlink().is_absolute()
    assert link.resolve() == ROOT / room
    assert (ROOT / room / "__init__.py").is_file() and (ROOT / room / "py.typed").is_file()


def test_every_folder_with_code_is_a_package() -> None:
    """A folder without ``__init__.py`` would be invisible to the import linter, and so free of every contract.

    The one exception holds a ``sitecustomize.py`` and stands on the path itself.
    """
    folders = {
        path.parent
        for path in files(".py")
        if path.relative_to(ROOT).parts[0] in ROOMS and path.name != "sitecustomize.py"
    }
    assert not {str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").is_file()}
