module {
  func.func @main(%arg0: !torch.vtensor<[1,?],si64>, %arg1: !torch.vtensor<[1,?],si64>, %arg2: !torch.vtensor<[?],si64>) -> !torch.vtensor<[1,?,256],f32> attributes {torch.assume_strict_symbolic_shapes} {
    %int9223372036854775807 = torch.constant.int 9223372036854775807
    %str = torch.constant.str "silu"
    %float2.500000e-01 = torch.constant.float 2.500000e-01
    %int20 = torch.constant.int 20
    %int64 = torch.constant.int 64
    %int128 = torch.constant.int 128
    %int0 = torch.constant.int 0
    %int3 = torch.constant.int 3
    %int32 = torch.constant.int 32
    %int16 = torch.constant.int 16
    %int4 = torch.constant.int 4
    %int96 = torch.constant.int 96
    %float9.999990e-07 = torch.constant.float 9.9999999999999995E-7
    %true = torch.constant.bool true
    %float1.000000e00 = torch.constant.float 1.000000e+00
    %none = torch.constant.none
    %int6 = torch.constant.int 6
    %int2 = torch.constant.int 2
    %false = torch.constant.bool false
    %int-1 = torch.constant.int -1
    %int1 = torch.constant.int 1
    %0 = torch.aten.size.int %arg1, %int1 : !torch.vtensor<[1,?],si64>, !torch.int -> !torch.int
    %1 = "aweigh.weight"() {name = "model.embed_tokens.weight"} : () -> !torch.vtensor<[256,64],f32>
    %2 = torch.aten.embedding %1, %arg0, %int-1, %false, %false : !torch.vtensor<[256,64],f32>, !torch.vtensor<[1,?],si64>, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %3 = torch.aten.unsqueeze %arg1, %int2 : !torch.vtensor<[1,?],si64>, !torch.int -> !torch.vtensor<[1,?,1],si64>
    %4 = torch.aten._to_copy %3, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,1],si64>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %5 = "aweigh.weight"() {name = "model.rotary_emb.inv_freq"} : () -> !torch.vtensor<[2],f32>
    %6 = torch.aten.mul.Tensor %4, %5 : !torch.vtensor<[1,?,1],f32>, !torch.vtensor<[2],f32> -> !torch.vtensor<[1,?,2],f32>
    %7 = torch.prim.ListConstruct %6, %6 : (!torch.vtensor<[1,?,2],f32>, !torch.vtensor<[1,?,2],f32>) -> !torch.list<vtensor>
    %8 = torch.aten.cat %7, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,?,4],f32>
    %9 = torch.aten.cos %8 : !torch.vtensor<[1,?,4],f32> -> !torch.vtensor<[1,?,4],f32>
    %10 = torch.aten.sin %8 : !torch.vtensor<[1,?,4],f32> -> !torch.vtensor<[1,?,4],f32>
    %11 = torch.aten.pow.Tensor_Scalar %2, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %12 = torch.prim.ListConstruct %int-1 : (!torch.int) -> !torch.list<int>
    %13 = torch.aten.mean.dim %11, %12, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %14 = torch.aten.add.Scalar %13, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %15 = torch.aten.rsqrt %14 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %16 = torch.aten.mul.Tensor %2, %15 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %17 = "aweigh.weight"() {name = "model.layers.0.input_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %18 = torch.aten.add.Scalar %17, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %19 = torch.aten.mul.Tensor %16, %18 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %20 = "aweigh.weight"() {name = "model.layers.0.linear_attn.in_proj_qkvz.weight"} : () -> !torch.vtensor<[192,64],f32>
    %21 = torch.aten.linear %19, %20, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[192,64],f32>, !torch.none -> !torch.vtensor<[1,?,192],f32>
    %22 = "aweigh.weight"() {name = "model.layers.0.linear_attn.in_proj_ba.weight"} : () -> !torch.vtensor<[8,64],f32>
    %23 = torch.aten.linear %19, %22, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[8,64],f32>, !torch.none -> !torch.vtensor<[1,?,8],f32>
    %24 = torch.prim.ListConstruct %int1, %0, %int2, %int96 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %25 = torch.aten.reshape %21, %24 : !torch.vtensor<[1,?,192],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,96],f32>
    %26 = torch.prim.ListConstruct %int1, %0, %int2, %int4 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %27 = torch.aten.reshape %23, %26 : !torch.vtensor<[1,?,8],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,4],f32>
    %28 = torch.prim.ListConstruct %int16, %int16, %int32, %int32 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %29 = torch.aten.split_with_sizes %25, %28, %int3 : !torch.vtensor<[1,?,2,96],f32>, !torch.list<int>, !torch.int -> !torch.list<vtensor>
    %30:4 = torch.prim.ListUnpack %29 : !torch.list<vtensor> -> !torch.vtensor<[1,?,2,16],f32>, !torch.vtensor<[1,?,2,16],f32>, !torch.vtensor<[1,?,2,32],f32>, !torch.vtensor<[1,?,2,32],f32>
    %31 = torch.prim.ListConstruct %int2, %int2 : (!torch.int, !torch.int) -> !torch.list<int>
    %32 = torch.aten.split_with_sizes %27, %31, %int3 : !torch.vtensor<[1,?,2,4],f32>, !torch.list<int>, !torch.int -> !torch.list<vtensor>
    %33:2 = torch.prim.ListUnpack %32 : !torch.list<vtensor> -> !torch.vtensor<[1,?,2,2],f32>, !torch.vtensor<[1,?,2,2],f32>
    %34 = torch.prim.ListConstruct %int1, %0, %int-1, %int16 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %35 = torch.aten.reshape %30#2, %34 : !torch.vtensor<[1,?,2,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %36 = torch.aten.reshape %30#3, %34 : !torch.vtensor<[1,?,2,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %37 = torch.prim.ListConstruct %int1, %0, %int4 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %38 = torch.aten.reshape %33#0, %37 : !torch.vtensor<[1,?,2,2],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4],f32>
    %39 = torch.aten.reshape %33#1, %37 : !torch.vtensor<[1,?,2,2],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4],f32>
    %40 = torch.prim.ListConstruct %int1, %0, %int-1 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %41 = torch.aten.reshape %30#0, %40 : !torch.vtensor<[1,?,2,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,32],f32>
    %42 = torch.aten.reshape %30#1, %40 : !torch.vtensor<[1,?,2,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,32],f32>
    %43 = torch.aten.reshape %35, %40 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %44 = torch.prim.ListConstruct %41, %42, %43 : (!torch.vtensor<[1,?,32],f32>, !torch.vtensor<[1,?,32],f32>, !torch.vtensor<[1,?,64],f32>) -> !torch.list<vtensor>
    %45 = torch.aten.cat %44, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,?,128],f32>
    %46 = torch.aten.transpose.int %45, %int1, %int2 : !torch.vtensor<[1,?,128],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,128,?],f32>
    %47 = "aweigh.weight"() {name = "model.layers.0.linear_attn.conv1d.weight"} : () -> !torch.vtensor<[128,1,4],f32>
    %48 = torch.aten.squeeze.dim %47, %int1 : !torch.vtensor<[128,1,4],f32>, !torch.int -> !torch.vtensor<[128,4],f32>
    %49 = torch.aten.unsqueeze %48, %int1 : !torch.vtensor<[128,4],f32>, !torch.int -> !torch.vtensor<[128,1,4],f32>
    %50 = torch.operator "torch.aweigh.causal_conv"(%46, %49, %none, %int0, %int128) : (!torch.vtensor<[1,128,?],f32>, !torch.vtensor<[128,1,4],f32>, !torch.none, !torch.int, !torch.int) -> !torch.vtensor<[1,128,?],f32> 
    %51 = torch.aten.silu %50 : !torch.vtensor<[1,128,?],f32> -> !torch.vtensor<[1,128,?],f32>
    %52 = torch.aten.transpose.int %51, %int1, %int2 : !torch.vtensor<[1,128,?],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,128],f32>
    %53 = torch.prim.ListConstruct %int32, %int32, %int64 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %54 = torch.aten.split_with_sizes %52, %53, %int-1 : !torch.vtensor<[1,?,128],f32>, !torch.list<int>, !torch.int -> !torch.list<vtensor>
    %55:3 = torch.prim.ListUnpack %54 : !torch.list<vtensor> -> !torch.vtensor<[1,?,32],f32>, !torch.vtensor<[1,?,32],f32>, !torch.vtensor<[1,?,64],f32>
    %56 = torch.aten.reshape %55#0, %34 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %57 = torch.aten.reshape %55#1, %34 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %58 = torch.aten.reshape %55#2, %34 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %59 = torch.aten.sigmoid %38 : !torch.vtensor<[1,?,4],f32> -> !torch.vtensor<[1,?,4],f32>
    %60 = "aweigh.weight"() {name = "model.layers.0.linear_attn.A_log"} : () -> !torch.vtensor<[4],f32>
    %61 = torch.aten.exp %60 : !torch.vtensor<[4],f32> -> !torch.vtensor<[4],f32>
    %62 = torch.aten.neg %61 : !torch.vtensor<[4],f32> -> !torch.vtensor<[4],f32>
    %63 = "aweigh.weight"() {name = "model.layers.0.linear_attn.dt_bias"} : () -> !torch.vtensor<[4],f32>
    %64 = torch.aten.add.Tensor %39, %63, %int1 : !torch.vtensor<[1,?,4],f32>, !torch.vtensor<[4],f32>, !torch.int -> !torch.vtensor<[1,?,4],f32>
    %65 = torch.aten.softplus %64, %int1, %int20 : !torch.vtensor<[1,?,4],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,4],f32>
    %66 = torch.aten.mul.Tensor %62, %65 : !torch.vtensor<[4],f32>, !torch.vtensor<[1,?,4],f32> -> !torch.vtensor<[1,?,4],f32>
    %67 = torch.aten.mul.Tensor %56, %56 : !torch.vtensor<[1,?,2,16],f32>, !torch.vtensor<[1,?,2,16],f32> -> !torch.vtensor<[1,?,2,16],f32>
    %68 = torch.aten.sum.dim_IntList %67, %12, %true, %none : !torch.vtensor<[1,?,2,16],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,2,1],f32>
    %69 = torch.aten.add.Scalar %68, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,2,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,2,1],f32>
    %70 = torch.aten.rsqrt %69 : !torch.vtensor<[1,?,2,1],f32> -> !torch.vtensor<[1,?,2,1],f32>
    %71 = torch.aten.mul.Tensor %56, %70 : !torch.vtensor<[1,?,2,16],f32>, !torch.vtensor<[1,?,2,1],f32> -> !torch.vtensor<[1,?,2,16],f32>
    %72 = torch.aten.mul.Tensor %57, %57 : !torch.vtensor<[1,?,2,16],f32>, !torch.vtensor<[1,?,2,16],f32> -> !torch.vtensor<[1,?,2,16],f32>
    %73 = torch.aten.sum.dim_IntList %72, %12, %true, %none : !torch.vtensor<[1,?,2,16],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,2,1],f32>
    %74 = torch.aten.add.Scalar %73, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,2,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,2,1],f32>
    %75 = torch.aten.rsqrt %74 : !torch.vtensor<[1,?,2,1],f32> -> !torch.vtensor<[1,?,2,1],f32>
    %76 = torch.aten.mul.Tensor %57, %75 : !torch.vtensor<[1,?,2,16],f32>, !torch.vtensor<[1,?,2,1],f32> -> !torch.vtensor<[1,?,2,16],f32>
    %77 = torch.aten.mul.Scalar %71, %float2.500000e-01 : !torch.vtensor<[1,?,2,16],f32>, !torch.float -> !torch.vtensor<[1,?,2,16],f32>
    %78 = torch.operator "torch.aweigh.scan"(%77, %76, %58, %66, %none, %59, %int1, %true) : (!torch.vtensor<[1,?,2,16],f32>, !torch.vtensor<[1,?,2,16],f32>, !torch.vtensor<[1,?,4,16],f32>, !torch.vtensor<[1,?,4],f32>, !torch.none, !torch.vtensor<[1,?,4],f32>, !torch.int, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %79 = torch.prim.ListConstruct %int-1, %int16 : (!torch.int, !torch.int) -> !torch.list<int>
    %80 = torch.aten.reshape %78, %79 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[?,16],f32>
    %81 = torch.aten.reshape %36, %79 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[?,16],f32>
    %82 = torch.aten.pow.Tensor_Scalar %80, %int2 : !torch.vtensor<[?,16],f32>, !torch.int -> !torch.vtensor<[?,16],f32>
    %83 = torch.aten.mean.dim %82, %12, %true, %none : !torch.vtensor<[?,16],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[?,1],f32>
    %84 = torch.aten.add.Scalar %83, %float9.999990e-07, %int1 : !torch.vtensor<[?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[?,1],f32>
    %85 = torch.aten.rsqrt %84 : !torch.vtensor<[?,1],f32> -> !torch.vtensor<[?,1],f32>
    %86 = torch.aten.mul.Tensor %80, %85 : !torch.vtensor<[?,16],f32>, !torch.vtensor<[?,1],f32> -> !torch.vtensor<[?,16],f32>
    %87 = "aweigh.weight"() {name = "model.layers.0.linear_attn.norm.weight"} : () -> !torch.vtensor<[16],f32>
    %88 = torch.aten.mul.Tensor %87, %86 : !torch.vtensor<[16],f32>, !torch.vtensor<[?,16],f32> -> !torch.vtensor<[?,16],f32>
    %89 = torch.aten.silu %81 : !torch.vtensor<[?,16],f32> -> !torch.vtensor<[?,16],f32>
    %90 = torch.aten.mul.Tensor %88, %89 : !torch.vtensor<[?,16],f32>, !torch.vtensor<[?,16],f32> -> !torch.vtensor<[?,16],f32>
    %91 = torch.prim.ListConstruct %int1, %0, %int4, %int16 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %92 = torch.aten.reshape %90, %91 : !torch.vtensor<[?,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %93 = torch.aten.reshape %92, %40 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %94 = "aweigh.weight"() {name = "model.layers.0.linear_attn.out_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %95 = torch.aten.linear %93, %94, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %96 = torch.aten.add.Tensor %2, %95, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %97 = torch.aten.pow.Tensor_Scalar %96, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %98 = torch.aten.mean.dim %97, %12, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %99 = torch.aten.add.Scalar %98, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %100 = torch.aten.rsqrt %99 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %101 = torch.aten.mul.Tensor %96, %100 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %102 = "aweigh.weight"() {name = "model.layers.0.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %103 = torch.aten.add.Scalar %102, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %104 = torch.aten.mul.Tensor %101, %103 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %105 = torch.prim.ListConstruct %int-1, %int64 : (!torch.int, !torch.int) -> !torch.list<int>
    %106 = torch.aten.reshape %104, %105 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[?,64],f32>
    %107 = "aweigh.weight"() {name = "model.layers.0.mlp.shared_expert.gate_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %108 = torch.aten.linear %106, %107, %none : !torch.vtensor<[?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[?,32],f32>
    %109 = torch.aten.silu %108 : !torch.vtensor<[?,32],f32> -> !torch.vtensor<[?,32],f32>
    %110 = "aweigh.weight"() {name = "model.layers.0.mlp.shared_expert.up_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %111 = torch.aten.linear %106, %110, %none : !torch.vtensor<[?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[?,32],f32>
    %112 = torch.aten.mul.Tensor %109, %111 : !torch.vtensor<[?,32],f32>, !torch.vtensor<[?,32],f32> -> !torch.vtensor<[?,32],f32>
    %113 = "aweigh.weight"() {name = "model.layers.0.mlp.shared_expert.down_proj.weight"} : () -> !torch.vtensor<[64,32],f32>
    %114 = torch.aten.linear %112, %113, %none : !torch.vtensor<[?,32],f32>, !torch.vtensor<[64,32],f32>, !torch.none -> !torch.vtensor<[?,64],f32>
    %115 = "aweigh.weight"() {name = "model.layers.0.mlp.gate.weight"} : () -> !torch.vtensor<[4,64],f32>
    %116 = torch.aten.linear %106, %115, %none : !torch.vtensor<[?,64],f32>, !torch.vtensor<[4,64],f32>, !torch.none -> !torch.vtensor<[?,4],f32>
    %117 = torch.aten.softmax.int %116, %int-1, %int6 : !torch.vtensor<[?,4],f32>, !torch.int, !torch.int -> !torch.vtensor<[?,4],f32>
    %values, %indices = torch.aten.topk %117, %int2, %int-1, %true, %true : !torch.vtensor<[?,4],f32>, !torch.int, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[?,2],f32>, !torch.vtensor<[?,2],si64>
    %118 = torch.aten.sum.dim_IntList %values, %12, %true, %none : !torch.vtensor<[?,2],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[?,1],f32>
    %119 = torch.aten.div.Tensor %values, %118 : !torch.vtensor<[?,2],f32>, !torch.vtensor<[?,1],f32> -> !torch.vtensor<[?,2],f32>
    %120 = "aweigh.weight"() {name = "model.layers.0.mlp.experts.gate_up_proj"} : () -> !torch.vtensor<[4,64,64],f32>
    %121 = "aweigh.weight"() {name = "model.layers.0.mlp.experts.down_proj"} : () -> !torch.vtensor<[4,64,32],f32>
    %122 = torch.operator "torch.aweigh.experts"(%106, %indices, %119, %120, %121, %none, %none, %str, %false, %false, %none, %none) : (!torch.vtensor<[?,64],f32>, !torch.vtensor<[?,2],si64>, !torch.vtensor<[?,2],f32>, !torch.vtensor<[4,64,64],f32>, !torch.vtensor<[4,64,32],f32>, !torch.none, !torch.none, !torch.str, !torch.bool, !torch.bool, !torch.none, !torch.none) -> !torch.vtensor<[?,64],f32> 
    %123 = "aweigh.weight"() {name = "model.layers.0.mlp.shared_expert_gate.weight"} : () -> !torch.vtensor<[1,64],f32>
    %124 = torch.aten.linear %106, %123, %none : !torch.vtensor<[?,64],f32>, !torch.vtensor<[1,64],f32>, !torch.none -> !torch.vtensor<[?,1],f32>
    %125 = torch.aten.sigmoid %124 : !torch.vtensor<[?,1],f32> -> !torch.vtensor<[?,1],f32>
    %126 = torch.aten.mul.Tensor %125, %114 : !torch.vtensor<[?,1],f32>, !torch.vtensor<[?,64],f32> -> !torch.vtensor<[?,64],f32>
    %127 = torch.aten.add.Tensor %122, %126, %int1 : !torch.vtensor<[?,64],f32>, !torch.vtensor<[?,64],f32>, !torch.int -> !torch.vtensor<[?,64],f32>
    %128 = torch.prim.ListConstruct %int1, %0, %int64 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %129 = torch.aten.reshape %127, %128 : !torch.vtensor<[?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %130 = torch.aten.add.Tensor %96, %129, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %131 = torch.aten.pow.Tensor_Scalar %130, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %132 = torch.aten.mean.dim %131, %12, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %133 = torch.aten.add.Scalar %132, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %134 = torch.aten.rsqrt %133 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %135 = torch.aten.mul.Tensor %130, %134 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %136 = "aweigh.weight"() {name = "model.layers.1.input_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %137 = torch.aten.add.Scalar %136, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %138 = torch.aten.mul.Tensor %135, %137 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %139 = "aweigh.weight"() {name = "model.layers.1.self_attn.q_proj.weight"} : () -> !torch.vtensor<[128,64],f32>
    %140 = torch.aten.linear %138, %139, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.none -> !torch.vtensor<[1,?,128],f32>
    %141 = torch.prim.ListConstruct %int1, %0, %int-1, %int32 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %142 = torch.aten.reshape %140, %141 : !torch.vtensor<[1,?,128],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,32],f32>
    %143 = torch.aten.chunk %142, %int2, %int-1 : !torch.vtensor<[1,?,4,32],f32>, !torch.int, !torch.int -> !torch.list<vtensor>
    %144:2 = torch.prim.ListUnpack %143 : !torch.list<vtensor> -> !torch.vtensor<[1,?,4,16],f32>, !torch.vtensor<[1,?,4,16],f32>
    %145 = torch.aten.reshape %144#1, %40 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %146 = torch.aten.pow.Tensor_Scalar %144#0, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int -> !torch.vtensor<[1,?,4,16],f32>
    %147 = torch.aten.mean.dim %146, %12, %true, %none : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,4,1],f32>
    %148 = torch.aten.add.Scalar %147, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,4,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,4,1],f32>
    %149 = torch.aten.rsqrt %148 : !torch.vtensor<[1,?,4,1],f32> -> !torch.vtensor<[1,?,4,1],f32>
    %150 = torch.aten.mul.Tensor %144#0, %149 : !torch.vtensor<[1,?,4,16],f32>, !torch.vtensor<[1,?,4,1],f32> -> !torch.vtensor<[1,?,4,16],f32>
    %151 = "aweigh.weight"() {name = "model.layers.1.self_attn.q_norm.weight"} : () -> !torch.vtensor<[16],f32>
    %152 = torch.aten.add.Scalar %151, %float1.000000e00, %int1 : !torch.vtensor<[16],f32>, !torch.float, !torch.int -> !torch.vtensor<[16],f32>
    %153 = torch.aten.mul.Tensor %150, %152 : !torch.vtensor<[1,?,4,16],f32>, !torch.vtensor<[16],f32> -> !torch.vtensor<[1,?,4,16],f32>
    %154 = torch.aten.transpose.int %153, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %155 = "aweigh.weight"() {name = "model.layers.1.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %156 = torch.aten.linear %138, %155, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %157 = torch.aten.reshape %156, %34 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %158 = torch.aten.pow.Tensor_Scalar %157, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int -> !torch.vtensor<[1,?,2,16],f32>
    %159 = torch.aten.mean.dim %158, %12, %true, %none : !torch.vtensor<[1,?,2,16],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,2,1],f32>
    %160 = torch.aten.add.Scalar %159, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,2,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,2,1],f32>
    %161 = torch.aten.rsqrt %160 : !torch.vtensor<[1,?,2,1],f32> -> !torch.vtensor<[1,?,2,1],f32>
    %162 = torch.aten.mul.Tensor %157, %161 : !torch.vtensor<[1,?,2,16],f32>, !torch.vtensor<[1,?,2,1],f32> -> !torch.vtensor<[1,?,2,16],f32>
    %163 = "aweigh.weight"() {name = "model.layers.1.self_attn.k_norm.weight"} : () -> !torch.vtensor<[16],f32>
    %164 = torch.aten.add.Scalar %163, %float1.000000e00, %int1 : !torch.vtensor<[16],f32>, !torch.float, !torch.int -> !torch.vtensor<[16],f32>
    %165 = torch.aten.mul.Tensor %162, %164 : !torch.vtensor<[1,?,2,16],f32>, !torch.vtensor<[16],f32> -> !torch.vtensor<[1,?,2,16],f32>
    %166 = torch.aten.transpose.int %165, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %167 = "aweigh.weight"() {name = "model.layers.1.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %168 = torch.aten.linear %138, %167, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %169 = torch.aten.reshape %168, %34 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %170 = torch.aten.transpose.int %169, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %171 = torch.aten.unsqueeze %9, %int1 : !torch.vtensor<[1,?,4],f32>, !torch.int -> !torch.vtensor<[1,1,?,4],f32>
    %172 = torch.aten.unsqueeze %10, %int1 : !torch.vtensor<[1,?,4],f32>, !torch.int -> !torch.vtensor<[1,1,?,4],f32>
    %173 = torch.aten.slice.Tensor %154, %int3, %int0, %int4, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
    %174 = torch.aten.slice.Tensor %154, %int3, %int4, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,12],f32>
    %175 = torch.aten.slice.Tensor %166, %int3, %int0, %int4, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,4],f32>
    %176 = torch.aten.slice.Tensor %166, %int3, %int4, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,12],f32>
    %177 = torch.aten.mul.Tensor %173, %171 : !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,1,?,4],f32> -> !torch.vtensor<[1,4,?,4],f32>
    %178 = torch.aten.slice.Tensor %173, %int3, %int0, %int2, %int1 : !torch.vtensor<[1,4,?,4],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,2],f32>
    %179 = torch.aten.slice.Tensor %173, %int3, %int2, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,4],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,2],f32>
    %180 = torch.aten.neg %179 : !torch.vtensor<[1,4,?,2],f32> -> !torch.vtensor<[1,4,?,2],f32>
    %181 = torch.prim.ListConstruct %180, %178 : (!torch.vtensor<[1,4,?,2],f32>, !torch.vtensor<[1,4,?,2],f32>) -> !torch.list<vtensor>
    %182 = torch.aten.cat %181, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
    %183 = torch.aten.mul.Tensor %182, %172 : !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,1,?,4],f32> -> !torch.vtensor<[1,4,?,4],f32>
    %184 = torch.aten.add.Tensor %177, %183, %int1 : !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,4,?,4],f32>, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
    %185 = torch.aten.mul.Tensor %175, %171 : !torch.vtensor<[1,2,?,4],f32>, !torch.vtensor<[1,1,?,4],f32> -> !torch.vtensor<[1,2,?,4],f32>
    %186 = torch.aten.slice.Tensor %175, %int3, %int0, %int2, %int1 : !torch.vtensor<[1,2,?,4],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,2],f32>
    %187 = torch.aten.slice.Tensor %175, %int3, %int2, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,4],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,2],f32>
    %188 = torch.aten.neg %187 : !torch.vtensor<[1,2,?,2],f32> -> !torch.vtensor<[1,2,?,2],f32>
    %189 = torch.prim.ListConstruct %188, %186 : (!torch.vtensor<[1,2,?,2],f32>, !torch.vtensor<[1,2,?,2],f32>) -> !torch.list<vtensor>
    %190 = torch.aten.cat %189, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,4],f32>
    %191 = torch.aten.mul.Tensor %190, %172 : !torch.vtensor<[1,2,?,4],f32>, !torch.vtensor<[1,1,?,4],f32> -> !torch.vtensor<[1,2,?,4],f32>
    %192 = torch.aten.add.Tensor %185, %191, %int1 : !torch.vtensor<[1,2,?,4],f32>, !torch.vtensor<[1,2,?,4],f32>, !torch.int -> !torch.vtensor<[1,2,?,4],f32>
    %193 = torch.prim.ListConstruct %184, %174 : (!torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,4,?,12],f32>) -> !torch.list<vtensor>
    %194 = torch.aten.cat %193, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %195 = torch.prim.ListConstruct %192, %176 : (!torch.vtensor<[1,2,?,4],f32>, !torch.vtensor<[1,2,?,12],f32>) -> !torch.list<vtensor>
    %196 = torch.aten.cat %195, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %197 = torch.operator "torch.aweigh.attend"(%194, %196, %170, %none, %none, %none, %none, %none, %none, %int2, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %198 = torch.aten.reshape %197, %40 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %199 = torch.aten.sigmoid %145 : !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %200 = torch.aten.mul.Tensor %198, %199 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %201 = "aweigh.weight"() {name = "model.layers.1.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %202 = torch.aten.linear %200, %201, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %203 = torch.aten.add.Tensor %130, %202, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %204 = torch.aten.pow.Tensor_Scalar %203, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %205 = torch.aten.mean.dim %204, %12, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %206 = torch.aten.add.Scalar %205, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %207 = torch.aten.rsqrt %206 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %208 = torch.aten.mul.Tensor %203, %207 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %209 = "aweigh.weight"() {name = "model.layers.1.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %210 = torch.aten.add.Scalar %209, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %211 = torch.aten.mul.Tensor %208, %210 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %212 = torch.aten.reshape %211, %105 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[?,64],f32>
    %213 = "aweigh.weight"() {name = "model.layers.1.mlp.shared_expert.gate_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %214 = torch.aten.linear %212, %213, %none : !torch.vtensor<[?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[?,32],f32>
    %215 = torch.aten.silu %214 : !torch.vtensor<[?,32],f32> -> !torch.vtensor<[?,32],f32>
    %216 = "aweigh.weight"() {name = "model.layers.1.mlp.shared_expert.up_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %217 = torch.aten.linear %212, %216, %none : !torch.vtensor<[?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[?,32],f32>
    %218 = torch.aten.mul.Tensor %215, %217 : !torch.vtensor<[?,32],f32>, !torch.vtensor<[?,32],f32> -> !torch.vtensor<[?,32],f32>
    %219 = "aweigh.weight"() {name = "model.layers.1.mlp.shared_expert.down_proj.weight"} : () -> !torch.vtensor<[64,32],f32>
    %220 = torch.aten.linear %218, %219, %none : !torch.vtensor<[?,32],f32>, !torch.vtensor<[64,32],f32>, !torch.none -> !torch.vtensor<[?,64],f32>
    %221 = "aweigh.weight"() {name = "model.layers.1.mlp.gate.weight"} : () -> !torch.vtensor<[4,64],f32>
    %222 = torch.aten.linear %212, %221, %none : !torch.vtensor<[?,64],f32>, !torch.vtensor<[4,64],f32>, !torch.none -> !torch.vtensor<[?,4],f32>
    %223 = torch.aten.softmax.int %222, %int-1, %int6 : !torch.vtensor<[?,4],f32>, !torch.int, !torch.int -> !torch.vtensor<[?,4],f32>
    %values_0, %indices_1 = torch.aten.topk %223, %int2, %int-1, %true, %true : !torch.vtensor<[?,4],f32>, !torch.int, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[?,2],f32>, !torch.vtensor<[?,2],si64>
    %224 = torch.aten.sum.dim_IntList %values_0, %12, %true, %none : !torch.vtensor<[?,2],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[?,1],f32>
    %225 = torch.aten.div.Tensor %values_0, %224 : !torch.vtensor<[?,2],f32>, !torch.vtensor<[?,1],f32> -> !torch.vtensor<[?,2],f32>
    %226 = "aweigh.weight"() {name = "model.layers.1.mlp.experts.gate_up_proj"} : () -> !torch.vtensor<[4,64,64],f32>
    %227 = "aweigh.weight"() {name = "model.layers.1.mlp.experts.down_proj"} : () -> !torch.vtensor<[4,64,32],f32>
    %228 = torch.operator "torch.aweigh.experts"(%212, %indices_1, %225, %226, %227, %none, %none, %str, %false, %false, %none, %none) : (!torch.vtensor<[?,64],f32>, !torch.vtensor<[?,2],si64>, !torch.vtensor<[?,2],f32>, !torch.vtensor<[4,64,64],f32>, !torch.vtensor<[4,64,32],f32>, !torch.none, !torch.none, !torch.str, !torch.bool, !torch.bool, !torch.none, !torch.none) -> !torch.vtensor<[?,64],f32> 
    %229 = "aweigh.weight"() {name = "model.layers.1.mlp.shared_expert_gate.weight"} : () -> !torch.vtensor<[1,64],f32>
    %230 = torch.aten.linear %212, %229, %none : !torch.vtensor<[?,64],f32>, !torch.vtensor<[1,64],f32>, !torch.none -> !torch.vtensor<[?,1],f32>
    %231 = torch.aten.sigmoid %230 : !torch.vtensor<[?,1],f32> -> !torch.vtensor<[?,1],f32>
    %232 = torch.aten.mul.Tensor %231, %220 : !torch.vtensor<[?,1],f32>, !torch.vtensor<[?,64],f32> -> !torch.vtensor<[?,64],f32>
    %233 = torch.aten.add.Tensor %228, %232, %int1 : !torch.vtensor<[?,64],f32>, !torch.vtensor<[?,64],f32>, !torch.int -> !torch.vtensor<[?,64],f32>
    %234 = torch.aten.reshape %233, %128 : !torch.vtensor<[?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %235 = torch.aten.add.Tensor %203, %234, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %236 = torch.aten.pow.Tensor_Scalar %235, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %237 = torch.aten.mean.dim %236, %12, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %238 = torch.aten.add.Scalar %237, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %239 = torch.aten.rsqrt %238 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %240 = torch.aten.mul.Tensor %235, %239 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %241 = "aweigh.weight"() {name = "model.norm.weight"} : () -> !torch.vtensor<[64],f32>
    %242 = torch.aten.add.Scalar %241, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %243 = torch.aten.mul.Tensor %240, %242 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %244 = torch.prim.ListConstruct %none, %arg2 : (!torch.none, !torch.vtensor<[?],si64>) -> !torch.list<optional<vtensor>>
    %245 = torch.aten.index.Tensor %243, %244 : !torch.vtensor<[1,?,64],f32>, !torch.list<optional<vtensor>> -> !torch.vtensor<[1,?,64],f32>
    %246 = "aweigh.weight"() {name = "lm_head.weight"} : () -> !torch.vtensor<[256,64],f32>
    %247 = torch.aten.linear %245, %246, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[256,64],f32>, !torch.none -> !torch.vtensor<[1,?,256],f32>
    return %247 : !torch.vtensor<[1,?,256],f32>
  }
}
