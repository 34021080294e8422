#include "lobule/model_package.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "lobule/sha256.h"
#include "model_metadata.h"

namespace lobule {
namespace {

using namespace model_metadata;

constexpr std::string_view kProducer = "lobule";
constexpr std::string_view kKeyPrefix = "lobule.";
constexpr std::size_t kDigestDigits = 64;

bool is_our_key(const std::string& key) { return key.compare(0, kKeyPrefix.size(), kKeyPrefix) == 0; }

/// SHA-256 of the file with the last 64 bytes, where the digest stands, taken as '0'.
std::string blanked_digest(std::string_view file) {
  Sha256 hash;
  hash.update(file.substr(0, file.size() - kDigestDigits));
  hash.update(std::string(kDigestDigits, '0'));
  return hash.finish_hex();
}

std::string history_lines(const std::vector<EpochRecord>& history) {
  std::string lines;
  for (const EpochRecord& record : history) lines += to_json_line(record) + '\n';
  return lines;
}

/// Every key once, none missing, none that this version does not know.
void check_keys(const OnnxModel& model) {
  const std::set<std::string> required = {kFormatVersionKey, kModelKey, kGoldenKey, kTrainingKey, kEvaluationKey, kHistoryKey, kDigestKey};
  std::set<std::string> seen;
  for (const auto& [key, value] : model.metadata_props) {
    if (!is_our_key(key)) continue;
    if (!seen.insert(key).second) throw std::runtime_error("model file has the key " + key + " twice");
  }
  if (model.producer_name != kProducer) {
    throw std::runtime_error("model file has lobule keys, but its producer is '" + model.producer_name + "'");
  }
  const std::string* version = model.find_metadata(kFormatVersionKey);
  if (version != nullptr && *version != std::to_string(kModelFormatVersion)) {
    throw std::runtime_error("model file has format version " + version->substr(0, 20) + "; this program reads version " + std::to_string(kModelFormatVersion));
  }
  for (const std::string& key : required) {
    if (seen.count(key) == 0) throw std::runtime_error("model file lacks the key " + key);
  }
  for (const std::string& key : seen) {
    if (required.count(key) == 0 && key != kPatientsKey && key != kScopeKey) {
      throw std::runtime_error("model file has a key that format version 1 does not know: " + key);
    }
  }
}

void check_digest(const OnnxModel& model, std::span<const std::byte> bytes) {
  const std::string_view file(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::string& digest = *model.find_metadata(kDigestKey);
  const bool last = digest.size() == kDigestDigits && file.size() > kDigestDigits && file.substr(file.size() - kDigestDigits) == digest;
  if (!last) throw std::runtime_error("model file does not end with its digest: it was changed after export");
  if (blanked_digest(file) != digest) {
    throw std::runtime_error("model file's digest does not match its content: it is damaged or was changed after export");
  }
}

std::string dims_text(const std::vector<OnnxDim>& dims) {
  std::string text = "[";
  for (const OnnxDim& dim : dims) {
    if (text.size() > 1) text += ",";
    text += dim.value >= 0 ? std::to_string(dim.value) : dim.symbol.empty() ? "?" : dim.symbol;
  }
  return text + "]";
}

/// expected: sizes, with 0 for any positive size and -1 for a size that is left open.
void check_value(const OnnxValueInfo& value, const std::vector<std::int64_t>& expected, const std::string& description) {
  bool fits = value.type == OnnxType::float32 && value.dims.size() == expected.size();
  for (std::size_t i = 0; fits && i < expected.size(); ++i) {
    const std::int64_t size = value.dims[i].value;
    if (expected[i] > 0) fits = size == expected[i];
    if (expected[i] == 0) fits = size > 0;
    if (expected[i] == -1) fits = size < 0;
  }
  if (!fits) {
    throw std::runtime_error("model file's graph has '" + value.name + "' with shape " + dims_text(value.dims) + "; it must be float " + description);
  }
}

void check_graph(const OnnxGraph& graph, const ModelPackage& package) {
  const ModelSpec& spec = package.spec;
  if (graph.inputs.size() != 1) {
    throw std::runtime_error("model file's graph has " + std::to_string(graph.inputs.size()) + " inputs; it must have one");
  }
  check_value(graph.inputs[0], {-1, 3, spec.input.height, spec.input.width},
              "[N,3," + std::to_string(spec.input.height) + "," + std::to_string(spec.input.width) + "], as its input says");
  const auto classes = static_cast<std::int64_t>(spec.class_names.size());
  const std::string k = std::to_string(classes);
  const auto output = [&](const std::string& name) -> const OnnxValueInfo& {
    const auto found = std::find_if(graph.outputs.begin(), graph.outputs.end(), [&](const auto& o) { return o.name == name; });
    if (found == graph.outputs.end()) throw std::runtime_error("model file's graph lacks the output '" + name + "'");
    return *found;
  };
  check_value(output("logits"), {-1, classes}, "[N," + k + "], one for each class");
  check_value(output("cam"), {-1, classes, 0, 0}, "[N," + k + ",h,w]");
  check_value(output("features"), {-1, 0}, "[N,C]");
  const std::int64_t features = output("features").dims[1].value;
  if (package.scope && features != static_cast<std::int64_t>(package.scope->gate.weights.size())) {
    throw std::runtime_error(std::string("model file's ") + kScopeKey + " has " + std::to_string(package.scope->gate.weights.size()) + " weights for " +
                             std::to_string(features) + " features");
  }
}

OnnxCost cost_of(const OnnxModel& model, const ModelSpec& spec, std::int64_t images) {
  const std::int64_t dims[] = {images, 3, spec.input.height, spec.input.width};
  OnnxLimits limits;
  limits.peak_bytes *= images;
  limits.operations *= images;
  const OnnxCost cost = check_onnx_graph(model, dims, limits);
  for (const OnnxValueInfo& output : model.graph.outputs) {
    std::vector<std::int64_t> said;
    for (const OnnxDim& dim : output.dims) said.push_back(dim.value < 0 ? images : dim.value);
    if (cost.output_dims.at(output.name) != said) {
      throw std::runtime_error("model file's graph computes '" + output.name + "' with another shape than " + dims_text(output.dims));
    }
  }
  return cost;
}

/// What one image takes, after a look at two: a graph that joins images could take any amount for a batch of them.
OnnxCost check_cost(const OnnxModel& model, const ModelSpec& spec) {
  OnnxCost one = cost_of(model, spec, 1);
  const OnnxCost two = cost_of(model, spec, 2);
  if (two.peak_bytes > 2 * one.peak_bytes || two.operations > 2 * one.operations) {
    throw std::runtime_error("model file's graph needs more for two images than twice what it needs for one");
  }
  return one;
}

}  // namespace

bool bears_lobule_mark(std::span<const std::byte> bytes) {
  const std::string_view file(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return file.find(kFormatVersionKey) != std::string_view::npos || file.find(kDigestKey) != std::string_view::npos;
}

bool is_lobule_model(const OnnxModel& model) {
  return model.producer_name == kProducer ||
         std::any_of(model.metadata_props.begin(), model.metadata_props.end(), [](const auto& entry) { return is_our_key(entry.first); });
}

std::string write_model_file(OnnxModel model, const ModelPackage& package) {
  auto& entries = model.metadata_props;
  std::erase_if(entries, [](const auto& entry) { return is_our_key(entry.first); });
  entries.emplace_back(kFormatVersionKey, std::to_string(kModelFormatVersion));
  entries.emplace_back(kModelKey, to_json(package.spec).dump());
  entries.emplace_back(kGoldenKey, to_json(package.golden).dump());
  entries.emplace_back(kTrainingKey, package.provenance_json);
  entries.emplace_back(kEvaluationKey, package.evaluation_json);
  entries.emplace_back(kHistoryKey, history_lines(package.history));
  if (package.scope) entries.emplace_back(kScopeKey, to_json(*package.scope));
  if (!package.training_patients.empty()) {
    entries.emplace_back(kPatientsKey, nlohmann::ordered_json(package.training_patients).dump());
  }
  entries.emplace_back(kDigestKey, std::string(kDigestDigits, '0'));  // last: the file then ends with it
  model.producer_name = kProducer;
  std::string file = serialize_onnx(model);
  file.replace(file.size() - kDigestDigits, kDigestDigits, blanked_digest(file));
  return file;
}

ModelFile read_model_file(std::span<const std::byte> bytes) {
  ModelFile file;
  file.onnx = parse_onnx(bytes);
  const OnnxModel& model = file.onnx;
  if (!is_lobule_model(model)) {
    if (bears_lobule_mark(bytes)) throw std::runtime_error("model file is damaged: it holds lobule's keys where none can be");
    throw std::runtime_error("not a lobule model: an ONNX file of another producer");
  }
  check_keys(model);
  check_digest(model, bytes);
  const auto text = [&](const char* key) -> const std::string& { return *model.find_metadata(key); };
  ModelPackage& package = file.package;
  package.spec = parse_spec(parse_json(kModelKey, text(kModelKey)));
  package.golden = parse_golden(text(kGoldenKey), package.spec.class_names.size());
  package.provenance_json = parse_object(kTrainingKey, text(kTrainingKey));
  package.evaluation_json = parse_object(kEvaluationKey, text(kEvaluationKey));
  try {
    package.history = parse_history(text(kHistoryKey));
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(std::string("model file's ") + kHistoryKey + ": " + error.what());
  }
  if (model.find_metadata(kScopeKey) != nullptr) package.scope = parse_scope(text(kScopeKey));
  if (model.find_metadata(kPatientsKey) != nullptr) package.training_patients = parse_patients(text(kPatientsKey));
  package.digest = text(kDigestKey);
  check_graph(model.graph, package);
  file.cost = check_cost(model, package.spec);
  return file;
}

}  // namespace lobule
