#include "split.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "lobule/csv.h"
#include "temporary_folder.h"

using Catch::Matchers::Contains;
using namespace lobule;

namespace {

/// A data set without files: patients of given class and number of images.
class MadeUpData {
 public:
  MadeUpData() { dataset_.class_names = {"benign", "malignant"}; }
  MadeUpData& patient(const std::string& name, int label, int images) {
    for (int i = 0; i < images; ++i) {
      Sample sample;
      sample.path = name + "_" + std::to_string(dataset_.samples.size()) + ".png";
      sample.patient = name;
      sample.label = label;
      hashes_.samples.push_back(dataset_.samples.size());
      hashes_.pixel_sha256.push_back("hash of " + sample.path);
      dataset_.samples.push_back(sample);
    }
    return *this;
  }
  /// Gives sample `other` the pixels of sample `first`.
  MadeUpData& same_image(std::size_t first, std::size_t other) {
    hashes_.pixel_sha256[other] = hashes_.pixel_sha256[first];
    return *this;
  }
  Dataset dataset_;
  PixelHashes hashes_;
};

/// Uneven, as real data are: one patient holds a quarter of the benign images.
MadeUpData uneven_data() {
  MadeUpData data;
  const int benign[] = {112, 60, 55, 40, 36, 33, 30, 28, 25, 22, 18, 15, 10};
  for (int i = 0; i < 13; ++i) data.patient("b" + std::to_string(i), 0, benign[i]);
  for (int i = 0; i < 36; ++i) data.patient("m" + std::to_string(i), 1, 5 + (i * 7) % 33);
  return data;
}

std::map<std::string, std::set<SetName>> sets_of_patients(const Dataset& dataset) {
  std::map<std::string, std::set<SetName>> sets;
  for (const Sample& sample : dataset.samples) sets[sample.patient].insert(sample.set);
  return sets;
}

double share_of(const Dataset& dataset, SetName set, int label) {
  double in_set = 0;
  double all = 0;
  for (const Sample& sample : dataset.samples) {
    if (sample.label != label) continue;
    all += 1;
    in_set += sample.set == set ? 1 : 0;
  }
  return in_set / all;
}

/// A data set on disk whose images nothing decodes.
TemporaryFolder& write_tree(TemporaryFolder& folder) {
  for (int patient = 1; patient <= 6; ++patient) {
    const bool benign = patient % 2 == 0;
    folder.write(std::string(benign ? "benign/SOB_B_A" : "malignant/SOB_M_DC") + "-14-" + std::to_string(patient) + "-40-001.png", "x");
  }
  return folder;
}

std::string refusal_of_split(Dataset dataset, const std::filesystem::path& file, std::optional<int> fold = std::nullopt) {
  try {
    apply_split(dataset, file, fold);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "not refused";
}

}  // namespace

TEST_CASE("No patient is in two sets and every image is in one, for any seed") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    MadeUpData data = uneven_data();
    split_by_patient(data.dataset_, data.hashes_, {}, seed);
    for (const auto& [patient, sets] : sets_of_patients(data.dataset_)) {
      REQUIRE(sets.size() == 1);
      REQUIRE(*sets.begin() != SetName::none);
    }
  }
}

TEST_CASE("Each class is spread over the sets by their shares") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    MadeUpData data = uneven_data();
    split_by_patient(data.dataset_, data.hashes_, {}, seed);
    for (const int label : {0, 1}) {
      // The largest patient alone is 23 % of the benign images: no nearer than some hundredths can be had by patients.
      CHECK(share_of(data.dataset_, SetName::train, label) == Approx(0.6).margin(0.07));
      CHECK(share_of(data.dataset_, SetName::val, label) == Approx(0.2).margin(0.07));
      CHECK(share_of(data.dataset_, SetName::test, label) == Approx(0.2).margin(0.07));
    }
  }
}

TEST_CASE("A seed gives one split, another seed another one") {
  std::vector<std::string> splits;
  for (const std::uint64_t seed : {1, 1, 2}) {
    MadeUpData data = uneven_data();
    split_by_patient(data.dataset_, data.hashes_, {}, seed);
    splits.push_back(split_csv(data.dataset_));
  }
  REQUIRE((splits[0] == splits[1] && splits[0] != splits[2]));
}

