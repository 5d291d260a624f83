//===- EmulatorRuntime.cpp - the emulator as code calls it -----------------------===//

#include "EmulatorRuntime.h"

#include "sepconv/IR/ModelLocation.h"

using namespace mlir;
using namespace mlir::sepconv;

static std::string nameOf(StringRef function) { return ("sepconv_emulated_" + function).str(); }

/// What a finding says of a place: "'layer' at file:line:column".
static std::string describe(Location loc) {
  ModelLocation location(loc);
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::interleaveComma(location.layers, stream,
                        [&](StringRef name) { stream << "'" << name << "'"; });
  if (location.file)
    stream << (text.empty() ? "" : " at ") << location.file.getFilename().getValue() << ":"
           << location.file.getLine() << ":" << location.file.getColumn();
  return text.empty() ? "an unknown place" : text;
}

ValueRange EmulatorRuntime::call(ImplicitLocOpBuilder &b, StringRef name, TypeRange results,
                                 ValueRange operands) {
  auto function = module.lookupSymbol<func::FuncOp>(nameOf(name));
  if (!function) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToEnd(module.getBody());
    function =
        func::FuncOp::create(b, nameOf(name), b.getFunctionType(operands.getTypes(), results));
    function.setPrivate();
  }
  return func::CallOp::create(b, function, operands).getResults();
}

Value EmulatorRuntime::launch(ImplicitLocOpBuilder &b) {
  auto function = module.lookupSymbol<LLVM::LLVMFuncOp>(nameOf("launch"));
  if (!function) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToEnd(module.getBody());
    Type none = LLVM::LLVMVoidType::get(b.getContext());
    function = LLVM::LLVMFuncOp::create(
        b, nameOf("launch"),
        LLVM::LLVMFunctionType::get(none, {pointer, b.getI64Type(), pointer, pointer}));
    SymbolTable::setSymbolVisibility(function, SymbolTable::Visibility::Private);
  }
  return LLVM::AddressOfOp::create(b, function);
}

LLVM::GlobalOp EmulatorRuntime::createGlobal(StringRef kind, Type type, Attribute value,
                                             Location loc) {
  auto b = OpBuilder::atBlockBegin(module.getBody());
  return LLVM::GlobalOp::create(b, loc, type, /*isConstant=*/true, LLVM::Linkage::Internal,
                                ("emulated_" + kind + "_" + Twine(globals++)).str(), value);
}

LLVM::GlobalOp EmulatorRuntime::createText(StringRef text, Location loc) {
  LLVM::GlobalOp &global = texts[text];
  if (!global) {
    std::string bytes = text.str() + '\0';
    auto value = StringAttr::get(module.getContext(), bytes);
    Type type = LLVM::LLVMArrayType::get(IntegerType::get(module.getContext(), 8), bytes.size());
    global = createGlobal("text", type, value, loc);
  }
  return global;
}

Value EmulatorRuntime::text(ImplicitLocOpBuilder &b, StringRef text) {
  return LLVM::AddressOfOp::create(b, createText(text, b.getLoc()));
}

Value EmulatorRuntime::site(ImplicitLocOpBuilder &b, const EmulatedAccess &access) {
  Type i32 = b.getI32Type();
  Type type = LLVM::LLVMStructType::getLiteral(b.getContext(), {pointer, i32, i32, i32, i32});
  LLVM::GlobalOp global = createGlobal("site", type, Attribute(), b.getLoc());
  ImplicitLocOpBuilder inside(b.getLoc(), b.getContext());
  inside.createBlock(&global.getInitializerRegion());
  SmallVector<Value> fields{text(inside, describe(b.getLoc()))};
  for (int64_t number :
       {int64_t(access.buffer), access.elements, access.alignment, int64_t(access.stores)})
    fields.push_back(LLVM::ConstantOp::create(inside, i32, number));
  Value site = LLVM::UndefOp::create(inside, type);
  for (auto [index, field] : llvm::enumerate(fields))
    site = LLVM::InsertValueOp::create(inside, site, field, ArrayRef<int64_t>(index));
  LLVM::ReturnOp::create(inside, ValueRange(site));
  return LLVM::AddressOfOp::create(b, global);
}
