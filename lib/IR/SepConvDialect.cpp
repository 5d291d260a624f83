//===- SepConvDialect.cpp - the sepconv dialect and its attributes ---------------===//

#include "AttributeForms.h"
#include "sepconv/IR/SepConv.h"
#include "sepconv/IR/Window.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::sepconv;

#include "SepConvDialect.cpp.inc"
#include "SepConvEnums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "SepConvAttributes.cpp.inc"

void SepConvDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "SepConvAttributes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "SepConvOps.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// Attributes of operations
//===----------------------------------------------------------------------===//

/// C17 of a function that the product's caller sees: each image is a tensor of its own.
static LogicalResult verifyImages(FunctionOpInterface function) {
  LogicalResult result = success();
  auto check = [&](Type type, StringRef what, unsigned index) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor || (tensor.getRank() > 0 && tensor.getDimSize(0) == 1))
      return;
    result = function.emitError("C17: the batch is dynamic, so dimension 0 of ")
             << what << " " << index << " must be 1, got " << type;
  };
  for (auto [index, type] : llvm::enumerate(function.getArgumentTypes()))
    if (!function.getArgAttr(index, "sepconv.weight"))
      check(type, "argument", index);
  for (auto [index, type] : llvm::enumerate(function.getResultTypes()))
    check(type, "result", index);
  return result;
}

LogicalResult SepConvDialect::verifyOperationAttribute(Operation *op, NamedAttribute attribute) {
  if (attribute.getName() != kDynamicBatch)
    return verifyForm(op, attribute);
  auto module = dyn_cast<ModuleOp>(op);
  if (!module || !isa<UnitAttr>(attribute.getValue()))
    return op->emitError("C17: '") << kDynamicBatch << "' must be a unit attribute of a module";
  LogicalResult result = success();
  for (auto function : module.getOps<FunctionOpInterface>())
    if (!function.isPrivate() && !function.isExternal() && failed(verifyImages(function)))
      result = failure();
  return result;
}

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

LogicalResult SizeAttr::verify(function_ref<InFlightDiagnostic()> error, StringAttr name,
                               int64_t least, int64_t greatest, int64_t factor) {
  auto isPart = [](char c) { return llvm::isAlnum(c) || c == '_'; };
  if (name.empty() || !llvm::isAlpha(name.getValue().front()) ||
      !llvm::all_of(name.getValue(), isPart))
    return error() << "C20: a size must have a name of letters, digits and '_', got " << name;
  if (factor < 1 || least < 1 || greatest < least || greatest > kMaxSize || least % factor ||
      greatest % factor)
    return error() << "C20: the size " << name << " must be 1 <= least <= greatest <= " << kMaxSize
                   << ", both multiples of a factor of at least 1, got " << least << ", "
                   << greatest << " and " << factor;
  return success();
}

//===----------------------------------------------------------------------===//
// Activations
//===----------------------------------------------------------------------===//

/// Parses `<kind>` or `<kind, name = number, ...>`; a parameter left out has its default.
Attribute ActivationAttr::parse(AsmParser &parser, Type) {
  StringRef keyword;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseKeyword(&keyword))
    return {};
  std::optional<ActivationKind> kind = symbolizeActivationKind(keyword);
  if (!kind)
    return parser.emitError(loc, "unknown activation '") << keyword << "'", Attribute();
  double alpha = 0, maxValue = std::numeric_limits<double>::infinity(), threshold = 0;
  while (succeeded(parser.parseOptionalComma())) {
    loc = parser.getCurrentLocation();
    if (parser.parseKeyword(&keyword) || parser.parseEqual())
      return {};
    double *value = keyword == "alpha"       ? &alpha
                    : keyword == "max_value" ? &maxValue
                    : keyword == "threshold" ? &threshold
                                             : nullptr;
    if (!value)
      return parser.emitError(loc, "unknown parameter '")
                 << keyword << "', expected alpha, max_value or threshold",
             Attribute();
    if (parser.parseFloat(*value))
      return {};
  }
  if (parser.parseGreater())
    return {};
  return ActivationAttr::get(parser.getContext(), *kind, alpha, maxValue, threshold);
}

void ActivationAttr::print(AsmPrinter &printer) const {
  printer << "<" << stringifyActivationKind(getKind());
  auto print = [&](StringRef name, const APFloat &value, double otherwise) {
    if (value.convertToDouble() != otherwise) {
      printer << ", " << name << " = ";
      printer.printFloat(value);
    }
  };
  print("alpha", getAlpha(), 0);
  print("max_value", getMaxValue(), std::numeric_limits<double>::infinity());
  print("threshold", getThreshold(), 0);
  printer << ">";
}
