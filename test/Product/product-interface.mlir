// RUN: sepconv-compile %s --name=m --threads=callback --weights=file --emit=header,obj -o %t
// RUN: FileCheck %s < %t/m.h
// RUN: echo '#include "m.h"' > %t/use.c && %cc -std=c99 -Wall -Wextra -Werror -pedantic -fsyntax-only %t/use.c
// RUN: %cxx -x c++ -std=c++20 -Wall -Wextra -Werror -fsyntax-only %t/use.c

// Parameters and constants of the header have names of their own, whatever the tensors are called:
// the same, different in case or in signs only, as other parameters, as words of C++ or as a type of
// the header.

// CHECK: /* input x: float32[4] */
// CHECK-NEXT: #define M_X_ELEMENTS 4
// CHECK: #define M_X_1_ELEMENTS 4
// CHECK: #define M_X_BYTES_1_ELEMENTS 4
// CHECK: #define M_WORKSPACE_1_BYTES 16
// CHECK: #define M_POOL_1_BYTES 16
// CHECK: #define M_M_PARALLEL_FOR_1_BYTES 16
// CHECK: #define M_REQUIRES__BYTES 16
// CHECK: #define M_A_B_BYTES 16
// CHECK: #define M_A_B_1_BYTES 16
// CHECK: #define M__1ST_BYTES 16
// CHECK: #define M_WORKSPACE_BYTES
// CHECK: m_status m_run(
// CHECK-NEXT: const float *x, size_t x_bytes,
// CHECK-NEXT: const float *X_1, size_t X_1_bytes,
// CHECK-NEXT: const float *x_bytes_1, size_t x_bytes_1_bytes,
// CHECK-NEXT: const float *WORKSPACE_1, size_t WORKSPACE_1_bytes,
// CHECK-NEXT: const float *pool_1, size_t pool_1_bytes,
// CHECK-NEXT: const float *m_parallel_for_1, size_t m_parallel_for_1_bytes,
// CHECK-NEXT: float *requires_, size_t requires__bytes,
// CHECK-NEXT: float *a_b, size_t a_b_bytes,
// CHECK-NEXT: float *a_b_1, size_t a_b_1_bytes,
// CHECK-NEXT: float *_1st, size_t _1st_bytes,
// CHECK: m_parallel_for parallel_for, void *pool
func.func @main(%0: tensor<4xf32> {sepconv.name = "x"}, %1: tensor<4xf32> {sepconv.name = "X"},
                %2: tensor<4xf32> {sepconv.name = "x_bytes"}, %3: tensor<4xf32> {sepconv.name = "WORKSPACE"},
                %4: tensor<4xf32> {sepconv.name = "pool"}, %5: tensor<4xf32> {sepconv.name = "m_parallel_for"})
    -> (tensor<4xf32> {sepconv.name = "requires"}, tensor<4xf32> {sepconv.name = "a-b"},
        tensor<4xf32> {sepconv.name = "a_b"}, tensor<4xf32> {sepconv.name = "1st"}) {
  return %0, %1, %2, %3 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}
