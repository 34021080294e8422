#include <algorithm>
#include <cmath>
#include <iomanip>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "atomic_file.h"
#include "classify.h"
#include "command.h"
#include "device.h"
#include "lobule/session_file.h"

namespace lobule {
namespace fs = std::filesystem;
namespace {

/// Page and program add up the same products in another order.
constexpr double kLogitTolerance = 1e-3;

struct VerifyOptions {
  std::string session;
  std::string model;
  std::string data;
  std::string device = "auto";
  std::size_t batch_size = 16;
  int threads = 0;
};

SessionFile read_session(const std::string& file) {
  try {
    return parse_session(read_file(file));
  } catch (const std::runtime_error& error) {
    const std::string cause = error.what();
    throw std::runtime_error(cause.starts_with(file) ? cause : file + ": " + cause);
  }
}

/// The file of a path of the session. A folder that was dropped on the page is the path's first part, and may be DATA itself. Empty: there is none.
fs::path find_file(const fs::path& data, const std::string& path) {
  std::error_code error;
  if (fs::is_regular_file(data / path, error)) return data / path;
  const auto slash = path.find('/');
  if (slash == std::string::npos) return {};
  const fs::path inside = data / path.substr(slash + 1);
  return fs::is_regular_file(inside, error) ? inside : fs::path();
}

std::string words(const Prediction& prediction, const SessionFile& session) {
  std::string text = call_name(prediction.call, session.class_names, session.positive_class);
  if (!prediction.refusal.empty()) text += " (" + prediction.refusal + ")";
  return text;
}

/// What differs between the session and now, or "". largest: of the differences of logits, raised.
std::string difference(const SessionImage& then, const Classified& now, const SessionFile& session, double& largest) {
  if (!then.error.empty() || !now.error.empty()) {
    if (then.error.empty()) return "cannot be read now: " + now.error;
    return now.error.empty() ? "could not be read then (" + then.error + "), and can now" : "";
  }
  if (then.row.tensor_sha256 != now.tensor_sha256) return "the network gets another input than it did: the image is another one, or was changed";
  Prediction prediction = now.prediction;
  const std::vector<double>& logits = then.row.prediction.logits;
  if (prediction.logits.size() != logits.size()) return "the network answers now where it did not, or the other way round";
  for (std::size_t k = 0; k < logits.size(); ++k) {
    const double step = std::abs(prediction.logits[k] - logits[k]);
    largest = std::max(largest, step);
    if (!(step <= kLogitTolerance)) return "a logit was " + std::to_string(logits[k]) + " and is " + std::to_string(prediction.logits[k]);
  }
  decide(prediction, session.threshold_low, session.threshold_high);
  const std::string before = words(then.row.prediction, session);
  const std::string after = words(prediction, session);
  // A probability that lies on a threshold to within rounding may fall on either side.
  const double p = then.row.prediction.p_positive;
  const bool is_on_threshold = std::min(std::abs(p - session.threshold_low), std::abs(p - session.threshold_high)) <= kLogitTolerance;
  return before == after || is_on_threshold ? "" : "was " + before + " and is " + after;
}

void run_verify(const VerifyOptions& options) {
  const SessionFile session = read_session(options.session);
  const ModelRunner model(options.model, choose_device(options.device));
  model.require_golden_vectors();
  if (empty_table(model).model_digest != session.model_digest) {
    throw std::runtime_error(options.session + ": its predictions are of the model " + session.model_digest + ", and " + options.model + " is " +
                             empty_table(model).model_digest);
  }
  std::vector<const SessionImage*> expected;
  std::vector<ImageFile> files;
  std::size_t missing = 0;
  for (const SessionImage& image : session.images) {
    if (!image.is_done && image.error.empty()) continue;  // it waited: nothing is said of it
    const fs::path file = find_file(options.data, image.row.path);
    if (file.empty()) {
      ++missing;
      std::cout << image.row.path << ": is not in " << options.data << '\n';
      continue;
    }
    expected.push_back(&image);
    files.push_back({image.row.path, file, image.row.magnification});
  }
  const std::vector<Classified> results = classify_images(model, files, options.batch_size, options.threads, [](std::size_t) {});
  std::size_t different = 0;
  double largest = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string what = difference(*expected[i], results[i], session, largest);
    if (what.empty()) continue;
    ++different;
    std::cout << files[i].name << ": " << what << '\n';
  }
  std::cout << files.size() - different << " of " << files.size() + missing << " images as in the session; " << different << " differ, " << missing
            << " missing; largest difference of a logit " << std::setprecision(2) << largest << '\n';
  if (!std::cout.flush()) throw std::runtime_error("standard output: cannot write");
  if (different + missing > 0) throw std::runtime_error(options.session + ": is not what " + options.model + " says of " + options.data + " now");
}

}  // namespace

void add_verify_command(CLI::App& app) {
  const auto options = std::make_shared<VerifyOptions>();
  CLI::App* command = app.add_subcommand("verify", "Classify a session's images again and compare");
  command->add_option("session", options->session, "session.json that the page saved")->required();
  command->add_option("model", options->model, "ONNX file that the session's predictions are of")->required();
  command->add_option("data", options->data, "Folder of the images: the one that was dropped on the page, or the one that holds what was dropped")->required();
  command->add_option("--device", options->device, "Where the network runs: cpu, cuda or auto")->capture_default_str();
  command->add_option("--batch-size", options->batch_size, "Images given to the network at once")->check(CLI::Range(1, 4096))->capture_default_str();
  command->add_option("--threads", options->threads, "Threads that decode images; 0: one per processor")->check(CLI::Range(0, 1024))->capture_default_str();
  command->footer(
      "Prints a line for each image that differs or is missing, and refuses then. Logits may differ by 0.001.\n"
      "Example: lobule verify session.json model.onnx cases");
  command->callback([options] { run_verify(*options); });
}

}  // namespace lobule
