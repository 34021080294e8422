#include "run_table.h"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

#include "lobule/number_text.h"
#include "lobule/report.h"
#include "text_table.h"

namespace lobule {
namespace {

using Json = nlohmann::ordered_json;

struct Cell {
  std::string text;
  std::optional<double> number;  // what sorts it, where it is one
};

struct Column {
  std::string key;
  std::string heading;
  std::function<Cell(const RunSummary&)> cell;
  bool highest_first = false;
};

Cell number_cell(const std::optional<double>& value, int decimals) { return value ? Cell{fixed(*value, decimals), value} : Cell{}; }

Cell estimate_cell(const std::optional<EstimatedFigure>& figure) { return figure ? Cell{figure_text(*figure), figure->value} : Cell{}; }

std::string state_text(const RunSummary& run) {
  if (run.state == RunState::finished) return "finished";
  if (run.state == RunState::damaged) return "damaged: " + run.damage;
  return "epoch " + std::to_string(run.epochs_done) + " of " + std::to_string(run.epochs) + ", unfinished";
}

Cell option_cell(const RunSummary& run, const std::string& name) {
  const Json options = Json::parse(run.options_json);
  if (!options.contains(name)) return {};
  const Json& value = options.at(name);
  return {value.is_string() ? value.get<std::string>() : value.dump(), value.is_number() ? std::optional<double>(value.get<double>()) : std::nullopt};
}

/// Of the best epoch's validation.
Cell best_cell(const RunSummary& run, Figure SetFigures::*figure) { return run.best && run.best->val ? number_cell((*run.best->val).*figure, 3) : Cell{}; }

std::vector<Column> columns_of(std::span<const RunSummary> runs) {
  std::vector<Column> columns = {
      {"run", "run",
       [](const RunSummary& run) {
         return Cell{run.folder.string(), {}};
       }},
      {"name", "name",
       [](const RunSummary& run) {
         return Cell{run.name, {}};
       }},
      {"network", "network",
       [](const RunSummary& run) {
         return Cell{run.network, {}};
       }},
      {"best-epoch", "best epoch", [](const RunSummary& run) { return run.best ? number_cell(run.best->epoch, 0) : Cell{}; }},
      {"val-loss", "val loss", [](const RunSummary& run) { return run.best && run.best->val ? number_cell(run.best->val->loss, 4) : Cell{}; }},
      {"val-accuracy", "val acc", [](const RunSummary& run) { return best_cell(run, &SetFigures::accuracy); }, true},
      {"val-auc", "val AUC", [](const RunSummary& run) { return best_cell(run, &SetFigures::auc); }, true},
      {"test-accuracy", "test acc", [](const RunSummary& run) { return estimate_cell(run.test_accuracy); }, true},
      {"test-auc", "test AUC", [](const RunSummary& run) { return estimate_cell(run.test_auc); }, true},
      {"seconds", "s/epoch", [](const RunSummary& run) { return number_cell(run.seconds_per_epoch, 1); }}};
  for (const std::string& name : differing_options(runs)) {
    columns.push_back({name, "--" + name, [name](const RunSummary& run) { return option_cell(run, name); }});
  }
  columns.push_back({"state", "state", [](const RunSummary& run) { return Cell{state_text(run), {}}; }});  // last: a damage may be long
  return columns;
}

bool comes_before(const Cell& a, const Cell& b, bool highest_first) {
  if (a.number && b.number) return highest_first ? *a.number > *b.number : *a.number < *b.number;
  if (a.number || b.number) return a.number.has_value();
  if (a.text.empty() || b.text.empty()) return !a.text.empty() && b.text.empty();
  return a.text < b.text;
}

/// Names of folders and damaged files may hold anything; a terminal obeys some of it.
std::string printable(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char byte) { return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f; }, '?');
  return text;
}

Json number_or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

Json estimate_json(const std::optional<EstimatedFigure>& figure) {
  if (!figure) return {};
  Json json = {{"value", number_or_null(figure->value)}, {"low", nullptr}, {"high", nullptr}};
  if (figure->interval) {
    json["low"] = figure->interval->low;
    json["high"] = figure->interval->high;
  }
  return json;
}

Json best_json(const RunSummary& run) {
  if (!run.best) return {};
  const std::optional<SetFigures>& val = run.best->val;
  return {{"epoch", run.best->epoch},
          {"val_loss", val ? Json(val->loss) : Json()},
          {"val_accuracy", val ? number_or_null(val->accuracy) : Json()},
          {"val_auc", val ? number_or_null(val->auc) : Json()}};
}

}  // namespace

std::vector<std::string> differing_options(std::span<const RunSummary> runs) {
  std::vector<Json> all;
  for (const RunSummary& run : runs) {
    Json options = Json::parse(run.options_json);
    if (!options.empty()) all.push_back(std::move(options));
  }
  std::vector<std::string> names;
  if (all.empty()) return names;
  for (const auto& item : all.front().items()) {
    const auto differs = [&](const Json& options) { return options.at(item.key()) != item.value(); };
    if (item.key() != "network" && std::any_of(all.begin(), all.end(), differs)) names.push_back(item.key());
  }
  return names;
}

void sort_runs(std::vector<RunSummary>& runs, const std::string& key) {
  const std::vector<Column> columns = columns_of(runs);
  const auto column = std::find_if(columns.begin(), columns.end(), [&](const Column& candidate) { return candidate.key == key; });
  if (column == columns.end()) {
    std::string known;
    for (const Column& candidate : columns) known += (known.empty() ? "" : ", ") + candidate.key;
    throw std::runtime_error("--sort " + key + ": there is no such column; there are " + known);
  }
  std::stable_sort(runs.begin(), runs.end(),
                   [&](const RunSummary& a, const RunSummary& b) { return comes_before(column->cell(a), column->cell(b), column->highest_first); });
}

std::string run_table_text(std::span<const RunSummary> runs) {
  std::vector<TextColumn> table;
  for (const Column& column : columns_of(runs)) {
    TextColumn texts = {{column.heading}, true};
    bool is_empty = true;
    for (const RunSummary& run : runs) {
      const Cell cell = column.cell(run);
      texts.cells.push_back(cell.text.empty() ? "-" : printable(cell.text));
      is_empty = is_empty && cell.text.empty();
      texts.right_aligned = texts.right_aligned && (cell.text.empty() || cell.number);
    }
    if (!is_empty) table.push_back(std::move(texts));
  }
  return text_table(table);
}

std::string run_table_json(std::span<const RunSummary> runs) {
  Json rows = Json::array();
  for (const RunSummary& run : runs) {
    const char* state = run.state == RunState::finished ? "finished" : run.state == RunState::damaged ? "damaged" : "unfinished";
    rows.push_back({{"run", run.folder.string()},
                    {"name", run.name},
                    {"network", run.network},
                    {"state", state},
                    {"damage", run.damage.empty() ? Json() : Json(run.damage)},
                    {"epochs", run.epochs},
                    {"epochs_done", run.epochs_done},
                    {"best", best_json(run)},
                    {"test_accuracy", estimate_json(run.test_accuracy)},
                    {"test_auc", estimate_json(run.test_auc)},
                    {"seconds_per_epoch", number_or_null(run.seconds_per_epoch)},
                    {"options", Json::parse(run.options_json)}});
  }
  // A folder's name need not be UTF-8; JSON must be.
  return Json{{"runs", rows}, {"differing_options", differing_options(runs)}}.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace lobule
