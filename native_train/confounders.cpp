#include "confounders.h"

#include <torch/torch.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <stdexcept>

#include "atomic_file.h"
#include "dataset_evaluation.h"
#include "linear_probe.h"
#include "lobule/portable_math.h"
#include "parallel_for.h"
#include "split.h"

namespace lobule {
namespace {

constexpr double kPenalty = 1e-3;  // of the logistic regression: scikit-learn's C = 1 with a thousand images

bool is_positive(const Dataset& dataset, std::size_t sample) { return dataset.samples[sample].label == dataset.positive_class; }

/// What a negative and a positive image weigh so that both classes of the training images weigh the same.
std::array<double, 2> class_weights(const Dataset& dataset, std::span<const std::size_t> train) {
  std::array<double, 2> counts{};
  for (const std::size_t i : train) counts[is_positive(dataset, i) ? 1 : 0] += 1;
  if (counts[0] == 0 || counts[1] == 0) throw std::runtime_error(dataset.root.string() + ": a fold leaves no image of one class to train by");
  const double all = counts[0] + counts[1];
  return {all / (2 * counts[0]), all / (2 * counts[1])};
}

/// Log odds of the positive class for each image that a fold tests, nothing for one that the model cannot judge.
using FoldModel = std::function<std::vector<std::optional<double>>(const Fold& fold)>;

PredictionTable predict_folds(const Dataset& dataset, std::span<const Fold> folds, const FoldModel& model) {
  if (dataset.class_names.size() != 2) throw std::logic_error("predict_folds: data of two classes");
  std::map<std::size_t, PredictionRow> row_of_sample;
  PredictionTable table;
  table.class_names = dataset.class_names;
  table.positive_class = dataset.positive_class;
  for (const Fold& fold : folds) {
    const std::vector<std::optional<double>> log_odds = model(fold);
    for (std::size_t i = 0; i < fold.test.size(); ++i) {
      PredictionRow row = unpredicted_row(dataset, dataset.samples[fold.test[i]]);
      if (log_odds[i]) {
        std::vector<double> logits(2);
        logits[static_cast<std::size_t>(dataset.positive_class)] = *log_odds[i];
        row.prediction = prediction_of(std::move(logits), table.positive_class, table.threshold_low, table.threshold_high);
      } else {
        row.prediction.reason = "The image cannot be read.";
      }
      row_of_sample.emplace(fold.test[i], std::move(row));
    }
  }
  for (auto& [sample, row] : row_of_sample) table.rows.push_back(std::move(row));
  return table;
}

torch::Tensor colour_tensor(const LoadedColours& loaded, std::span<const std::size_t> samples) {
  std::vector<double> values;
  for (const std::size_t i : samples) values.insert(values.end(), loaded.colours[i]->begin(), loaded.colours[i]->end());
  return torch::tensor(values, torch::kFloat64).view({-1, std::tuple_size_v<MeanColour>});
}

std::vector<std::size_t> readable_ones(const LoadedColours& loaded, std::span<const std::size_t> samples) {
  std::vector<std::size_t> readable;
  std::copy_if(samples.begin(), samples.end(), std::back_inserter(readable), [&](std::size_t i) { return loaded.colours[i].has_value(); });
  return readable;
}

LinearClassifier fit_colours(const Dataset& dataset, const LoadedColours& loaded, std::span<const std::size_t> train) {
  const std::array<double, 2> weight_of_class = class_weights(dataset, train);
  std::vector<std::int64_t> labels;
  std::vector<double> weights;
  for (const std::size_t i : train) {
    labels.push_back(is_positive(dataset, i) ? 1 : 0);
    weights.push_back(weight_of_class[static_cast<std::size_t>(labels.back())]);
  }
  return fit_logistic_regression(colour_tensor(loaded, train), torch::tensor(labels, torch::kInt64), torch::tensor(weights, torch::kFloat64), 2, kPenalty);
}

}  // namespace

std::vector<Fold> read_folds(Dataset dataset, const std::filesystem::path& split) {
  const std::string text = read_file(split);
  try {
    std::vector<Fold> folds(static_cast<std::size_t>(count_folds(text)));
    for (std::size_t k = 0; k < folds.size(); ++k) {
      apply_split_text(dataset, text, static_cast<int>(k));
      for (std::size_t i = 0; i < dataset.samples.size(); ++i) {
        const SetName set = dataset.samples[i].set;
        if (set == SetName::none) continue;
        (set == SetName::test ? folds[k].test : folds[k].train).push_back(i);
      }
    }
    return folds;
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(split.string() + ": " + error.what());
  }
}

Categories magnifications_of(const Dataset& dataset) {
  Categories categories;
  for (const Sample& sample : dataset.samples) categories.push_back(sample.magnification == 0 ? "" : std::to_string(sample.magnification));
  return categories;
}

Categories sources_of(const Dataset& dataset) {
  Categories categories;
  for (const Sample& sample : dataset.samples) categories.push_back(sample.source);
  return categories;
}

std::optional<std::string> why_says_nothing(const Categories& categories, std::span<const Fold> folds) {
  std::set<std::string> values;
  for (const Fold& fold : folds) {
    for (const std::size_t i : fold.test) values.insert(categories[i]);
  }
  if (values.size() != 1) return std::nullopt;
  return values.begin()->empty() ? "the data does not say it" : "it is " + *values.begin() + " of every image";
}

MeanColour mean_colour(const Image& image) {
  std::array<std::uint64_t, 3> sums{};
  for (std::size_t i = 0; i < image.rgb.size(); ++i) sums[i % 3] += image.rgb[i];
  MeanColour mean{};
  for (std::size_t c = 0; c < 3; ++c) mean[c] = static_cast<double>(sums[c]) / static_cast<double>(image.rgb.size() / 3);
  return mean;
}

LoadedColours load_colours(const Dataset& dataset, std::span<const Fold> folds, int threads) {
  std::vector<std::size_t> samples;
  for (const Fold& fold : folds) samples.insert(samples.end(), fold.test.begin(), fold.test.end());
  std::sort(samples.begin(), samples.end());
  LoadedColours loaded;
  loaded.colours.resize(dataset.samples.size());
  std::vector<std::string> causes(samples.size());
  parallel_for(samples.size(), threads, [&](std::size_t i) {
    const Sample& sample = dataset.samples[samples[i]];
    try {
      loaded.colours[samples[i]] = mean_colour(read_image(sample.file, sample.path));
    } catch (const std::runtime_error& error) {
      causes[i] = error.what();
    }
  });
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (!causes[i].empty()) loaded.failures.push_back({samples[i], causes[i]});
  }
  return loaded;
}

