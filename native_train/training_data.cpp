#include "training_data.h"

#include <algorithm>
#include <memory>
#include <set>
#include <stdexcept>
#include <utility>

#include "lobule/csv.h"
#include "lobule/sha256.h"
#include "phantom.h"

namespace lobule {
namespace {

LabelledImages take_set(const Dataset& dataset, SetName set, const std::shared_ptr<const LoadedImages>& images, const InputSpec& input) {
  LabelledImages taken;
  taken.images = images;
  taken.input = input;
  taken.classes = static_cast<std::int64_t>(dataset.class_names.size());
  std::vector<int> count(dataset.class_names.size(), 0);
  for (std::size_t i = 0; i < images->samples.size(); ++i) {
    const Sample& sample = dataset.samples[images->samples[i]];
    if (sample.set != set) continue;
    taken.chosen.push_back(i);
    taken.labels.push_back(sample.label);
    ++count[static_cast<std::size_t>(sample.label)];
  }
  if (taken.chosen.empty() && set == SetName::val) return taken;
  if (taken.chosen.empty()) {
    throw std::runtime_error(dataset.root.string() + ": the " + to_string(set) + " set has no readable image; `lobule split` divides data by patient");
  }
  for (std::size_t i = 0; i < count.size(); ++i) {
    if (count[i] > 0) continue;
    throw std::runtime_error(dataset.root.string() + ": the " + to_string(set) + " set has no readable image of class " + dataset.class_names[i]);
  }
  return taken;
}

std::string manifest_sha256(const Dataset& dataset, const LoadedImages& images) {
  std::vector<std::string> pixel_hashes(dataset.samples.size());
  for (std::size_t i = 0; i < images.samples.size(); ++i) pixel_hashes[images.samples[i]] = images.pixel_sha256[i];
  Sha256 hash;
  for (std::size_t i = 0; i < dataset.samples.size(); ++i) {
    const Sample& sample = dataset.samples[i];
    const std::string& label = dataset.class_names[static_cast<std::size_t>(sample.label)];
    hash.update(csv_line({sample.path, label, sample.patient, to_string(sample.set), pixel_hashes[i]}));
  }
  return hash.finish_hex();
}

}  // namespace

TrainingData make_training_data(Dataset dataset, LoadedImages images, const InputSpec& input, std::optional<LoadedImages> detailed) {
  const auto shared = std::make_shared<const LoadedImages>(std::move(images));
  TrainingData data;
  data.train = take_set(dataset, SetName::train, shared, input);
  if (detailed) {
    if (detailed->samples != shared->samples) throw std::runtime_error(dataset.root.string() + ": images changed while they were read");
    data.train.detailed = std::make_shared<const LoadedImages>(std::move(*detailed));
  }
  data.val = take_set(dataset, SetName::val, shared, input);
  data.manifest_sha256 = manifest_sha256(dataset, *shared);
  data.dataset = std::move(dataset);
  return data;
}

std::string set_summary(const Dataset& dataset, SetName set) {
  std::vector<int> count(dataset.class_names.size(), 0);
  std::set<std::string> patients;
  for (const std::size_t index : samples_in(dataset, set)) {
    ++count[static_cast<std::size_t>(dataset.samples[index].label)];
    patients.insert(dataset.samples[index].patient);
  }
  std::string classes;
  int images = 0;
  for (std::size_t i = 0; i < count.size(); ++i) {
    classes += (i == 0 ? "" : ", ") + std::to_string(count[i]) + " " + dataset.class_names[i];
    images += count[i];
  }
  return to_string(set) + ": " + std::to_string(images) + " images (" + classes + ") of " + std::to_string(patients.size()) + " patients";
}

std::vector<std::string> image_sources(const Dataset& dataset) {
  std::set<std::string> sources;
  for (const Sample& sample : dataset.samples) {
    if (!sample.source.empty()) sources.insert(sample.source);
  }
  return {sources.begin(), sources.end()};
}

bool is_synthetic(const Dataset& dataset) {
  return std::all_of(dataset.samples.begin(), dataset.samples.end(),
                     [](const Sample& sample) { return sample.file.filename().string().starts_with(kPhantomPrefix); });
}

std::vector<double> balanced_class_weights(const LabelledImages& images, std::size_t classes) {
  std::vector<double> weights(classes, 0);
  for (const std::int64_t label : images.labels) ++weights[static_cast<std::size_t>(label)];
  for (double& weight : weights) weight = static_cast<double>(images.labels.size()) / (static_cast<double>(classes) * weight);
  return weights;
}

}  // namespace lobule
