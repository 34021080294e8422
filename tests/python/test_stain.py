"""Stain separation and normalisation against numpy's own reckoning of the published formulas, and the same bits in the WebAssembly build."""

import decimal

import numpy
import pytest
from PIL import Image
from pixels import NATIVE, WASM, WASM_PROGRAM, answers, describe

PROBE = [NATIVE[0].replace("core_probe", "stain_probe")]
WASM_PROBE = [word.replace("core_probe", "stain_probe") for word in WASM]
HAEMATOXYLIN = numpy.array([0.65, 0.70, 0.29])  # Ruifrok & Johnston 2001
EOSIN = numpy.array([0.07, 0.99, 0.11])
REFERENCE = numpy.array([[0.5626, 0.7201, 0.4062], [0.2159, 0.8012, 0.5581]])  # M. Veta's toolbox, natural logarithms
REFERENCE_STRENGTHS = numpy.array([1.9705, 1.0308]) / numpy.log(10)


def unit(vector):
    return vector / numpy.linalg.norm(vector)


def optical_density(rgb):
    return -numpy.log10(numpy.maximum(rgb.reshape(-1, 3), 1) / 255.0)


def samples_of(density, shape):
    return numpy.clip(numpy.floor(255 * 10.0**-density + 0.5), 0, 255).astype(numpy.uint8).reshape(shape)


def stained_image(seed, stains, strengths=(0.8, 0.5), glass=0.2, size=(96, 64)):
    """Random amounts of two stains, some glass, and a camera's noise."""
    random = numpy.random.default_rng(seed)
    amounts = random.gamma(2.0, 0.5, (size[1] * size[0], 2)) * strengths
    amounts[random.random(len(amounts)) < glass] = 0
    light = 255 * 10.0 ** -(amounts @ stains)
    noisy = light + random.normal(0, 1.0, light.shape)
    return numpy.clip(noisy + 0.5, 0, 255).astype(numpy.uint8).reshape(size[1], size[0], 3)


LABORATORIES = {
    "ruifrok": numpy.array([unit(HAEMATOXYLIN), unit(EOSIN)]),
    "reference": REFERENCE,
    "bluish": numpy.array([unit(numpy.array([0.75, 0.60, 0.28])), unit(numpy.array([0.10, 0.90, 0.20]))]),
}


