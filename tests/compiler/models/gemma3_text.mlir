module {
  func.func @main(%arg0: !torch.vtensor<[1,?],si64>, %arg1: !torch.vtensor<[1,?],si64>, %arg2: !torch.vtensor<[?],si64>) -> !torch.vtensor<[1,?,256],f32> attributes {torch.assume_strict_symbolic_shapes} {
    %str = torch.constant.str "tanh"
    %float6.250000e-02 = torch.constant.float 6.250000e-02
    %int9223372036854775807 = torch.constant.int 9223372036854775807
    %int8 = torch.constant.int 8
    %int3 = torch.constant.int 3
    %int16 = torch.constant.int 16
    %float9.999990e-07 = torch.constant.float 9.9999999999999995E-7
    %true = torch.constant.bool true
    %float1.000000e00 = torch.constant.float 1.000000e+00
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
    %3 = "aweigh.weight"() {name = "model.embed_tokens.embed_scale"} : () -> !torch.vtensor<[],f32>
    %4 = torch.aten.mul.Tensor %2, %3 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[],f32> -> !torch.vtensor<[1,?,64],f32>
    %5 = torch.aten.unsqueeze %arg1, %int2 : !torch.vtensor<[1,?],si64>, !torch.int -> !torch.vtensor<[1,?,1],si64>
    %6 = torch.aten._to_copy %5, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,1],si64>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %7 = "aweigh.weight"() {name = "model.rotary_emb.sliding_attention_inv_freq"} : () -> !torch.vtensor<[8],f32>
    %8 = torch.aten.mul.Tensor %6, %7 : !torch.vtensor<[1,?,1],f32>, !torch.vtensor<[8],f32> -> !torch.vtensor<[1,?,8],f32>
    %9 = torch.prim.ListConstruct %8, %8 : (!torch.vtensor<[1,?,8],f32>, !torch.vtensor<[1,?,8],f32>) -> !torch.list<vtensor>
    %10 = torch.aten.cat %9, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,?,16],f32>
    %11 = torch.aten.cos %10 : !torch.vtensor<[1,?,16],f32> -> !torch.vtensor<[1,?,16],f32>
    %12 = torch.aten.sin %10 : !torch.vtensor<[1,?,16],f32> -> !torch.vtensor<[1,?,16],f32>
    %13 = torch.aten.unsqueeze %arg1, %int2 : !torch.vtensor<[1,?],si64>, !torch.int -> !torch.vtensor<[1,?,1],si64>
    %14 = torch.aten._to_copy %13, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,1],si64>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %15 = "aweigh.weight"() {name = "model.rotary_emb.full_attention_inv_freq"} : () -> !torch.vtensor<[8],f32>
    %16 = torch.aten.mul.Tensor %14, %15 : !torch.vtensor<[1,?,1],f32>, !torch.vtensor<[8],f32> -> !torch.vtensor<[1,?,8],f32>
    %17 = torch.prim.ListConstruct %16, %16 : (!torch.vtensor<[1,?,8],f32>, !torch.vtensor<[1,?,8],f32>) -> !torch.list<vtensor>
    %18 = torch.aten.cat %17, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,?,16],f32>
    %19 = torch.aten.cos %18 : !torch.vtensor<[1,?,16],f32> -> !torch.vtensor<[1,?,16],f32>
    %20 = torch.aten.sin %18 : !torch.vtensor<[1,?,16],f32> -> !torch.vtensor<[1,?,16],f32>
    %21 = torch.aten.pow.Tensor_Scalar %4, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %22 = torch.prim.ListConstruct %int-1 : (!torch.int) -> !torch.list<int>
    %23 = torch.aten.mean.dim %21, %22, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %24 = torch.aten.add.Scalar %23, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %25 = torch.aten.rsqrt %24 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %26 = torch.aten.mul.Tensor %4, %25 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %27 = "aweigh.weight"() {name = "model.layers.0.input_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %28 = torch.aten.add.Scalar %27, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %29 = torch.aten.mul.Tensor %26, %28 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %30 = "aweigh.weight"() {name = "model.layers.0.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %31 = torch.aten.linear %29, %30, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %32 = torch.prim.ListConstruct %int1, %0, %int-1, %int16 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %33 = torch.aten.reshape %31, %32 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %34 = torch.aten.transpose.int %33, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %35 = "aweigh.weight"() {name = "model.layers.0.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %36 = torch.aten.linear %29, %35, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %37 = torch.aten.reshape %36, %32 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %38 = torch.aten.transpose.int %37, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %39 = "aweigh.weight"() {name = "model.layers.0.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %40 = torch.aten.linear %29, %39, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %41 = torch.aten.reshape %40, %32 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %42 = torch.aten.transpose.int %41, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %43 = torch.aten.pow.Tensor_Scalar %34, %int2 : !torch.vtensor<[1,4,?,16],f32>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %44 = torch.aten.mean.dim %43, %22, %true, %none : !torch.vtensor<[1,4,?,16],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,4,?,1],f32>
    %45 = torch.aten.add.Scalar %44, %float9.999990e-07, %int1 : !torch.vtensor<[1,4,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,4,?,1],f32>
    %46 = torch.aten.rsqrt %45 : !torch.vtensor<[1,4,?,1],f32> -> !torch.vtensor<[1,4,?,1],f32>
    %47 = torch.aten.mul.Tensor %34, %46 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,1],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %48 = "aweigh.weight"() {name = "model.layers.0.self_attn.q_norm.weight"} : () -> !torch.vtensor<[16],f32>
    %49 = torch.aten.add.Scalar %48, %float1.000000e00, %int1 : !torch.vtensor<[16],f32>, !torch.float, !torch.int -> !torch.vtensor<[16],f32>
    %50 = torch.aten.mul.Tensor %47, %49 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %51 = torch.aten.pow.Tensor_Scalar %38, %int2 : !torch.vtensor<[1,2,?,16],f32>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %52 = torch.aten.mean.dim %51, %22, %true, %none : !torch.vtensor<[1,2,?,16],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,2,?,1],f32>
    %53 = torch.aten.add.Scalar %52, %float9.999990e-07, %int1 : !torch.vtensor<[1,2,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,2,?,1],f32>
    %54 = torch.aten.rsqrt %53 : !torch.vtensor<[1,2,?,1],f32> -> !torch.vtensor<[1,2,?,1],f32>
    %55 = torch.aten.mul.Tensor %38, %54 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,1],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %56 = "aweigh.weight"() {name = "model.layers.0.self_attn.k_norm.weight"} : () -> !torch.vtensor<[16],f32>
    %57 = torch.aten.add.Scalar %56, %float1.000000e00, %int1 : !torch.vtensor<[16],f32>, !torch.float, !torch.int -> !torch.vtensor<[16],f32>
    %58 = torch.aten.mul.Tensor %55, %57 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %59 = torch.aten.unsqueeze %11, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %60 = torch.aten.unsqueeze %12, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %61 = torch.aten.mul.Tensor %50, %59 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %62 = torch.aten.slice.Tensor %50, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %63 = torch.aten.slice.Tensor %50, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %64 = torch.aten.neg %63 : !torch.vtensor<[1,4,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %65 = torch.prim.ListConstruct %64, %62 : (!torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>) -> !torch.list<vtensor>
    %66 = torch.aten.cat %65, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %67 = torch.aten.mul.Tensor %66, %60 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %68 = torch.aten.add.Tensor %61, %67, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %69 = torch.aten.mul.Tensor %58, %59 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %70 = torch.aten.slice.Tensor %58, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %71 = torch.aten.slice.Tensor %58, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %72 = torch.aten.neg %71 : !torch.vtensor<[1,2,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %73 = torch.prim.ListConstruct %72, %70 : (!torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>) -> !torch.list<vtensor>
    %74 = torch.aten.cat %73, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %75 = torch.aten.mul.Tensor %74, %60 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %76 = torch.aten.add.Tensor %69, %75, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %77 = torch.operator "torch.aweigh.attend"(%68, %76, %42, %none, %none, %none, %none, %none, %none, %int0, %float6.250000e-02, %int8, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.int, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %78 = torch.prim.ListConstruct %int1, %0, %int-1 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %79 = torch.aten.reshape %77, %78 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %80 = "aweigh.weight"() {name = "model.layers.0.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %81 = torch.aten.linear %79, %80, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %82 = torch.aten.pow.Tensor_Scalar %81, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %83 = torch.aten.mean.dim %82, %22, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %84 = torch.aten.add.Scalar %83, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %85 = torch.aten.rsqrt %84 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %86 = torch.aten.mul.Tensor %81, %85 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %87 = "aweigh.weight"() {name = "model.layers.0.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %88 = torch.aten.add.Scalar %87, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %89 = torch.aten.mul.Tensor %86, %88 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %90 = torch.aten.add.Tensor %4, %89, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %91 = torch.aten.pow.Tensor_Scalar %90, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %92 = torch.aten.mean.dim %91, %22, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %93 = torch.aten.add.Scalar %92, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %94 = torch.aten.rsqrt %93 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %95 = torch.aten.mul.Tensor %90, %94 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %96 = "aweigh.weight"() {name = "model.layers.0.pre_feedforward_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %97 = torch.aten.add.Scalar %96, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %98 = torch.aten.mul.Tensor %95, %97 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %99 = "aweigh.weight"() {name = "model.layers.0.mlp.gate_proj.weight"} : () -> !torch.vtensor<[128,64],f32>
    %100 = torch.aten.linear %98, %99, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.none -> !torch.vtensor<[1,?,128],f32>
    %101 = torch.aten.gelu %100, %str : !torch.vtensor<[1,?,128],f32>, !torch.str -> !torch.vtensor<[1,?,128],f32>
    %102 = "aweigh.weight"() {name = "model.layers.0.mlp.up_proj.weight"} : () -> !torch.vtensor<[128,64],f32>
    %103 = torch.aten.linear %98, %102, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.none -> !torch.vtensor<[1,?,128],f32>
    %104 = torch.aten.mul.Tensor %101, %103 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[1,?,128],f32> -> !torch.vtensor<[1,?,128],f32>
    %105 = "aweigh.weight"() {name = "model.layers.0.mlp.down_proj.weight"} : () -> !torch.vtensor<[64,128],f32>
    %106 = torch.aten.linear %104, %105, %none : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[64,128],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %107 = torch.aten.pow.Tensor_Scalar %106, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %108 = torch.aten.mean.dim %107, %22, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %109 = torch.aten.add.Scalar %108, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %110 = torch.aten.rsqrt %109 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %111 = torch.aten.mul.Tensor %106, %110 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %112 = "aweigh.weight"() {name = "model.layers.0.post_feedforward_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %113 = torch.aten.add.Scalar %112, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %114 = torch.aten.mul.Tensor %111, %113 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %115 = torch.aten.add.Tensor %90, %114, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %116 = torch.aten.pow.Tensor_Scalar %115, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %117 = torch.aten.mean.dim %116, %22, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %118 = torch.aten.add.Scalar %117, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %119 = torch.aten.rsqrt %118 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %120 = torch.aten.mul.Tensor %115, %119 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %121 = "aweigh.weight"() {name = "model.layers.1.input_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %122 = torch.aten.add.Scalar %121, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %123 = torch.aten.mul.Tensor %120, %122 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %124 = "aweigh.weight"() {name = "model.layers.1.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %125 = torch.aten.linear %123, %124, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %126 = torch.aten.reshape %125, %32 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %127 = torch.aten.transpose.int %126, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %128 = "aweigh.weight"() {name = "model.layers.1.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %129 = torch.aten.linear %123, %128, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %130 = torch.aten.reshape %129, %32 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %131 = torch.aten.transpose.int %130, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %132 = "aweigh.weight"() {name = "model.layers.1.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %133 = torch.aten.linear %123, %132, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %134 = torch.aten.reshape %133, %32 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %135 = torch.aten.transpose.int %134, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %136 = torch.aten.pow.Tensor_Scalar %127, %int2 : !torch.vtensor<[1,4,?,16],f32>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %137 = torch.aten.mean.dim %136, %22, %true, %none : !torch.vtensor<[1,4,?,16],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,4,?,1],f32>
    %138 = torch.aten.add.Scalar %137, %float9.999990e-07, %int1 : !torch.vtensor<[1,4,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,4,?,1],f32>
    %139 = torch.aten.rsqrt %138 : !torch.vtensor<[1,4,?,1],f32> -> !torch.vtensor<[1,4,?,1],f32>
    %140 = torch.aten.mul.Tensor %127, %139 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,1],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %141 = "aweigh.weight"() {name = "model.layers.1.self_attn.q_norm.weight"} : () -> !torch.vtensor<[16],f32>
    %142 = torch.aten.add.Scalar %141, %float1.000000e00, %int1 : !torch.vtensor<[16],f32>, !torch.float, !torch.int -> !torch.vtensor<[16],f32>
    %143 = torch.aten.mul.Tensor %140, %142 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %144 = torch.aten.pow.Tensor_Scalar %131, %int2 : !torch.vtensor<[1,2,?,16],f32>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %145 = torch.aten.mean.dim %144, %22, %true, %none : !torch.vtensor<[1,2,?,16],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,2,?,1],f32>
    %146 = torch.aten.add.Scalar %145, %float9.999990e-07, %int1 : !torch.vtensor<[1,2,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,2,?,1],f32>
    %147 = torch.aten.rsqrt %146 : !torch.vtensor<[1,2,?,1],f32> -> !torch.vtensor<[1,2,?,1],f32>
    %148 = torch.aten.mul.Tensor %131, %147 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,1],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %149 = "aweigh.weight"() {name = "model.layers.1.self_attn.k_norm.weight"} : () -> !torch.vtensor<[16],f32>
    %150 = torch.aten.add.Scalar %149, %float1.000000e00, %int1 : !torch.vtensor<[16],f32>, !torch.float, !torch.int -> !torch.vtensor<[16],f32>
    %151 = torch.aten.mul.Tensor %148, %150 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %152 = torch.aten.unsqueeze %19, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %153 = torch.aten.unsqueeze %20, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %154 = torch.aten.mul.Tensor %143, %152 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %155 = torch.aten.slice.Tensor %143, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %156 = torch.aten.slice.Tensor %143, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %157 = torch.aten.neg %156 : !torch.vtensor<[1,4,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %158 = torch.prim.ListConstruct %157, %155 : (!torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>) -> !torch.list<vtensor>
    %159 = torch.aten.cat %158, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %160 = torch.aten.mul.Tensor %159, %153 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %161 = torch.aten.add.Tensor %154, %160, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %162 = torch.aten.mul.Tensor %151, %152 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %163 = torch.aten.slice.Tensor %151, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %164 = torch.aten.slice.Tensor %151, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %165 = torch.aten.neg %164 : !torch.vtensor<[1,2,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %166 = torch.prim.ListConstruct %165, %163 : (!torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>) -> !torch.list<vtensor>
    %167 = torch.aten.cat %166, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %168 = torch.aten.mul.Tensor %167, %153 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %169 = torch.aten.add.Tensor %162, %168, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %170 = torch.operator "torch.aweigh.attend"(%161, %169, %135, %none, %none, %none, %none, %none, %none, %int1, %float6.250000e-02, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %171 = torch.aten.reshape %170, %78 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %172 = "aweigh.weight"() {name = "model.layers.1.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %173 = torch.aten.linear %171, %172, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %174 = torch.aten.pow.Tensor_Scalar %173, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %175 = torch.aten.mean.dim %174, %22, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %176 = torch.aten.add.Scalar %175, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %177 = torch.aten.rsqrt %176 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %178 = torch.aten.mul.Tensor %173, %177 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %179 = "aweigh.weight"() {name = "model.layers.1.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %180 = torch.aten.add.Scalar %179, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %181 = torch.aten.mul.Tensor %178, %180 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %182 = torch.aten.add.Tensor %115, %181, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %183 = torch.aten.pow.Tensor_Scalar %182, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %184 = torch.aten.mean.dim %183, %22, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %185 = torch.aten.add.Scalar %184, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %186 = torch.aten.rsqrt %185 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %187 = torch.aten.mul.Tensor %182, %186 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %188 = "aweigh.weight"() {name = "model.layers.1.pre_feedforward_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %189 = torch.aten.add.Scalar %188, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %190 = torch.aten.mul.Tensor %187, %189 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %191 = "aweigh.weight"() {name = "model.layers.1.mlp.gate_proj.weight"} : () -> !torch.vtensor<[128,64],f32>
    %192 = torch.aten.linear %190, %191, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.none -> !torch.vtensor<[1,?,128],f32>
    %193 = torch.aten.gelu %192, %str : !torch.vtensor<[1,?,128],f32>, !torch.str -> !torch.vtensor<[1,?,128],f32>
    %194 = "aweigh.weight"() {name = "model.layers.1.mlp.up_proj.weight"} : () -> !torch.vtensor<[128,64],f32>
    %195 = torch.aten.linear %190, %194, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.none -> !torch.vtensor<[1,?,128],f32>
    %196 = torch.aten.mul.Tensor %193, %195 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[1,?,128],f32> -> !torch.vtensor<[1,?,128],f32>
    %197 = "aweigh.weight"() {name = "model.layers.1.mlp.down_proj.weight"} : () -> !torch.vtensor<[64,128],f32>
    %198 = torch.aten.linear %196, %197, %none : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[64,128],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %199 = torch.aten.pow.Tensor_Scalar %198, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %200 = torch.aten.mean.dim %199, %22, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %201 = torch.aten.add.Scalar %200, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %202 = torch.aten.rsqrt %201 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %203 = torch.aten.mul.Tensor %198, %202 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %204 = "aweigh.weight"() {name = "model.layers.1.post_feedforward_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %205 = torch.aten.add.Scalar %204, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %206 = torch.aten.mul.Tensor %203, %205 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %207 = torch.aten.add.Tensor %182, %206, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %208 = torch.aten.pow.Tensor_Scalar %207, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %209 = torch.aten.mean.dim %208, %22, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %210 = torch.aten.add.Scalar %209, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %211 = torch.aten.rsqrt %210 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %212 = torch.aten.mul.Tensor %207, %211 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %213 = "aweigh.weight"() {name = "model.layers.2.input_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %214 = torch.aten.add.Scalar %213, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %215 = torch.aten.mul.Tensor %212, %214 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %216 = "aweigh.weight"() {name = "model.layers.2.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %217 = torch.aten.linear %215, %216, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %218 = torch.aten.reshape %217, %32 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %219 = torch.aten.transpose.int %218, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %220 = "aweigh.weight"() {name = "model.layers.2.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %221 = torch.aten.linear %215, %220, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %222 = torch.aten.reshape %221, %32 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %223 = torch.aten.transpose.int %222, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %224 = "aweigh.weight"() {name = "model.layers.2.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %225 = torch.aten.linear %215, %224, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %226 = torch.aten.reshape %225, %32 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %227 = torch.aten.transpose.int %226, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %228 = torch.aten.pow.Tensor_Scalar %219, %int2 : !torch.vtensor<[1,4,?,16],f32>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %229 = torch.aten.mean.dim %228, %22, %true, %none : !torch.vtensor<[1,4,?,16],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,4,?,1],f32>
    %230 = torch.aten.add.Scalar %229, %float9.999990e-07, %int1 : !torch.vtensor<[1,4,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,4,?,1],f32>
    %231 = torch.aten.rsqrt %230 : !torch.vtensor<[1,4,?,1],f32> -> !torch.vtensor<[1,4,?,1],f32>
    %232 = torch.aten.mul.Tensor %219, %231 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,1],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %233 = "aweigh.weight"() {name = "model.layers.2.self_attn.q_norm.weight"} : () -> !torch.vtensor<[16],f32>
    %234 = torch.aten.add.Scalar %233, %float1.000000e00, %int1 : !torch.vtensor<[16],f32>, !torch.float, !torch.int -> !torch.vtensor<[16],f32>
    %235 = torch.aten.mul.Tensor %232, %234 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %236 = torch.aten.pow.Tensor_Scalar %223, %int2 : !torch.vtensor<[1,2,?,16],f32>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %237 = torch.aten.mean.dim %236, %22, %true, %none : !torch.vtensor<[1,2,?,16],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,2,?,1],f32>
    %238 = torch.aten.add.Scalar %237, %float9.999990e-07, %int1 : !torch.vtensor<[1,2,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,2,?,1],f32>
    %239 = torch.aten.rsqrt %238 : !torch.vtensor<[1,2,?,1],f32> -> !torch.vtensor<[1,2,?,1],f32>
    %240 = torch.aten.mul.Tensor %223, %239 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,1],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %241 = "aweigh.weight"() {name = "model.layers.2.self_attn.k_norm.weight"} : () -> !torch.vtensor<[16],f32>
    %242 = torch.aten.add.Scalar %241, %float1.000000e00, %int1 : !torch.vtensor<[16],f32>, !torch.float, !torch.int -> !torch.vtensor<[16],f32>
    %243 = torch.aten.mul.Tensor %240, %242 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %244 = torch.aten.unsqueeze %11, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %245 = torch.aten.unsqueeze %12, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %246 = torch.aten.mul.Tensor %235, %244 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %247 = torch.aten.slice.Tensor %235, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %248 = torch.aten.slice.Tensor %235, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %249 = torch.aten.neg %248 : !torch.vtensor<[1,4,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %250 = torch.prim.ListConstruct %249, %247 : (!torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>) -> !torch.list<vtensor>
    %251 = torch.aten.cat %250, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %252 = torch.aten.mul.Tensor %251, %245 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %253 = torch.aten.add.Tensor %246, %252, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %254 = torch.aten.mul.Tensor %243, %244 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %255 = torch.aten.slice.Tensor %243, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %256 = torch.aten.slice.Tensor %243, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %257 = torch.aten.neg %256 : !torch.vtensor<[1,2,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %258 = torch.prim.ListConstruct %257, %255 : (!torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>) -> !torch.list<vtensor>
    %259 = torch.aten.cat %258, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %260 = torch.aten.mul.Tensor %259, %245 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %261 = torch.aten.add.Tensor %254, %260, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %262 = torch.operator "torch.aweigh.attend"(%253, %261, %227, %none, %none, %none, %none, %none, %none, %int2, %float6.250000e-02, %int8, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.int, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %263 = torch.aten.reshape %262, %78 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %264 = "aweigh.weight"() {name = "model.layers.2.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %265 = torch.aten.linear %263, %264, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %266 = torch.aten.pow.Tensor_Scalar %265, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %267 = torch.aten.mean.dim %266, %22, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %268 = torch.aten.add.Scalar %267, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %269 = torch.aten.rsqrt %268 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %270 = torch.aten.mul.Tensor %265, %269 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %271 = "aweigh.weight"() {name = "model.layers.2.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %272 = torch.aten.add.Scalar %271, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %273 = torch.aten.mul.Tensor %270, %272 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %274 = torch.aten.add.Tensor %207, %273, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %275 = torch.aten.pow.Tensor_Scalar %274, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %276 = torch.aten.mean.dim %275, %22, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %277 = torch.aten.add.Scalar %276, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %278 = torch.aten.rsqrt %277 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %279 = torch.aten.mul.Tensor %274, %278 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %280 = "aweigh.weight"() {name = "model.layers.2.pre_feedforward_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %281 = torch.aten.add.Scalar %280, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %282 = torch.aten.mul.Tensor %279, %281 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %283 = "aweigh.weight"() {name = "model.layers.2.mlp.gate_proj.weight"} : () -> !torch.vtensor<[128,64],f32>
    %284 = torch.aten.linear %282, %283, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.none -> !torch.vtensor<[1,?,128],f32>
    %285 = torch.aten.gelu %284, %str : !torch.vtensor<[1,?,128],f32>, !torch.str -> !torch.vtensor<[1,?,128],f32>
    %286 = "aweigh.weight"() {name = "model.layers.2.mlp.up_proj.weight"} : () -> !torch.vtensor<[128,64],f32>
    %287 = torch.aten.linear %282, %286, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.none -> !torch.vtensor<[1,?,128],f32>
    %288 = torch.aten.mul.Tensor %285, %287 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[1,?,128],f32> -> !torch.vtensor<[1,?,128],f32>
    %289 = "aweigh.weight"() {name = "model.layers.2.mlp.down_proj.weight"} : () -> !torch.vtensor<[64,128],f32>
    %290 = torch.aten.linear %288, %289, %none : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[64,128],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %291 = torch.aten.pow.Tensor_Scalar %290, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %292 = torch.aten.mean.dim %291, %22, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %293 = torch.aten.add.Scalar %292, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %294 = torch.aten.rsqrt %293 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %295 = torch.aten.mul.Tensor %290, %294 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %296 = "aweigh.weight"() {name = "model.layers.2.post_feedforward_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %297 = torch.aten.add.Scalar %296, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %298 = torch.aten.mul.Tensor %295, %297 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %299 = torch.aten.add.Tensor %274, %298, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %300 = torch.aten.pow.Tensor_Scalar %299, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %301 = torch.aten.mean.dim %300, %22, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %302 = torch.aten.add.Scalar %301, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %303 = torch.aten.rsqrt %302 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %304 = torch.aten.mul.Tensor %299, %303 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %305 = "aweigh.weight"() {name = "model.layers.3.input_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %306 = torch.aten.add.Scalar %305, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %307 = torch.aten.mul.Tensor %304, %306 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %308 = "aweigh.weight"() {name = "model.layers.3.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %309 = torch.aten.linear %307, %308, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %310 = torch.aten.reshape %309, %32 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %311 = torch.aten.transpose.int %310, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %312 = "aweigh.weight"() {name = "model.layers.3.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %313 = torch.aten.linear %307, %312, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %314 = torch.aten.reshape %313, %32 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %315 = torch.aten.transpose.int %314, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %316 = "aweigh.weight"() {name = "model.layers.3.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %317 = torch.aten.linear %307, %316, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %318 = torch.aten.reshape %317, %32 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %319 = torch.aten.transpose.int %318, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %320 = torch.aten.pow.Tensor_Scalar %311, %int2 : !torch.vtensor<[1,4,?,16],f32>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %321 = torch.aten.mean.dim %320, %22, %true, %none : !torch.vtensor<[1,4,?,16],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,4,?,1],f32>
    %322 = torch.aten.add.Scalar %321, %float9.999990e-07, %int1 : !torch.vtensor<[1,4,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,4,?,1],f32>
    %323 = torch.aten.rsqrt %322 : !torch.vtensor<[1,4,?,1],f32> -> !torch.vtensor<[1,4,?,1],f32>
    %324 = torch.aten.mul.Tensor %311, %323 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,1],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %325 = "aweigh.weight"() {name = "model.layers.3.self_attn.q_norm.weight"} : () -> !torch.vtensor<[16],f32>
    %326 = torch.aten.add.Scalar %325, %float1.000000e00, %int1 : !torch.vtensor<[16],f32>, !torch.float, !torch.int -> !torch.vtensor<[16],f32>
    %327 = torch.aten.mul.Tensor %324, %326 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %328 = torch.aten.pow.Tensor_Scalar %315, %int2 : !torch.vtensor<[1,2,?,16],f32>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %329 = torch.aten.mean.dim %328, %22, %true, %none : !torch.vtensor<[1,2,?,16],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,2,?,1],f32>
    %330 = torch.aten.add.Scalar %329, %float9.999990e-07, %int1 : !torch.vtensor<[1,2,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,2,?,1],f32>
    %331 = torch.aten.rsqrt %330 : !torch.vtensor<[1,2,?,1],f32> -> !torch.vtensor<[1,2,?,1],f32>
    %332 = torch.aten.mul.Tensor %315, %331 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,1],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %333 = "aweigh.weight"() {name = "model.layers.3.self_attn.k_norm.weight"} : () -> !torch.vtensor<[16],f32>
    %334 = torch.aten.add.Scalar %333, %float1.000000e00, %int1 : !torch.vtensor<[16],f32>, !torch.float, !torch.int -> !torch.vtensor<[16],f32>
    %335 = torch.aten.mul.Tensor %332, %334 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %336 = torch.aten.unsqueeze %19, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %337 = torch.aten.unsqueeze %20, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %338 = torch.aten.mul.Tensor %327, %336 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %339 = torch.aten.slice.Tensor %327, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %340 = torch.aten.slice.Tensor %327, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %341 = torch.aten.neg %340 : !torch.vtensor<[1,4,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %342 = torch.prim.ListConstruct %341, %339 : (!torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>) -> !torch.list<vtensor>
    %343 = torch.aten.cat %342, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %344 = torch.aten.mul.Tensor %343, %337 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %345 = torch.aten.add.Tensor %338, %344, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %346 = torch.aten.mul.Tensor %335, %336 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %347 = torch.aten.slice.Tensor %335, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %348 = torch.aten.slice.Tensor %335, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %349 = torch.aten.neg %348 : !torch.vtensor<[1,2,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %350 = torch.prim.ListConstruct %349, %347 : (!torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>) -> !torch.list<vtensor>
    %351 = torch.aten.cat %350, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %352 = torch.aten.mul.Tensor %351, %337 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %353 = torch.aten.add.Tensor %346, %352, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %354 = torch.operator "torch.aweigh.attend"(%345, %353, %319, %none, %none, %none, %none, %none, %none, %int3, %float6.250000e-02, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %355 = torch.aten.reshape %354, %78 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %356 = "aweigh.weight"() {name = "model.layers.3.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %357 = torch.aten.linear %355, %356, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %358 = torch.aten.pow.Tensor_Scalar %357, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %359 = torch.aten.mean.dim %358, %22, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %360 = torch.aten.add.Scalar %359, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %361 = torch.aten.rsqrt %360 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %362 = torch.aten.mul.Tensor %357, %361 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %363 = "aweigh.weight"() {name = "model.layers.3.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %364 = torch.aten.add.Scalar %363, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %365 = torch.aten.mul.Tensor %362, %364 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %366 = torch.aten.add.Tensor %299, %365, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %367 = torch.aten.pow.Tensor_Scalar %366, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %368 = torch.aten.mean.dim %367, %22, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %369 = torch.aten.add.Scalar %368, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %370 = torch.aten.rsqrt %369 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %371 = torch.aten.mul.Tensor %366, %370 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %372 = "aweigh.weight"() {name = "model.layers.3.pre_feedforward_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %373 = torch.aten.add.Scalar %372, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %374 = torch.aten.mul.Tensor %371, %373 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %375 = "aweigh.weight"() {name = "model.layers.3.mlp.gate_proj.weight"} : () -> !torch.vtensor<[128,64],f32>
    %376 = torch.aten.linear %374, %375, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.none -> !torch.vtensor<[1,?,128],f32>
    %377 = torch.aten.gelu %376, %str : !torch.vtensor<[1,?,128],f32>, !torch.str -> !torch.vtensor<[1,?,128],f32>
    %378 = "aweigh.weight"() {name = "model.layers.3.mlp.up_proj.weight"} : () -> !torch.vtensor<[128,64],f32>
    %379 = torch.aten.linear %374, %378, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.none -> !torch.vtensor<[1,?,128],f32>
    %380 = torch.aten.mul.Tensor %377, %379 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[1,?,128],f32> -> !torch.vtensor<[1,?,128],f32>
    %381 = "aweigh.weight"() {name = "model.layers.3.mlp.down_proj.weight"} : () -> !torch.vtensor<[64,128],f32>
    %382 = torch.aten.linear %380, %381, %none : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[64,128],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %383 = torch.aten.pow.Tensor_Scalar %382, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %384 = torch.aten.mean.dim %383, %22, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %385 = torch.aten.add.Scalar %384, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %386 = torch.aten.rsqrt %385 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %387 = torch.aten.mul.Tensor %382, %386 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %388 = "aweigh.weight"() {name = "model.layers.3.post_feedforward_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %389 = torch.aten.add.Scalar %388, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %390 = torch.aten.mul.Tensor %387, %389 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %391 = torch.aten.add.Tensor %366, %390, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %392 = torch.aten.pow.Tensor_Scalar %391, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %393 = torch.aten.mean.dim %392, %22, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %394 = torch.aten.add.Scalar %393, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %395 = torch.aten.rsqrt %394 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %396 = torch.aten.mul.Tensor %391, %395 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %397 = "aweigh.weight"() {name = "model.norm.weight"} : () -> !torch.vtensor<[64],f32>
    %398 = torch.aten.add.Scalar %397, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %399 = torch.aten.mul.Tensor %396, %398 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %400 = torch.prim.ListConstruct %none, %arg2 : (!torch.none, !torch.vtensor<[?],si64>) -> !torch.list<optional<vtensor>>
    %401 = torch.aten.index.Tensor %399, %400 : !torch.vtensor<[1,?,64],f32>, !torch.list<optional<vtensor>> -> !torch.vtensor<[1,?,64],f32>
    %402 = torch.aten.linear %401, %1, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[256,64],f32>, !torch.none -> !torch.vtensor<[1,?,256],f32>
    return %402 : !torch.vtensor<[1,?,256],f32>
  }
}
