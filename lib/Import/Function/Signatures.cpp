//===- Signatures.cpp - functions and their arguments, as documented -------------===//

#include "Signatures.h"
#include "../ActivationFunctions.h"
#include "../VariableClasses.h"
#include "sepconv/Import/Function.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::function;

//===----------------------------------------------------------------------===//
// The tables
//===----------------------------------------------------------------------===//

static constexpr StringLiteral kOnes = "(1, 1)";

/// What is said of a variable, or other things that do not change what the function computes.
static Argument other(StringRef name, StringRef otherwise, std::vector<StringRef> words) {
  return {name, Role::Other, Form::OneOf, otherwise, std::move(words)};
}

/// The names in snake case of Keras's classes of initializers, regularizers or constraints.
template <typename Attr> static std::vector<StringRef> words() {
  static const SmallVector<std::string> names =
      llvm::map_to_vector(classNames<Attr>(), [](StringRef name) { return toSnakeCase(name); });
  std::vector<StringRef> result(names.begin(), names.end());
  result.push_back("None");
  return result;
}

static Argument activation() {
  static const std::string names = activationNames() + ", None";
  Argument argument{"activation", Role::Activation, Form::OneOf, "None"};
  SmallVector<StringRef> words;
  StringRef(names).split(words, ", ");
  argument.words.assign(words.begin(), words.end());
  return argument;
}

static Argument dataFormat(StringRef last, StringRef first, StringRef otherwise) {
  Argument argument{"data_format", Role::DataFormat, Form::OneOf, otherwise, {last, first}};
  if (otherwise == "None")
    argument.words.push_back("None");
  return argument;
}

/// The arguments that the layer's class and the layer's function share, in their order.
static std::vector<Argument> layerArguments(StringRef dataFormatDefault, StringRef initializer,
                                            StringRef biasInitializer) {
  return {
      {"inputs", Role::Input, Form::Tensor, ""},
      {"filters", Role::Filters, Form::Integer, ""},
      {"kernel_size", Role::KernelSize, Form::Pair, ""},
      {"strides", Role::Strides, Form::Pair, kOnes},
      {"padding", Role::Padding, Form::OneOf, "valid", {"valid", "same"}, 0, /*anyCase=*/true},
      dataFormat("channels_last", "channels_first", dataFormatDefault),
      {"dilation_rate", Role::Dilations, Form::Pair, kOnes},
      {"depth_multiplier", Role::DepthMultiplier, Form::Integer, "1"},
      activation(),
      {"use_bias", Role::UseBias, Form::Boolean, "True"},
      other("depthwise_initializer", initializer, words<InitializerAttr>()),
      other("pointwise_initializer", initializer, words<InitializerAttr>()),
      other("bias_initializer", biasInitializer, words<InitializerAttr>()),
      other("depthwise_regularizer", "None", words<RegularizerAttr>()),
      other("pointwise_regularizer", "None", words<RegularizerAttr>()),
      other("bias_regularizer", "None", words<RegularizerAttr>()),
      other("activity_regularizer", "None", words<RegularizerAttr>()),
      other("depthwise_constraint", "None", words<ConstraintAttr>()),
      other("pointwise_constraint", "None", words<ConstraintAttr>()),
      other("bias_constraint", "None", words<ConstraintAttr>()),
      {"trainable", Role::Other, Form::Boolean, "True"},
      {"name", Role::Name, Form::Text, "None"},
  };
}

/// What the Keras functions take after their kernels.
static void addBackendArguments(std::vector<Argument> &arguments) {
  arguments.push_back({"strides", Role::Strides, Form::Integers, kOnes, {}, 2});
  arguments.push_back({"padding", Role::Padding, Form::OneOf, "valid", {"valid", "same"}});
  arguments.push_back(dataFormat("channels_last", "channels_first", "None"));
  arguments.push_back({"dilation_rate", Role::Dilations, Form::Integers, kOnes, {}, 2});
}

static constexpr Axes kKerasAxes = {
    {"batch_size", "rows", "cols", "channels"},
    {"batch_size", "new_rows", "new_cols", "filters"},
    {"kernel_size[0]", "kernel_size[1]", "channels", "depth_multiplier"},
    {"1", "1", "channels * depth_multiplier", "filters"}};

static Signature nnSeparable() {
  return {"tf.nn.separable_conv2d",
          {"tf.compat.v2.nn.separable_conv2d"},
          {{"input", Role::Input, Form::Tensor, ""},
           {"depthwise_filter", Role::DepthwiseFilter, Form::Tensor, ""},
           {"pointwise_filter", Role::PointwiseFilter, Form::Tensor, ""},
           {"strides", Role::Strides, Form::Integers, "", {}, 4},
           {"padding", Role::Padding, Form::OneOf, "", {"VALID", "SAME"}},
           dataFormat("NHWC", "NCHW", "None"),
           {"dilations", Role::Dilations, Form::Integers, "None", {"None"}, 2},
           {"name", Role::Name, Form::Text, "None"}},
          {{"batch", "in_height", "in_width", "in_channels"},
           {"batch", "out_height", "out_width", "out_channels"},
           {"filter_height", "filter_width", "in_channels", "channel_multiplier"},
           {"1", "1", "channel_multiplier * in_channels", "out_channels"}}};
}

