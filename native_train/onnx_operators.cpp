#include "onnx_operators.h"

#include <limits>
#include <optional>
#include <set>
#include <stdexcept>

#include "device.h"

namespace lobule {
namespace {

using torch::Tensor;
using Inputs = std::vector<Tensor>;
using Integers = std::vector<std::int64_t>;

/// Reads a node's inputs and attributes, and remembers which attributes were asked for: one that nobody knows changes the result.
class NodeReader {
 public:
  NodeReader(const OnnxNode& node, const std::map<std::string, Tensor>& constants) : node_(node), constants_(constants) {}

  [[noreturn]] void refuse(const std::string& cause) const { throw std::runtime_error(describe(node_) + " " + cause); }

  void inputs(std::size_t fewest, std::size_t most) const {
    if (node_.inputs.size() < fewest || node_.inputs.size() > most) refuse("has " + std::to_string(node_.inputs.size()) + " inputs");
    for (std::size_t i = 0; i < fewest; ++i) {
      if (node_.inputs[i].empty()) refuse("lacks its input " + std::to_string(i + 1));
    }
  }

  std::int64_t integer(const std::string& name, std::int64_t otherwise) {
    const OnnxAttribute* attribute = find(name, OnnxAttribute::Type::integer);
    return attribute == nullptr ? otherwise : attribute->i;
  }
  double real(const std::string& name, double otherwise) {
    const OnnxAttribute* attribute = find(name, OnnxAttribute::Type::real);
    return attribute == nullptr ? otherwise : attribute->f;
  }
  Integers integers(const std::string& name, const Integers& otherwise) {
    const OnnxAttribute* attribute = find(name, OnnxAttribute::Type::integers);
    if (attribute == nullptr) return otherwise;
    if (attribute->ints.size() != otherwise.size()) refuse("needs " + std::to_string(otherwise.size()) + " values in " + name);
    return attribute->ints;
  }
  /// Only this value of an attribute is understood.
  void require(const std::string& name, std::int64_t value) {
    if (integer(name, value) != value) refuse("has " + name + " " + std::to_string(integer(name, value)) + ", which is not supported");
  }
  void require_explicit_pads() {
    const OnnxAttribute* attribute = find("auto_pad", OnnxAttribute::Type::string);
    if (attribute != nullptr && attribute->s != "NOTSET") refuse("has auto_pad " + attribute->s + "; pads must be explicit");
  }
  void finish() const {
    for (const OnnxAttribute& attribute : node_.attributes) {
      if (known_.count(attribute.name) == 0) refuse("has the attribute " + attribute.name + ", which is not supported");
    }
  }

  bool has_input(std::size_t index) const { return index < node_.inputs.size() && !node_.inputs[index].empty(); }

  /// An input that must be known before anything runs.
  Tensor constant(std::size_t index) const {
    const auto found = constants_.find(node_.inputs[index]);
    if (found == constants_.end()) refuse("has an input '" + node_.inputs[index] + "' that depends on the image; it must be constant");
    return to_host(found->second);
  }
  at::Scalar constant_number(std::size_t index) const {
    const Tensor value = constant(index);
    if (value.numel() != 1) refuse("needs one number as input " + std::to_string(index + 1));
    return value.item();
  }
  Integers constant_integers(std::size_t index) const {
    const Tensor values = constant(index);
    if (values.scalar_type() != torch::kInt64 || values.dim() != 1) refuse("needs a list of int64 as input " + std::to_string(index + 1));
    return {values.const_data_ptr<std::int64_t>(), values.const_data_ptr<std::int64_t>() + values.numel()};
  }

 private:
  const OnnxAttribute* find(const std::string& name, OnnxAttribute::Type type) {
    known_.insert(name);
    const OnnxAttribute* attribute = node_.find_attribute(name);
    if (attribute != nullptr && attribute->type != type) refuse("has the attribute " + name + " of another type than the specification's");
    return attribute;
  }

