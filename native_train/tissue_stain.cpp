#include "tissue_stain.h"

#include <algorithm>
#include <cmath>

#include "tissue_random.h"
#include "tissue_texture.h"

namespace lobule {
namespace {

std::array<double, 3> unit_vector(SplitMix64& random, std::array<double, 3> around, double jitter) {
  double squares = 0;
  for (double& part : around) {
    part += uniform_between(random, -jitter, jitter);
    squares += part * part;
  }
  for (double& part : around) part /= std::sqrt(squares);
  return around;
}

/// Gaussian blur of a plane in both directions; the border repeats.
void blur(std::vector<float>& plane, int width, int height, double sigma_px) {
  const int reach = std::max(1, static_cast<int>(std::ceil(2.5 * sigma_px)));
  std::vector<float> weights(reach + 1);
  float sum = 0;
  for (int i = 0; i <= reach; ++i) {
    weights[i] = static_cast<float>(portable_exp(-0.5 * i * i / (sigma_px * sigma_px)));
    sum += i == 0 ? weights[i] : 2 * weights[i];
  }
  for (float& weight : weights) weight /= sum;
  const auto pass = [&](int count, int lines, std::size_t step, std::size_t line_step) {
    std::vector<float> line(count);
    for (int l = 0; l < lines; ++l) {
      float* first = plane.data() + l * line_step;
      for (int i = 0; i < count; ++i) {
        float value = weights[0] * first[i * step];
        for (int k = 1; k <= reach; ++k) {
          value += weights[k] * (first[std::max(0, i - k) * step] + first[std::min(count - 1, i + k) * step]);
        }
        line[i] = value;
      }
      for (int i = 0; i < count; ++i) first[i * step] = line[i];
    }
  };
  pass(width, height, 1, width);
  pass(height, width, width, 1);
}

}  // namespace

StainRecipe random_stain(SplitMix64& random) {
  StainRecipe recipe;
  recipe.haematoxylin = unit_vector(random, {0.62, 0.70, 0.34}, 0.035);
  recipe.eosin = unit_vector(random, {0.17, 0.87, 0.40}, 0.045);
  recipe.haematoxylin_strength = uniform_between(random, 0.82, 1.18);
  recipe.eosin_strength = uniform_between(random, 0.78, 1.2);
  const double brightness = uniform_between(random, 225, 248);
  recipe.light = {brightness + uniform_between(random, -8, 4), brightness, brightness + uniform_between(random, -8, 6)};
  recipe.blur_um = uniform_between(random, 0.3, 0.7);
  recipe.shading = uniform_between(random, 0.0, 0.12);
  recipe.noise = uniform_between(random, 0.2, 1.2);
  return recipe;
}

StainRecipe varied(SplitMix64& random, StainRecipe recipe) {
  recipe.haematoxylin_strength *= uniform_between(random, 0.93, 1.07);
  recipe.eosin_strength *= uniform_between(random, 0.93, 1.07);
  recipe.blur_um *= uniform_between(random, 0.85, 1.3);
  return recipe;
}

Image photograph(const TissueLayer& layer, const StainRecipe& recipe, SplitMix64& random) {
  constexpr double kLog10 = 2.302585092994046;
  const std::uint64_t thickness_seed = random.next();
  const std::size_t pixels = layer.cover.size();
  std::array<std::vector<float>, 3> light;
  for (auto& plane : light) plane.resize(pixels);
  for (std::size_t i = 0; i < pixels; ++i) {
    const double x = (static_cast<double>(i % layer.width) + 0.5) / layer.width - 0.5;
    const double y = (static_cast<double>(i / layer.width) + 0.5) / layer.height - 0.5;
    const double thickness = 0.88 + 0.24 * value_noise(thickness_seed, 3 * x, 2 * y);
    const double haematoxylin = layer.haematoxylin[i] * recipe.haematoxylin_strength * thickness;
    const double eosin = layer.eosin[i] * recipe.eosin_strength * thickness;
    const double shade = 1 - recipe.shading * 2 * (x * x + y * y);
    for (int c = 0; c < 3; ++c) {
      const double density = haematoxylin * recipe.haematoxylin[c] + eosin * recipe.eosin[c];
      light[c][i] = static_cast<float>(recipe.light[c] * shade * portable_exp(-kLog10 * density));
    }
  }
  for (auto& plane : light) blur(plane, layer.width, layer.height, recipe.blur_um / layer.um_per_pixel);
  Image image = make_image(layer.width, layer.height);
  for (std::size_t i = 0; i < pixels; ++i) {
    const double grain = recipe.noise * standard_normal(random);
    for (int c = 0; c < 3; ++c) {
      image.rgb[3 * i + c] = static_cast<std::uint8_t>(std::clamp(light[c][i] + grain + 0.5, 0.0, 255.0));
    }
  }
  return image;
}

}  // namespace lobule
