//===- Preprocess.cpp - images of bytes instead of a model's numbers -------------===//

#include "sepconv/Import/Preprocess.h"
#include "Problems.h"

#include "sepconv/IR/Buffer.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::sepconv;

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

namespace {
enum class Mode { Identity, Tf, Torch, Caffe };
struct Named {
  StringRef name;
  Mode mode;
};
} // namespace

/// keras/src/applications/*.py: the mode that each family's preprocess_input has.
static constexpr Named families[] = {
    {"caffe", Mode::Caffe},
    {"convnext", Mode::Identity},
    {"densenet", Mode::Torch},
    {"efficientnet", Mode::Identity},
    {"efficientnet_v2", Mode::Identity},
    {"inception_resnet_v2", Mode::Tf},
    {"inception_v3", Mode::Tf},
    {"mobilenet", Mode::Tf},
    {"mobilenet_v2", Mode::Tf},
    {"mobilenet_v3", Mode::Identity},
    {"nasnet", Mode::Tf},
    {"resnet", Mode::Caffe},
    {"resnet_v2", Mode::Tf},
    {"tf", Mode::Tf},
    {"torch", Mode::Torch},
    {"vgg16", Mode::Caffe},
    {"vgg19", Mode::Caffe},
    {"xception", Mode::Tf},
};

std::string Preprocessing::names() {
  return llvm::join(llvm::map_range(families, [](const Named &named) { return named.name.str(); }),
                    ", ");
}

/// keras/src/applications/imagenet_utils.py
std::optional<Preprocessing> Preprocessing::named(StringRef name) {
  const Named *found = llvm::find_if(families, [&](const Named &n) { return n.name == name; });
  if (found == std::end(families))
    return std::nullopt;
  Preprocessing result;
  switch (found->mode) {
  case Mode::Identity:
    break;
  case Mode::Tf:
    result.mean = {127.5};
    result.scale = {1 / 127.5};
    break;
  case Mode::Torch: // mean and deviation of ImageNet, of pixels from 0 to 1
    result.mean = {255 * 0.485, 255 * 0.456, 255 * 0.406};
    result.scale = {1 / (255 * 0.229), 1 / (255 * 0.224), 1 / (255 * 0.225)};
    break;
  case Mode::Caffe:
    result.mean = {103.939, 116.779, 123.68};
    result.reversesChannels = true;
    break;
  }
  return result;
}

//===----------------------------------------------------------------------===//
// The model
//===----------------------------------------------------------------------===//

/// The argument that is an image, and the dimension of its channels.
static llvm::Expected<std::pair<BlockArgument, unsigned>> findImage(func::FuncOp entry,
                                                                    size_t channels) {
  std::optional<std::pair<BlockArgument, unsigned>> found;
  for (BlockArgument argument : entry.getArguments()) {
    auto type = dyn_cast<RankedTensorType>(argument.getType());
    if (entry.getArgAttr(argument.getArgNumber(), "sepconv.weight") || !type ||
        type.getRank() != 4 || !isa<FloatType>(type.getElementType()))
      continue;
    auto fits = [&](unsigned dim) {
      int64_t size = type.getDimSize(dim);
      return channels == 1 ? size == 1 || size == 3 : size == int64_t(channels);
    };
    if (!fits(3) && !fits(1))
      continue;
    if (found)
      return llvm::createStringError("there are several inputs that are images of floats");
    found = {argument, fits(3) ? 3 : 1};
  }
  if (!found)
    return llvm::createStringError("there is no input that is an image of floats with " +
                                   (channels == 1 ? "1 or 3" : Twine(channels)) + " channels");
  return *found;
}

/// One number, or those of all channels as a constant.
static Value numbersOf(OpBuilder &b, Location loc, ArrayRef<double> numbers) {
  SmallVector<float> values(numbers.begin(), numbers.end());
  auto type = RankedTensorType::get(values.size(), b.getF32Type());
  return arith::ConstantOp::create(b, loc, DenseElementsAttr::get(type, ArrayRef<float>(values)));
}

llvm::Error sepconv::preprocess(ModuleOp module, const Preprocessing &preprocessing) {
  func::FuncOp entry;
  for (auto function : module.getOps<func::FuncOp>())
    if (function.isPublic() && !function.isExternal())
      entry = function;
  if (!entry)
    return llvm::createStringError("there is no public function");
  size_t channels = std::max(preprocessing.mean.size(), preprocessing.scale.size());
  auto image = findImage(entry, preprocessing.reversesChannels ? 3 : channels);
  if (!image)
    return image.takeError();
  BlockArgument argument = image->first;
  unsigned channelDim = image->second;
  auto type = cast<RankedTensorType>(argument.getType());
  module.getContext()
      ->loadDialect<arith::ArithDialect, linalg::LinalgDialect, tensor::TensorDialect>();
  OpBuilder b = OpBuilder::atBlockBegin(&entry.front());
  Location loc = argument.getLoc();
  argument.setType(type.clone(b.getI8Type()));
  SmallVector<Type> types(entry.getArgumentTypes());
  types[argument.getArgNumber()] = argument.getType();
  entry.setType(b.getFunctionType(types, entry.getResultTypes()));
  entry.setArgAttr(argument.getArgNumber(), kDtype, b.getStringAttr("uint8"));

  SmallVector<AffineExpr> source;
  for (unsigned dim = 0; dim < 4; ++dim)
    source.push_back(b.getAffineDimExpr(dim));
  auto channelOf = [&](size_t count) {
    AffineExpr at = count == 1 ? b.getAffineConstantExpr(0) : b.getAffineDimExpr(channelDim);
    return AffineMap::get(4, 0, at, b.getContext());
  };
  if (preprocessing.reversesChannels)
    source[channelDim] = type.getDimSize(channelDim) - 1 - source[channelDim];
  SmallVector<AffineMap> maps{AffineMap::get(4, 0, source, b.getContext()),
                              channelOf(preprocessing.mean.size()),
                              channelOf(preprocessing.scale.size()), b.getMultiDimIdentityMap(4)};
  SmallVector<Value> operands{argument, numbersOf(b, loc, preprocessing.mean),
                              numbersOf(b, loc, preprocessing.scale)};
  Value empty = tensor::EmptyOp::create(b, loc, tensor::getMixedSizes(b, loc, argument),
                                        type.getElementType());
  SmallVector<utils::IteratorType> iterators(4, utils::IteratorType::parallel);
  auto body = [&](OpBuilder &builder, Location loc, ValueRange x) {
    Value pixel = arith::UIToFPOp::create(builder, loc, builder.getF32Type(), x[0]);
    Value distance = arith::SubFOp::create(builder, loc, pixel, x[1]);
    Value number = arith::MulFOp::create(builder, loc, distance, x[2]);
    unsigned bits = type.getElementTypeBitWidth();
    if (bits < 32)
      number = arith::TruncFOp::create(builder, loc, type.getElementType(), number);
    else if (bits > 32)
      number = arith::ExtFOp::create(builder, loc, type.getElementType(), number);
    linalg::YieldOp::create(builder, loc, number);
  };
  auto generic =
      linalg::GenericOp::create(b, loc, empty.getType(), operands, empty, maps, iterators, body);
  argument.replaceUsesWithIf(generic->getResult(0), [&](OpOperand &use) {
    return use.getOwner() != generic && !isa<tensor::DimOp>(use.getOwner());
  });
  return llvm::Error::success();
}
