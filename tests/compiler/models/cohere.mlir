module {
  func.func @main(%arg0: !torch.vtensor<[1,?],si64>, %arg1: !torch.vtensor<[1,?],si64>, %arg2: !torch.vtensor<[?],si64>) -> !torch.vtensor<[1,?,256],f32> attributes {torch.assume_strict_symbolic_shapes} {
    %float6.250000e-02 = torch.constant.float 6.250000e-02
    %float2.500000e-01 = torch.constant.float 2.500000e-01
    %int4 = torch.constant.int 4
    %int9223372036854775807 = torch.constant.int 9223372036854775807
    %int3 = torch.constant.int 3
    %int16 = torch.constant.int 16
    %float1.000000e-05 = torch.constant.float 1.000000e-05
    %true = torch.constant.bool true
    %int-1 = torch.constant.int -1
    %none = torch.constant.none
    %int6 = torch.constant.int 6
    %int2 = torch.constant.int 2
    %false = torch.constant.bool false
    %int0 = torch.constant.int 0
    %int1 = torch.constant.int 1
    %0 = torch.aten.size.int %arg1, %int1 : !torch.vtensor<[1,?],si64>, !torch.int -> !torch.int
    %1 = "aweigh.weight"() {name = "model.embed_tokens.weight"} : () -> !torch.vtensor<[256,64],f32>
    %2 = torch.aten.embedding %1, %arg0, %int0, %false, %false : !torch.vtensor<[256,64],f32>, !torch.vtensor<[1,?],si64>, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %3 = torch.aten.unsqueeze %arg1, %int2 : !torch.vtensor<[1,?],si64>, !torch.int -> !torch.vtensor<[1,?,1],si64>
    %4 = torch.aten._to_copy %3, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,1],si64>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %5 = "aweigh.weight"() {name = "model.rotary_emb.inv_freq"} : () -> !torch.vtensor<[8],f32>
    %6 = torch.aten.mul.Tensor %4, %5 : !torch.vtensor<[1,?,1],f32>, !torch.vtensor<[8],f32> -> !torch.vtensor<[1,?,8],f32>
    %7 = torch.aten.repeat_interleave.self_int %6, %int2, %int-1, %none : !torch.vtensor<[1,?,8],f32>, !torch.int, !torch.int, !torch.none -> !torch.vtensor<[1,?,16],f32>
    %8 = torch.aten.cos %7 : !torch.vtensor<[1,?,16],f32> -> !torch.vtensor<[1,?,16],f32>
    %9 = torch.aten.sin %7 : !torch.vtensor<[1,?,16],f32> -> !torch.vtensor<[1,?,16],f32>
    %10 = torch.prim.ListConstruct %int-1 : (!torch.int) -> !torch.list<int>
    %11 = torch.aten.mean.dim %2, %10, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %12 = torch.aten.sub.Tensor %2, %11, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %13 = torch.aten.pow.Tensor_Scalar %12, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %14 = torch.aten.mean.dim %13, %10, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %15 = torch.aten.sub.Tensor %2, %11, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %16 = torch.aten.add.Scalar %14, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %17 = torch.aten.rsqrt %16 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %18 = torch.aten.mul.Tensor %15, %17 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %19 = "aweigh.weight"() {name = "model.layers.0.input_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %20 = torch.aten.mul.Tensor %19, %18 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %21 = "aweigh.weight"() {name = "model.layers.0.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %22 = torch.aten.linear %20, %21, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %23 = torch.prim.ListConstruct %int1, %0, %int-1, %int16 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %24 = torch.aten.reshape %22, %23 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %25 = "aweigh.weight"() {name = "model.layers.0.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %26 = torch.aten.linear %20, %25, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %27 = torch.aten.reshape %26, %23 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %28 = "aweigh.weight"() {name = "model.layers.0.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %29 = torch.aten.linear %20, %28, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %30 = torch.aten.reshape %29, %23 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %31 = torch.aten.transpose.int %24, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %32 = torch.aten.transpose.int %27, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %33 = torch.aten.transpose.int %30, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %34 = torch.aten.unsqueeze %8, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %35 = torch.aten.unsqueeze %9, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %36 = torch.aten.mul.Tensor %31, %34 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %37 = torch.aten.slice.Tensor %31, %int3, %int0, %int9223372036854775807, %int2 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %38 = torch.aten.slice.Tensor %31, %int3, %int1, %int9223372036854775807, %int2 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %39 = torch.aten.neg %38 : !torch.vtensor<[1,4,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %40 = torch.prim.ListConstruct %39, %37 : (!torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>) -> !torch.list<vtensor>
    %41 = torch.aten.stack %40, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,8,2],f32>
    %42 = torch.prim.ListConstruct %int1, %int4, %0, %int16 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %43 = torch.aten.reshape %41, %42 : !torch.vtensor<[1,4,?,8,2],f32>, !torch.list<int> -> !torch.vtensor<[1,4,?,16],f32>
    %44 = torch.aten.mul.Tensor %43, %35 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %45 = torch.aten.add.Tensor %36, %44, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %46 = torch.aten.mul.Tensor %32, %34 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %47 = torch.aten.slice.Tensor %32, %int3, %int0, %int9223372036854775807, %int2 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %48 = torch.aten.slice.Tensor %32, %int3, %int1, %int9223372036854775807, %int2 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %49 = torch.aten.neg %48 : !torch.vtensor<[1,2,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %50 = torch.prim.ListConstruct %49, %47 : (!torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>) -> !torch.list<vtensor>
    %51 = torch.aten.stack %50, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,8,2],f32>
    %52 = torch.prim.ListConstruct %int1, %int2, %0, %int16 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %53 = torch.aten.reshape %51, %52 : !torch.vtensor<[1,2,?,8,2],f32>, !torch.list<int> -> !torch.vtensor<[1,2,?,16],f32>
    %54 = torch.aten.mul.Tensor %53, %35 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %55 = torch.aten.add.Tensor %46, %54, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %56 = torch.operator "torch.aweigh.attend"(%45, %55, %33, %none, %none, %none, %none, %none, %none, %int0, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %57 = torch.prim.ListConstruct %int1, %0, %int-1 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %58 = torch.aten.reshape %56, %57 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %59 = "aweigh.weight"() {name = "model.layers.0.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %60 = torch.aten.linear %58, %59, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %61 = "aweigh.weight"() {name = "model.layers.0.mlp.gate_proj.weight"} : () -> !torch.vtensor<[128,64],f32>
    %62 = torch.aten.linear %20, %61, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.none -> !torch.vtensor<[1,?,128],f32>
    %63 = torch.aten.silu %62 : !torch.vtensor<[1,?,128],f32> -> !torch.vtensor<[1,?,128],f32>
    %64 = "aweigh.weight"() {name = "model.layers.0.mlp.up_proj.weight"} : () -> !torch.vtensor<[128,64],f32>
    %65 = torch.aten.linear %20, %64, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.none -> !torch.vtensor<[1,?,128],f32>
    %66 = torch.aten.mul.Tensor %63, %65 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[1,?,128],f32> -> !torch.vtensor<[1,?,128],f32>
    %67 = "aweigh.weight"() {name = "model.layers.0.mlp.down_proj.weight"} : () -> !torch.vtensor<[64,128],f32>
    %68 = torch.aten.linear %66, %67, %none : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[64,128],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %69 = torch.aten.add.Tensor %2, %60, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %70 = torch.aten.add.Tensor %69, %68, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %71 = torch.aten.mean.dim %70, %10, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %72 = torch.aten.sub.Tensor %70, %71, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %73 = torch.aten.pow.Tensor_Scalar %72, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %74 = torch.aten.mean.dim %73, %10, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %75 = torch.aten.sub.Tensor %70, %71, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %76 = torch.aten.add.Scalar %74, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %77 = torch.aten.rsqrt %76 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %78 = torch.aten.mul.Tensor %75, %77 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %79 = "aweigh.weight"() {name = "model.layers.1.input_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %80 = torch.aten.mul.Tensor %79, %78 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %81 = "aweigh.weight"() {name = "model.layers.1.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %82 = torch.aten.linear %80, %81, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %83 = torch.aten.reshape %82, %23 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %84 = "aweigh.weight"() {name = "model.layers.1.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %85 = torch.aten.linear %80, %84, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %86 = torch.aten.reshape %85, %23 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %87 = "aweigh.weight"() {name = "model.layers.1.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %88 = torch.aten.linear %80, %87, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %89 = torch.aten.reshape %88, %23 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %90 = torch.aten.transpose.int %83, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %91 = torch.aten.transpose.int %86, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %92 = torch.aten.transpose.int %89, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %93 = torch.aten.unsqueeze %8, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %94 = torch.aten.unsqueeze %9, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %95 = torch.aten.mul.Tensor %90, %93 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %96 = torch.aten.slice.Tensor %90, %int3, %int0, %int9223372036854775807, %int2 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %97 = torch.aten.slice.Tensor %90, %int3, %int1, %int9223372036854775807, %int2 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %98 = torch.aten.neg %97 : !torch.vtensor<[1,4,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %99 = torch.prim.ListConstruct %98, %96 : (!torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>) -> !torch.list<vtensor>
    %100 = torch.aten.stack %99, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,8,2],f32>
    %101 = torch.aten.reshape %100, %42 : !torch.vtensor<[1,4,?,8,2],f32>, !torch.list<int> -> !torch.vtensor<[1,4,?,16],f32>
    %102 = torch.aten.mul.Tensor %101, %94 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %103 = torch.aten.add.Tensor %95, %102, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %104 = torch.aten.mul.Tensor %91, %93 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %105 = torch.aten.slice.Tensor %91, %int3, %int0, %int9223372036854775807, %int2 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %106 = torch.aten.slice.Tensor %91, %int3, %int1, %int9223372036854775807, %int2 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %107 = torch.aten.neg %106 : !torch.vtensor<[1,2,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %108 = torch.prim.ListConstruct %107, %105 : (!torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>) -> !torch.list<vtensor>
    %109 = torch.aten.stack %108, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,8,2],f32>
    %110 = torch.aten.reshape %109, %52 : !torch.vtensor<[1,2,?,8,2],f32>, !torch.list<int> -> !torch.vtensor<[1,2,?,16],f32>
    %111 = torch.aten.mul.Tensor %110, %94 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %112 = torch.aten.add.Tensor %104, %111, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %113 = torch.operator "torch.aweigh.attend"(%103, %112, %92, %none, %none, %none, %none, %none, %none, %int1, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %114 = torch.aten.reshape %113, %57 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %115 = "aweigh.weight"() {name = "model.layers.1.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %116 = torch.aten.linear %114, %115, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %117 = "aweigh.weight"() {name = "model.layers.1.mlp.gate_proj.weight"} : () -> !torch.vtensor<[128,64],f32>
    %118 = torch.aten.linear %80, %117, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.none -> !torch.vtensor<[1,?,128],f32>
    %119 = torch.aten.silu %118 : !torch.vtensor<[1,?,128],f32> -> !torch.vtensor<[1,?,128],f32>
    %120 = "aweigh.weight"() {name = "model.layers.1.mlp.up_proj.weight"} : () -> !torch.vtensor<[128,64],f32>
    %121 = torch.aten.linear %80, %120, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.none -> !torch.vtensor<[1,?,128],f32>
    %122 = torch.aten.mul.Tensor %119, %121 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[1,?,128],f32> -> !torch.vtensor<[1,?,128],f32>
    %123 = "aweigh.weight"() {name = "model.layers.1.mlp.down_proj.weight"} : () -> !torch.vtensor<[64,128],f32>
    %124 = torch.aten.linear %122, %123, %none : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[64,128],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %125 = torch.aten.add.Tensor %70, %116, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %126 = torch.aten.add.Tensor %125, %124, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %127 = torch.aten.mean.dim %126, %10, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %128 = torch.aten.sub.Tensor %126, %127, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %129 = torch.aten.pow.Tensor_Scalar %128, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %130 = torch.aten.mean.dim %129, %10, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %131 = torch.aten.sub.Tensor %126, %127, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %132 = torch.aten.add.Scalar %130, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %133 = torch.aten.rsqrt %132 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %134 = torch.aten.mul.Tensor %131, %133 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %135 = "aweigh.weight"() {name = "model.norm.weight"} : () -> !torch.vtensor<[64],f32>
    %136 = torch.aten.mul.Tensor %135, %134 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %137 = torch.prim.ListConstruct %none, %arg2 : (!torch.none, !torch.vtensor<[?],si64>) -> !torch.list<optional<vtensor>>
    %138 = torch.aten.index.Tensor %136, %137 : !torch.vtensor<[1,?,64],f32>, !torch.list<optional<vtensor>> -> !torch.vtensor<[1,?,64],f32>
    %139 = torch.aten.linear %138, %1, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[256,64],f32>, !torch.none -> !torch.vtensor<[1,?,256],f32>
    %140 = torch.aten.mul.Scalar %139, %float6.250000e-02 : !torch.vtensor<[1,?,256],f32>, !torch.float -> !torch.vtensor<[1,?,256],f32>
    return %140 : !torch.vtensor<[1,?,256],f32>
  }
}
