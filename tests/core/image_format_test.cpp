#include <catch2/catch.hpp>

#include "encoded_fixtures.h"
#include "lobule/decode.h"

using namespace lobule;
using namespace lobule::fixtures;
using Catch::Matchers::Contains;
using Catch::Matchers::Equals;

namespace {

void read(const std::string& bytes) { read_image_header(as_bytes(bytes)); }

}  // namespace

TEST_CASE("a text file is called one") {
  CHECK_THROWS_WITH(read("case 12: benign\n"), Equals("text, not an image that lobule reads (PNG, JPEG, BMP)"));
  CHECK_THROWS_WITH(read("BMI of the patients\n"), Contains("text"));
}

TEST_CASE("an unknown file is no image") {
  CHECK_THROWS_WITH(read(std::string("\x01\x02\x03\x04\0\0\0\0", 8)), Equals("not an image that lobule reads (PNG, JPEG, BMP)"));
  CHECK_THROWS_WITH(read(""), Equals("file is empty"));
}

TEST_CASE("TIFF in all its forms is refused with what converts it") {
  for (const std::string& start : {std::string("II*\0", 4), std::string("MM\0*", 4), std::string("II+\0", 4), std::string("MM\0+", 4)}) {
    CHECK_THROWS_WITH(read(start + std::string(40, '\1')), Contains("TIFF") && Contains("vips copy"));
  }
  CHECK_THROWS_WITH(read(std::string("II*\0", 4) + std::string(40, '\1') + "Aperio Image Library"), Contains("SVS") && Contains("QuPath"));
}

TEST_CASE("images of other formats are refused by their name") {
  CHECK_THROWS_WITH(read("GIF89a\x01\x01"), Contains("GIF"));
  CHECK_THROWS_WITH(read(std::string("RIFF\x10\0\0\0WEBPVP8 ", 16)), Contains("WebP"));
  CHECK_THROWS_WITH(read(std::string("\0\0\0\x18"
                                     "ftypheic",
                                     12)),
                    Contains("HEIC"));
  CHECK_THROWS_WITH(read(std::string("\0\0\0\x18"
                                     "ftypavif",
                                     12)),
                    Contains("AVIF"));
  CHECK_THROWS_WITH(read(std::string(128, '\0') + "DICM"), Contains("DICOM"));
  CHECK_THROWS_WITH(read(std::string("\0\0\0\x0CjP  \r\n\x87\n", 12)), Contains("JPEG 2000"));
}

TEST_CASE("a PNG whose line ends were changed on its way is recognised") {
  CHECK_THROWS_WITH(read(std::string("\x89PNG\n\x1A\n\0\0\0\rIHDR", 15)), Contains("PNG signature is damaged"));
}
