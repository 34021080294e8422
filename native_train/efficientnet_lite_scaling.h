#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lobule {

inline constexpr std::int64_t kLiteStemChannels = 32;
inline constexpr std::int64_t kLiteHeadChannels = 1280;
inline constexpr int kLiteBlockGroups = 7;

/// One mobile inverted bottleneck (Sandler 2018): 1x1 convolution to expansion * in channels (left out when expansion is 1), depthwise
/// kernel x kernel, 1x1 convolution to out channels. Where shapes allow, its input is added to its output.
struct LiteBlock {
  int group = 0;  // 0 to kLiteBlockGroups - 1
  std::int64_t kernel = 3;
  std::int64_t stride = 1;
  std::int64_t expansion = 6;
  std::int64_t in = 0;
  std::int64_t out = 0;
  bool adds_input() const { return stride == 1 && in == out; }
};

/// efficientnet_lite0, 1 or 2.
bool is_efficientnet_lite(const std::string& network);

/// The blocks from the stem to the head: EfficientNet-B0's (Tan 2019) without squeeze-and-excitation, widened and deepened as the -Lite family is, stem, head and
/// the depth of first and last group fixed. Throws std::logic_error for another network.
std::vector<LiteBlock> efficientnet_lite_blocks(const std::string& network);

}  // namespace lobule
