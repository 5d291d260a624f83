//===- ListOperators.cpp - what is supported of each format ----------------------===//

#include "sepconv/Driver/Compile.h"
#include "sepconv/Import/Keras.h"
#include "sepconv/Import/Onnx.h"
#include "sepconv/Import/Tflite.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace mlir::sepconv;

namespace {

struct Format {
  StringRef name;
  void (*list)(raw_ostream &);
};

} // namespace

static constexpr Format formats[] = {
    {"onnx", listOnnxOperators}, {"tflite", listTfliteOperators}, {"keras", listKerasLayers}};

ArrayRef<StringRef> sepconv::operatorFormats() {
  static const auto names =
      llvm::map_to_vector(formats, [](const Format &format) { return format.name; });
  return names;
}

LogicalResult sepconv::listOperators(StringRef format, raw_ostream &os) {
  const Format *found =
      llvm::find_if(formats, [&](const Format &known) { return known.name == format; });
  if (found == std::end(formats))
    return failure();
  found->list(os);
  return success();
}
