//===- SepConvConvolutions.td - convolutions and pools ----------*- tablegen -*-===//
#ifndef SEPCONV_CONVOLUTIONS
#define SEPCONV_CONVOLUTIONS

include "SepConvBase.td"

def SepConv_Conv2DOp : SepConv_WindowOp<"conv2d"> {
  let summary = "2-D convolution, dense or grouped";
  let description = [{
    With Q = C / groups, g = k / (K / groups), y = strides[0] * i + dilations[0] * di - top and
    x = strides[1] * j + dilations[1] * dj - left:

        output[b, i, j, k] = activation(bias[k] + sum over di, dj, q of
            input[b, y, x, g * Q + q] * filter[di, dj, q, k])

    An element outside the input is `padding_value`, 0 by default. Index 0 of `strides` and
    `dilations` is for the height, index 1 for the width; `padding` is [top, bottom, left, right];
    all count elements. `same` stands for TensorFlow's SAME padding where it depends on a dynamic
    dimension.

    Integers of 8 bits are summed in `i32`, those of 16 bits in `i64`, modulo 2^32 and 2^64.
    `unsigned_input` says that the input's have no sign.

    Shapes: input [B, H, W, C], or [B, C, H, W] with the data format NCHW; filter
    [KH, KW, C / groups, K] in both; bias [K].

    Errors: rules C1-C7, C16, C18, C21 and C23 of dialect/README.md.

    Example (`test/IR/ops.mlir`):

    ```mlir
    %0 = sepconv.conv2d(%x, %f, %b)
        {padding = array<i64: 1, 1, 1, 1>, activation = #sepconv.activation<relu>}
      : (tensor<1x8x8x4xf32>, tensor<3x3x4x16xf32>, tensor<16xf32>) -> tensor<1x8x8x16xf32>
    ```
  }];
  let arguments = (ins
    SepConv_Numbers:$input, SepConv_Numbers:$filter, Optional<SepConv_Numbers>:$bias,
    DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">:$strides,
    DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">:$dilations,
    DefaultValuedAttr<DenseI64ArrayAttr, "{0, 0, 0, 0}">:$padding,
    UnitAttr:$same,
    DefaultValuedAttr<SepConv_DataFormatAttr, "DataFormat::NHWC">:$data_format,
    DefaultValuedAttr<I64Attr, "1">:$groups,
    OptionalAttr<SepConv_ActivationAttr>:$activation,
    UnitAttr:$unsigned_input, DefaultValuedAttr<I64Attr, "0">:$padding_value);
  let assemblyFormat = [{
    `(` $input `,` $filter (`,` $bias^)? `)` attr-dict `:` functional-type(operands, results)
  }];
}

def SepConv_DepthwiseConv2DOp : SepConv_WindowOp<"depthwise_conv2d"> {
  let summary = "2-D convolution of each channel on its own";
  let description = [{
    With M the depth multiplier, and y and x as in `sepconv.conv2d`:

        output[b, i, j, q * M + r] = activation(bias[q * M + r] + sum over di, dj of
            input[b, y, x, q] * filter[di, dj, q, r])

    Shapes: input [B, H, W, C], or [B, C, H, W] with the data format NCHW; filter [KH, KW, C, M] in
    both; bias [C * M].

    Errors: rules C1-C6, C8, C16, C18, C21 and C23 of dialect/README.md.

    Example (`test/IR/ops.mlir`):

    ```mlir
    %0 = sepconv.depthwise_conv2d(%x, %f, %b) {strides = array<i64: 2, 2>}
      : (tensor<1x9x9x8xf32>, tensor<3x3x8x2xf32>, tensor<16xf32>) -> tensor<1x4x4x16xf32>
    ```
  }];
  let arguments = (ins
    SepConv_Numbers:$input, SepConv_Numbers:$filter, Optional<SepConv_Numbers>:$bias,
    DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">:$strides,
    DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">:$dilations,
    DefaultValuedAttr<DenseI64ArrayAttr, "{0, 0, 0, 0}">:$padding,
    UnitAttr:$same,
    DefaultValuedAttr<SepConv_DataFormatAttr, "DataFormat::NHWC">:$data_format,
    OptionalAttr<SepConv_ActivationAttr>:$activation,
    UnitAttr:$unsigned_input, DefaultValuedAttr<I64Attr, "0">:$padding_value);
  let assemblyFormat = [{
    `(` $input `,` $filter (`,` $bias^)? `)` attr-dict `:` functional-type(operands, results)
  }];
}

