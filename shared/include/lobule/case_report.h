#pragma once

#include <map>
#include <string>

#include "lobule/session_file.h"

namespace lobule {

struct CaseReportOptions {
  std::string title = "lobule: cases";
  std::string date;                             // as it is to be printed; empty: none
  bool with_codes = false;                      // names of files and patients, which may name a person, make way for numbers
  std::map<std::string, std::string> pictures;  // path: a small picture as data:image/...;base64,...; what is of another form is left out
};

/// A session for people, as one HTML page that needs no other file and prints well: a call for each patient and each image, with probability, reason, label and
/// hash; model, thresholds and the research notice. No text of an image file's metadata is in it, since none is read.
std::string case_report_html(const SessionFile& session, const CaseReportOptions& options = {});

/// The session with codes in place of names: patients "1", "2", images "Image 1", "Image 2", in the session's order; slides are left out.
SessionFile with_codes(SessionFile session);

}  // namespace lobule
