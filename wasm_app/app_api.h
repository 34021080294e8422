#pragma once

#include <cstdint>

/// lobule_app's boundary: what the page may ask of the module that owns the Session and draws the canvas. Texts are UTF-8; a returned text belongs to the module
/// and lives until the next call. A function that can fail returns "" when done, or the cause. The page holds no copy of this state: it asks again.
extern "C" {

/// Starts SDL, ImGui and ImPlot on the canvas ("#canvas"). "" or the cause (no WebGL 2).
const char* app_start(const char* canvas_selector);

/// Design tokens as {"dark":true,"surface":"#101317","panel":...,"line":...,"text":...,"quiet":...,"accent":...,"benign":...,"malignant":...,"no_result":...}.
void app_set_theme(const char* json);

/// Size of the canvas in CSS pixels and the device pixel ratio.
void app_resize(int width, int height, double device_pixel_ratio);

/// Draws a frame if anything changed since the last one. 1: call again on the next animation frame (an animation or a drag runs); 0: nothing moves,
/// call again after an event or another call of this interface.
int app_frame();

/// "classify" or "evaluate".
void app_set_view(const char* view);

// --- the Session -------------------------------------------------------------------------------------------------------------------------------

/// The opened model's facts (lobule_core's open_model answer). Predictions of another model are dropped (cases stay, to be classified again).
const char* app_set_model(const char* facts_json);

/// Adds a case: {"name":"SOB_M_....png","path":"breast/.../SOB_M_....png","bytes":12345,"sample":false,"label":""}. The core's case_id reads patient, magnification and label from
/// the path; "label" overrides it. Returns its id (> 0).
int app_add_case(const char* json);

/// Worker's answer for a case: {"width":..,"height":..,"logits":[..],"tensor_sha256":"..","pixel_sha256":"..","milliseconds":..} or {"error":"JPEG is truncated"}.
void app_set_result(int case_id, const char* json);

/// CAM of a case, row-major [classes, height, width], signed contributions. Copied.
void app_set_cam(int case_id, const float* cam, int classes, int height, int width);

/// Removes a case; app_undo brings it back. Labels, removal and thresholds can be undone. app_undo says what it undid ("removal of x.png"), or "".
void app_remove_case(int case_id);
void app_remove_all();
const char* app_undo();

/// A class name, or "" for no label.
const char* app_set_label(int case_id, const char* label);
void app_set_thresholds(double low, double high);

/// Selected case (0: none): the one the viewer shows. app_selected asks.
void app_select(int case_id);
int app_selected();

/// Session figures: {"cases":128,"done":84,"failed":1,"labelled":100,"selected":3,"threshold_low":..,"threshold_high":..,"cam_opacity":..,"can_undo":..,
/// "model":{...facts}|null}.
const char* app_state_json();

/// One case: {"id","name","path","patient","slide","magnification","label","state":"waiting|done|failed","error","call","call_name","reason","p","logits","tensor_sha256","width","height","milliseconds","sample"}.
const char* app_case_json(int case_id);

/// Cases in list order that pass the filter {"text":"","call":"","wrong_only":false,...}, grouped by patient: [{"id":..,"patient":..,"name":..,"state":..,"call":..,"p":..},...].
const char* app_list_json(const char* filter_json);

/// Patients: [{"patient","images","call","call_name","p"}].
const char* app_patients_json();

/// "predictions.csv", "predictions.json", "evaluation.json", "classification_report.txt", "report.html": the file's text, made by the core: the CLI's bytes. "" when there is nothing to write.
const char* app_export(const char* file_name);

/// Opens a predictions.csv as an evaluation without images. "" or the cause.
const char* app_open_predictions(const char* csv_text);

// --- the viewer --------------------------------------------------------------------------------------------------------------------------------

/// What the canvas wants from the page since the last call: [{"tile":{"case":3,"level":0,"x":0,"y":1}}, {"selected":5}, {"threshold":..}, ...]. Tiles are 512 pixels a side; level 0 is full size, each
/// further one half of it.
const char* app_take_requests();
void app_put_tile(int case_id, int level, int x, int y, int width, int height, const std::uint8_t* rgba);

/// "fit", "full_size", "zoom_in", "zoom_out", "toggle_cam", "pan_left", "pan_right", "pan_up", "pan_down".
void app_viewer_command(const char* command);
void app_set_cam_opacity(double opacity);
}
