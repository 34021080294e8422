#include "perturbation.h"

#include <chrono>
#include <cmath>
#include <iostream>
#include <map>
#include <stdexcept>

#include "lobule/evaluation.h"
#include "lobule/portable_math.h"
#include "progress.h"
#include "xxhash64.h"

namespace lobule {
namespace {

std::uint64_t seed_of(const std::string& name) { return xxhash64({reinterpret_cast<const std::uint8_t*>(name.data()), name.size()}); }

Image corrupted(const Image& image, const std::string& name, Corruption corruption, int severity) {
  try {
    return corrupt_image(image, corruption, severity, seed_of(name));
  } catch (const std::runtime_error& error) {  // a JPEG of a large image that finds no memory
    throw std::runtime_error(name + ": " + error.what());
  }
}

Figure share(std::int64_t part, std::int64_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

bool has_answer(const PredictionRow& row) { return !row.prediction.logits.empty(); }

/// The images that could be read.
PredictionTable readable(PredictionTable table) {
  std::erase_if(table.rows, [](const PredictionRow& row) { return row.tensor_sha256.empty(); });
  return table;
}

void compare_with_clean(const PredictionTable& now, const PredictionTable& clean, PerturbedFigures& figures) {
  std::map<std::string, const PredictionRow*> before;
  for (const PredictionRow& row : clean.rows) before[row.path] = &row;
  double change = 0;
  std::int64_t answered = 0;
  std::int64_t decided = 0;
  std::int64_t changed = 0;
  for (const PredictionRow& row : now.rows) {
    const auto found = before.find(row.path);
    if (found == before.end() || !has_answer(row) || !has_answer(*found->second)) continue;
    const Prediction& then = found->second->prediction;
    ++answered;
    change += std::abs(row.prediction.p_positive - then.p_positive);
    if (row.prediction.call == Call::no_result || then.call == Call::no_result) continue;
    ++decided;
    if (row.prediction.call != then.call) ++changed;
  }
  if (answered > 0) figures.mean_abs_probability_change = change / static_cast<double>(answered);
  figures.changed_call_rate = share(changed, decided);
}

PredictionTable predictions_of_corrupted(const ModelRunner& model, std::span<const ImageFile> images, const PredictionTable& clean, const ImageChange& change,
                                         std::size_t batch_size, int threads) {
  const std::vector<Classified> results = classify_images(
      model, images, batch_size, threads, [](std::size_t) {}, change);
  PredictionTable table = clean;
  for (std::size_t i = 0; i < results.size(); ++i) {
    table.rows[i].prediction = results[i].prediction;
    table.rows[i].tensor_sha256 = results[i].tensor_sha256;
  }
  return table;
}

}  // namespace

PerturbedFigures perturbed_figures(const PredictionTable& now, const PredictionTable& clean) {
  const PredictionTable read = readable(now);
  PerturbedFigures figures;
  figures.images = static_cast<std::int64_t>(read.rows.size());
  if (read.rows.empty()) return figures;
  const LevelEvaluation level = evaluate(read, {.bootstrap_replicates = 0}).images;
  figures.accuracy = level.accuracy.value;
  figures.balanced_accuracy = level.balanced_accuracy.value;
  figures.auc = level.auc.value;
  figures.ece = level.ece.value;
  figures.no_result_rate = share(level.no_result, figures.images);
  figures.refused_rate = share(level.refused, figures.images);
  compare_with_clean(read, clean, figures);
  return figures;
}

PerturbationTable perturb(const ModelRunner& model, std::span<const ImageFile> images, const PredictionTable& clean, std::size_t batch_size, int threads) {
  if (images.size() != clean.rows.size()) throw std::logic_error("perturb: not the predictions of these images");
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  PerturbationTable table = {clean.model_digest, perturbed_figures(clean, clean), {}};
  std::size_t done = 0;
  for (const Corruption corruption : kCorruptions) {
    for (int severity = 1; severity <= kSeverities; ++severity) {
      const auto change = [&](const Image& image, const ImageFile& file) { return corrupted(image, file.name, corruption, severity); };
      const PredictionTable now = predictions_of_corrupted(model, images, clean, change, batch_size, threads);
      table.cells.push_back({corruption, severity, perturbed_figures(now, clean)});
    }
    ++done;
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    const double left = seconds / static_cast<double>(done) * static_cast<double>(kCorruptions.size() - done);
    std::cerr << "corruption " << done << " of " << kCorruptions.size() << ": " << corruption_name(corruption) << "; " << duration_text(left) << " left"
              << std::endl;
  }
  return table;
}

}  // namespace lobule
