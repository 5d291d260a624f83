// What the C functions cannot be made of.
// RUN: sepconv-opt %s --sepconv-create-c-entry -verify-diagnostics -split-input-file

// expected-error @+1 {{expected the attribute 'sepconv.interface' that sepconv-plan-memory writes}}
module {
  llvm.func @main(%x: !llvm.ptr) {
    llvm.return
  }
}

// -----

// An input without a batch, which is dynamic.
// expected-error @+1 {{expected the attribute 'sepconv.interface' that sepconv-plan-memory writes}}
module attributes {sepconv.dynamic_batch, sepconv.interface = {
    inputs = [{name = "x", dtype = "float32", shape = array<i64>, element_bytes = 4 : i64, axes = "",
               trainable = true}],
    outputs = [], weights = [], kernels = [], workspace_bytes = 0 : i64, weights_bytes = 0 : i64,
    parallel = false, functions = []}} {
  llvm.func @main(%x: !llvm.ptr, %workspace: !llvm.ptr, %weights: !llvm.ptr) {
    llvm.return
  }
}

// -----

// expected-error @+1 {{expected a public function, the entry of the model}}
module attributes {sepconv.interface = {
    inputs = [], outputs = [], weights = [], kernels = [], workspace_bytes = 0 : i64, weights_bytes = 0 : i64,
    parallel = false, functions = []}} {
}
