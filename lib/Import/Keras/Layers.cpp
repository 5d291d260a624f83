//===- Layers.cpp - what all layers need to be built -----------------------------===//

#include "Layers.h"

#include "sepconv/Import/Keras.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

using ClassMap = StringMap<const LayerClass *>;

static ClassMap mapOf(ArrayRef<ArrayRef<LayerClass>> tables) {
  ClassMap map;
  for (ArrayRef<LayerClass> table : tables)
    for (const LayerClass &layer : table)
      map[layer.name] = &layer;
  return map;
}

static const ClassMap &classes(bool operations) {
  static const ClassMap layerClasses =
      mapOf({convolutionLayers(), poolingLayers(), activationLayers(), shapingLayers(),
             mergingLayers(), normalizationLayers(), statisticsLayers(), transposedLayers(),
             resizingLayers(), lookupLayers(), attentionLayers(), recurrentLayers(),
             spectrumLayers(), spectrogramLayers(), numberLayers()});
  static const ClassMap operationClasses =
      mapOf({arithmeticOperations(), activationOperations(), shapeOperations(), sliceOperations(),
             reductionOperations(), imageOperations(), lookupOperations(), arrayOperations(),
             productOperations(), matrixOperations(), orderOperations(), partOperations(),
             nanOperations(), numberOperations(), spectrumOperations(), windowOperations(),
             samplingOperations(), equationOperations()});
  return operations ? operationClasses : layerClasses;
}

const LayerClass *sepconv::keras::findLayerClass(const Layer &layer) {
  return classes(layer.isOperation).lookup(layer.className);
}

bool sepconv::keras::keepsIntegers(const LayerClass &kind) {
  const ArrayRef<LayerClass> tables[] = {
      shapingLayers(),   mergingLayers(),     lookupLayers(),        arithmeticOperations(),
      shapeOperations(), sliceOperations(),   reductionOperations(), lookupOperations(),
      arrayOperations(), productOperations(), matrixOperations(),    orderOperations(),
      partOperations()};
  return llvm::any_of(tables, [&](ArrayRef<LayerClass> table) {
    return &kind >= table.begin() && &kind < table.end();
  });
}

bool sepconv::keras::takesDynamicSizes(const LayerClass &kind) {
  static constexpr StringLiteral names[] = {"Activation",
                                            "ActivityRegularization",
                                            "Add",
                                            "Average",
                                            "AveragePooling2D",
                                            "BatchNormalization",
                                            "Cast",
                                            "Concatenate",
                                            "Conv2D",
                                            "Dense",
                                            "DepthwiseConv2D",
                                            "ELU",
                                            "GlobalAveragePooling2D",
                                            "GlobalMaxPooling2D",
                                            "Identity",
                                            "LeakyReLU",
                                            "MaxPooling2D",
                                            "Maximum",
                                            "Minimum",
                                            "Multiply",
                                            "Normalization",
                                            "ReLU",
                                            "Rescaling",
                                            "SeparableConv2D",
                                            "Softmax",
                                            "Subtract",
                                            "UpSampling2D",
                                            "ZeroPadding2D"};
  const ArrayRef<LayerClass> tables[] = {arithmeticOperations()};
  return kind.takesAnyArgument || llvm::is_contained(names, kind.name) ||
         llvm::any_of(tables, [&](ArrayRef<LayerClass> table) {
           return &kind >= table.begin() && &kind < table.end();
         });
}

std::string sepconv::keras::supportedClasses(bool operations) {
  SmallVector<StringRef> names(classes(operations).keys());
  if (!operations)
    names.push_back("InputLayer");
  llvm::sort(names);
  return join(names, ", ");
}

void sepconv::listKerasLayers(raw_ostream &os) {
  for (bool operations : {false, true}) {
    std::vector<const LayerClass *> rows;
    for (const auto &entry : classes(operations))
      rows.push_back(entry.second);
    llvm::sort(rows, [](const LayerClass *x, const LayerClass *y) { return x->name < y->name; });
    for (const LayerClass *row : rows) {
      os << (operations ? "operation " : "layer ") << row->name;
      if (!row->arguments.empty())
        os << ": " << llvm::join(row->arguments, ", ");
      os << "\n";
    }
  }
}

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

ArrayRef<int64_t> LayerContext::shape(size_t index) const {
  return cast<RankedTensorType>(inputs[index].getType()).getShape();
}

Value LayerContext::argumentNamed(StringRef name, size_t position) const {
  if (auto it = call->keywords.find(name); it != call->keywords.end())
    return inputs[it->second];
  return position < inputs.size() - call->keywords.size() ? inputs[position] : Value();
}

bool LayerContext::hasRank(size_t rank) {
  if (shape().size() == rank)
    return true;
  error() << "expected an input of rank " << rank << ", found shape " << shown(shape());
  return false;
}

std::optional<SmallVector<int64_t>> LayerContext::axes(StringRef name, bool isOptional) {
  if (!argument(name) && isOptional)
    return ready() ? dimensions(input(), name, std::nullopt) : std::nullopt;
  SmallVector<int64_t> list = integers(name, anyInteger, std::nullopt);
  return ready() ? dimensions(input(), name, list) : std::nullopt;
}

bool LayerContext::keepsBatch(bool keeps) {
  if (keeps || !isBatchDynamic())
    return true;
  error()
      << "the batch, which is dynamic, would not stay the first dimension of the input of shape "
      << shown(shape());
  return false;
}

//===----------------------------------------------------------------------===//
// Activations
//===----------------------------------------------------------------------===//

Value LayerContext::activate(Value value, const Activation &activation) {
  return activation.build && value ? activation.build(*this, value) : value;
}

ActivationAttr Activation::fused() const {
  return function && function.getKind() != ActivationKind::Linear ? function : ActivationAttr();
}