  const OnnxNode& node_;
  const std::map<std::string, Tensor>& constants_;
  std::set<std::string> known_;
};

/// pads: top, left, bottom, right.
Tensor padded(const Tensor& x, const Integers& pads, double value) {
  if (pads == Integers{0, 0, 0, 0}) return x;
  return torch::constant_pad_nd(x, {pads[1], pads[3], pads[0], pads[2]}, value);
}

OnnxOperator make_conv(NodeReader& node) {
  node.inputs(2, 3);
  node.require_explicit_pads();
  const Integers strides = node.integers("strides", {1, 1});
  const Integers dilations = node.integers("dilations", {1, 1});
  const Integers pads = node.integers("pads", {0, 0, 0, 0});
  node.integers("kernel_shape", {0, 0});  // says again what the weight's shape says
  const std::int64_t groups = node.integer("group", 1);
  const bool symmetric = pads[0] == pads[2] && pads[1] == pads[3];
  return [=](const Inputs& in) {
    const Tensor bias = in.size() > 2 ? in[2] : Tensor();
    const Tensor x = symmetric ? in[0] : padded(in[0], pads, 0);
    const Integers padding = symmetric ? Integers{pads[0], pads[1]} : Integers{0, 0};
    return torch::conv2d(x, in[1], bias, strides, padding, dilations, groups);
  };
}

OnnxOperator make_max_pool(NodeReader& node) {
  node.inputs(1, 1);
  node.require_explicit_pads();
  node.require("ceil_mode", 0);
  node.require("storage_order", 0);
  const Integers kernel = node.integers("kernel_shape", {0, 0});
  const Integers strides = node.integers("strides", {1, 1});
  const Integers dilations = node.integers("dilations", {1, 1});
  const Integers pads = node.integers("pads", {0, 0, 0, 0});
  if (kernel == Integers{0, 0}) node.refuse("lacks kernel_shape");
  return [=](const Inputs& in) {
    const Tensor x = padded(in[0], pads, -std::numeric_limits<double>::infinity());
    return torch::max_pool2d(x, kernel, strides, {0, 0}, dilations);
  };
}

OnnxOperator make_global_average_pool(NodeReader& node) {
  node.inputs(1, 1);
  return [](const Inputs& in) { return in[0].mean({2, 3}, true); };
}

OnnxOperator make_relu(NodeReader& node) {
  node.inputs(1, 1);
  return [](const Inputs& in) { return torch::relu(in[0]); };
}

OnnxOperator make_sign(NodeReader& node) {
  node.inputs(1, 1);
  return [](const Inputs& in) { return torch::sign(in[0]); };
}

OnnxOperator make_clip(NodeReader& node) {
  node.inputs(1, 3);
  std::optional<at::Scalar> low;
  std::optional<at::Scalar> high;
  if (node.has_input(1)) low = node.constant_number(1);
  if (node.has_input(2)) high = node.constant_number(2);
  return [=](const Inputs& in) { return low || high ? torch::clamp(in[0], low, high) : in[0]; };
}

OnnxOperator make_flatten(NodeReader& node) {
  node.inputs(1, 1);
  const std::int64_t given = node.integer("axis", 1);
  return [=](const Inputs& in) {
    const std::int64_t axis = given < 0 ? given + in[0].dim() : given;
    TORCH_CHECK(axis >= 0 && axis <= in[0].dim(), "axis ", given, " does not exist");
    std::int64_t rows = 1;
    for (std::int64_t i = 0; i < axis; ++i) rows *= in[0].size(i);
    return in[0].reshape({rows, rows == 0 ? 0 : in[0].numel() / rows});
  };
}

OnnxOperator make_reshape(NodeReader& node) {
  node.inputs(2, 2);
  node.require("allowzero", 0);
  const Integers shape = node.constant_integers(1);
  return [=](const Inputs& in) {
    Integers wanted = shape;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (wanted[i] == 0) wanted[i] = in[0].size(static_cast<std::int64_t>(i));  // 0: as in the input
    }
    return in[0].reshape(wanted);
  };
}

OnnxOperator make_unsqueeze(NodeReader& node) {
  node.inputs(2, 2);
  const Integers axes = node.constant_integers(1);
  return [=](const Inputs& in) {
    std::set<std::int64_t> places;  // in the result, ascending
    for (const std::int64_t axis : axes) places.insert(axis < 0 ? axis + in[0].dim() + static_cast<std::int64_t>(axes.size()) : axis);
    Tensor result = in[0];
    for (const std::int64_t place : places) result = result.unsqueeze(place);
    return result;
  };
}

OnnxOperator make_gemm(NodeReader& node) {
  node.inputs(2, 3);
  const double alpha = node.real("alpha", 1);
  const double beta = node.real("beta", 1);
  const bool trans_a = node.integer("transA", 0) != 0;
  const bool trans_b = node.integer("transB", 0) != 0;
  return [=](const Inputs& in) {
    const Tensor a = trans_a ? in[0].t() : in[0];
    const Tensor b = trans_b ? in[1].t() : in[1];
    if (in.size() > 2 && in[2].defined()) return torch::addmm(in[2], a, b, beta, alpha);
    return a.matmul(b) * alpha;
  };
}

OnnxOperator make_matmul(NodeReader& node) {
  node.inputs(2, 2);
  return [](const Inputs& in) { return torch::matmul(in[0], in[1]); };
}

OnnxOperator make_add(NodeReader& node) {
  node.inputs(2, 2);
  return [](const Inputs& in) { return in[0] + in[1]; };
}

OnnxOperator make_mul(NodeReader& node) {
  node.inputs(2, 2);
  return [](const Inputs& in) { return in[0] * in[1]; };
}

OnnxOperator make_cast(NodeReader& node) {
  node.inputs(1, 1);
  const auto to = static_cast<OnnxType>(node.integer("to", 0));
  if (element_size(to) == 0) node.refuse("casts to a data type that is not supported");
  const torch::ScalarType type = torch_type(to);
  return [=](const Inputs& in) { return in[0].to(type); };
}

const std::map<std::string, OnnxOperator (*)(NodeReader&)>& operators() {
  static const std::map<std::string, OnnxOperator (*)(NodeReader&)> table = {{"Add", make_add},
                                                                             {"Cast", make_cast},
                                                                             {"Clip", make_clip},
                                                                             {"Conv", make_conv},
                                                                             {"Flatten", make_flatten},
                                                                             {"Gemm", make_gemm},
                                                                             {"MatMul", make_matmul},
                                                                             {"MaxPool", make_max_pool},
                                                                             {"Mul", make_mul},
                                                                             {"Relu", make_relu},
                                                                             {"Reshape", make_reshape},
                                                                             {"Sign", make_sign},
                                                                             {"Unsqueeze", make_unsqueeze},
                                                                             {"GlobalAveragePool", make_global_average_pool}};
  return table;
}

}  // namespace

