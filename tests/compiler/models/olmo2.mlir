module {
  func.func @main(%arg0: !torch.vtensor<[1,?],si64>, %arg1: !torch.vtensor<[1,?],si64>, %arg2: !torch.vtensor<[?],si64>) -> !torch.vtensor<[1,?,256],f32> attributes {torch.assume_strict_symbolic_shapes} {
    %float2.500000e-01 = torch.constant.float 2.500000e-01
    %int9223372036854775807 = torch.constant.int 9223372036854775807
    %int8 = torch.constant.int 8
    %int0 = torch.constant.int 0
    %int3 = torch.constant.int 3
    %int16 = torch.constant.int 16
    %float1.000000e-05 = torch.constant.float 1.000000e-05
    %true = torch.constant.bool true
    %int-1 = torch.constant.int -1
    %none = torch.constant.none
    %int6 = torch.constant.int 6
    %int2 = torch.constant.int 2
    %false = torch.constant.bool false
    %int1 = torch.constant.int 1
    %0 = torch.aten.size.int %arg1, %int1 : !torch.vtensor<[1,?],si64>, !torch.int -> !torch.int
    %1 = "aweigh.weight"() {name = "model.embed_tokens.weight"} : () -> !torch.vtensor<[256,64],f32>
    %2 = torch.aten.embedding %1, %arg0, %int1, %false, %false : !torch.vtensor<[256,64],f32>, !torch.vtensor<[1,?],si64>, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %3 = torch.aten.unsqueeze %arg1, %int2 : !torch.vtensor<[1,?],si64>, !torch.int -> !torch.vtensor<[1,?,1],si64>
    %4 = torch.aten._to_copy %3, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,1],si64>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %5 = "aweigh.weight"() {name = "model.rotary_emb.inv_freq"} : () -> !torch.vtensor<[8],f32>
    %6 = torch.aten.mul.Tensor %4, %5 : !torch.vtensor<[1,?,1],f32>, !torch.vtensor<[8],f32> -> !torch.vtensor<[1,?,8],f32>
    %7 = torch.prim.ListConstruct %6, %6 : (!torch.vtensor<[1,?,8],f32>, !torch.vtensor<[1,?,8],f32>) -> !torch.list<vtensor>
    %8 = torch.aten.cat %7, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,?,16],f32>
    %9 = torch.aten.cos %8 : !torch.vtensor<[1,?,16],f32> -> !torch.vtensor<[1,?,16],f32>
    %10 = torch.aten.sin %8 : !torch.vtensor<[1,?,16],f32> -> !torch.vtensor<[1,?,16],f32>
    %11 = "aweigh.weight"() {name = "model.layers.0.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %12 = torch.aten.linear %2, %11, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %13 = torch.aten.pow.Tensor_Scalar %12, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %14 = torch.prim.ListConstruct %int-1 : (!torch.int) -> !torch.list<int>
    %15 = torch.aten.mean.dim %13, %14, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %16 = torch.aten.add.Scalar %15, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %17 = torch.aten.rsqrt %16 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %18 = torch.aten.mul.Tensor %12, %17 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %19 = "aweigh.weight"() {name = "model.layers.0.self_attn.q_norm.weight"} : () -> !torch.vtensor<[64],f32>
    %20 = torch.aten.mul.Tensor %19, %18 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %21 = "aweigh.weight"() {name = "model.layers.0.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %22 = torch.aten.linear %2, %21, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %23 = torch.aten.pow.Tensor_Scalar %22, %int2 : !torch.vtensor<[1,?,32],f32>, !torch.int -> !torch.vtensor<[1,?,32],f32>
    %24 = torch.aten.mean.dim %23, %14, %true, %none : !torch.vtensor<[1,?,32],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %25 = torch.aten.add.Scalar %24, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %26 = torch.aten.rsqrt %25 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %27 = torch.aten.mul.Tensor %22, %26 : !torch.vtensor<[1,?,32],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,32],f32>
    %28 = "aweigh.weight"() {name = "model.layers.0.self_attn.k_norm.weight"} : () -> !torch.vtensor<[32],f32>
    %29 = torch.aten.mul.Tensor %28, %27 : !torch.vtensor<[32],f32>, !torch.vtensor<[1,?,32],f32> -> !torch.vtensor<[1,?,32],f32>
    %30 = "aweigh.weight"() {name = "model.layers.0.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %31 = torch.aten.linear %2, %30, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %32 = torch.prim.ListConstruct %int1, %0, %int-1, %int16 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %33 = torch.aten.reshape %20, %32 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %34 = torch.aten.transpose.int %33, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %35 = torch.aten.reshape %29, %32 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %36 = torch.aten.transpose.int %35, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %37 = torch.aten.reshape %31, %32 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %38 = torch.aten.transpose.int %37, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %39 = torch.aten.unsqueeze %9, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %40 = torch.aten.unsqueeze %10, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %41 = torch.aten.mul.Tensor %34, %39 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %42 = torch.aten.slice.Tensor %34, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %43 = torch.aten.slice.Tensor %34, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %44 = torch.aten.neg %43 : !torch.vtensor<[1,4,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %45 = torch.prim.ListConstruct %44, %42 : (!torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>) -> !torch.list<vtensor>
    %46 = torch.aten.cat %45, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %47 = torch.aten.mul.Tensor %46, %40 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %48 = torch.aten.add.Tensor %41, %47, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %49 = torch.aten.mul.Tensor %36, %39 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %50 = torch.aten.slice.Tensor %36, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %51 = torch.aten.slice.Tensor %36, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %52 = torch.aten.neg %51 : !torch.vtensor<[1,2,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %53 = torch.prim.ListConstruct %52, %50 : (!torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>) -> !torch.list<vtensor>
    %54 = torch.aten.cat %53, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %55 = torch.aten.mul.Tensor %54, %40 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %56 = torch.aten.add.Tensor %49, %55, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %57 = torch.operator "torch.aweigh.attend"(%48, %56, %38, %none, %none, %none, %none, %none, %none, %int0, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %58 = torch.prim.ListConstruct %int1, %0, %int-1 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %59 = torch.aten.reshape %57, %58 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %60 = "aweigh.weight"() {name = "model.layers.0.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %61 = torch.aten.linear %59, %60, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %62 = torch.aten.pow.Tensor_Scalar %61, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %63 = torch.aten.mean.dim %62, %14, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %64 = torch.aten.add.Scalar %63, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %65 = torch.aten.rsqrt %64 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %66 = torch.aten.mul.Tensor %61, %65 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %67 = "aweigh.weight"() {name = "model.layers.0.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %68 = torch.aten.mul.Tensor %67, %66 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %69 = torch.aten.add.Tensor %2, %68, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %70 = "aweigh.weight"() {name = "model.layers.0.mlp.gate_proj.weight"} : () -> !torch.vtensor<[128,64],f32>
    %71 = torch.aten.linear %69, %70, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.none -> !torch.vtensor<[1,?,128],f32>
    %72 = torch.aten.silu %71 : !torch.vtensor<[1,?,128],f32> -> !torch.vtensor<[1,?,128],f32>
    %73 = "aweigh.weight"() {name = "model.layers.0.mlp.up_proj.weight"} : () -> !torch.vtensor<[128,64],f32>
    %74 = torch.aten.linear %69, %73, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.none -> !torch.vtensor<[1,?,128],f32>
    %75 = torch.aten.mul.Tensor %72, %74 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[1,?,128],f32> -> !torch.vtensor<[1,?,128],f32>
    %76 = "aweigh.weight"() {name = "model.layers.0.mlp.down_proj.weight"} : () -> !torch.vtensor<[64,128],f32>
    %77 = torch.aten.linear %75, %76, %none : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[64,128],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %78 = torch.aten.pow.Tensor_Scalar %77, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %79 = torch.aten.mean.dim %78, %14, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %80 = torch.aten.add.Scalar %79, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %81 = torch.aten.rsqrt %80 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %82 = torch.aten.mul.Tensor %77, %81 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %83 = "aweigh.weight"() {name = "model.layers.0.post_feedforward_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %84 = torch.aten.mul.Tensor %83, %82 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %85 = torch.aten.add.Tensor %69, %84, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %86 = "aweigh.weight"() {name = "model.layers.1.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %87 = torch.aten.linear %85, %86, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %88 = torch.aten.pow.Tensor_Scalar %87, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %89 = torch.aten.mean.dim %88, %14, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %90 = torch.aten.add.Scalar %89, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %91 = torch.aten.rsqrt %90 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %92 = torch.aten.mul.Tensor %87, %91 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %93 = "aweigh.weight"() {name = "model.layers.1.self_attn.q_norm.weight"} : () -> !torch.vtensor<[64],f32>
    %94 = torch.aten.mul.Tensor %93, %92 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %95 = "aweigh.weight"() {name = "model.layers.1.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %96 = torch.aten.linear %85, %95, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %97 = torch.aten.pow.Tensor_Scalar %96, %int2 : !torch.vtensor<[1,?,32],f32>, !torch.int -> !torch.vtensor<[1,?,32],f32>
    %98 = torch.aten.mean.dim %97, %14, %true, %none : !torch.vtensor<[1,?,32],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %99 = torch.aten.add.Scalar %98, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %100 = torch.aten.rsqrt %99 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %101 = torch.aten.mul.Tensor %96, %100 : !torch.vtensor<[1,?,32],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,32],f32>
    %102 = "aweigh.weight"() {name = "model.layers.1.self_attn.k_norm.weight"} : () -> !torch.vtensor<[32],f32>
    %103 = torch.aten.mul.Tensor %102, %101 : !torch.vtensor<[32],f32>, !torch.vtensor<[1,?,32],f32> -> !torch.vtensor<[1,?,32],f32>
    %104 = "aweigh.weight"() {name = "model.layers.1.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %105 = torch.aten.linear %85, %104, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %106 = torch.aten.reshape %94, %32 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %107 = torch.aten.transpose.int %106, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %108 = torch.aten.reshape %103, %32 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %109 = torch.aten.transpose.int %108, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %110 = torch.aten.reshape %105, %32 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %111 = torch.aten.transpose.int %110, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %112 = torch.aten.unsqueeze %9, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %113 = torch.aten.unsqueeze %10, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %114 = torch.aten.mul.Tensor %107, %112 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %115 = torch.aten.slice.Tensor %107, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %116 = torch.aten.slice.Tensor %107, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %117 = torch.aten.neg %116 : !torch.vtensor<[1,4,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %118 = torch.prim.ListConstruct %117, %115 : (!torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>) -> !torch.list<vtensor>
    %119 = torch.aten.cat %118, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %120 = torch.aten.mul.Tensor %119, %113 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %121 = torch.aten.add.Tensor %114, %120, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %122 = torch.aten.mul.Tensor %109, %112 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %123 = torch.aten.slice.Tensor %109, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %124 = torch.aten.slice.Tensor %109, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %125 = torch.aten.neg %124 : !torch.vtensor<[1,2,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %126 = torch.prim.ListConstruct %125, %123 : (!torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>) -> !torch.list<vtensor>
    %127 = torch.aten.cat %126, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %128 = torch.aten.mul.Tensor %127, %113 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %129 = torch.aten.add.Tensor %122, %128, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %130 = torch.operator "torch.aweigh.attend"(%121, %129, %111, %none, %none, %none, %none, %none, %none, %int1, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %131 = torch.aten.reshape %130, %58 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %132 = "aweigh.weight"() {name = "model.layers.1.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %133 = torch.aten.linear %131, %132, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %134 = torch.aten.pow.Tensor_Scalar %133, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %135 = torch.aten.mean.dim %134, %14, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %136 = torch.aten.add.Scalar %135, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %137 = torch.aten.rsqrt %136 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %138 = torch.aten.mul.Tensor %133, %137 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %139 = "aweigh.weight"() {name = "model.layers.1.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %140 = torch.aten.mul.Tensor %139, %138 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %141 = torch.aten.add.Tensor %85, %140, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %142 = "aweigh.weight"() {name = "model.layers.1.mlp.gate_proj.weight"} : () -> !torch.vtensor<[128,64],f32>
    %143 = torch.aten.linear %141, %142, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.none -> !torch.vtensor<[1,?,128],f32>
    %144 = torch.aten.silu %143 : !torch.vtensor<[1,?,128],f32> -> !torch.vtensor<[1,?,128],f32>
    %145 = "aweigh.weight"() {name = "model.layers.1.mlp.up_proj.weight"} : () -> !torch.vtensor<[128,64],f32>
    %146 = torch.aten.linear %141, %145, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.none -> !torch.vtensor<[1,?,128],f32>
    %147 = torch.aten.mul.Tensor %144, %146 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[1,?,128],f32> -> !torch.vtensor<[1,?,128],f32>
    %148 = "aweigh.weight"() {name = "model.layers.1.mlp.down_proj.weight"} : () -> !torch.vtensor<[64,128],f32>
    %149 = torch.aten.linear %147, %148, %none : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[64,128],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %150 = torch.aten.pow.Tensor_Scalar %149, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %151 = torch.aten.mean.dim %150, %14, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %152 = torch.aten.add.Scalar %151, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %153 = torch.aten.rsqrt %152 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %154 = torch.aten.mul.Tensor %149, %153 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %155 = "aweigh.weight"() {name = "model.layers.1.post_feedforward_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %156 = torch.aten.mul.Tensor %155, %154 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %157 = torch.aten.add.Tensor %141, %156, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %158 = torch.aten.pow.Tensor_Scalar %157, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %159 = torch.aten.mean.dim %158, %14, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %160 = torch.aten.add.Scalar %159, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %161 = torch.aten.rsqrt %160 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %162 = torch.aten.mul.Tensor %157, %161 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %163 = "aweigh.weight"() {name = "model.norm.weight"} : () -> !torch.vtensor<[64],f32>
    %164 = torch.aten.mul.Tensor %163, %162 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %165 = torch.prim.ListConstruct %none, %arg2 : (!torch.none, !torch.vtensor<[?],si64>) -> !torch.list<optional<vtensor>>
    %166 = torch.aten.index.Tensor %164, %165 : !torch.vtensor<[1,?,64],f32>, !torch.list<optional<vtensor>> -> !torch.vtensor<[1,?,64],f32>
    %167 = "aweigh.weight"() {name = "lm_head.weight"} : () -> !torch.vtensor<[256,64],f32>
    %168 = torch.aten.linear %166, %167, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[256,64],f32>, !torch.none -> !torch.vtensor<[1,?,256],f32>
    return %168 : !torch.vtensor<[1,?,256],f32>
  }
}
