#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lobule {

inline constexpr std::int64_t kLiteStemChannels = 32;

/// One mobile inverted bottleneck (Sandler 2018): 1x1 convolution to expansion * in channels (left out when expansion is 1), depthwise
/// kernel x kernel, 1x1 convolution to out channels. Where shapes allow, its input is added to its output.
struct LiteBlock {
  int group = 0;  // 0 to 6
  std::int64_t kernel = 3;
  std::int64_t stride = 1;
  std::int64_t expansion = 6;
  std::int64_t in = 0;
  std::int64_t out = 0;
  bool adds_input() const { return stride == 1 && in == out; }
};

/// efficientnet_lite0, 1 or 2, or efficientnet_lite0_first5.
bool is_efficientnet_lite(const std::string& network);

/// What lies between stem and classifier.
struct LiteShape {
  std::string trained_as;         // the network whose ImageNet weights it starts from: itself, or the one that it is the beginning of
  std::vector<LiteBlock> blocks;  // from the stem to the head
  int groups = 0;                 // of blocks
  std::int64_t head_channels = 0;
  bool is_whole() const { return groups == 7; }
};

/// EfficientNet-B0's blocks (Tan 2019) without squeeze-and-excitation, widened and deepened as the -Lite family is, stem, head and the depth of first and last
/// group fixed. _firstN ends after N groups; its head is the expansion with which the next block begins. Throws std::logic_error for another network.
LiteShape efficientnet_lite_shape(const std::string& network);

}  // namespace lobule
