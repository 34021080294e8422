#include "export_model.h"

#include <algorithm>
#include <set>
#include <span>
#include <stdexcept>

#include "atomic_file.h"
#include "dataset.h"
#include "dataset_evaluation.h"
#include "device.h"
#include "golden_search.h"
#include "lobule/csv.h"
#include "lobule/history.h"
#include "lobule/number_text.h"
#include "onnx_interpreter.h"
#include "run_folder.h"

namespace lobule {
namespace fs = std::filesystem;
namespace {

constexpr double kFloatLimit = 1e-4;  // |logit of the file - logit of the checkpoint|: the same sums in another order
constexpr double kHalfLimit = 0.05;   // float16 rounds each weight by up to 2^-11 of itself

std::shared_ptr<Network> load_network(const fs::path& run_dir, const RunConfig& config) {
  const std::shared_ptr<Network> network = make_network(config.network);
  load_result_weights(run_dir, saved_train_options(config).tuned_share, *network);
  network->eval();
  return network;
}

/// Patients of the sets that the weights were fitted to or chosen by. Images of unknown patients have none to name.
std::vector<std::string> fitted_patients(const fs::path& run_dir) {
  const fs::path file = run_dir / run_file::kSplit;
  const CsvTable table = parse_csv(read_file(file));
  const int path = table.column("path");
  const int patient = table.column("patient");
  const int set = table.column("split");
  if (path < 0 || patient < 0 || set < 0) throw std::runtime_error(file.string() + ": lacks the column path, patient or split");
  std::set<std::string> patients;
  for (const auto& row : table.rows) {
    Sample sample;
    sample.path = row[static_cast<std::size_t>(path)];
    sample.patient = row[static_cast<std::size_t>(patient)];
    const SetName name = parse_set_name(row[static_cast<std::size_t>(set)]);
    if ((name == SetName::train || name == SetName::val) && has_known_patient(sample)) patients.insert(sample.patient);
  }
  return {patients.begin(), patients.end()};
}

/// "{}" for a run that was not evaluated.
std::string read_evaluation_summary(const fs::path& run_dir) {
  const fs::path file = run_dir / run_file::kEvaluation;
  if (!fs::exists(file)) return "{}";
  const std::string text = read_file(file);
  try {
    return evaluation_summary(text);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(file.string() + ": " + error.what());
  }
}

std::vector<EpochRecord> read_history(const fs::path& run_dir) {
  const fs::path file = run_dir / run_file::kHistory;
  const std::string text = read_file(file);
  try {
    return parse_history(text);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(file.string() + ": " + error.what());
  }
}

ModelPackage describe_run(const fs::path& run_dir, const RunConfig& config, const ExportOptions& options) {
  ModelPackage package;
  package.spec.name = options.name.empty() ? config.name : options.name;
  package.spec.network = config.network.network;
  package.spec.class_names = config.class_names;
  package.spec.positive_class = config.positive_class;
  package.spec.input = config.input;
  const Calibration calibration = read_calibration(run_dir);
  package.spec.temperature = calibration.temperature;
  package.spec.threshold_low = package.spec.threshold_high = calibration.threshold;
  package.provenance_json = config.training_json;
  package.evaluation_json = read_evaluation_summary(run_dir);
  package.scope = read_model_scope(run_dir);
  package.history = read_history(run_dir);
  if (options.with_patients) package.training_patients = fitted_patients(run_dir);
  return package;
}

OnnxModel reread(const OnnxModel& model) {
  const std::string bytes = serialize_onnx(model);
  return parse_onnx(std::as_bytes(std::span(bytes)));
}

double largest_difference(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().max().item<double>(); }

/// The finished file, opened as any reader would: it must be accepted and compute its golden vectors.
ModelFile check_file(const std::string& bytes, const torch::Device& device) {
  ModelFile file = read_model_file(std::as_bytes(std::span(bytes)));
  const OnnxInterpreter interpreter(file.onnx, device);
  for (std::size_t i = 0; i < file.package.golden.vectors.size(); ++i) {
    const torch::Tensor input = golden_inputs({file.package.golden.vectors[i].seed}, file.package.spec.input);
    const torch::Tensor logits = to_host(interpreter.run(input).at("logits")).contiguous();
    const std::string verdict = check_golden(file.package, i, std::span(logits.const_data_ptr<float>(), static_cast<std::size_t>(logits.numel())));
    if (verdict != "ok") throw std::logic_error("the exported file fails its own golden vectors: " + verdict);
  }
  return file;
}

}  // namespace

ExportResult export_model(const fs::path& run_dir, const ExportOptions& options) {
  const torch::NoGradGuard no_gradient;
  const torch::Device device = host_device();  // golden vectors: one rounding, whatever trained the network
  const RunConfig config = read_run_config(run_dir);
  const std::shared_ptr<Network> network = load_network(run_dir, config);
  ModelPackage package = describe_run(run_dir, config, options);

  OnnxModel model;
  model.doc_string = kResearchUseOnly;
  model.graph = network->to_onnx(options.half_weights);
  const OnnxInterpreter interpreter(reread(model), device);
  ExportResult result;
  result.file = options.out.empty() ? run_dir / run_file::kModel : options.out;
  result.limit = options.half_weights ? kHalfLimit : kFloatLimit;
  try {
    package.golden = search_golden_vectors(package.spec, [&](const torch::Tensor& nchw) {
      const torch::Tensor logits = to_host(interpreter.run(nchw).at("logits"));
      result.distance = std::max(result.distance, largest_difference(logits, network->forward(nchw)));
      return logits;
    });
  } catch (const std::runtime_error& error) {
    throw std::runtime_error((run_dir / run_file::kBestWeights).string() + ": cannot be exported: " + error.what());
  }
  if (!(result.distance <= result.limit)) {
    throw std::runtime_error(result.file.string() + ": not written: its logits are " + shortest(result.distance) +
                             " away from the checkpoint's; the limit is " + shortest(result.limit));
  }

  const std::string bytes = write_model_file(model, package);
  result.digest = check_file(bytes, device).package.digest;
  result.bytes = bytes.size();
  for (const GoldenVector& vector : package.golden.vectors) result.golden_seeds.push_back(vector.seed);
  write_file_atomically(result.file, bytes);
  return result;
}

}  // namespace lobule
