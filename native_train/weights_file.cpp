#include "weights_file.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "atomic_file.h"
#include "device.h"
#include "lobule/sha256.h"

namespace lobule {
namespace {

std::string shape_text(const torch::Tensor& tensor) { return nlohmann::json(tensor.sizes().vec()).dump(); }

}  // namespace

NamedTensors network_tensors(const Network& network) {
  NamedTensors tensors;
  for (const auto& item : network.named_parameters()) tensors.emplace(item.key(), item.value());
  for (const auto& item : network.named_buffers()) tensors.emplace(item.key(), item.value());
  return tensors;
}

void add_host_copies(NamedTensors& to, const std::string& prefix, const NamedTensors& from) {
  for (const auto& [name, tensor] : from) to.emplace(prefix + name, to_host(tensor.detach()).contiguous());
}

void restore_tensors(const NamedTensors& saved, const std::string& prefix, const NamedTensors& into) {
  const torch::NoGradGuard no_grad;
  for (const auto& [name, tensor] : into) {
    const auto found = saved.find(prefix + name);
    if (found == saved.end()) throw std::runtime_error("tensor " + prefix + name + " is missing: made by another network");
    if (found->second.sizes() != tensor.sizes() || found->second.is_floating_point() != tensor.is_floating_point()) {
      throw std::runtime_error("tensor " + prefix + name + " is " + shape_text(found->second) + ", the network needs " + shape_text(tensor));
    }
    torch::Tensor target = tensor;
    target.copy_(found->second);
  }
}

SafeTensors read_safetensors(const std::filesystem::path& file) {
  const std::string bytes = read_file(file);
  try {
    return parse_safetensors(bytes);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(file.string() + ": " + error.what());
  }
}

void save_weights(const std::filesystem::path& file, const Network& network, const std::map<std::string, std::string>& about) {
  SafeTensors contents;
  contents.metadata = about;
  add_host_copies(contents.tensors, "", network_tensors(network));
  for (auto& [name, tensor] : contents.tensors) {
    if (tensor.is_floating_point()) tensor = tensor.to(torch::kFloat32);
  }
  write_file_atomically(file, serialize_safetensors(contents));
}

void load_weights(const std::filesystem::path& file, Network& network) {
  const SafeTensors contents = read_safetensors(file);
  const NamedTensors wanted = network_tensors(network);
  try {
    for (const auto& item : contents.tensors) {
      if (wanted.count(item.first) == 0) throw std::runtime_error("tensor " + item.first + " is unknown: made by another network");
    }
    restore_tensors(contents.tensors, "", wanted);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(file.string() + ": " + error.what());
  }
}

std::string weights_sha256(const Network& network) {
  SafeTensors contents;
  add_host_copies(contents.tensors, "", network_tensors(network));
  return sha256_hex(serialize_safetensors(contents));
}

}  // namespace lobule
