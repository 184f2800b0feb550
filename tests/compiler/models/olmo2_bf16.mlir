module {
  func.func @main(%arg0: !torch.vtensor<[1,?],si64>, %arg1: !torch.vtensor<[1,?],si64>, %arg2: !torch.vtensor<[?],si64>) -> !torch.vtensor<[1,?,256],bf16> attributes {torch.assume_strict_symbolic_shapes} {
    %float2.500000e-01 = torch.constant.float 2.500000e-01
    %int9223372036854775807 = torch.constant.int 9223372036854775807
    %int8 = torch.constant.int 8
    %int0 = torch.constant.int 0
    %int3 = torch.constant.int 3
    %int16 = torch.constant.int 16
    %int15 = torch.constant.int 15
    %float1.000000e-05 = torch.constant.float 1.000000e-05
    %true = torch.constant.bool true
    %int-1 = torch.constant.int -1
    %none = torch.constant.none
    %int6 = torch.constant.int 6
    %int2 = torch.constant.int 2
    %false = torch.constant.bool false
    %int1 = torch.constant.int 1
    %0 = torch.aten.size.int %arg1, %int1 : !torch.vtensor<[1,?],si64>, !torch.int -> !torch.int
    %1 = "aweigh.weight"() {name = "model.embed_tokens.weight"} : () -> !torch.vtensor<[256,64],bf16>
    %2 = torch.aten.embedding %1, %arg0, %int1, %false, %false : !torch.vtensor<[256,64],bf16>, !torch.vtensor<[1,?],si64>, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[1,?,64],bf16>
    %3 = torch.aten.unsqueeze %arg1, %int2 : !torch.vtensor<[1,?],si64>, !torch.int -> !torch.vtensor<[1,?,1],si64>
    %4 = torch.aten._to_copy %3, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,1],si64>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %5 = "aweigh.weight"() {name = "model.rotary_emb.inv_freq"} : () -> !torch.vtensor<[8],f32>
    %6 = torch.aten.mul.Tensor %4, %5 : !torch.vtensor<[1,?,1],f32>, !torch.vtensor<[8],f32> -> !torch.vtensor<[1,?,8],f32>
    %7 = torch.prim.ListConstruct %6, %6 : (!torch.vtensor<[1,?,8],f32>, !torch.vtensor<[1,?,8],f32>) -> !torch.list<vtensor>
    %8 = torch.aten.cat %7, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,?,16],f32>
    %9 = torch.aten.cos %8 : !torch.vtensor<[1,?,16],f32> -> !torch.vtensor<[1,?,16],f32>
    %10 = torch.aten.sin %8 : !torch.vtensor<[1,?,16],f32> -> !torch.vtensor<[1,?,16],f32>
    %11 = "aweigh.weight"() {name = "model.layers.0.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],bf16>
    %12 = torch.aten.linear %2, %11, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[64,64],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %13 = torch.aten._to_copy %12, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %14 = torch.aten.pow.Tensor_Scalar %13, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %15 = torch.prim.ListConstruct %int-1 : (!torch.int) -> !torch.list<int>
    %16 = torch.aten.mean.dim %14, %15, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %17 = torch.aten.add.Scalar %16, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %18 = torch.aten.rsqrt %17 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %19 = torch.aten.mul.Tensor %13, %18 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %20 = "aweigh.weight"() {name = "model.layers.0.self_attn.q_norm.weight"} : () -> !torch.vtensor<[64],bf16>
    %21 = torch.aten.mul.Tensor %20, %19 : !torch.vtensor<[64],bf16>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %22 = torch.aten._to_copy %21, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %23 = "aweigh.weight"() {name = "model.layers.0.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],bf16>
    %24 = torch.aten.linear %2, %23, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[32,64],bf16>, !torch.none -> !torch.vtensor<[1,?,32],bf16>
    %25 = torch.aten._to_copy %24, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,32],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %26 = torch.aten.pow.Tensor_Scalar %25, %int2 : !torch.vtensor<[1,?,32],f32>, !torch.int -> !torch.vtensor<[1,?,32],f32>
    %27 = torch.aten.mean.dim %26, %15, %true, %none : !torch.vtensor<[1,?,32],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %28 = torch.aten.add.Scalar %27, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %29 = torch.aten.rsqrt %28 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %30 = torch.aten.mul.Tensor %25, %29 : !torch.vtensor<[1,?,32],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,32],f32>
    %31 = "aweigh.weight"() {name = "model.layers.0.self_attn.k_norm.weight"} : () -> !torch.vtensor<[32],bf16>
    %32 = torch.aten.mul.Tensor %31, %30 : !torch.vtensor<[32],bf16>, !torch.vtensor<[1,?,32],f32> -> !torch.vtensor<[1,?,32],f32>
    %33 = torch.aten._to_copy %32, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,32],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,32],bf16>
    %34 = "aweigh.weight"() {name = "model.layers.0.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],bf16>
    %35 = torch.aten.linear %2, %34, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[32,64],bf16>, !torch.none -> !torch.vtensor<[1,?,32],bf16>
    %36 = torch.prim.ListConstruct %int1, %0, %int-1, %int16 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %37 = torch.aten.reshape %22, %36 : !torch.vtensor<[1,?,64],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],bf16>
    %38 = torch.aten.transpose.int %37, %int1, %int2 : !torch.vtensor<[1,?,4,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %39 = torch.aten.reshape %33, %36 : !torch.vtensor<[1,?,32],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],bf16>
    %40 = torch.aten.transpose.int %39, %int1, %int2 : !torch.vtensor<[1,?,2,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %41 = torch.aten.reshape %35, %36 : !torch.vtensor<[1,?,32],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],bf16>
    %42 = torch.aten.transpose.int %41, %int1, %int2 : !torch.vtensor<[1,?,2,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %43 = torch.aten.unsqueeze %9, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %44 = torch.aten.unsqueeze %10, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %45 = torch.aten.mul.Tensor %38, %43 : !torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %46 = torch.aten.slice.Tensor %38, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,4,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],bf16>
    %47 = torch.aten.slice.Tensor %38, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],bf16>
    %48 = torch.aten.neg %47 : !torch.vtensor<[1,4,?,8],bf16> -> !torch.vtensor<[1,4,?,8],bf16>
    %49 = torch.prim.ListConstruct %48, %46 : (!torch.vtensor<[1,4,?,8],bf16>, !torch.vtensor<[1,4,?,8],bf16>) -> !torch.list<vtensor>
    %50 = torch.aten.cat %49, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %51 = torch.aten.mul.Tensor %50, %44 : !torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %52 = torch.aten.add.Tensor %45, %51, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %53 = torch.aten.mul.Tensor %40, %43 : !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %54 = torch.aten.slice.Tensor %40, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,2,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],bf16>
    %55 = torch.aten.slice.Tensor %40, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],bf16>
    %56 = torch.aten.neg %55 : !torch.vtensor<[1,2,?,8],bf16> -> !torch.vtensor<[1,2,?,8],bf16>
    %57 = torch.prim.ListConstruct %56, %54 : (!torch.vtensor<[1,2,?,8],bf16>, !torch.vtensor<[1,2,?,8],bf16>) -> !torch.list<vtensor>
    %58 = torch.aten.cat %57, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %59 = torch.aten.mul.Tensor %58, %44 : !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %60 = torch.aten.add.Tensor %53, %59, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %61 = torch.aten._to_copy %52, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,4,?,16],bf16>
    %62 = torch.aten._to_copy %60, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,2,?,16],bf16>
    %63 = torch.operator "torch.aweigh.attend"(%61, %62, %42, %none, %none, %none, %none, %none, %none, %int0, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],bf16> 
    %64 = torch.prim.ListConstruct %int1, %0, %int-1 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %65 = torch.aten.reshape %63, %64 : !torch.vtensor<[1,?,4,16],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,64],bf16>
    %66 = "aweigh.weight"() {name = "model.layers.0.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],bf16>
    %67 = torch.aten.linear %65, %66, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[64,64],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %68 = torch.aten._to_copy %67, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %69 = torch.aten.pow.Tensor_Scalar %68, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %70 = torch.aten.mean.dim %69, %15, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %71 = torch.aten.add.Scalar %70, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %72 = torch.aten.rsqrt %71 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %73 = torch.aten.mul.Tensor %68, %72 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %74 = "aweigh.weight"() {name = "model.layers.0.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %75 = torch.aten.mul.Tensor %74, %73 : !torch.vtensor<[64],bf16>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %76 = torch.aten._to_copy %75, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %77 = torch.aten.add.Tensor %2, %76, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %78 = "aweigh.weight"() {name = "model.layers.0.mlp.gate_proj.weight"} : () -> !torch.vtensor<[128,64],bf16>
    %79 = torch.aten.linear %77, %78, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[128,64],bf16>, !torch.none -> !torch.vtensor<[1,?,128],bf16>
    %80 = torch.aten.silu %79 : !torch.vtensor<[1,?,128],bf16> -> !torch.vtensor<[1,?,128],bf16>
    %81 = "aweigh.weight"() {name = "model.layers.0.mlp.up_proj.weight"} : () -> !torch.vtensor<[128,64],bf16>
    %82 = torch.aten.linear %77, %81, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[128,64],bf16>, !torch.none -> !torch.vtensor<[1,?,128],bf16>
    %83 = torch.aten.mul.Tensor %80, %82 : !torch.vtensor<[1,?,128],bf16>, !torch.vtensor<[1,?,128],bf16> -> !torch.vtensor<[1,?,128],bf16>
    %84 = "aweigh.weight"() {name = "model.layers.0.mlp.down_proj.weight"} : () -> !torch.vtensor<[64,128],bf16>
    %85 = torch.aten.linear %83, %84, %none : !torch.vtensor<[1,?,128],bf16>, !torch.vtensor<[64,128],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %86 = torch.aten._to_copy %85, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %87 = torch.aten.pow.Tensor_Scalar %86, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %88 = torch.aten.mean.dim %87, %15, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %89 = torch.aten.add.Scalar %88, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %90 = torch.aten.rsqrt %89 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %91 = torch.aten.mul.Tensor %86, %90 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %92 = "aweigh.weight"() {name = "model.layers.0.post_feedforward_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %93 = torch.aten.mul.Tensor %92, %91 : !torch.vtensor<[64],bf16>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %94 = torch.aten._to_copy %93, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %95 = torch.aten.add.Tensor %77, %94, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %96 = "aweigh.weight"() {name = "model.layers.1.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],bf16>
    %97 = torch.aten.linear %95, %96, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[64,64],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %98 = torch.aten._to_copy %97, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %99 = torch.aten.pow.Tensor_Scalar %98, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %100 = torch.aten.mean.dim %99, %15, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %101 = torch.aten.add.Scalar %100, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %102 = torch.aten.rsqrt %101 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %103 = torch.aten.mul.Tensor %98, %102 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %104 = "aweigh.weight"() {name = "model.layers.1.self_attn.q_norm.weight"} : () -> !torch.vtensor<[64],bf16>
    %105 = torch.aten.mul.Tensor %104, %103 : !torch.vtensor<[64],bf16>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %106 = torch.aten._to_copy %105, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %107 = "aweigh.weight"() {name = "model.layers.1.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],bf16>
    %108 = torch.aten.linear %95, %107, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[32,64],bf16>, !torch.none -> !torch.vtensor<[1,?,32],bf16>
    %109 = torch.aten._to_copy %108, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,32],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %110 = torch.aten.pow.Tensor_Scalar %109, %int2 : !torch.vtensor<[1,?,32],f32>, !torch.int -> !torch.vtensor<[1,?,32],f32>
    %111 = torch.aten.mean.dim %110, %15, %true, %none : !torch.vtensor<[1,?,32],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %112 = torch.aten.add.Scalar %111, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %113 = torch.aten.rsqrt %112 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %114 = torch.aten.mul.Tensor %109, %113 : !torch.vtensor<[1,?,32],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,32],f32>
    %115 = "aweigh.weight"() {name = "model.layers.1.self_attn.k_norm.weight"} : () -> !torch.vtensor<[32],bf16>
    %116 = torch.aten.mul.Tensor %115, %114 : !torch.vtensor<[32],bf16>, !torch.vtensor<[1,?,32],f32> -> !torch.vtensor<[1,?,32],f32>
    %117 = torch.aten._to_copy %116, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,32],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,32],bf16>
    %118 = "aweigh.weight"() {name = "model.layers.1.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],bf16>
    %119 = torch.aten.linear %95, %118, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[32,64],bf16>, !torch.none -> !torch.vtensor<[1,?,32],bf16>
    %120 = torch.aten.reshape %106, %36 : !torch.vtensor<[1,?,64],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],bf16>
    %121 = torch.aten.transpose.int %120, %int1, %int2 : !torch.vtensor<[1,?,4,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %122 = torch.aten.reshape %117, %36 : !torch.vtensor<[1,?,32],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],bf16>
    %123 = torch.aten.transpose.int %122, %int1, %int2 : !torch.vtensor<[1,?,2,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %124 = torch.aten.reshape %119, %36 : !torch.vtensor<[1,?,32],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],bf16>
    %125 = torch.aten.transpose.int %124, %int1, %int2 : !torch.vtensor<[1,?,2,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %126 = torch.aten.unsqueeze %9, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %127 = torch.aten.unsqueeze %10, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %128 = torch.aten.mul.Tensor %121, %126 : !torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %129 = torch.aten.slice.Tensor %121, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,4,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],bf16>
    %130 = torch.aten.slice.Tensor %121, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],bf16>
    %131 = torch.aten.neg %130 : !torch.vtensor<[1,4,?,8],bf16> -> !torch.vtensor<[1,4,?,8],bf16>
    %132 = torch.prim.ListConstruct %131, %129 : (!torch.vtensor<[1,4,?,8],bf16>, !torch.vtensor<[1,4,?,8],bf16>) -> !torch.list<vtensor>
    %133 = torch.aten.cat %132, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %134 = torch.aten.mul.Tensor %133, %127 : !torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %135 = torch.aten.add.Tensor %128, %134, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %136 = torch.aten.mul.Tensor %123, %126 : !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %137 = torch.aten.slice.Tensor %123, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,2,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],bf16>
    %138 = torch.aten.slice.Tensor %123, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],bf16>
    %139 = torch.aten.neg %138 : !torch.vtensor<[1,2,?,8],bf16> -> !torch.vtensor<[1,2,?,8],bf16>
    %140 = torch.prim.ListConstruct %139, %137 : (!torch.vtensor<[1,2,?,8],bf16>, !torch.vtensor<[1,2,?,8],bf16>) -> !torch.list<vtensor>
    %141 = torch.aten.cat %140, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %142 = torch.aten.mul.Tensor %141, %127 : !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %143 = torch.aten.add.Tensor %136, %142, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %144 = torch.aten._to_copy %135, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,4,?,16],bf16>
    %145 = torch.aten._to_copy %143, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,2,?,16],bf16>
    %146 = torch.operator "torch.aweigh.attend"(%144, %145, %125, %none, %none, %none, %none, %none, %none, %int1, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],bf16> 
    %147 = torch.aten.reshape %146, %64 : !torch.vtensor<[1,?,4,16],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,64],bf16>
    %148 = "aweigh.weight"() {name = "model.layers.1.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],bf16>
    %149 = torch.aten.linear %147, %148, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[64,64],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %150 = torch.aten._to_copy %149, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %151 = torch.aten.pow.Tensor_Scalar %150, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %152 = torch.aten.mean.dim %151, %15, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %153 = torch.aten.add.Scalar %152, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %154 = torch.aten.rsqrt %153 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %155 = torch.aten.mul.Tensor %150, %154 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %156 = "aweigh.weight"() {name = "model.layers.1.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %157 = torch.aten.mul.Tensor %156, %155 : !torch.vtensor<[64],bf16>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %158 = torch.aten._to_copy %157, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %159 = torch.aten.add.Tensor %95, %158, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %160 = "aweigh.weight"() {name = "model.layers.1.mlp.gate_proj.weight"} : () -> !torch.vtensor<[128,64],bf16>
    %161 = torch.aten.linear %159, %160, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[128,64],bf16>, !torch.none -> !torch.vtensor<[1,?,128],bf16>
    %162 = torch.aten.silu %161 : !torch.vtensor<[1,?,128],bf16> -> !torch.vtensor<[1,?,128],bf16>
    %163 = "aweigh.weight"() {name = "model.layers.1.mlp.up_proj.weight"} : () -> !torch.vtensor<[128,64],bf16>
    %164 = torch.aten.linear %159, %163, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[128,64],bf16>, !torch.none -> !torch.vtensor<[1,?,128],bf16>
    %165 = torch.aten.mul.Tensor %162, %164 : !torch.vtensor<[1,?,128],bf16>, !torch.vtensor<[1,?,128],bf16> -> !torch.vtensor<[1,?,128],bf16>
    %166 = "aweigh.weight"() {name = "model.layers.1.mlp.down_proj.weight"} : () -> !torch.vtensor<[64,128],bf16>
    %167 = torch.aten.linear %165, %166, %none : !torch.vtensor<[1,?,128],bf16>, !torch.vtensor<[64,128],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %168 = torch.aten._to_copy %167, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %169 = torch.aten.pow.Tensor_Scalar %168, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %170 = torch.aten.mean.dim %169, %15, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %171 = torch.aten.add.Scalar %170, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %172 = torch.aten.rsqrt %171 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %173 = torch.aten.mul.Tensor %168, %172 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %174 = "aweigh.weight"() {name = "model.layers.1.post_feedforward_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %175 = torch.aten.mul.Tensor %174, %173 : !torch.vtensor<[64],bf16>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %176 = torch.aten._to_copy %175, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %177 = torch.aten.add.Tensor %159, %176, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %178 = torch.aten._to_copy %177, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %179 = torch.aten.pow.Tensor_Scalar %178, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %180 = torch.aten.mean.dim %179, %15, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %181 = torch.aten.add.Scalar %180, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %182 = torch.aten.rsqrt %181 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %183 = torch.aten.mul.Tensor %178, %182 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %184 = "aweigh.weight"() {name = "model.norm.weight"} : () -> !torch.vtensor<[64],bf16>
    %185 = torch.aten.mul.Tensor %184, %183 : !torch.vtensor<[64],bf16>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %186 = torch.aten._to_copy %185, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %187 = torch.prim.ListConstruct %none, %arg2 : (!torch.none, !torch.vtensor<[?],si64>) -> !torch.list<optional<vtensor>>
    %188 = torch.aten.index.Tensor %186, %187 : !torch.vtensor<[1,?,64],bf16>, !torch.list<optional<vtensor>> -> !torch.vtensor<[1,?,64],bf16>
    %189 = "aweigh.weight"() {name = "lm_head.weight"} : () -> !torch.vtensor<[256,64],bf16>
    %190 = torch.aten.linear %188, %189, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[256,64],bf16>, !torch.none -> !torch.vtensor<[1,?,256],bf16>
    return %190 : !torch.vtensor<[1,?,256],bf16>
  }
}
