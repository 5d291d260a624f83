//===- InputShape.cpp - the shapes of a model's inputs ---------------------------===//

#include "Network.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

namespace {

/// Reads the shape of one InputLayer.
class ShapeReader {
public:
  ShapeReader(Problems &problems, const Layer &layer, const json::Array &list)
      : problems(problems), layer(layer), list(list) {}

  InFlightDiagnostic error() {
    return problems.error(layer.path, layer.className) << "input shape: ";
  }
  /// Whether the height, or the width, is dimension `dim`: those of images in NCHW come last.
  bool isImageSize(size_t dim, size_t which) const {
    bool isFirst = list.size() == 4 && list.back().getAsNull();
    return dim == which + (isFirst ? 2 : 1);
  }
  /// The size of the command line that a null stands for; null if there is none.
  const SizeRange *rangeOf(size_t dim, const ImageSizes &sizes, std::array<bool, 2> &used) const {
    for (size_t which : {0, 1})
      if (isImageSize(dim, which) && sizes[which]) {
        used[which] = true;
        return &*sizes[which];
      }
    return nullptr;
  }
  void reportUnknown(size_t dim) {
    InFlightDiagnostic diag = error();
    diag << "expected a known size in dimension " << dim << ", found " << shown(&list[dim])
         << " in " << shown(layer.inputShape);
    for (size_t which : {0, 1})
      if (list[dim].getAsNull() && isImageSize(dim, which))
        diag << "; say it by --" << kImageSizeNames[which] << "=N or =LEAST..GREATEST";
  }

  Problems &problems;
  const Layer &layer;
  const json::Array &list;
};

} // namespace

std::optional<InputShape> sepconv::keras::readInputShape(Problems &problems, const Layer &layer,
                                                         const KerasImportOptions &options,
                                                         std::array<bool, 2> &used,
                                                         MLIRContext *context) {
  int64_t batch = options.batch;
  const json::Array *list = layer.inputShape ? layer.inputShape->getAsArray() : nullptr;
  if (!list || list->empty()) {
    problems.error(layer.path, layer.className)
        << "input shape: expected a list of sizes, found " << shown(layer.inputShape);
    return std::nullopt;
  }
  ShapeReader reader(problems, layer, *list);
  InputShape shape;
  uint64_t elements = 1;
  for (auto [dim, size] : llvm::enumerate(*list)) {
    std::optional<int64_t> known = size.getAsInteger();
    const SizeRange *range = nullptr;
    if (dim == 0 && size.getAsNull()) {
      known = ShapedType::isDynamic(batch) ? 1 : batch;
    } else if (dim == 0 && ShapedType::isDynamic(batch)) {
      reader.error() << "expected null in dimension 0, for a batch that is dynamic, found "
                     << shown(layer.inputShape);
      return std::nullopt;
    } else if (dim == 0 && options.batchGiven && known != batch) {
      reader.error() << "expected null or " << batch << " in dimension 0, for --batch=" << batch
                     << ", found " << shown(layer.inputShape);
      return std::nullopt;
    } else if (size.getAsNull()) {
      range = reader.rangeOf(dim, options.sizes, used);
    }
    if (range)
      known = range->greatest;
    if (!known || *known <= 0 || *known > 1 << 24) {
      reader.reportUnknown(dim);
      return std::nullopt;
    }
    elements *= *known;
    if (elements > uint64_t(1) << 36) {
      reader.error() << "is too large: " << shown(layer.inputShape);
      return std::nullopt;
    }
    shape.sizes.push_back(range && !range->isKnown() ? ShapedType::kDynamic : *known);
    if (ShapedType::isDynamic(shape.sizes.back()))
      shape.dynamic.push_back(SizeAttr::get(
          context, StringAttr::get(context, kImageSizeNames[reader.isImageSize(dim, 1)]),
          range->least, range->greatest, range->factor));
  }
  return shape;
}
