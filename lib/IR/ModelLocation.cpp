//===- ModelLocation.cpp - where in a model something is --------------------===//

#include "sepconv/IR/ModelLocation.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::sepconv;

void ModelLocation::collect(Location loc) {
  llvm::TypeSwitch<LocationAttr>(loc)
      .Case<FileLineColLoc>([&](auto at) { file = file ? file : at; })
      .Case<NameLoc>([&](auto name) { layers.insert(name.getName().getValue()); })
      .Case<FusedLoc>([&](auto fused) {
        for (Location inner : fused.getLocations())
          collect(inner);
      })
      .Case<CallSiteLoc>([&](auto call) { collect(call.getCallee()); });
}
