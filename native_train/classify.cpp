#include "classify.h"

#include <algorithm>
#include <stdexcept>

#include "image_set.h"
#include "lobule/preprocess.h"
#include "lobule/sha256.h"
#include "parallel_for.h"

namespace lobule {
namespace {

void classify_batch(const ModelRunner& model, std::span<const ImageFile> images, std::span<Classified> results, int threads, const ImageChange& change) {
  const ModelSpec& spec = model.spec();
  std::vector<std::vector<float>> tensors(images.size());
  parallel_for(images.size(), threads, [&](std::size_t i) {
    try {
      Image image = read_image(images[i].file, images[i].name);
      if (change) image = change(image, images[i]);
      tensors[i] = preprocess(image, spec.input);
      results[i].tensor_sha256 = tensor_sha256(tensors[i]);
    } catch (const std::runtime_error& error) {
      results[i].error = error.what();
      // The table has the name in a column of its own.
      results[i].prediction.reason = results[i].error.substr(images[i].name.size() + 2);
    }
  });

  std::vector<float> nchw;
  std::vector<std::size_t> readable;
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (tensors[i].empty()) continue;
    nchw.insert(nchw.end(), tensors[i].begin(), tensors[i].end());
    readable.push_back(i);
  }
  if (readable.empty()) return;
  const std::vector<float> logits = model.logits(nchw, readable.size());
  const std::size_t classes = spec.class_names.size();
  for (std::size_t row = 0; row < readable.size(); ++row) {
    results[readable[row]].prediction = postprocess(std::span(logits).subspan(row * classes, classes), spec);
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
