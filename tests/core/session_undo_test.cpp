// Undo, redo, and what takes the place of all cases.
#include <catch2/catch.hpp>

#include "sessions.h"

using namespace lobule;

TEST_CASE("what was undone is done again, until something else is done") {
  Session session = session_with_model();
  const int a = add(session, "a.png", 2);
  const int b = add(session, "b.png", 2);
  session.set_label({a}, "benign");
  session.remove_cases({b});
  session.set_thresholds(0.2, 0.9);
  CHECK_FALSE(session.can_redo());
  CHECK(session.undo() == "threshold");
  CHECK(session.undo() == "removal of b.png");
  CHECK(session.undo() == "label of a.png");
  CHECK(session.at(a).label.empty());
  CHECK(session.cases().size() == 2);
  CHECK(session.redo() == "label of a.png");
  CHECK(session.redo() == "removal of b.png");
  CHECK(session.redo() == "threshold");
  CHECK(session.redo().empty());
  CHECK(session.at(a).label == "benign");
  CHECK(session.cases().size() == 1);
  CHECK(session.threshold_high() == 0.9);
  CHECK(session.at(a).prediction.call == Call::no_result);  // 0.88
  CHECK(session.undo() == "threshold");
  session.set_label({a}, "malignant");
  CHECK_FALSE(session.can_redo());
}

TEST_CASE("undoing and doing again the opening of a table changes cases, classes and thresholds together") {
  Session session = session_with_model();
  add(session, "a.png", 2);
  const std::string before = to_csv(session.table());
  PredictionTable other = session.table();
  other.class_names = {"no_idc", "idc"};
  other.rows.front().path = "other.png";
  other.threshold_low = other.threshold_high = 0.25;
  session.open_table(other);
  session.undo();
  CHECK(to_csv(session.table()) == before);
  session.redo();
  CHECK(session.class_names() == other.class_names);
  CHECK(session.threshold_low() == 0.25);
  REQUIRE(session.cases().size() == 1);
  CHECK(session.cases().front().path == "other.png");
}

TEST_CASE("images that could not be read wait again when asked for, rows of a table do not") {
  Session session = session_with_model();
  const int a = add(session, "a.png", 2);
  const int b = session.add_case("b.png", "b.png", 1, false, "");
  session.set_failure(b, "PNG is truncated");
  CHECK(session.retry_failed() == 1);
  CHECK(session.at(b).state == CaseState::waiting);
  CHECK(session.at(b).error.empty());
  CHECK(session.at(a).state == CaseState::done);
  CHECK(session.retry_failed() == 0);
}

TEST_CASE("a session is saved and opened again with everything but the images, and these come back by path and size") {
  Session session = session_with_model();
  const int a = session.add_case("a.png", "folder/a.png", 100, false, "malignant");
  session.set_result(a, logits(2));
  session.set_failure(session.add_case("b.png", "folder/b.png", 200, false, ""), "PNG is truncated");
  session.set_thresholds(0.2, 0.4);
  session.select(a);
  const std::string saved = to_json(session.to_file());

  Session other = session_with_model();
  add(other, "mine.png", 1);
  other.open_file(parse_session(saved));
  CHECK(to_json(other.to_file()) == saved);
  REQUIRE(other.cases().size() == 2);
  CHECK(other.cases()[0].label == "malignant");
  CHECK(other.threshold_low() == 0.2);
  CHECK(other.at(other.selected()).name == "a.png");
  CHECK(other.attach_image("folder/a.png", 99) == 0);  // another file
  CHECK(other.attach_image("folder/a.png", 100) == other.cases()[0].id);
  CHECK(other.cases()[0].state == CaseState::waiting);
  CHECK(other.cases()[0].label == "malignant");
  CHECK(other.attach_image("folder/a.png", 100) == 0);  // it is there already
  CHECK(other.attach_image("b.png", 200) == other.cases()[1].id);
  CHECK(other.undo() == "opening a session");
  REQUIRE(other.cases().size() == 1);
  CHECK(other.cases()[0].name == "mine.png");
}

TEST_CASE("predictions of another model stay as they are when images come back, and make way for new images") {
  Session session = session_with_model();
  add(session, "a.png", 2);
  SessionFile file = session.to_file();
  file.model_digest = "of another model";
  file.class_names = {"no_idc", "idc"};
  session.open_file(file);
  CHECK(session.attach_image("a.png", 1000) != 0);
  CHECK(session.cases().front().state == CaseState::done);
  const int own = session.add_case("new.png", "new.png", 1, false, "malignant");
  REQUIRE(session.cases().size() == 1);
  CHECK(session.cases().front().id == own);
  CHECK(session.class_names() == spec().class_names);
  CHECK(session.table().model_digest == "digest-a");
}
