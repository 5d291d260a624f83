//===- VariableAttributes.cpp - the text of initializers and the like ------------===//

#include "sepconv/IR/Variable.h"

#include "mlir/IR/DialectImplementation.h"

using namespace mlir;
using namespace mlir::sepconv;

using Parameter = VariableParameter;

static Attribute parseValue(AsmParser &parser, const Parameter &parameter) {
  Builder &b = parser.getBuilder();
  switch (parameter.type) {
  case Parameter::Choice: {
    StringRef keyword;
    return parser.parseKeyword(&keyword) ? Attribute() : b.getStringAttr(keyword);
  }
  case Parameter::Axes:
  case Parameter::OptionalAxes: {
    SmallVector<int64_t> axes;
    auto parseAxis = [&] { return parser.parseInteger(axes.emplace_back()); };
    if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parseAxis))
      return {};
    return b.getDenseI64ArrayAttr(axes);
  }
  case Parameter::OptionalInteger: {
    int64_t value;
    return parser.parseInteger(value) ? Attribute() : b.getI64IntegerAttr(value);
  }
  default: {
    double value;
    return parser.parseFloat(value) ? Attribute() : b.getF64FloatAttr(value);
  }
  }
}

static void printValue(AsmPrinter &printer, Attribute value) {
  if (auto number = dyn_cast<FloatAttr>(value))
    printer.printFloat(number.getValue());
  else if (auto text = dyn_cast<StringAttr>(value))
    printer << text.getValue();
  else if (auto integer = dyn_cast<IntegerAttr>(value))
    printer << integer.getInt();
  else
    printer << "[" << cast<DenseI64ArrayAttr>(value).asArrayRef() << "]";
}

/// `<kind>` or `<kind, name = value, ...>`.
template <typename Attr> static Attr parseKind(AsmParser &parser) {
  StringRef keyword;
  SMLoc start = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseKeyword(&keyword))
    return {};
  const VariableKind *kind = VariableKind::find(Attr::kinds(), keyword);
  if (!kind)
    return parser.emitError(start, "unknown kind '")
               << keyword << "', expected one of " << VariableKind::namesOf(Attr::kinds()),
           Attr();
  MLIRContext *context = parser.getContext();
  NamedAttrList values;
  for (const Parameter &parameter : kind->parameters)
    if (Attribute value = defaultOf(parameter, context))
      values.set(parameter.name, value);
  while (succeeded(parser.parseOptionalComma())) {
    SMLoc loc = parser.getCurrentLocation();
    if (parser.parseKeyword(&keyword) || parser.parseEqual())
      return {};
    auto parameter =
        llvm::find_if(kind->parameters, [&](const Parameter &p) { return p.name == keyword; });
    if (parameter == kind->parameters.end())
      return parser.emitError(loc, "unknown parameter '") << keyword << "' of " << kind->name,
             Attr();
    Attribute value = parseValue(parser, *parameter);
    if (!value)
      return {};
    values.set(parameter->name, value);
  }
  if (parser.parseGreater())
    return {};
  return parser.getChecked<Attr>(start, context, StringAttr::get(context, kind->name),
                                 values.getDictionary(context));
}

template <typename Attr> static void printKind(AsmPrinter &printer, Attr attr) {
  StringRef name = attr.getKind().getValue();
  printer << "<" << name;
  for (const Parameter &parameter : VariableKind::find(Attr::kinds(), name)->parameters) {
    Attribute value = attr.getParameters().get(parameter.name);
    if (value == defaultOf(parameter, attr.getContext()))
      continue;
    printer << ", " << parameter.name << " = ";
    printValue(printer, value);
  }
  printer << ">";
}

Attribute InitializerAttr::parse(AsmParser &parser, Type) {
  return parseKind<InitializerAttr>(parser);
}
void InitializerAttr::print(AsmPrinter &printer) const { printKind(printer, *this); }
LogicalResult InitializerAttr::verify(ReportError error, StringAttr kind,
                                      DictionaryAttr parameters) {
  return VariableKind::verify(error, kinds(), kind, parameters);
}

Attribute RegularizerAttr::parse(AsmParser &parser, Type) {
  return parseKind<RegularizerAttr>(parser);
}
void RegularizerAttr::print(AsmPrinter &printer) const { printKind(printer, *this); }
LogicalResult RegularizerAttr::verify(ReportError error, StringAttr kind,
                                      DictionaryAttr parameters) {
  return VariableKind::verify(error, kinds(), kind, parameters);
}

Attribute ConstraintAttr::parse(AsmParser &parser, Type) {
  return parseKind<ConstraintAttr>(parser);
}
void ConstraintAttr::print(AsmPrinter &printer) const { printKind(printer, *this); }
LogicalResult ConstraintAttr::verify(ReportError error, StringAttr kind,
                                     DictionaryAttr parameters) {
  return VariableKind::verify(error, kinds(), kind, parameters);
}
