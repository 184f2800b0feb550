module {
  func.func @main(%arg0: !torch.vtensor<[1,?],si64>, %arg1: !torch.vtensor<[1,?],si64>, %arg2: !torch.vtensor<[?],si64>) -> !torch.vtensor<[1,?,256],bf16> attributes {torch.assume_strict_symbolic_shapes} {
    %float6.250000e-02 = torch.constant.float 6.250000e-02
    %float2.500000e-01 = torch.constant.float 2.500000e-01
    %int4 = torch.constant.int 4
    %int9223372036854775807 = torch.constant.int 9223372036854775807
    %int3 = torch.constant.int 3
    %int16 = torch.constant.int 16
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
    %7 = torch.aten.repeat_interleave.self_int %6, %int2, %int-1, %none : !torch.vtensor<[1,?,8],f32>, !torch.int, !torch.int, !torch.none -> !torch.vtensor<[1,?,16],f32>
    %8 = torch.aten.cos %7 : !torch.vtensor<[1,?,16],f32> -> !torch.vtensor<[1,?,16],f32>
    %9 = torch.aten.sin %7 : !torch.vtensor<[1,?,16],f32> -> !torch.vtensor<[1,?,16],f32>
    %10 = torch.aten._to_copy %8, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,16],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,16],bf16>
    %11 = torch.aten._to_copy %9, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,16],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,16],bf16>
    %12 = torch.aten._to_copy %2, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %13 = torch.prim.ListConstruct %int-1 : (!torch.int) -> !torch.list<int>
    %14 = torch.aten.mean.dim %12, %13, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %15 = torch.aten.sub.Tensor %12, %14, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %16 = torch.aten.pow.Tensor_Scalar %15, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %17 = torch.aten.mean.dim %16, %13, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %18 = torch.aten.sub.Tensor %12, %14, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %19 = torch.aten.add.Scalar %17, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %20 = torch.aten.rsqrt %19 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %21 = torch.aten.mul.Tensor %18, %20 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %22 = "aweigh.weight"() {name = "model.layers.0.input_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %23 = torch.aten._to_copy %22, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[64],f32>
    %24 = torch.aten.mul.Tensor %23, %21 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %25 = torch.aten._to_copy %24, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %26 = "aweigh.weight"() {name = "model.layers.0.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],bf16>
    %27 = torch.aten.linear %25, %26, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[64,64],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %28 = torch.prim.ListConstruct %int1, %0, %int-1, %int16 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %29 = torch.aten.reshape %27, %28 : !torch.vtensor<[1,?,64],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],bf16>
    %30 = "aweigh.weight"() {name = "model.layers.0.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],bf16>
    %31 = torch.aten.linear %25, %30, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[32,64],bf16>, !torch.none -> !torch.vtensor<[1,?,32],bf16>
    %32 = torch.aten.reshape %31, %28 : !torch.vtensor<[1,?,32],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],bf16>
    %33 = "aweigh.weight"() {name = "model.layers.0.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],bf16>
    %34 = torch.aten.linear %25, %33, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[32,64],bf16>, !torch.none -> !torch.vtensor<[1,?,32],bf16>
    %35 = torch.aten.reshape %34, %28 : !torch.vtensor<[1,?,32],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],bf16>
    %36 = torch.aten.transpose.int %29, %int1, %int2 : !torch.vtensor<[1,?,4,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %37 = torch.aten.transpose.int %32, %int1, %int2 : !torch.vtensor<[1,?,2,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %38 = torch.aten.transpose.int %35, %int1, %int2 : !torch.vtensor<[1,?,2,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %39 = torch.aten._to_copy %36, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,4,?,16],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,4,?,16],f32>
    %40 = torch.aten._to_copy %37, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,2,?,16],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,2,?,16],f32>
    %41 = torch.aten.unsqueeze %10, %int1 : !torch.vtensor<[1,?,16],bf16>, !torch.int -> !torch.vtensor<[1,1,?,16],bf16>
    %42 = torch.aten.unsqueeze %11, %int1 : !torch.vtensor<[1,?,16],bf16>, !torch.int -> !torch.vtensor<[1,1,?,16],bf16>
    %43 = torch.aten.mul.Tensor %39, %41 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,4,?,16],f32>
    %44 = torch.aten.slice.Tensor %39, %int3, %int0, %int9223372036854775807, %int2 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %45 = torch.aten.slice.Tensor %39, %int3, %int1, %int9223372036854775807, %int2 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %46 = torch.aten.neg %45 : !torch.vtensor<[1,4,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %47 = torch.prim.ListConstruct %46, %44 : (!torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>) -> !torch.list<vtensor>
    %48 = torch.aten.stack %47, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,8,2],f32>
    %49 = torch.prim.ListConstruct %int1, %int4, %0, %int16 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %50 = torch.aten.reshape %48, %49 : !torch.vtensor<[1,4,?,8,2],f32>, !torch.list<int> -> !torch.vtensor<[1,4,?,16],f32>
    %51 = torch.aten.mul.Tensor %50, %42 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,4,?,16],f32>
    %52 = torch.aten.add.Tensor %43, %51, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %53 = torch.aten.mul.Tensor %40, %41 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,2,?,16],f32>
    %54 = torch.aten.slice.Tensor %40, %int3, %int0, %int9223372036854775807, %int2 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %55 = torch.aten.slice.Tensor %40, %int3, %int1, %int9223372036854775807, %int2 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %56 = torch.aten.neg %55 : !torch.vtensor<[1,2,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %57 = torch.prim.ListConstruct %56, %54 : (!torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>) -> !torch.list<vtensor>
    %58 = torch.aten.stack %57, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,8,2],f32>
    %59 = torch.prim.ListConstruct %int1, %int2, %0, %int16 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %60 = torch.aten.reshape %58, %59 : !torch.vtensor<[1,2,?,8,2],f32>, !torch.list<int> -> !torch.vtensor<[1,2,?,16],f32>
    %61 = torch.aten.mul.Tensor %60, %42 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,2,?,16],f32>
    %62 = torch.aten.add.Tensor %53, %61, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %63 = torch.aten._to_copy %52, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,4,?,16],bf16>
    %64 = torch.aten._to_copy %62, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,2,?,16],bf16>
    %65 = torch.operator "torch.aweigh.attend"(%63, %64, %38, %none, %none, %none, %none, %none, %none, %int0, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],bf16> 
    %66 = torch.prim.ListConstruct %int1, %0, %int-1 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %67 = torch.aten.reshape %65, %66 : !torch.vtensor<[1,?,4,16],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,64],bf16>
    %68 = "aweigh.weight"() {name = "model.layers.0.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],bf16>
    %69 = torch.aten.linear %67, %68, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[64,64],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %70 = "aweigh.weight"() {name = "model.layers.0.mlp.gate_proj.weight"} : () -> !torch.vtensor<[128,64],bf16>
    %71 = torch.aten.linear %25, %70, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[128,64],bf16>, !torch.none -> !torch.vtensor<[1,?,128],bf16>
    %72 = torch.aten.silu %71 : !torch.vtensor<[1,?,128],bf16> -> !torch.vtensor<[1,?,128],bf16>
    %73 = "aweigh.weight"() {name = "model.layers.0.mlp.up_proj.weight"} : () -> !torch.vtensor<[128,64],bf16>
    %74 = torch.aten.linear %25, %73, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[128,64],bf16>, !torch.none -> !torch.vtensor<[1,?,128],bf16>
    %75 = torch.aten.mul.Tensor %72, %74 : !torch.vtensor<[1,?,128],bf16>, !torch.vtensor<[1,?,128],bf16> -> !torch.vtensor<[1,?,128],bf16>
    %76 = "aweigh.weight"() {name = "model.layers.0.mlp.down_proj.weight"} : () -> !torch.vtensor<[64,128],bf16>
    %77 = torch.aten.linear %75, %76, %none : !torch.vtensor<[1,?,128],bf16>, !torch.vtensor<[64,128],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %78 = torch.aten.add.Tensor %2, %69, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %79 = torch.aten.add.Tensor %78, %77, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %80 = torch.aten._to_copy %79, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %81 = torch.aten.mean.dim %80, %13, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %82 = torch.aten.sub.Tensor %80, %81, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %83 = torch.aten.pow.Tensor_Scalar %82, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %84 = torch.aten.mean.dim %83, %13, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %85 = torch.aten.sub.Tensor %80, %81, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %86 = torch.aten.add.Scalar %84, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %87 = torch.aten.rsqrt %86 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %88 = torch.aten.mul.Tensor %85, %87 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %89 = "aweigh.weight"() {name = "model.layers.1.input_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %90 = torch.aten._to_copy %89, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[64],f32>
    %91 = torch.aten.mul.Tensor %90, %88 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %92 = torch.aten._to_copy %91, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %93 = "aweigh.weight"() {name = "model.layers.1.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],bf16>
    %94 = torch.aten.linear %92, %93, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[64,64],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %95 = torch.aten.reshape %94, %28 : !torch.vtensor<[1,?,64],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],bf16>
    %96 = "aweigh.weight"() {name = "model.layers.1.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],bf16>
    %97 = torch.aten.linear %92, %96, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[32,64],bf16>, !torch.none -> !torch.vtensor<[1,?,32],bf16>
    %98 = torch.aten.reshape %97, %28 : !torch.vtensor<[1,?,32],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],bf16>
    %99 = "aweigh.weight"() {name = "model.layers.1.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],bf16>
    %100 = torch.aten.linear %92, %99, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[32,64],bf16>, !torch.none -> !torch.vtensor<[1,?,32],bf16>
    %101 = torch.aten.reshape %100, %28 : !torch.vtensor<[1,?,32],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],bf16>
    %102 = torch.aten.transpose.int %95, %int1, %int2 : !torch.vtensor<[1,?,4,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %103 = torch.aten.transpose.int %98, %int1, %int2 : !torch.vtensor<[1,?,2,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %104 = torch.aten.transpose.int %101, %int1, %int2 : !torch.vtensor<[1,?,2,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %105 = torch.aten._to_copy %102, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,4,?,16],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,4,?,16],f32>
    %106 = torch.aten._to_copy %103, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,2,?,16],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,2,?,16],f32>
    %107 = torch.aten.unsqueeze %10, %int1 : !torch.vtensor<[1,?,16],bf16>, !torch.int -> !torch.vtensor<[1,1,?,16],bf16>
    %108 = torch.aten.unsqueeze %11, %int1 : !torch.vtensor<[1,?,16],bf16>, !torch.int -> !torch.vtensor<[1,1,?,16],bf16>
    %109 = torch.aten.mul.Tensor %105, %107 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,4,?,16],f32>
    %110 = torch.aten.slice.Tensor %105, %int3, %int0, %int9223372036854775807, %int2 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %111 = torch.aten.slice.Tensor %105, %int3, %int1, %int9223372036854775807, %int2 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %112 = torch.aten.neg %111 : !torch.vtensor<[1,4,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %113 = torch.prim.ListConstruct %112, %110 : (!torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>) -> !torch.list<vtensor>
    %114 = torch.aten.stack %113, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,8,2],f32>
    %115 = torch.aten.reshape %114, %49 : !torch.vtensor<[1,4,?,8,2],f32>, !torch.list<int> -> !torch.vtensor<[1,4,?,16],f32>
    %116 = torch.aten.mul.Tensor %115, %108 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,4,?,16],f32>
    %117 = torch.aten.add.Tensor %109, %116, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %118 = torch.aten.mul.Tensor %106, %107 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,2,?,16],f32>
    %119 = torch.aten.slice.Tensor %106, %int3, %int0, %int9223372036854775807, %int2 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %120 = torch.aten.slice.Tensor %106, %int3, %int1, %int9223372036854775807, %int2 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %121 = torch.aten.neg %120 : !torch.vtensor<[1,2,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %122 = torch.prim.ListConstruct %121, %119 : (!torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>) -> !torch.list<vtensor>
    %123 = torch.aten.stack %122, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,8,2],f32>
    %124 = torch.aten.reshape %123, %59 : !torch.vtensor<[1,2,?,8,2],f32>, !torch.list<int> -> !torch.vtensor<[1,2,?,16],f32>
    %125 = torch.aten.mul.Tensor %124, %108 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,2,?,16],f32>
    %126 = torch.aten.add.Tensor %118, %125, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %127 = torch.aten._to_copy %117, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,4,?,16],bf16>
    %128 = torch.aten._to_copy %126, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,2,?,16],bf16>
    %129 = torch.operator "torch.aweigh.attend"(%127, %128, %104, %none, %none, %none, %none, %none, %none, %int1, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],bf16> 
    %130 = torch.aten.reshape %129, %66 : !torch.vtensor<[1,?,4,16],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,64],bf16>
    %131 = "aweigh.weight"() {name = "model.layers.1.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],bf16>
    %132 = torch.aten.linear %130, %131, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[64,64],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %133 = "aweigh.weight"() {name = "model.layers.1.mlp.gate_proj.weight"} : () -> !torch.vtensor<[128,64],bf16>
    %134 = torch.aten.linear %92, %133, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[128,64],bf16>, !torch.none -> !torch.vtensor<[1,?,128],bf16>
    %135 = torch.aten.silu %134 : !torch.vtensor<[1,?,128],bf16> -> !torch.vtensor<[1,?,128],bf16>
    %136 = "aweigh.weight"() {name = "model.layers.1.mlp.up_proj.weight"} : () -> !torch.vtensor<[128,64],bf16>
    %137 = torch.aten.linear %92, %136, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[128,64],bf16>, !torch.none -> !torch.vtensor<[1,?,128],bf16>
    %138 = torch.aten.mul.Tensor %135, %137 : !torch.vtensor<[1,?,128],bf16>, !torch.vtensor<[1,?,128],bf16> -> !torch.vtensor<[1,?,128],bf16>
    %139 = "aweigh.weight"() {name = "model.layers.1.mlp.down_proj.weight"} : () -> !torch.vtensor<[64,128],bf16>
    %140 = torch.aten.linear %138, %139, %none : !torch.vtensor<[1,?,128],bf16>, !torch.vtensor<[64,128],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %141 = torch.aten.add.Tensor %79, %132, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %142 = torch.aten.add.Tensor %141, %140, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %143 = torch.aten._to_copy %142, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %144 = torch.aten.mean.dim %143, %13, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %145 = torch.aten.sub.Tensor %143, %144, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %146 = torch.aten.pow.Tensor_Scalar %145, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %147 = torch.aten.mean.dim %146, %13, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %148 = torch.aten.sub.Tensor %143, %144, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %149 = torch.aten.add.Scalar %147, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %150 = torch.aten.rsqrt %149 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %151 = torch.aten.mul.Tensor %148, %150 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %152 = "aweigh.weight"() {name = "model.norm.weight"} : () -> !torch.vtensor<[64],bf16>
    %153 = torch.aten._to_copy %152, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[64],f32>
    %154 = torch.aten.mul.Tensor %153, %151 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %155 = torch.aten._to_copy %154, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %156 = torch.prim.ListConstruct %none, %arg2 : (!torch.none, !torch.vtensor<[?],si64>) -> !torch.list<optional<vtensor>>
    %157 = torch.aten.index.Tensor %155, %156 : !torch.vtensor<[1,?,64],bf16>, !torch.list<optional<vtensor>> -> !torch.vtensor<[1,?,64],bf16>
    %158 = torch.aten.linear %157, %1, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[256,64],bf16>, !torch.none -> !torch.vtensor<[1,?,256],bf16>
    %159 = torch.aten.mul.Scalar %158, %float6.250000e-02 : !torch.vtensor<[1,?,256],bf16>, !torch.float -> !torch.vtensor<[1,?,256],bf16>
    return %159 : !torch.vtensor<[1,?,256],bf16>
  }
}
