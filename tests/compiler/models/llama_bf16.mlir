module {
  func.func @main(%arg0: !torch.vtensor<[1,?],si64>, %arg1: !torch.vtensor<[1,?],si64>, %arg2: !torch.vtensor<[?],si64>) -> !torch.vtensor<[1,?,256],bf16> attributes {torch.assume_strict_symbolic_shapes} {
    %float2.500000e-01 = torch.constant.float 2.500000e-01
    %int9223372036854775807 = torch.constant.int 9223372036854775807
    %int8 = torch.constant.int 8
    %int0 = torch.constant.int 0
    %int3 = torch.constant.int 3
    %int16 = torch.constant.int 16
    %float9.999990e-07 = torch.constant.float 9.9999999999999995E-7
    %true = torch.constant.bool true
    %int15 = torch.constant.int 15
    %none = torch.constant.none
    %int6 = torch.constant.int 6
    %int2 = torch.constant.int 2
    %false = torch.constant.bool false
    %int-1 = torch.constant.int -1
    %int1 = torch.constant.int 1
    %0 = torch.aten.size.int %arg1, %int1 : !torch.vtensor<[1,?],si64>, !torch.int -> !torch.int
    %1 = "aweigh.weight"() {name = "model.embed_tokens.weight"} : () -> !torch.vtensor<[256,64],bf16>
    %2 = torch.aten.embedding %1, %arg0, %int-1, %false, %false : !torch.vtensor<[256,64],bf16>, !torch.vtensor<[1,?],si64>, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[1,?,64],bf16>
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
    %17 = torch.aten.add.Scalar %16, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %18 = torch.aten.rsqrt %17 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %19 = torch.aten.mul.Tensor %13, %18 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %20 = torch.aten._to_copy %19, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %21 = "aweigh.weight"() {name = "model.layers.0.input_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %22 = torch.aten.mul.Tensor %21, %20 : !torch.vtensor<[64],bf16>, !torch.vtensor<[1,?,64],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %23 = "aweigh.weight"() {name = "model.layers.0.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],bf16>
    %24 = torch.aten.linear %22, %23, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[64,64],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %25 = torch.prim.ListConstruct %int1, %0, %int-1, %int16 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %26 = torch.aten.reshape %24, %25 : !torch.vtensor<[1,?,64],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],bf16>
    %27 = torch.aten.transpose.int %26, %int1, %int2 : !torch.vtensor<[1,?,4,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %28 = "aweigh.weight"() {name = "model.layers.0.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],bf16>
    %29 = torch.aten.linear %22, %28, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[32,64],bf16>, !torch.none -> !torch.vtensor<[1,?,32],bf16>
    %30 = torch.aten.reshape %29, %25 : !torch.vtensor<[1,?,32],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],bf16>
    %31 = torch.aten.transpose.int %30, %int1, %int2 : !torch.vtensor<[1,?,2,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %32 = "aweigh.weight"() {name = "model.layers.0.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],bf16>
    %33 = torch.aten.linear %22, %32, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[32,64],bf16>, !torch.none -> !torch.vtensor<[1,?,32],bf16>
    %34 = torch.aten.reshape %33, %25 : !torch.vtensor<[1,?,32],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],bf16>
    %35 = torch.aten.transpose.int %34, %int1, %int2 : !torch.vtensor<[1,?,2,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %36 = torch.aten.unsqueeze %11, %int1 : !torch.vtensor<[1,?,16],bf16>, !torch.int -> !torch.vtensor<[1,1,?,16],bf16>
    %37 = torch.aten.unsqueeze %12, %int1 : !torch.vtensor<[1,?,16],bf16>, !torch.int -> !torch.vtensor<[1,1,?,16],bf16>
    %38 = torch.aten.mul.Tensor %27, %36 : !torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,4,?,16],bf16>
    %39 = torch.aten.slice.Tensor %27, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,4,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],bf16>
    %40 = torch.aten.slice.Tensor %27, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],bf16>
    %41 = torch.aten.neg %40 : !torch.vtensor<[1,4,?,8],bf16> -> !torch.vtensor<[1,4,?,8],bf16>
    %42 = torch.prim.ListConstruct %41, %39 : (!torch.vtensor<[1,4,?,8],bf16>, !torch.vtensor<[1,4,?,8],bf16>) -> !torch.list<vtensor>
    %43 = torch.aten.cat %42, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %44 = torch.aten.mul.Tensor %43, %37 : !torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,4,?,16],bf16>
    %45 = torch.aten.add.Tensor %38, %44, %int1 : !torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,4,?,16],bf16>, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %46 = torch.aten.mul.Tensor %31, %36 : !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,2,?,16],bf16>
    %47 = torch.aten.slice.Tensor %31, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,2,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],bf16>
    %48 = torch.aten.slice.Tensor %31, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],bf16>
    %49 = torch.aten.neg %48 : !torch.vtensor<[1,2,?,8],bf16> -> !torch.vtensor<[1,2,?,8],bf16>
    %50 = torch.prim.ListConstruct %49, %47 : (!torch.vtensor<[1,2,?,8],bf16>, !torch.vtensor<[1,2,?,8],bf16>) -> !torch.list<vtensor>
    %51 = torch.aten.cat %50, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %52 = torch.aten.mul.Tensor %51, %37 : !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,2,?,16],bf16>
    %53 = torch.aten.add.Tensor %46, %52, %int1 : !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %54 = torch.operator "torch.aweigh.attend"(%45, %53, %35, %none, %none, %none, %none, %none, %none, %int0, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],bf16> 
    %55 = torch.prim.ListConstruct %int1, %0, %int-1 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %56 = torch.aten.reshape %54, %55 : !torch.vtensor<[1,?,4,16],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,64],bf16>
    %57 = "aweigh.weight"() {name = "model.layers.0.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],bf16>
    %58 = torch.aten.linear %56, %57, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[64,64],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %59 = torch.aten.add.Tensor %2, %58, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %60 = torch.aten._to_copy %59, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %61 = torch.aten.pow.Tensor_Scalar %60, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %62 = torch.aten.mean.dim %61, %15, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %63 = torch.aten.add.Scalar %62, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %64 = torch.aten.rsqrt %63 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %65 = torch.aten.mul.Tensor %60, %64 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %66 = torch.aten._to_copy %65, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %67 = "aweigh.weight"() {name = "model.layers.0.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %68 = torch.aten.mul.Tensor %67, %66 : !torch.vtensor<[64],bf16>, !torch.vtensor<[1,?,64],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %69 = "aweigh.weight"() {name = "model.layers.0.mlp.gate_proj.weight"} : () -> !torch.vtensor<[128,64],bf16>
    %70 = torch.aten.linear %68, %69, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[128,64],bf16>, !torch.none -> !torch.vtensor<[1,?,128],bf16>
    %71 = torch.aten.silu %70 : !torch.vtensor<[1,?,128],bf16> -> !torch.vtensor<[1,?,128],bf16>
    %72 = "aweigh.weight"() {name = "model.layers.0.mlp.up_proj.weight"} : () -> !torch.vtensor<[128,64],bf16>
    %73 = torch.aten.linear %68, %72, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[128,64],bf16>, !torch.none -> !torch.vtensor<[1,?,128],bf16>
    %74 = torch.aten.mul.Tensor %71, %73 : !torch.vtensor<[1,?,128],bf16>, !torch.vtensor<[1,?,128],bf16> -> !torch.vtensor<[1,?,128],bf16>
    %75 = "aweigh.weight"() {name = "model.layers.0.mlp.down_proj.weight"} : () -> !torch.vtensor<[64,128],bf16>
    %76 = torch.aten.linear %74, %75, %none : !torch.vtensor<[1,?,128],bf16>, !torch.vtensor<[64,128],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %77 = torch.aten.add.Tensor %59, %76, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %78 = torch.aten._to_copy %77, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %79 = torch.aten.pow.Tensor_Scalar %78, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %80 = torch.aten.mean.dim %79, %15, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %81 = torch.aten.add.Scalar %80, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %82 = torch.aten.rsqrt %81 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %83 = torch.aten.mul.Tensor %78, %82 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %84 = torch.aten._to_copy %83, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %85 = "aweigh.weight"() {name = "model.layers.1.input_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %86 = torch.aten.mul.Tensor %85, %84 : !torch.vtensor<[64],bf16>, !torch.vtensor<[1,?,64],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %87 = "aweigh.weight"() {name = "model.layers.1.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],bf16>
    %88 = torch.aten.linear %86, %87, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[64,64],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %89 = torch.aten.reshape %88, %25 : !torch.vtensor<[1,?,64],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],bf16>
    %90 = torch.aten.transpose.int %89, %int1, %int2 : !torch.vtensor<[1,?,4,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %91 = "aweigh.weight"() {name = "model.layers.1.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],bf16>
    %92 = torch.aten.linear %86, %91, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[32,64],bf16>, !torch.none -> !torch.vtensor<[1,?,32],bf16>
    %93 = torch.aten.reshape %92, %25 : !torch.vtensor<[1,?,32],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],bf16>
    %94 = torch.aten.transpose.int %93, %int1, %int2 : !torch.vtensor<[1,?,2,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %95 = "aweigh.weight"() {name = "model.layers.1.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],bf16>
    %96 = torch.aten.linear %86, %95, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[32,64],bf16>, !torch.none -> !torch.vtensor<[1,?,32],bf16>
    %97 = torch.aten.reshape %96, %25 : !torch.vtensor<[1,?,32],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],bf16>
    %98 = torch.aten.transpose.int %97, %int1, %int2 : !torch.vtensor<[1,?,2,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %99 = torch.aten.unsqueeze %11, %int1 : !torch.vtensor<[1,?,16],bf16>, !torch.int -> !torch.vtensor<[1,1,?,16],bf16>
    %100 = torch.aten.unsqueeze %12, %int1 : !torch.vtensor<[1,?,16],bf16>, !torch.int -> !torch.vtensor<[1,1,?,16],bf16>
    %101 = torch.aten.mul.Tensor %90, %99 : !torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,4,?,16],bf16>
    %102 = torch.aten.slice.Tensor %90, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,4,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],bf16>
    %103 = torch.aten.slice.Tensor %90, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],bf16>
    %104 = torch.aten.neg %103 : !torch.vtensor<[1,4,?,8],bf16> -> !torch.vtensor<[1,4,?,8],bf16>
    %105 = torch.prim.ListConstruct %104, %102 : (!torch.vtensor<[1,4,?,8],bf16>, !torch.vtensor<[1,4,?,8],bf16>) -> !torch.list<vtensor>
    %106 = torch.aten.cat %105, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %107 = torch.aten.mul.Tensor %106, %100 : !torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,4,?,16],bf16>
    %108 = torch.aten.add.Tensor %101, %107, %int1 : !torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,4,?,16],bf16>, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %109 = torch.aten.mul.Tensor %94, %99 : !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,2,?,16],bf16>
    %110 = torch.aten.slice.Tensor %94, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,2,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],bf16>
    %111 = torch.aten.slice.Tensor %94, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],bf16>
    %112 = torch.aten.neg %111 : !torch.vtensor<[1,2,?,8],bf16> -> !torch.vtensor<[1,2,?,8],bf16>
    %113 = torch.prim.ListConstruct %112, %110 : (!torch.vtensor<[1,2,?,8],bf16>, !torch.vtensor<[1,2,?,8],bf16>) -> !torch.list<vtensor>
    %114 = torch.aten.cat %113, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %115 = torch.aten.mul.Tensor %114, %100 : !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,2,?,16],bf16>
    %116 = torch.aten.add.Tensor %109, %115, %int1 : !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %117 = torch.operator "torch.aweigh.attend"(%108, %116, %98, %none, %none, %none, %none, %none, %none, %int1, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],bf16> 
    %118 = torch.aten.reshape %117, %55 : !torch.vtensor<[1,?,4,16],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,64],bf16>
    %119 = "aweigh.weight"() {name = "model.layers.1.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],bf16>
    %120 = torch.aten.linear %118, %119, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[64,64],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %121 = torch.aten.add.Tensor %77, %120, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %122 = torch.aten._to_copy %121, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %123 = torch.aten.pow.Tensor_Scalar %122, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %124 = torch.aten.mean.dim %123, %15, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %125 = torch.aten.add.Scalar %124, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %126 = torch.aten.rsqrt %125 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %127 = torch.aten.mul.Tensor %122, %126 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %128 = torch.aten._to_copy %127, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %129 = "aweigh.weight"() {name = "model.layers.1.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %130 = torch.aten.mul.Tensor %129, %128 : !torch.vtensor<[64],bf16>, !torch.vtensor<[1,?,64],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %131 = "aweigh.weight"() {name = "model.layers.1.mlp.gate_proj.weight"} : () -> !torch.vtensor<[128,64],bf16>
    %132 = torch.aten.linear %130, %131, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[128,64],bf16>, !torch.none -> !torch.vtensor<[1,?,128],bf16>
    %133 = torch.aten.silu %132 : !torch.vtensor<[1,?,128],bf16> -> !torch.vtensor<[1,?,128],bf16>
    %134 = "aweigh.weight"() {name = "model.layers.1.mlp.up_proj.weight"} : () -> !torch.vtensor<[128,64],bf16>
    %135 = torch.aten.linear %130, %134, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[128,64],bf16>, !torch.none -> !torch.vtensor<[1,?,128],bf16>
    %136 = torch.aten.mul.Tensor %133, %135 : !torch.vtensor<[1,?,128],bf16>, !torch.vtensor<[1,?,128],bf16> -> !torch.vtensor<[1,?,128],bf16>
    %137 = "aweigh.weight"() {name = "model.layers.1.mlp.down_proj.weight"} : () -> !torch.vtensor<[64,128],bf16>
    %138 = torch.aten.linear %136, %137, %none : !torch.vtensor<[1,?,128],bf16>, !torch.vtensor<[64,128],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %139 = torch.aten.add.Tensor %121, %138, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %140 = torch.aten._to_copy %139, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %141 = torch.aten.pow.Tensor_Scalar %140, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %142 = torch.aten.mean.dim %141, %15, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %143 = torch.aten.add.Scalar %142, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %144 = torch.aten.rsqrt %143 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %145 = torch.aten.mul.Tensor %140, %144 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %146 = torch.aten._to_copy %145, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %147 = "aweigh.weight"() {name = "model.norm.weight"} : () -> !torch.vtensor<[64],bf16>
    %148 = torch.aten.mul.Tensor %147, %146 : !torch.vtensor<[64],bf16>, !torch.vtensor<[1,?,64],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %149 = torch.prim.ListConstruct %none, %arg2 : (!torch.none, !torch.vtensor<[?],si64>) -> !torch.list<optional<vtensor>>
    %150 = torch.aten.index.Tensor %148, %149 : !torch.vtensor<[1,?,64],bf16>, !torch.list<optional<vtensor>> -> !torch.vtensor<[1,?,64],bf16>
    %151 = torch.aten.linear %150, %1, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[256,64],bf16>, !torch.none -> !torch.vtensor<[1,?,256],bf16>
    return %151 : !torch.vtensor<[1,?,256],bf16>
  }
}
