// fuzz_seeds FOLDER MODEL.onnx: writes the seeds that are no images into FOLDER/TARGET/NAME. Images come from image_seeds.py.
#include <filesystem>
#include <iostream>
#include <map>

#include "../core/tiny_model.h"
#include "atomic_file.h"
#include "fuzz.h"
#include "image_cache_file.h"
#include "lobule/csv.h"
#include "lobule/evaluation.h"
#include "lobule/prediction_table.h"
#include "safetensors_header.h"

using namespace lobule;

namespace {

class Seeds {
 public:
  explicit Seeds(std::filesystem::path folder) : folder_(std::move(folder)) {}

  void add(const std::string& target, const std::string& bytes) {
    create_folder(folder_ / target);
    write_file_atomically(folder_ / target / ("seed" + std::to_string(++count_[target])), bytes);
  }

 private:
  std::filesystem::path folder_;
  std::map<std::string, int> count_;
};

/// The texts of a file of ours, each for the target that reads it.
void add_texts(Seeds& seeds, const ModelFile& file) {
  const std::map<std::string, std::string> letters = {{"lobule.model", "s"}, {"lobule.golden", "g"}, {"lobule.training", "o"}, {"lobule.evaluation", "o"}};
  for (const auto& [key, text] : file.onnx.metadata_props) {
    if (letters.count(key) > 0) seeds.add("metadata", letters.at(key) + text);
    if (key == "lobule.history") seeds.add("history", text);
  }
  seeds.add("metadata", "f" + model_facts_json(file));
  seeds.add("metadata", R"(p["14-22549","14-9461"])");
}

/// The shipped model's texts around a graph of the same input that is a thousandth of its size.
ModelFile shrunk(ModelFile file) {
  OnnxModel tiny = tiny_onnx();
  const InputSpec& input = file.package.spec.input;
  for (OnnxValueInfo* value : {&tiny.graph.inputs[0], &tiny.graph.outputs[1]}) {
    value->dims[2].value = input.height;
    value->dims[3].value = input.width;
  }
  file.onnx.graph = tiny.graph;
  return file;
}

/// The shipped model's graph with its weights taken away: nodes of every kind that we write. Parses, computes nothing.
OnnxModel without_weights(OnnxModel model) {
  for (OnnxTensor& tensor : model.graph.initializers) {
    if (tensor.type != OnnxType::float32) continue;
    tensor.dims = {1};
    tensor.raw_data.resize(4);
  }
  return model;
}

void add_models(Seeds& seeds, const ModelFile& shipped) {
  const ModelFile small = shrunk(shipped);
  ModelPackage with_patients = tiny_package();
  with_patients.training_patients = {"14-22549"};
  for (const std::string& file :
       {write_model_file(tiny_onnx(), tiny_package()), write_model_file(tiny_onnx(), with_patients), write_model_file(small.onnx, small.package)}) {
    seeds.add("onnx_file", file);
    seeds.add("model_file", file);
    add_texts(seeds, read_model_file(fuzz::bytes_of(file)));
  }
  seeds.add("onnx_file", serialize_onnx(without_weights(shipped.onnx)));
}

PredictionTable predictions() {
  PredictionTable table;
  table.class_names = {"benign", "malignant"};
  table.model_digest = std::string(64, 'a');
  for (const double logit : {-3.0, 0.25, 2.0}) {
    PredictionRow row;
    row.path = "benign/SOB_B_A-14-22549AB-100-001.png";
    row.label = logit > 0 ? "malignant" : "benign";
    row.patient = "14-22549";
    row.magnification = 100;
    row.prediction = postprocess(std::vector<float>{0, static_cast<float>(logit)}, tiny_package().spec);
    table.rows.push_back(row);
  }
  return table;
}

void add_tables(Seeds& seeds) {
  const std::string predicted = to_csv(predictions());
  seeds.add("predictions", predicted);
  seeds.add("evaluation_file", to_json(evaluate(predictions(), {20, 1})));
  seeds.add("predictions", "path,label,p_malignant\na.png,benign,0.25\nb.png,malignant,1\n");
  const std::string manifest =
      "path,label,patient,slide,magnification,subtype,source,split\n"
      "benign/SOB_B_A-14-22549AB-100-001.png,benign,14-22549,,100,adenosis,breakhis,train\nb.png,malignant,p2,,,,,\n";
  seeds.add("manifest", manifest);
  seeds.add("manifest", "path,label\n\"folder, quoted/8863_idx5_x51_y1251_class0.png\",no_idc\nb.png,idc\n");
  for (const std::string& table : {predicted, manifest, csv_line({"a,b", "\"quoted\"", "two\nlines", ""}),
                                   std::string("\xEF\xBB\xBF"
                                               "a,b\r\n1,2\r\n")})
    seeds.add("csv", table);
  seeds.add("fold_list", "SOB_M_DC-14-11031-400-001.png|400|1|train\r\nSOB_B_A-14-22549AB-400-002.png|400|1|test\n");
  std::string sets = "-path,label,patient,split\n";
  std::string folds = "1path,fold\n";
  for (int i = 0; i < 12; ++i) {
    const std::string path(1, static_cast<char>('a' + i));
    sets += path + ".png," + (i / 2 % 2 == 0 ? "benign,p" : "malignant,p") + std::to_string(i / 2) + (i < 4 ? ",train\n" : i < 8 ? ",val\n" : ",test\n");
    folds += path + ".png," + std::to_string(i / 4) + "\n";
  }
  seeds.add("split_file", sets);
  seeds.add("split_file", folds);
  ImageCacheHeader cache;
  cache.width = cache.height = 2;
  cache.key_sha256 = std::string(64, 'a');
  cache.slots = 2;
  cache.data_offset = kCacheAlignment;
  cache.images = {{"a.png", 100, 5, 1, 7, 9, std::string(64, 'b')}, {"b.png", 3, 6, CachedImage::kNoSlot, 0, 0, ""}};
  seeds.add("image_cache", serialize_image_cache_header(cache));
  const SafeTensorsHeader header{{{"a.weight", SafeTensorsType::float32, {2, 3}, 0, 24}, {"step", SafeTensorsType::int64, {}, 24, 32}}, {{"epoch", "3"}}};
  seeds.add("safetensors", serialize_safetensors_header(header) + std::string(32, '\1'));
  for (const char* path : {"benign/SOB/adenosis/SOB_B_A_14-22549AB/100X/SOB_B_A-14-22549AB-100-001.png", "PHANTOM_SOB_M_DC-90-9030003A-200-001.png",
                           "8863\\0\\8863_idx5_x51_y1251_class0.png", "train/Malignant/x.jpg"}) {
    seeds.add("case_id", path);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: fuzz_seeds FOLDER MODEL.onnx\n";
    return 2;
  }
  Seeds seeds(argv[1]);
  const std::string shipped = read_file(argv[2]);
  add_models(seeds, read_model_file(fuzz::bytes_of(shipped)));
  add_tables(seeds);
  return 0;
}
