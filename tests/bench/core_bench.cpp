// Times the core's steps on an image, median of many runs, in milliseconds.
//   core_bench [IMAGE...]     without an image: a drawn one of 700 x 460 pixels as PNG
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <fstream>
#include <functional>
#include <iterator>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "lobule/augment.h"
#include "lobule/decode.h"
#include "lobule/encode.h"
#include "lobule/model_package.h"
#include "lobule/preprocess.h"
#include "lobule/quality.h"
#include "lobule/sha256.h"
#include "stb_decode.h"

namespace {

using namespace lobule;

constexpr int kRuns = 31;  // odd: the median is one of them

/// Keeps results in use, so that no step is optimised away.
volatile std::size_t sink = 0;

double median_ms(const std::function<std::size_t()>& step) {
  std::vector<double> milliseconds;
  sink = sink + step();  // caches and allocator warmed up
  for (int run = 0; run < kRuns; ++run) {
    const auto start = std::chrono::steady_clock::now();
    sink = sink + step();
    milliseconds.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  std::nth_element(milliseconds.begin(), milliseconds.begin() + kRuns / 2, milliseconds.end());
  return milliseconds[kRuns / 2];
}

void print_row(const std::string& step, double milliseconds) { std::printf("  %-44s %9.3f\n", step.c_str(), milliseconds); }

InputSpec spec_of(int width, int height, ResizeFilter filter) {
  InputSpec spec;
  spec.width = width;
  spec.height = height;
  spec.filter = filter;
  return spec;
}

void measure(const std::string& name, const std::string& file) {
  const auto encoded = std::as_bytes(std::span(file.data(), file.size()));
  const ImageHeader header = read_image_header(encoded);
  const Image image = decode_image(encoded);
  std::printf("%s: %d x %d pixels, %zu bytes                  median ms of %d\n", name.c_str(), image.width, image.height, file.size(), kRuns);
  print_row("decode: stb_image alone", median_ms([&] { return decode_with_stb(encoded, header, 3).samples[0]; }));
  print_row("decode: with integrity check", median_ms([&] { return decode_image(encoded).rgb.size(); }));
  print_row("quality", median_ms([&] { return static_cast<std::size_t>(assess_quality(image).reduction); }));
  for (const InputSpec& spec :
       {spec_of(144, 96, ResizeFilter::bilinear), spec_of(224, 224, ResizeFilter::bilinear), spec_of(224, 224, ResizeFilter::bicubic)}) {
    const std::string size =
        std::to_string(spec.width) + " x " + std::to_string(spec.height) + (spec.filter == ResizeFilter::bilinear ? " bilinear" : " bicubic");
    print_row("fit to " + size, median_ms([&] { return fit_image(image, spec).rgb.size(); }));
    print_row("preprocess to " + size, median_ms([&] { return preprocess(image, spec).size(); }));
  }
  const InputSpec spec = spec_of(144, 96, ResizeFilter::bilinear);
  const Image small = fit_image(image, spec);
  print_row("augment 144 x 96", median_ms([&] { return augment(small, {}, 1).rgb.size(); }));
  print_row("pixel hash", median_ms([&] { return pixel_sha256(image).size(); }));
  print_row("write PNG", median_ms([&] { return encode_png(image).size(); }));
  print_row("whole: bytes to tensor, 144 x 96 bilinear", median_ms([&] { return preprocess(decode_image(encoded), spec).size(); }));
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path + ": cannot be opened");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc == 1) measure("drawn image as PNG", encode_png(golden_image(1, 700, 460)));
    for (int i = 1; i < argc; ++i) measure(argv[i], read_file(argv[i]));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "core_bench: %s\n", error.what());
    return 1;
  }
}
