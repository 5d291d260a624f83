//===- VariableClasses.h - Keras's initializers, regularizers, constraints -------===//
#pragma once

#include "sepconv/IR/SepConv.h"

#include <string>

namespace mlir::sepconv {

/// As keras.src.utils.naming.to_snake_case: SeparableConv2D becomes separable_conv2d, ReLU re_lu.
std::string toSnakeCase(StringRef name);

/// What keras.initializers.get, keras.regularizers.get or keras.constraints.get makes of a name:
/// a class's own, HeNormal, or that in snake case, he_normal. Null if there is none.
template <typename Attr> Attr attributeNamed(MLIRContext *context, StringRef name);

/// The names of all classes, for messages.
template <typename Attr> SmallVector<StringRef> classNames();

} // namespace mlir::sepconv
