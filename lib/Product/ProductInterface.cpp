//===- ProductInterface.cpp - the C interface of a product -----------------------===//

#include "sepconv/Product/ProductInterface.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

using namespace mlir;
using namespace mlir::sepconv;

std::optional<WeightsMode> sepconv::parseWeightsMode(StringRef text) {
  return llvm::StringSwitch<std::optional<WeightsMode>>(text)
      .Case("embedded", WeightsMode::Embedded)
      .Case("file", WeightsMode::File)
      .Case("arguments", WeightsMode::Arguments)
      .Default(std::nullopt);
}

StringRef sepconv::stringify(WeightsMode mode) {
  switch (mode) {
  case WeightsMode::Embedded:
    return "embedded";
  case WeightsMode::File:
    return "file";
  case WeightsMode::Arguments:
    return "arguments";
  }
  llvm_unreachable("all modes are handled");
}

ArrayRef<Status> ProductInterface::statuses() const {
  static const Status all[] = {
      {"OK", "success"},
      {"ERROR_NULL_POINTER", "a buffer is NULL"},
      {"ERROR_MISALIGNED", "a buffer is not aligned as it must be"},
      {"ERROR_TOO_SMALL", "a buffer is too small"},
      {"ERROR_UNSUPPORTED_CPU", "this processor lacks instructions that the code needs"},
      {"ERROR_UNSUPPORTED_SIZE", "a size is not one of those that the code is for"},
      {"ERROR_WRONG_WEIGHTS", "the weights are those of another model or target"},
      {"ERROR_WRONG_RESULT", "the outputs are not those that were stored for the self-test"},
  };
  return all;
}

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

/// Sizes and what is divided of them are not negative, so that / rounds down in C too.
static std::string print(AffineExpr expr, ArrayRef<std::string> names) {
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return names[dim.getPosition()];
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return std::to_string(constant.getValue());
  auto binary = cast<AffineBinaryOpExpr>(expr);
  std::string lhs = print(binary.getLHS(), names), rhs = print(binary.getRHS(), names);
  switch (expr.getKind()) {
  case AffineExprKind::Add:
    return "(" + lhs + (rhs[0] == '-' ? " - " + rhs.substr(1) : " + " + rhs) + ")";
  case AffineExprKind::Mul:
    return "(" + lhs + " * " + rhs + ")";
  case AffineExprKind::Mod:
    return "(" + lhs + " % " + rhs + ")";
  case AffineExprKind::FloorDiv:
    return "(" + lhs + " / " + rhs + ")";
  default: // CeilDiv by a constant
    int64_t divisor = cast<AffineConstantExpr>(binary.getRHS()).getValue();
    return "((" + lhs + " + " + std::to_string(divisor - 1) + ") / " + rhs + ")";
  }
}

