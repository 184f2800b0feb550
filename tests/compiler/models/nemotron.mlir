module {
  func.func @main(%arg0: !torch.vtensor<[1,?],si64>, %arg1: !torch.vtensor<[1,?],si64>, %arg2: !torch.vtensor<[?],si64>) -> !torch.vtensor<[1,?,256],f32> attributes {torch.assume_strict_symbolic_shapes} {
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
    %5 = "aweigh.weight"() {name = "model.rotary_emb.inv_freq"} : () -> !torch.vtensor<[4],f32>
    %6 = torch.aten.mul.Tensor %4, %5 : !torch.vtensor<[1,?,1],f32>, !torch.vtensor<[4],f32> -> !torch.vtensor<[1,?,4],f32>
    %7 = torch.prim.ListConstruct %6, %6 : (!torch.vtensor<[1,?,4],f32>, !torch.vtensor<[1,?,4],f32>) -> !torch.list<vtensor>
    %8 = torch.aten.cat %7, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,?,8],f32>
    %9 = torch.aten.cos %8 : !torch.vtensor<[1,?,8],f32> -> !torch.vtensor<[1,?,8],f32>
    %10 = torch.aten.sin %8 : !torch.vtensor<[1,?,8],f32> -> !torch.vtensor<[1,?,8],f32>
    %11 = "aweigh.weight"() {name = "model.layers.0.input_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %12 = torch.aten.add.Scalar %11, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %13 = torch.prim.ListConstruct %int64 : (!torch.int) -> !torch.list<int>
    %14 = "aweigh.weight"() {name = "model.layers.0.input_layernorm.bias"} : () -> !torch.vtensor<[64],f32>
    %15 = torch.aten.layer_norm %2, %13, %12, %14, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %16 = "aweigh.weight"() {name = "model.layers.0.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %17 = torch.aten.linear %15, %16, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %18 = torch.prim.ListConstruct %int1, %0, %int-1, %int16 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %19 = torch.aten.reshape %17, %18 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %20 = torch.aten.transpose.int %19, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %21 = "aweigh.weight"() {name = "model.layers.0.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %22 = torch.aten.linear %15, %21, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %23 = torch.aten.reshape %22, %18 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %24 = torch.aten.transpose.int %23, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %25 = "aweigh.weight"() {name = "model.layers.0.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %26 = torch.aten.linear %15, %25, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %27 = torch.aten.reshape %26, %18 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %28 = torch.aten.transpose.int %27, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %29 = torch.aten.unsqueeze %9, %int1 : !torch.vtensor<[1,?,8],f32>, !torch.int -> !torch.vtensor<[1,1,?,8],f32>
    %30 = torch.aten.unsqueeze %10, %int1 : !torch.vtensor<[1,?,8],f32>, !torch.int -> !torch.vtensor<[1,1,?,8],f32>
    %31 = torch.aten.slice.Tensor %20, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %32 = torch.aten.slice.Tensor %20, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %33 = torch.aten.slice.Tensor %24, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %34 = torch.aten.slice.Tensor %24, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %35 = torch.aten.mul.Tensor %31, %29 : !torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %36 = torch.aten.slice.Tensor %31, %int3, %int0, %int4, %int1 : !torch.vtensor<[1,4,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
    %37 = torch.aten.slice.Tensor %31, %int3, %int4, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
    %38 = torch.aten.neg %37 : !torch.vtensor<[1,4,?,4],f32> -> !torch.vtensor<[1,4,?,4],f32>
    %39 = torch.prim.ListConstruct %38, %36 : (!torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,4,?,4],f32>) -> !torch.list<vtensor>
    %40 = torch.aten.cat %39, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %41 = torch.aten.mul.Tensor %40, %30 : !torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %42 = torch.aten.add.Tensor %35, %41, %int1 : !torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %43 = torch.aten.mul.Tensor %33, %29 : !torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %44 = torch.aten.slice.Tensor %33, %int3, %int0, %int4, %int1 : !torch.vtensor<[1,2,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,4],f32>
    %45 = torch.aten.slice.Tensor %33, %int3, %int4, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,4],f32>
    %46 = torch.aten.neg %45 : !torch.vtensor<[1,2,?,4],f32> -> !torch.vtensor<[1,2,?,4],f32>
    %47 = torch.prim.ListConstruct %46, %44 : (!torch.vtensor<[1,2,?,4],f32>, !torch.vtensor<[1,2,?,4],f32>) -> !torch.list<vtensor>
    %48 = torch.aten.cat %47, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %49 = torch.aten.mul.Tensor %48, %30 : !torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %50 = torch.aten.add.Tensor %43, %49, %int1 : !torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %51 = torch.prim.ListConstruct %42, %32 : (!torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>) -> !torch.list<vtensor>
    %52 = torch.aten.cat %51, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %53 = torch.prim.ListConstruct %50, %34 : (!torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>) -> !torch.list<vtensor>
    %54 = torch.aten.cat %53, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %55 = torch.operator "torch.aweigh.attend"(%52, %54, %28, %none, %none, %none, %none, %none, %none, %int0, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %56 = torch.prim.ListConstruct %int1, %0, %int-1 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %57 = torch.aten.reshape %55, %56 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %58 = "aweigh.weight"() {name = "model.layers.0.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %59 = torch.aten.linear %57, %58, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %60 = torch.aten.add.Tensor %2, %59, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %61 = "aweigh.weight"() {name = "model.layers.0.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %62 = torch.aten.add.Scalar %61, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %63 = "aweigh.weight"() {name = "model.layers.0.post_attention_layernorm.bias"} : () -> !torch.vtensor<[64],f32>
    %64 = torch.aten.layer_norm %60, %13, %62, %63, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %65 = "aweigh.weight"() {name = "model.layers.0.mlp.up_proj.weight"} : () -> !torch.vtensor<[128,64],f32>
    %66 = torch.aten.linear %64, %65, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.none -> !torch.vtensor<[1,?,128],f32>
    %67 = torch.aten.relu %66 : !torch.vtensor<[1,?,128],f32> -> !torch.vtensor<[1,?,128],f32>
    %68 = torch.aten.pow.Tensor_Scalar %67, %int2 : !torch.vtensor<[1,?,128],f32>, !torch.int -> !torch.vtensor<[1,?,128],f32>
    %69 = "aweigh.weight"() {name = "model.layers.0.mlp.down_proj.weight"} : () -> !torch.vtensor<[64,128],f32>
    %70 = torch.aten.linear %68, %69, %none : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[64,128],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %71 = torch.aten.add.Tensor %60, %70, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %72 = "aweigh.weight"() {name = "model.layers.1.input_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %73 = torch.aten.add.Scalar %72, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %74 = "aweigh.weight"() {name = "model.layers.1.input_layernorm.bias"} : () -> !torch.vtensor<[64],f32>
    %75 = torch.aten.layer_norm %71, %13, %73, %74, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %76 = "aweigh.weight"() {name = "model.layers.1.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %77 = torch.aten.linear %75, %76, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %78 = torch.aten.reshape %77, %18 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %79 = torch.aten.transpose.int %78, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %80 = "aweigh.weight"() {name = "model.layers.1.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %81 = torch.aten.linear %75, %80, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %82 = torch.aten.reshape %81, %18 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %83 = torch.aten.transpose.int %82, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %84 = "aweigh.weight"() {name = "model.layers.1.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %85 = torch.aten.linear %75, %84, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %86 = torch.aten.reshape %85, %18 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %87 = torch.aten.transpose.int %86, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %88 = torch.aten.unsqueeze %9, %int1 : !torch.vtensor<[1,?,8],f32>, !torch.int -> !torch.vtensor<[1,1,?,8],f32>
    %89 = torch.aten.unsqueeze %10, %int1 : !torch.vtensor<[1,?,8],f32>, !torch.int -> !torch.vtensor<[1,1,?,8],f32>
    %90 = torch.aten.slice.Tensor %79, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %91 = torch.aten.slice.Tensor %79, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %92 = torch.aten.slice.Tensor %83, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %93 = torch.aten.slice.Tensor %83, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %94 = torch.aten.mul.Tensor %90, %88 : !torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %95 = torch.aten.slice.Tensor %90, %int3, %int0, %int4, %int1 : !torch.vtensor<[1,4,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
    %96 = torch.aten.slice.Tensor %90, %int3, %int4, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
    %97 = torch.aten.neg %96 : !torch.vtensor<[1,4,?,4],f32> -> !torch.vtensor<[1,4,?,4],f32>
    %98 = torch.prim.ListConstruct %97, %95 : (!torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,4,?,4],f32>) -> !torch.list<vtensor>
    %99 = torch.aten.cat %98, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %100 = torch.aten.mul.Tensor %99, %89 : !torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %101 = torch.aten.add.Tensor %94, %100, %int1 : !torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %102 = torch.aten.mul.Tensor %92, %88 : !torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %103 = torch.aten.slice.Tensor %92, %int3, %int0, %int4, %int1 : !torch.vtensor<[1,2,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,4],f32>
    %104 = torch.aten.slice.Tensor %92, %int3, %int4, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,4],f32>
    %105 = torch.aten.neg %104 : !torch.vtensor<[1,2,?,4],f32> -> !torch.vtensor<[1,2,?,4],f32>
    %106 = torch.prim.ListConstruct %105, %103 : (!torch.vtensor<[1,2,?,4],f32>, !torch.vtensor<[1,2,?,4],f32>) -> !torch.list<vtensor>
    %107 = torch.aten.cat %106, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %108 = torch.aten.mul.Tensor %107, %89 : !torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %109 = torch.aten.add.Tensor %102, %108, %int1 : !torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %110 = torch.prim.ListConstruct %101, %91 : (!torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>) -> !torch.list<vtensor>
    %111 = torch.aten.cat %110, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %112 = torch.prim.ListConstruct %109, %93 : (!torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>) -> !torch.list<vtensor>
    %113 = torch.aten.cat %112, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %114 = torch.operator "torch.aweigh.attend"(%111, %113, %87, %none, %none, %none, %none, %none, %none, %int1, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %115 = torch.aten.reshape %114, %56 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %116 = "aweigh.weight"() {name = "model.layers.1.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %117 = torch.aten.linear %115, %116, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %118 = torch.aten.add.Tensor %71, %117, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %119 = "aweigh.weight"() {name = "model.layers.1.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %120 = torch.aten.add.Scalar %119, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %121 = "aweigh.weight"() {name = "model.layers.1.post_attention_layernorm.bias"} : () -> !torch.vtensor<[64],f32>
    %122 = torch.aten.layer_norm %118, %13, %120, %121, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %123 = "aweigh.weight"() {name = "model.layers.1.mlp.up_proj.weight"} : () -> !torch.vtensor<[128,64],f32>
    %124 = torch.aten.linear %122, %123, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.none -> !torch.vtensor<[1,?,128],f32>
    %125 = torch.aten.relu %124 : !torch.vtensor<[1,?,128],f32> -> !torch.vtensor<[1,?,128],f32>
    %126 = torch.aten.pow.Tensor_Scalar %125, %int2 : !torch.vtensor<[1,?,128],f32>, !torch.int -> !torch.vtensor<[1,?,128],f32>
    %127 = "aweigh.weight"() {name = "model.layers.1.mlp.down_proj.weight"} : () -> !torch.vtensor<[64,128],f32>
    %128 = torch.aten.linear %126, %127, %none : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[64,128],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %129 = torch.aten.add.Tensor %118, %128, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %130 = "aweigh.weight"() {name = "model.norm.weight"} : () -> !torch.vtensor<[64],f32>
    %131 = torch.aten.add.Scalar %130, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %132 = "aweigh.weight"() {name = "model.norm.bias"} : () -> !torch.vtensor<[64],f32>
    %133 = torch.aten.layer_norm %129, %13, %131, %132, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %134 = torch.prim.ListConstruct %none, %arg2 : (!torch.none, !torch.vtensor<[?],si64>) -> !torch.list<optional<vtensor>>
    %135 = torch.aten.index.Tensor %133, %134 : !torch.vtensor<[1,?,64],f32>, !torch.list<optional<vtensor>> -> !torch.vtensor<[1,?,64],f32>
    %136 = "aweigh.weight"() {name = "lm_head.weight"} : () -> !torch.vtensor<[256,64],f32>
    %137 = torch.aten.linear %135, %136, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[256,64],f32>, !torch.none -> !torch.vtensor<[1,?,256],f32>
    return %137 : !torch.vtensor<[1,?,256],f32>
  }
}
