module {
  func.func @main(%arg0: !torch.vtensor<[1,?],si64>, %arg1: !torch.vtensor<[1,?],si64>, %arg2: !torch.vtensor<[?],si64>) -> !torch.vtensor<[1,?,256],f32> attributes {torch.assume_strict_symbolic_shapes} {
    %float7.978850e-01 = torch.constant.float 0.79788456080286541
    %float4.471500e-02 = torch.constant.float 4.471500e-02
    %float5.000000e-01 = torch.constant.float 5.000000e-01
    %true = torch.constant.bool true
    %float2.500000e-01 = torch.constant.float 2.500000e-01
    %int4 = torch.constant.int 4
    %int9223372036854775807 = torch.constant.int 9223372036854775807
    %int8 = torch.constant.int 8
    %int0 = torch.constant.int 0
    %int3 = torch.constant.int 3
    %int16 = torch.constant.int 16
    %float1.000000e-05 = torch.constant.float 1.000000e-05
    %int64 = torch.constant.int 64
    %float1.000000e00 = torch.constant.float 1.000000e+00
    %int6 = torch.constant.int 6
    %int2 = torch.constant.int 2
    %none = torch.constant.none
    %false = torch.constant.bool false
    %int-1 = torch.constant.int -1
    %int1 = torch.constant.int 1
    %0 = torch.aten.size.int %arg1, %int1 : !torch.vtensor<[1,?],si64>, !torch.int -> !torch.int
    %1 = "aweigh.weight"() {name = "model.embed_tokens.weight"} : () -> !torch.vtensor<[256,64],f32>
    %2 = torch.aten.embedding %1, %arg0, %int-1, %false, %false : !torch.vtensor<[256,64],f32>, !torch.vtensor<[1,?],si64>, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %3 = torch.aten.unsqueeze %arg1, %int2 : !torch.vtensor<[1,?],si64>, !torch.int -> !torch.vtensor<[1,?,1],si64>
    %4 = torch.aten._to_copy %3, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,1],si64>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %5 = "aweigh.weight"() {name = "model.rotary_emb.inv_freq"} : () -> !torch.vtensor<[4],f32>
    %6 = torch.aten.mul.Tensor %4, %5 : !torch.vtensor<[1,?,1],f32>, !torch.vtensor<[4],f32> -> !torch.vtensor<[1,?,4],f32>
    %7 = torch.prim.ListConstruct %6, %6 : (!torch.vtensor<[1,?,4],f32>, !torch.vtensor<[1,?,4],f32>) -> !torch.list<vtensor>
    %8 = torch.aten.cat %7, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,?,8],f32>
    %9 = torch.aten.cos %8 : !torch.vtensor<[1,?,8],f32> -> !torch.vtensor<[1,?,8],f32>
    %10 = torch.aten.sin %8 : !torch.vtensor<[1,?,8],f32> -> !torch.vtensor<[1,?,8],f32>
    %11 = torch.prim.ListConstruct %int64 : (!torch.int) -> !torch.list<int>
    %12 = "aweigh.weight"() {name = "model.layers.0.input_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %13 = "aweigh.weight"() {name = "model.layers.0.input_layernorm.bias"} : () -> !torch.vtensor<[64],f32>
    %14 = torch.aten.layer_norm %2, %11, %12, %13, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %15 = "aweigh.weight"() {name = "model.layers.0.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %16 = "aweigh.weight"() {name = "model.layers.0.self_attn.q_proj.bias"} : () -> !torch.vtensor<[64],f32>
    %17 = torch.aten.linear %14, %15, %16 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %18 = torch.prim.ListConstruct %int1, %0, %int-1, %int16 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %19 = torch.aten.reshape %17, %18 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %20 = torch.aten.transpose.int %19, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %21 = "aweigh.weight"() {name = "model.layers.0.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %22 = "aweigh.weight"() {name = "model.layers.0.self_attn.k_proj.bias"} : () -> !torch.vtensor<[32],f32>
    %23 = torch.aten.linear %14, %21, %22 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.vtensor<[32],f32> -> !torch.vtensor<[1,?,32],f32>
    %24 = torch.aten.reshape %23, %18 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %25 = torch.aten.transpose.int %24, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %26 = "aweigh.weight"() {name = "model.layers.0.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %27 = "aweigh.weight"() {name = "model.layers.0.self_attn.v_proj.bias"} : () -> !torch.vtensor<[32],f32>
    %28 = torch.aten.linear %14, %26, %27 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.vtensor<[32],f32> -> !torch.vtensor<[1,?,32],f32>
    %29 = torch.aten.reshape %28, %18 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %30 = torch.aten.transpose.int %29, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %31 = torch.aten.slice.Tensor %20, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %32 = torch.aten.slice.Tensor %20, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %33 = torch.aten.slice.Tensor %25, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %34 = torch.aten.slice.Tensor %25, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %35 = torch.aten.unsqueeze %9, %int1 : !torch.vtensor<[1,?,8],f32>, !torch.int -> !torch.vtensor<[1,1,?,8],f32>
    %36 = torch.aten.unsqueeze %10, %int1 : !torch.vtensor<[1,?,8],f32>, !torch.int -> !torch.vtensor<[1,1,?,8],f32>
    %37 = torch.aten.mul.Tensor %31, %35 : !torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %38 = torch.aten.slice.Tensor %31, %int3, %int0, %int4, %int1 : !torch.vtensor<[1,4,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
    %39 = torch.aten.slice.Tensor %31, %int3, %int4, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
    %40 = torch.aten.neg %39 : !torch.vtensor<[1,4,?,4],f32> -> !torch.vtensor<[1,4,?,4],f32>
    %41 = torch.prim.ListConstruct %40, %38 : (!torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,4,?,4],f32>) -> !torch.list<vtensor>
    %42 = torch.aten.cat %41, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %43 = torch.aten.mul.Tensor %42, %36 : !torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %44 = torch.aten.add.Tensor %37, %43, %int1 : !torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %45 = torch.aten.mul.Tensor %33, %35 : !torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %46 = torch.aten.slice.Tensor %33, %int3, %int0, %int4, %int1 : !torch.vtensor<[1,2,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,4],f32>
    %47 = torch.aten.slice.Tensor %33, %int3, %int4, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,4],f32>
    %48 = torch.aten.neg %47 : !torch.vtensor<[1,2,?,4],f32> -> !torch.vtensor<[1,2,?,4],f32>
    %49 = torch.prim.ListConstruct %48, %46 : (!torch.vtensor<[1,2,?,4],f32>, !torch.vtensor<[1,2,?,4],f32>) -> !torch.list<vtensor>
    %50 = torch.aten.cat %49, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %51 = torch.aten.mul.Tensor %50, %36 : !torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %52 = torch.aten.add.Tensor %45, %51, %int1 : !torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %53 = torch.prim.ListConstruct %44, %32 : (!torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>) -> !torch.list<vtensor>
    %54 = torch.aten.cat %53, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %55 = torch.prim.ListConstruct %52, %34 : (!torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>) -> !torch.list<vtensor>
    %56 = torch.aten.cat %55, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %57 = torch.operator "torch.aweigh.attend"(%54, %56, %30, %none, %none, %none, %none, %none, %none, %int0, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %58 = torch.prim.ListConstruct %int1, %0, %int-1 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %59 = torch.aten.reshape %57, %58 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %60 = "aweigh.weight"() {name = "model.layers.0.self_attn.dense.weight"} : () -> !torch.vtensor<[64,64],f32>
    %61 = "aweigh.weight"() {name = "model.layers.0.self_attn.dense.bias"} : () -> !torch.vtensor<[64],f32>
    %62 = torch.aten.linear %59, %60, %61 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %63 = "aweigh.weight"() {name = "model.layers.0.mlp.fc1.weight"} : () -> !torch.vtensor<[128,64],f32>
    %64 = "aweigh.weight"() {name = "model.layers.0.mlp.fc1.bias"} : () -> !torch.vtensor<[128],f32>
    %65 = torch.aten.linear %14, %63, %64 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.vtensor<[128],f32> -> !torch.vtensor<[1,?,128],f32>
    %66 = torch.aten.mul.Scalar %65, %float5.000000e-01 : !torch.vtensor<[1,?,128],f32>, !torch.float -> !torch.vtensor<[1,?,128],f32>
    %67 = torch.aten.pow.Tensor_Scalar %65, %int3 : !torch.vtensor<[1,?,128],f32>, !torch.int -> !torch.vtensor<[1,?,128],f32>
    %68 = torch.aten.mul.Scalar %67, %float4.471500e-02 : !torch.vtensor<[1,?,128],f32>, !torch.float -> !torch.vtensor<[1,?,128],f32>
    %69 = torch.aten.add.Tensor %65, %68, %int1 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[1,?,128],f32>, !torch.int -> !torch.vtensor<[1,?,128],f32>
    %70 = torch.aten.mul.Scalar %69, %float7.978850e-01 : !torch.vtensor<[1,?,128],f32>, !torch.float -> !torch.vtensor<[1,?,128],f32>
    %71 = torch.aten.tanh %70 : !torch.vtensor<[1,?,128],f32> -> !torch.vtensor<[1,?,128],f32>
    %72 = torch.aten.add.Scalar %71, %float1.000000e00, %int1 : !torch.vtensor<[1,?,128],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,128],f32>
    %73 = torch.aten.mul.Tensor %66, %72 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[1,?,128],f32> -> !torch.vtensor<[1,?,128],f32>
    %74 = "aweigh.weight"() {name = "model.layers.0.mlp.fc2.weight"} : () -> !torch.vtensor<[64,128],f32>
    %75 = "aweigh.weight"() {name = "model.layers.0.mlp.fc2.bias"} : () -> !torch.vtensor<[64],f32>
    %76 = torch.aten.linear %73, %74, %75 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[64,128],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %77 = torch.aten.add.Tensor %62, %76, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %78 = torch.aten.add.Tensor %77, %2, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %79 = "aweigh.weight"() {name = "model.layers.1.input_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %80 = "aweigh.weight"() {name = "model.layers.1.input_layernorm.bias"} : () -> !torch.vtensor<[64],f32>
    %81 = torch.aten.layer_norm %78, %11, %79, %80, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %82 = "aweigh.weight"() {name = "model.layers.1.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %83 = "aweigh.weight"() {name = "model.layers.1.self_attn.q_proj.bias"} : () -> !torch.vtensor<[64],f32>
    %84 = torch.aten.linear %81, %82, %83 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %85 = torch.aten.reshape %84, %18 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %86 = torch.aten.transpose.int %85, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %87 = "aweigh.weight"() {name = "model.layers.1.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %88 = "aweigh.weight"() {name = "model.layers.1.self_attn.k_proj.bias"} : () -> !torch.vtensor<[32],f32>
    %89 = torch.aten.linear %81, %87, %88 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.vtensor<[32],f32> -> !torch.vtensor<[1,?,32],f32>
    %90 = torch.aten.reshape %89, %18 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %91 = torch.aten.transpose.int %90, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %92 = "aweigh.weight"() {name = "model.layers.1.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %93 = "aweigh.weight"() {name = "model.layers.1.self_attn.v_proj.bias"} : () -> !torch.vtensor<[32],f32>
    %94 = torch.aten.linear %81, %92, %93 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.vtensor<[32],f32> -> !torch.vtensor<[1,?,32],f32>
    %95 = torch.aten.reshape %94, %18 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %96 = torch.aten.transpose.int %95, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %97 = torch.aten.slice.Tensor %86, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %98 = torch.aten.slice.Tensor %86, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %99 = torch.aten.slice.Tensor %91, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %100 = torch.aten.slice.Tensor %91, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %101 = torch.aten.unsqueeze %9, %int1 : !torch.vtensor<[1,?,8],f32>, !torch.int -> !torch.vtensor<[1,1,?,8],f32>
    %102 = torch.aten.unsqueeze %10, %int1 : !torch.vtensor<[1,?,8],f32>, !torch.int -> !torch.vtensor<[1,1,?,8],f32>
    %103 = torch.aten.mul.Tensor %97, %101 : !torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %104 = torch.aten.slice.Tensor %97, %int3, %int0, %int4, %int1 : !torch.vtensor<[1,4,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
    %105 = torch.aten.slice.Tensor %97, %int3, %int4, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
    %106 = torch.aten.neg %105 : !torch.vtensor<[1,4,?,4],f32> -> !torch.vtensor<[1,4,?,4],f32>
    %107 = torch.prim.ListConstruct %106, %104 : (!torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,4,?,4],f32>) -> !torch.list<vtensor>
    %108 = torch.aten.cat %107, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %109 = torch.aten.mul.Tensor %108, %102 : !torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %110 = torch.aten.add.Tensor %103, %109, %int1 : !torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %111 = torch.aten.mul.Tensor %99, %101 : !torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %112 = torch.aten.slice.Tensor %99, %int3, %int0, %int4, %int1 : !torch.vtensor<[1,2,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,4],f32>
    %113 = torch.aten.slice.Tensor %99, %int3, %int4, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,4],f32>
    %114 = torch.aten.neg %113 : !torch.vtensor<[1,2,?,4],f32> -> !torch.vtensor<[1,2,?,4],f32>
    %115 = torch.prim.ListConstruct %114, %112 : (!torch.vtensor<[1,2,?,4],f32>, !torch.vtensor<[1,2,?,4],f32>) -> !torch.list<vtensor>
    %116 = torch.aten.cat %115, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %117 = torch.aten.mul.Tensor %116, %102 : !torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %118 = torch.aten.add.Tensor %111, %117, %int1 : !torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %119 = torch.prim.ListConstruct %110, %98 : (!torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>) -> !torch.list<vtensor>
    %120 = torch.aten.cat %119, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %121 = torch.prim.ListConstruct %118, %100 : (!torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>) -> !torch.list<vtensor>
    %122 = torch.aten.cat %121, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %123 = torch.operator "torch.aweigh.attend"(%120, %122, %96, %none, %none, %none, %none, %none, %none, %int1, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %124 = torch.aten.reshape %123, %58 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %125 = "aweigh.weight"() {name = "model.layers.1.self_attn.dense.weight"} : () -> !torch.vtensor<[64,64],f32>
    %126 = "aweigh.weight"() {name = "model.layers.1.self_attn.dense.bias"} : () -> !torch.vtensor<[64],f32>
    %127 = torch.aten.linear %124, %125, %126 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %128 = "aweigh.weight"() {name = "model.layers.1.mlp.fc1.weight"} : () -> !torch.vtensor<[128,64],f32>
    %129 = "aweigh.weight"() {name = "model.layers.1.mlp.fc1.bias"} : () -> !torch.vtensor<[128],f32>
    %130 = torch.aten.linear %81, %128, %129 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.vtensor<[128],f32> -> !torch.vtensor<[1,?,128],f32>
    %131 = torch.aten.mul.Scalar %130, %float5.000000e-01 : !torch.vtensor<[1,?,128],f32>, !torch.float -> !torch.vtensor<[1,?,128],f32>
    %132 = torch.aten.pow.Tensor_Scalar %130, %int3 : !torch.vtensor<[1,?,128],f32>, !torch.int -> !torch.vtensor<[1,?,128],f32>
    %133 = torch.aten.mul.Scalar %132, %float4.471500e-02 : !torch.vtensor<[1,?,128],f32>, !torch.float -> !torch.vtensor<[1,?,128],f32>
    %134 = torch.aten.add.Tensor %130, %133, %int1 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[1,?,128],f32>, !torch.int -> !torch.vtensor<[1,?,128],f32>
    %135 = torch.aten.mul.Scalar %134, %float7.978850e-01 : !torch.vtensor<[1,?,128],f32>, !torch.float -> !torch.vtensor<[1,?,128],f32>
    %136 = torch.aten.tanh %135 : !torch.vtensor<[1,?,128],f32> -> !torch.vtensor<[1,?,128],f32>
    %137 = torch.aten.add.Scalar %136, %float1.000000e00, %int1 : !torch.vtensor<[1,?,128],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,128],f32>
    %138 = torch.aten.mul.Tensor %131, %137 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[1,?,128],f32> -> !torch.vtensor<[1,?,128],f32>
    %139 = "aweigh.weight"() {name = "model.layers.1.mlp.fc2.weight"} : () -> !torch.vtensor<[64,128],f32>
    %140 = "aweigh.weight"() {name = "model.layers.1.mlp.fc2.bias"} : () -> !torch.vtensor<[64],f32>
    %141 = torch.aten.linear %138, %139, %140 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[64,128],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %142 = torch.aten.add.Tensor %127, %141, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %143 = torch.aten.add.Tensor %142, %78, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %144 = "aweigh.weight"() {name = "model.final_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %145 = "aweigh.weight"() {name = "model.final_layernorm.bias"} : () -> !torch.vtensor<[64],f32>
    %146 = torch.aten.layer_norm %143, %11, %144, %145, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %147 = torch.prim.ListConstruct %none, %arg2 : (!torch.none, !torch.vtensor<[?],si64>) -> !torch.list<optional<vtensor>>
    %148 = torch.aten.index.Tensor %146, %147 : !torch.vtensor<[1,?,64],f32>, !torch.list<optional<vtensor>> -> !torch.vtensor<[1,?,64],f32>
    %149 = "aweigh.weight"() {name = "lm_head.weight"} : () -> !torch.vtensor<[256,64],f32>
    %150 = "aweigh.weight"() {name = "lm_head.bias"} : () -> !torch.vtensor<[256],f32>
    %151 = torch.aten.linear %148, %149, %150 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[256,64],f32>, !torch.vtensor<[256],f32> -> !torch.vtensor<[1,?,256],f32>
    return %151 : !torch.vtensor<[1,?,256],f32>
  }
}