TEST_CASE("Patients that share an image stay together") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    MadeUpData data = uneven_data();
    data.same_image(0, 200).same_image(200, 300);  // three benign patients
    REQUIRE(data.dataset_.samples[0].patient != data.dataset_.samples[200].patient);
    split_by_patient(data.dataset_, data.hashes_, {}, seed);
    REQUIRE(data.dataset_.samples[0].set == data.dataset_.samples[200].set);
    REQUIRE(data.dataset_.samples[0].set == data.dataset_.samples[300].set);
    REQUIRE_NOTHROW(check_no_image_in_two_sets(data.dataset_, data.hashes_));
  }
}

TEST_CASE("One image with two labels under two patients is refused with both names") {
  MadeUpData data = uneven_data();
  const std::size_t malignant = data.dataset_.samples.size() - 1;
  data.same_image(0, malignant);
  CHECK_THROWS_WITH(split_by_patient(data.dataset_, data.hashes_, {}, 1),
                    Contains(data.dataset_.samples[0].path) && Contains(data.dataset_.samples[malignant].path) && Contains("different labels"));
}

TEST_CASE("An identical image in two sets is found, with both names") {
  MadeUpData data;
  data.patient("p", 0, 2).patient("q", 0, 1).same_image(0, 2);
  data.dataset_.samples[0].set = data.dataset_.samples[1].set = SetName::train;
  data.dataset_.samples[2].set = SetName::test;
  CHECK_THROWS_WITH(check_no_image_in_two_sets(data.dataset_, data.hashes_), Contains("p_0.png in train") && Contains("q_2.png in test"));
  data.dataset_.samples[2].set = SetName::none;
  CHECK_NOTHROW(check_no_image_in_two_sets(data.dataset_, data.hashes_));
}

TEST_CASE("Too few patients are refused, of all and of a class") {
  MadeUpData two;
  two.patient("a", 0, 9).patient("b", 1, 9);
  CHECK_THROWS_WITH(split_by_patient(two.dataset_, two.hashes_, {}, 1), Contains("there are 2 patients; 3 sets need at least 3"));
  MadeUpData few_benign;
  few_benign.patient("a", 0, 9).patient("b", 0, 9).patient("c", 1, 9).patient("d", 1, 9).patient("e", 1, 9);
  CHECK_THROWS_WITH(split_by_patient(few_benign.dataset_, few_benign.hashes_, {}, 1), Contains("class benign has 2 patients; 3 sets need at least 3"));
}

TEST_CASE("With three patients of a class each set gets one, however uneven they are") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    MadeUpData data;
    data.patient("a", 0, 100).patient("b", 0, 1).patient("c", 0, 1);
    for (int i = 0; i < 12; ++i) data.patient("m" + std::to_string(i), 1, 10);
    split_by_patient(data.dataset_, data.hashes_, {}, seed);
    REQUIRE_NOTHROW(check_sets(data.dataset_));
    for (const SetName set : {SetName::train, SetName::val, SetName::test}) REQUIRE(share_of(data.dataset_, set, 0) > 0);
  }
}

TEST_CASE("A share of zero leaves its set out") {
  MadeUpData data = uneven_data();
  split_by_patient(data.dataset_, data.hashes_, {80, 20, 0}, 1);
  REQUIRE(share_of(data.dataset_, SetName::test, 1) == 0);
  REQUIRE(share_of(data.dataset_, SetName::val, 1) == Approx(0.2).margin(0.05));
}

TEST_CASE("Shares are read, and nonsense is refused") {
  CHECK(parse_split_shares("3/1/1").train == 3);
  for (const char* text : {"", "60/20", "0/50/50", "-1/50/50", "60/20/20/5", "a/b/c", "100/0/0"}) {
    CHECK_THROWS_WITH(parse_split_shares(text), Contains("is not TRAIN/VAL/TEST"));
  }
}

