#include "lobule/case_id.h"

#include <array>
#include <optional>

#include "lobule/number_text.h"

namespace lobule {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

/// Takes a file name apart from the left. Each method takes what it asks for, or fails for good.
class NameReader {
 public:
  explicit NameReader(std::string_view name) : rest_(name) {}

  bool skip(std::string_view literal) {
    if (rest_.substr(0, literal.size()) != literal) return false;
    rest_.remove_prefix(literal.size());
    return true;
  }

  /// One to so many characters of a kind; empty where there is none, or more than that.
  std::string_view take(bool (*is_kind)(char), std::size_t at_most) {
    std::size_t length = 0;
    while (length < rest_.size() && is_kind(rest_[length])) ++length;
    if (length > at_most) return {};
    const std::string_view taken = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return taken;
  }

  /// Nothing is left but a file's extension.
  bool at_extension() const {
    if (rest_.empty()) return true;
    return rest_.front() == '.' && rest_.size() > 1 && rest_.find('.', 1) == std::string_view::npos;
  }

 private:
  std::string_view rest_;
};

/// SOB_M_DC-14-5287AB-400-001: biopsy method, tumour class, type, year, slide id, magnification, running number.
std::optional<CaseId> parse_breakhis_name(std::string_view name) {
  NameReader reader(name);
  reader.skip("PHANTOM_");
  if (!reader.skip("SOB_")) return std::nullopt;
  const bool benign = reader.skip("B_");
  if (!benign && !reader.skip("M_")) return std::nullopt;
  const std::string_view code = reader.take(is_capital, 4);
  if (code.empty() || !reader.skip("-")) return std::nullopt;
  const std::string_view year = reader.take(is_digit, 4);
  if (year.empty() || !reader.skip("-")) return std::nullopt;
  const std::string_view number = reader.take(is_digit, 12);
  const std::string_view blocks = reader.take(is_capital, 8);
  if (number.empty() || !reader.skip("-")) return std::nullopt;
  const std::string_view magnification = reader.take(is_digit, 5);
  if (magnification.empty() || !reader.skip("-")) return std::nullopt;
  if (reader.take(is_digit, 9).empty() || !reader.at_extension()) return std::nullopt;

  CaseId id;
  id.patient = std::string(year) + '-' + std::string(number);
  id.slide = id.patient + std::string(blocks);
  id.magnification = parse_int(magnification).value_or(0);
  id.subtype = breakhis_subtype(benign ? 'B' : 'M', code);
  id.label = benign ? "benign" : "malignant";
  return id;
}

/// 8863_idx5_x51_y1251_class0: slide, scan level, position of the patch, class.
std::optional<CaseId> parse_idc_name(std::string_view name) {
  NameReader reader(name);
  const std::string_view slide = reader.take(is_digit, 12);
  if (slide.empty()) return std::nullopt;
  for (const std::string_view field : {"_idx", "_x", "_y"}) {
    if (!reader.skip(field) || reader.take(is_digit, 9).empty()) return std::nullopt;
  }
  if (!reader.skip("_class")) return std::nullopt;
  const bool negative = reader.skip("0");
  if ((!negative && !reader.skip("1")) || !reader.at_extension()) return std::nullopt;
  CaseId id;
  id.patient = std::string(slide);
  id.label = negative ? "no_idc" : "idc";
  return id;
}

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] - 'A' + 'a') : text[i];
    if (c != lower[i]) return false;
  }
  return true;
}

/// The class that the nearest folder called after one says.
std::string label_from_folders(std::string_view folders) {
  while (!folders.empty()) {
    const std::size_t separator = folders.find_last_of("/\\");
    const std::string_view folder = separator == std::string_view::npos ? folders : folders.substr(separator + 1);
    if (equals_ignoring_case(folder, "benign")) return "benign";
    if (equals_ignoring_case(folder, "malignant")) return "malignant";
    folders = separator == std::string_view::npos ? std::string_view() : folders.substr(0, separator);
  }
  return "";
}

}  // namespace

CaseId parse_case_id(std::string_view path) {
  const std::size_t separator = path.find_last_of("/\\");
  const std::string_view name = separator == std::string_view::npos ? path : path.substr(separator + 1);
  if (const std::optional<CaseId> id = parse_breakhis_name(name)) return *id;
  if (const std::optional<CaseId> id = parse_idc_name(name)) return *id;
  CaseId id;
  if (separator != std::string_view::npos) id.label = label_from_folders(path.substr(0, separator));
  return id;
}

std::string breakhis_subtype(char tumour_class, std::string_view code) {
  struct Subtype {
    char tumour_class;
    std::string_view code;
    std::string_view name;
  };
  static constexpr std::array<Subtype, 8> kSubtypes = {{{'B', "A", "adenosis"},
                                                        {'B', "F", "fibroadenoma"},
                                                        {'B', "PT", "phyllodes_tumor"},
                                                        {'B', "TA", "tubular_adenoma"},
                                                        {'M', "DC", "ductal_carcinoma"},
                                                        {'M', "LC", "lobular_carcinoma"},
                                                        {'M', "MC", "mucinous_carcinoma"},
                                                        {'M', "PC", "papillary_carcinoma"}}};
  for (const Subtype& subtype : kSubtypes) {
    if (subtype.tumour_class == tumour_class && subtype.code == code) return std::string(subtype.name);
  }
  return "";
}

}  // namespace lobule
