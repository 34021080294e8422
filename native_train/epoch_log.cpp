#include "epoch_log.h"

#include <iomanip>
#include <sstream>

#include "atomic_file.h"
#include "lobule/history_svg.h"
#include "run_folder.h"

namespace lobule {
namespace {

Scalars scalars_of(const SetFigures& figures) {
  Scalars scalars = {{"loss", figures.loss}};
  const std::pair<const char*, Figure> rest[] = {
      {"accuracy", figures.accuracy}, {"precision", figures.precision}, {"recall", figures.recall}, {"f1", figures.f1}, {"auc", figures.auc}};
  for (const auto& [tag, figure] : rest) {
    if (figure) scalars.emplace_back(tag, *figure);
  }
  return scalars;
}

void print_figure(std::ostream& out, const Figure& figure) {
  if (figure) {
    out << std::setw(7) << *figure;
  } else {
    out << std::setw(7) << '-';
  }
}

void print_set(std::ostream& out, const SetFigures& figures) {
  out << std::setprecision(4) << std::setw(8) << figures.loss << std::setprecision(3);
  for (const Figure& figure : {figures.accuracy, figures.precision, figures.recall, figures.f1, figures.auc}) print_figure(out, figure);
}

}  // namespace

std::string epoch_header() {
  const std::string columns = "    loss    acc   prec recall     F1    AUC";
  return "       train" + std::string(columns.size() - 5, ' ') + "  validation\nepoch  " + columns + "  " + columns + "   seconds";
}

std::string epoch_line(const EpochRecord& record) {
  std::ostringstream line;
  line << std::fixed << std::setw(5) << record.epoch << "  ";
  print_set(line, record.train);
  line << "  ";
  if (record.val) {
    print_set(line, *record.val);
  } else {
    line << std::setw(8) << '-' << std::string(35, ' ');
  }
  line << std::setprecision(1) << std::setw(10) << record.seconds << (record.best ? " *" : "");
  return line.str();
}

EpochEvents::EpochEvents(const std::filesystem::path& folder, int first_epoch) : train_(folder / "train", first_epoch), val_(folder / "val", first_epoch) {}

void EpochEvents::write(const EpochRecord& record) {
  Scalars train = scalars_of(record.train);
  train.emplace_back("learning_rate", record.learning_rate);
  train.emplace_back("images_per_second", record.images_per_second);
  train_.write(record.epoch, train);
  if (record.val) val_.write(record.epoch, scalars_of(*record.val));
}

std::string history_text(std::span<const EpochRecord> history) {
  std::string text;
  for (const EpochRecord& record : history) text += to_json_line(record) + "\n";
  return text;
}

void write_history(const std::filesystem::path& run_dir, std::span<const EpochRecord> history) {
  write_file_atomically(run_dir / run_file::kHistory, history_text(history));
  write_file_atomically(run_dir / run_file::kCurves, history_svg(history));
}

}  // namespace lobule
