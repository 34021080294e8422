// Times the core's steps on an image: a line each with the step's name, a tab and milliseconds, the fastest of runs that alternate between the
// steps. (What else the machine does can only add.) tests/bench/core_table.py takes the median of several such rounds.
//   core_bench IMAGE
//   core_bench --draw OUT.png    draws the image that the table is made with when none is given
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <fstream>
#include <functional>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "../core/prediction_tables.h"
#include "../tools/file_bytes.h"
#include "lobule/augment.h"
#include "lobule/decode.h"
#include "lobule/encode.h"
#include "lobule/evaluator.h"
#include "lobule/model_package.h"
#include "lobule/preprocess.h"
#include "lobule/quality.h"
#include "lobule/sha256.h"
#include "stb_as_it_comes.h"
#include "stb_decode.h"

namespace {

using namespace lobule;

constexpr int kRuns = 15;

/// Keeps results in use, so that no step is optimised away.
volatile std::size_t sink = 0;

struct Step {
  std::string name;
  std::function<std::size_t()> work;
  double milliseconds = std::numeric_limits<double>::infinity();  // of the fastest run
};

void measure(std::vector<Step>& steps) {
  for (Step& step : steps) sink = sink + step.work();  // caches and allocator warmed up
  for (int run = 0; run < kRuns; ++run) {
    for (Step& step : steps) {
      const auto start = std::chrono::steady_clock::now();
      sink = sink + step.work();
      const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
      step.milliseconds = std::min(step.milliseconds, taken.count());
    }
  }
}

/// Input of the larger networks, with ImageNet's mean and standard deviation.
InputSpec network_input() {
  InputSpec spec;
  spec.width = 336;
  spec.height = 224;
  spec.mean = {0.485F, 0.456F, 0.406F};
  spec.stddev = {0.229F, 0.224F, 0.225F};
  return spec;
}

void add_resizing(std::vector<Step>& steps, const Image& image) {
  struct Sizes {
    int from_width, from_height, width, height;
  };
  for (const Sizes& s : {Sizes{700, 460, 336, 224}, {700, 460, 144, 96}, {2048, 1536, 336, 224}, {4000, 3000, 224, 224}, {224, 224, 336, 336}}) {
    const Image source = resize_image(image, s.from_width, s.from_height, ResizeFilter::bilinear);
    const std::string name = "resize " + std::to_string(s.from_width) + "x" + std::to_string(s.from_height) + " to " + std::to_string(s.width) + "x" +
                             std::to_string(s.height) + ", ";
    steps.push_back({name + "bilinear", [=] { return resize_image(source, s.width, s.height, ResizeFilter::bilinear).rgb.size(); }});
    steps.push_back({name + "bicubic", [=] { return resize_image(source, s.width, s.height, ResizeFilter::bicubic).rgb.size(); }});
  }
}

/// A person drags the threshold of an evaluation: at each frame every figure, intervals when they let go.
void add_thresholds(std::vector<Step>& steps, Evaluator& evaluator) {
  const auto step = [&evaluator](bool with_intervals) {
    static int place = 0;
    const double threshold = 0.2 + 0.006 * (++place % 100);  // no two alike in a row
    return static_cast<std::size_t>(evaluator.at(threshold, threshold, with_intervals).images.counts.true_positive);
  };
  steps.push_back({"threshold moved, 10000 images of 500 patients", [=] { return step(false); }});
  steps.push_back({"threshold moved, with intervals", [=] { return step(true); }});
}

void measure_and_print(const std::string& file) {
  const auto encoded = std::as_bytes(std::span(file.data(), file.size()));
  const ImageHeader header = read_image_header(encoded);
  const Image image = decode_image(encoded);
  const InputSpec spec = network_input();
  const Image fitted = fit_image(image, spec);
  const std::vector<float> tensor = normalise(fitted, spec);
  std::vector<Step> steps = {
      {"decode: stb_image as it comes", [&] { return std::size_t{decode_with_stb_as_it_comes(encoded)}; }},
      {"decode: stb_image as built here", [&] { return std::size_t{decode_with_stb(encoded, header, 3).samples[0]}; }},
      {"decode", [&] { return decode_image(encoded).rgb.size(); }},
      {"quality", [&] { return static_cast<std::size_t>(assess_quality(image).reduction); }},
      {"preprocess to 336x224", [&] { return preprocess(image, spec).size(); }},
      {"whole way: decode, preprocess", [&] { return preprocess(decode_image(encoded), spec).size(); }},
      {"whole way with quality",
       [&] {
         const Image decoded = decode_image(encoded);
         return static_cast<std::size_t>(assess_quality(decoded).reduction) + preprocess(decoded, spec).size();
       }},
      {"hash of the pixels", [&] { return pixel_sha256(image).size(); }},
      {"hash of the tensor", [&] { return tensor_sha256(tensor).size(); }},
      {"augment 336x224", [&] { return augment(fitted, {}, 1).rgb.size(); }},
  };
  add_resizing(steps, image);
  Evaluator evaluator(large_table(10000, 500));
  add_thresholds(steps, evaluator);
  measure(steps);
  for (const Step& step : steps) std::printf("%s\t%.4f\n", step.name.c_str(), step.milliseconds);
}

void draw(const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  file << encode_png(golden_image(1, 700, 460));
  if (!file.flush()) throw std::runtime_error(path + ": cannot be written");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc == 3 && std::string(argv[1]) == "--draw") {
      draw(argv[2]);
    } else if (argc == 2) {
      measure_and_print(read_bytes(argv[1]));
    } else {
      std::fprintf(stderr, "usage: core_bench IMAGE | core_bench --draw OUT.png\n");
      return 2;
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "core_bench: %s\n", error.what());
    return 1;
  }
}
