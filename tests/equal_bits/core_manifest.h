#pragma once

#include <cstdint>

/// What the core makes of one file, as a line of hashes that every build must give alike. Texts belong to the module and live until
/// the next call. No exception crosses: a refused file's line is "refused: CAUSE".
extern "C" {

/// "decoded=.. bilinear=.. bicubic=.. tensor=.. quality=.. macenko=.. reinhard=.. stains=.. augmented=.. look=.. corrupted=..": SHA-256 of a PNG's, JPEG's or
/// BMP's pixels, of two resized images, of a preprocessed tensor, of the image's quality, of two images of normalised stain, of two augmented ones, and of all
/// corruptions of one.
const char* core_manifest_image(const std::uint8_t* bytes, int size);

/// "evaluation=.. comparison=..": SHA-256 of evaluation.json, with intervals of 1000 bootstrap replicates, of a predictions.csv, and of the CSV of its comparison
/// with the same answers given to other images.
const char* core_manifest_table(const std::uint8_t* bytes, int size);
}
