#include "checkpoint.h"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "atomic_file.h"
#include "device.h"
#include "lobule/sha256.h"
#include "options_difference.h"
#include "run_folder.h"
#include "safetensors.h"

namespace lobule {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kStateKey = "lobule.training_position";
constexpr const char* kDigestKey = "lobule.tensors_sha256";
constexpr int kCheckpointFormat = 2;

std::string tensors_sha256(const SafeTensors& contents) {
  Sha256 hash;
  for (const auto& [name, tensor] : contents.tensors) {
    hash.update(name);
    hash.update(std::string_view(static_cast<const char*>(tensor.const_data_ptr()), tensor.nbytes()));
  }
  return hash.finish_hex();
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

/// A checkpoint that is whole; whose it is has not been asked yet.
struct WholeCheckpoint {
  fs::path file;
  SafeTensors contents;
  Json json;
};

WholeCheckpoint read_whole(const fs::path& file) {
  WholeCheckpoint checkpoint{file, read_safetensors(file), {}};
  const auto& metadata = checkpoint.contents.metadata;
  if (metadata.count(kStateKey) == 0) throw std::runtime_error(file.string() + ": holds weights, but no training to go on with");
  try {
    checkpoint.json = Json::parse(metadata.at(kStateKey));
    if (checkpoint.json.at("format").get<int>() != kCheckpointFormat) throw std::runtime_error("written by another version of lobule");
    if (metadata.count(kDigestKey) == 0 || metadata.at(kDigestKey) != tensors_sha256(checkpoint.contents)) {
      throw std::runtime_error("its tensors are not those that were written");
    }
  } catch (const std::exception& error) {
    throw std::runtime_error(file.string() + ": not a whole checkpoint: " + error.what());
  }
  return checkpoint;
}

void check_identity(const Json& saved, const RunIdentity& wanted) {
  const std::string difference = options_difference(saved.at("options").dump(), wanted.options_json);
  if (!difference.empty()) throw std::runtime_error("it belongs to a training with other options: " + difference);
  if (saved.at("data_sha256") != wanted.data_sha256) {
    throw std::runtime_error("it belongs to a training on other images, labels or sets than these");
  }
}

TrainingPosition put_in_place(const WholeCheckpoint& checkpoint, const Learner& learner, const RunIdentity& identity) {
  try {
    check_identity(checkpoint.json, identity);
    TrainingPosition position = parse_position(checkpoint.json);
    const NamedTensors& saved = checkpoint.contents.tensors;
    restore_tensors(saved, "network.", network_tensors(learner.network));
    restore_tensors(saved, "optimizer.", learner.optimizer.state());
    if (learner.average != nullptr) restore_tensors(saved, "average.", learner.average->state());
    const auto logits = saved.find("epoch_logits");
    if (logits != saved.end()) position.epoch_logits = logits->second;
    return position;
  } catch (const std::exception& error) {
    throw std::runtime_error(checkpoint.file.string() + ": not a checkpoint of this run: " + error.what());
  }
}

/// The last checkpoint gets a second name, so that no moment is without one; where the file system has no such thing it is renamed.
void keep_as_previous(const fs::path& last, const fs::path& previous) {
  std::error_code error;
  if (!fs::exists(last, error)) return;
  const fs::path second = previous.string() + ".link";
  fs::remove(second, error);
  fs::create_hard_link(last, second, error);
  if (error) {
    fs::rename(last, previous, error);
  } else {
    fs::rename(second, previous, error);
    // A writer killed between the two renamings leaves one file under both names; renaming such a one leaves both names as they are.
    std::error_code ignored;
    fs::remove(second, ignored);
  }
  if (error) throw std::runtime_error(previous.string() + ": cannot write: " + error.message());
}

/// "config.json.part123", "previous.safetensors.link": names that only a killed writer leaves.
bool is_leftover(const std::string& name) {
  if (name.ends_with(".safetensors.link")) return true;
  const std::size_t part = name.rfind(".part");
  return part != std::string::npos && part + 5 < name.size() &&
         std::all_of(name.begin() + static_cast<std::ptrdiff_t>(part) + 5, name.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

}  // namespace

void save_checkpoint(const fs::path& run_dir, const Learner& learner, const TrainingPosition& position, const RunIdentity& identity) {
  SafeTensors contents;
  add_host_copies(contents.tensors, "network.", network_tensors(learner.network));
  add_host_copies(contents.tensors, "optimizer.", learner.optimizer.state());
  if (learner.average != nullptr) add_host_copies(contents.tensors, "average.", learner.average->state());
  if (position.epoch_logits.defined()) contents.tensors["epoch_logits"] = position.epoch_logits.contiguous();
  contents.metadata[kStateKey] = position_json(position, identity).dump();
  contents.metadata[kDigestKey] = tensors_sha256(contents);
  const fs::path last = run_dir / run_file::kLastCheckpoint;
  replace_file_atomically(last, serialize_safetensors(contents), [&] { keep_as_previous(last, run_dir / run_file::kPreviousCheckpoint); });
}

bool has_checkpoint(const fs::path& run_dir) { return fs::exists(run_dir / run_file::kLastCheckpoint) || fs::exists(run_dir / run_file::kPreviousCheckpoint); }

std::optional<RestoredTraining> load_checkpoint(const fs::path& run_dir, const Learner& learner, const RunIdentity& identity) {
  const fs::path last = run_dir / run_file::kLastCheckpoint;
  const fs::path previous = run_dir / run_file::kPreviousCheckpoint;
  if (!has_checkpoint(run_dir)) return std::nullopt;
  std::optional<WholeCheckpoint> checkpoint;
  std::string damage;
  try {
    checkpoint = read_whole(last);
  } catch (const std::runtime_error& error) {
    damage = error.what();
  }
  if (!checkpoint) {
    try {
      checkpoint = read_whole(previous);
    } catch (const std::runtime_error& error) {
      throw std::runtime_error(damage + "; and the checkpoint before it cannot be used either: " + error.what() +
                               ". This run cannot go on: start a new one in another folder");
    }
  }
  return RestoredTraining{put_in_place(*checkpoint, learner, identity), damage};
}

void remove_leftovers(const fs::path& run_dir) {
  std::error_code ignored;  // a leftover that stays does no harm
  for (const fs::path& folder : {run_dir, run_dir / "checkpoints"}) {
    for (fs::directory_iterator entry(folder, ignored), end; entry != end; entry.increment(ignored)) {
      if (is_leftover(entry->path().filename().string())) fs::remove(entry->path(), ignored);
    }
  }
}

}  // namespace lobule
