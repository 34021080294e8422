#include "dataset.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>
#include <set>

#include "temporary_folder.h"

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using namespace lobule;

namespace {

std::vector<std::string> paths_of(const Dataset& dataset) {
  std::vector<std::string> paths;
  for (const Sample& sample : dataset.samples) paths.push_back(sample.path);
  return paths;
}

std::string class_of(const Dataset& dataset, std::size_t i) { return dataset.class_names[static_cast<std::size_t>(dataset.samples[i].label)]; }

/// Folder of the real images, or empty: where LOBULE_DATA says, or beside the repository.
fs::path real_data(const std::string& name) {
  const char* said = std::getenv("LOBULE_DATA");
  const fs::path folder = (said != nullptr ? fs::path(said) : fs::path(__FILE__).parent_path() / "../../../shared/data") / name;
  if (fs::exists(folder)) return folder;
  std::cout << "SKIPPED: no real images at " << folder.string() << " (set LOBULE_DATA)\n";
  return {};
}

}  // namespace

TEST_CASE("A BreaKHis tree says class, patient, slide, magnification and subtype by its names") {
  const TemporaryFolder folder;
  folder.write("breast/malignant/SOB/ductal_carcinoma/SOB_M_DC_14-5287/400X/SOB_M_DC-14-5287-400-001.png", "x");
  folder.write("breast/benign/SOB/adenosis/SOB_B_A_14-22549AB/40X/SOB_B_A-14-22549AB-40-002.jpg", "x");
  folder.write("breast/benign/SOB/adenosis/SOB_B_A_14-22549CD/100X/SOB_B_A-14-22549CD-100-003.BMP", "x");
  const Dataset dataset = read_dataset(folder.path());
  REQUIRE(dataset.class_names == std::vector<std::string>{"benign", "malignant"});
  REQUIRE(dataset.positive_class == 1);
  REQUIRE(dataset.samples.size() == 3);
  const Sample& first = dataset.samples[0];
  REQUIRE(first.path == "breast/benign/SOB/adenosis/SOB_B_A_14-22549AB/40X/SOB_B_A-14-22549AB-40-002.jpg");
  REQUIRE(class_of(dataset, 0) == "benign");
  REQUIRE(first.patient == "14-22549");  // the letters are blocks of one patient
  REQUIRE(first.slide == "14-22549AB");
  REQUIRE(first.magnification == 40);
  REQUIRE(first.subtype == "adenosis");
  REQUIRE(first.set == SetName::none);
  REQUIRE(dataset.samples[1].patient == first.patient);
  REQUIRE(class_of(dataset, 2) == "malignant");
}

TEST_CASE("An ImageFolder's top folders are its sets and the next ones its classes") {
  const TemporaryFolder folder;
  for (const char* set : {"train", "valid", "test"}) {
    folder.write(std::string(set) + "/Benign/a.png", "x");
    folder.write(std::string(set) + "/Malignant/b.png", "x");
  }
  const Dataset dataset = read_dataset(folder.path());
  REQUIRE(dataset.class_names == std::vector<std::string>{"benign", "malignant"});
  REQUIRE(paths_of(dataset) == std::vector<std::string>{"test/Benign/a.png", "test/Malignant/b.png", "train/Benign/a.png", "train/Malignant/b.png",
                                                        "valid/Benign/a.png", "valid/Malignant/b.png"});
  REQUIRE(dataset.samples[0].set == SetName::test);
  REQUIRE(dataset.samples[2].set == SetName::train);
  REQUIRE(dataset.samples[4].set == SetName::val);
  REQUIRE(class_of(dataset, 3) == "malignant");
}

TEST_CASE("Class folders of any names give sorted classes and a patient for each image") {
  const TemporaryFolder folder;
  folder.write("stroma/1.png", "x");
  folder.write("gland/1.png", "x");
  folder.write("fat/deeper/1.png", "x");
  const Dataset dataset = read_dataset(folder.path());
  REQUIRE(dataset.class_names == std::vector<std::string>{"fat", "gland", "stroma"});
  REQUIRE(dataset.samples[0].patient == "image:fat/deeper/1.png");
  REQUIRE_FALSE(has_known_patient(dataset.samples[0]));
  REQUIRE(class_of(dataset, 0) == "fat");
}

TEST_CASE("A third class beside benign and malignant folders is a class, not an error") {
  const TemporaryFolder folder;
  for (const char* name : {"benign/1.png", "benign/2.png", "malignant/1.png", "normal/1.png"}) folder.write(name, "x");
  const Dataset dataset = read_dataset(folder.path());
  REQUIRE(dataset.class_names == std::vector<std::string>{"benign", "malignant", "normal"});
  REQUIRE(dataset.positive_class == 1);
}

