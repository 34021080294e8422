#include "pretrained_weights.h"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <vector>

#include "atomic_file.h"
#include "efficientnet_lite_scaling.h"
#include "lobule/number_text.h"
#include "lobule/sha256.h"
#include "weights_file.h"

namespace lobule {
namespace fs = std::filesystem;
namespace {

constexpr const char* kImageNet = "imagenet";
constexpr const char* kNone = "none";
const std::string kDigest = "sha256:";

fs::path weights_folder() {
  const char* folder = std::getenv("LOBULE_WEIGHTS_DIR");
  return folder != nullptr && *folder != '\0' ? folder : LOBULE_WEIGHTS_DIR;
}

fs::path imagenet_file(const std::string& network) {
  if (!is_efficientnet_lite(network)) throw std::runtime_error("there are no ImageNet weights for " + network + ": choose --weights none or a file");
  const fs::path file = weights_folder() / (efficientnet_lite_shape(network).trained_as + "_imagenet.safetensors");
  if (!fs::exists(file)) {
    throw std::runtime_error(
        file.string() + ": the ImageNet weights are missing: run scripts/setup native, name their folder in LOBULE_WEIGHTS_DIR, or choose " + "--weights none");
  }
  return file;
}

std::string shape_text(const torch::Tensor& tensor) { return c10::str(tensor.sizes(), " of ", tensor.scalar_type()); }

/// The whole network's tensors as those of its beginning: the head is the expansion of the block behind it, and the blocks from there on are left out.
NamedTensors first_tensors(const NamedTensors& whole, int blocks) {
  const std::string next = "_blocks." + std::to_string(blocks) + ".";
  NamedTensors first;
  for (const auto& [name, tensor] : whole) {
    const std::size_t dot = name.find('.');
    const std::string layer = name.substr(0, dot);
    if (name.starts_with(next + "_expand_conv.")) first["_conv_head" + name.substr(name.rfind('.'))] = tensor;
    if (name.starts_with(next + "_bn0.")) first["_bn1" + name.substr(name.rfind('.'))] = tensor;
    const std::string rest = dot == std::string::npos ? "" : name.substr(dot + 1);
    const bool is_kept_block = layer == "_blocks" && parse_int(rest.substr(0, rest.find('.'))).value_or(blocks) < blocks;
    if (is_kept_block || layer == "_conv_stem" || layer == "_bn0" || layer == "_fc") first[name] = tensor;
  }
  return first;
}

/// Returns the names of the tensors that were left as they are.
std::vector<std::string> copy_tensors(const SafeTensors& contents, Network& network) {
  NamedTensors targets = network_tensors(network);
  std::vector<std::pair<torch::Tensor, torch::Tensor>> copies;  // into, from: made when all of them fit
  std::vector<std::string> left;
  for (const auto& [name, saved] : contents.tensors) {
    const auto target = targets.find(name);
    if (target == targets.end()) throw std::runtime_error("tensor " + name + " is unknown: made for another network");
    if (saved.sizes() == target->second.sizes() && saved.scalar_type() == target->second.scalar_type()) {
      copies.emplace_back(target->second, saved);
    } else if (network.stage_of(name) == network.stages() - 1) {
      left.push_back(name);
    } else {
      throw std::runtime_error("tensor " + name + " is " + shape_text(saved) + ", the network needs " + shape_text(target->second));
    }
    targets.erase(target);
  }
  if (!targets.empty()) throw std::runtime_error("tensor " + targets.begin()->first + " is missing: made for another network");
  const torch::NoGradGuard no_gradient;
  for (auto& [into, from] : copies) into.copy_(from);
  return left;
}

}  // namespace

std::string weights_identity(const std::string& weights) {
  return weights == kImageNet || weights == kNone ? weights : kDigest + sha256_hex(read_file(weights));
}

bool is_weights_identity(const std::string& text) { return text == kImageNet || text == kNone || is_weights_digest(text); }

bool is_weights_digest(const std::string& identity) { return identity.starts_with(kDigest); }

std::string load_pretrained_weights(const std::string& weights, const NetworkOptions& options, Network& network) {
  if (weights == kNone) return "weights drawn at random";
  const fs::path file = weights == kImageNet ? imagenet_file(options.network) : fs::path(weights);
  SafeTensors contents = read_safetensors(file);
  if (weights == kImageNet) {
    const LiteShape shape = efficientnet_lite_shape(options.network);
    if (!shape.is_whole()) contents.tensors = first_tensors(contents.tensors, static_cast<int>(shape.blocks.size()));
  }
  std::vector<std::string> left;
  try {
    left = copy_tensors(contents, network);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(file.string() + ": " + error.what());
  }
  std::string line = weights == kImageNet ? "weights from ImageNet" : "weights from " + file.string();
  for (std::size_t i = 0; i < left.size(); ++i) line += (i == 0 ? "; drawn anew for " + std::to_string(options.classes) + " classes: " : ", ") + left[i];
  return line;
}

}  // namespace lobule
