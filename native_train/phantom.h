#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lobule/image.h"
#include "tissue_scene.h"

namespace lobule {

struct PhantomOptions {
  int patients = 120;                       // 2..999, half of them malignant
  int images_per_patient = 15;              // 1..999, of each magnification
  int width = 240;                          // pixels
  int height = 160;                         // pixels
  std::uint32_t seed = 1;                   // 0..9999: part of the patients' numbers
  std::vector<int> magnifications = {200};  // 40, 100, 200 or 400
};

/// Throws std::runtime_error naming the option and its range.
void check_phantom_options(const PhantomOptions& options);

/// Grades of the classes: benign images lie below the gap, malignant ones above it, so no label is wrong; near the gap they are hard.
inline constexpr double kHighestBenignGrade = 0.45;
inline constexpr double kLowestMalignantGrade = 0.47;

/// Every file name begins with it, so that no drawn image is ever taken for tissue.
inline constexpr std::string_view kPhantomPrefix = "PHANTOM_";

/// One image to draw. Names follow BreaKHis (Spanhol 2016) with PHANTOM in front; patients are "90-" + seed * 1000 + number, so that
/// data sets of different seeds share no patient.
struct PhantomCase {
  std::string path;     // relative to the data set, '/' as separator
  std::string label;    // "benign", "malignant"
  std::string patient;  // "90-1012"
  std::string slide;    // "90-1012A"
  std::string subtype;  // "adenosis", "tubular_adenoma", "ductal_carcinoma", "lobular_carcinoma"
  int magnification = 0;
  TissueScene scene;
};

/// The whole data set, in the order of its paths. Each case holds all that its picture depends on.
std::vector<PhantomCase> plan_phantoms(const PhantomOptions& options);

}  // namespace lobule