static Signature backendSeparable() {
  Signature result{"tf.keras.backend.separable_conv2d",
                   {"tf.compat.v1.keras.backend.separable_conv2d"},
                   {{"x", Role::Input, Form::Tensor, ""},
                    {"depthwise_kernel", Role::DepthwiseFilter, Form::Tensor, ""},
                    {"pointwise_kernel", Role::PointwiseFilter, Form::Tensor, ""}},
                   kKerasAxes};
  addBackendArguments(result.arguments);
  return result;
}

static Signature backendDepthwise() {
  Signature result{"tf.keras.backend.depthwise_conv2d",
                   {"tf.compat.v1.keras.backend.depthwise_conv2d"},
                   {{"x", Role::Input, Form::Tensor, ""},
                    {"depthwise_kernel", Role::DepthwiseFilter, Form::Tensor, ""}},
                   kKerasAxes};
  result.axes.output.back() = "channels * depth_multiplier";
  addBackendArguments(result.arguments);
  return result;
}

static Signature layersSeparable() {
  Signature result{"tf.layers.separable_conv2d",
                   {"tf.compat.v1.layers.separable_conv2d"},
                   layerArguments("channels_last", "None", "tf.zeros_initializer()"),
                   kKerasAxes};
  // There is no layer before this one whose weights it could take.
  result.arguments.push_back(other("reuse", "None", {"None", "False"}));
  result.axes.input = {"batch", "height", "width", "channels"};
  result.axes.output = {"batch", "new_height", "new_width", "filters"};
  return result;
}

ArrayRef<Signature> function::signatures() {
  static const Signature all[] = {
      nnSeparable(),
      backendSeparable(),
      backendDepthwise(),
      {"tf.keras.layers.SeparableConv2D",
       {"tf.keras.layers.SeparableConvolution2D", "tf.compat.v1.keras.layers.SeparableConv2D",
        "tf.compat.v1.keras.layers.SeparableConvolution2D"},
       layerArguments("None", "glorot_uniform", "zeros"),
       kKerasAxes},
      layersSeparable(),
  };
  return all;
}

//===----------------------------------------------------------------------===//
// Looking things up
//===----------------------------------------------------------------------===//

const Signature *function::findSignature(StringRef name) {
  for (const Signature &signature : signatures())
    if (signature.name == name || llvm::is_contained(signature.aliases, name))
      return &signature;
  return nullptr;
}

const Argument *Signature::find(Role role) const {
  auto found = llvm::find_if(arguments, [&](const Argument &a) { return a.role == role; });
  return found == arguments.end() ? nullptr : &*found;
}

const Argument *Signature::find(StringRef name) const {
  auto found = llvm::find_if(arguments, [&](const Argument &a) { return a.name == name; });
  return found == arguments.end() ? nullptr : &*found;
}

std::string sepconv::functionNames() {
  return llvm::join(llvm::map_range(signatures(), [](const Signature &s) { return s.name; }), ", ");
}

//===----------------------------------------------------------------------===//
// For a person
//===----------------------------------------------------------------------===//

static std::string list(ArrayRef<StringRef> words) {
  std::string text;
  for (auto [index, word] : llvm::enumerate(words)) {
    text += index == 0 ? "" : index + 1 == words.size() ? " or " : ", ";
    text += word == "None" ? "None" : ("'" + word + "'").str();
  }
  return text;
}

std::string Argument::allowed() const {
  std::string orWords = words.empty() ? "" : " or " + list(words);
  switch (form) {
  case Form::Tensor:
    return std::string("a tensor of four ") +
           (role == Role::Input ? "sizes, all but the channels known or ?," : "known sizes") +
           " and f32, f64, f16 or bf16, such as 1x224x224x32xf32";
  case Form::Integer:
    return "a positive integer";
  case Form::Integers:
    return std::to_string(count) + " positive integers" + orWords;
  case Form::Pair:
    return "a positive integer or 2 of them";
  case Form::OneOf:
    return list(words) + (anyCase ? " (in any case)" : "");
  case Form::Boolean:
    return "True or False";
  case Form::Text:
    return "a text";
  }
  llvm_unreachable("all forms are handled");
}

bool sepconv::describeFunction(StringRef function, raw_ostream &os) {
  if (!function.empty() && !findSignature(function))
    return false;
  for (const Signature &signature : signatures()) {
    if (!function.empty() && findSignature(function) != &signature)
      continue;
    os << signature.name << "\n";
    for (const Argument &argument : signature.arguments) {
      std::string name = argument.name.str();
      if (!argument.isRequired())
        name += ("=" + argument.otherwise).str();
      os << llvm::formatv("  {0,-40} {1}\n", name, argument.allowed());
    }
    os << "also known as " << llvm::join(signature.aliases, ", ") << "\n\n";
  }
  return true;
}
