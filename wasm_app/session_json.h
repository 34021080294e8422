#pragma once

#include <string>

#include "session.h"

namespace lobule {

/// What app_api.h documents under these names.
std::string case_json(const Session& session, const Case& c);
std::string list_json(const Session& session, const CaseFilter& filter);
std::string patients_json(const Session& session);

}  // namespace lobule
