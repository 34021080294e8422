#include "lobule/onnx_file.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <functional>
#include <limits>
#include <memory>
#include <stdexcept>

#include "lobule/portable_math.h"
#include "tiny_model.h"

using namespace lobule;
using Catch::Matchers::Contains;

namespace {

// A hand-made wire format, so that what our own writer never writes can be read too.
std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>((value & 0x7F) | 0x80);
  return bytes + static_cast<char>(value);
}

std::string number(int field, std::uint64_t value) { return varint(static_cast<std::uint64_t>(field) << 3) + varint(value); }

std::string block(int field, const std::string& bytes) { return varint((static_cast<std::uint64_t>(field) << 3) | 2) + varint(bytes.size()) + bytes; }

std::string float_bytes(float value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

std::string value_info(const std::string& name) { return block(1, name) + block(2, block(1, number(1, 1))); }

/// A whole file with one weight "w" made of the given TensorProto fields.
std::string file_with_tensor(const std::string& fields) {
  const std::string node = block(1, "x") + block(2, "y") + block(4, "Relu");
  const std::string graph = block(1, node) + block(2, "g") + block(5, block(8, "w") + fields) + block(11, value_info("x")) + block(12, value_info("y"));
  return number(1, 8) + block(7, graph) + block(8, number(2, 17));
}

OnnxTensor read_weight(const std::string& fields) { return parse_onnx(as_bytes_of(file_with_tensor(fields))).graph.initializers.at(0); }

std::string changed(const std::function<void(OnnxModel&)>& change) {
  OnnxModel model = tiny_onnx();
  change(model);
  return serialize_onnx(model);
}

void check_refused(const std::string& file, const std::string& cause) { CHECK_THROWS_WITH(parse_onnx(as_bytes_of(file)), Contains(cause)); }

/// Reads what may be damaged: a model or a runtime_error, nothing else.
bool reads(const std::string& file) {
  try {
    parse_onnx(as_bytes_of(file));
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

}  // namespace

TEST_CASE("A model comes back from its bytes as it was") {
  OnnxModel model = tiny_onnx();
  model.producer_name = "somebody";
  model.producer_version = "1.2";
  model.doc_string = "made by hand";
  model.metadata_props = {{"key", "value"}, {"empty", ""}};
  model.graph.inputs[0].dims.push_back({-1, ""});
  OnnxNode& node = model.graph.nodes[0];
  const OnnxAttribute base{"kind", OnnxAttribute::Type::real, 0.5F, 0, "", {}, {}, {}, {}};
  node.attributes = std::vector<OnnxAttribute>(6, base);
  node.attributes[1] = {"text", OnnxAttribute::Type::string, 0, 0, "NOTSET", {}, {}, {}, {}};
  node.attributes[2] = {"tensor", OnnxAttribute::Type::tensor, 0, 0, "", float_tensor("t", {}, {7}), {}, {}, {}};
  node.attributes[3] = {"reals", OnnxAttribute::Type::reals, 0, 0, "", {}, {1, -2.5F}, {}, {}};
  node.attributes[4] = {"integers", OnnxAttribute::Type::integers, 0, 0, "", {}, {}, {-1, 1LL << 40}, {}};
  node.attributes[5] = {"strings", OnnxAttribute::Type::strings, 0, 0, "", {}, {}, {}, {"a", ""}};

  const std::string bytes = serialize_onnx(model);
  const OnnxModel read = parse_onnx(as_bytes_of(bytes));
  CHECK(serialize_onnx(read) == bytes);
  CHECK(read.producer_name == "somebody");
  CHECK(read.producer_version == "1.2");
  CHECK(read.doc_string == "made by hand");
  CHECK(read.metadata_props == model.metadata_props);
  CHECK(*read.find_metadata("key") == "value");
  CHECK(read.find_metadata("absent") == nullptr);
  REQUIRE(read.graph.inputs[0].dims.size() == 5);
  CHECK(read.graph.inputs[0].dims[0].symbol == "N");
  CHECK(read.graph.inputs[0].dims[4].value == -1);
  REQUIRE(read.graph.find_initializer("weight") != nullptr);
  CHECK(read.graph.find_initializer("weight")->raw_data == model.graph.initializers[0].raw_data);
  REQUIRE(read.graph.nodes[0].attributes.size() == 6);
  CHECK(read.graph.nodes[0].find_attribute("kind")->f == 0.5F);
  CHECK(read.graph.nodes[0].find_attribute("tensor")->t.raw_data == float_bytes(7));
  CHECK(read.graph.nodes[0].find_attribute("integers")->ints == std::vector<std::int64_t>{-1, 1LL << 40});
  CHECK(read.graph.nodes[0].find_attribute("strings")->strings == std::vector<std::string>{"a", ""});
  CHECK(read.graph.nodes[0].find_attribute("absent") == nullptr);
}

TEST_CASE("Weights stored as lists of numbers are brought into raw form") {
  const std::string two = number(1, 2);
  const std::string floats = float_bytes(1.5F) + float_bytes(-2);
  CHECK(read_weight(two + number(2, 1) + block(4, floats)).raw_data == floats);
  const std::string unpacked = varint((4 << 3) | 5) + float_bytes(1.5F) + varint((4 << 3) | 5) + float_bytes(-2);
  CHECK(read_weight(two + number(2, 1) + unpacked).raw_data == floats);
  const std::string minus_one = varint(std::numeric_limits<std::uint64_t>::max());
  CHECK(read_weight(block(1, varint(2)) + number(2, 7) + block(7, varint(3) + minus_one)).raw_data ==
        std::string("\3\0\0\0\0\0\0\0", 8) + std::string(8, '\xFF'));
  CHECK(read_weight(two + number(2, 3) + block(5, varint(5) + minus_one)).raw_data == "\5\xFF");
  CHECK(read_weight(two + number(2, 10) + block(5, varint(0x3C00) + varint(0xBC00))).raw_data == std::string("\0\x3C\0\xBC", 4));
  CHECK(read_weight(two + block(4, floats) + number(2, 1)).raw_data == floats);  // fields may come in any order
}

TEST_CASE("A weight whose data does not have the size that its shape says is refused by name") {
  check_refused(file_with_tensor(number(1, 3) + number(2, 1) + block(9, std::string(8, '\0'))), "'w' has 8 bytes of data; its shape says 12");
  check_refused(file_with_tensor(number(1, 1) + number(2, 1) + block(9, std::string(8, '\0'))), "'w' has more data than its shape says");
  check_refused(file_with_tensor(number(1, 2) + number(2, 1) + block(4, float_bytes(1))), "'w' has 4 bytes of data");
  check_refused(file_with_tensor(number(1, 1) + number(2, 1) + block(4, float_bytes(1)) + block(9, "")), "'w' has its data twice");
  check_refused(file_with_tensor(number(1, 1) + number(2, 1) + block(7, varint(1))), "'w' has int64_data");
  check_refused(file_with_tensor(number(1, 1) + number(2, 2) + block(5, varint(256))), "'w' has a value outside its data type");
}

TEST_CASE("Shapes that are negative, overflow or ask for more than the file holds are refused before memory is taken") {
  const std::string minus_one = number(1, std::numeric_limits<std::uint64_t>::max());
  check_refused(file_with_tensor(minus_one + number(2, 1)), "'w' has a negative dimension");
  check_refused(file_with_tensor(number(1, 1ULL << 40) + number(1, 1ULL << 40) + number(2, 1)), "'w' has a shape of more than 2 GiB");
  check_refused(file_with_tensor(number(1, 0) + number(1, 1ULL << 62) + number(1, 1ULL << 62) + number(2, 1)), "more than 2 GiB");
  check_refused(file_with_tensor(number(1, 400'000'000) + number(2, 1)), "more than 512 MiB of weights");
  check_refused(file_with_tensor(number(1, 100'000'000) + number(2, 1)), "'w' has 0 bytes of data");
  check_refused(file_with_tensor(block(1, std::string(9, '\1')) + number(2, 1)), "'w' has more than 8 dimensions");
}

TEST_CASE("What the reader does not support is named") {
  check_refused(file_with_tensor(number(2, 16) + block(9, "ab")), "'w' has data type 16");
  check_refused(file_with_tensor(number(2, 8) + block(6, "text")), "not supported");
  check_refused(file_with_tensor(number(1, 1) + number(2, 1) + block(13, "")), "in another file");
  check_refused(file_with_tensor(number(1, 1) + number(2, 1) + number(14, 1)), "in another file");
  check_refused(changed([](OnnxModel& model) { model.opset_version = 12; }), "operator set 12; 13 to 21");
  check_refused(changed([](OnnxModel& model) { model.opset_version = 22; }), "operator set 22; 13 to 21");
  check_refused(changed([](OnnxModel& model) { model.opset_version = -1; }), "operator set 0; 13 to 21");
  for (const std::int64_t version : {-1LL, 1LL, 2LL, 14LL, 1LL << 40}) {
    check_refused(changed([&](OnnxModel& model) { model.ir_version = version; }), "of IR version " + std::to_string(version) + "; 3 to 13");
  }
  check_refused(changed([](OnnxModel& model) { model.graph.nodes[1].domain = "com.example"; }), "'flatten' (Flatten) is of domain 'com.example'");
  const std::string subgraph = block(1, block(4, "If") + block(2, "z") + block(5, block(1, "then") + block(6, "") + number(20, 5)));
  check_refused(number(1, 8) + block(7, subgraph), "'then' is of a kind that is not supported");
  check_refused(number(1, 8) + block(7, block(15, "")), "sparse");
  check_refused(serialize_onnx(tiny_onnx()) + block(7, ""), "two graphs");
  check_refused(serialize_onnx(tiny_onnx()) + block(25, ""), "functions");
  check_refused(changed([](OnnxModel& model) { model.doc_string = "\xC0\xAF"; }), "not UTF-8");
}

TEST_CASE("A graph with an undefined name or one defined twice is refused by node") {
  check_refused(changed([](OnnxModel& model) { model.graph.nodes[2].inputs[1] = "nothing"; }), "'fc' (Gemm) uses 'nothing', which nothing before it defines");
  check_refused(changed([](OnnxModel& model) { std::swap(model.graph.nodes[0], model.graph.nodes[1]); }), "uses 'pooled'");
  check_refused(changed([](OnnxModel& model) { model.graph.nodes[0].inputs[0] = "pooled"; }), "'pool' (GlobalAveragePool) uses 'pooled'");      // itself
  check_refused(changed([](OnnxModel& model) { model.graph.nodes[0].inputs[0] = "features"; }), "'pool' (GlobalAveragePool) uses 'features'");  // a cycle
  check_refused(changed([](OnnxModel& model) { model.graph.nodes[0].outputs[0] = "image"; }), "defines 'image' twice");
  check_refused(changed([](OnnxModel& model) { model.graph.initializers[1].name = "weight"; }), "defines 'weight' twice");
  check_refused(changed([](OnnxModel& model) { model.graph.outputs[0].name = "missing"; }), "output 'missing' is not defined");
  check_refused(changed([](OnnxModel& model) { model.graph.nodes[0].op_type.clear(); }), "has no operator");
  check_refused(changed([](OnnxModel& model) { model.graph.outputs.clear(); }), "no output");
  check_refused(changed([](OnnxModel& model) { model.graph.nodes[1].attributes.push_back(model.graph.nodes[1].attributes[0]); }), "attribute 'axis' twice");
}

TEST_CASE("A weight that is listed as an input too stays a weight") {
  const std::string file = changed([](OnnxModel& model) {
    OnnxValueInfo listed = model.graph.inputs[0];
    listed.name = "bias";
    model.graph.inputs.push_back(listed);
  });
  const OnnxModel model = parse_onnx(as_bytes_of(file));
  CHECK(model.graph.inputs.size() == 1);
  CHECK(model.graph.find_initializer("bias") != nullptr);
}

TEST_CASE("An input's size may be unknown, but not below -1") {
  const auto file_with_size = [](std::uint64_t size) {
    const std::string type = block(2, block(1, number(1, 1) + block(2, block(1, number(1, size)))));
    const std::string node = block(1, "x") + block(2, "y") + block(4, "Relu");
    return number(1, 8) + block(7, block(1, node) + block(11, block(1, "x") + type) + block(12, value_info("y"))) + block(8, number(2, 17));
  };
  CHECK(parse_onnx(as_bytes_of(file_with_size(~0ULL))).graph.inputs.at(0).dims.at(0).value == -1);
  check_refused(file_with_size(1ULL << 63), "has an input or output with a size of -9223372036854775808");
}

TEST_CASE("A file beyond 512 MiB is refused before it is read") {
  constexpr std::size_t kBytes = (std::size_t{512} << 20) + 1;
  const std::unique_ptr<void, void (*)(void*)> zeros(std::calloc(kBytes, 1), std::free);  // untouched, they take no memory
  REQUIRE(zeros != nullptr);
  CHECK_THROWS_WITH(parse_onnx({static_cast<const std::byte*>(zeros.get()), kBytes}), Contains("larger than 512 MiB"));
}

TEST_CASE("What is not ONNX is refused") {
  check_refused("", "not an ONNX file, or cut short");
  check_refused("\x89PNG\r\n\x1A\n" + std::string(40, '\1'), "not an ONNX file");
  check_refused("hello, this is a text file", "not an ONNX file");
  check_refused(std::string(64, '\0'), "not an ONNX file");
}

TEST_CASE("A length beyond the end is refused, also one that would be negative in 32 bits") {
  for (const std::uint64_t length : {40ULL, 0x7FFFFFFFULL, 0xFFFFFFF0ULL, 0xFFFFFFFFULL, 0x1000000002ULL, ~0ULL}) {
    CAPTURE(length);
    const std::string lengthy = varint((7 << 3) | 2) + varint(length) + "abcdefgh";
    check_refused(lengthy, "not an ONNX file, or cut short");
    check_refused(varint((99 << 3) | 2) + varint(length) + "abcdefgh", "not an ONNX file, or cut short");  // a field that is skipped
  }
}

TEST_CASE("A small file cannot ask for much memory") {
  std::string nodes;
  for (int i = 0; i < 1'000'000; ++i) nodes += std::string("\x0A\x00", 2);  // an empty node takes two bytes
  check_refused(number(1, 8) + block(7, nodes), "more nodes and names than any network has");
  std::string attribute = block(1, "ints") + number(20, 7);
  attribute += block(8, std::string(8'000'000, '\1'));
  check_refused(number(1, 8) + block(7, block(1, block(5, attribute))), "more nodes and names");
}

TEST_CASE("A file cut short is refused, or lacks only metadata") {
  OnnxModel model = tiny_onnx();
  const std::string bare = serialize_onnx(model);
  model.metadata_props = {{"key", "value"}, {"other", "value"}};
  const std::string file = serialize_onnx(model);
  int read = 0;
  for (std::size_t size = 0; size < file.size(); ++size) read += reads(file.substr(0, size)) ? 1 : 0;
  CHECK(read == 2);  // after the operator set, and after the first entry
  CHECK(reads(file.substr(0, bare.size())));
}

TEST_CASE("Damaged files never do worse than being refused") {
  const std::string file = serialize_onnx(tiny_onnx());
  int refused = 0;
  for (std::size_t bit = 0; bit < 8 * file.size(); ++bit) {
    std::string flipped = file;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    refused += reads(flipped) ? 0 : 1;
  }
  CHECK(refused > 0);
  SplitMix64 random(7);
  for (int round = 0; round < 3000; ++round) {
    std::string damaged = file;
    const std::uint32_t changes = 1 + random.below(8);
    for (std::uint32_t i = 0; i < changes; ++i) {
      damaged[random.below(static_cast<std::uint32_t>(file.size()))] = static_cast<char>(random.below(256));
    }
    refused += reads(damaged) ? 0 : 1;
  }
  CHECK(refused > 3000);
}
