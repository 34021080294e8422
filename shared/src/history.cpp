#include "lobule/history.h"

#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "json_bounds.h"

namespace lobule {
namespace {

using Json = nlohmann::ordered_json;

Json number_or_null(const Figure& figure) { return figure ? Json(*figure) : Json(); }

Json set_json(const SetFigures& figures) {
  return {{"loss", figures.loss},  // not a number: null
          {"accuracy", number_or_null(figures.accuracy)},
          {"precision", number_or_null(figures.precision)},
          {"recall", number_or_null(figures.recall)},
          {"f1", number_or_null(figures.f1)},
          {"auc", number_or_null(figures.auc)}};
}

const Json& member(const Json& object, const char* key) {
  if (!object.is_object()) throw std::runtime_error("not a JSON object");
  const auto found = object.find(key);
  if (found == object.end()) throw std::runtime_error(std::string(key) + " is missing");
  return *found;
}

double number(const Json& object, const char* key) {
  const Json& value = member(object, key);
  if (!value.is_number()) throw std::runtime_error(std::string(key) + " is not a number");
  return value.get<double>();
}

Figure figure(const Json& object, const char* key) {
  if (member(object, key).is_null()) return std::nullopt;
  return number(object, key);
}

SetFigures parse_set(const Json& json) {
  SetFigures figures;
  figures.loss = figure(json, "loss").value_or(std::numeric_limits<double>::quiet_NaN());
  figures.accuracy = figure(json, "accuracy");
  figures.precision = figure(json, "precision");
  figures.recall = figure(json, "recall");
  figures.f1 = figure(json, "f1");
  figures.auc = figure(json, "auc");
  return figures;
}

EpochRecord parse_record(std::string_view line) {
  const Json json = parse_bounded_json(line, {4, 256});
  EpochRecord record;
  const Json& epoch = member(json, "epoch");
  if (!epoch.is_number_integer() || epoch.get<std::int64_t>() < 1 || epoch.get<std::int64_t>() > std::numeric_limits<int>::max()) {
    throw std::runtime_error("epoch is not a whole number from 1");
  }
  record.epoch = epoch.get<int>();
  record.learning_rate = number(json, "learning_rate");
  record.seconds = number(json, "seconds");
  record.images_per_second = number(json, "images_per_second");
  record.train = parse_set(member(json, "train"));
  if (const Json& val = member(json, "val"); !val.is_null()) record.val = parse_set(val);
  const Json& best = member(json, "best");
  if (!best.is_boolean()) throw std::runtime_error("best is neither true nor false");
  record.best = best.get<bool>();
  return record;
}

}  // namespace

std::string to_json_line(const EpochRecord& record) {
  return Json{{"epoch", record.epoch},
              {"learning_rate", record.learning_rate},
              {"seconds", record.seconds},
              {"images_per_second", record.images_per_second},
              {"train", set_json(record.train)},
              {"val", record.val ? set_json(*record.val) : Json()},
              {"best", record.best}}
      .dump();
}

std::vector<EpochRecord> parse_history(std::string_view json_lines) {
  constexpr std::size_t kMaxBytes = std::size_t{8} << 20;
  if (json_lines.size() > kMaxBytes) throw std::runtime_error("is longer than 8 MiB");
  std::vector<EpochRecord> records;
  for (int line_number = 1; !json_lines.empty(); ++line_number) {
    const std::size_t end = json_lines.find('\n');
    const std::string_view line = json_lines.substr(0, end);
    json_lines = end == std::string_view::npos ? std::string_view() : json_lines.substr(end + 1);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    try {
      records.push_back(parse_record(line));
    } catch (const Json::exception&) {
      throw std::runtime_error("line " + std::to_string(line_number) + ": not valid JSON, or a number out of range");
    } catch (const std::runtime_error& error) {
      throw std::runtime_error("line " + std::to_string(line_number) + ": " + error.what());
    }
  }
  return records;
}

}  // namespace lobule
