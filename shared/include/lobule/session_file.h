#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lobule/prediction_table.h"
#include "lobule/reading.h"

namespace lobule {

/// An image of a session: all that is known of it but its pixels.
struct SessionImage {
  PredictionRow row;
  bool is_done = false;  // it has a prediction
  std::string error;     // why it could not be read; empty otherwise
  std::int64_t bytes = 0;
  int width = 0;  // pixels, after EXIF orientation; 0: unknown
  int height = 0;
  std::string pixel_sha256;
  Reading reading;
  double pixel_size = 0;  // micrometres a pixel, as a person said; 0: not said
};

/// Micrometres a pixel: a millimetre is no microscope's.
inline constexpr double kLargestPixelSize = 1000;

/// What the page had open: images with labels and predictions in the list's order, thresholds, and whose predictions they are. No pixels.
struct SessionFile {
  std::string model_name;
  std::string model_digest;
  std::vector<std::string> class_names;
  int positive_class = 1;
  double threshold_low = 0.5;
  double threshold_high = 0.5;
  std::string selected;  // path; empty: none
  std::vector<SessionImage> images;
};

/// {"research_use_only", "kind": "lobule session", "schema_version": 1, "model_name", "model_sha256", "classes", "positive", "threshold_low", "threshold_high",
/// "selected", "images": [{"path", "label", "patient", "slide", "magnification", "subtype", "source", "bytes", "width", "height", "pixel_sha256",
/// "tensor_sha256", "logits", "refusal", "reason", "error", "reading_first", "reading_after", "pixel_size", "in_training"}, ...]}. logits are null where there is no
/// answer, all from it on where the image waits; readings are there where it was read, pixel_size where it was said, and in_training where it is true.
std::string to_json(const SessionFile& session);

/// Throws std::runtime_error with the cause, and the image where it is one's: no session, of a later version, a class that is none, logits that are not as many
/// finite numbers as there are classes, a path twice, thresholds out of order.
SessionFile parse_session(std::string_view json);

}  // namespace lobule
