#include <cstdio>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "classify.h"
#include "command.h"
#include "device.h"
#include "image_walk.h"
#include "lobule/case_id.h"
#include "utf8.h"

namespace lobule {
namespace fs = std::filesystem;
namespace {

struct PredictOptions {
  std::string model;
  std::vector<std::string> images;
  bool json = false;
  std::string device = "auto";
  std::size_t batch_size = 16;
  int threads = 0;
};

/// Files as they are named, folders walked.
std::vector<ImageFile> files_of(const std::vector<std::string>& arguments) {
  std::vector<ImageFile> files;
  for (const std::string& argument : arguments) {
    if (!is_utf8(argument)) throw std::runtime_error(argument + ": the name is not UTF-8; rename the file");
    std::error_code error;
    if (!fs::is_directory(argument, error)) {
      files.push_back({argument, argument, parse_case_id(argument).magnification});
      continue;
    }
    const ImageFiles found = find_images(argument);
    if (found.paths.empty()) throw std::runtime_error(argument + ": holds no PNG, JPEG or BMP image (" + std::to_string(found.ignored) + " other files)");
    for (const std::string& path : found.paths) {
      const fs::path file = fs::path(argument) / path;
      files.push_back({file.generic_string(), file, parse_case_id(file.generic_string()).magnification});
    }
  }
  return files;
}

PredictionTable table_of(const ModelRunner& model, const std::vector<ImageFile>& files, std::vector<Classified> results) {
  PredictionTable table = empty_table(model);
  for (std::size_t i = 0; i < files.size(); ++i) {
    const CaseId id = parse_case_id(files[i].name);
    PredictionRow row;
    row.path = files[i].name;
    row.patient = id.patient;
    row.slide = id.slide;
    row.magnification = id.magnification;
    row.subtype = id.subtype;
    row.tensor_sha256 = results[i].tensor_sha256;
    row.prediction = std::move(results[i].prediction);
    table.rows.push_back(std::move(row));
  }
  return table;
}

/// path, call, probability of the positive class, reason; separated by tabs.
void print_lines(const PredictionTable& table) {
  std::cout << "# " << kResearchUseOnly << '\n';
  std::cout << "# path\tcall\tp(" << table.class_names[static_cast<std::size_t>(table.positive_class)] << ")\treason\n";
  for (const PredictionRow& row : table.rows) {
    char probability[16] = "-";
    if (!row.prediction.logits.empty()) std::snprintf(probability, sizeof probability, "%.4f", row.prediction.p_positive);
    std::cout << row.path << '\t' << call_name(row.prediction.call, table.class_names, table.positive_class) << '\t' << probability << '\t'
              << row.prediction.reason << '\n';
  }
}

void run_predict(const PredictOptions& options) {
  const ModelRunner model(options.model, choose_device(options.device));
  model.require_golden_vectors();
  const std::vector<ImageFile> files = files_of(options.images);
  std::vector<Classified> results = classify_images(model, files, options.batch_size, options.threads, [](std::size_t) {});

  std::size_t unreadable = 0;
  std::string first_error;
  for (const Classified& result : results) {
    if (result.error.empty()) continue;
    if (++unreadable == 1) first_error = result.error;
    std::cerr << "unreadable: " << result.error << '\n';
  }
  const PredictionTable table = table_of(model, files, std::move(results));
  if (options.json) {
    std::cout << to_json(table);
  } else {
    print_lines(table);
  }
  if (!std::cout.flush()) throw std::runtime_error("standard output: cannot write");
  if (unreadable > 0) {
    throw std::runtime_error(std::to_string(unreadable) + " of " + std::to_string(files.size()) + " images cannot be read; the first: " + first_error);
  }
}

}  // namespace

void add_predict_command(CLI::App& app) {
  const auto options = std::make_shared<PredictOptions>();
  CLI::App* command = app.add_subcommand("predict", "Classify images with an exported model");
  command->add_option("model", options->model, "ONNX file of `lobule export`")->required();
  command->add_option("images", options->images, "PNG, JPEG or BMP files, and folders of them")->required();
  command->add_flag("--json", options->json, "One JSON document with logits, probabilities, calls, reasons and tensor hashes");
  command->add_option("--device", options->device, "Where the network runs: cpu, cuda or auto")->capture_default_str();
  command->add_option("--batch-size", options->batch_size, "Images given to the network at once")->check(CLI::Range(1, 4096))->capture_default_str();
  command->add_option("--threads", options->threads, "Threads that decode images; 0: one per processor")->check(CLI::Range(0, 1024))->capture_default_str();
  command->footer("Example: lobule predict model.onnx case_1.png case_2.jpg");
  command->callback([options] { run_predict(*options); });
}

}  // namespace lobule
