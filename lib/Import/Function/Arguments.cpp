//===- Arguments.cpp - the values of a call's arguments --------------------------===//

#include "Arguments.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::function;

//===----------------------------------------------------------------------===//
// Texts to values
//===----------------------------------------------------------------------===//

/// What a tensor's elements may be.
static std::array<FloatType, 4> elementTypes(MLIRContext *context) {
  return {Float32Type::get(context), Float64Type::get(context), Float16Type::get(context),
          BFloat16Type::get(context)};
}

std::string function::elementName(Type type) {
  std::string name;
  llvm::raw_string_ostream(name) << type;
  return name;
}

/// A tensor of rank 4 as MLIR writes it, without its `tensor<>`; the type may be left out. The
/// input's sizes may be as MLIR or Python writes what is not known.
static bool parseTensor(const Argument &argument, StringRef text, MLIRContext *context,
                        ArgumentValue &value) {
  SmallVector<StringRef> parts;
  text.trim().split(parts, 'x');
  if (parts.size() == 5) {
    for (FloatType type : elementTypes(context))
      if (elementName(type) == parts.back())
        value.element = type;
    if (!value.element)
      return false;
    parts.pop_back();
  }
  for (StringRef part : parts) {
    int32_t size = 1; // larger ones are in no network
    bool isDynamic = argument.role == Role::Input && (part == "?" || part == "None");
    if (!isDynamic && (part.getAsInteger(10, size) || size < 0))
      return false;
    bool isBatch = value.integers.empty();
    value.isBatchDynamic |= isDynamic && isBatch;
    value.integers.push_back(isDynamic && !isBatch ? ShapedType::kDynamic : size);
  }
  return parts.size() == 4;
}

/// 3, `1,2`, `(1, 2)` or `[1, 2]`; empty if it is none of them.
static SmallVector<int64_t> parseIntegers(StringRef text) {
  text = text.trim();
  if ((text.consume_front("(") && !text.consume_back(")")) ||
      (text.consume_front("[") && !text.consume_back("]")))
    return {};
  SmallVector<StringRef> parts;
  text.split(parts, ',');
  SmallVector<int64_t> result;
  for (StringRef part : parts) {
    int32_t number = 0;
    if (part.trim().getAsInteger(10, number) || number < 1)
      return {};
    result.push_back(number);
  }
  return result;
}

/// A word without what Python writes around it: 'relu', tf.nn.relu, tf.zeros_initializer().
static StringRef bareWord(StringRef text) {
  for (StringRef quote : {"'", "\""})
    if (text.size() >= 2 && text.starts_with(quote) && text.ends_with(quote))
      return text.drop_front().drop_back();
  if (text.starts_with("tf.") || text.starts_with("keras.")) {
    text = text.rsplit('.').second;
    text.consume_back("()");
    text.consume_back("_initializer");
  }
  return text;
}

static StringRef findWord(const Argument &argument, StringRef text) {
  StringRef word = bareWord(text);
  for (StringRef known : argument.words)
    if (argument.anyCase ? known.equals_insensitive(word) : known == word)
      return known;
  return {};
}

/// Reads a value; false if it does not have the argument's form.
static bool parse(const Argument &argument, StringRef text, MLIRContext *context,
                  ArgumentValue &value) {
  value.text = text.str();
  if (text == "None" &&
      (argument.otherwise == "None" || llvm::is_contained(argument.words, "None")))
    return value.isNone = true;
  switch (argument.form) {
  case Form::Tensor:
    return parseTensor(argument, text, context, value);
  case Form::Integer:
    value.integers = parseIntegers(text);
    return value.integers.size() == 1;
  case Form::Integers:
    value.integers = parseIntegers(text);
    return value.integers.size() == argument.count;
  case Form::Pair:
    value.integers = parseIntegers(text);
    if (value.integers.size() == 1)
      value.integers.push_back(value.integers.front());
    return value.integers.size() == 2;
  case Form::OneOf:
    value.word = findWord(argument, text);
    return !value.word.empty();
  case Form::Boolean:
    value.boolean = text.equals_insensitive("true");
    return value.boolean || text.equals_insensitive("false");
  case Form::Text:
    value.text = bareWord(text).str();
    return true;
  }
  llvm_unreachable("all forms are handled");
}

//===----------------------------------------------------------------------===//
// Arguments
//===----------------------------------------------------------------------===//

Arguments::Arguments(Problems &problems, const Signature &signature,
                     ArrayRef<std::pair<std::string, std::string>> given)
    : problems(problems), signature(signature) {
  readGiven(given);
  for (const Argument &argument : signature.arguments) {
    auto text = texts.find(argument.name);
    if (text != texts.end())
      add(argument, text->second);
    else if (!argument.isRequired())
      add(argument, argument.otherwise);
    else
      problems.error() << "argument '" << argument.name << "': expected " << argument.allowed()
                       << ", found nothing";
  }
}

void Arguments::readGiven(ArrayRef<std::pair<std::string, std::string>> given) {
  for (const auto &[name, text] : given) {
    if (!signature.find(StringRef(name))) {
      auto names = llvm::map_range(signature.arguments, [](const Argument &a) { return a.name; });
      problems.error() << "has no argument " << quoted(name) << ", expected one of "
                       << llvm::join(names, ", ");
      continue;
    }
    if (!texts.try_emplace(name, text).second)
      problems.error() << "argument '" << name << "': is given twice, as " << quoted(texts[name])
                       << " and as " << quoted(text);
  }
}

void Arguments::add(const Argument &argument, StringRef text) {
  ArgumentValue value;
  if (parse(argument, text, problems.getContext(), value))
    values[argument.name] = std::move(value);
  else
    problems.error() << "argument '" << argument.name << "': expected " << argument.allowed()
                     << ", found " << quoted(text);
}

const ArgumentValue *Arguments::get(StringRef name) const {
  auto value = values.find(name);
  return value == values.end() || value->second.isNone ? nullptr : &value->second;
}

const ArgumentValue *Arguments::get(Role role) const {
  const Argument *argument = signature.find(role);
  return argument ? get(argument->name) : nullptr;
}

InFlightDiagnostic Arguments::error(StringRef name) {
  InFlightDiagnostic diag = problems.error();
  diag << "argument '" << name << "': ";
  return diag;
}

std::string Arguments::found(Role role) const {
  const ArgumentValue *value = get(role);
  return value ? quoted(value->text) : "nothing";
}
