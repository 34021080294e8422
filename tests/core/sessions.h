#pragma once

#include <string>
#include <vector>

#include "session.h"

/// Sessions that tests make.
namespace lobule {

inline ModelSpec spec() {
  ModelSpec model;
  model.name = "test";
  model.class_names = {"benign", "malignant"};
  model.input.width = 144;
  model.input.height = 96;
  return model;
}

/// p(malignant) = 0.5 + a bit for d > 0.
inline std::vector<float> logits(float d) { return {-d / 2, d / 2}; }

inline int add(Session& session, const std::string& path, float d) {
  const int id = session.add_case(path, path, 1000, false, "");
  session.set_result(id, logits(d));
  return id;
}

inline Session session_with_model() {
  Session session;
  session.set_model(spec(), "digest-a");
  return session;
}

}  // namespace lobule
