#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "lobule/image.h"

namespace lobule {

/// What may befall an image between the slide and the model, to measure how far its answers hold (Hendrycks & Dietterich, "Benchmarking neural network
/// robustness to common corruptions and perturbations", ICLR 2019; for pathology: Zhang et al., "Benchmarking the robustness of deep neural networks to common
/// corruptions in digital pathology", MICCAI 2022; stains: Tellez et al. 2019). corruption.cpp holds the size of every severity.
enum class Corruption {
  brighter,           // more light: bright places burn out
  darker,             // less light
  hue,                // colours turned about the grey axis, as by another white balance
  more_haematoxylin,  // the stain's optical density, multiplied
  less_haematoxylin,
  more_eosin,
  less_eosin,
  defocus,   // Gaussian blur
  motion,    // blur along one axis alone
  noise,     // Gaussian, each sample its own
  jpeg,      // compressed
  pixelate,  // fewer pixels, each a block
  zoom_in,   // the centre, magnified
  spots,     // dust and bubbles
  pen,       // a marker's stroke across
  shadow,    // uneven light: darker away from one place
};

inline constexpr std::array<Corruption, 16> kCorruptions = {
    Corruption::brighter,
    Corruption::darker,
    Corruption::hue,
    Corruption::more_haematoxylin,
    Corruption::less_haematoxylin,
    Corruption::more_eosin,
    Corruption::less_eosin,
    Corruption::defocus,
    Corruption::motion,
    Corruption::noise,
    Corruption::jpeg,
    Corruption::pixelate,
    Corruption::zoom_in,
    Corruption::spots,
    Corruption::pen,
    Corruption::shadow,
};

inline constexpr int kSeverities = 5;

/// As in tables: "more_haematoxylin".
std::string corruption_name(Corruption corruption);

/// The image corrupted, at its own size. severity: 1 to kSeverities. Lengths are in units of what a network sees of an image: a 224th of its short side, and at
/// least a pixel. What chance decides (a place, a direction, each sample's noise) is drawn from (seed, corruption) alone, so that a higher severity is more of the
/// same. The same bits on every machine. Throws std::logic_error for a severity out of bounds or an image without pixels.
Image corrupt_image(const Image& image, Corruption corruption, int severity, std::uint64_t seed);

}  // namespace lobule
