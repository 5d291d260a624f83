//===- OperatorTable.cpp - the tables of operators together ----------------------===//

#include "Operators.h"

#include "sepconv/Import/Tflite.h"

#include <map>

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::tflite;

static SmallVector<ArrayRef<OperatorKind>> allTables() {
  return {activationOperators(),  arithmeticOperators(), controlOperators(),
          convolutionOperators(), customOperators(),     lookupOperators(),
          recurrentOperators(),   reductionOperators(),  shapingOperators(),
          slicingOperators(),     spectrumOperators(),   updateOperators(),
          volumeOperators()};
}

/// By the code and, of custom operators, the name.
using Key = std::pair<int32_t, StringRef>;

static const std::map<Key, const OperatorKind *> &allOperators() {
  static const auto map = [] {
    std::map<Key, const OperatorKind *> kinds;
    for (ArrayRef<OperatorKind> table : allTables())
      for (const OperatorKind &kind : table)
        kinds[Key(int32_t(kind.code), kind.custom)] = &kind;
    return kinds;
  }();
  return map;
}

/// One of any version.
static const OperatorKind *findAny(const Code &code) {
  bool isCustom = code.builtin == BuiltinOperator::CUSTOM;
  auto found = allOperators().find(
      Key(int32_t(code.builtin), isCustom ? StringRef(code.name) : StringRef()));
  return found == allOperators().end() ? nullptr : found->second;
}

const OperatorKind *tflite::findOperator(const Code &code) {
  const OperatorKind *kind = findAny(code);
  bool fits = kind && code.version >= kind->firstVersion && code.version <= kind->lastVersion;
  return fits ? kind : nullptr;
}

bool tflite::takesComplex(const OperatorKind &kind) {
  const ArrayRef<OperatorKind> tables[] = {shapingOperators(), slicingOperators(),
                                           spectrumOperators()};
  return llvm::any_of(tables, [&](ArrayRef<OperatorKind> table) {
    return &kind >= table.begin() && &kind < table.end();
  });
}

static StringRef nameOf(const OperatorKind &kind) {
  return kind.custom.empty() ? StringRef(schema::EnumNameBuiltinOperator(kind.code)) : kind.custom;
}

static std::vector<StringRef> allNames() {
  std::vector<StringRef> names;
  for (const auto &[key, kind] : allOperators())
    names.push_back(nameOf(*kind));
  llvm::sort(names);
  return names;
}

static ArrayRef<Advice> advices() {
  static const Advice table[] = {
      {"its results are random: convert the model without it",
       {"MULTINOMIAL", "RANDOM_STANDARD_NORMAL", "RANDOM_UNIFORM", "STABLEHLO_RNG_BIT_GENERATOR"}},
      {"the shape of its result depends on the numbers: end the network before it, by the outputs "
       "that the converter is given, and do it in the program",
       {"NON_MAX_SUPPRESSION_V4", "NON_MAX_SUPPRESSION_V5", "UNIQUE", "WHERE"}},
      {"it is of texts or tables: give the network the numbers that they stand for",
       {"EMBEDDING_LOOKUP_SPARSE", "HASHTABLE", "HASHTABLE_FIND", "HASHTABLE_IMPORT",
        "HASHTABLE_LOOKUP", "HASHTABLE_SIZE", "LSH_PROJECTION", "SKIP_GRAM"}},
      {"it keeps a state between calls, which do not know each other: make the state an input and "
       "an output of the network",
       {"ASSIGN_VARIABLE", "CALL_ONCE", "READ_VARIABLE", "VAR_HANDLE"}},
  };
  return table;
}

void tflite::reportUnsupported(Problems &problems, const Code &code, size_t count) {
  bool isCustom = code.builtin == BuiltinOperator::CUSTOM;
  InFlightDiagnostic diag = problems.error();
  diag << (isCustom ? "the custom operator " : "operator ") << quoted(code.name) << " (version "
       << code.version << ", " << count << (count == 1 ? " time" : " times")
       << ") is not supported";
  if (const OperatorKind *other = findAny(code)) {
    diag << "; of it, versions " << other->firstVersion << " to " << other->lastVersion << " are";
    return;
  }
  // What it means is not in the file.
  if (isCustom) {
    diag << "; end the network before it, by the inputs and outputs that the converter is given, "
            "and "
            "compute it in the program";
    return;
  }
  if (StringRef advice = adviceFor(advices(), code.name); !advice.empty()) {
    diag << "; " << advice;
    return;
  }
  std::vector<StringRef> names = allNames();
  auto distance = [&](StringRef name) { return name.edit_distance_insensitive(code.name); };
  StringRef nearest = *llvm::min_element(
      names, [&](StringRef x, StringRef y) { return distance(x) < distance(y); });
  diag << "; the nearest that is supported is " << nearest;
}

void sepconv::listTfliteOperators(raw_ostream &os) {
  std::vector<const OperatorKind *> rows;
  for (const auto &[key, kind] : allOperators())
    rows.push_back(kind);
  llvm::sort(rows,
             [](const OperatorKind *x, const OperatorKind *y) { return nameOf(*x) < nameOf(*y); });
  for (const OperatorKind *kind : rows) {
    os << nameOf(*kind) << " " << kind->firstVersion << "-" << kind->lastVersion;
    if (kind->options != BuiltinOptions::NONE)
      os << ": " << schema::EnumNameBuiltinOptions(kind->options);
    os << "\n";
  }
}
