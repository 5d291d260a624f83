//===- Inputs.cpp - the inputs of a model and their sizes ------------------------===//

#include "Inputs.h"
#include "../Operations/Elementwise.h"

#include "sepconv/IR/Window.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::onnx;
using onnxproto::TensorShapeProto;

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

/// Of letters, digits and '_', as the name of an argument.
static bool isIdentifier(StringRef name) {
  return !name.empty() && llvm::isAlpha(name.front()) &&
         llvm::all_of(name, [](char c) { return llvm::isAlnum(c) || c == '_'; });
}

/// What the options say of a dimension whose size the model does not: by its name, by what it is.
std::optional<Inputs::NamedRange> Inputs::unknownSize(const TensorShapeProto &shape, int64_t dim) {
  StringRef name = shape.dim(dim).dim_param();
  for (const NamedRange &size : options.sizes)
    if (size.first == name) {
      used.insert(name);
      return size;
    }
  if (dim == 0) {
    used.insert("--batch");
    bool isKnown = options.batch && !ShapedType::isDynamic(*options.batch);
    int64_t batch = isKnown ? *options.batch : 1;
    return NamedRange("", {batch, batch});
  }
  if (shape.dim_size() != 4)
    return std::nullopt;
  // The channels of an image are known; where they are last, its height is dimension 1.
  int64_t height = shape.dim(1).dim_value() > 0 ? 2 : 1;
  for (auto [i, of] : llvm::enumerate(kImageSizeNames))
    if (dim == height + int64_t(i) && options.imageSizes[i]) {
      used.insert(("--" + of).str());
      return NamedRange(of, *options.imageSizes[i]);
    }
  return std::nullopt;
}

void Inputs::readInput(const onnxproto::ValueInfoProto &value) {
  auto error = [&] {
    InFlightDiagnostic diag = problems.error();
    diag << "input " << quoted(value.name()) << ": ";
    return diag;
  };
  const onnxproto::TypeProto::Tensor &tensor = value.type().tensor_type();
  StringRef dtype = dtypeOf(tensor.elem_type());
  Type element = ops::typeNamed(problems.getContext(), dtype);
  if (!value.type().has_tensor_type() || !element) {
    error() << "expected a tensor of numbers, found "
            << (value.type().has_tensor_type() ? nameOf(tensor.elem_type()) : "another type");
    return;
  }
  if (!tensor.has_shape()) {
    error() << "expected a shape, found none; infer the shapes where the model is made";
    return;
  }
  SmallVector<int64_t> shape, greatest;
  SmallVector<Attribute> dynamic;
  for (int64_t dim = 0; dim < tensor.shape().dim_size(); ++dim) {
    const TensorShapeProto::Dimension &known = tensor.shape().dim(dim);
    bool isKnown = known.has_dim_value() && known.dim_value() > 0;
    auto size = isKnown ? NamedRange("", {known.dim_value(), known.dim_value()})
                        : unknownSize(tensor.shape(), dim);
    if (!size || known.dim_value() < -1) {
      InFlightDiagnostic diag = error();
      diag << "expected a size in dimension " << dim << ", found ";
      if (known.dim_param().empty())
        diag << "none; give it with --height or --width, or where the model is made";
      else
        diag << "the name " << quoted(known.dim_param()) << "; give it with --size "
             << known.dim_param() << "=N";
      return;
    }
    if (dim == 0 && options.batch && known.dim_value() > 0 &&
        ShapedType::isDynamic(*options.batch)) {
      error() << "expected an unknown size in dimension 0, for a batch that is dynamic, found "
              << known.dim_value();
      return;
    }
    const auto &[name, range] = *size;
    greatest.push_back(range.greatest);
    shape.push_back(range.isKnown() ? range.greatest : ShapedType::kDynamic);
    if (range.isKnown())
      continue;
    if (dim == 0 || !isIdentifier(name)) {
      error() << "expected one size in dimension " << dim << ", found the range " << range.text()
              << (dim ? ", whose name " + quoted(name) + " is no identifier of C"
                      : "; a batch can be dynamic, by --batch=dynamic");
      return;
    }
    auto *context = problems.getContext();
    dynamic.push_back(SizeAttr::get(context, StringAttr::get(context, name), range.least,
                                    range.greatest, range.factor));
  }
  if (isTooLarge(greatest) || int64_t(shape.size()) > maxRank) {
    error() << "is too large: " << shown(shape);
    return;
  }
  list.push_back(
      {value.name(), RankedTensorType::get(shape, element), tensor.elem_type(), dynamic});
}

/// An option without effect is an error.
void Inputs::checkOptions() {
  auto check = [&](StringRef option, bool given, StringRef what) {
    if (given && !used.contains(option))
      problems.error() << option << " has no effect: the model has no " << what
                       << " whose size is unknown";
  };
  check("--batch", options.batch.has_value(), "dimension 0");
  for (auto [name, size] : llvm::zip_equal(kImageSizeNames, options.imageSizes))
    check(("--" + name).str(), size.has_value(), (name + " of an image").str());
  for (const auto &[name, size] : options.sizes)
    if (!used.contains(name))
      problems.error() << "--size " << name
                       << " has no effect: no input has a dimension of this name";
  bool hasImage =
      llvm::any_of(list, [](const Input &input) { return channelsLast(input.type) != input.type; });
  if (options.channelsLast && !hasImage)
    problems.error() << "--layout=NHWC has no effect: no input is an image";
}

bool Inputs::read() {
  llvm::StringSet<> initializers;
  for (const onnxproto::TensorProto &tensor : graph.initializer())
    initializers.insert(tensor.name());
  for (const onnxproto::ValueInfoProto &value : graph.input())
    if (!initializers.contains(value.name()))
      readInput(value);
  if (!problems.any())
    checkOptions();
  return !problems.any();
}

//===----------------------------------------------------------------------===//
// Layouts
//===----------------------------------------------------------------------===//

/// Dimension i of the result is dimension permutation[i] of the value.
static constexpr int64_t toLast[] = {0, 2, 3, 1}, toFirst[] = {0, 3, 1, 2};

RankedTensorType sepconv::onnx::channelsLast(RankedTensorType type) {
  return type.getRank() == 4 ? type.clone(applyPermutation(type.getShape(), toLast)) : type;
}

static Value permute(OpBuilder &builder, Value value, ArrayRef<int64_t> permutation) {
  auto type = cast<RankedTensorType>(value.getType());
  if (type.getRank() != 4)
    return value;
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, value.getLoc(), value);
  Value empty = tensor::EmptyOp::create(
      builder, value.getLoc(), applyPermutation(sizes, permutation), type.getElementType());
  return linalg::TransposeOp::create(builder, value.getLoc(), value, empty, permutation)
      ->getResult(0);
}

Value sepconv::onnx::toChannelsLast(OpBuilder &builder, Value value) {
  return permute(builder, value, toLast);
}

Value sepconv::onnx::toChannelsFirst(OpBuilder &builder, Value value) {
  return permute(builder, value, toFirst);
}
