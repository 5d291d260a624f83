//===- ModelSymbols.cpp - what of a module stays inside its product --------------===//

#include "ModelSymbols.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/SymbolTable.h"

using namespace mlir;
using namespace mlir::sepconv;

void sepconv::makeInternal(ModuleOp module, const ProductInterface &product) {
  SymbolTableCollection tables;
  SymbolUserMap users(tables, module);
  for (LLVM::LLVMFuncOp function : module.getOps<LLVM::LLVMFuncOp>()) {
    function.setNoUnwind(true);
    if (function.isExternal())
      continue;
    // A task is one piece of code, whoever runs it: inlined where it runs serially it could be
    // contracted in another way, and round differently. Parts of an entry are to be apart.
    if (llvm::any_of(ArrayRef<StringRef>{"sepconv.pattern", "sepconv.task", "sepconv.part"},
                     [&](StringRef name) { return function->hasAttr(name); }))
      function.setNoInline(true);
    function.setLinkage(LLVM::Linkage::Internal);
    function.setDsoLocal(true);
    auto name = StringAttr::get(module.getContext(), product.name + "_" + function.getName());
    users.replaceAllUsesWith(function, name);
    function.setSymNameAttr(name);
  }
  for (LLVM::GlobalOp global : module.getOps<LLVM::GlobalOp>())
    global.setLinkage(LLVM::Linkage::Internal);
}

void sepconv::dropModelAttributes(ModuleOp module) {
  module->removeAttr("sepconv.cpu");
  module->removeAttr("sepconv.features");
  auto isOurs = [](StringAttr name) { return name.strref().starts_with("sepconv."); };
  for (auto function : module.getOps<LLVM::LLVMFuncOp>()) {
    for (NamedAttribute attribute : llvm::to_vector(function->getDiscardableAttrs()))
      if (isOurs(attribute.getName()))
        function->removeDiscardableAttr(attribute.getName());
    SmallVector<DictionaryAttr> all;
    function.getAllArgAttrs(all);
    for (DictionaryAttr &attributes : all) {
      NamedAttrList kept;
      for (NamedAttribute attribute : attributes)
        if (!isOurs(attribute.getName()))
          kept.push_back(attribute);
      attributes = kept.getDictionary(module.getContext());
    }
    function.setAllArgAttrs(all);
  }
}
