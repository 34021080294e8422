#include "lobule/history.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

using namespace lobule;
using Catch::Contains;

namespace {

EpochRecord sample_record() {
  EpochRecord record;
  record.epoch = 3;
  record.learning_rate = 1e-3;
  record.seconds = 12.25;
  record.images_per_second = 345.6;
  record.train = {0.25, 0.9, 0.8, 0.7, 0.75, 0.95};
  record.val = SetFigures{0.5, 0.8, std::nullopt, 0.0, std::nullopt, std::nullopt};
  record.best = true;
  return record;
}

}  // namespace

TEST_CASE("A training history reads back as it was written") {
  EpochRecord second = sample_record();
  second.epoch = 4;
  second.best = false;
  const std::string text = to_json_line(sample_record()) + "\n\n" + to_json_line(second) + "\r\n";
  const std::vector<EpochRecord> records = parse_history(text);
  REQUIRE(records.size() == 2);
  CHECK(records[0].epoch == 3);
  CHECK(records[0].learning_rate == 1e-3);
  CHECK(records[0].seconds == 12.25);
  CHECK(records[0].images_per_second == 345.6);
  CHECK(records[0].train.auc == 0.95);
  CHECK(records[0].val->loss == 0.5);
  CHECK_FALSE(records[0].val->precision);
  CHECK(records[0].val->recall == 0);
  CHECK(records[0].best);
  CHECK_FALSE(records[1].best);
  CHECK(to_json_line(records[0]) == to_json_line(sample_record()));
}

TEST_CASE("A history line has no line break in it") { CHECK(to_json_line(sample_record()).find('\n') == std::string::npos); }

TEST_CASE("A loss that is not a number survives as one") {
  EpochRecord record = sample_record();
  record.train.loss = std::numeric_limits<double>::quiet_NaN();
  CHECK(std::isnan(parse_history(to_json_line(record)).at(0).train.loss));
}

TEST_CASE("Broken histories are refused with the line and the cause") {
  const std::string good = to_json_line(sample_record());
  CHECK(parse_history("").empty());
  CHECK_THROWS_WITH(parse_history(good + "\n" + good.substr(0, 40)), Contains("line 2: not valid JSON"));
  CHECK_THROWS_WITH(parse_history("[]"), Contains("line 1: not a JSON object"));
  CHECK_THROWS_WITH(parse_history("{}"), Contains("line 1: epoch is missing"));
  const auto with = [&](const std::string& old_text, const std::string& new_text) {
    std::string text = good;
    return text.replace(text.find(old_text), old_text.size(), new_text);
  };
  CHECK_THROWS_WITH(parse_history(with("\"epoch\":3", "\"epoch\":0")), Contains("epoch is not a whole number from 1"));
  CHECK_THROWS_WITH(parse_history(with("\"epoch\":3", "\"epoch\":1.5")), Contains("epoch is not a whole number from 1"));
  CHECK_THROWS_WITH(parse_history(with("\"epoch\":3", "\"epoch\":99999999999")), Contains("epoch is not a whole number from 1"));
  CHECK_THROWS_WITH(parse_history(with("12.25", "\"fast\"")), Contains("seconds is not a number"));
  CHECK_THROWS_WITH(parse_history(with("0.95", "1e999")), Contains("line 1: not valid JSON, or a number out of range"));
  CHECK_THROWS_WITH(parse_history(with("true", "1")), Contains("best is neither true nor false"));
  CHECK_THROWS_WITH(parse_history(std::string(100000, '[')), Contains("line 1: is nested too deeply"));
  std::string members = "{\"a\":1";
  for (int i = 0; i < 300; ++i) members += ",\"" + std::to_string(i) + "\":1";
  CHECK_THROWS_WITH(parse_history(members + "}"), Contains("line 1: has more than 256 members"));
  CHECK_THROWS_WITH(parse_history(std::string(9 << 20, ' ')), Contains("is longer than 8 MiB"));
}

TEST_CASE("An epoch without a validation set says so, and reads back") {
  EpochRecord record;
  record.epoch = 3;
  record.best = true;
  const std::string line = to_json_line(record);
  CHECK(line.find("\"val\":null") != std::string::npos);
  const std::vector<EpochRecord> records = parse_history(line);
  REQUIRE(records.size() == 1);
  CHECK_FALSE(records[0].val);
  CHECK(to_json_line(records[0]) == line);
}
