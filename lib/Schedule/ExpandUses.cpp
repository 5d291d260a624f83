//===- ExpandUses.cpp - what is defined in the place of its uses -----------------===//
//
// The rule cited here (S16) is that of schedules/README.md.
//
//===----------------------------------------------------------------------===//

#include "ExpandUses.h"

#include "mlir/IR/Verifier.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::sepconv;
using schedule::DefineOp;
using schedule::UseOp;

namespace {

/// More than any schedule has: definitions that use others twice grow without bound.
constexpr size_t kMaxOperations = 4096;

/// The arguments of one use, by the names that they have in the definition.
class Arguments {
public:
  Arguments(DefineOp definition, UseOp use) {
    for (auto [name, value] : llvm::zip_equal(definition.getFormals(), use.getArguments()))
      values[cast<StringAttr>(name)] = value;
  }

  /// An attribute with the arguments in it; the lists that stand in place of an element of a list
  /// are spliced in, but for those that a use hands on.
  Attribute replace(Attribute attribute, bool splice);
  /// A list that was to be a part of a string.
  std::string misplaced;

private:
  StringAttr replaceText(StringAttr text);

  llvm::StringMap<Attribute> values;
};

class UseExpander {
public:
  UseExpander(const llvm::StringMap<DefineOp> &definitions) : definitions(definitions) {}
  LogicalResult expandAll(Operation *root);

private:
  LogicalResult expand(UseOp use);
  LogicalResult replaceAttributes(Operation *copy, UseOp use, DefineOp definition);
  InFlightDiagnostic error(UseOp use, DefineOp definition, const Twine &message);

  const llvm::StringMap<DefineOp> &definitions;
  SmallVector<DefineOp> within; // from the outermost
  size_t numOperations = 0;
};

} // namespace

//===----------------------------------------------------------------------===//
// Arguments
//===----------------------------------------------------------------------===//

/// What is no name, no number and no part of one is put in parentheses.
static std::string asOperand(StringRef argument) {
  bool isWord =
      llvm::all_of(argument, [](char c) { return llvm::isAlnum(c) || c == '_' || c == '.'; });
  return isWord ? argument.str() : ("(" + argument + ")").str();
}

StringAttr Arguments::replaceText(StringAttr text) {
  std::string replaced;
  schedule::splitAtFormals(text, [&](StringRef word, bool isFormal) {
    auto argument = dyn_cast_or_null<StringAttr>(isFormal ? values.lookup(word) : nullptr);
    if (argument)
      replaced += asOperand(argument);
    else
      replaced += word;
    if (isFormal && !argument)
      misplaced = word.str();
  });
  return StringAttr::get(text.getContext(), replaced);
}

Attribute Arguments::replace(Attribute attribute, bool splice) {
  if (auto text = dyn_cast<StringAttr>(attribute))
    return replaceText(text);
  auto array = dyn_cast<ArrayAttr>(attribute);
  if (!array)
    return attribute;
  SmallVector<Attribute> elements;
  for (Attribute element : array) {
    auto text = dyn_cast<StringAttr>(element);
    auto list = dyn_cast_or_null<ArrayAttr>(text ? values.lookup(text) : nullptr);
    if (list && splice)
      llvm::append_range(elements, list);
    else
      elements.push_back(list ? list : replace(element, /*splice=*/true));
  }
  return ArrayAttr::get(array.getContext(), elements);
}

//===----------------------------------------------------------------------===//
// Uses
//===----------------------------------------------------------------------===//

InFlightDiagnostic UseExpander::error(UseOp use, DefineOp definition, const Twine &message) {
  InFlightDiagnostic diag = schedule::emitAtUse(use) << "S16: " << message;
  if (definition)
    diag.attachNote(definition.getLoc()) << "defined here";
  return diag;
}

LogicalResult UseExpander::replaceAttributes(Operation *copy, UseOp use, DefineOp definition) {
  Arguments arguments(definition, use);
  copy->walk([&](Operation *op) {
    op->setLoc(CallSiteLoc::get(op->getLoc(), use.getLoc()));
    numOperations++;
    for (NamedAttribute attribute : llvm::to_vector(op->getAttrs()))
      op->setAttr(attribute.getName(),
                  arguments.replace(attribute.getValue(), /*splice=*/!isa<UseOp>(op)));
  });
  if (arguments.misplaced.empty())
    return success();
  return error(use, definition,
               "'" + arguments.misplaced + "' stands in a string, so that it cannot be a list");
}

LogicalResult UseExpander::expand(UseOp use) {
  StringRef name = use.getDefinition();
  DefineOp definition = definitions.lookup(name);
  if (!definition) {
    SmallVector<StringRef> known(definitions.keys());
    llvm::sort(known);
    return error(use, definition,
                 "no definition @" + name + "; there are " +
                     (known.empty() ? "none" : "@" + llvm::join(known, ", @")));
  }
  if (llvm::is_contained(within, definition))
    return error(use, definition, "@" + name + " uses itself");
  if (size_t least = definition.getFormals().size(); least != use.getArguments().size())
    return error(use, definition,
                 "@" + name + " takes " + Twine(least) + " arguments, got " +
                     Twine(use.getArguments().size()));
  within.push_back(definition);
  OpBuilder builder(use);
  for (Operation &op : definition.getBody().front()) {
    Operation *copy = builder.clone(op);
    if (failed(replaceAttributes(copy, use, definition)))
      return failure();
    if (numOperations > kMaxOperations)
      return error(use, definition,
                   "makes a schedule of more than " + Twine(kMaxOperations) + " operations");
    auto nested = dyn_cast<UseOp>(copy);
    if (failed(nested ? expand(nested) : expandAll(copy)))
      return failure();
  }
  within.pop_back();
  use.erase();
  return success();
}

LogicalResult UseExpander::expandAll(Operation *root) {
  SmallVector<UseOp> uses;
  root->walk([&](UseOp use) { uses.push_back(use); });
  for (UseOp use : uses)
    if (failed(expand(use)))
      return failure();
  return success();
}

LogicalResult sepconv::expandUses(schedule::ScheduleOp schedule,
                                  const llvm::StringMap<DefineOp> &definitions) {
  if (!schedule.hasUses())
    return success();
  return failure(failed(UseExpander(definitions).expandAll(schedule)) || failed(verify(schedule)));
}
