#pragma once

#include <torch/torch.h>

#include <filesystem>
#include <map>
#include <string>

#include "network.h"
#include "safetensors.h"

namespace lobule {

using NamedTensors = std::map<std::string, torch::Tensor>;

/// Weights and buffers by the network's own names. They share memory with the network.
NamedTensors network_tensors(const Network& network);

/// Weights and buffers as float32 under the network's own names, with texts about them (epoch, validation loss). Written atomically.
void save_weights(const std::filesystem::path& file, const Network& network, const std::map<std::string, std::string>& about);
/// Throws std::runtime_error naming the file, the tensor (missing, unknown, of another shape) and the cause.
void load_weights(const std::filesystem::path& file, Network& network);

/// SHA-256 over names, shapes and values of weights and buffers: equal for equal networks, however they lie in memory.
std::string weights_sha256(const Network& network);

/// Adds contiguous copies in host memory, each name after the prefix.
void add_host_copies(NamedTensors& to, const std::string& prefix, const NamedTensors& from);

/// Copies saved values into tensors of the same names (after the prefix) and shapes. Throws std::runtime_error naming the tensor and the cause.
void restore_tensors(const NamedTensors& saved, const std::string& prefix, const NamedTensors& into);

/// Reads a file of that format. Throws std::runtime_error naming the file and the cause.
SafeTensors read_safetensors(const std::filesystem::path& file);

}  // namespace lobule
