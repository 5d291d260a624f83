//===- FunctionCall.h - calls of functions whose arguments are known late ---------===//
#pragma once

#include <cassert>
#include <cstddef>
#include <ffi.h>
#include <vector>

namespace mlir::sepconv {

/// A call of a C function that takes pointers and sizes and returns an int.
class FunctionCall {
public:
  void clear() { arguments.clear(); }
  void add(const void *pointer) { arguments.push_back(const_cast<void *>(pointer)); }
  void addSize(size_t size) {
    // A size is passed as a pointer is, on each machine that there is a target for.
    static_assert(sizeof(size_t) == sizeof(void *));
    add(reinterpret_cast<void *>(size));
  }
  void add(const void *buffer, size_t bytes) {
    add(buffer);
    addSize(bytes);
  }
  /// After the last argument.
  void prepare() {
    types.assign(arguments.size(), &ffi_type_pointer);
    values.clear();
    for (void *&argument : arguments)
      values.push_back(&argument);
    [[maybe_unused]] ffi_status status =
        ffi_prep_cif(&interface, FFI_DEFAULT_ABI, types.size(), &ffi_type_sint, types.data());
    assert(status == FFI_OK && "these types are always known");
  }
  int operator()(void *function) {
    ffi_arg result = 0;
    ffi_call(&interface, FFI_FN(function), &result, values.data());
    return static_cast<int>(result);
  }

private:
  std::vector<void *> arguments, values;
  std::vector<ffi_type *> types;
  ffi_cif interface;
};

} // namespace mlir::sepconv
