"""A small synthetic data set, its split, a model of it and its evaluation, made once for all tests of the commands."""

import os

import pytest

from program import run


@pytest.fixture(scope="session", autouse=True)
def cache_of_the_tests(tmp_path_factory):
    """Decoded images of these tests stay out of the user's cache."""
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def phantoms(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data") / "phantoms"
    done = run("phantom", folder, "--patients", 12, "--images-per-patient", 2, "--size", "96x64")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def twenty_patients(tmp_path_factory):
    """12 of them are trained on, with 48 images."""
    folder = tmp_path_factory.mktemp("data") / "twenty_patients"
    done = run("phantom", folder, "--patients", 20, "--images-per-patient", 4, "--size", "96x64")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def split_file(phantoms, tmp_path_factory):
    file = tmp_path_factory.mktemp("split") / "split.csv"
    done = run("split", phantoms, "--out", file)
    assert done.returncode == 0, done.stderr
    return file


@pytest.fixture(scope="session")
def model(phantoms, split_file, tmp_path_factory):
    """A model hardly trained: its calls are poor, its file is like any other."""
    folder = tmp_path_factory.mktemp("model")
    small = ["--epochs", 1, "--batch-size", 8, "--input-size", "48x32", "--threads", 1]
    done = run("train", phantoms, "--split", split_file, "--out", folder / "run", *small)
    assert done.returncode == 0, done.stderr
    done = run("export", folder / "run", "--out", folder / "model.onnx")
    assert done.returncode == 0, done.stderr
    return folder / "model.onnx"


@pytest.fixture(scope="session")
def evaluation(phantoms, split_file, model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("evaluation") / "made" / "here"
    done = run("evaluate", model, phantoms, "--split", split_file, "--set", "all", "--out", folder, "--bootstrap", 50)
    assert done.returncode == 0, done.stderr
    return folder, done