def estimate(rgb):
    """Macenko et al. 2009: singular vectors of the densities of tissue, and the extreme angles in their plane, by rank."""
    density = optical_density(rgb)
    density = density[(density >= 0.15).all(axis=1)]
    vectors = numpy.linalg.svd(density, full_matrices=False)[2][:2]
    if vectors[0].sum() < 0:
        vectors[0] = -vectors[0]
    angles = numpy.sort(numpy.arctan2(density @ vectors[1], density @ vectors[0]))
    last = len(angles) - 1
    extremes = angles[[last // 100, last - last // 100]]
    stains = numpy.stack([numpy.cos(extremes), numpy.sin(extremes)], axis=1) @ vectors
    if stains[0, 0] < stains[1, 0]:
        stains = stains[::-1]
    amounts = numpy.linalg.lstsq(stains.T, density.T, rcond=None)[0]
    strengths = numpy.sort(amounts, axis=1)[:, last - last // 100]
    return stains, strengths


def written(rgb, folder, name="image"):
    file = folder / f"{name}.png"
    Image.fromarray(rgb).save(file)
    return file


def result_of(job, folder, shape):
    """The bytes of a job that writes its result, and its answer checked against them."""
    out = folder / "result.rgb"
    (answer,) = answers([f"{job} {out}"], folder, PROBE)
    rgb = numpy.frombuffer(out.read_bytes(), numpy.uint8).reshape(shape)
    assert answer == describe(rgb)
    return rgb.astype(int)


def test_the_table_of_densities_holds_the_nearest_doubles(tmp_path):
    decimal.getcontext().prec = 60
    (answer,) = answers(["densities -"], tmp_path, PROBE)
    table = [float.fromhex(word) for word in answer.split()]
    assert len(table) == 256
    for sample, density in enumerate(table):
        assert density == abs(float((decimal.Decimal(max(sample, 1)) / 255).log10())), sample


@pytest.mark.parametrize("name", LABORATORIES)
def test_densities_are_numpys_solution_of_ruifroks_equations(name, tmp_path):
    rgb = stained_image(3, LABORATORIES[name])
    stains = numpy.array([unit(HAEMATOXYLIN), unit(EOSIN)])
    normal = unit(numpy.cross(stains[0], stains[1]))
    expected = numpy.linalg.solve(numpy.stack([*stains, normal]).T, optical_density(rgb).T)
    out = tmp_path / "planes.f32"
    answers([f"separate {written(rgb, tmp_path)} {out}"], tmp_path, PROBE)
    planes = numpy.fromfile(out, numpy.float32).reshape(3, -1)
    # Rounding to float32, and a condition of about 2.
    numpy.testing.assert_allclose(planes, expected, atol=1e-6, rtol=1e-6)


@pytest.mark.parametrize("name", LABORATORIES)
def test_stains_are_macenkos(name, tmp_path):
    rgb = stained_image(4, LABORATORIES[name])
    stains, strengths = estimate(rgb)
    (answer,) = answers([f"stains {written(rgb, tmp_path)}"], tmp_path, PROBE)
    values = numpy.array([float.fromhex(word) for word in answer.split()])
    # Both are exact but for the rounding of sums over six thousand pixels.
    numpy.testing.assert_allclose(values[:6].reshape(2, 3), stains, atol=1e-9)
    numpy.testing.assert_allclose(values[6:], strengths, rtol=1e-8)


def test_the_stains_found_are_those_that_the_image_was_made_with(tmp_path):
    (answer,) = answers([f"stains {written(stained_image(4, REFERENCE), tmp_path)}"], tmp_path, PROBE)
    for found, true in zip(numpy.array([float.fromhex(word) for word in answer.split()[:6]]).reshape(2, 3), REFERENCE):
        # The extreme one in a hundred of random mixtures is nearly pure; the camera's noise turns it by a degree or two.
        assert numpy.degrees(numpy.arccos(found @ true / numpy.linalg.norm(true))) < 3


@pytest.mark.parametrize("name", LABORATORIES)
def test_a_macenko_normalised_image_is_numpys(name, tmp_path):
    rgb = stained_image(5, LABORATORIES[name], strengths=(0.5, 0.9))
    stains, strengths = estimate(rgb)
    amounts = numpy.linalg.lstsq(stains.T, optical_density(rgb).T, rcond=None)[0] * (REFERENCE_STRENGTHS / strengths)[:, None]
    expected = samples_of((REFERENCE.T @ amounts).T, rgb.shape)
    result = result_of(f"macenko {written(rgb, tmp_path)}", tmp_path, rgb.shape)
    # float32 densities: a sample next to a half may be rounded to the other side.
    assert numpy.abs(result - expected).max() <= 1
    assert (result != expected).mean() < 1e-3


def ruderman(rgb):
    """l, alpha, beta of Reinhard et al. 2001, equations 3 to 6."""
    cones = numpy.array([[0.3811, 0.5783, 0.0402], [0.1967, 0.7244, 0.0782], [0.0241, 0.1288, 0.8444]])
    opponents = numpy.diag(1 / numpy.sqrt([3, 6, 2])) @ numpy.array([[1, 1, 1], [1, 1, -2], [1, -1, 0]])
    return cones, opponents, (opponents @ numpy.log10(cones @ (numpy.maximum(rgb.reshape(-1, 3), 1) / 255.0).T))


def test_a_reinhard_normalised_image_is_numpys(tmp_path):
    source = stained_image(6, LABORATORIES["bluish"])
    target = stained_image(7, LABORATORIES["reference"], strengths=(1.2, 0.4))
    cones, opponents, own = ruderman(source)
    wanted = ruderman(target)[2]
    moved = (own - own.mean(1, keepdims=True)) * wanted.std(1, keepdims=True) / own.std(1, keepdims=True) + wanted.mean(1, keepdims=True)
    samples = 255 * (numpy.linalg.inv(cones) @ 10.0 ** (numpy.linalg.inv(opponents) @ moved))
    expected = numpy.clip(numpy.floor(samples.T + 0.5), 0, 255).reshape(source.shape)
    job = f"reinhard {written(source, tmp_path, 'source')} {written(target, tmp_path, 'target')}"
    result = result_of(job, tmp_path, source.shape)
    assert numpy.abs(result - expected).max() <= 1
    assert (result != expected).mean() < 1e-3


def test_an_image_brought_to_its_own_colours_is_itself(tmp_path):
    rgb = numpy.maximum(stained_image(8, LABORATORIES["ruifrok"]), 1)
    file = written(rgb, tmp_path)
    assert (result_of(f"reinhard {file} {file}", tmp_path, rgb.shape) == rgb).all()


@pytest.mark.skipif(not WASM_PROGRAM.with_name("stain_probe.js").exists(), reason=f"no WebAssembly build beside {WASM_PROGRAM}")
def test_the_wasm_build_gives_the_same_bits(tmp_path):
    files = [written(stained_image(20 + number, stains), tmp_path, name) for number, (name, stains) in enumerate(LABORATORIES.items())]
    files.append(written(numpy.random.default_rng(9).integers(0, 256, (53, 71, 3), dtype=numpy.uint8), tmp_path, "noise"))
    out = tmp_path / "out"
    jobs = ["densities -"]
    for file in files:
        jobs += [f"stains {file}", f"separate {file} {out}", f"macenko {file} {out}", f"reinhard {file} {files[0]} {out}"]
    native = answers(jobs, tmp_path, PROBE)
    assert not any(answer.startswith("error") for answer in native)
    assert answers(jobs, tmp_path, WASM_PROBE) == native
