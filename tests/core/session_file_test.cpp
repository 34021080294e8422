#include "lobule/session_file.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace lobule;
using Catch::Contains;

namespace {

SessionFile example() {
  SessionFile session;
  session.model_name = "a model";
  session.model_digest = "abc";
  session.class_names = {"benign", "malignant"};
  session.threshold_low = 0.25;
  session.threshold_high = 0.75;
  session.selected = "b.png";
  SessionImage called;
  called.row.path = "a.png";
  called.row.label = "benign";
  called.row.patient = "p";
  called.row.magnification = 200;
  called.row.tensor_sha256 = "t";
  called.row.prediction = prediction_of({0.1, 2.3}, 1, 0.25, 0.75);
  called.is_done = true;
  called.bytes = 1234567890123;
  called.width = 700;
  called.height = 460;
  called.pixel_sha256 = "x";
  SessionImage refused = called;
  refused.row.path = "b.png";
  refuse(refused.row.prediction, "Out of focus.");
  SessionImage broken;
  broken.row.path = "c.png";
  broken.error = "PNG is truncated";
  SessionImage waiting;
  waiting.row.path = "d.png";
  SessionImage unanswered;
  unanswered.row.path = "e.png";
  unanswered.is_done = true;
  unanswered.row.prediction.reason = "The network's answer is not a finite number.";
  called.reading = {"benign", "malignant"};
  called.pixel_size = 0.25;
  refused.reading = {"benign", ""};
  refused.row.in_training = true;
  session.images = {called, refused, broken, waiting, unanswered};
  return session;
}

/// The example with one change.
std::string changed(const std::string& pointer, const nlohmann::ordered_json& value) {
  auto json = nlohmann::ordered_json::parse(to_json(example()));
  json[nlohmann::ordered_json::json_pointer(pointer)] = value;
  return json.dump();
}

}  // namespace

TEST_CASE("a session reads back as it was, and is written with the same bytes") {
  const std::string text = to_json(example());
  const SessionFile session = parse_session(text);
  CHECK(to_json(session) == text);
  REQUIRE(session.images.size() == 5);
  CHECK(session.images[0].row.prediction.call == Call::positive);
  CHECK(session.images[0].bytes == 1234567890123);
  CHECK(session.images[1].row.prediction.call == Call::no_result);
  CHECK(session.images[1].row.prediction.refusal == "Out of focus.");
  CHECK(session.images[1].row.prediction.p_positive == session.images[0].row.prediction.p_positive);
  CHECK(session.images[2].error == "PNG is truncated");
  CHECK_FALSE(session.images[3].is_done);
  CHECK(session.images[4].is_done);
  CHECK(session.images[4].row.prediction.logits.empty());
  CHECK_THAT(text, Contains("For Research Use Only"));
  CHECK(session.images[0].reading.first == "benign");
  CHECK(session.images[0].reading.after == "malignant");
  CHECK(session.images[1].reading.after.empty());
  CHECK(session.images[0].pixel_size == 0.25);
  CHECK(session.images[1].pixel_size == 0);
  CHECK_FALSE(session.images[0].row.in_training);
  CHECK(session.images[1].row.in_training);
}

TEST_CASE("a session from before there were readings, pixel sizes and marks of training opens, and one without them says nothing of them") {
  SessionFile session = example();
  for (SessionImage& image : session.images) {
    image.reading = {};
    image.pixel_size = 0;
    image.row.in_training = false;
  }
  const std::string text = to_json(session);
  CHECK(text.find("reading_") == std::string::npos);
  CHECK(text.find("pixel_size") == std::string::npos);
  CHECK(text.find("in_training") == std::string::npos);
  CHECK(parse_session(text).images[0].reading.first.empty());
}

TEST_CASE("a file that is no session, or not whole, is refused with the cause") {
  const std::string text = to_json(example());
  CHECK_NOTHROW(parse_session(text));
  for (const char* none : {"{}", "[1]", R"({"kind":7})"}) CHECK_THROWS_WITH(parse_session(none), Contains("not a session"));
  CHECK_THROWS_WITH(parse_session(text.substr(0, text.size() / 2)), Contains("not JSON"));
  CHECK_THROWS_WITH(parse_session(R"({"kind":"lobule predictions"})"), Contains("not a session"));
  CHECK_THROWS_WITH(parse_session(changed("/schema_version", 2)), Contains("version 2"));
  CHECK_THROWS_WITH(parse_session(changed("/classes", {"one"})), Contains("two classes"));
  CHECK_THROWS_WITH(parse_session(changed("/positive", "other")), Contains("positive class"));
  CHECK_THROWS_WITH(parse_session(changed("/threshold_low", 0.9)), Contains("thresholds"));
  CHECK_THROWS_WITH(parse_session(changed("/images", 3)), Contains("no list of images"));
  CHECK_THROWS_WITH(parse_session(changed("/images/0", 3)), Contains("no object"));
}

TEST_CASE("what is wrong with an image is said with its path") {
  CHECK_THROWS_WITH(parse_session(changed("/images/0/label", "odd")), Contains("a.png: label \"odd\""));
  CHECK_THROWS_WITH(parse_session(changed("/images/0/reading_first", "odd")), Contains("a.png: reading_first \"odd\""));
  CHECK_THROWS_WITH(parse_session(changed("/images/0/reading_first", "")), Contains("a.png: has a reading_after"));
  CHECK_THROWS_WITH(parse_session(changed("/images/0/logits", {1, 2, 3})), Contains("a.png: 3 logits for 2 classes"));
  CHECK_THROWS_WITH(parse_session(changed("/images/0/logits", {1, "x"})), Contains("a.png: \"logits\""));
  for (const nlohmann::ordered_json& none :
       {nlohmann::ordered_json("x"), nlohmann::ordered_json(1e300), nlohmann::ordered_json(-1), nlohmann::ordered_json(1LL << 40)}) {
    CHECK_THROWS_WITH(parse_session(changed("/images/0/width", none)), Contains("a.png: \"width\" is no count"));
  }
  CHECK_THROWS_WITH(parse_session(changed("/images/0/pixel_size", -1)), Contains("a.png: its pixel_size"));
  CHECK_THROWS_WITH(parse_session(changed("/images/0/pixel_size", 1001)), Contains("a.png: its pixel_size"));
  CHECK_THROWS_WITH(parse_session(changed("/images/0/pixel_size", "x")), Contains("a.png: \"pixel_size\" is string"));
  CHECK_THROWS_WITH(parse_session(changed("/images/0/in_training", 1)), Contains("a.png: \"in_training\" is number"));
  CHECK_THROWS_WITH(parse_session(changed("/images/1/path", "a.png")), Contains("a.png: is there twice"));
  CHECK_THROWS_WITH(parse_session(changed("/images/1/path", "")), Contains("no path"));
}
