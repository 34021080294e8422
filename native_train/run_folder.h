#pragma once

#include <filesystem>
#include <string>

#include "lobule/preprocess.h"
#include "network.h"

namespace lobule {

/// A run's config.json: everything needed to build its network again and to say how it was trained.
struct RunConfig {
  NetworkOptions network;
  InputSpec input;
  std::vector<std::string> class_names;
  int positive_class = 1;
  std::string training_json;  // TrainOptions and provenance (data manifest hash, split counts, seed, versions); no paths, no names of users or hosts
};

/// Throws std::runtime_error naming the file and the cause.
RunConfig read_run_config(const std::filesystem::path& run_dir);

/// Weights of the best epoch (lowest validation loss) put into the network. Throws std::runtime_error naming the file, the tensor and the cause.
void load_best_weights(const std::filesystem::path& run_dir, Network& network);

/// Writes whole files or nothing: temporary file, fsync, rename, fsync of the folder. Throws std::runtime_error naming the file and errno's text.
void write_file_atomically(const std::filesystem::path& file, const std::string& bytes);

/// A whole file. Throws std::runtime_error naming the file and errno's text.
std::string read_file(const std::filesystem::path& file);

}  // namespace lobule