TEST_CASE("Folds keep patients whole and classes even, and each can test") {
  MadeUpData data = uneven_data();
  const std::vector<int> folds = fold_by_patient(data.dataset_, data.hashes_, 5, 3);
  std::map<std::string, std::set<int>> folds_of_patient;
  std::map<std::pair<int, int>, int> images;  // (fold, label)
  for (std::size_t i = 0; i < folds.size(); ++i) {
    folds_of_patient[data.dataset_.samples[i].patient].insert(folds[i]);
    ++images[{folds[i], data.dataset_.samples[i].label}];
  }
  REQUIRE(std::all_of(folds_of_patient.begin(), folds_of_patient.end(), [](const auto& entry) { return entry.second.size() == 1; }));
  REQUIRE(images.size() == 10);  // five folds, both classes in each
}

TEST_CASE("A split's CSV puts the same sets back on the data set") {
  TemporaryFolder folder;
  Dataset dataset = read_dataset(write_tree(folder).path());
  for (std::size_t i = 0; i < dataset.samples.size(); ++i) {
    dataset.samples[i].set = i % 3 == 0 ? SetName::train : i % 3 == 1 ? SetName::val : SetName::test;
  }
  const auto file = folder.write("split.csv", split_csv(dataset));
  Dataset again = read_dataset(folder.path());
  apply_split(again, file);
  REQUIRE(split_csv(again) == split_csv(dataset));
}

TEST_CASE("A fold file gives test, val and train by the fold that is asked for") {
  TemporaryFolder folder;
  Dataset dataset = read_dataset(write_tree(folder).path());  // three benign, then three malignant, sorted by path
  const auto file = folder.write("folds.csv", fold_csv(dataset, {0, 1, 2, 0, 1, 2}));
  apply_split(dataset, file, 2);
  REQUIRE(dataset.samples[0].set == SetName::val);
  REQUIRE(dataset.samples[1].set == SetName::train);
  REQUIRE(dataset.samples[2].set == SetName::test);
  CHECK_THAT(refusal_of_split(dataset, file), Contains("has folds 0 to 2; say with --fold which one tests"));
  CHECK_THAT(refusal_of_split(dataset, file, 3), Contains("has no fold 3, only 0 to 2"));
}

TEST_CASE("An edited split that leaks or contradicts the data set is refused") {
  TemporaryFolder folder;
  write_tree(folder);
  folder.write("benign/SOB_B_A-14-2-40-002.png", "x");  // a second image of patient 14-2
  const Dataset dataset = read_dataset(folder.path());
  const auto refusal = [&](const std::string& lines) { return refusal_of_split(dataset, folder.write("split.csv", "path,label,patient,split\n" + lines)); };
  CHECK_THAT(refusal("benign/SOB_B_A-14-2-40-001.png,benign,14-2,train\nbenign/SOB_B_A-14-2-40-002.png,benign,14-2,test\n"),
             Contains("split.csv: patient 14-2 is in two sets"));
  CHECK_THAT(refusal("benign/gone.png,benign,14-2,train\n"), Contains("1 of its images are not in") && Contains("line 2: benign/gone.png"));
  CHECK_THAT(refusal("benign/SOB_B_A-14-2-40-001.png,malignant,14-2,train\n"), Contains("line 2: label of") && Contains("is \"malignant\""));
  CHECK_THAT(refusal("benign/SOB_B_A-14-2-40-001.png,benign,14-7,train\n"), Contains("line 2: patient of") && Contains("is \"14-7\""));
  CHECK_THAT(refusal("benign/SOB_B_A-14-2-40-001.png,benign,14-2,dev\n"), Contains("line 2: \"dev\" is not a set"));
  const std::string line = "benign/SOB_B_A-14-2-40-001.png,benign,14-2,train\n";
  CHECK_THAT(refusal(line + line), Contains("line 3: ") && Contains("is listed twice (first on line 2)"));
  CHECK_THAT(refusal(line), Contains("set train has no image of class malignant"));
  CHECK_THAT(refusal_of_split(dataset, folder.write("s.csv", "path,label\n")), Contains("needs a column \"path\" and either \"split\" or \"fold\""));
}

