#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "session_case.h"

namespace lobule {

/// What a heat map shows of a class's evidence: what speaks for it, or that and what speaks against it.
enum class CamSign { only_for, for_and_against };

/// Colour of a value. only_for: 0..1 on an inferno-like map (perceptually uniform, ordered in lightness). for_and_against: -1..1, blue over white to vermilion,
/// which all common colour-vision types tell apart. Values beyond are taken for the nearest.
std::array<std::uint8_t, 3> cam_colour(CamSign sign, float value);

/// The contribution that the map's strongest colour stands for: the largest above zero, or the largest of either sign. 0 when there is none. of_class must be
/// one of the map's classes (std::logic_error otherwise).
float cam_limit(const CamMap& cam, int of_class, CamSign sign);

/// RGBA picture of one class's evidence: contributions relative to cam_limit, interpolated bilinearly to kCamScale pixels a cell before the colours are looked
/// up. Transparent where nothing speaks for the class (or against it, when that is shown).
struct CamPicture {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgba;
};
inline constexpr int kCamScale = 16;

CamPicture draw_cam(const CamMap& cam, int of_class, CamSign sign);

}  // namespace lobule
