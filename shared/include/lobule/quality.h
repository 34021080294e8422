#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lobule/image.h"

namespace lobule {

/// What an image's own pixels say of it, whatever the model. Shares are of the image's area or of its stain, 0 to 1. What needs tissue is not there
/// when there is too little of it.
struct QualityReport {
  int reduction = 1;                      // image pixels a side that make one pixel of what was measured
  std::array<std::uint8_t, 3> light{};    // R, G, B of clear glass, as far as the image shows some; else 255
  double tissue_share = 0;                // of the area
  double glass_share = 0;                 // of the area: empty background
  double pen_share = 0;                   // of the area: blue, green or black ink
  std::optional<double> focus;            // variance of the Laplacian of luminance over the tissue, in squared 8-bit steps
  std::optional<double> stain_hue_share;  // of the stain: pink to purple, as haematoxylin and eosin are
  std::optional<double> stain_misfit;     // 0: haematoxylin and eosin explain every optical density; 1: nothing of them
};

/// Measures an image on its box means of n x n pixels: n is the largest whole number that leaves the short side 224 of them, so about what a network looks
/// at (700 x 460 pixels: n = 2; 224 x 224, 50 x 50: n = 1; 8192 x 6000: n = 26). Blur that does not show at that scale does not count.
/// The colours of glass, where the image shows some, are taken for white. quality.cpp says how each figure is defined. The same bits under g++ and emcc at
/// every optimisation level. Throws std::logic_error for an image without pixels.
QualityReport assess_quality(const Image& image);

/// Which parts of an image assess_quality takes for tissue. What fills no box at the right and bottom is left out there, and counts as none here.
struct TissueMask {
  int reduction = 1;  // image pixels a side of a box
  int width = 0;      // boxes
  int height = 0;
  std::vector<bool> is_tissue;  // row-major

  bool at(int x, int y) const {  // in image pixels
    const int column = x / reduction;
    const int row = y / reduction;
    return column < width && row < height && is_tissue[static_cast<std::size_t>(row) * static_cast<std::size_t>(width) + static_cast<std::size_t>(column)];
  }
};

/// The boxes that make up tissue_share. Throws std::logic_error for an image without pixels.
TissueMask tissue_mask(const Image& image);

/// One figure of a report beside its limit.
struct QualityMeasure {
  std::string key;              // "focus"
  std::string name;             // "Focus", for people
  std::optional<double> value;  // nothing: could not be judged
  std::string text;             // value and unit for people: "73.2 % of the area"
  std::string unit;             // "% of the area" when value is a share, 0 to 1
  bool is_least = true;         // value must be at least the limit; else at most
  double limit = 0;
  std::string limit_text;  // "at least 5.0 %"
  bool passed = true;      // also when it could not be judged
  std::string advice;      // what is wrong and what to do; empty when passed
};

/// Every figure against its limit; docs/quality.md says what the limits were measured on. A model with a scope gives no result where one is not kept.
std::vector<QualityMeasure> quality_measures(const QualityReport& report);

/// Sentences for the user, one for each thing that is wrong: "Out of focus: refocus and take the image again." None when every limit is kept.
std::vector<std::string> quality_advice(const QualityReport& report);

/// One line of JSON for both programs: {"passed":false,"advice":["Out of focus: ..."],"reduction":2,"light":[..],"measures":[{"key":"focus",...},...]}.
std::string quality_json(const QualityReport& report);

}  // namespace lobule
