//===- SepConvOps.td - operations of the sepconv dialect --------*- tablegen -*-===//
#ifndef SEPCONV_OPS
#define SEPCONV_OPS

include "SepConvConvolutions.td"
include "SepConvLayers.td"
include "SepConvKernels.td"

#endif // SEPCONV_OPS
