#include "core_manifest.h"

#include <exception>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "lobule/appearance.h"
#include "lobule/augment.h"
#include "lobule/comparison.h"
#include "lobule/corruption.h"
#include "lobule/decode.h"
#include "lobule/evaluation.h"
#include "lobule/prediction_table.h"
#include "lobule/preprocess.h"
#include "lobule/quality.h"
#include "lobule/reinhard.h"
#include "lobule/resize.h"
#include "lobule/sha256.h"
#include "lobule/stain.h"
#include "lobule/stain_view.h"

namespace {

using namespace lobule;

/// The one place where exceptions end.
template <typename Work>
const char* line(Work work) {
  static std::string answer;
  try {
    answer = work();
  } catch (const std::exception& error) {
    answer = std::string("refused: ") + error.what();
  }
  return answer.c_str();
}

/// One hash of them all; every severity comes up.
std::string corrupted_sha256(const Image& image) {
  Sha256 hash;
  for (std::size_t i = 0; i < kCorruptions.size(); ++i) {
    hash.update(pixel_sha256(corrupt_image(image, kCorruptions[i], 1 + static_cast<int>(i) % kSeverities, i)));
  }
  return hash.finish_hex();
}

/// One hash of what each stain's channel shows.
std::string stains_sha256(const Image& image) {
  const StainMatrix stains = view_stains(image).stains;
  Sha256 hash;
  for (const StainChannel channel : {StainChannel::haematoxylin, StainChannel::eosin, StainChannel::optical_density}) {
    std::string rgba;
    for (std::size_t i = 0; i < image.rgb.size(); i += 3) rgba.append(reinterpret_cast<const char*>(image.rgb.data() + i), 3).push_back('\xff');
    show_stain({reinterpret_cast<std::uint8_t*>(rgba.data()), rgba.size()}, channel, stains);
    hash.update(rgba);
  }
  return hash.finish_hex();
}

std::string image_line(std::span<const std::byte> encoded) {
  const Image image = decode_image(encoded, {.min_side = 1});  // the decoder corpus holds dots
  // One shape for each filter, neither the usual images' own: some sides grow and some shrink.
  const Image bilinear = resize_image(image, 167, 112, ResizeFilter::bilinear);
  const Image bicubic = resize_image(image, 60, 120, ResizeFilter::bicubic);
  InputSpec spec;
  spec.width = 144;
  spec.height = 96;
  spec.mean = {0.485F, 0.456F, 0.406F};  // ImageNet's, so that the division rounds
  spec.stddev = {0.229F, 0.224F, 0.225F};
  Image look = bilinear;
  vary_appearance(look, {.stain = 0.2, .colour = 0.2, .blur = 2, .noise = 0.05, .jpeg = 60, .cutout = 0.3}, 7);
  return "decoded=" + pixel_sha256(image) + " bilinear=" + pixel_sha256(bilinear) + " bicubic=" + pixel_sha256(bicubic) +
         " tensor=" + tensor_sha256(preprocess(image, spec)) + " quality=" + sha256_hex(quality_json(assess_quality(image))) +
         " macenko=" + pixel_sha256(normalise_macenko(bilinear)) + " reinhard=" + pixel_sha256(normalise_reinhard(bilinear, colour_statistics(bicubic))) +
         " stains=" + stains_sha256(bilinear) + " augmented=" + pixel_sha256(augment(bilinear, {}, 7)) + " look=" + pixel_sha256(look) +
         " corrupted=" + corrupted_sha256(bicubic);
}

/// Another model's table: each image has the answer that the one before it had.
PredictionTable answers_moved_on(PredictionTable table) {
  for (std::size_t row = table.rows.size(); row > 1; --row) std::swap(table.rows[row - 1].prediction, table.rows[row - 2].prediction);
  return table;
}

}  // namespace

const char* core_manifest_image(const std::uint8_t* bytes, int size) {
  return line([&] { return image_line({reinterpret_cast<const std::byte*>(bytes), static_cast<std::size_t>(size)}); });
}

const char* core_manifest_table(const std::uint8_t* bytes, int size) {
  return line([&] {
    const std::string_view csv(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    const NamedTable table = {"table", parse_prediction_table(csv)};
    const NamedTable other = {"other", answers_moved_on(table.predictions)};
    return "evaluation=" + sha256_hex(to_json(evaluate(table.predictions))) + " comparison=" + sha256_hex(to_csv(compare({&table, 1}, {&other, 1})));
  });
}
