// What the canvas shows of cases, drawn and in words.
#include "app.h"
#include "viewer_text.h"

namespace lobule {

ShownCase App::tissue_of(const Case& c) {
  ShownCase shown;
  shown.shown = &c;
  shown.channel = c.width > 0 ? channel_text(channel_, c, viewer_.own_stains(c, channel_)) : "";
  shown.pixel_size = session_.pixel_size(c);
  return shown;
}

void App::show_cam(ShownCase& shown, const Prediction& prediction, const CamMap& cam, const InputSpec& input) {
  if (!cam_on_ || session_.hides_call(*shown.shown)) return;
  shown.cam = &cam;
  shown.cam_class = evidence_class(session_, prediction);
  shown.cam_text = cam_text(session_, cam, shown.cam_class, cam_sign_);
  shown.input = &input;
}

ShownCase App::shown_case(int case_id) {
  if (case_id == 0) return {};
  const Case& c = session_.at(case_id);
  ShownCase shown = tissue_of(c);
  const bool is_done = c.state == CaseState::done;
  shown.call = session_.compares_models() ? model_text(session_, c, session_.model()->name, is_done ? &c.prediction : nullptr) : call_text(session_, c);
  if (session_.model()) show_cam(shown, c.prediction, c.cam, session_.model()->input);
  return shown;
}

ShownCase App::by_baseline(int case_id) {
  if (case_id == 0) return {};
  const Case& c = session_.at(case_id);
  const Baseline& baseline = *session_.baseline();
  const PredictionRow* row = baseline.row(c.path);
  const CamMap* cam = baseline.cam(c.path);
  ShownCase shown = tissue_of(c);
  shown.call = model_text(session_, c, baseline.name(), row == nullptr ? nullptr : &row->prediction);
  if (row != nullptr && cam != nullptr) show_cam(shown, row->prediction, *cam, baseline.sight()->input);
  return shown;
}

ViewerContent App::viewer_content() {
  ViewerContent content;
  content.selected = shown_case(session_.selected());
  if (session_.compares_models())
    content.pinned = by_baseline(session_.selected());
  else if (session_.pinned() != 0 && session_.pinned() == session_.selected())
    content.hint = "Pinned: select another case to compare it with";
  else if (session_.pinned() != 0)
    content.pinned = shown_case(session_.pinned());
  content.channel = channel_;
  content.cam_opacity = cam_opacity_;
  content.cam_sign = cam_sign_;
  return content;
}

void App::draw_classify() {
  const ViewerRequest request = viewer_.draw(viewer_content(), theme_, ctrl_held_);
  if (request.cam_opacity_step != 0) set_cam(true, cam_opacity_ + request.cam_opacity_step);
}

std::string App::canvas_text() {
  if (session_.selected() == 0) return "No image";
  const auto words = [](const ShownCase& shown) {
    std::string text = shown.call;
    for (const std::string& caption : {shown.channel, shown.cam_text}) {
      if (!caption.empty()) text += ". " + caption;
    }
    return text;
  };
  const ViewerContent content = viewer_content();
  const std::string selected = words(content.selected) + (content.hint.empty() ? "" : ". " + content.hint);
  const std::string of = session_.compares_models() ? session_.shown_name(*content.selected.shown) + ": " : "";
  if (content.pinned) return "Compared: " + of + words(*content.pinned) + "; with " + selected;
  return selected;
}

}  // namespace lobule
