#pragma once

#include <string>
#include <string_view>

#include "level_figures.h"
#include "lobule/evaluation.h"

namespace lobule {

/// & < > " ' as character references: safe in text and in quoted attributes.
std::string escape_html(std::string_view text);

/// The call's word with the shape of its colour: circle, triangle, dash.
std::string call_html(Call call, const std::string& name);

/// "0.771 (0.691 to 0.853)", "0.771", or "undefined".
std::string figure_html(const EstimatedFigure& figure);

/// Rows of figure, value, interval, and what it is of ("46 of 50").
std::string figures_table(const LevelEvaluation& level, const std::string& positive_name);

std::string confusion_table_html(const ConfusionMatrix& confusion, const std::vector<std::string>& class_names);

/// Patient, label, call with its shape (colour never speaks alone), probability, images called rightly.
std::string patients_table(const Evaluation& evaluation);

std::string subsets_table(const std::vector<Subset>& subsets);

/// The report's style sheet: light or dark as the reader's system is, black on white in print.
std::string report_style();

}  // namespace lobule
