#pragma once

#include <torch/torch.h>

#include <map>
#include <string>
#include <string_view>

namespace lobule {

/// Named tensors (float32, float64 or int64; contiguous, in host memory) and texts about them.
struct SafeTensors {
  std::map<std::string, torch::Tensor> tensors;
  std::map<std::string, std::string> metadata;
};

/// The safetensors format (Hugging Face, format 0.3): 8 bytes length of the header, JSON header, data. Equal contents give
/// equal bytes. Throws std::logic_error for a tensor of another type.
std::string serialize_safetensors(const SafeTensors& contents);

/// Reads the format from bytes that nobody vouches for: every size is checked before memory is asked for, the data must be
/// covered without gap or overlap. Throws std::runtime_error with the cause (naming the tensor), without a file name.
SafeTensors parse_safetensors(std::string_view bytes);

}  // namespace lobule
