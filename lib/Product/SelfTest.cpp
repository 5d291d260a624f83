//===- SelfTest.cpp - what NAME_selftest keeps where ------------------------------===//

#include "sepconv/Product/SelfTest.h"

#include "mlir/IR/Builders.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::sepconv;

/// Of the least sizes.
static int64_t leastElements(const ModelInterface &model, const TensorInterface &tensor) {
  if (!tensor.extents)
    return tensor.elements();
  Builder b(tensor.extents.getContext());
  SmallVector<Attribute> sizes, extents;
  for (const SizeInterface &size : model.sizes)
    sizes.push_back(b.getI64IntegerAttr(size.least));
  int64_t elements = 1;
  if (failed(tensor.extents.constantFold(sizes, extents)))
    llvm_unreachable("extents have no value but the sizes");
  for (Attribute extent : extents)
    elements *= cast<IntegerAttr>(extent).getInt();
  return elements;
}

SelfTestLayout SelfTestLayout::get(const ModelInterface &model) {
  SelfTestLayout layout;
  auto place = [&](int64_t bytes) {
    int64_t offset = layout.bytes;
    layout.bytes += alignToBuffer(bytes);
    return offset;
  };
  auto placeAll = [&](ArrayRef<TensorInterface> tensors, std::vector<Tensor> &list) {
    for (const TensorInterface &tensor : tensors) {
      int64_t elements = leastElements(model, tensor), bytes = elements * tensor.elementBytes;
      list.push_back({place(bytes), elements, bytes});
    }
  };
  placeAll(model.inputs, layout.inputs);
  placeAll(model.outputs, layout.outputs);
  placeAll(model.weights, layout.weights);
  layout.members = place(model.weights.size() * 2 * sizeof(int64_t)); // addresses and sizes
  layout.workspace = place(std::max<int64_t>(model.workspaceBytes, 8 * layout.results()));
  return layout;
}

int64_t SelfTestLayout::results() const {
  int64_t count = 0;
  for (const Tensor &output : outputs)
    count += output.sums() + 1;
  return count;
}

/// The error that is allowed of a sum with the most elements. Integers that stand for numbers may
/// be the next ones, where they are made of floats.
static double allowedError(const SelfTestLayout::Tensor &output, double tolerance, bool isQuantized,
                           double largest) {
  double each = tolerance * largest;
  if (tolerance && isQuantized)
    each = std::max(each, 1.0);
  return output.sums() ? each * llvm::divideCeil(output.elements, output.sums()) : 0;
}

std::vector<double> sepconv::testResults(const ModelInterface &model, ArrayRef<double> left) {
  std::vector<double> results = left.vec();
  SelfTestLayout layout = SelfTestLayout::get(model);
  size_t at = 0;
  for (auto [output, place, tolerance] :
       llvm::zip_equal(model.outputs, layout.outputs, model.selfTestTolerances)) {
    at += place.sums() + 1;
    results[at - 1] = allowedError(place, tolerance, output.scale != 0, left[at - 1]);
  }
  return results;
}
