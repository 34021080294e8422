#include "lobule/sha256.h"

#include <catch2/catch.hpp>
#include <vector>

#include "lobule/image.h"

using namespace lobule;

TEST_CASE("SHA-256 gives the digests of FIPS 180-4's examples") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256_hex(std::string(1000000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("a text fed in two pieces has the digest of the whole, wherever it is cut") {
  std::string text;
  for (int i = 0; i < 200; ++i) text += static_cast<char>(i);
  const std::string whole = sha256_hex(text);
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    Sha256 hash;
    hash.update(std::string_view(text).substr(0, cut));
    hash.update(std::string_view(text).substr(cut));
    CHECK(hash.finish_hex() == whole);
  }
}

TEST_CASE("a tensor is hashed as little-endian floats") {
  // 1.0F is 00 00 80 3F.
  CHECK(tensor_sha256(std::vector<float>{1.0F, -2.0F}) == sha256_hex(std::string_view("\x00\x00\x80\x3F\x00\x00\x00\xC0", 8)));
}

TEST_CASE("a pixel hash covers size and pixels") {
  const Image wide = make_image(3, 1);
  const Image tall = make_image(1, 3);
  CHECK(pixel_sha256(wide) == sha256_hex("3x1\n" + std::string(9, '\0')));
  CHECK(pixel_sha256(wide) != pixel_sha256(tall));
}
