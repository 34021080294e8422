// Reading first: what a reader says of a case, and what must not be shown or told by the list meanwhile.
#include <algorithm>
#include <tuple>

#include "lobule/sha256.h"
#include "session.h"

namespace lobule {
namespace {

constexpr std::size_t kCodeDigits = 6;

/// The same for the same text, and in no order that the text has.
std::string code_of(const std::string& text) { return sha256_hex(text).substr(0, kCodeDigits); }

}  // namespace

void Session::set_reads_first(bool on) {
  if (on == reads_first_) return;
  reads_first_ = on;
  ++revision_;
}

std::string Session::shown_name(const Case& c) const { return reads_first_ ? "Image " + code_of(c.path) : c.name; }

void Session::set_marks(Case& c, Marks marks) {
  c.label = std::move(marks.label);
  c.reading_first = std::move(marks.reading_first);
  c.reading_after = std::move(marks.reading_after);
}

Session::Marks Session::marked(const Case& c, const std::string& label) const {
  Marks marks = marks_of(c);
  const bool is_revealed = c.state == CaseState::done && !c.reading_first.empty();
  if (!reads_first_)
    marks.label = label;
  else if (is_revealed)
    marks.reading_after = label;
  else
    marks.reading_first = label;
  return marks;
}

std::vector<const Case*> Session::list(const CaseFilter& filter) const {
  if (reads_first_) return list_to_read(filter);
  std::vector<const Case*> shown = filter_cases(cases_, filter, class_names_, positive_class_);
  if (filter.changed_only) {
    std::erase_if(shown, [&](const Case* c) { return c->state != CaseState::done || !baseline_ || !baseline_->differs(c->path, c->prediction); });
  }
  if (!filter.training.empty()) std::erase_if(shown, [&](const Case* c) { return in_training(*c) != (filter.training == "in"); });
  return shown;
}

std::vector<const Case*> Session::list_to_read(CaseFilter filter) const {
  CaseFilter told;  // what it may be narrowed by
  if (filter.call == "waiting" || filter.call == "failed" || filter.call == "unread") told.call = filter.call;
  told.copies_only = filter.copies_only;
  told.magnification = filter.magnification;
  std::vector<const Case*> shown = filter_cases(cases_, told, class_names_, positive_class_);
  std::erase_if(shown, [&](const Case* c) { return !mentions(c->facts.patient, filter.text) && !mentions(shown_name(*c), filter.text); });

  struct Place {
    bool without_patient;
    std::string patient;
    std::string image;
    const Case* shown;
  };
  std::vector<Place> places;
  for (const Case* c : shown) places.push_back({c->facts.patient.empty(), code_of(c->facts.patient) + c->facts.patient, code_of(c->path), c});
  std::stable_sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
    return std::tie(a.without_patient, a.patient, a.image) < std::tie(b.without_patient, b.patient, b.image);
  });
  std::transform(places.begin(), places.end(), shown.begin(), [](const Place& place) { return place.shown; });
  return shown;
}

}  // namespace lobule