TEST_CASE("A published fold list keeps its test set, by names without extension, and its training patients are divided") {
  MadeUpData data;
  std::string list;
  for (int p = 0; p < 12; ++p) {
    const std::string name = "p" + std::to_string(p);
    data.patient(name, p % 2, 2);
    for (int i = 0; i < 2; ++i) list += name + "_" + std::to_string(2 * p + i) + ".jpg|40|1|" + (p < 8 ? "train" : "test") + "\r\n";
  }
  data.patient("unlisted", 0, 3);
  const TemporaryFolder folder;
  const FoldListCoverage coverage = apply_dsfold(data.dataset_, folder.write("dsfold1.txt", list + "absent.png|40|1|test\n"), data.hashes_, 1);
  CHECK((coverage.listed == 25 && coverage.found == 24));
  CHECK(coverage.unlisted == 3);
  CHECK(coverage.left_out == 0);
  for (const Sample& sample : data.dataset_.samples) {
    const bool in_test = sample.patient == "p8" || sample.patient == "p9" || sample.patient == "p10" || sample.patient == "p11";
    REQUIRE((sample.set == SetName::test) == in_test);
    REQUIRE((sample.set == SetName::none) == (sample.patient == "unlisted"));
  }
  REQUIRE(share_of(data.dataset_, SetName::val, 1) > 0);
}

TEST_CASE("A patient on both sides of a published fold list trains nothing") {
  MadeUpData data;
  std::string list;
  for (int p = 0; p < 8; ++p) data.patient("p" + std::to_string(p), p % 2, 2);
  for (std::size_t i = 0; i < data.dataset_.samples.size(); ++i) {
    list += data.dataset_.samples[i].path + "|40|1|" + (i >= 11 ? "test" : "train") + "\n";  // sample 10 and 11 are one patient
  }
  const TemporaryFolder folder;
  const FoldListCoverage coverage = apply_dsfold(data.dataset_, folder.write("dsfold1.txt", list), data.hashes_, 1);
  REQUIRE(coverage.left_out == 1);
  REQUIRE(data.dataset_.samples[10].set == SetName::none);
  REQUIRE(data.dataset_.samples[11].set == SetName::test);
}

TEST_CASE("A broken fold list is refused with its line") {
  MadeUpData data;
  data.patient("p", 0, 2);
  const TemporaryFolder folder;
  const auto apply = [&](const std::string& text) { apply_dsfold(data.dataset_, folder.write("dsfold1.txt", text), data.hashes_, 1); };
  CHECK_THROWS_WITH(apply("p_0.png|40|1|train\np_1.png;40;1;train\n"), Contains("dsfold1.txt: line 2: is not IMAGE|MAGNIFICATION|FOLD|train or test"));
  CHECK_THROWS_WITH(apply("p_0.png|40|1|train\np_0.jpg|40|1|test\n"), Contains("line 2: p_0.jpg is listed twice"));
  CHECK_THROWS_WITH(apply("q_0.png|40|1|train\n"), Contains("names no image of"));
  CHECK_THROWS_WITH(apply(""), Contains("lists no image"));
}

TEST_CASE("Names with commas and quotes survive a split's CSV") {
  const CsvTable table = parse_csv(split_csv(MadeUpData().patient("odd, \"quoted\"", 0, 1).dataset_));
  REQUIRE(table.rows[0][static_cast<std::size_t>(table.column("patient"))] == "odd, \"quoted\"");
}

TEST_CASE("The summary counts patients and images of each class in each set") {
  MadeUpData data;
  data.patient("a", 0, 3).patient("b", 1, 4).patient("c", 1, 5);
  for (Sample& sample : data.dataset_.samples) sample.set = sample.patient == "c" ? SetName::test : SetName::train;
  const std::string summary = split_summary(data.dataset_);
  CHECK_THAT(summary, Contains("train            1         3         1         4         2         7\n"));
  CHECK_THAT(summary, Contains("test             0         0         1         5         1         5\n"));
  CHECK_THAT(summary, !Contains("val"));
}
