#pragma once

#include <string>
#include <string_view>

namespace lobule {

/// What a file's path says about its case. Fields that it does not say are empty (magnification: 0).
struct CaseId {
  std::string patient;  // BreaKHis: the number ("14-22549"), never the block letters after it; IDC: the slide number
  std::string slide;    // BreaKHis: number and block letters ("14-22549AB")
  int magnification = 0;
  std::string subtype;  // "adenosis", "ductal_carcinoma", ... (BreaKHis)
  std::string label;    // "benign", "malignant"; for IDC patches "no_idc", "idc"
  bool operator==(const CaseId&) const = default;
};

/// Understands BreaKHis names (SOB_M_DC-14-5287-400-001.png, any image extension; Spanhol 2016), lobule's own phantoms
/// (PHANTOM_SOB_...: the same scheme), IDC patch names (8863_idx5_x51_y1251_class0.png; Janowczyk 2016), and folders called benign or malignant
/// anywhere in the path. '/' and '\' both separate folders. Never throws.
CaseId parse_case_id(std::string_view path);

/// Full BreaKHis subtype name of its letter code within a class ('B','A' -> "adenosis"; 'M','DC' -> "ductal_carcinoma"; "" when unknown).
std::string breakhis_subtype(char tumour_class, std::string_view code);

}  // namespace lobule