std::string describe(const OnnxNode& node) { return "ONNX node '" + node.name + "' (" + node.op_type + ")"; }

torch::ScalarType torch_type(OnnxType type) {
  switch (type) {
    case OnnxType::float32:
      return torch::kFloat32;
    case OnnxType::float64:
      return torch::kFloat64;
    case OnnxType::float16:
      return torch::kFloat16;
    case OnnxType::uint8:
      return torch::kUInt8;
    case OnnxType::int8:
      return torch::kInt8;
    case OnnxType::int32:
      return torch::kInt32;
    case OnnxType::int64:
      return torch::kInt64;
    case OnnxType::boolean:
      return torch::kBool;
    case OnnxType::undefined:
      break;
  }
  throw std::logic_error("an ONNX value has no type");
}

OnnxOperator make_onnx_operator(const OnnxNode& node, const std::map<std::string, Tensor>& constants) {
  const auto found = operators().find(node.op_type);
  if (found == operators().end()) {
    throw std::runtime_error("unknown operator " + node.op_type + " (ONNX node '" + node.name + "')");
  }
  NodeReader reader(node, constants);
  if (node.outputs.size() != 1) reader.refuse("has " + std::to_string(node.outputs.size()) + " outputs; one is supported");
  OnnxOperator made = found->second(reader);
  reader.finish();
  return made;
}

}  // namespace lobule
