#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lobule/case_id.h"
#include "lobule/postprocess.h"

namespace lobule {

enum class CaseState { waiting, done, failed };

/// Class activation maps of one image: signed contributions to each class's logit, row-major [classes, height, width].
struct CamMap {
  int classes = 0;
  int height = 0;
  int width = 0;
  std::vector<float> values;
};

/// One image of the session, or one row of an opened predictions table (has_image is then false).
struct Case {
  int id = 0;
  std::string name;  // file name, for people
  std::string path;  // within what was dropped, '/' as separator: its name in tables
  std::int64_t bytes = 0;
  bool sample = false;  // ships with lobule, synthetic
  bool has_image = true;
  CaseId facts;               // what the path says
  std::string source;         // of an opened table
  bool in_training = false;   // so an opened table says; of other cases the model's file does
  std::string label;          // true class name; empty: none
  std::string reading_first;  // what a reader called it before the model's call was shown; empty: not read
  std::string reading_after;  // and after it was; empty: the first reading stands
  CaseState state = CaseState::waiting;
  std::string error;  // why it failed
  int width = 0;      // pixels, after EXIF orientation
  int height = 0;
  double typed_pixel_size = 0;  // micrometres a pixel, as a person said; 0: not said
  double milliseconds = 0;      // from bytes to prediction, in the worker
  std::string tensor_sha256;
  std::string pixel_sha256;
  std::string quality;    // quality_json of its pixels; empty until it was decoded
  Prediction prediction;  // when done
  CamMap cam;             // empty until it came
};

}  // namespace lobule
