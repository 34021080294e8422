#include "atomic_file.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "temporary_folder.h"
#include "utf8.h"

namespace fs = std::filesystem;
using Catch::Matchers::EndsWith;
using namespace lobule;

namespace {

std::size_t files_in(const fs::path& folder) { return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator())); }

}  // namespace

TEST_CASE("A file is replaced as a whole, and nothing else is left beside it") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "a.bin";
  std::string bytes(100'000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 7);
  write_file_atomically(file, "old");
  write_file_atomically(file, bytes);
  REQUIRE(read_file(file) == bytes);
  REQUIRE(files_in(folder.path()) == 1);
}

TEST_CASE("A failed write says why and leaves the folder as it was") {
  const TemporaryFolder folder;
  fs::create_directory(folder.path() / "is_folder");
  CHECK_THROWS_WITH(write_file_atomically(folder.path() / "is_folder", "x"), EndsWith("is_folder: cannot write: it exists and is no regular file"));
  CHECK_THROWS_WITH(write_file_atomically(folder.path() / "absent" / "a", "x"), EndsWith("absent/a: cannot write: No such file or directory"));
  REQUIRE(files_in(folder.path()) == 1);
}

TEST_CASE("A link stays a link; what it points at is replaced") {
  const TemporaryFolder folder;
  const fs::path target = folder.write("real/a.txt", "old");
  fs::create_symlink(target, folder.path() / "link.txt");
  write_file_atomically(folder.path() / "link.txt", "new");
  REQUIRE(fs::is_symlink(folder.path() / "link.txt"));
  REQUIRE(read_file(target) == "new");
}

TEST_CASE("A written file has the permissions of the umask, not of a temporary file") {
  const TemporaryFolder folder;
  const mode_t mask = ::umask(022);
  write_file_atomically(folder.path() / "a", "x");
  ::umask(mask);
  REQUIRE((fs::status(folder.path() / "a").permissions() & fs::perms::mask) == static_cast<fs::perms>(0644));
}

TEST_CASE("What cannot be read says why") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(read_file(folder.path() / "absent"), EndsWith("absent: cannot read: No such file or directory"));
  CHECK_THROWS_WITH(read_file(folder.path()), EndsWith("cannot read: Is a directory"));
}

TEST_CASE("UTF-8 is told from what only looks like it") {
  for (const char* text : {"", "plain", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF"}) CHECK(is_utf8(text));
  // Latin-1, cut short, overlong '/', a surrogate, above U+10FFFF, a lone continuation.
  for (const char* text : {"\xE9t\xE9", "\xE2\x82", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80"}) CHECK_FALSE(is_utf8(text));
}
