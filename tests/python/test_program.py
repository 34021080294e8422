"""The program itself: help, version, and what it says to wrong usage."""

import pytest

from program import REPOSITORY, RESEARCH_USE_ONLY, run


def test_help_names_every_command_with_an_example_and_the_research_use():
    done = run("--help")
    assert done.returncode == 0
    assert RESEARCH_USE_ONLY in done.stdout
    for command in ("phantom", "split", "train", "export", "evaluate", "predict", "verify", "inspect"):
        assert f"  lobule {command} " in done.stdout
        own = run(command, "--help")
        assert own.returncode == 0
        assert f"lobule {command}" in own.stdout


def test_version_is_the_projects():
    done = run("--version")
    assert done.returncode == 0
    assert f"project(lobule VERSION {done.stdout.split()[1]} " in (REPOSITORY / "CMakeLists.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["paint"],
        ["split"],
        ["split", "data", "--out", "x.csv", "--folds", "2"],
        ["split", "data", "--out", "x.csv", "--folds", "5", "--ratios", "60/20/20"],
        ["evaluate", "--out", "x"],
        ["evaluate", "model.onnx", "data", "--predictions", "p.csv", "--out", "x"],
        ["evaluate", "model.onnx", "data", "--out", "x", "--set", "dev"],
        ["evaluate", "model.onnx", "data", "--out", "x", "--fold", "1"],
        ["predict", "model.onnx"],
        ["inspect", "image.png", "--tensor-sha256"],
        ["inspect", "image.png", "--model", "model.onnx"],
    ],
)
def test_wrong_usage_ends_with_status_2_and_a_hint(arguments):
    done = run(*arguments)
    assert done.returncode == 2, done.stderr
    assert "--help" in done.stderr
