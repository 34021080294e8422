#pragma once

#include <cstdint>
#include <string>

#include "lobule/augment.h"
#include "network.h"

namespace lobule {

enum class ClassWeights {
  none,
  balanced,  // images / (classes * images of the class), as scikit-learn's
};

/// Everything that decides a training's result, and nothing else: saved in config.json and in each checkpoint.
struct TrainOptions {
  NetworkOptions network;
  int epochs = 20;
  int batch_size = 32;
  double learning_rate = 1e-3;
  double weight_decay = 0;
  ClassWeights class_weights = ClassWeights::none;
  bool augment = true;
  AugmentOptions augmentation;
  int patience = 8;  // epochs without a lower validation loss before the training stops; 0: never
  std::uint64_t seed = 1;
};

inline constexpr int kMinInputSide = 16;
inline constexpr int kMaxInputSide = 2048;

/// "none" or "balanced"; std::runtime_error otherwise.
ClassWeights parse_class_weights(const std::string& text);

/// "144x96": width and height in pixels. Throws std::runtime_error for anything else.
void set_input_size(const std::string& text, NetworkOptions& network);

/// One JSON object, keys named as the command line's options.
std::string to_json(const TrainOptions& options);

/// Throws std::runtime_error with the cause.
TrainOptions parse_train_options(const std::string& json);

}  // namespace lobule
