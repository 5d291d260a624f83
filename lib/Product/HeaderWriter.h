//===- HeaderWriter.h - the C header of a product, part by part ------------------===//
#pragma once

#include "sepconv/Product/ProductInterface.h"

#include "llvm/Support/raw_ostream.h"

namespace mlir::sepconv {

/// The C type of an element; the bits of what C99 has no type for.
StringRef cType(const TensorInterface &tensor);

class HeaderWriter {
public:
  HeaderWriter(const ProductInterface &product, raw_ostream &os)
      : product(product), model(product.model), os(os), prefix(StringRef(product.name).upper()) {}

  void write(StringRef more);

private:
  /// Whether there is an input, output or weight that is so.
  bool hasTensor(llvm::function_ref<bool(const TensorInterface &)> holds) const;
  void writeTensors(ArrayRef<TensorInterface> tensors, ArrayRef<std::string> names, StringRef what);
  void writeQuantization(StringRef name, const TensorInterface &tensor);
  void writeElements(StringRef name, const TensorInterface &tensor);
  void writeSizes();
  void writeConstant(const Twine &name, int64_t value) {
    os << "#define " << prefix << "_" << name << " " << value << "\n";
  }
  void writeStatus();
  void writeThreads();
  void writeWeights();
  void writeRun();
  void writeVariables();
  void writeBlock();
  void writeVariableFunctions();
  void writeProfile();
  void writeSelfTest();
  void writeFunction(StringRef name, ArrayRef<std::string> parameters);
  /// The parameters for tensors are appended to `lines`.
  void addParameters(ArrayRef<TensorInterface> tensors, ArrayRef<std::string> names,
                     StringRef qualifier, std::vector<std::string> &lines);

  const ProductInterface &product;
  const ModelInterface &model;
  raw_ostream &os;
  std::string prefix;
};

} // namespace mlir::sepconv
