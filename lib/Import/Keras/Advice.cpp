//===- Advice.cpp - what to do about layers and operations that are not supported --===//

#include "Layers.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

static ArrayRef<Advice> advices() {
  static const Advice table[] = {
      {"; its function is Python code: call functions of keras.ops on the tensors instead, which a "
       "model keeps as operations, and save the model again",
       {"AssociativeScan", "Cond", "ForiLoop", "JVP", "Lambda", "Map", "Scan", "Switch",
        "VectorizedMap", "WhileLoop"}},
      {"; it makes numbers of texts or of categories: do that before the model, and save it from "
       "the numbers on",
       {"HashedCrossing", "Hashing", "IntegerLookup", "StringLookup", "TextVectorization"}},
      {"; it is a loss or a measure for training: save the model without it",
       {"BinaryCrossentropy", "CTCLoss", "CategoricalCrossentropy", "PSNR",
        "SparseCategoricalCrossentropy", "SSIM"}},
      {"; the shape of its result depends on the numbers: use where or top_k, whose results have "
       "known shapes, or do it after the model",
       {"Bincount", "CTCDecode", "Histogram", "Nonzero", "Unique"}},
      {"; it is of complex numbers: use fft, rfft or stft, whose results are real and imaginary "
       "parts",
       {"Polar", "ViewAsComplex", "ViewAsReal"}},
      {"; its result is found by iteration: compute it outside of the model, or use cholesky, "
       "solve "
       "or inv",
       {"Eig", "Eigh", "Lstsq", "LuFactor", "MatrixRank", "Pinv", "Qr", "SVD"}},
      {"; it runs the code of another framework: export that model as ONNX or TFLite",
       {"FlaxLayer", "JaxLayer", "TFSMLayer", "TorchModuleWrapper"}},
      {"; its results are random: leave it out of the model that is saved", {"ElasticTransform"}},
  };
  return table;
}

StringRef sepconv::keras::adviceFor(const Layer &layer) {
  if (StringRef advice = adviceFor(advices(), layer.className); !advice.empty())
    return advice;
  StringRef registered =
      layer.entry ? layer.entry->getString("registered_name").value_or("") : StringRef();
  if (registered.contains('>'))
    return "; its code is not in the file: make the model of layers of Keras and functions of "
           "keras.ops instead, and save it again";
  return "; write it with those that are, and save the model again";
}
