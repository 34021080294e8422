#include "phantom.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <set>

#include "atomic_file.h"
#include "lobule/case_id.h"
#include "lobule/csv.h"
#include "lobule/decode.h"
#include "phantom_files.h"
#include "temporary_folder.h"

namespace fs = std::filesystem;
using namespace lobule;

namespace {

/// Six patients of two small images: every subtype occurs.
PhantomOptions small_options() {
  PhantomOptions options;
  options.patients = 6;
  options.images_per_patient = 2;
  options.width = 96;
  options.height = 64;
  options.seed = 5;
  return options;
}

std::map<std::string, std::string> files_below(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files[fs::relative(entry.path(), folder).generic_string()] = read_file(entry.path());
  }
  return files;
}

void write(const PhantomOptions& options, const fs::path& folder, int threads) {
  write_phantoms(options, folder, threads, [](std::size_t, std::size_t) {});
}

Image decode(const std::string& bytes) { return decode_image(std::as_bytes(std::span(bytes))); }

}  // namespace

TEST_CASE("The number of threads does not change a byte of the phantoms") {
  const TemporaryFolder one;
  const TemporaryFolder three;
  write(small_options(), one.path(), 1);
  write(small_options(), three.path(), 3);
  const auto files = files_below(one.path());
  REQUIRE(files.size() == 6 * 2 + 2);  // images, README.md, manifest.csv
  REQUIRE(files == files_below(three.path()));
}

TEST_CASE("Another seed draws other patients and other images") {
  PhantomOptions other = small_options();
  other.seed = 6;
  std::set<std::string> patients;
  for (const PhantomCase& phantom : plan_phantoms(small_options())) patients.insert(phantom.patient);
  for (const PhantomCase& phantom : plan_phantoms(other)) REQUIRE(patients.count(phantom.patient) == 0);
  REQUIRE(draw_tissue(plan_phantoms(small_options())[0].scene).rgb != draw_tissue(plan_phantoms(other)[0].scene).rgb);
}

TEST_CASE("A phantom's path tells the case that its manifest line tells") {
  PhantomOptions options = small_options();
  options.magnifications = {40, 400};
  for (const PhantomCase& phantom : plan_phantoms(options)) {
    CaseId expected;
    expected.patient = phantom.patient;
    expected.slide = phantom.slide;
    expected.magnification = phantom.magnification;
    expected.subtype = phantom.subtype;
    expected.label = phantom.label;
    INFO(phantom.path);
    REQUIRE(parse_case_id(phantom.path) == expected);
    REQUIRE(parse_case_id(phantom.path.substr(phantom.path.rfind('/') + 1)) == expected);
  }
}

TEST_CASE("Every phantom's file name, the card and the manifest say that it is synthetic") {
  const TemporaryFolder folder;
  write(small_options(), folder.path(), 2);
  const CsvTable manifest = parse_csv(read_file(folder.path() / "manifest.csv"));
  REQUIRE(manifest.header == std::vector<std::string>{"path", "label", "patient", "slide", "magnification", "subtype", "source"});
  REQUIRE(manifest.rows.size() == 12);
  for (const auto& row : manifest.rows) {
    REQUIRE(fs::path(row[0]).filename().string().rfind("PHANTOM_SOB_", 0) == 0);
    REQUIRE(row[6] == "phantom");
    const Image image = decode(read_file(folder.path() / row[0]));
    REQUIRE(image.width == 96);
    REQUIRE(image.height == 64);
  }
  REQUIRE(read_file(folder.path() / "README.md").find("synthetic") != std::string::npos);
}

TEST_CASE("Half of the phantom patients are malignant, and grades keep to their class's side of the gap") {
  PhantomOptions options;
  options.patients = 40;
  std::map<std::string, std::string> label_of;
  for (const PhantomCase& phantom : plan_phantoms(options)) {
    const auto [entry, first] = label_of.emplace(phantom.patient, phantom.label);
    REQUIRE(entry->second == phantom.label);
    if (phantom.label == "malignant") {
      REQUIRE(phantom.scene.grade >= kLowestMalignantGrade);
    } else {
      REQUIRE(phantom.scene.grade <= kHighestBenignGrade);
    }
  }
  const auto malignant = std::count_if(label_of.begin(), label_of.end(), [](const auto& entry) { return entry.second == "malignant"; });
  REQUIRE(malignant == 20);
}

TEST_CASE("Phantoms of any size and magnification hold stain and clear space") {
  PhantomOptions options = small_options();
  options.images_per_patient = 1;
  options.width = 210;
  options.height = 90;
  options.magnifications = {40, 100, 200, 400};
  for (const PhantomCase& phantom : plan_phantoms(options)) {
    const Image image = draw_tissue(phantom.scene);
    REQUIRE(image.width == 210);
    REQUIRE(image.height == 90);
    const auto [darkest, brightest] = std::minmax_element(image.rgb.begin(), image.rgb.end());
    INFO(phantom.path);
    REQUIRE(*darkest < 110);    // a nucleus
    REQUIRE(*brightest > 190);  // glass, or pale collagen
  }
}

TEST_CASE("Phantoms refuse a folder that holds something else, and redraw their own") {
  const TemporaryFolder folder;
  folder.write("thesis.txt", "years of work");
  REQUIRE_THROWS_WITH(write(small_options(), folder.path(), 1), Catch::Contains(folder.path().string() + ": is not empty"));
  REQUIRE(files_below(folder.path()).size() == 1);

  fs::remove(folder.path() / "thesis.txt");
  write(small_options(), folder.path(), 1);
  const auto files = files_below(folder.path());
  fs::remove(folder.path() / "manifest.csv");  // as after an interruption
  write(small_options(), folder.path(), 1);
  REQUIRE(files_below(folder.path()) == files);

  PhantomOptions other = small_options();
  other.seed = 6;
  REQUIRE_THROWS_WITH(write(other, folder.path(), 1), Catch::Contains("does not hold this data set"));
  REQUIRE(files_below(folder.path()) == files);
}

TEST_CASE("Phantom options out of range are refused by name") {
  PhantomOptions options;
  options.patients = 1;
  REQUIRE_THROWS_WITH(plan_phantoms(options), "--patients is 1; it must be from 2 to 999");
  options = {};
  options.width = 31;
  REQUIRE_THROWS_WITH(plan_phantoms(options), Catch::Contains("the width of --size is 31"));
  options = {};
  options.magnifications = {200, 250};
  REQUIRE_THROWS_WITH(plan_phantoms(options), Catch::Contains("--magnifications has 250"));
  options.magnifications = {200, 200};
  REQUIRE_THROWS_WITH(plan_phantoms(options), Catch::Contains("200 twice"));
}
