#pragma once

#include <cstdint>

/// lobule_core's boundary: what the worker may ask of the module that decodes, preprocesses and reads models. Texts are
/// UTF-8 JSON, belong to the module and live until the next call; each is {"error":"cause"} when it failed. Buffers that
/// the worker fills are its own, from core_allocate. No exception crosses.
extern "C" {

/// Null when there is not that much memory.
std::uint8_t* core_allocate(int bytes);
void core_free(std::uint8_t* buffer);

/// Verifies an ONNX file (read_model_file) and keeps its spec as the candidate; the model in use stays until
/// core_accept_model. {"facts":{...},"golden":3}.
const char* core_open_model(const std::uint8_t* bytes, int size);
/// Preprocesses golden input i of the candidate into core_tensor(). {"shape":[1,3,h,w]}.
const char* core_golden_input(int index);
/// {"ok":true}, or the cause why these logits are not the candidate's.
const char* core_check_golden(int index, const float* logits, int count);
/// Makes the candidate the model in use. {"ok":true}; fails unless every golden vector has been checked and passed.
const char* core_accept_model();

/// Decodes an image and keeps it under an id of the worker's choosing. {"width":..,"height":..,"pixel_sha256":".."}.
const char* core_decode(int case_id, const std::uint8_t* bytes, int size);
void core_forget(int case_id);

/// What a kept image's own pixels say of it, as quality_json puts it: {"passed":..,"advice":[..],"measures":[..],..}.
const char* core_quality(int case_id);

/// Why the model in use must not answer for a kept image, whose features its network gave; path may say the magnification. {"reason":".."}, empty where it may.
const char* core_refusal(int case_id, const float* features, int count, const char* path);

/// Preprocesses a kept image for the model in use into core_tensor(). {"shape":[1,3,h,w],"tensor_sha256":".."}.
const char* core_preprocess(int case_id);
/// The tensor made last, until the next call that makes one.
const float* core_tensor();

/// A tile of a kept image into core_pixels(), RGBA: 512 pixels a side, less at the right and bottom edges. Level 0 is the image;
/// level n has ceil(width / 2^n) x ceil(height / 2^n) pixels, each the mean of the 2^n x 2^n pixels under it.
/// channel: "as_scanned", "haematoxylin", "eosin", "optical_density" or "tissue" (see channel.h).
/// {"width":..,"height":..,"own_stains":true}: whether the stains that were told apart are the image's own (see lobule/stain_view.h).
const char* core_tile(int case_id, int level, int x, int y, const char* channel);
/// A kept image with its longest side at most `side` pixels, into core_pixels(), RGBA. {"width":..,"height":..}.
const char* core_thumbnail(int case_id, int side);
/// The pixels made last, until the next call that makes some.
const std::uint8_t* core_pixels();
}
