//===- Definitions.cpp - definitions and their uses, as they are written ---------===//
//
// The rules cited here (S15, S16) are those of schedules/README.md.
//
//===----------------------------------------------------------------------===//

#include "Rules.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace mlir::schedule;

//===----------------------------------------------------------------------===//
// Parsing and printing
//===----------------------------------------------------------------------===//

/// (STAGE, LOOPS)
ParseResult schedule::parseFormals(OpAsmParser &parser, ArrayAttr &formals) {
  SmallVector<Attribute> names;
  auto parseName = [&]() -> ParseResult {
    StringRef name;
    if (parser.parseKeyword(&name))
      return failure();
    names.push_back(parser.getBuilder().getStringAttr(name));
    return success();
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren, parseName))
    return failure();
  formals = parser.getBuilder().getArrayAttr(names);
  return success();
}

void schedule::printFormals(OpAsmPrinter &printer, Operation *, ArrayAttr formals) {
  printer << "(";
  llvm::interleaveComma(formals.getAsValueRange<StringAttr>(), printer);
  printer << ")";
}

/// ("conv", ["kc", "kx", "ky"])
ParseResult schedule::parseArguments(OpAsmParser &parser, ArrayAttr &arguments) {
  SmallVector<Attribute> values;
  auto parseValue = [&] { return parser.parseAttribute(values.emplace_back()); };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren, parseValue))
    return failure();
  arguments = parser.getBuilder().getArrayAttr(values);
  return success();
}

void schedule::printArguments(OpAsmPrinter &printer, Operation *, ArrayAttr arguments) {
  printer << "(";
  llvm::interleaveComma(arguments, printer);
  printer << ")";
}

//===----------------------------------------------------------------------===//
// Verifiers
//===----------------------------------------------------------------------===//

static bool isCapital(char c) { return c >= 'A' && c <= 'Z'; }

void schedule::splitAtFormals(StringRef text, function_ref<void(StringRef, bool)> visit) {
  while (!text.empty()) {
    StringRef word = text.take_while(isCapital);
    bool isFormal = !word.empty();
    if (!isFormal)
      word = text.take_until(isCapital);
    visit(word, isFormal);
    text = text.drop_front(word.size());
  }
}

LogicalResult DefineOp::verify() {
  llvm::StringSet<> seen;
  for (StringRef name : getFormals().getAsValueRange<StringAttr>()) {
    if (!llvm::all_of(name, isCapital))
      return emitOpError("S15: an argument's name must be a word of capital letters, got '")
             << name << "'";
    if (!seen.insert(name).second)
      return emitOpError("S15: argument '") << name << "' is named twice";
  }
  return verifyTopLevel(*this);
}

/// Calls for each word of capital letters in an attribute's strings.
static void forEachFormal(Attribute attribute, function_ref<void(StringRef)> visit) {
  if (auto text = dyn_cast<StringAttr>(attribute))
    splitAtFormals(text, [&](StringRef word, bool isFormal) {
      if (isFormal)
        visit(word);
    });
  else if (auto array = dyn_cast<ArrayAttr>(attribute))
    for (Attribute element : array)
      forEachFormal(element, visit);
}

LogicalResult DefineOp::verifyRegions() {
  SmallVector<StringRef> formals(getFormals().getAsValueRange<StringAttr>());
  WalkResult result = getBody().walk([&](Operation *op) -> WalkResult {
    if (op->getDialect() != (*this)->getDialect() || isa<DefineOp, ScheduleOp, TargetOp>(op))
      return op->emitOpError("S15: a definition holds what schedules, stages, updates and searches "
                             "hold");
    std::string unknown;
    for (NamedAttribute attribute : op->getAttrs())
      forEachFormal(attribute.getValue(), [&](StringRef word) {
        if (!llvm::is_contained(formals, word))
          unknown = word.str();
      });
    if (!unknown.empty())
      return op->emitOpError("S15: words of capital letters are arguments, and '")
             << unknown << "' is none of @" << getSymName()
             << "'s: " << (formals.empty() ? "it has none" : llvm::join(formals, ", "));
    return verifyExpressions(op);
  });
  return failure(result.wasInterrupted());
}

LogicalResult UseOp::verify() {
  for (Attribute argument : getArguments()) {
    auto list = dyn_cast<ArrayAttr>(argument);
    if (!isa<StringAttr>(argument) && !(list && llvm::all_of(list, llvm::IsaPred<StringAttr>)))
      return emitOpError("S16: an argument is a string or a list of strings, got ") << argument;
  }
  return success();
}
