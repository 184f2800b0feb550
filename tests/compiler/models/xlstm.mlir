module {
  func.func @main(%arg0: !torch.vtensor<[1,?],si64>, %arg1: !torch.vtensor<[1,?],si64>, %arg2: !torch.vtensor<[?],si64>) -> !torch.vtensor<[1,?,256],f32> attributes {torch.assume_strict_symbolic_shapes} {
    %float3.000000e01 = torch.constant.float 3.000000e+01
    %int9223372036854775807 = torch.constant.int 9223372036854775807
    %float0.000000e00 = torch.constant.float 0.000000e+00
    %int0 = torch.constant.int 0
    %int3 = torch.constant.int 3
    %float2.500000e-01 = torch.constant.float 2.500000e-01
    %int4 = torch.constant.int 4
    %float1.500000e01 = torch.constant.float 1.500000e+01
    %float9.999990e-07 = torch.constant.float 9.9999999999999995E-7
    %none = torch.constant.none
    %true = torch.constant.bool true
    %int2 = torch.constant.int 2
    %false = torch.constant.bool false
    %int-1 = torch.constant.int -1
    %int1 = torch.constant.int 1
    %0 = torch.aten.size.int %arg0, %int1 : !torch.vtensor<[1,?],si64>, !torch.int -> !torch.int
    %1 = "aweigh.weight"() {name = "backbone.embeddings.weight"} : () -> !torch.vtensor<[256,128],f32>
    %2 = torch.aten.embedding %1, %arg0, %int-1, %false, %false : !torch.vtensor<[256,128],f32>, !torch.vtensor<[1,?],si64>, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[1,?,128],f32>
    %3 = torch.aten.pow.Tensor_Scalar %2, %int2 : !torch.vtensor<[1,?,128],f32>, !torch.int -> !torch.vtensor<[1,?,128],f32>
    %4 = torch.prim.ListConstruct %int-1 : (!torch.int) -> !torch.list<int>
    %5 = torch.aten.mean.dim %3, %4, %true, %none : !torch.vtensor<[1,?,128],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %6 = torch.aten.add.Scalar %5, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %7 = torch.aten.rsqrt %6 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %8 = torch.aten.mul.Tensor %2, %7 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,128],f32>
    %9 = "aweigh.weight"() {name = "backbone.blocks.0.norm_mlstm.weight"} : () -> !torch.vtensor<[128],f32>
    %10 = torch.aten.mul.Tensor %8, %9 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[128],f32> -> !torch.vtensor<[1,?,128],f32>
    %11 = "aweigh.weight"() {name = "backbone.blocks.0.mlstm_layer.q.weight"} : () -> !torch.vtensor<[64,128],f32>
    %12 = torch.aten.linear %10, %11, %none : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[64,128],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %13 = "aweigh.weight"() {name = "backbone.blocks.0.mlstm_layer.k.weight"} : () -> !torch.vtensor<[64,128],f32>
    %14 = torch.aten.linear %10, %13, %none : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[64,128],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %15 = "aweigh.weight"() {name = "backbone.blocks.0.mlstm_layer.v.weight"} : () -> !torch.vtensor<[128,128],f32>
    %16 = torch.aten.linear %10, %15, %none : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[128,128],f32>, !torch.none -> !torch.vtensor<[1,?,128],f32>
    %17 = "aweigh.weight"() {name = "backbone.blocks.0.mlstm_layer.ogate_preact.weight"} : () -> !torch.vtensor<[128,128],f32>
    %18 = torch.aten.linear %10, %17, %none : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[128,128],f32>, !torch.none -> !torch.vtensor<[1,?,128],f32>
    %19 = "aweigh.weight"() {name = "backbone.blocks.0.mlstm_layer.igate_preact.weight"} : () -> !torch.vtensor<[4,128],f32>
    %20 = "aweigh.weight"() {name = "backbone.blocks.0.mlstm_layer.igate_preact.bias"} : () -> !torch.vtensor<[4],f32>
    %21 = torch.aten.linear %10, %19, %20 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[4,128],f32>, !torch.vtensor<[4],f32> -> !torch.vtensor<[1,?,4],f32>
    %22 = torch.aten.div.Scalar %21, %float1.500000e01 : !torch.vtensor<[1,?,4],f32>, !torch.float -> !torch.vtensor<[1,?,4],f32>
    %23 = torch.aten.tanh %22 : !torch.vtensor<[1,?,4],f32> -> !torch.vtensor<[1,?,4],f32>
    %24 = torch.aten.mul.Scalar %23, %float1.500000e01 : !torch.vtensor<[1,?,4],f32>, !torch.float -> !torch.vtensor<[1,?,4],f32>
    %25 = "aweigh.weight"() {name = "backbone.blocks.0.mlstm_layer.fgate_preact.weight"} : () -> !torch.vtensor<[4,128],f32>
    %26 = "aweigh.weight"() {name = "backbone.blocks.0.mlstm_layer.fgate_preact.bias"} : () -> !torch.vtensor<[4],f32>
    %27 = torch.aten.linear %10, %25, %26 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[4,128],f32>, !torch.vtensor<[4],f32> -> !torch.vtensor<[1,?,4],f32>
    %28 = torch.aten.div.Scalar %27, %float1.500000e01 : !torch.vtensor<[1,?,4],f32>, !torch.float -> !torch.vtensor<[1,?,4],f32>
    %29 = torch.aten.tanh %28 : !torch.vtensor<[1,?,4],f32> -> !torch.vtensor<[1,?,4],f32>
    %30 = torch.aten.mul.Scalar %29, %float1.500000e01 : !torch.vtensor<[1,?,4],f32>, !torch.float -> !torch.vtensor<[1,?,4],f32>
    %31 = torch.prim.ListConstruct %int1, %0, %int4, %int-1 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %32 = torch.aten.reshape %12, %31 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %33 = torch.aten.transpose.int %32, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %34 = torch.aten.reshape %14, %31 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %35 = torch.aten.transpose.int %34, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %36 = torch.aten.reshape %16, %31 : !torch.vtensor<[1,?,128],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,32],f32>
    %37 = torch.aten.transpose.int %36, %int1, %int2 : !torch.vtensor<[1,?,4,32],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,32],f32>
    %38 = torch.aten.transpose.int %24, %int1, %int2 : !torch.vtensor<[1,?,4],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?],f32>
    %39 = torch.aten.transpose.int %30, %int1, %int2 : !torch.vtensor<[1,?,4],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?],f32>
    %40 = torch.aten.transpose.int %33, %int1, %int2 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,4,16],f32>
    %41 = torch.aten.transpose.int %35, %int1, %int2 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,4,16],f32>
    %42 = torch.aten.transpose.int %37, %int1, %int2 : !torch.vtensor<[1,4,?,32],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,4,32],f32>
    %43 = torch.aten.mul.Scalar %40, %float2.500000e-01 : !torch.vtensor<[1,?,4,16],f32>, !torch.float -> !torch.vtensor<[1,?,4,16],f32>
    %44 = torch.aten.slice.Tensor %42, %int3, %int0, %int1, %int1 : !torch.vtensor<[1,?,4,32],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,?,4,1],f32>
    %45 = torch.aten.ones_like %44, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,4,1],f32>, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,4,1],f32>
    %46 = torch.prim.ListConstruct  : () -> !torch.list<int>
    %47 = torch.aten.new_zeros %39, %46, %none, %none, %none, %false : !torch.vtensor<[1,4,?],f32>, !torch.list<int>, !torch.none, !torch.none, !torch.none, !torch.bool -> !torch.vtensor<[],f32>
    %48 = torch.aten.minimum %47, %39 : !torch.vtensor<[],f32>, !torch.vtensor<[1,4,?],f32> -> !torch.vtensor<[1,4,?],f32>
    %49 = torch.aten.abs %39 : !torch.vtensor<[1,4,?],f32> -> !torch.vtensor<[1,4,?],f32>
    %50 = torch.aten.neg %49 : !torch.vtensor<[1,4,?],f32> -> !torch.vtensor<[1,4,?],f32>
    %51 = torch.aten.exp %50 : !torch.vtensor<[1,4,?],f32> -> !torch.vtensor<[1,4,?],f32>
    %52 = torch.aten.log1p %51 : !torch.vtensor<[1,4,?],f32> -> !torch.vtensor<[1,4,?],f32>
    %53 = torch.aten.sub.Tensor %48, %52, %int1 : !torch.vtensor<[1,4,?],f32>, !torch.vtensor<[1,4,?],f32>, !torch.int -> !torch.vtensor<[1,4,?],f32>
    %54 = torch.aten.transpose.int %53, %int1, %int2 : !torch.vtensor<[1,4,?],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,4],f32>
    %55 = torch.aten.transpose.int %38, %int1, %int2 : !torch.vtensor<[1,4,?],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,4],f32>
    %56 = torch.prim.ListConstruct %42, %45 : (!torch.vtensor<[1,?,4,32],f32>, !torch.vtensor<[1,?,4,1],f32>) -> !torch.list<vtensor>
    %57 = torch.aten.cat %56, %int3 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,?,4,33],f32>
    %58:2 = torch.operator "torch.aweigh.log_scan"(%43, %41, %57, %54, %55, %int0, %float0.000000e00, %false) : (!torch.vtensor<[1,?,4,16],f32>, !torch.vtensor<[1,?,4,16],f32>, !torch.vtensor<[1,?,4,33],f32>, !torch.vtensor<[1,?,4],f32>, !torch.vtensor<[1,?,4],f32>, !torch.int, !torch.float, !torch.bool) -> (!torch.vtensor<[1,?,4,33],f32>, !torch.vtensor<[1,?,4],f32>) 
    %59 = torch.aten.slice.Tensor %58#0, %int3, %int0, %int-1, %int1 : !torch.vtensor<[1,?,4,33],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,?,4,32],f32>
    %60 = torch.aten.slice.Tensor %58#0, %int3, %int-1, %int9223372036854775807, %int1 : !torch.vtensor<[1,?,4,33],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,?,4,1],f32>
    %61 = torch.aten.abs %60 : !torch.vtensor<[1,?,4,1],f32> -> !torch.vtensor<[1,?,4,1],f32>
    %62 = torch.aten.neg %58#1 : !torch.vtensor<[1,?,4],f32> -> !torch.vtensor<[1,?,4],f32>
    %63 = torch.aten.exp %62 : !torch.vtensor<[1,?,4],f32> -> !torch.vtensor<[1,?,4],f32>
    %64 = torch.aten.unsqueeze %63, %int3 : !torch.vtensor<[1,?,4],f32>, !torch.int -> !torch.vtensor<[1,?,4,1],f32>
    %65 = torch.aten.maximum %61, %64 : !torch.vtensor<[1,?,4,1],f32>, !torch.vtensor<[1,?,4,1],f32> -> !torch.vtensor<[1,?,4,1],f32>
    %66 = torch.aten.add.Scalar %65, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,4,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,4,1],f32>
    %67 = torch.aten.div.Tensor %59, %66 : !torch.vtensor<[1,?,4,32],f32>, !torch.vtensor<[1,?,4,1],f32> -> !torch.vtensor<[1,?,4,32],f32>
    %68 = torch.aten.transpose.int %67, %int1, %int2 : !torch.vtensor<[1,?,4,32],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,32],f32>
    %69 = torch.aten.transpose.int %68, %int1, %int2 : !torch.vtensor<[1,4,?,32],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,4,32],f32>
    %70 = torch.aten.mean.dim %69, %4, %true, %none : !torch.vtensor<[1,?,4,32],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,4,1],f32>
    %71 = torch.aten.sub.Tensor %69, %70, %int1 : !torch.vtensor<[1,?,4,32],f32>, !torch.vtensor<[1,?,4,1],f32>, !torch.int -> !torch.vtensor<[1,?,4,32],f32>
    %72 = torch.aten.mean.dim %69, %4, %true, %none : !torch.vtensor<[1,?,4,32],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,4,1],f32>
    %73 = torch.aten.sub.Tensor %69, %72, %int1 : !torch.vtensor<[1,?,4,32],f32>, !torch.vtensor<[1,?,4,1],f32>, !torch.int -> !torch.vtensor<[1,?,4,32],f32>
    %74 = torch.aten.mul.Tensor %73, %73 : !torch.vtensor<[1,?,4,32],f32>, !torch.vtensor<[1,?,4,32],f32> -> !torch.vtensor<[1,?,4,32],f32>
    %75 = torch.aten.mean.dim %74, %4, %true, %none : !torch.vtensor<[1,?,4,32],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,4,1],f32>
    %76 = torch.aten.add.Scalar %75, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,4,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,4,1],f32>
    %77 = torch.aten.rsqrt %76 : !torch.vtensor<[1,?,4,1],f32> -> !torch.vtensor<[1,?,4,1],f32>
    %78 = torch.aten.mul.Tensor %71, %77 : !torch.vtensor<[1,?,4,32],f32>, !torch.vtensor<[1,?,4,1],f32> -> !torch.vtensor<[1,?,4,32],f32>
    %79 = torch.prim.ListConstruct %int1, %0, %int-1 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %80 = torch.aten.reshape %78, %79 : !torch.vtensor<[1,?,4,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,128],f32>
    %81 = "aweigh.weight"() {name = "backbone.blocks.0.mlstm_layer.multihead_norm.weight"} : () -> !torch.vtensor<[128],f32>
    %82 = torch.aten.mul.Tensor %80, %81 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[128],f32> -> !torch.vtensor<[1,?,128],f32>
    %83 = torch.aten.sigmoid %18 : !torch.vtensor<[1,?,128],f32> -> !torch.vtensor<[1,?,128],f32>
    %84 = torch.aten.mul.Tensor %83, %82 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[1,?,128],f32> -> !torch.vtensor<[1,?,128],f32>
    %85 = "aweigh.weight"() {name = "backbone.blocks.0.mlstm_layer.out_proj.weight"} : () -> !torch.vtensor<[128,128],f32>
    %86 = torch.aten.linear %84, %85, %none : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[128,128],f32>, !torch.none -> !torch.vtensor<[1,?,128],f32>
    %87 = torch.aten.add.Tensor %2, %86, %int1 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[1,?,128],f32>, !torch.int -> !torch.vtensor<[1,?,128],f32>
    %88 = torch.aten.pow.Tensor_Scalar %87, %int2 : !torch.vtensor<[1,?,128],f32>, !torch.int -> !torch.vtensor<[1,?,128],f32>
    %89 = torch.aten.mean.dim %88, %4, %true, %none : !torch.vtensor<[1,?,128],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %90 = torch.aten.add.Scalar %89, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %91 = torch.aten.rsqrt %90 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %92 = torch.aten.mul.Tensor %87, %91 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,128],f32>
    %93 = "aweigh.weight"() {name = "backbone.blocks.0.norm_ffn.weight"} : () -> !torch.vtensor<[128],f32>
    %94 = torch.aten.mul.Tensor %92, %93 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[128],f32> -> !torch.vtensor<[1,?,128],f32>
    %95 = "aweigh.weight"() {name = "backbone.blocks.0.ffn.proj_up_gate.weight"} : () -> !torch.vtensor<[384,128],f32>
    %96 = torch.aten.linear %94, %95, %none : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[384,128],f32>, !torch.none -> !torch.vtensor<[1,?,384],f32>
    %97 = torch.aten.silu %96 : !torch.vtensor<[1,?,384],f32> -> !torch.vtensor<[1,?,384],f32>
    %98 = "aweigh.weight"() {name = "backbone.blocks.0.ffn.proj_up.weight"} : () -> !torch.vtensor<[384,128],f32>
    %99 = torch.aten.linear %94, %98, %none : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[384,128],f32>, !torch.none -> !torch.vtensor<[1,?,384],f32>
    %100 = torch.aten.mul.Tensor %97, %99 : !torch.vtensor<[1,?,384],f32>, !torch.vtensor<[1,?,384],f32> -> !torch.vtensor<[1,?,384],f32>
    %101 = "aweigh.weight"() {name = "backbone.blocks.0.ffn.proj_down.weight"} : () -> !torch.vtensor<[128,384],f32>
    %102 = torch.aten.linear %100, %101, %none : !torch.vtensor<[1,?,384],f32>, !torch.vtensor<[128,384],f32>, !torch.none -> !torch.vtensor<[1,?,128],f32>
    %103 = torch.aten.add.Tensor %87, %102, %int1 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[1,?,128],f32>, !torch.int -> !torch.vtensor<[1,?,128],f32>
    %104 = torch.aten.pow.Tensor_Scalar %103, %int2 : !torch.vtensor<[1,?,128],f32>, !torch.int -> !torch.vtensor<[1,?,128],f32>
    %105 = torch.aten.mean.dim %104, %4, %true, %none : !torch.vtensor<[1,?,128],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %106 = torch.aten.add.Scalar %105, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %107 = torch.aten.rsqrt %106 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %108 = torch.aten.mul.Tensor %103, %107 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,128],f32>
    %109 = "aweigh.weight"() {name = "backbone.blocks.1.norm_mlstm.weight"} : () -> !torch.vtensor<[128],f32>
    %110 = torch.aten.mul.Tensor %108, %109 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[128],f32> -> !torch.vtensor<[1,?,128],f32>
    %111 = "aweigh.weight"() {name = "backbone.blocks.1.mlstm_layer.q.weight"} : () -> !torch.vtensor<[64,128],f32>
    %112 = torch.aten.linear %110, %111, %none : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[64,128],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %113 = "aweigh.weight"() {name = "backbone.blocks.1.mlstm_layer.k.weight"} : () -> !torch.vtensor<[64,128],f32>
    %114 = torch.aten.linear %110, %113, %none : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[64,128],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %115 = "aweigh.weight"() {name = "backbone.blocks.1.mlstm_layer.v.weight"} : () -> !torch.vtensor<[128,128],f32>
    %116 = torch.aten.linear %110, %115, %none : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[128,128],f32>, !torch.none -> !torch.vtensor<[1,?,128],f32>
    %117 = "aweigh.weight"() {name = "backbone.blocks.1.mlstm_layer.ogate_preact.weight"} : () -> !torch.vtensor<[128,128],f32>
    %118 = torch.aten.linear %110, %117, %none : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[128,128],f32>, !torch.none -> !torch.vtensor<[1,?,128],f32>
    %119 = "aweigh.weight"() {name = "backbone.blocks.1.mlstm_layer.igate_preact.weight"} : () -> !torch.vtensor<[4,128],f32>
    %120 = "aweigh.weight"() {name = "backbone.blocks.1.mlstm_layer.igate_preact.bias"} : () -> !torch.vtensor<[4],f32>
    %121 = torch.aten.linear %110, %119, %120 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[4,128],f32>, !torch.vtensor<[4],f32> -> !torch.vtensor<[1,?,4],f32>
    %122 = torch.aten.div.Scalar %121, %float1.500000e01 : !torch.vtensor<[1,?,4],f32>, !torch.float -> !torch.vtensor<[1,?,4],f32>
    %123 = torch.aten.tanh %122 : !torch.vtensor<[1,?,4],f32> -> !torch.vtensor<[1,?,4],f32>
    %124 = torch.aten.mul.Scalar %123, %float1.500000e01 : !torch.vtensor<[1,?,4],f32>, !torch.float -> !torch.vtensor<[1,?,4],f32>
    %125 = "aweigh.weight"() {name = "backbone.blocks.1.mlstm_layer.fgate_preact.weight"} : () -> !torch.vtensor<[4,128],f32>
    %126 = "aweigh.weight"() {name = "backbone.blocks.1.mlstm_layer.fgate_preact.bias"} : () -> !torch.vtensor<[4],f32>
    %127 = torch.aten.linear %110, %125, %126 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[4,128],f32>, !torch.vtensor<[4],f32> -> !torch.vtensor<[1,?,4],f32>
    %128 = torch.aten.div.Scalar %127, %float1.500000e01 : !torch.vtensor<[1,?,4],f32>, !torch.float -> !torch.vtensor<[1,?,4],f32>
    %129 = torch.aten.tanh %128 : !torch.vtensor<[1,?,4],f32> -> !torch.vtensor<[1,?,4],f32>
    %130 = torch.aten.mul.Scalar %129, %float1.500000e01 : !torch.vtensor<[1,?,4],f32>, !torch.float -> !torch.vtensor<[1,?,4],f32>
    %131 = torch.aten.reshape %112, %31 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %132 = torch.aten.transpose.int %131, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %133 = torch.aten.reshape %114, %31 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %134 = torch.aten.transpose.int %133, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %135 = torch.aten.reshape %116, %31 : !torch.vtensor<[1,?,128],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,32],f32>
    %136 = torch.aten.transpose.int %135, %int1, %int2 : !torch.vtensor<[1,?,4,32],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,32],f32>
    %137 = torch.aten.transpose.int %124, %int1, %int2 : !torch.vtensor<[1,?,4],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?],f32>
    %138 = torch.aten.transpose.int %130, %int1, %int2 : !torch.vtensor<[1,?,4],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?],f32>
    %139 = torch.aten.transpose.int %132, %int1, %int2 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,4,16],f32>
    %140 = torch.aten.transpose.int %134, %int1, %int2 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,4,16],f32>
    %141 = torch.aten.transpose.int %136, %int1, %int2 : !torch.vtensor<[1,4,?,32],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,4,32],f32>
    %142 = torch.aten.mul.Scalar %139, %float2.500000e-01 : !torch.vtensor<[1,?,4,16],f32>, !torch.float -> !torch.vtensor<[1,?,4,16],f32>
    %143 = torch.aten.slice.Tensor %141, %int3, %int0, %int1, %int1 : !torch.vtensor<[1,?,4,32],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,?,4,1],f32>
    %144 = torch.aten.ones_like %143, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,4,1],f32>, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,4,1],f32>
    %145 = torch.aten.new_zeros %138, %46, %none, %none, %none, %false : !torch.vtensor<[1,4,?],f32>, !torch.list<int>, !torch.none, !torch.none, !torch.none, !torch.bool -> !torch.vtensor<[],f32>
    %146 = torch.aten.minimum %145, %138 : !torch.vtensor<[],f32>, !torch.vtensor<[1,4,?],f32> -> !torch.vtensor<[1,4,?],f32>
    %147 = torch.aten.abs %138 : !torch.vtensor<[1,4,?],f32> -> !torch.vtensor<[1,4,?],f32>
    %148 = torch.aten.neg %147 : !torch.vtensor<[1,4,?],f32> -> !torch.vtensor<[1,4,?],f32>
    %149 = torch.aten.exp %148 : !torch.vtensor<[1,4,?],f32> -> !torch.vtensor<[1,4,?],f32>
    %150 = torch.aten.log1p %149 : !torch.vtensor<[1,4,?],f32> -> !torch.vtensor<[1,4,?],f32>
    %151 = torch.aten.sub.Tensor %146, %150, %int1 : !torch.vtensor<[1,4,?],f32>, !torch.vtensor<[1,4,?],f32>, !torch.int -> !torch.vtensor<[1,4,?],f32>
    %152 = torch.aten.transpose.int %151, %int1, %int2 : !torch.vtensor<[1,4,?],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,4],f32>
    %153 = torch.aten.transpose.int %137, %int1, %int2 : !torch.vtensor<[1,4,?],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,4],f32>
    %154 = torch.prim.ListConstruct %141, %144 : (!torch.vtensor<[1,?,4,32],f32>, !torch.vtensor<[1,?,4,1],f32>) -> !torch.list<vtensor>
    %155 = torch.aten.cat %154, %int3 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,?,4,33],f32>
    %156:2 = torch.operator "torch.aweigh.log_scan"(%142, %140, %155, %152, %153, %int1, %float0.000000e00, %false) : (!torch.vtensor<[1,?,4,16],f32>, !torch.vtensor<[1,?,4,16],f32>, !torch.vtensor<[1,?,4,33],f32>, !torch.vtensor<[1,?,4],f32>, !torch.vtensor<[1,?,4],f32>, !torch.int, !torch.float, !torch.bool) -> (!torch.vtensor<[1,?,4,33],f32>, !torch.vtensor<[1,?,4],f32>) 
    %157 = torch.aten.slice.Tensor %156#0, %int3, %int0, %int-1, %int1 : !torch.vtensor<[1,?,4,33],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,?,4,32],f32>
    %158 = torch.aten.slice.Tensor %156#0, %int3, %int-1, %int9223372036854775807, %int1 : !torch.vtensor<[1,?,4,33],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,?,4,1],f32>
    %159 = torch.aten.abs %158 : !torch.vtensor<[1,?,4,1],f32> -> !torch.vtensor<[1,?,4,1],f32>
    %160 = torch.aten.neg %156#1 : !torch.vtensor<[1,?,4],f32> -> !torch.vtensor<[1,?,4],f32>
    %161 = torch.aten.exp %160 : !torch.vtensor<[1,?,4],f32> -> !torch.vtensor<[1,?,4],f32>
    %162 = torch.aten.unsqueeze %161, %int3 : !torch.vtensor<[1,?,4],f32>, !torch.int -> !torch.vtensor<[1,?,4,1],f32>
    %163 = torch.aten.maximum %159, %162 : !torch.vtensor<[1,?,4,1],f32>, !torch.vtensor<[1,?,4,1],f32> -> !torch.vtensor<[1,?,4,1],f32>
    %164 = torch.aten.add.Scalar %163, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,4,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,4,1],f32>
    %165 = torch.aten.div.Tensor %157, %164 : !torch.vtensor<[1,?,4,32],f32>, !torch.vtensor<[1,?,4,1],f32> -> !torch.vtensor<[1,?,4,32],f32>
    %166 = torch.aten.transpose.int %165, %int1, %int2 : !torch.vtensor<[1,?,4,32],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,32],f32>
    %167 = torch.aten.transpose.int %166, %int1, %int2 : !torch.vtensor<[1,4,?,32],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,4,32],f32>
    %168 = torch.aten.mean.dim %167, %4, %true, %none : !torch.vtensor<[1,?,4,32],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,4,1],f32>
    %169 = torch.aten.sub.Tensor %167, %168, %int1 : !torch.vtensor<[1,?,4,32],f32>, !torch.vtensor<[1,?,4,1],f32>, !torch.int -> !torch.vtensor<[1,?,4,32],f32>
    %170 = torch.aten.mean.dim %167, %4, %true, %none : !torch.vtensor<[1,?,4,32],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,4,1],f32>
    %171 = torch.aten.sub.Tensor %167, %170, %int1 : !torch.vtensor<[1,?,4,32],f32>, !torch.vtensor<[1,?,4,1],f32>, !torch.int -> !torch.vtensor<[1,?,4,32],f32>
    %172 = torch.aten.mul.Tensor %171, %171 : !torch.vtensor<[1,?,4,32],f32>, !torch.vtensor<[1,?,4,32],f32> -> !torch.vtensor<[1,?,4,32],f32>
    %173 = torch.aten.mean.dim %172, %4, %true, %none : !torch.vtensor<[1,?,4,32],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,4,1],f32>
    %174 = torch.aten.add.Scalar %173, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,4,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,4,1],f32>
    %175 = torch.aten.rsqrt %174 : !torch.vtensor<[1,?,4,1],f32> -> !torch.vtensor<[1,?,4,1],f32>
    %176 = torch.aten.mul.Tensor %169, %175 : !torch.vtensor<[1,?,4,32],f32>, !torch.vtensor<[1,?,4,1],f32> -> !torch.vtensor<[1,?,4,32],f32>
    %177 = torch.aten.reshape %176, %79 : !torch.vtensor<[1,?,4,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,128],f32>
    %178 = "aweigh.weight"() {name = "backbone.blocks.1.mlstm_layer.multihead_norm.weight"} : () -> !torch.vtensor<[128],f32>
    %179 = torch.aten.mul.Tensor %177, %178 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[128],f32> -> !torch.vtensor<[1,?,128],f32>
    %180 = torch.aten.sigmoid %118 : !torch.vtensor<[1,?,128],f32> -> !torch.vtensor<[1,?,128],f32>
    %181 = torch.aten.mul.Tensor %180, %179 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[1,?,128],f32> -> !torch.vtensor<[1,?,128],f32>
    %182 = "aweigh.weight"() {name = "backbone.blocks.1.mlstm_layer.out_proj.weight"} : () -> !torch.vtensor<[128,128],f32>
    %183 = torch.aten.linear %181, %182, %none : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[128,128],f32>, !torch.none -> !torch.vtensor<[1,?,128],f32>
    %184 = torch.aten.add.Tensor %103, %183, %int1 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[1,?,128],f32>, !torch.int -> !torch.vtensor<[1,?,128],f32>
    %185 = torch.aten.pow.Tensor_Scalar %184, %int2 : !torch.vtensor<[1,?,128],f32>, !torch.int -> !torch.vtensor<[1,?,128],f32>
    %186 = torch.aten.mean.dim %185, %4, %true, %none : !torch.vtensor<[1,?,128],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %187 = torch.aten.add.Scalar %186, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %188 = torch.aten.rsqrt %187 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %189 = torch.aten.mul.Tensor %184, %188 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,128],f32>
    %190 = "aweigh.weight"() {name = "backbone.blocks.1.norm_ffn.weight"} : () -> !torch.vtensor<[128],f32>
    %191 = torch.aten.mul.Tensor %189, %190 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[128],f32> -> !torch.vtensor<[1,?,128],f32>
    %192 = "aweigh.weight"() {name = "backbone.blocks.1.ffn.proj_up_gate.weight"} : () -> !torch.vtensor<[384,128],f32>
    %193 = torch.aten.linear %191, %192, %none : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[384,128],f32>, !torch.none -> !torch.vtensor<[1,?,384],f32>
    %194 = torch.aten.silu %193 : !torch.vtensor<[1,?,384],f32> -> !torch.vtensor<[1,?,384],f32>
    %195 = "aweigh.weight"() {name = "backbone.blocks.1.ffn.proj_up.weight"} : () -> !torch.vtensor<[384,128],f32>
    %196 = torch.aten.linear %191, %195, %none : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[384,128],f32>, !torch.none -> !torch.vtensor<[1,?,384],f32>
    %197 = torch.aten.mul.Tensor %194, %196 : !torch.vtensor<[1,?,384],f32>, !torch.vtensor<[1,?,384],f32> -> !torch.vtensor<[1,?,384],f32>
    %198 = "aweigh.weight"() {name = "backbone.blocks.1.ffn.proj_down.weight"} : () -> !torch.vtensor<[128,384],f32>
    %199 = torch.aten.linear %197, %198, %none : !torch.vtensor<[1,?,384],f32>, !torch.vtensor<[128,384],f32>, !torch.none -> !torch.vtensor<[1,?,128],f32>
    %200 = torch.aten.add.Tensor %184, %199, %int1 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[1,?,128],f32>, !torch.int -> !torch.vtensor<[1,?,128],f32>
    %201 = torch.aten.pow.Tensor_Scalar %200, %int2 : !torch.vtensor<[1,?,128],f32>, !torch.int -> !torch.vtensor<[1,?,128],f32>
    %202 = torch.aten.mean.dim %201, %4, %true, %none : !torch.vtensor<[1,?,128],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %203 = torch.aten.add.Scalar %202, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %204 = torch.aten.rsqrt %203 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %205 = torch.aten.mul.Tensor %200, %204 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,128],f32>
    %206 = "aweigh.weight"() {name = "backbone.out_norm.weight"} : () -> !torch.vtensor<[128],f32>
    %207 = torch.aten.mul.Tensor %205, %206 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[128],f32> -> !torch.vtensor<[1,?,128],f32>
    %208 = "aweigh.weight"() {name = "lm_head.weight"} : () -> !torch.vtensor<[256,128],f32>
    %209 = torch.aten.linear %207, %208, %none : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[256,128],f32>, !torch.none -> !torch.vtensor<[1,?,256],f32>
    %210 = torch.aten.div.Scalar %209, %float3.000000e01 : !torch.vtensor<[1,?,256],f32>, !torch.float -> !torch.vtensor<[1,?,256],f32>
    %211 = torch.aten.tanh %210 : !torch.vtensor<[1,?,256],f32> -> !torch.vtensor<[1,?,256],f32>
    %212 = torch.aten.mul.Scalar %211, %float3.000000e01 : !torch.vtensor<[1,?,256],f32>, !torch.float -> !torch.vtensor<[1,?,256],f32>
    %213 = torch.prim.ListConstruct %none, %arg2 : (!torch.none, !torch.vtensor<[?],si64>) -> !torch.list<optional<vtensor>>
    %214 = torch.aten.index.Tensor %212, %213 : !torch.vtensor<[1,?,256],f32>, !torch.list<optional<vtensor>> -> !torch.vtensor<[1,?,256],f32>
    return %214 : !torch.vtensor<[1,?,256],f32>
  }
}

