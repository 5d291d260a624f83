//===- AttributeForms.cpp - attributes that other dialects' operations carry -----===//
//
// What passes leave on modules, functions, their arguments and results for later ones, and what a
// model says with them.
//
//===----------------------------------------------------------------------===//

#include "AttributeForms.h"
#include "sepconv/IR/Buffer.h"
#include "sepconv/IR/Sizes.h"
#include "sepconv/IR/Variable.h"

#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/Support/JSON.h"

using namespace mlir;
using namespace mlir::sepconv;

namespace {
struct Form {
  StringRef name, description;
  bool (*holds)(Attribute);
};
} // namespace

template <typename T> static bool isOne(Attribute attribute) { return isa<T>(attribute); }

/// Of UTF-8, as what the product says of itself is.
static bool isString(Attribute attribute) {
  auto string = dyn_cast<StringAttr>(attribute);
  return string && llvm::json::isUTF8(string.getValue());
}

static bool isStrings(Attribute attribute) {
  auto array = dyn_cast<ArrayAttr>(attribute);
  return array && llvm::all_of(array, isString);
}

static bool isDictionaries(Attribute attribute) {
  auto array = dyn_cast<ArrayAttr>(attribute);
  return array && llvm::all_of(array, llvm::IsaPred<DictionaryAttr>);
}

static bool isInteger(Attribute attribute) {
  auto integer = dyn_cast<IntegerAttr>(attribute);
  return integer && integer.getType().isInteger(64);
}

static bool isScale(Attribute attribute) {
  auto number = dyn_cast<FloatAttr>(attribute);
  return number && number.getType().isF32() && number.getValue().isFiniteNonZero() &&
         !number.getValue().isNegative();
}

static bool isSizes(Attribute attribute) {
  auto array = dyn_cast<ArrayAttr>(attribute);
  return array && llvm::all_of(array, llvm::IsaPred<SizeAttr>);
}

static const Form forms[] = {
    {"sepconv.model", "a UTF-8 string", isString},
    {"sepconv.target", "a UTF-8 string", isString},
    {"sepconv.cpu", "a UTF-8 string", isString},
    {"sepconv.features", "a UTF-8 string", isString},
    {"sepconv.name", "a UTF-8 string", isString},
    {"sepconv.axes", "a UTF-8 string", isString},
    {kDtype, "a UTF-8 string", isString},
    {"sepconv.scale", "a float32 above 0", isScale},
    {"sepconv.zero_point", "a 64-bit integer", isInteger},
    {"sepconv.function", "a UTF-8 string", isString},
    {"sepconv.weight", "a unit attribute", isOne<UnitAttr>},
    {"sepconv.task", "a unit attribute", isOne<UnitAttr>},
    {"sepconv.part", "a unit attribute", isOne<UnitAttr>},
    {"sepconv.trainable", "a bool attribute", isOne<BoolAttr>},
    {"sepconv.initializer", "an initializer", isOne<InitializerAttr>},
    {"sepconv.regularizer", "a regularizer", isOne<RegularizerAttr>},
    {"sepconv.constraint", "a constraint", isOne<ConstraintAttr>},
    {"sepconv.pattern", "an array of UTF-8 strings", isStrings},
    {"sepconv.schedule", "the symbol of a schedule", isOne<FlatSymbolRefAttr>},
    {"sepconv.parameters", "a dictionary", isOne<DictionaryAttr>},
    {"sepconv.alternatives", "an array of dictionaries", isDictionaries},
    {"sepconv.facts", "a dictionary", isOne<DictionaryAttr>},
    {"sepconv.pack", "a dictionary", isOne<DictionaryAttr>},
    {"sepconv.interface", "a dictionary", isOne<DictionaryAttr>},
    {kSizes, "an array of sizes", isSizes},
    {kSize, "a size", isOne<SizeAttr>},
    {kShape, "an affine map", isOne<AffineMapAttr>},
    {"sepconv.scratch_bytes", "a 64-bit integer", isInteger},
    {"sepconv.multiply_adds", "a 64-bit integer", isInteger},
    {kTaskOffset, "a 64-bit integer", isInteger},
};

LogicalResult sepconv::verifyForm(Operation *op, NamedAttribute attribute) {
  const Form *form =
      llvm::find_if(forms, [&](const Form &f) { return f.name == attribute.getName(); });
  if (form == std::end(forms) || form->holds(attribute.getValue()))
    return success();
  return op->emitError("C19: '") << form->name << "' must be " << form->description << ", got "
                                 << attribute.getValue();
}

/// V2, V3, V4: the rules of variables hold for a weight that says what a variable says.
static LogicalResult verifyVariable(Operation *op, ArrayRef<int64_t> shape, Attribute attribute) {
  auto error = [&] { return op->emitError(); };
  if (auto initializer = dyn_cast<InitializerAttr>(attribute))
    return checkInitializer(error, initializer, shape);
  if (auto regularizer = dyn_cast<RegularizerAttr>(attribute))
    return checkRegularizer(error, regularizer, shape);
  if (auto constraint = dyn_cast<ConstraintAttr>(attribute))
    return checkConstraint(error, constraint, shape);
  return success();
}

/// C20: each dynamic size of an argument is said, and a name means one size.
static LogicalResult verifySizes(FunctionOpInterface function, RankedTensorType type,
                                 ArrayAttr sizes) {
  if (size_t(type.getNumDynamicDims()) != sizes.size())
    return function.emitError("C20: expected a size for each of the ")
           << type.getNumDynamicDims() << " '?' of " << type << ", got " << sizes;
  for (unsigned i = 0; i < function.getNumArguments(); ++i)
    if (auto others = function.getArgAttrOfType<ArrayAttr>(i, kSizes))
      for (auto other : others.getAsRange<SizeAttr>())
        for (auto size : sizes.getAsRange<SizeAttr>())
          if (size.getName() == other.getName() && size != other)
            return function.emitError("C20: sizes with the same name must be the same, got ")
                   << size << " and " << other;
  return success();
}

/// C19 of what a function's tensor is called outside.
static LogicalResult verifyDtype(FunctionOpInterface function, Type type,
                                 NamedAttribute attribute) {
  auto tensor = dyn_cast<ShapedType>(type);
  if (attribute.getName() != kDtype || !tensor)
    return success();
  auto dtype = cast<StringAttr>(attribute.getValue());
  if (canBe(tensor.getElementType(), dtype))
    return success();
  return function.emitError("C19: '") << kDtype << "' of " << type << " cannot be " << dtype;
}

LogicalResult SepConvDialect::verifyRegionArgAttribute(Operation *op, unsigned, unsigned index,
                                                       NamedAttribute attribute) {
  if (failed(verifyForm(op, attribute)))
    return failure();
  auto function = dyn_cast<FunctionOpInterface>(op);
  if (function && failed(verifyDtype(function, function.getArgumentTypes()[index], attribute)))
    return failure();
  auto tensor = function ? dyn_cast<RankedTensorType>(function.getArgumentTypes()[index]) : nullptr;
  if (tensor && attribute.getName() == kSizes)
    return verifySizes(function, tensor, cast<ArrayAttr>(attribute.getValue()));
  return tensor ? verifyVariable(op, tensor.getShape(), attribute.getValue()) : success();
}

LogicalResult SepConvDialect::verifyRegionResultAttribute(Operation *op, unsigned, unsigned index,
                                                          NamedAttribute attribute) {
  if (failed(verifyForm(op, attribute)))
    return failure();
  auto function = dyn_cast<FunctionOpInterface>(op);
  return function ? verifyDtype(function, function.getResultTypes()[index], attribute) : success();
}
