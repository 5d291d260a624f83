//===- VariableClasses.cpp - Keras's initializers, regularizers, constraints -----===//

#include "VariableClasses.h"

#include "mlir/AsmParser/AsmParser.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::sepconv;

namespace {

/// A class of Keras, and what it is in the dialect. Its config may say the kind's parameters.
struct KerasClass {
  StringRef name;
  StringRef attribute;
};

} // namespace

static constexpr KerasClass initializers[] = {
    {"Constant", "constant"},
    {"GlorotNormal", "variance_scaling, mode = fan_avg"},
    {"GlorotUniform", "variance_scaling, mode = fan_avg, distribution = uniform"},
    {"HeNormal", "variance_scaling, scale = 2.0"},
    {"HeUniform", "variance_scaling, scale = 2.0, distribution = uniform"},
    {"Identity", "identity"},
    {"IdentityInitializer", "identity"},
    {"LecunNormal", "variance_scaling"},
    {"LecunUniform", "variance_scaling, distribution = uniform"},
    {"Ones", "constant, value = 1.0"},
    {"Orthogonal", "orthogonal"},
    {"OrthogonalInitializer", "orthogonal"},
    {"RandomNormal", "random_normal"},
    {"RandomUniform", "random_uniform"},
    {"TruncatedNormal", "truncated_normal"},
    {"VarianceScaling", "variance_scaling"},
    {"Zeros", "constant"},
    {"normal", "random_normal"},
    {"one", "constant, value = 1.0"},
    {"uniform", "random_uniform"},
    {"zero", "constant"},
};

static constexpr KerasClass regularizers[] = {
    {"L1", "l1_l2, l1 = 0.01"}, {"L1L2", "l1_l2"},
    {"L2", "l1_l2, l2 = 0.01"}, {"OrthogonalRegularizer", "orthogonal"},
    {"l1_l2", "l1_l2"},
};

static constexpr KerasClass constraints[] = {
    {"MaxNorm", "max_norm"},
    {"MinMaxNorm", "min_max_norm"},
    {"NonNeg", "non_neg"},
    {"UnitNorm", "unit_norm"},
};

template <typename Attr> static ArrayRef<KerasClass> classes();
template <> ArrayRef<KerasClass> classes<InitializerAttr>() { return initializers; }
template <> ArrayRef<KerasClass> classes<RegularizerAttr>() { return regularizers; }
template <> ArrayRef<KerasClass> classes<ConstraintAttr>() { return constraints; }

std::string sepconv::toSnakeCase(StringRef name) {
  std::string word, result;
  llvm::copy_if(name, std::back_inserter(word),
                [](char c) { return llvm::isAlnum(c) || c == '_'; });
  for (size_t i = 0; i < word.size(); ++i) {
    bool endsWord =
        i > 0 && llvm::isUpper(word[i]) &&
        (llvm::isLower(word[i - 1]) || (i + 1 < word.size() && llvm::isLower(word[i + 1])));
    if (endsWord)
      result += '_';
    result += llvm::toLower(word[i]);
  }
  return result;
}

template <typename Attr> Attr sepconv::attributeNamed(MLIRContext *context, StringRef name) {
  const KerasClass *known = llvm::find_if(classes<Attr>(), [&](const KerasClass &c) {
    return c.name == name || toSnakeCase(c.name) == name;
  });
  if (known == classes<Attr>().end())
    return {};
  std::string text = ("#sepconv." + Attr::getMnemonic() + "<" + known->attribute + ">").str();
  return cast<Attr>(parseAttribute(text, context));
}

template <typename Attr> SmallVector<StringRef> sepconv::classNames() {
  return llvm::map_to_vector(classes<Attr>(), [](const KerasClass &c) { return c.name; });
}

#define INSTANTIATE(ATTR)                                                                          \
  template ATTR sepconv::attributeNamed<ATTR>(MLIRContext *, StringRef);                           \
  template SmallVector<StringRef> sepconv::classNames<ATTR>();
INSTANTIATE(InitializerAttr)
INSTANTIATE(RegularizerAttr)
INSTANTIATE(ConstraintAttr)
