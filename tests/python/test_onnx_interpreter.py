"""Every operator of the trainer's interpreter against ONNX Runtime, on random values."""

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from onnx_probe import interpret

RANDOM = np.random.default_rng(11)


def normal(*shape):
    return RANDOM.standard_normal(shape).astype(np.float32)


CASES = {
    "Conv": ("Conv", (3, 9, 8), [normal(4, 3, 3, 3), normal(4)], {}),
    "Conv without bias": ("Conv", (3, 9, 8), [normal(4, 3, 3, 2)], {"kernel_shape": [3, 2]}),
    "Conv with strides and even pads": ("Conv", (3, 9, 8), [normal(4, 3, 3, 3), normal(4)], {"strides": [2, 1], "pads": [1, 2, 1, 2]}),
    "Conv with uneven pads": ("Conv", (3, 9, 8), [normal(4, 3, 3, 3)], {"strides": [2, 2], "pads": [0, 1, 1, 0]}),
    "Conv by channel": ("Conv", (6, 9, 8), [normal(6, 1, 3, 3), normal(6)], {"group": 6, "pads": [1, 1, 1, 1]}),
    "Conv by groups, dilated": ("Conv", (4, 11, 9), [normal(6, 2, 3, 3)], {"group": 2, "dilations": [2, 3]}),
    "MaxPool": ("MaxPool", (3, 9, 8), [], {"kernel_shape": [2, 2], "strides": [2, 2]}),
    "MaxPool with uneven pads": ("MaxPool", (3, 9, 8), [], {"kernel_shape": [3, 2], "strides": [2, 2], "pads": [1, 0, 0, 1]}),
    "GlobalAveragePool": ("GlobalAveragePool", (5, 7, 3), [], {}),
    "Flatten": ("Flatten", (3, 4, 5), [], {}),
    "Flatten at 2": ("Flatten", (3, 4, 5), [], {"axis": 2}),
    "Relu": ("Relu", (3, 4), [], {}),
    "Sign": ("Sign", (3, 4), [], {}),
    "Clip": ("Clip", (3, 4), [np.float32(-0.5), np.float32(0.25)], {}),
    "Clip below": ("Clip", (3, 4), [np.float32(0)], {}),
    "Add": ("Add", (3, 4), [normal(3, 1)], {}),
    "Mul": ("Mul", (3, 4), [normal(2, 1, 1, 4)], {}),
    "MatMul": ("MatMul", (5, 4), [normal(4, 6)], {}),
    "MatMul of batches": ("MatMul", (5, 4), [normal(2, 4, 3)], {}),
    "Gemm": ("Gemm", (6,), [normal(6, 4), normal(4)], {}),
    "Gemm transposed": ("Gemm", (6,), [normal(4, 6), normal(2, 1)], {"transB": 1, "alpha": 0.5, "beta": 2.0}),
    "Gemm without bias": ("Gemm", (6,), [normal(3, 2)[:2]], {"transA": 1}),
    "Reshape": ("Reshape", (3, 4, 5), [np.array([0, -1, 10])], {}),
    "Unsqueeze": ("Unsqueeze", (3, 4), [np.array([-1, 1])], {}),
    "Cast": ("Cast", (3, 4), [], {"to": TensorProto.FLOAT}),
}


@pytest.mark.parametrize("case", CASES)
def test_operator_gives_what_onnx_runtime_gives(case, tmp_path):
    op_type, dims, weights, attributes = CASES[case]
    names = [f"w{i}" for i in range(len(weights))]
    graph = helper.make_graph(
        [helper.make_node(op_type, ["x", *names], ["y"], **attributes)],
        "test",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", *dims])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in zip(names, weights)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    file = tmp_path / "operator.onnx"
    onnx.save(model, file)
    x = normal(2, *dims)
    x.flat[0] = 0  # Sign and Relu at the kink
    (expected,) = onnxruntime.InferenceSession(str(file)).run(None, {"x": x})
    got = interpret(file, x, tmp_path)["y"]
    assert got.shape == expected.shape
    # float32 sums of at most 60 products of size about 1, in another order
    np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-5)
