module {
  func.func @main(%arg0: !torch.vtensor<[1,?],si64>, %arg1: !torch.vtensor<[1,?],si64>, %arg2: !torch.vtensor<[?],si64>) -> !torch.vtensor<[1,?,256],bf16> attributes {torch.assume_strict_symbolic_shapes} {
    %int128 = torch.constant.int 128
    %float2.500000e-01 = torch.constant.float 2.500000e-01
    %int8 = torch.constant.int 8
    %int3 = torch.constant.int 3
    %int16 = torch.constant.int 16
    %int9223372036854775807 = torch.constant.int 9223372036854775807
    %int96 = torch.constant.int 96
    %int64 = torch.constant.int 64
    %float1.000000e-05 = torch.constant.float 1.000000e-05
    %true = torch.constant.bool true
    %int15 = torch.constant.int 15
    %int-1 = torch.constant.int -1
    %none = torch.constant.none
    %int6 = torch.constant.int 6
    %int2 = torch.constant.int 2
    %false = torch.constant.bool false
    %int0 = torch.constant.int 0
    %int1 = torch.constant.int 1
    %0 = torch.aten.size.int %arg1, %int1 : !torch.vtensor<[1,?],si64>, !torch.int -> !torch.int
    %1 = "aweigh.weight"() {name = "model.embed_tokens.weight"} : () -> !torch.vtensor<[256,64],bf16>
    %2 = torch.aten.embedding %1, %arg0, %int0, %false, %false : !torch.vtensor<[256,64],bf16>, !torch.vtensor<[1,?],si64>, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[1,?,64],bf16>
    %3 = torch.aten.unsqueeze %arg1, %int2 : !torch.vtensor<[1,?],si64>, !torch.int -> !torch.vtensor<[1,?,1],si64>
    %4 = torch.aten._to_copy %3, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,1],si64>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %5 = "aweigh.weight"() {name = "model.rotary_emb.inv_freq"} : () -> !torch.vtensor<[8],f32>
    %6 = torch.aten.mul.Tensor %4, %5 : !torch.vtensor<[1,?,1],f32>, !torch.vtensor<[8],f32> -> !torch.vtensor<[1,?,8],f32>
    %7 = torch.prim.ListConstruct %6, %6 : (!torch.vtensor<[1,?,8],f32>, !torch.vtensor<[1,?,8],f32>) -> !torch.list<vtensor>
    %8 = torch.aten.cat %7, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,?,16],f32>
    %9 = torch.aten.cos %8 : !torch.vtensor<[1,?,16],f32> -> !torch.vtensor<[1,?,16],f32>
    %10 = torch.aten.sin %8 : !torch.vtensor<[1,?,16],f32> -> !torch.vtensor<[1,?,16],f32>
    %11 = torch.aten._to_copy %9, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,16],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,16],bf16>
    %12 = torch.aten._to_copy %10, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,16],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,16],bf16>
    %13 = torch.aten._to_copy %2, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %14 = torch.aten.pow.Tensor_Scalar %13, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %15 = torch.prim.ListConstruct %int-1 : (!torch.int) -> !torch.list<int>
    %16 = torch.aten.mean.dim %14, %15, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %17 = torch.aten.add.Scalar %16, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %18 = torch.aten.rsqrt %17 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %19 = torch.aten.mul.Tensor %13, %18 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %20 = torch.aten._to_copy %19, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %21 = "aweigh.weight"() {name = "model.layers.0.input_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %22 = torch.aten.mul.Tensor %21, %20 : !torch.vtensor<[64],bf16>, !torch.vtensor<[1,?,64],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %23 = "aweigh.weight"() {name = "model.layers.0.self_attn.qkv_proj.weight"} : () -> !torch.vtensor<[128,64],bf16>
    %24 = torch.aten.linear %22, %23, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[128,64],bf16>, !torch.none -> !torch.vtensor<[1,?,128],bf16>
    %25 = torch.aten.slice.Tensor %24, %int2, %int0, %int64, %int1 : !torch.vtensor<[1,?,128],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %26 = torch.aten.slice.Tensor %24, %int2, %int64, %int96, %int1 : !torch.vtensor<[1,?,128],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,?,32],bf16>
    %27 = torch.aten.slice.Tensor %24, %int2, %int96, %int9223372036854775807, %int1 : !torch.vtensor<[1,?,128],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,?,32],bf16>
    %28 = torch.prim.ListConstruct %int1, %0, %int-1, %int16 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %29 = torch.aten.reshape %25, %28 : !torch.vtensor<[1,?,64],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],bf16>
    %30 = torch.aten.transpose.int %29, %int1, %int2 : !torch.vtensor<[1,?,4,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %31 = torch.aten.reshape %26, %28 : !torch.vtensor<[1,?,32],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],bf16>
    %32 = torch.aten.transpose.int %31, %int1, %int2 : !torch.vtensor<[1,?,2,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %33 = torch.aten.reshape %27, %28 : !torch.vtensor<[1,?,32],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],bf16>
    %34 = torch.aten.transpose.int %33, %int1, %int2 : !torch.vtensor<[1,?,2,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %35 = torch.aten.unsqueeze %11, %int1 : !torch.vtensor<[1,?,16],bf16>, !torch.int -> !torch.vtensor<[1,1,?,16],bf16>
    %36 = torch.aten.unsqueeze %12, %int1 : !torch.vtensor<[1,?,16],bf16>, !torch.int -> !torch.vtensor<[1,1,?,16],bf16>
    %37 = torch.aten.mul.Tensor %30, %35 : !torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,4,?,16],bf16>
    %38 = torch.aten.slice.Tensor %30, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,4,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],bf16>
    %39 = torch.aten.slice.Tensor %30, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],bf16>
    %40 = torch.aten.neg %39 : !torch.vtensor<[1,4,?,8],bf16> -> !torch.vtensor<[1,4,?,8],bf16>
    %41 = torch.prim.ListConstruct %40, %38 : (!torch.vtensor<[1,4,?,8],bf16>, !torch.vtensor<[1,4,?,8],bf16>) -> !torch.list<vtensor>
    %42 = torch.aten.cat %41, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %43 = torch.aten.mul.Tensor %42, %36 : !torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,4,?,16],bf16>
    %44 = torch.aten.add.Tensor %37, %43, %int1 : !torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,4,?,16],bf16>, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %45 = torch.aten.mul.Tensor %32, %35 : !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,2,?,16],bf16>
    %46 = torch.aten.slice.Tensor %32, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,2,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],bf16>
    %47 = torch.aten.slice.Tensor %32, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],bf16>
    %48 = torch.aten.neg %47 : !torch.vtensor<[1,2,?,8],bf16> -> !torch.vtensor<[1,2,?,8],bf16>
    %49 = torch.prim.ListConstruct %48, %46 : (!torch.vtensor<[1,2,?,8],bf16>, !torch.vtensor<[1,2,?,8],bf16>) -> !torch.list<vtensor>
    %50 = torch.aten.cat %49, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %51 = torch.aten.mul.Tensor %50, %36 : !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,2,?,16],bf16>
    %52 = torch.aten.add.Tensor %45, %51, %int1 : !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %53 = torch.operator "torch.aweigh.attend"(%44, %52, %34, %none, %none, %none, %none, %none, %none, %int0, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],bf16> 
    %54 = torch.prim.ListConstruct %int1, %0, %int-1 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %55 = torch.aten.reshape %53, %54 : !torch.vtensor<[1,?,4,16],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,64],bf16>
    %56 = "aweigh.weight"() {name = "model.layers.0.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],bf16>
    %57 = torch.aten.linear %55, %56, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[64,64],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %58 = torch.aten.add.Tensor %2, %57, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %59 = torch.aten._to_copy %58, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %60 = torch.aten.pow.Tensor_Scalar %59, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %61 = torch.aten.mean.dim %60, %15, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %62 = torch.aten.add.Scalar %61, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %63 = torch.aten.rsqrt %62 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %64 = torch.aten.mul.Tensor %59, %63 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %65 = torch.aten._to_copy %64, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %66 = "aweigh.weight"() {name = "model.layers.0.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %67 = torch.aten.mul.Tensor %66, %65 : !torch.vtensor<[64],bf16>, !torch.vtensor<[1,?,64],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %68 = "aweigh.weight"() {name = "model.layers.0.mlp.gate_up_proj.weight"} : () -> !torch.vtensor<[256,64],bf16>
    %69 = torch.aten.linear %67, %68, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[256,64],bf16>, !torch.none -> !torch.vtensor<[1,?,256],bf16>
    %70 = torch.aten.split.Tensor %69, %int128, %int-1 : !torch.vtensor<[1,?,256],bf16>, !torch.int, !torch.int -> !torch.list<vtensor>
    %71:2 = torch.prim.ListUnpack %70 : !torch.list<vtensor> -> !torch.vtensor<[1,?,128],bf16>, !torch.vtensor<[1,?,128],bf16>
    %72 = torch.aten.silu %71#0 : !torch.vtensor<[1,?,128],bf16> -> !torch.vtensor<[1,?,128],bf16>
    %73 = torch.aten.mul.Tensor %71#1, %72 : !torch.vtensor<[1,?,128],bf16>, !torch.vtensor<[1,?,128],bf16> -> !torch.vtensor<[1,?,128],bf16>
    %74 = "aweigh.weight"() {name = "model.layers.0.mlp.down_proj.weight"} : () -> !torch.vtensor<[64,128],bf16>
    %75 = torch.aten.linear %73, %74, %none : !torch.vtensor<[1,?,128],bf16>, !torch.vtensor<[64,128],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %76 = torch.aten.add.Tensor %58, %75, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %77 = torch.aten._to_copy %76, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %78 = torch.aten.pow.Tensor_Scalar %77, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %79 = torch.aten.mean.dim %78, %15, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %80 = torch.aten.add.Scalar %79, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %81 = torch.aten.rsqrt %80 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %82 = torch.aten.mul.Tensor %77, %81 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %83 = torch.aten._to_copy %82, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %84 = "aweigh.weight"() {name = "model.layers.1.input_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %85 = torch.aten.mul.Tensor %84, %83 : !torch.vtensor<[64],bf16>, !torch.vtensor<[1,?,64],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %86 = "aweigh.weight"() {name = "model.layers.1.self_attn.qkv_proj.weight"} : () -> !torch.vtensor<[128,64],bf16>
    %87 = torch.aten.linear %85, %86, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[128,64],bf16>, !torch.none -> !torch.vtensor<[1,?,128],bf16>
    %88 = torch.aten.slice.Tensor %87, %int2, %int0, %int64, %int1 : !torch.vtensor<[1,?,128],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %89 = torch.aten.slice.Tensor %87, %int2, %int64, %int96, %int1 : !torch.vtensor<[1,?,128],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,?,32],bf16>
    %90 = torch.aten.slice.Tensor %87, %int2, %int96, %int9223372036854775807, %int1 : !torch.vtensor<[1,?,128],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,?,32],bf16>
    %91 = torch.aten.reshape %88, %28 : !torch.vtensor<[1,?,64],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],bf16>
    %92 = torch.aten.transpose.int %91, %int1, %int2 : !torch.vtensor<[1,?,4,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %93 = torch.aten.reshape %89, %28 : !torch.vtensor<[1,?,32],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],bf16>
    %94 = torch.aten.transpose.int %93, %int1, %int2 : !torch.vtensor<[1,?,2,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %95 = torch.aten.reshape %90, %28 : !torch.vtensor<[1,?,32],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],bf16>
    %96 = torch.aten.transpose.int %95, %int1, %int2 : !torch.vtensor<[1,?,2,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %97 = torch.aten.unsqueeze %11, %int1 : !torch.vtensor<[1,?,16],bf16>, !torch.int -> !torch.vtensor<[1,1,?,16],bf16>
    %98 = torch.aten.unsqueeze %12, %int1 : !torch.vtensor<[1,?,16],bf16>, !torch.int -> !torch.vtensor<[1,1,?,16],bf16>
    %99 = torch.aten.mul.Tensor %92, %97 : !torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,4,?,16],bf16>
    %100 = torch.aten.slice.Tensor %92, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,4,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],bf16>
    %101 = torch.aten.slice.Tensor %92, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],bf16>
    %102 = torch.aten.neg %101 : !torch.vtensor<[1,4,?,8],bf16> -> !torch.vtensor<[1,4,?,8],bf16>
    %103 = torch.prim.ListConstruct %102, %100 : (!torch.vtensor<[1,4,?,8],bf16>, !torch.vtensor<[1,4,?,8],bf16>) -> !torch.list<vtensor>
    %104 = torch.aten.cat %103, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %105 = torch.aten.mul.Tensor %104, %98 : !torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,4,?,16],bf16>
    %106 = torch.aten.add.Tensor %99, %105, %int1 : !torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,4,?,16],bf16>, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %107 = torch.aten.mul.Tensor %94, %97 : !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,2,?,16],bf16>
    %108 = torch.aten.slice.Tensor %94, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,2,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],bf16>
    %109 = torch.aten.slice.Tensor %94, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],bf16>
    %110 = torch.aten.neg %109 : !torch.vtensor<[1,2,?,8],bf16> -> !torch.vtensor<[1,2,?,8],bf16>
    %111 = torch.prim.ListConstruct %110, %108 : (!torch.vtensor<[1,2,?,8],bf16>, !torch.vtensor<[1,2,?,8],bf16>) -> !torch.list<vtensor>
    %112 = torch.aten.cat %111, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %113 = torch.aten.mul.Tensor %112, %98 : !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,2,?,16],bf16>
    %114 = torch.aten.add.Tensor %107, %113, %int1 : !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %115 = torch.operator "torch.aweigh.attend"(%106, %114, %96, %none, %none, %none, %none, %none, %none, %int1, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],bf16> 
    %116 = torch.aten.reshape %115, %54 : !torch.vtensor<[1,?,4,16],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,64],bf16>
    %117 = "aweigh.weight"() {name = "model.layers.1.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],bf16>
    %118 = torch.aten.linear %116, %117, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[64,64],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %119 = torch.aten.add.Tensor %76, %118, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %120 = torch.aten._to_copy %119, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %121 = torch.aten.pow.Tensor_Scalar %120, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %122 = torch.aten.mean.dim %121, %15, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %123 = torch.aten.add.Scalar %122, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %124 = torch.aten.rsqrt %123 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %125 = torch.aten.mul.Tensor %120, %124 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %126 = torch.aten._to_copy %125, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %127 = "aweigh.weight"() {name = "model.layers.1.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %128 = torch.aten.mul.Tensor %127, %126 : !torch.vtensor<[64],bf16>, !torch.vtensor<[1,?,64],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %129 = "aweigh.weight"() {name = "model.layers.1.mlp.gate_up_proj.weight"} : () -> !torch.vtensor<[256,64],bf16>
    %130 = torch.aten.linear %128, %129, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[256,64],bf16>, !torch.none -> !torch.vtensor<[1,?,256],bf16>
    %131 = torch.aten.split.Tensor %130, %int128, %int-1 : !torch.vtensor<[1,?,256],bf16>, !torch.int, !torch.int -> !torch.list<vtensor>
    %132:2 = torch.prim.ListUnpack %131 : !torch.list<vtensor> -> !torch.vtensor<[1,?,128],bf16>, !torch.vtensor<[1,?,128],bf16>
    %133 = torch.aten.silu %132#0 : !torch.vtensor<[1,?,128],bf16> -> !torch.vtensor<[1,?,128],bf16>
    %134 = torch.aten.mul.Tensor %132#1, %133 : !torch.vtensor<[1,?,128],bf16>, !torch.vtensor<[1,?,128],bf16> -> !torch.vtensor<[1,?,128],bf16>
    %135 = "aweigh.weight"() {name = "model.layers.1.mlp.down_proj.weight"} : () -> !torch.vtensor<[64,128],bf16>
    %136 = torch.aten.linear %134, %135, %none : !torch.vtensor<[1,?,128],bf16>, !torch.vtensor<[64,128],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %137 = torch.aten.add.Tensor %119, %136, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %138 = torch.aten._to_copy %137, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %139 = torch.aten.pow.Tensor_Scalar %138, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %140 = torch.aten.mean.dim %139, %15, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %141 = torch.aten.add.Scalar %140, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %142 = torch.aten.rsqrt %141 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %143 = torch.aten.mul.Tensor %138, %142 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %144 = torch.aten._to_copy %143, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %145 = "aweigh.weight"() {name = "model.norm.weight"} : () -> !torch.vtensor<[64],bf16>
    %146 = torch.aten.mul.Tensor %145, %144 : !torch.vtensor<[64],bf16>, !torch.vtensor<[1,?,64],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %147 = torch.prim.ListConstruct %none, %arg2 : (!torch.none, !torch.vtensor<[?],si64>) -> !torch.list<optional<vtensor>>
    %148 = torch.aten.index.Tensor %146, %147 : !torch.vtensor<[1,?,64],bf16>, !torch.list<optional<vtensor>> -> !torch.vtensor<[1,?,64],bf16>
    %149 = "aweigh.weight"() {name = "lm_head.weight"} : () -> !torch.vtensor<[256,64],bf16>
    %150 = torch.aten.linear %148, %149, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[256,64],bf16>, !torch.none -> !torch.vtensor<[1,?,256],bf16>
    return %150 : !torch.vtensor<[1,?,256],bf16>
  }
}
