//===- Operators.cpp - the tables of operators together --------------------------===//

#include "Node.h"

#include "sepconv/Import/Onnx.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::onnx;

using Rows = SmallVector<const Operator *, 2>;

static const StringMap<Rows> &operators() {
  static const StringMap<Rows> map = [] {
    StringMap<Rows> map;
    for (ArrayRef<Operator> table :
         {activationOperators(), attentionOperators(), constantOperators(), controlOperators(),
          convolutionOperators(), elementwiseOperators(), integerOperators(), lookupOperators(),
          normalizationOperators(), poolingOperators(), quantizationOperators(),
          quantizedOperators(), recurrentOperators(), reductionOperators(), regionOperators(),
          resizingOperators(), shapingOperators(), spectrumOperators()})
      for (const Operator &op : table)
        map[op.name].push_back(&op);
    return map;
  }();
  return map;
}

const Operator *sepconv::onnx::findOperator(StringRef name, int64_t version) {
  for (const Operator *op : operators().lookup(name))
    if (op->since <= version && version <= op->until)
      return op;
  return nullptr;
}

bool sepconv::onnx::takesDynamicSizes(const Operator &op) {
  static constexpr StringLiteral names[] = {
      "AveragePool", "BatchNormalization", "Concat",        "Conv",     "DequantizeLinear",
      "Dropout",     "GlobalAveragePool",  "GlobalMaxPool", "Identity", "MaxPool",
      "QLinearConv", "QuantizeLinear",     "Resize",        "Upsample"};
  static constexpr StringLiteral others[] = {"LogSoftmax", "Softmax", "Hardmax"};
  if (llvm::is_contained(names, op.name))
    return true;
  // What works on single elements.
  const ArrayRef<Operator> tables[] = {activationOperators(), elementwiseOperators()};
  return !llvm::is_contained(others, op.name) &&
         llvm::any_of(tables, [&](ArrayRef<Operator> table) {
           return &op >= table.begin() && &op < table.end();
         });
}

StringRef sepconv::onnx::nearestOperator(StringRef name) {
  name = name.take_front(64);
  SmallVector<StringRef> names(operators().keys());
  llvm::sort(names);
  return *llvm::min_element(names, [&](StringRef x, StringRef y) {
    return name.edit_distance_insensitive(x) < name.edit_distance_insensitive(y);
  });
}

void sepconv::listOnnxOperators(raw_ostream &os) {
  std::vector<const Operator *> rows;
  for (const auto &entry : operators())
    llvm::append_range(rows, entry.second);
  llvm::sort(rows, [](const Operator *x, const Operator *y) {
    return std::pair(x->name, x->since) < std::pair(y->name, y->since);
  });
  for (const Operator *op : rows) {
    os << op->name << " " << op->since << "-" << op->until;
    if (!op->attributes.empty())
      os << ": " << llvm::join(op->attributes, ", ");
    os << "\n";
  }
}
