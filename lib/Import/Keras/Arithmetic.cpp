//===- Arithmetic.cpp - operations of keras.ops, element by element --------------===//
//
// x + 1, ops.exp(x) and the like stand in a Functional model as calls of operations, with tensors
// and numbers as their inputs.
//
//===----------------------------------------------------------------------===//

#include "../Operations/Elementwise.h"
#include "Layers.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

static Value importClip(LayerContext &layer) {
  float least = layer.number("x_min", std::nullopt), most = layer.number("x_max", std::nullopt);
  return layer.ready() ? ops::clip(layer, layer.input(), least, most) : Value();
}

static Value importRound(LayerContext &layer) {
  if (layer.integer("decimals", anyInteger, 0) != 0)
    layer.unsupported("decimals", "0");
  return layer.ready() ? ops::apply(layer, "round", layer.input()) : Value();
}

/// Every function of elements has the name that keras.ops has for it; its class is that of the
/// words' initials in upper case.
static std::vector<LayerClass> makeTable() {
  std::vector<LayerClass> table{{"Clip", importClip, {"x_min", "x_max"}},
                                {"Round", importRound, {"decimals"}}};
  static std::vector<std::string> names;
  names.reserve(ops::functions().size());
  for (const ops::Function &function : ops::functions()) {
    if (function.name == "round")
      continue;
    names.push_back(convertToCamelFromSnakeCase(function.name, /*capitalizeFirst=*/true));
    auto import = [&function](LayerContext &layer) {
      return layer.ready() ? ops::apply(layer, function, layer.getInputs()) : Value();
    };
    table.push_back({names.back(), import, {}, function.operands, function.operands});
  }
  return table;
}

ArrayRef<LayerClass> sepconv::keras::arithmeticOperations() {
  static const std::vector<LayerClass> table = makeTable();
  return table;
}
