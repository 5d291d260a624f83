//===- ReadConvolution.cpp - from a call's arguments to a convolution ------------===//

#include "../ActivationFunctions.h"
#include "../VariableClasses.h"
#include "Convolution.h"
#include "sepconv/IR/Variable.h"
#include "sepconv/IR/Window.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::function;

namespace {

class ConvolutionReader : public Convolution {
public:
  ConvolutionReader(const Signature &signature, Arguments &arguments, const ImageSizes &sizes,
                    MLIRContext *context)
      : signature(signature), arguments(arguments), sizes(sizes), context(context) {}

  void read();

private:
  void readStrides();
  void readInput();
  LogicalResult readSize(unsigned i, int64_t &size);
  RankedTensorType readFilter(Role role);
  void checkFilters();
  void makeFilters();
  void readVariable(StringRef prefix, RankedTensorType type, StringRef initializer,
                    NamedAttrList &attributes);
  void placeWindow();
  void readActivation();
  void readActivityRegularizer();
  RankedTensorType tensor(ArrayRef<int64_t> shape, Role role, Type element = {});
  std::string found(Role role) const { return arguments.found(role); }

  const Signature &signature;
  Arguments &arguments;
  const ImageSizes &sizes;
  MLIRContext *context;
};

} // namespace

/// The type of a tensor; null, and reported with the argument that makes it so, if it is too large.
RankedTensorType ConvolutionReader::tensor(ArrayRef<int64_t> shape, Role role, Type element) {
  if (isTooLarge(shape)) {
    arguments.error(role) << "a tensor of shape " << shown(shape) << " is too large";
    return {};
  }
  return RankedTensorType::get(shape, element ? element : input.getElementType());
}

void ConvolutionReader::readStrides() {
  const ArgumentValue *value = arguments.get(Role::Strides);
  if (!value)
    return;
  ArrayRef<int64_t> numbers = value->integers;
  if (numbers.size() == 4) { // one for each dimension of the input
    if (numbers[0] != 1 || numbers[channelDim()] != 1)
      arguments.error(Role::Strides) << "expected 1 for batch and channels, strides[0] and strides["
                                     << channelDim() << "], found " << found(Role::Strides);
    numbers = numbers.slice(spatialDim(), 2);
  }
  strides = {numbers[0], numbers[1]};
}

void ConvolutionReader::readInput() {
  const ArgumentValue *value = arguments.get(Role::Input);
  if (!value)
    return;
  isBatchDynamic = value->isBatchDynamic;
  SmallVector<int64_t> shape(value->integers);
  bool known = succeeded(readSize(0, shape[spatialDim()]));
  known &= succeeded(readSize(1, shape[spatialDim() + 1]));
  if (shape[channelDim()] <= 0)
    arguments.error(Role::Input) << "expected at least one channel, found " << found(Role::Input);
  else if (known)
    input = tensor(shape, Role::Input, value->element ? value->element : Float32Type::get(context));
}

/// The height or the width: a number, or a range for what is ?.
LogicalResult ConvolutionReader::readSize(unsigned i, int64_t &size) {
  StringRef name = kImageSizeNames[i];
  if (ShapedType::isDynamic(size) != sizes[i].has_value()) {
    arguments.error(Role::Input) << (sizes[i] ? "expected ? for the " + name + ", which --" + name +
                                                    " says"
                                              : "expected --" + name + "=LEAST..GREATEST for the " +
                                                    name + " of ?")
                                 << ", found " << found(Role::Input);
    return failure();
  }
  if (sizes[i] && sizes[i]->isKnown())
    size = sizes[i]->least;
  else
    dynamicSizes[i] = sizes[i];
  return success();
}

RankedTensorType ConvolutionReader::readFilter(Role role) {
  const ArgumentValue *value = arguments.get(role);
  if (!value)
    return {};
  if (llvm::is_contained(value->integers, 0)) {
    arguments.error(role) << "expected sizes of at least 1, found " << found(role);
    return {};
  }
  if (!input)
    return tensor(value->integers, role, Float32Type::get(context));
  if (value->element && value->element != input.getElementType())
    arguments.error(role) << "expected the input's element type "
                          << elementName(input.getElementType()) << ", found " << found(role);
  return tensor(value->integers, role);
}

/// The filters of a function that takes them: they must fit to the input and to each other.
void ConvolutionReader::checkFilters() {
  depthwise = readFilter(Role::DepthwiseFilter);
  if (input && depthwise && depthwise.getDimSize(2) != input.getDimSize(channelDim()))
    arguments.error(Role::DepthwiseFilter)
        << "expected the input's " << input.getDimSize(channelDim())
        << " channels in dimension 2, found " << found(Role::DepthwiseFilter);
  if (!signature.find(Role::PointwiseFilter))
    return;
  pointwise = readFilter(Role::PointwiseFilter);
  if (!depthwise || !pointwise)
    return;
  int64_t channels = depthwise.getDimSize(2), multiplier = depthwise.getDimSize(3);
  if (pointwise.getShape().take_front(3) != ArrayRef<int64_t>{1, 1, channels * multiplier})
    arguments.error(Role::PointwiseFilter)
        << "expected shape [1, 1, " << channels * multiplier << ", " << signature.axes.pointwise[3]
        << "] for " << channels << " channels and a multiplier of " << multiplier << ", found "
        << found(Role::PointwiseFilter);
}

