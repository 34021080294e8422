#include <cmath>
#include <stdexcept>

#include "lobule/model_package.h"
#include "lobule/number_text.h"
#include "model_metadata.h"

namespace lobule {
namespace {

using nlohmann::ordered_json;

ordered_json history_json(const std::vector<EpochRecord>& history) {
  ordered_json epochs = ordered_json::array();
  for (const EpochRecord& record : history) epochs.push_back(ordered_json::parse(to_json_line(record)));
  return epochs;
}

ordered_json output_dims(const OnnxGraph& graph, const std::string& name) {
  ordered_json dims = ordered_json::array();
  for (const OnnxValueInfo& output : graph.outputs) {
    if (output.name != name) continue;
    for (std::size_t i = 1; i < output.dims.size(); ++i) dims.push_back(output.dims[i].value);
  }
  return dims;
}

}  // namespace

std::string model_facts_json(const ModelFile& file) {
  const ModelPackage& package = file.package;
  std::int64_t parameters = 0;
  std::int64_t weight_bytes = 0;
  for (const OnnxTensor& tensor : file.onnx.graph.initializers) {
    weight_bytes += static_cast<std::int64_t>(tensor.raw_data.size());
    const bool derived = tensor.name.rfind("cam.", 0) == 0;  // of other weights, for the map: nothing that was learned besides
    if (!derived && (tensor.type == OnnxType::float32 || tensor.type == OnnxType::float16)) parameters += tensor.element_count();
  }
  ordered_json facts = model_metadata::to_json(package.spec);
  facts["research_use_only"] = kResearchUseOnly;
  facts["format_version"] = kModelFormatVersion;
  facts["digest"] = package.digest;
  facts["opset"] = file.onnx.opset_version;
  facts["nodes"] = file.onnx.graph.nodes.size();
  facts["parameters"] = parameters;
  facts["weight_bytes"] = weight_bytes;
  facts["outputs"] = {
      {"logits", output_dims(file.onnx.graph, "logits")}, {"cam", output_dims(file.onnx.graph, "cam")}, {"features", output_dims(file.onnx.graph, "features")}};
  facts["golden"] = {{"tolerance", package.golden.tolerance}, {"vectors", package.golden.vectors.size()}};
  facts["training"] = ordered_json::parse(package.provenance_json);
  facts["evaluation"] = ordered_json::parse(package.evaluation_json);
  facts["history"] = history_json(package.history);
  facts["scope"] = nullptr;
  if (package.scope) {
    facts["scope"] = model_metadata::scope_json(*package.scope);
    facts["scope"].erase("weights");
  }
  facts["training_patients"] = package.training_patients;
  return facts.dump();
}

ModelSpec parse_model_facts(const std::string& facts_json) {
  try {
    return model_metadata::parse_spec(ordered_json::parse(facts_json));
  } catch (const ordered_json::exception& error) {  // a number too large for a double is not a parse_error
    throw std::runtime_error(std::string("model facts are not JSON: ") + error.what());
  }
}

std::string check_golden(const ModelPackage& package, std::size_t index, std::span<const float> logits) {
  const GoldenVector& golden = package.golden.vectors.at(index);
  if (logits.size() != golden.logits.size()) {
    return "golden input " + std::to_string(index + 1) + " gave " + std::to_string(logits.size()) + " logits; the model has " +
           std::to_string(golden.logits.size());
  }
  double largest = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const double difference = std::fabs(static_cast<double>(logits[i]) - golden.logits[i]);
    if (!(difference <= largest)) largest = difference;  // true for NaN too
    if (std::isnan(difference)) break;
  }
  if (largest <= package.golden.tolerance) return "ok";
  return "golden input " + std::to_string(index + 1) + ": a logit is off by " + shortest(largest) + "; the model allows " + shortest(package.golden.tolerance);
}

}  // namespace lobule
