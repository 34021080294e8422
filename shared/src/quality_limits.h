#pragma once

namespace lobule {

// The limits of quality_measures. Measured by tests/tools/measure_quality.py; its table is in docs/quality.md. They are wide on purpose: another
// hospital's stain, scanner and light must not fail them.
inline constexpr double kLeastTissueShare = 0.05;
inline constexpr double kMostGlassShare = 0.95;
inline constexpr double kMostPenShare = 0.02;
inline constexpr double kLeastFocus = 30;  // squared 8-bit steps
inline constexpr double kLeastStainHueShare = 0.55;
inline constexpr double kMostStainMisfit = 0.5;

}  // namespace lobule
