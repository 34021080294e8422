#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "atomic_file.h"
#include "command.h"
#include "device.h"
#include "image_set.h"
#include "lobule/case_id.h"
#include "lobule/decode.h"
#include "lobule/number_text.h"
#include "lobule/quality.h"
#include "lobule/sha256.h"
#include "model_runner.h"
#include "utf8.h"

namespace lobule {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

struct InspectOptions {
  std::string file;
  bool json = false;
  bool tensor_sha256 = false;
  std::string model;  // whose input the tensor is made for
  std::string device = "auto";
};

bool is_model_name(const std::string& file) { return fs::path(file).extension() == ".onnx"; }

// --- a model ---

/// The core's facts and what executing the golden vectors gave.
Json facts_of_model(const ModelRunner& model) {
  Json facts = Json::parse(model_facts_json(model.file()));
  Json results = Json::array();
  for (const GoldenResult& golden : model.run_golden_vectors()) {
    results.push_back(
        {{"seed", golden.seed}, {"tensor_sha256", golden.tensor_sha256}, {"largest_difference", golden.largest_difference}, {"verdict", golden.verdict}});
  }
  facts["golden"]["executed"] = std::move(results);
  return facts;
}

void print_training(const Json& object) {
  if (object.empty()) return;
  std::cout << "training:\n";
  for (const auto& [key, value] : object.items()) std::cout << "  " << key << ": " << (value.is_string() ? value.get<std::string>() : value.dump()) << '\n';
}

/// "evaluated on 247 images: accuracy 0.91, ..." from the summary that the file carries, which may be empty.
void print_figures(const Json& evaluation, const char* level) {
  if (!evaluation.contains(level)) return;
  const Json& summary = evaluation.at(level);
  if (!summary.contains("n") || !summary.contains("figures")) return;  // the core passes on what it was given
  std::cout << "evaluated on " << summary.at("n") << ' ' << level << ':';
  const char* separator = " ";
  for (const auto& [name, figure] : summary.at("figures").items()) {
    const Json value = figure.contains("value") ? figure.at("value") : Json();
    std::cout << separator << name << ' ' << (value.is_null() ? "undefined" : value.dump());
    separator = ", ";
  }
  std::cout << '\n';
}

void print_model(const ModelRunner& model, const Json& facts) {
  const ModelSpec& spec = model.spec();
  std::cout << kResearchUseOnly << '\n'
            << "model: " << spec.name << " (" << spec.network << ")\n"
            << "digest: " << model.file().package.digest << ", ok\n"
            << "classes:";
  for (std::size_t k = 0; k < spec.class_names.size(); ++k) {
    std::cout << ' ' << spec.class_names[k] << (static_cast<int>(k) == spec.positive_class ? " (positive)" : "");
  }
  std::cout << "\ninput: " << spec.input.width << " x " << spec.input.height << " pixels, " << facts.at("input").at("fit").get<std::string>() << ", "
            << facts.at("input").at("filter").get<std::string>() << '\n'
            << "temperature: " << shortest(spec.temperature) << "\nthresholds: " << shortest(spec.threshold_low) << " to " << shortest(spec.threshold_high)
            << "\nparameters: " << facts.at("parameters") << " in " << facts.at("weight_bytes") << " bytes; " << facts.at("nodes") << " nodes, opset "
            << facts.at("opset") << '\n';
  for (const Json& golden : facts.at("golden").at("executed")) {
    std::cout << "golden input of seed " << golden.at("seed") << ": " << golden.at("verdict").get<std::string>() << ", largest difference "
              << golden.at("largest_difference") << " (allowed " << facts.at("golden").at("tolerance") << "), tensor "
              << golden.at("tensor_sha256").get<std::string>() << '\n';
  }
  std::cout << "training epochs: " << model.file().package.history.size() << '\n';
  print_training(facts.at("training"));
  print_figures(facts.at("evaluation"), "images");
  print_figures(facts.at("evaluation"), "patients");
}

void inspect_model(const InspectOptions& options) {
  const ModelRunner model(options.file, choose_device(options.device));
  const Json facts = facts_of_model(model);
  if (options.json) {
    std::cout << facts.dump(1) << '\n';
  } else {
    print_model(model, facts);
  }
  model.require_golden_vectors();
}

// --- an image ---

/// What the file and its name say; the tensor's hash last, where a model is given.
Json facts_of_image(const InspectOptions& options) {
  const Image image = read_image(options.file, options.file);  // names the file in its messages, as nothing below can fail any more
  const std::string bytes = read_file(options.file);
  const ImageHeader header = read_image_header(std::as_bytes(std::span(bytes)));
  const CaseId id = parse_case_id(options.file);
  Json facts = {{"file", options.file},
                {"format", format_name(header.format)},
                {"bytes", bytes.size()},
                {"stored_width", header.width},
                {"stored_height", header.height},
                {"exif_orientation", header.exif_orientation},
                {"width", image.width},
                {"height", image.height},
                {"patient", id.patient},
                {"slide", id.slide},
                {"magnification", id.magnification},
                {"subtype", id.subtype},
                {"label_of_name", id.label},
                {"pixel_sha256", pixel_sha256(image)},
                {"quality", Json::parse(quality_json(assess_quality(image)))}};
  if (options.tensor_sha256) {
    const ModelRunner model(options.model, choose_device(options.device));
    facts["tensor_sha256"] = tensor_sha256(preprocess(image, model.spec().input));
    facts["model_sha256"] = model.file().package.digest;
  }
  return facts;
}

void print_quality(const Json& quality) {
  std::cout << "quality (advice only, no call depends on it):\n";
  for (const Json& measure : quality.at("measures")) {
    std::cout << "  " << measure.at("name").get<std::string>() << ": " << measure.at("text").get<std::string>() << " ("
              << measure.at("limit_text").get<std::string>() << (measure.at("passed") ? ")" : "): not kept") << '\n';
  }
  for (const Json& advice : quality.at("advice")) std::cout << "advice: " << advice.get<std::string>() << '\n';
}

void inspect_image(const InspectOptions& options) {
  if (!is_utf8(options.file)) throw std::runtime_error(options.file + ": the name is not UTF-8; rename the file");
  const Json facts = facts_of_image(options);
  if (options.json) {
    std::cout << facts.dump(1) << '\n';
  } else if (options.tensor_sha256) {
    std::cout << facts.at("tensor_sha256").get<std::string>() << '\n';  // alone, so that scripts can compare it
  } else {
    for (const auto& [key, value] : facts.items()) {
      if (value == "" || (key == "magnification" && value == 0)) continue;  // the name does not say
      if (key == "quality") continue;                                       // printed below
      std::cout << key << ": " << (value.is_string() ? value.get<std::string>() : value.dump()) << '\n';
    }
    print_quality(facts.at("quality"));
  }
}

void check_usage(const InspectOptions& options) {
  if (options.tensor_sha256 == options.model.empty()) throw CLI::RequiresError("--tensor-sha256", "--model (it is the hash of what that model is fed)");
  if (options.tensor_sha256 && is_model_name(options.file))
    throw CLI::ValidationError("--tensor-sha256", "is for an image; a model's golden tensors are always shown");
}

}  // namespace

void add_inspect_command(CLI::App& app) {
  const auto options = std::make_shared<InspectOptions>();
  CLI::App* command = app.add_subcommand("inspect", "What a model file or an image says");
  command->add_option("file", options->file, "MODEL.onnx, or a PNG, JPEG or BMP image")->required();
  command->add_flag("--json", options->json, "One JSON document");
  command->add_flag("--tensor-sha256", options->tensor_sha256, "Hash of the preprocessed tensor of the image, for the model of --model");
  command->add_option("--model", options->model, "Model that the tensor is made for");
  command->add_option("--device", options->device, "Where the golden vectors run: cpu, cuda or auto")->capture_default_str();
  command->footer("Example: lobule inspect model.onnx");
  command->callback([options] {
    check_usage(*options);
    if (is_model_name(options->file)) {
      inspect_model(*options);
    } else {
      inspect_image(*options);
    }
    if (!std::cout.flush()) throw std::runtime_error("standard output: cannot write");
  });
}

}  // namespace lobule