PredictionTable predict_from_categories(const Dataset& dataset, std::span<const Fold> folds, const Categories& categories) {
  return predict_folds(dataset, folds, [&](const Fold& fold) {
    const std::array<double, 2> weight_of_class = class_weights(dataset, fold.train);
    std::map<std::string, std::array<double, 2>> counts;  // negatives and positives
    for (const std::size_t i : fold.train) {
      const std::size_t k = is_positive(dataset, i) ? 1 : 0;
      counts[categories[i]][k] += weight_of_class[k];
    }
    std::vector<std::optional<double>> log_odds;
    for (const std::size_t i : fold.test) {
      const auto found = counts.find(categories[i]);
      log_odds.emplace_back(found == counts.end() ? 0 : portable_log((found->second[1] + 1) / (found->second[0] + 1)));
    }
    return log_odds;
  });
}

PredictionTable predict_from_colours(const Dataset& dataset, std::span<const Fold> folds, const LoadedColours& loaded) {
  return predict_folds(dataset, folds, [&](const Fold& fold) {
    const LinearClassifier classifier = fit_colours(dataset, loaded, readable_ones(loaded, fold.train));
    std::vector<std::optional<double>> log_odds;
    for (const std::size_t i : fold.test) {
      if (!loaded.colours[i]) {
        log_odds.emplace_back();
        continue;
      }
      const std::array<std::size_t, 1> one = {i};
      const torch::Tensor logits = classifier.weight.mv(colour_tensor(loaded, one).view(-1)) + classifier.bias;
      log_odds.emplace_back((logits[1] - logits[0]).item<double>());
    }
    return log_odds;
  });
}

}  // namespace lobule
