#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "lobule/image.h"
#include "lobule/prediction_table.h"
#include "model_runner.h"

namespace lobule {

/// An image to classify: where it lies, and its name in tables and messages.
struct ImageFile {
  std::string name;
  std::filesystem::path file;
  int magnification = 0;  // 0: unknown
};

struct Classified {
  Prediction prediction;      // no result, without logits, for an image that could not be read
  std::string tensor_sha256;  // empty for such an image
  std::string error;          // "NAME: cause" for such an image; empty otherwise
};

/// What is done to an image between decoding it and preparing it for the network. Called by several threads at once. What it throws for bad input begins with
/// "NAME: ", as all that is said of an image.
using ImageChange = std::function<Image(const Image&, const ImageFile&)>;

/// Classifies images in batches: decoding and preprocessing on `threads` threads (0: one per processor), the network on its own.
/// Results in the order of `images`. progress(done) is called after each batch. change: none leaves images as they are.
std::vector<Classified> classify_images(const ModelRunner& model, std::span<const ImageFile> images, std::size_t batch_size, int threads,
                                        const std::function<void(std::size_t)>& progress, const ImageChange& change = {});

/// A table with the model's classes, thresholds and digest, and no rows yet.
PredictionTable empty_table(const ModelRunner& model);

}  // namespace lobule
