// Prints what the core makes of images, for tests that compare it with other programs and with its wasm build.
//   core_probe JOBS.txt     one job a line, one answer a line
//   decode PATH                                    -> WIDTH HEIGHT PIXEL_SHA256
//   resize PATH LEFT TOP BOX_W BOX_H W H FILTER    -> the same of the result; FILTER: bilinear | bicubic
//   tensor PATH W H FIT FILTER                     -> TENSOR_SHA256; FIT: stretch | cover | contain
//   rgb PATH OUT                                   -> writes the decoded bytes; the answer is that of decode
// A refused image answers "error: CAUSE". Paths have no spaces.
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include "lobule/preprocess.h"
#include "lobule/resize.h"
#include "lobule/sha256.h"
#include "probe_jobs.h"

namespace {

using namespace lobule;

constexpr DecodeLimits kLimits = {.min_side = 1};  // decoder tests use dots

ResizeFilter parse_filter(const std::string& name) {
  if (name == "bilinear") return ResizeFilter::bilinear;
  if (name == "bicubic") return ResizeFilter::bicubic;
  throw std::runtime_error("unknown filter " + name);
}

Fit parse_fit(const std::string& name) {
  if (name == "stretch") return Fit::stretch;
  if (name == "cover") return Fit::cover;
  if (name == "contain") return Fit::contain;
  throw std::runtime_error("unknown fit " + name);
}

std::string describe(const Image& image) { return std::to_string(image.width) + " " + std::to_string(image.height) + " " + pixel_sha256(image); }

std::string answer(const std::string& job) {
  std::istringstream words(job);
  std::string action;
  std::string path;
  words >> action >> path;
  if (action == "decode") return describe(read_image(path, kLimits));
  if (action == "rgb") {
    std::string out;
    words >> out;
    const Image image = read_image(path, kLimits);
    std::ofstream(out, std::ios::binary).write(reinterpret_cast<const char*>(image.rgb.data()), static_cast<std::streamsize>(image.rgb.size()));
    return describe(image);
  }
  if (action == "resize") {
    PixelBox box;
    int width = 0;
    int height = 0;
    std::string filter;
    words >> box.left >> box.top >> box.width >> box.height >> width >> height >> filter;
    return describe(resize_image(read_image(path, kLimits), box, width, height, parse_filter(filter)));
  }
  if (action == "tensor") {
    InputSpec spec;
    std::string fit;
    std::string filter;
    words >> spec.width >> spec.height >> fit >> filter;
    spec.fit = parse_fit(fit);
    spec.filter = parse_filter(filter);
    spec.mean = {0.485F, 0.456F, 0.406F};  // ImageNet's, so that the division rounds
    spec.stddev = {0.229F, 0.224F, 0.225F};
    return tensor_sha256(preprocess(read_image(path, kLimits), spec));
  }
  throw std::runtime_error("unknown job " + action);
}

}  // namespace

int main(int argc, char** argv) { return lobule::answer_jobs("core_probe", argc, argv, answer); }