def SepConv_SeparableConv2DOp : SepConv_WindowOp<"separable_conv2d"> {
  let summary = "depthwise convolution followed by a pointwise one";
  let description = [{
    With M the depth multiplier, and y and x as in `sepconv.conv2d`:

        output[b, i, j, k] = activation(bias[k] + sum over di, dj, q, r of
            input[b, y, x, q] * depthwise_filter[di, dj, q, r]
            * pointwise_filter[0, 0, q * M + r, k])

    The depthwise result is neither rounded nor given a bias or an activation: a network that has
    them there is a `sepconv.depthwise_conv2d` and a `sepconv.conv2d`.

    Shapes: input [B, H, W, C], or [B, C, H, W] with the data format NCHW; depthwise_filter
    [KH, KW, C, M] and pointwise_filter [1, 1, C * M, K] in both; bias [K].

    Errors: rules C1-C6, C8, C9, C16, C18, C21 and C23 of dialect/README.md.

    Example (`test/IR/ops.mlir`):

    ```mlir
    %0 = sepconv.separable_conv2d(%x, %d, %p, %b)
        {padding = array<i64: 1, 1, 1, 1>, activation = #sepconv.activation<relu, max_value = 6.0>}
      : (tensor<1x8x8x4xf32>, tensor<3x3x4x2xf32>, tensor<1x1x8x16xf32>, tensor<16xf32>)
      -> tensor<1x8x8x16xf32>
    ```
  }];
  let arguments = (ins
    SepConv_Numbers:$input, SepConv_Numbers:$depthwise_filter, SepConv_Numbers:$pointwise_filter,
    Optional<SepConv_Numbers>:$bias,
    DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">:$strides,
    DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">:$dilations,
    DefaultValuedAttr<DenseI64ArrayAttr, "{0, 0, 0, 0}">:$padding,
    UnitAttr:$same,
    DefaultValuedAttr<SepConv_DataFormatAttr, "DataFormat::NHWC">:$data_format,
    OptionalAttr<SepConv_ActivationAttr>:$activation,
    UnitAttr:$unsigned_input, DefaultValuedAttr<I64Attr, "0">:$padding_value);
  let assemblyFormat = [{
    `(` $input `,` $depthwise_filter `,` $pointwise_filter (`,` $bias^)? `)` attr-dict
    `:` functional-type(operands, results)
  }];
}

def SepConv_Pool2DOp : SepConv_WindowOp<"pool2d"> {
  let summary = "maximum or average over a window of each channel";
  let description = [{
    The maximum or the mean of the elements in the window. Elements outside the input do not take
    part, nor do they count in the mean. `window` and `strides` are [height, width] and `padding` is
    [top, bottom, left, right], in elements.

    Shapes: input [B, H, W, C], or [B, C, H, W] with the data format NCHW.

    Errors: rules C1, C2, C4, C6, C10, C18, C21 and C23 of dialect/README.md.

    Example (`test/IR/ops.mlir`):

    ```mlir
    %0 = sepconv.pool2d(%x) {kind = #sepconv.pool_kind<max>, window = array<i64: 2, 2>,
                             strides = array<i64: 2, 2>}
      : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32>
    ```
  }];
  let arguments = (ins
    SepConv_Numbers:$input,
    SepConv_PoolKindAttr:$kind,
    DenseI64ArrayAttr:$window,
    DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">:$strides,
    DefaultValuedAttr<DenseI64ArrayAttr, "{0, 0, 0, 0}">:$padding,
    UnitAttr:$same,
    DefaultValuedAttr<SepConv_DataFormatAttr, "DataFormat::NHWC">:$data_format,
    UnitAttr:$unsigned_input);
  let assemblyFormat = [{
    `(` $input `)` attr-dict `:` functional-type(operands, results)
  }];
}

#endif // SEPCONV_CONVOLUTIONS
