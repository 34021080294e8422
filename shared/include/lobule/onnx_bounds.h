#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "lobule/onnx_file.h"

namespace lobule {

/// What a graph may cost. Far above what a classifier of microscope images needs: EfficientNet-Lite2 takes 0.9e9 operations and 40 MiB an image.
struct OnnxLimits {
  std::int64_t peak_bytes = std::int64_t{1} << 30;  // a tab of a browser has at most 4 GiB
  std::int64_t operations = 100'000'000'000;        // some ten seconds in a browser
};

/// What running a graph takes, found without running it.
struct OnnxCost {
  std::int64_t weight_bytes = 0;  // weights, and what follows from them alone
  std::int64_t peak_bytes = 0;    // most memory for weights and values that are alive at the same time
  std::int64_t operations = 0;    // multiply-adds, and elements that other operators write
  std::map<std::string, std::vector<std::int64_t>> output_dims;
};

/// Infers every value's shape for an input of these sizes ([N,3,h,w], all at least 1), so that no backend sees a graph that could hurt it. Throws
/// std::runtime_error naming node, weight or value and the cause: an operator or attribute that we do not know, more inputs than one, inputs that do not
/// fit, shapes that depend on the image's content, sizes of 0, weights that are not finite, more memory or operations than the limits.
OnnxCost check_onnx_graph(const OnnxModel& model, std::span<const std::int64_t> input_dims, const OnnxLimits& limits = {});

}  // namespace lobule
