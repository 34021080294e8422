#include "lobule/case_id.h"

#include <catch2/catch.hpp>

using namespace lobule;

TEST_CASE("A BreaKHis path says patient, slide, magnification, subtype and label") {
  const CaseId id = parse_case_id("breast/benign/SOB/adenosis/SOB_B_A_14-22549AB/100X/SOB_B_A-14-22549AB-100-001.jpg");
  CHECK(id == CaseId{"14-22549", "14-22549AB", 100, "adenosis", "benign"});
  CHECK(parse_case_id("SOB_M_DC-14-11031-400-001.png") == CaseId{"14-11031", "14-11031", 400, "ductal_carcinoma", "malignant"});
  CHECK(parse_case_id("SOB_M_PC-15-190EF-40-012.png") == CaseId{"15-190", "15-190EF", 40, "papillary_carcinoma", "malignant"});
}

TEST_CASE("Blocks of one patient are one patient") {
  CHECK(parse_case_id("SOB_B_TA-14-16184-40-001.png").patient == parse_case_id("SOB_B_TA-14-16184CD-40-001.png").patient);
}

TEST_CASE("Any image extension, or none, ends a BreaKHis name") {
  for (const char* name : {"SOB_B_F-14-14134E-40-001.png", "SOB_B_F-14-14134E-40-001.JPEG", "SOB_B_F-14-14134E-40-001.bmp", "SOB_B_F-14-14134E-40-001"}) {
    CAPTURE(name);
    CHECK(parse_case_id(name).patient == "14-14134");
  }
}

TEST_CASE("Windows separators split folders") {
  CHECK(parse_case_id("D:\\data\\benign\\SOB_M_LC-14-12204-200-031.png") == CaseId{"14-12204", "14-12204", 200, "lobular_carcinoma", "malignant"});
  CHECK(parse_case_id("D:\\data\\Benign\\x.png").label == "benign");
}

TEST_CASE("Phantoms carry BreaKHis's scheme behind their prefix") {
  CHECK(parse_case_id("p/PHANTOM_SOB_M_DC-90-0012A-100-003.png") == CaseId{"90-0012", "90-0012A", 100, "ductal_carcinoma", "malignant"});
}

TEST_CASE("An IDC patch name says its slide and class") {
  CHECK(parse_case_id("8863/1/8863_idx5_x51_y1251_class1.png") == CaseId{"8863", "", 0, "", "idc"});
  CHECK(parse_case_id("10253_idx5_x1001_y751_class0.jpg") == CaseId{"10253", "", 0, "", "no_idc"});
}

TEST_CASE("Folders called after a class label what their names do not") {
  CHECK(parse_case_id("data/malignant/a/b/scan 1.png") == CaseId{"", "", 0, "", "malignant"});
  CHECK(parse_case_id("BENIGN/x.png").label == "benign");
  CHECK(parse_case_id("malignant/benign/x.png").label == "benign");  // the nearest folder
  CHECK(parse_case_id("nonmalignant/x.png").label.empty());
  CHECK(parse_case_id("benign.png").label.empty());  // a file, not a folder
  CHECK(parse_case_id("benign").label.empty());
}

TEST_CASE("An unknown tumour type keeps the class and says no subtype") {
  CHECK(parse_case_id("SOB_M_XX-14-1-40-001.png") == CaseId{"14-1", "14-1", 40, "", "malignant"});
  CHECK(breakhis_subtype('B', "DC").empty());  // a malignant code in the benign class
  CHECK(breakhis_subtype('B', "PT") == "phyllodes_tumor");
  CHECK(breakhis_subtype('M', "MC") == "mucinous_carcinoma");
}

TEST_CASE("Names that only resemble a scheme say nothing") {
  for (const char* name : {"",
                           "/",
                           "\\",
                           "SOB_",
                           "SOB_M_",
                           "SOB_M_DC",
                           "SOB_M_DC-14",
                           "SOB_M_DC-14-5287-400",
                           "SOB_M_DC-14-5287-400-",
                           "SOB_M_DC-14-5287-400-001x.png",
                           "SOB_X_DC-14-5287-400-001.png",
                           "sob_m_dc-14-5287-400-001.png",
                           "SOB_M_-14-5287-400-001.png",
                           "SOB_M_DC--5287-400-001.png",
                           "SOB_M_DC-14-5287-400-001.",
                           "SOB_M_DC-14-5287-99999999999999999999-001.png",
                           "SOB_M_DC-14-5287-400-001.tar.gz",
                           "PHANTOM_PHANTOM_SOB_M_DC-14-5287-400-001.png",
                           "8863_idx5_x51_y1251_class2.png",
                           "8863_idx5_x51_y1251_class01.png",
                           "_idx5_x51_y1251_class0.png",
                           "8863_idx_x51_y1251_class0.png",
                           "....",
                           "\xff\xfe.png"}) {
    CAPTURE(name);
    CHECK(parse_case_id(name) == CaseId{});
  }
  CHECK(parse_case_id(std::string_view("SOB_M_DC-14-5287-400-001\0.png", 29)) == CaseId{});
  CHECK(parse_case_id(std::string(100000, '/') + std::string(100000, 'A')) == CaseId{});
}