TEST_CASE("Images are sorted byte by byte and other files are counted") {
  const TemporaryFolder folder;
  for (const char* name : {"benign/b.png", "benign/B.png", "benign/\xC3\xA9.png", "malignant/a.JPEG", "malignant/a.bmp"}) folder.write(name, "x");
  for (const char* name : {"README.txt", "benign/._b.png", "benign/Thumbs.db"}) folder.write(name, "x");
  const Dataset dataset = read_dataset(folder.path());
  REQUIRE(paths_of(dataset) == std::vector<std::string>{"benign/B.png", "benign/b.png", "benign/\xC3\xA9.png", "malignant/a.JPEG", "malignant/a.bmp"});
  REQUIRE(dataset.ignored_files == 3);
}

TEST_CASE("A loop of links ends, and a link to a folder of images is followed") {
  const TemporaryFolder elsewhere;
  elsewhere.write("a.png", "x");
  const TemporaryFolder folder;
  folder.write("benign/a.png", "x");
  fs::create_directory_symlink(folder.path(), folder.path() / "benign" / "loop");
  fs::create_directory_symlink(elsewhere.path(), folder.path() / "malignant");
  REQUIRE(paths_of(read_dataset(folder.path())) == std::vector<std::string>{"benign/a.png", "malignant/a.png"});
}

TEST_CASE("An IDC tree has its negative class first") {
  const TemporaryFolder folder;
  folder.write("8863/0/8863_idx5_x51_y1251_class0.png", "x");
  folder.write("8863/1/8863_idx5_x101_y1251_class1.png", "x");
  const Dataset dataset = read_dataset(folder.path());
  REQUIRE(dataset.class_names == std::vector<std::string>{"no_idc", "idc"});
  REQUIRE(class_of(dataset, 0) == "no_idc");
  REQUIRE(dataset.samples[1].patient == "8863");
}

TEST_CASE("A manifest's columns count before what its names say") {
  const TemporaryFolder folder;
  folder.write("x/SOB_B_A-14-22549AB-40-002.png", "x");
  folder.write("y.png", "x");
  const fs::path manifest = folder.write("list.csv",
                                         "path,label,patient,magnification,source,split\n"
                                         "./x/SOB_B_A-14-22549AB-40-002.png,benign,P1,,scanner,train\n"
                                         "y.png,malignant,,200,,val\n");
  const Dataset dataset = read_dataset(manifest);
  REQUIRE(paths_of(dataset) == std::vector<std::string>{"x/SOB_B_A-14-22549AB-40-002.png", "y.png"});
  REQUIRE(dataset.samples[0].patient == "P1");
  REQUIRE(dataset.samples[0].slide == "14-22549AB");
  REQUIRE(dataset.samples[0].magnification == 40);
  REQUIRE(dataset.samples[0].source == "scanner");
  REQUIRE(dataset.samples[0].set == SetName::train);
  REQUIRE(dataset.samples[1].patient == "image:y.png");
  REQUIRE(dataset.samples[1].magnification == 200);
}

TEST_CASE("A folder with a manifest.csv is read by it") {
  const TemporaryFolder folder;
  folder.write("a.png", "x");
  folder.write("b.png", "x");
  folder.write("not_listed.png", "x");
  folder.write("manifest.csv", "path,label\na.png,benign\nb.png,malignant\n");
  REQUIRE(read_dataset(folder.path()).samples.size() == 2);
}