std::vector<std::string> ProductInterface::extents(const TensorInterface &tensor, bool inC) const {
  std::vector<std::string> names, result;
  for (const SizeInterface &size : model.sizes)
    names.push_back(inC ? "(size_t)(" + size.name + ")" : size.name);
  for (auto [dim, size] : llvm::enumerate(tensor.shape))
    result.push_back(tensor.extents ? print(tensor.extents.getResult(dim), names)
                                    : std::to_string(size));
  if (!inC) // as people write it
    for (std::string &text : result)
      if (text.front() == '(')
        text = text.substr(1, text.size() - 2);
  return result;
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

static const llvm::StringSet<> &reservedWords() {
  static const llvm::StringSet<> words = {
      // C and C++
      "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break",
      "case", "catch", "char", "char16_t", "char32_t", "char8_t", "class", "co_await", "co_return",
      "co_yield", "compl", "concept", "const", "const_cast", "consteval", "constexpr", "constinit",
      "continue", "decltype", "default", "delete", "do", "double", "dynamic_cast", "else", "enum",
      "explicit", "export", "extern", "false", "float", "for", "friend", "goto", "if", "inline",
      "int", "long", "mutable", "namespace", "new", "noexcept", "not", "not_eq", "nullptr",
      "operator", "or", "or_eq", "private", "protected", "public", "register", "reinterpret_cast",
      "requires", "restrict", "return", "short", "signed", "sizeof", "static", "static_assert",
      "static_cast", "struct", "switch", "template", "this", "thread_local", "throw", "true", "try",
      "typedef", "typeid", "typename", "typeof", "typeof_unqual", "union", "unsigned", "using",
      "virtual", "void", "volatile", "wchar_t", "while", "xor", "xor_eq",
      // macros and types of the headers that the product includes, and programs
      "NULL", "size_t", "main", "unix", "linux"};
  return words;
}

bool sepconv::isCIdentifier(StringRef text) {
  return !text.empty() && !llvm::isDigit(text.front()) &&
         llvm::all_of(text, [](char c) { return llvm::isAlnum(c) || c == '_'; }) &&
         !reservedWords().contains(text);
}

std::string sepconv::nameProblem(StringRef text) {
  if (reservedWords().contains(text))
    return ("the name '" + text +
            "' is a word of C or C++, or of the headers that a product "
            "includes; choose another one by --name")
        .str();
  return ("the name '" + text +
          "' is not a C identifier: letters, digits and '_', no digit first; "
          "choose one by --name")
      .str();
}

std::string sepconv::toCIdentifier(StringRef text) {
  std::string result;
  for (char c : text)
    result += llvm::isAlnum(c) ? c : '_';
  if (result.empty() || llvm::isDigit(result.front()))
    result = "_" + result;
  if (reservedWords().contains(result))
    result += "_";
  return result;
}

/// C names for tensors; a single input is just `input`. Macros are in capitals, so names must
/// differ in more than case.
static std::vector<std::string> cNames(ArrayRef<TensorInterface> tensors, StringRef single,
                                       llvm::StringSet<> &taken) {
  std::vector<std::string> names;
  for (const TensorInterface &tensor : tensors) {
    std::string base =
        !single.empty() && tensors.size() == 1 ? single.str() : toCIdentifier(tensor.name);
    std::string name = base;
    // The size of a buffer is a parameter too.
    auto isTaken = [&] {
      std::string lower = StringRef(name).lower();
      return taken.contains(lower) || taken.contains(lower + "_bytes");
    };
    for (int n = 1; isTaken(); ++n)
      name = base + "_" + std::to_string(n);
    taken.insert(StringRef(name).lower());
    taken.insert(StringRef(name).lower() + "_bytes");
    names.push_back(name);
  }
  return names;
}

FailureOr<ProductInterface> ProductInterface::get(ModuleOp module, StringRef name,
                                                  WeightsMode weights) {
  FailureOr<ModelInterface> model = ModelInterface::get(module);
  if (failed(model))
    return failure();
  if (!isCIdentifier(name))
    return module.emitError(nameProblem(name));
  ProductInterface product;
  product.name = name.str();
  auto modelName = module->getAttrOfType<StringAttr>("sepconv.model");
  product.modelName = modelName ? modelName.str() : name.str();
  product.weightsMode = weights;
  product.model = std::move(*model);
  if (auto target = module->getAttrOfType<StringAttr>("sepconv.target"))
    product.target = target.str();
  product.isProfiled = module.lookupSymbol(kTicksSymbol) != nullptr;
  // By the other parameters, their types and their constants.
  llvm::StringSet<> taken = {"workspace",    "workspace_bytes",
                             "stack",        "stack_bytes",
                             "thread",       "thread_bytes",
                             "selftest",     "selftest_bytes",
                             "weights",      "weights_bytes",
                             "parallel_for", "pool",
                             "seed",         "loss",
                             "loss_bytes",   "batch",
                             "model",        "stream"};
  for (StringRef own : {"_parallel_for", "_variable", "_variables", "_weights", "_cuda",
                        "_cuda_weights", "_cuda_status"})
    taken.insert(name.lower() + own.str());
  for (const SizeInterface &size : product.model.sizes) {
    if (!isCIdentifier(size.name) || !taken.insert(StringRef(size.name).lower()).second)
      return module.emitError("the size '")
             << size.name << "' cannot have this name, which C or another parameter uses";
    taken.insert(StringRef(size.name).lower() + "_bytes");
  }
  product.inputNames = cNames(product.model.inputs, "input", taken);
  product.outputNames = cNames(product.model.outputs, "output", taken);
  product.weightNames = cNames(product.model.weights, "", taken);
  return product;
}
