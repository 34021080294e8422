#include "onnx_shapes.h"

// Conv and pools over [N,C,h,w]. Sizes of the result as in the ONNX operator specification of Conv and MaxPool.
namespace lobule::onnx_shapes {
namespace {

constexpr std::int64_t kLargest = 1 << 20;  // of a stride, a dilation, a kernel: no sum below overflows

/// How a window slides.
struct Window {
  Dims kernel, strides, dilations;  // down, right
  Dims pads;                        // top, left, bottom, right
  bool round_up = false;            // ceil_mode
};

const Value& image_input(const Node& node) {
  const Value& x = node.float_input(0);
  if (x.dims.size() != 4) node.refuse("needs an input with 4 dimensions [N,C,h,w]");
  return x;
}

void check_numbers(const Node& node, const Dims& numbers, std::size_t count, std::int64_t smallest, const char* what) {
  bool fit = numbers.size() == count;
  for (const std::int64_t number : numbers) fit = fit && number >= smallest && number <= kLargest;
  if (!fit) node.refuse(std::string("has ") + what + " that are not " + std::to_string(count) + " numbers from " + std::to_string(smallest) + " to 2^20");
}

Window read_window(const Node& node, const Dims& kernel) {
  const OnnxAttribute* auto_pad = node.node().find_attribute("auto_pad");
  if (auto_pad != nullptr && auto_pad->s != "NOTSET") node.refuse("has auto_pad " + auto_pad->s + "; pads must be explicit");
  Window window{node.list("kernel_shape", kernel), node.list("strides", {1, 1}), node.list("dilations", {1, 1}), node.list("pads", {0, 0, 0, 0})};
  window.round_up = node.integer("ceil_mode", 0) != 0;
  check_numbers(node, window.kernel, 2, 1, "a kernel_shape");
  check_numbers(node, window.strides, 2, 1, "strides");
  check_numbers(node, window.dilations, 2, 1, "dilations");
  check_numbers(node, window.pads, 4, 0, "pads");
  return window;
}

std::int64_t slid_size(const Node& node, const Window& window, std::size_t side, std::int64_t size) {
  const std::int64_t reach = (window.kernel[side] - 1) * window.dilations[side] + 1;
  const std::int64_t before = window.pads[side];
  const std::int64_t after = window.pads[side + 2];
  // A window that sees nothing but padding computes nothing; runtimes refuse it for pools, and it would let a small file ask for any size.
  if (before >= reach || after >= reach) node.refuse("has pads as large as its kernel");
  const std::int64_t room = size + before + after - reach;
  if (room < 0) node.refuse("has a kernel larger than its input");
  return (room + (window.round_up ? window.strides[side] - 1 : 0)) / window.strides[side] + 1;
}

/// channels: of the result; products: multiply-adds for each element.
Result slide(const Node& node, const Window& window, const Dims& x, std::int64_t channels, std::int64_t products) {
  Result result;
  result.value.dims = {x[0], channels, slid_size(node, window, 0, x[2]), slid_size(node, window, 1, x[3])};
  std::int64_t elements = 1;
  for (const std::int64_t dim : result.value.dims) elements = bounded_product(elements, dim);
  result.operations = bounded_product(elements, products);
  // The trainer's interpreter pads into a copy.
  result.workspace_bytes = 4;
  for (const std::int64_t dim : {x[0], x[1], x[2] + window.pads[0] + window.pads[2], x[3] + window.pads[1] + window.pads[3]}) {
    result.workspace_bytes = bounded_product(result.workspace_bytes, dim);
  }
  return result;
}

}  // namespace

Result conv(const Node& node) {
  const Value& x = image_input(node);
  const Value& weight = node.float_input(1);
  if (weight.dims.size() != 4) node.refuse("needs a weight with 4 dimensions");
  const std::int64_t groups = node.integer("group", 1);
  const std::int64_t channels = weight.dims[0];
  if (groups < 1 || channels % groups != 0 || x.dims[1] % groups != 0 || x.dims[1] / groups != weight.dims[1]) {
    node.refuse("has a weight that does not fit its input and group " + std::to_string(groups));
  }
  if (node.has(2) && node.float_input(2).dims != Dims{channels}) node.refuse("has a bias that does not fit its weight");
  const Dims kernel = {weight.dims[2], weight.dims[3]};
  const Window window = read_window(node, kernel);
  if (window.kernel != kernel) node.refuse("has a kernel_shape that is not its weight's");
  return slide(node, window, x.dims, channels, bounded_product(weight.dims[1], bounded_product(kernel[0], kernel[1])));
}

Result pool(const Node& node) {
  const Value& x = image_input(node);
  if (node.integer("storage_order", 0) != 0) node.refuse("has a storage_order, which is not supported");
  const Window window = read_window(node, {});
  return slide(node, window, x.dims, x.dims[1], bounded_product(window.kernel[0], window.kernel[1]));
}

Result global_average_pool(const Node& node) {
  const Dims& x = image_input(node).dims;
  const std::int64_t operations = node.elements(x);
  return {{OnnxType::float32, {x[0], x[1], 1, 1}, {}}, operations};
}

}  // namespace lobule::onnx_shapes