TEST_CASE("What is wrong with a manifest is said with file, line and count") {
  const TemporaryFolder folder;
  folder.write("a.png", "x");
  folder.write("b.png", "x");
  const auto refusal = [&](const std::string& csv) {
    const fs::path manifest = folder.write("list.csv", csv);
    try {
      read_dataset(manifest);
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
    return std::string("not refused");
  };
  CHECK_THAT(refusal("path,label\na.png,benign\ngone.png,malignant\nb.png,malignant\nlost.png,benign\n"),
             Contains("list.csv: 2 listed files are missing; the first on line 3: gone.png"));
  CHECK_THAT(refusal("path,label\na.png,benign\nb.png,malignant\n./a.png,benign\n"), Contains("line 4: a.png is listed twice (first on line 2)"));
  CHECK_THAT(refusal("path,label\na.png,benign\n../a.png,malignant\n"), Contains("line 3: path \"../a.png\" does not lie below"));
  CHECK_THAT(refusal("path,label\n/etc/passwd,benign\n"), Contains("line 2: path \"/etc/passwd\" does not lie below"));
  CHECK_THAT(refusal("path,label\na.png,\n"), Contains("line 2: no label for a.png"));
  CHECK_THAT(refusal("path,label\na.png,benign\nb.png,benign\n"), Contains("all images are of one class (benign)"));
  CHECK_THAT(refusal("path,kind\na.png,photo\n"), Contains("has no column \"label\""));
  CHECK_THAT(refusal("path,label\n"), Contains("lists no image"));
  CHECK_THAT(refusal("path,label,magnification\na.png,benign,40X\n"), Contains("line 2: magnification \"40X\""));
  CHECK_THAT(refusal("path,label,split\na.png,benign,dev\n"), Contains("line 2: \"dev\" is not a set"));
  CHECK_THAT(refusal("path,label\na.png\n"), Contains("list.csv: "));
  CHECK_THAT(refusal("path,label\n\xFF.png,benign\n"), Contains("is not UTF-8"));
}

TEST_CASE("A folder that is no data set is refused with its name and the cause") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(read_dataset(folder.path()), Contains(folder.path().string()) && Contains("holds no PNG, JPEG or BMP image (0 other files)"));
  folder.write("benign/a.png", "x");
  CHECK_THROWS_WITH(read_dataset(folder.path()), Contains("all images are of one class (benign)"));
  folder.write("loose.png", "x");
  CHECK_THROWS_WITH(read_dataset(folder.path()), Contains("neither name nor folder says the class of 1 of 2 images; the first: loose.png"));
  CHECK_THROWS_WITH(read_dataset(folder.path() / "absent"), Contains("absent: No such file or directory"));
}

TEST_CASE("Images beside the folders train, val and test are refused") {
  const TemporaryFolder folder;
  folder.write("train/benign/a.png", "x");
  folder.write("train/malignant/a.png", "x");
  folder.write("extra/benign/a.png", "x");
  CHECK_THROWS_WITH(read_dataset(folder.path()), Contains("1 images lie outside the folders train, val and test; the first: extra/benign/a.png"));
}

TEST_CASE("Sets of an ImageFolder that share a patient are found") {
  const TemporaryFolder folder;
  folder.write("train/benign/SOB_B_A-14-22549AB-40-001.png", "x");
  folder.write("train/malignant/SOB_M_DC-14-5287-40-001.png", "x");
  folder.write("test/benign/SOB_B_A-14-22549CD-40-001.png", "x");
  folder.write("test/malignant/SOB_M_DC-14-9999-40-001.png", "x");
  CHECK_THROWS_WITH(check_sets(read_dataset(folder.path())), Contains("patient 14-22549 is in two sets"));
}

TEST_CASE("The real BreaKHis part is read alike with its manifest and without") {
  const fs::path breakhis = real_data("breakhis");
  if (breakhis.empty()) return;
  const Dataset listed = read_dataset(breakhis);
  const Dataset walked = read_dataset(breakhis / "breast");
  REQUIRE(listed.samples.size() == 1255);
  REQUIRE(walked.samples.size() == listed.samples.size());
  std::set<std::string> patients;
  for (std::size_t i = 0; i < listed.samples.size(); ++i) {
    const Sample& a = listed.samples[i];
    const Sample& b = walked.samples[i];
    REQUIRE(a.path == "breast/" + b.path);
    REQUIRE((a.label == b.label && a.patient == b.patient && a.slide == b.slide && a.magnification == b.magnification && a.subtype == b.subtype));
    patients.insert(a.patient);
  }
  REQUIRE(patients.size() == 49);
}

TEST_CASE("The real IDC part is read alike with its manifest and without") {
  const fs::path idc = real_data("idc");
  if (idc.empty()) return;
  const Dataset listed = read_dataset(idc);
  REQUIRE(listed.samples.size() == 8155);
  const TemporaryFolder folder;  // the same folders, without the manifest
  for (const auto& entry : fs::directory_iterator(idc)) {
    if (entry.is_directory()) fs::create_directory_symlink(fs::absolute(entry.path()), folder.path() / entry.path().filename());
  }
  const Dataset walked = read_dataset(folder.path());
  REQUIRE(walked.class_names == listed.class_names);
  REQUIRE(paths_of(walked) == paths_of(listed));
  for (std::size_t i = 0; i < listed.samples.size(); ++i) {
    REQUIRE((walked.samples[i].label == listed.samples[i].label && walked.samples[i].patient == listed.samples[i].patient));
  }
}
