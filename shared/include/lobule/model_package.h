#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lobule/history.h"
#include "lobule/image.h"
#include "lobule/onnx_bounds.h"
#include "lobule/onnx_file.h"
#include "lobule/preprocess.h"
#include "lobule/scope.h"

namespace lobule {

inline constexpr std::string_view kResearchUseOnly = "For Research Use Only. Not for use in diagnostic procedures.";
inline constexpr int kModelFormatVersion = 1;

/// What the program must know of a model besides its graph. Travels in the ONNX file's metadata_props under "lobule.*" keys.
struct ModelSpec {
  std::string name;                      // "seed_cnn phantoms", for people
  std::string network;                   // "seed_cnn"
  std::vector<std::string> class_names;  // in the order of the logits; at least two, distinct, not empty
  int positive_class = 1;                // index of the class that recall, threshold and CAM speak of (malignant)
  InputSpec input;
  double temperature = 1.0;     // logits are divided by it (Guo 2017); > 0
  double threshold_low = 0.5;   // p(positive) below it: negative call
  double threshold_high = 0.5;  // p(positive) at or above it: positive call; between the two: no result
};

/// Input and answer by which a backend shows that it computes this network: the image is golden_image(seed, ...), not stored.
struct GoldenVector {
  std::uint64_t seed = 0;
  std::vector<double> logits;  // K values, got by executing the written file
};

struct GoldenVectors {
  double tolerance = 1e-4;  // largest |logit difference| that passes
  std::vector<GoldenVector> vectors;
};

/// Everything a model file says. provenance and evaluation_summary are JSON texts that the core passes on.
struct ModelPackage {
  ModelSpec spec;
  GoldenVectors golden;
  std::string provenance_json = "{}";  // training options, data manifest hash, split, seed, versions; never paths, user or host names
  std::string evaluation_json = "{}";  // summary of an evaluation, for the first screen and the card
  std::vector<EpochRecord> history;
  std::optional<ModelScope> scope;             // nothing: the model answers for every image that it is given
  std::vector<std::string> training_patients;  // pseudonyms; empty unless asked for at export
  std::string digest;                          // 64 hex digits, filled by reading
};

/// A tissue-like RGB picture (stroma, nuclei of varied size and number) from a seed, integer arithmetic only: the same bytes everywhere.
Image golden_image(std::uint64_t seed, int width, int height);

/// Puts the package into the model's metadata_props (replacing any lobule.* key) and returns the file's bytes with the digest filled in:
/// SHA-256 over the file with the digest's 64 digits set to '0'.
std::string write_model_file(OnnxModel model, const ModelPackage& package);

struct ModelFile {
  OnnxModel onnx;
  ModelPackage package;
  OnnxCost cost;  // of one image
};

/// Reads a lobule model. Checks in this order, each with its own message: ONNX wire format, lobule.* keys complete and of a known format
/// version, digest, metadata well formed (sizes, thresholds, class names), graph (one input [N,3,h,w] as the spec says, N open; outputs logits,
/// cam, features; check_onnx_graph, at a cost that grows with N and no faster). Throws std::runtime_error with the cause, without the file name.
ModelFile read_model_file(std::span<const std::byte> bytes);

/// True when the bytes parse as ONNX and show any sign of being ours (producer_name "lobule" or a lobule.* key).
bool is_lobule_model(const OnnxModel& model);

/// True when the bytes hold a text that every file of ours holds in several places, whatever they parse as: damage at one place cannot make a file of ours
/// look like one of another producer.
bool bears_lobule_mark(std::span<const std::byte> bytes);

/// What the page and `lobule inspect --json` show: spec, digest, provenance, evaluation, history, sizes, as one JSON object.
std::string model_facts_json(const ModelFile& file);

/// The ModelSpec out of such facts, checked as in a file. Throws std::runtime_error.
ModelSpec parse_model_facts(const std::string& facts_json);

/// "ok" or the cause: compares logits (K values) with the golden vector of that index.
std::string check_golden(const ModelPackage& package, std::size_t index, std::span<const float> logits);

}  // namespace lobule
