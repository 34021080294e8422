#pragma once

#include <cstdint>

/// lobule_core's boundary: what the worker may ask of the module that decodes, preprocesses and reads models. Texts are UTF-8 JSON, belong to the module and live until the
/// next call; each is {"error":"cause"} when it failed. Buffers are the worker's, by core_allocate. No exception crosses.
extern "C" {

std::uint8_t* core_allocate(int bytes);
void core_free(std::uint8_t* buffer);

/// Verifies an ONNX file (read_model_file) and keeps its spec. {"facts":{...},"golden":3,"input":{"name":"image","width":..,"height":..}}. The model opened before stays when this one is refused.
const char* core_open_model(const std::uint8_t* bytes, int size);

/// Preprocessed golden input i ([1,3,h,w] floats, valid until the next call), of the model last given to core_open_model.
const float* core_golden_input(int index);
/// {"ok":true} or {"error":...}. After all have passed, core_accept_model makes it the model in use.
const char* core_check_golden(int index, const float* logits, int count);
void core_accept_model();

/// Decodes and keeps the image under an id of the worker's choosing. {"width","height","pixel_sha256"}.
const char* core_decode(int case_id, const std::uint8_t* bytes, int size);
void core_forget(int case_id);

/// Tensor of a decoded image for the model in use ([1,3,h,w] floats, valid until the next call), and its hash.
const float* core_preprocess(int case_id);
const char* core_tensor_sha256();

/// {"probabilities":[..],"p":..,"call":"positive","call_name":"malignant","reason":""} by the model's own thresholds.
const char* core_postprocess(const float* logits, int count);

/// RGBA of a tile (512 pixels a side, level halves the size), or of a thumbnail (longest side `side`). {"width","height"}; pixels by core_pixels.
const char* core_tile(int case_id, int level, int x, int y);
const char* core_thumbnail(int case_id, int side);
const std::uint8_t* core_pixels();
}
