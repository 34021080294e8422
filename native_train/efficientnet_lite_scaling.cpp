#include "efficientnet_lite_scaling.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace lobule {
namespace {

struct Scaling {
  const char* network;
  const char* trained_as;
  double width;
  double depth;
  int groups;
};
constexpr std::array<Scaling, 4> kScalings = {{{"efficientnet_lite0", "efficientnet_lite0", 1.0, 1.0, 7},
                                               {"efficientnet_lite1", "efficientnet_lite1", 1.0, 1.1, 7},
                                               {"efficientnet_lite2", "efficientnet_lite2", 1.1, 1.2, 7},
                                               {"efficientnet_lite0_first5", "efficientnet_lite0", 1.0, 1.0, 5}}};
constexpr std::int64_t kHeadChannels = 1280;

struct Group {
  int repeats;
  std::int64_t kernel, stride, expansion, out;
};
constexpr std::array<Group, 7> kGroups = {
    {{1, 3, 1, 1, 16}, {2, 3, 2, 6, 24}, {2, 5, 2, 6, 40}, {3, 3, 2, 6, 80}, {3, 5, 1, 6, 112}, {4, 5, 2, 6, 192}, {1, 3, 1, 6, 320}}};

const Scaling* find_scaling(const std::string& network) {
  const auto* found = std::find_if(kScalings.begin(), kScalings.end(), [&](const Scaling& scaling) { return network == scaling.network; });
  return found == kScalings.end() ? nullptr : found;
}

/// The nearest multiple of 8, but never less than nine tenths.
std::int64_t scaled_channels(std::int64_t channels, double width) {
  constexpr std::int64_t kDivisor = 8;
  const double wanted = static_cast<double>(channels) * width;
  const std::int64_t rounded = std::max(kDivisor, static_cast<std::int64_t>(wanted + kDivisor / 2.0) / kDivisor * kDivisor);
  return static_cast<double>(rounded) < 0.9 * wanted ? rounded + kDivisor : rounded;
}

}  // namespace

bool is_efficientnet_lite(const std::string& network) { return find_scaling(network) != nullptr; }

LiteShape efficientnet_lite_shape(const std::string& network) {
  const Scaling* scaling = find_scaling(network);
  if (scaling == nullptr) throw std::logic_error(network + " is no EfficientNet-Lite");
  LiteShape shape;
  shape.trained_as = scaling->trained_as;
  shape.groups = scaling->groups;
  std::int64_t in = kLiteStemChannels;
  for (int g = 0; g < shape.groups; ++g) {
    const Group& group = kGroups[static_cast<std::size_t>(g)];
    const bool fixed_depth = g == 0 || g + 1 == static_cast<int>(kGroups.size());
    const int repeats = fixed_depth ? group.repeats : static_cast<int>(std::ceil(scaling->depth * group.repeats));
    const std::int64_t out = scaled_channels(group.out, scaling->width);
    for (int i = 0; i < repeats; ++i) {
      shape.blocks.push_back({g, group.kernel, i == 0 ? group.stride : 1, group.expansion, in, out});
      in = out;
    }
  }
  shape.head_channels = shape.is_whole() ? kHeadChannels : in * kGroups[static_cast<std::size_t>(shape.groups)].expansion;
  return shape;
}

}  // namespace lobule
