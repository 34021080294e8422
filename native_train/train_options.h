#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lobule/appearance.h"
#include "lobule/augment.h"
#include "lobule/preprocess.h"
#include "network.h"
#include "sampling.h"

namespace lobule {

enum class ClassWeights {
  none,
  balanced,  // images / (classes * images of the class), as scikit-learn's
};
enum class OptimizerKind { adam, adamw };
enum class Schedule {
  constant,
  cosine,  // falls to 0 at the last epoch's end
};
enum class Precision {
  float32,
  bfloat16,  // convolutions and products in bfloat16, weights and loss in float32 (autocast)
  float64,   // to compare runs with each other
};

/// What a network sees of a channel's value in 0..1.
enum class Normalisation {
  half,      // (value - 0.5) / 0.5
  imagenet,  // minus the mean of ImageNet's images, by their standard deviation: more than twice the contrast
};

/// Everything that decides a training's result, and nothing else: saved in config.json and in each checkpoint.
struct TrainOptions {
  NetworkOptions network;
  Normalisation normalisation = Normalisation::half;
  std::string weights = "none";  // what the training starts from, see pretrained_weights
  int epochs = 20;
  int batch_size = 32;  // images a step, over all processes
  int accumulate = 1;   // pieces that a batch is computed in: memory for one, the gradient of all
  OptimizerKind optimizer = OptimizerKind::adam;
  double learning_rate = 1e-3;
  double weight_decay = 0;
  Schedule schedule = Schedule::constant;
  double warmup_epochs = 0;
  double layer_decay = 1;        // learning rate of a stage relative to the stage after it (Howard & Ruder 2018)
  int freeze_stages = 0;         // the first stages, which stay as they are
  double linear_probe = 0;       // penalty of the regression that the last stage starts from; 0: none
  bool keep_statistics = false;  // batch norm's running figures stay as they are
  double label_smoothing = 0;
  double weight_average = 0;  // decay of the weights' moving average; 0: none
  double tuned_share = 1;     // of the weights that are kept; the rest is the start's (WiSE-FT)
  double clip_norm = 0;       // largest norm of the gradient; 0: any
  Precision precision = Precision::float32;
  ClassWeights class_weights = ClassWeights::none;
  Balance balance = Balance::none;
  bool augment = true;  // with what follows
  AugmentOptions augmentation;
  double detail = 1;  // size of the images that augmented views are taken from, relative to the input's: with more, zooming in shows more
  AppearanceOptions appearance;
  double mixup = 0;            // alpha of Mixup; 0: none
  bool half_weights = false;   // in model.onnx: float16; decides nothing of the training
  bool with_patients = false;  // in model.onnx: who its training patients are; decides nothing of the training
  int patience = 8;            // epochs without a lower validation loss before the training stops; 0: never
  std::uint64_t seed = 1;
};

inline constexpr int kMinInputSide = 16;
inline constexpr int kMaxInputSide = 2048;

/// Values of the options that are words, in the order of their enums.
inline const std::vector<std::string> kNormalisationNames = {"half", "imagenet"};
inline const std::vector<std::string> kClassWeightsNames = {"none", "balanced"};
inline const std::vector<std::string> kBalanceNames = {"none", "patient"};
inline const std::vector<std::string> kOptimizerNames = {"adam", "adamw"};
inline const std::vector<std::string> kScheduleNames = {"constant", "cosine"};
inline const std::vector<std::string> kPrecisionNames = {"float32", "bfloat16", "float64"};

/// What a network trains with unless told otherwise: fine-tuning asks for other numbers than training from nothing.
TrainOptions default_options(const std::string& network);

/// What becomes of an image before the network sees it.
InputSpec input_of(const TrainOptions& options);

/// "144x96": width and height in pixels. Throws std::runtime_error for anything else.
void set_input_size(const std::string& text, NetworkOptions& network);

/// One JSON object, keys named as the command line's options.
std::string to_json(const TrainOptions& options);

/// Options that the text leaves out are the network's defaults. Throws std::runtime_error with the cause, also for an option that is not known or is out
/// of its bounds.
TrainOptions parse_train_options(const std::string& json);

}  // namespace lobule
