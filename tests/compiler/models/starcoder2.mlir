module {
  func.func @main(%arg0: !torch.vtensor<[1,?],si64>, %arg1: !torch.vtensor<[1,?],si64>, %arg2: !torch.vtensor<[?],si64>) -> !torch.vtensor<[1,?,256],f32> attributes {torch.assume_strict_symbolic_shapes} {
    %str = torch.constant.str "tanh"
    %true = torch.constant.bool true
    %float2.500000e-01 = torch.constant.float 2.500000e-01
    %int9223372036854775807 = torch.constant.int 9223372036854775807
    %int8 = torch.constant.int 8
    %int0 = torch.constant.int 0
    %int3 = torch.constant.int 3
    %int16 = torch.constant.int 16
    %float1.000000e-05 = torch.constant.float 1.000000e-05
    %int64 = torch.constant.int 64
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
    %5 = "aweigh.weight"() {name = "model.rotary_emb.inv_freq"} : () -> !torch.vtensor<[8],f32>
    %6 = torch.aten.mul.Tensor %4, %5 : !torch.vtensor<[1,?,1],f32>, !torch.vtensor<[8],f32> -> !torch.vtensor<[1,?,8],f32>
    %7 = torch.prim.ListConstruct %6, %6 : (!torch.vtensor<[1,?,8],f32>, !torch.vtensor<[1,?,8],f32>) -> !torch.list<vtensor>
    %8 = torch.aten.cat %7, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,?,16],f32>
    %9 = torch.aten.cos %8 : !torch.vtensor<[1,?,16],f32> -> !torch.vtensor<[1,?,16],f32>
    %10 = torch.aten.sin %8 : !torch.vtensor<[1,?,16],f32> -> !torch.vtensor<[1,?,16],f32>
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
    %31 = torch.aten.unsqueeze %9, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %32 = torch.aten.unsqueeze %10, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %33 = torch.aten.mul.Tensor %20, %31 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %34 = torch.aten.slice.Tensor %20, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %35 = torch.aten.slice.Tensor %20, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %36 = torch.aten.neg %35 : !torch.vtensor<[1,4,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %37 = torch.prim.ListConstruct %36, %34 : (!torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>) -> !torch.list<vtensor>
    %38 = torch.aten.cat %37, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %39 = torch.aten.mul.Tensor %38, %32 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %40 = torch.aten.add.Tensor %33, %39, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %41 = torch.aten.mul.Tensor %25, %31 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %42 = torch.aten.slice.Tensor %25, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %43 = torch.aten.slice.Tensor %25, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %44 = torch.aten.neg %43 : !torch.vtensor<[1,2,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %45 = torch.prim.ListConstruct %44, %42 : (!torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>) -> !torch.list<vtensor>
    %46 = torch.aten.cat %45, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %47 = torch.aten.mul.Tensor %46, %32 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %48 = torch.aten.add.Tensor %41, %47, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %49 = torch.operator "torch.aweigh.attend"(%40, %48, %30, %none, %none, %none, %none, %none, %none, %int0, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %50 = torch.prim.ListConstruct %int1, %0, %int-1 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %51 = torch.aten.reshape %49, %50 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %52 = "aweigh.weight"() {name = "model.layers.0.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %53 = "aweigh.weight"() {name = "model.layers.0.self_attn.o_proj.bias"} : () -> !torch.vtensor<[64],f32>
    %54 = torch.aten.linear %51, %52, %53 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %55 = torch.aten.add.Tensor %2, %54, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %56 = "aweigh.weight"() {name = "model.layers.0.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %57 = "aweigh.weight"() {name = "model.layers.0.post_attention_layernorm.bias"} : () -> !torch.vtensor<[64],f32>
    %58 = torch.aten.layer_norm %55, %11, %56, %57, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %59 = "aweigh.weight"() {name = "model.layers.0.mlp.c_fc.weight"} : () -> !torch.vtensor<[128,64],f32>
    %60 = "aweigh.weight"() {name = "model.layers.0.mlp.c_fc.bias"} : () -> !torch.vtensor<[128],f32>
    %61 = torch.aten.linear %58, %59, %60 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.vtensor<[128],f32> -> !torch.vtensor<[1,?,128],f32>
    %62 = torch.aten.gelu %61, %str : !torch.vtensor<[1,?,128],f32>, !torch.str -> !torch.vtensor<[1,?,128],f32>
    %63 = "aweigh.weight"() {name = "model.layers.0.mlp.c_proj.weight"} : () -> !torch.vtensor<[64,128],f32>
    %64 = "aweigh.weight"() {name = "model.layers.0.mlp.c_proj.bias"} : () -> !torch.vtensor<[64],f32>
    %65 = torch.aten.linear %62, %63, %64 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[64,128],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %66 = torch.aten.add.Tensor %55, %65, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %67 = "aweigh.weight"() {name = "model.layers.1.input_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %68 = "aweigh.weight"() {name = "model.layers.1.input_layernorm.bias"} : () -> !torch.vtensor<[64],f32>
    %69 = torch.aten.layer_norm %66, %11, %67, %68, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %70 = "aweigh.weight"() {name = "model.layers.1.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %71 = "aweigh.weight"() {name = "model.layers.1.self_attn.q_proj.bias"} : () -> !torch.vtensor<[64],f32>
    %72 = torch.aten.linear %69, %70, %71 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %73 = torch.aten.reshape %72, %18 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %74 = torch.aten.transpose.int %73, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %75 = "aweigh.weight"() {name = "model.layers.1.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %76 = "aweigh.weight"() {name = "model.layers.1.self_attn.k_proj.bias"} : () -> !torch.vtensor<[32],f32>
    %77 = torch.aten.linear %69, %75, %76 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.vtensor<[32],f32> -> !torch.vtensor<[1,?,32],f32>
    %78 = torch.aten.reshape %77, %18 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %79 = torch.aten.transpose.int %78, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %80 = "aweigh.weight"() {name = "model.layers.1.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %81 = "aweigh.weight"() {name = "model.layers.1.self_attn.v_proj.bias"} : () -> !torch.vtensor<[32],f32>
    %82 = torch.aten.linear %69, %80, %81 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.vtensor<[32],f32> -> !torch.vtensor<[1,?,32],f32>
    %83 = torch.aten.reshape %82, %18 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %84 = torch.aten.transpose.int %83, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %85 = torch.aten.unsqueeze %9, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %86 = torch.aten.unsqueeze %10, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %87 = torch.aten.mul.Tensor %74, %85 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %88 = torch.aten.slice.Tensor %74, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %89 = torch.aten.slice.Tensor %74, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %90 = torch.aten.neg %89 : !torch.vtensor<[1,4,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %91 = torch.prim.ListConstruct %90, %88 : (!torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>) -> !torch.list<vtensor>
    %92 = torch.aten.cat %91, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %93 = torch.aten.mul.Tensor %92, %86 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %94 = torch.aten.add.Tensor %87, %93, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %95 = torch.aten.mul.Tensor %79, %85 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %96 = torch.aten.slice.Tensor %79, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %97 = torch.aten.slice.Tensor %79, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %98 = torch.aten.neg %97 : !torch.vtensor<[1,2,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %99 = torch.prim.ListConstruct %98, %96 : (!torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>) -> !torch.list<vtensor>
    %100 = torch.aten.cat %99, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %101 = torch.aten.mul.Tensor %100, %86 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %102 = torch.aten.add.Tensor %95, %101, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %103 = torch.operator "torch.aweigh.attend"(%94, %102, %84, %none, %none, %none, %none, %none, %none, %int1, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %104 = torch.aten.reshape %103, %50 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %105 = "aweigh.weight"() {name = "model.layers.1.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %106 = "aweigh.weight"() {name = "model.layers.1.self_attn.o_proj.bias"} : () -> !torch.vtensor<[64],f32>
    %107 = torch.aten.linear %104, %105, %106 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %108 = torch.aten.add.Tensor %66, %107, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %109 = "aweigh.weight"() {name = "model.layers.1.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %110 = "aweigh.weight"() {name = "model.layers.1.post_attention_layernorm.bias"} : () -> !torch.vtensor<[64],f32>
    %111 = torch.aten.layer_norm %108, %11, %109, %110, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %112 = "aweigh.weight"() {name = "model.layers.1.mlp.c_fc.weight"} : () -> !torch.vtensor<[128,64],f32>
    %113 = "aweigh.weight"() {name = "model.layers.1.mlp.c_fc.bias"} : () -> !torch.vtensor<[128],f32>
    %114 = torch.aten.linear %111, %112, %113 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.vtensor<[128],f32> -> !torch.vtensor<[1,?,128],f32>
    %115 = torch.aten.gelu %114, %str : !torch.vtensor<[1,?,128],f32>, !torch.str -> !torch.vtensor<[1,?,128],f32>
    %116 = "aweigh.weight"() {name = "model.layers.1.mlp.c_proj.weight"} : () -> !torch.vtensor<[64,128],f32>
    %117 = "aweigh.weight"() {name = "model.layers.1.mlp.c_proj.bias"} : () -> !torch.vtensor<[64],f32>
    %118 = torch.aten.linear %115, %116, %117 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[64,128],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %119 = torch.aten.add.Tensor %108, %118, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %120 = "aweigh.weight"() {name = "model.norm.weight"} : () -> !torch.vtensor<[64],f32>
    %121 = "aweigh.weight"() {name = "model.norm.bias"} : () -> !torch.vtensor<[64],f32>
    %122 = torch.aten.layer_norm %119, %11, %120, %121, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %123 = torch.prim.ListConstruct %none, %arg2 : (!torch.none, !torch.vtensor<[?],si64>) -> !torch.list<optional<vtensor>>
    %124 = torch.aten.index.Tensor %122, %123 : !torch.vtensor<[1,?,64],f32>, !torch.list<optional<vtensor>> -> !torch.vtensor<[1,?,64],f32>
    %125 = torch.aten.linear %124, %1, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[256,64],f32>, !torch.none -> !torch.vtensor<[1,?,256],f32>
    return %125 : !torch.vtensor<[1,?,256],f32>
  }
}
