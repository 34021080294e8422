"""The trainer as a library: a program of its own trains with it, and another project's CMake takes it in."""

import pathlib
import re
import subprocess

import pytest

from program import LOBULE, REPOSITORY
from test_train import tensors

EXAMPLE = REPOSITORY / "tests/tools/train_library.cpp"


def test_a_program_that_links_the_library_trains(phantoms, tmp_path):
    run_dir = tmp_path / "run"
    done = subprocess.run([pathlib.Path(LOBULE).parent / "train_library", phantoms, run_dir], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == ["epoch 1", "epoch 2"]
    assert len((run_dir / "history.jsonl").read_text().splitlines()) == 2
    assert "conv1.weight" in tensors(run_dir / "checkpoints/best.safetensors")


def test_bad_input_of_the_library_is_an_exception_with_file_and_cause(tmp_path):
    done = subprocess.run([pathlib.Path(LOBULE).parent / "train_library", tmp_path / "nothing", tmp_path / "run"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert str(tmp_path / "nothing") in done.stderr


@pytest.fixture(scope="module")
def other_project(tmp_path_factory):
    """The project of CONTRIBUTING.md's section, configured."""
    listing = re.search(r"```cmake\n(.*?)```", (REPOSITORY / "CONTRIBUTING.md").read_text(), re.S)[1]
    folder = tmp_path_factory.mktemp("project")
    (folder / "CMakeLists.txt").write_text(listing.replace("/path/to/lobule", str(REPOSITORY)))
    (folder / "my_training.cpp").write_text(EXAMPLE.read_text())
    done = subprocess.run(["cmake", "-G", "Ninja", "-S", folder, "-B", folder / "build", "-DCMAKE_BUILD_TYPE=Release"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def test_another_project_builds_the_library_and_none_of_our_programs_and_tests(other_project):
    """What ninja would do: doing it takes as long as LibTorch's headers take, some 80 times."""
    plan = subprocess.run(["ninja", "-C", other_project / "build", "-n", "-v"], capture_output=True, text=True, check=True).stdout
    assert "my_training.cpp.o" in plan and "native_train/training.cpp" in plan
    assert "/main.cpp" not in plan and "catch" not in plan and "wasm_app" not in plan


def test_another_projects_program_compiles_with_the_librarys_headers(other_project):
    """Against what that project's own compile command says, syntax only."""
    plan = subprocess.run(["ninja", "-C", other_project / "build", "-t", "commands", "my_training"], capture_output=True, text=True, check=True).stdout
    command = next(line for line in plan.splitlines() if line.rstrip().endswith("my_training.cpp"))
    command = re.sub(r" -MD -MT \S+ -MF \S+ -o \S+ -c ", " -fsyntax-only ", command)
    assert "-fsyntax-only" in command
    done = subprocess.run(command, shell=True, cwd=other_project / "build", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
