// Prints what the core makes of an image's staining and quality, for tests that compare it with numpy and with its wasm build.
//   stain_probe JOBS.txt    one job a line, one answer a line
//   densities -                     -> the 256 optical densities, as hexadecimal doubles
//   stains PATH                     -> haematoxylin and eosin (3 densities each), their strengths, as hexadecimal doubles; "none" when it cannot tell
//   separate PATH OUT               -> writes the planes of separate_stains with Ruifrok's stains as float32; SHA256 of them
//   macenko PATH OUT                -> writes the normalised bytes; WIDTH HEIGHT PIXEL_SHA256
//   reinhard PATH TARGET OUT        -> the same, in the target's colours
//   quality PATH                    -> quality_json
// A refused image answers "error: CAUSE". Paths have no spaces.
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "lobule/optical_density.h"
#include "lobule/quality.h"
#include "lobule/reinhard.h"
#include "lobule/sha256.h"
#include "lobule/stain.h"
#include "probe_jobs.h"

namespace {

using namespace lobule;

void write(const std::string& path, const void* bytes, std::size_t size) {
  std::ofstream(path, std::ios::binary).write(static_cast<const char*>(bytes), static_cast<std::streamsize>(size));
}

std::string hexadecimal(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%a", value);
  return text;
}

std::string joined(const std::vector<double>& values) {
  std::string text;
  for (const double value : values) text += (text.empty() ? "" : " ") + hexadecimal(value);
  return text;
}

std::string written_image(const Image& image, const std::string& out) {
  write(out, image.rgb.data(), image.rgb.size());
  return std::to_string(image.width) + " " + std::to_string(image.height) + " " + pixel_sha256(image);
}

std::string stains_of(const Image& image) {
  const std::optional<StainEstimate> estimate = estimate_stains(image);
  if (!estimate) return "none";
  std::vector<double> values(estimate->stains.haematoxylin.begin(), estimate->stains.haematoxylin.end());
  values.insert(values.end(), estimate->stains.eosin.begin(), estimate->stains.eosin.end());
  values.insert(values.end(), {estimate->haematoxylin_strength, estimate->eosin_strength});
  return joined(values);
}

std::string written_planes(const StainDensities& densities, const std::string& out) {
  std::vector<float> planes = densities.haematoxylin;
  planes.insert(planes.end(), densities.eosin.begin(), densities.eosin.end());
  planes.insert(planes.end(), densities.residual.begin(), densities.residual.end());
  write(out, planes.data(), planes.size() * sizeof(float));
  return tensor_sha256(planes);
}

std::string answer(const std::string& job) {
  std::istringstream words(job);
  std::string action;
  std::string path;
  std::string second;
  std::string third;
  words >> action >> path >> second >> third;
  if (action == "densities") return joined({kOpticalDensity.begin(), kOpticalDensity.end()});
  if (action == "stains") return stains_of(read_image(path));
  if (action == "separate") return written_planes(separate_stains(read_image(path), ruifrok_stains()), second);
  if (action == "macenko") return written_image(normalise_macenko(read_image(path)), second);
  if (action == "reinhard") return written_image(normalise_reinhard(read_image(path), colour_statistics(read_image(second))), third);
  if (action == "quality") return quality_json(assess_quality(read_image(path)));
  throw std::runtime_error("unknown job " + action);
}

}  // namespace

int main(int argc, char** argv) { return lobule::answer_jobs("stain_probe", argc, argv, answer); }