/// The variables of a layer.
void ConvolutionReader::makeFilters() {
  const ArgumentValue *filters = arguments.get(Role::Filters);
  const ArgumentValue *kernel = arguments.get(Role::KernelSize);
  const ArgumentValue *multiplier = arguments.get(Role::DepthMultiplier);
  const ArgumentValue *useBias = arguments.get(Role::UseBias);
  if (!input || !filters || !kernel || !multiplier || !useBias)
    return;
  int64_t channels = input.getDimSize(channelDim()), outputs = filters->integers[0];
  depthwise = tensor({kernel->integers[0], kernel->integers[1], channels, multiplier->integers[0]},
                     Role::DepthMultiplier);
  if (!depthwise)
    return;
  pointwise = tensor({1, 1, channels * multiplier->integers[0], outputs}, Role::Filters);
  if (useBias->boolean)
    bias = tensor({outputs}, Role::Filters);
  // Where there is no initializer: tf.layers leaves even the bias to the scope's own.
  StringRef ofBias = signature.find("reuse") ? "glorot_uniform" : "zeros";
  readVariable("depthwise", depthwise, "glorot_uniform", depthwiseAttributes);
  readVariable("pointwise", pointwise, "glorot_uniform", pointwiseAttributes);
  readVariable("bias", bias, ofBias, biasAttributes);
}

void ConvolutionReader::readVariable(StringRef prefix, RankedTensorType type, StringRef initializer,
                                     NamedAttrList &attributes) {
  if (!type)
    return;
  auto read = [&](auto rule, StringRef what, StringRef otherwise) {
    using Attr = typename llvm::function_traits<decltype(rule)>::template arg_t<1>;
    std::string name = (prefix + "_" + what).str();
    const ArgumentValue *value = arguments.get(StringRef(name));
    auto attribute = attributeNamed<Attr>(context, value ? value->word : otherwise);
    auto error = [&] { return arguments.error(StringRef(name)); };
    if (attribute && succeeded(rule(error, attribute, type.getShape())))
      attributes.set(("sepconv." + what).str(), attribute);
  };
  read(&checkInitializer, "initializer", initializer);
  read(&checkRegularizer, "regularizer", "");
  read(&checkConstraint, "constraint", "");
  const ArgumentValue *trainable = arguments.get("trainable");
  if (trainable && !trainable->boolean)
    attributes.set("sepconv.trainable", BoolAttr::get(context, false));
}

void ConvolutionReader::placeWindow() {
  const ArgumentValue *value = arguments.get(Role::Padding);
  if (!input || !depthwise || !value)
    return;
  SmallVector<int64_t, 4> shape(input.getShape());
  bool isSame = value->word.equals_insensitive("same");
  for (unsigned i : {0u, 1u}) {
    int64_t &extent = shape[spatialDim() + i], size = depthwise.getDimSize(i);
    int64_t &before = padding[2 * i], &after = padding[2 * i + 1];
    // What holds for the least and the greatest size holds for those between them.
    int64_t least = dynamicSizes[i] ? dynamicSizes[i]->least : extent;
    int64_t greatest = dynamicSizes[i] ? dynamicSizes[i]->greatest : extent;
    if (greatest + dilatedSize(size, dilations[i]) > kMaxSize) {
      arguments.error(Role::Dilations)
          << "a window of " << dilatedSize(size, dilations[i]) << " is too large";
      return;
    }
    if (isSame) {
      std::tie(before, after) = samePadding(greatest, size, strides[i], dilations[i]);
      same |= dynamicSizes[i] &&
              !isSamePaddingKnown(dynamicSizes[i]->factor, size, strides[i], dilations[i]);
    }
    int64_t room = least + before + after - dilatedSize(size, dilations[i]) + strides[i];
    int64_t windows = windowOutputSize(least, size, strides[i], dilations[i], before, after);
    if (!isSame && (dynamicSizes[i] ? room < 0 : windows < 0)) {
      arguments.error(Role::Input)
          << "a window of " << dilatedSize(size, dilations[i]) << " does not fit into the "
          << (i ? "width" : "height") << " of " << least;
      return;
    }
    extent = dynamicSizes[i] ? ShapedType::kDynamic : windows;
  }
  if (same)
    padding = {0, 0, 0, 0};
  shape[channelDim()] =
      pointwise ? pointwise.getDimSize(3) : depthwise.getDimSize(2) * depthwise.getDimSize(3);
  output = tensor(shape, Role::Input);
}

void ConvolutionReader::readActivation() {
  const ArgumentValue *value = arguments.get(Role::Activation);
  if (!value || value->word == "linear")
    return;
  isSoftmax = value->word == "softmax";
  activation = activationNamed(context, value->word);
}

void ConvolutionReader::readActivityRegularizer() {
  StringRef name = "activity_regularizer";
  const ArgumentValue *value = arguments.get(name);
  auto regularizer = value ? attributeNamed<RegularizerAttr>(context, value->word) : nullptr;
  if (!regularizer || regularizer.is("l1_l2"))
    activityRegularizer = regularizer;
  else
    arguments.error(name) << "expected l1, l2, l1_l2 or None, found " << quoted(value->text);
}

void ConvolutionReader::read() {
  if (const ArgumentValue *value = arguments.get(Role::DataFormat))
    format = value->word == "NCHW" || value->word == "channels_first" ? DataFormat::NCHW
                                                                      : DataFormat::NHWC;
  readStrides();
  if (const ArgumentValue *value = arguments.get(Role::Dilations))
    dilations = {value->integers[0], value->integers[1]};
  readInput();
  if (signature.find(Role::DepthwiseFilter))
    checkFilters();
  else
    makeFilters();
  placeWindow();
  readActivation();
  readActivityRegularizer();
}

Convolution function::readConvolution(const Signature &signature, Arguments &arguments,
                                      const ImageSizes &sizes, MLIRContext *context) {
  ConvolutionReader reader(signature, arguments, sizes, context);
  reader.read();
  return reader;
}
