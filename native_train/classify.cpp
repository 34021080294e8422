#include "classify.h"

#include <algorithm>
#include <stdexcept>

#include "image_set.h"
#include "lobule/preprocess.h"
#include "lobule/quality.h"
#include "lobule/scope.h"
#include "lobule/sha256.h"
#include "parallel_for.h"

namespace lobule {
namespace {

/// What is known of an image before the network looks at it.
struct PreparedImage {
  std::vector<float> nchw;  // empty: could not be read
  QualityReport quality;    // only where the model has a scope that asks for it
};

PreparedImage prepare(const ImageFile& file, const ModelPackage& package, const ImageChange& change) {
  Image image = read_image(file.file, file.name);
  if (change) image = change(image, file);
  PreparedImage prepared;
  prepared.nchw = preprocess(image, package.spec.input);
  if (package.scope) prepared.quality = assess_quality(image);
  return prepared;
}

void classify_batch(const ModelRunner& model, std::span<const ImageFile> images, std::span<Classified> results, int threads, const ImageChange& change) {
  const ModelPackage& package = model.file().package;
  std::vector<PreparedImage> prepared(images.size());
  parallel_for(images.size(), threads, [&](std::size_t i) {
    try {
      prepared[i] = prepare(images[i], package, change);
      results[i].tensor_sha256 = tensor_sha256(prepared[i].nchw);
    } catch (const std::runtime_error& error) {
      results[i].error = error.what();
      // The table has the name in a column of its own.
      results[i].prediction.reason = results[i].error.substr(images[i].name.size() + 2);
    }
  });

  std::vector<float> nchw;
  std::vector<std::size_t> readable;
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (prepared[i].nchw.empty()) continue;
    nchw.insert(nchw.end(), prepared[i].nchw.begin(), prepared[i].nchw.end());
    readable.push_back(i);
  }
  if (readable.empty()) return;
  const NetworkOutputs outputs = model.run(nchw, readable.size());
  const std::size_t classes = package.spec.class_names.size();
  const std::size_t features = outputs.features.size() / readable.size();
  for (std::size_t row = 0; row < readable.size(); ++row) {
    const std::size_t i = readable[row];
    Prediction& prediction = results[i].prediction;
    prediction = postprocess(std::span(outputs.logits).subspan(row * classes, classes), package.spec);
    if (!package.scope || prediction.logits.empty()) continue;
    const double score = scope_score(std::span(outputs.features).subspan(row * features, features), package.scope->gate);
    const std::string reason = refusal_reason(*package.scope, prepared[i].quality, score, images[i].magnification);
    if (!reason.empty()) refuse(prediction, reason);
  }
}

}  // namespace

std::vector<Classified> classify_images(const ModelRunner& model, std::span<const ImageFile> images, std::size_t batch_size, int threads,
                                        const std::function<void(std::size_t)>& progress, const ImageChange& change) {
  std::vector<Classified> results(images.size());
  for (std::size_t start = 0; start < images.size(); start += batch_size) {
    const std::size_t count = std::min(batch_size, images.size() - start);
    classify_batch(model, images.subspan(start, count), std::span(results).subspan(start, count), threads, change);
    progress(start + count);
  }
  return results;
}

PredictionTable empty_table(const ModelRunner& model) {
  const ModelSpec& spec = model.spec();
  return {spec.class_names, spec.positive_class, spec.threshold_low, spec.threshold_high, model.file().package.digest, {}};
}

}  // namespace lobule
