#include "checkpoint.h"

#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "atomic_file.h"
#include "device.h"
#include "lobule/sha256.h"
#include "options_difference.h"
#include "safetensors.h"

namespace lobule {
namespace {

using Json = nlohmann::ordered_json;
using NamedTensors = std::map<std::string, torch::Tensor>;

constexpr const char* kStateKey = "lobule.training_position";
constexpr int kCheckpointFormat = 1;

/// Weights and buffers by name. They share memory with the network.
NamedTensors network_tensors(const Network& network) {
  NamedTensors tensors;
  for (const auto& item : network.named_parameters()) tensors.emplace(item.key(), item.value());
  for (const auto& item : network.named_buffers()) tensors.emplace(item.key(), item.value());
  return tensors;
}

void add_host_copies(NamedTensors& to, const std::string& prefix, const NamedTensors& from) {
  for (const auto& [name, tensor] : from) to.emplace(prefix + name, to_host(tensor.detach()).contiguous());
}

std::string shape_text(const torch::Tensor& tensor) { return Json(tensor.sizes().vec()).dump(); }

/// Copies saved values into tensors of the same names (after the prefix) and shapes.
void restore(const NamedTensors& saved, const std::string& prefix, const NamedTensors& into) {
  const torch::NoGradGuard no_grad;
  for (const auto& [name, tensor] : into) {
    const auto found = saved.find(prefix + name);
    if (found == saved.end()) throw std::runtime_error("tensor " + prefix + name + " is missing: made by another network");
    if (found->second.sizes() != tensor.sizes() || found->second.scalar_type() != tensor.scalar_type()) {
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

Json position_json(const TrainingPosition& position, const RunIdentity& identity) {
  Json history = Json::array();
  for (const EpochRecord& record : position.history) history.push_back(to_json_line(record));
  return {{"format", kCheckpointFormat},        {"epoch", position.epoch}, {"step", position.step},
          {"seconds", position.seconds},        {"history", history},      {"options", Json::parse(identity.options_json)},
          {"data_sha256", identity.data_sha256}};
}

TrainingPosition parse_position(const Json& json) {
  TrainingPosition position;
  position.epoch = json.at("epoch").get<int>();
  position.step = json.at("step").get<std::int64_t>();
  position.seconds = json.at("seconds").get<double>();
  std::string lines;
  for (const Json& line : json.at("history")) lines += line.get<std::string>() + "\n";
  position.history = parse_history(lines);
  if (position.epoch != static_cast<int>(position.history.size()) + 1 || position.step < 0) {
    throw std::runtime_error("its epoch, step and history contradict each other");
  }
  return position;
}

void check_identity(const Json& saved, const RunIdentity& wanted) {
  const std::string difference = options_difference(saved.at("options").dump(), wanted.options_json);
  if (!difference.empty()) throw std::runtime_error("it belongs to a training with other options: " + difference);
  if (saved.at("data_sha256") != wanted.data_sha256) {
    throw std::runtime_error("it belongs to a training on other images, labels or sets than these");
  }
}

}  // namespace

void save_weights(const std::filesystem::path& file, const Network& network, const std::map<std::string, std::string>& about) {
  SafeTensors contents;
  contents.metadata = about;
  add_host_copies(contents.tensors, "", network_tensors(network));
  write_file_atomically(file, serialize_safetensors(contents));
}

void load_weights(const std::filesystem::path& file, Network& network) {
  const SafeTensors contents = read_safetensors(file);
  const NamedTensors wanted = network_tensors(network);
  try {
    for (const auto& item : contents.tensors) {
      if (wanted.count(item.first) == 0) throw std::runtime_error("tensor " + item.first + " is unknown: made by another network");
    }
    restore(contents.tensors, "", wanted);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(file.string() + ": " + error.what());
  }
}

std::string weights_sha256(const Network& network) {
  SafeTensors contents;
  add_host_copies(contents.tensors, "", network_tensors(network));
  return sha256_hex(serialize_safetensors(contents));
}

void save_checkpoint(const std::filesystem::path& file, const Network& network, const Adam& adam, const TrainingPosition& position,
                     const RunIdentity& identity) {
  SafeTensors contents;
  contents.metadata[kStateKey] = position_json(position, identity).dump();
  add_host_copies(contents.tensors, "network.", network_tensors(network));
  add_host_copies(contents.tensors, "adam.", adam.state());
  if (position.epoch_logits.defined()) contents.tensors["epoch_logits"] = position.epoch_logits.contiguous();
  write_file_atomically(file, serialize_safetensors(contents));
}

TrainingPosition load_checkpoint(const std::filesystem::path& file, Network& network, Adam& adam, const RunIdentity& identity) {
  const SafeTensors contents = read_safetensors(file);
  try {
    const auto state = contents.metadata.find(kStateKey);
    if (state == contents.metadata.end()) throw std::runtime_error("holds weights, but no training to go on with");
    const Json json = Json::parse(state->second);
    if (json.at("format").get<int>() != kCheckpointFormat) throw std::runtime_error("written by another version of lobule");
    check_identity(json, identity);
    TrainingPosition position = parse_position(json);
    restore(contents.tensors, "network.", network_tensors(network));
    restore(contents.tensors, "adam.", adam.state());
    const auto logits = contents.tensors.find("epoch_logits");
    if (logits != contents.tensors.end()) position.epoch_logits = logits->second;
    return position;
  } catch (const std::exception& error) {
    throw std::runtime_error(file.string() + ": not a checkpoint of this run: " + error.what());
  }
}

}  // namespace lobule
