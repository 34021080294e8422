#pragma once

#include <cstdint>

/// lobule_app's boundary: what the page may ask of the module that owns the Session and draws the canvas. Texts are UTF-8; a returned text belongs to the module
/// and lives until the next call. A function that can fail returns "" when done, or the cause. The page holds no copy of this state: it asks again.
extern "C" {

/// Memory of the module for what the page hands over (a font, pixels, a CAM).
std::uint8_t* app_allocate(int bytes);
void app_free(std::uint8_t* buffer);

/// Starts SDL, ImGui and ImPlot on the element #canvas with an OpenType font (copied). "" or the cause (no WebGL 2).
const char* app_start(const std::uint8_t* font, int font_bytes);

/// Design tokens as {"dark":true,"reduced_motion":false,"surface":"#101317","panel":...,"line":...,"text":...,"quiet":...,"accent":...,"benign":...,"malignant":...,"no_result":...}.
void app_set_theme(const char* json);

/// Size of the canvas in CSS pixels; the device pixel ratio is read from the window.
void app_resize(int width, int height);

/// Draws a frame if anything changed since the last one. 1: call again on the next animation frame (an animation or a drag runs); 0: nothing moves,
/// call again after an event or another call of this interface.
int app_frame();

/// Frames drawn since the start: none while nothing changes.
int app_frames_drawn();

/// "classify" or "evaluate".
void app_set_view(const char* view);

// --- the Session -------------------------------------------------------------------------------------------------------------------------------

/// The opened model's facts (lobule_core's open_model answer). Predictions of another model are dropped (cases stay, to be classified again).
const char* app_set_model(const char* facts_json);

/// Adds a case: {"name":"SOB_M_....png","path":"breast/.../SOB_M_....png","bytes":12345,"sample":false,"label":""}. The core's case_id reads patient, magnification and label from
/// the path; "label" overrides it. Returns its id (> 0).
int app_add_case(const char* json);

/// Worker's answer for a case: {"width":..,"height":..,"logits":[..],"tensor_sha256":"..","pixel_sha256":"..","quality":{..},"refusal":"","milliseconds":..} or
/// {"error":"JPEG is truncated"}; quality and refusal as core_quality and core_refusal give them. An id that is not (or no longer) in the list is ignored. "" or the cause.
const char* app_set_result(int case_id, const char* json);

/// CAM of a case, row-major [classes, height, width], signed contributions. Copied.
void app_set_cam(int case_id, const float* cam, int classes, int height, int width);

/// Removes cases, [3,4]; app_undo brings them back. Labels, readings, removal and thresholds can be undone, whatever the number of cases in one step. app_undo says
/// what it undid ("removal of x.png"), or ""; app_redo does the same for what it did again.
const char* app_remove_cases(const char* case_ids_json);
void app_remove_all();
const char* app_undo();
const char* app_redo();
/// Cases whose image could not be read wait again. How many.
int app_retry_failed();

/// Of cases, [3,4]: a class name, or "" for no label. While reading first it is the reader's call (see Session::set_label). "" or the cause.
const char* app_set_label(const char* case_ids_json, const char* label);
/// Read first: calls, probabilities and heat maps are hidden until the case is labelled.
void app_set_reads_first(int on);
/// Whether images of patients that the model learned from are in tables and figures.
void app_set_counts_training(int on);
/// Micrometres a pixel, as a person says; 0: not known. Other images of that size and magnification that say nothing of their own take it, too. "" or the cause.
const char* app_set_pixel_size(int case_id, double micrometres);
/// 0 <= low <= high <= 1. "" or the cause.
const char* app_set_thresholds(double low, double high);

/// Selected case (0: none): the one the viewer shows. app_selected asks.
const char* app_select(int case_id);
int app_selected();

/// Session figures: {"cases":128,"done":84,"failed":1,"labelled":100,"selected":3,"threshold_low":..,"threshold_high":..,
/// "reads_first":false,"read":0,"in_training":0,"counts_training":false,"left_out":0,
/// "cam_on":..,"cam_opacity":..,"cam_sign":"for|for_and_against","channel":"as_scanned","pinned":0,"can_undo":..,"can_redo":..,"copies":0,"has_baseline":false,"has_opened_evaluation":false,"magnifications":[40,200],"classes":[..],"positive":"malignant","revision":..}.
/// read: cases with a reading. left_out: cases with a prediction that no figure counts, being of training patients. copies: cases whose pixels an earlier one has. The revision goes up whenever anything shown changed.
const char* app_state_json();

/// One case: {"id","name","path","patient","slide","magnification","label","state":"waiting|done|failed","error","call","call_name","reason","p","logits","tensor_sha256","width","height","pixel_size","breakhis_pixel_size",
/// "milliseconds","sample"}. pixel_size: micrometres a pixel, 0 where not known; the other is what BreaKHis says.
const char* app_case_json(int case_id);

/// Cases that pass a filter, in its order (see parse_filter_json):
/// [{"id":..,"patient":..,"name":..,"state":..,"label":..,"sample":..,"has_image":..,"milliseconds":..,"call":..,"call_name":..,"p":..,"reason":..,"error":..,
/// "reading_first":"","reading_after":"","in_training":false,"hidden":true where the call is not to be seen yet,
/// "copy_of":"name of the case with the same pixels"},...].
const char* app_list_json(const char* filter_json);

/// Patients: [{"patient","images","images_refused","call","call_name","p","reason","refused"}].
const char* app_patients_json();

/// "session.json", "predictions.csv", "predictions.json", "evaluation.json", "reading.csv", "reading.json", "classification_report.txt", "report.html", "comparison.csv", "comparison.json": the file's text, made by the core: the CLI's bytes. "" when there is nothing to write.
const char* app_export(const char* file_name);

/// The cases for people as one HTML page (see lobule/case_report.h), or "" when there are none: {"title":"..","date":"..","with_codes":false,
/// "pictures":{"path":"data:image/jpeg;base64,..",...}}.
const char* app_case_report(const char* options_json);

/// What a click on a chart asked the list to show, once: {"label":"benign","predicted":"malignant","p_low":0,"p_high":1}, or "".
const char* app_take_filter();

/// One of kChartNames of the evaluation, "roc.svg" or "roc.csv": the file's text; "" without an evaluation.
const char* app_chart(const char* file_name);

/// Predictions of another model to compare with, {"name":"old.csv","csv":".."}. "" or the cause.
const char* app_set_baseline(const char* json);
void app_clear_baseline();
/// "" without a baseline; {"name":"..","digest":"..","images":..,"problem":"..."} where there is nothing to compare; else {"name","digest","images","only_in_session",
/// "only_in_baseline","changed","comparison":{see to_json(Comparison)}}, in which A is the session's model and B the baseline.
const char* app_comparison_json();

/// Predictive values of the labelled cases at a prevalence (see lobule/decision.h), or "" when there are none.
const char* app_prevalence_json(double prevalence);

/// Training curves as an SVG (see lobule/history_svg.h) of a history as JSON lines, or "" where it is none.
const char* app_history_svg(const char* json_lines);

/// Opens a predictions.csv as an evaluation without images. "" or the cause.
const char* app_open_predictions(const char* csv_text);
/// Shows an evaluation.json in place of the cases' own evaluation, until it is closed. "" or the cause.
const char* app_open_evaluation(const char* json);
void app_close_evaluation();
/// Opens a session.json: everything but the images. "" or the cause.
const char* app_open_session(const char* json);
/// An image, {"path":"..","bytes":12345}, that a case without one may have been waiting for: its id, or 0.
int app_attach_image(const char* json);

// --- the viewer --------------------------------------------------------------------------------------------------------------------------------

/// Tiles that the canvas wants and has not asked for before, coarse ones first: [{"case":3,"level":0,"x":0,"y":1,"channel":"as_scanned"},...]. Tiles are 512 pixels a side; level 0 is full size, each further
/// one half of it (sides rounded up).
const char* app_take_requests();
/// A tile could not be had now: the canvas may ask for it again.
void app_forget_requests(int case_id);
/// channel and own_stains as core_tile has them.
void app_put_tile(int case_id, int level, int x, int y, const char* channel, int own_stains, int width, int height, const std::uint8_t* rgba);

/// "fit", "full_size", "zoom_in", "zoom_out", "pan_left", "pan_right", "pan_up", "pan_down"; "toggle_cam", "cam_for" and "cam_for_and_against" (evidence for the class
/// alone or against it too; both show the heat map); "channel_as_scanned", "channel_haematoxylin", "channel_eosin", "channel_optical_density", "channel_tissue",
/// "next_channel"; "toggle_compare" (the selected case stays beside the next ones, or goes); "toggle_models" (the
/// model before beside this one, where it left its heat maps). "" or the cause.
const char* app_viewer_command(const char* command);
/// What the canvas shows of the cases, in words, with every caption on it: "x.png: malignant, 0.93. Haematoxylin, by ... Evidence for malignant, ...".
const char* app_canvas_text();
void app_set_cam_shown(int shown, double opacity);
}
