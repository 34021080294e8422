#pragma once

#include <string>

#include "network.h"

namespace lobule {

/// Where a network's weights start: "imagenet" (scripts/setup native puts the files in the cache folder; $LOBULE_WEIGHTS_DIR names another folder), "none" (as the
/// network draws them), or a safetensors file of the network's own tensors. What such a choice contributes to the result: "imagenet", "none", or a
/// file's "sha256:" and digest; never a path. Throws std::runtime_error naming a file that cannot be read.
std::string weights_identity(const std::string& weights);
bool is_weights_identity(const std::string& text);
/// Of a file.
bool is_weights_digest(const std::string& identity);

/// Puts the chosen weights and running figures into the network. Tensors of the last stage (the classifier) whose shapes are another's stay as the network
/// drew them: the file was trained for other classes. Returns a line for people that says what was done. Throws std::runtime_error naming the
/// file and the tensor that is missing, unknown or of another shape, or, where imagenet's file is missing, the command that makes it.
std::string load_pretrained_weights(const std::string& weights, const NetworkOptions& options, Network& network);

}  // namespace lobule
