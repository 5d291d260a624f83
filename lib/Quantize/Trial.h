//===- Trial.h - networks that are compiled and run while a model is quantized ---===//
#pragma once

#include "sepconv/Quantize/Quantize.h"
#include "sepconv/Run/Product.h"

#include <functional>

namespace mlir::sepconv::quantize {

/// A folder for what is compiled, which goes with the object.
class Workshop {
public:
  static llvm::Expected<std::unique_ptr<Workshop>> open();
  ~Workshop();

  /// A product for this machine; null after reporting.
  std::unique_ptr<Product> build(OwningOpRef<ModuleOp> model, const QuantizeOptions &options,
                                 MLIRContext &context);

private:
  explicit Workshop(StringRef folder) : folder(folder) {}
  std::string folder;
  unsigned built = 0;
};

/// Runs a product and gives its results.
llvm::Expected<ArrayRef<Array>> run(Product &product, std::vector<Array> inputs);

/// The elements of an array of float32.
inline ArrayRef<float> elementsOf(const Array &array) {
  return {reinterpret_cast<const float *>(array.data.data()), array.data.size() / sizeof(float)};
}

} // namespace mlir::sepconv::quantize
