module {
  func.func @main(%arg0: !torch.vtensor<[1,?],si64>, %arg1: !torch.vtensor<[1,?],si64>, %arg2: !torch.vtensor<[?],si64>) -> !torch.vtensor<[1,?,256],bf16> attributes {torch.assume_strict_symbolic_shapes} {
    %float1.702000e00 = torch.constant.float 1.702000e+00
    %float7.000000e00 = torch.constant.float 7.000000e+00
    %str = torch.constant.str "sigmoid"
    %int64 = torch.constant.int 64
    %int128 = torch.constant.int 128
    %float2.500000e-01 = torch.constant.float 2.500000e-01
    %int0 = torch.constant.int 0
    %int8 = torch.constant.int 8
    %int16 = torch.constant.int 16
    %float1.000000e-05 = torch.constant.float 1.000000e-05
    %true = torch.constant.bool true
    %int15 = torch.constant.int 15
    %float1.346570e00 = torch.constant.float 1.3465735902799727
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
    %7 = torch.aten.cos %6 : !torch.vtensor<[1,?,8],f32> -> !torch.vtensor<[1,?,8],f32>
    %8 = torch.aten.mul.Scalar %7, %float1.346570e00 : !torch.vtensor<[1,?,8],f32>, !torch.float -> !torch.vtensor<[1,?,8],f32>
    %9 = torch.aten.sin %6 : !torch.vtensor<[1,?,8],f32> -> !torch.vtensor<[1,?,8],f32>
    %10 = torch.aten.mul.Scalar %9, %float1.346570e00 : !torch.vtensor<[1,?,8],f32>, !torch.float -> !torch.vtensor<[1,?,8],f32>
    %11 = torch.aten._to_copy %8, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,8],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,8],bf16>
    %12 = torch.aten._to_copy %10, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,8],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,8],bf16>
    %13 = torch.aten._to_copy %2, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %14 = torch.aten.pow.Tensor_Scalar %13, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %15 = torch.prim.ListConstruct %int-1 : (!torch.int) -> !torch.list<int>
    %16 = torch.aten.mean.dim %14, %15, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %17 = torch.aten.add.Scalar %16, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %18 = torch.aten.rsqrt %17 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %19 = torch.aten.mul.Tensor %13, %18 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %20 = "aweigh.weight"() {name = "model.layers.0.input_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %21 = torch.aten.mul.Tensor %20, %19 : !torch.vtensor<[64],bf16>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %22 = torch.aten._to_copy %21, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %23 = "aweigh.weight"() {name = "model.layers.0.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],bf16>
    %24 = "aweigh.weight"() {name = "model.layers.0.self_attn.q_proj.bias"} : () -> !torch.vtensor<[64],bf16>
    %25 = torch.aten.linear %22, %23, %24 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[64,64],bf16>, !torch.vtensor<[64],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %26 = torch.prim.ListConstruct %int1, %0, %int-1, %int16 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %27 = torch.aten.reshape %25, %26 : !torch.vtensor<[1,?,64],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],bf16>
    %28 = torch.aten.transpose.int %27, %int1, %int2 : !torch.vtensor<[1,?,4,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %29 = "aweigh.weight"() {name = "model.layers.0.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],bf16>
    %30 = "aweigh.weight"() {name = "model.layers.0.self_attn.k_proj.bias"} : () -> !torch.vtensor<[32],bf16>
    %31 = torch.aten.linear %22, %29, %30 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[32,64],bf16>, !torch.vtensor<[32],bf16> -> !torch.vtensor<[1,?,32],bf16>
    %32 = torch.aten.reshape %31, %26 : !torch.vtensor<[1,?,32],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],bf16>
    %33 = torch.aten.transpose.int %32, %int1, %int2 : !torch.vtensor<[1,?,2,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %34 = "aweigh.weight"() {name = "model.layers.0.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],bf16>
    %35 = "aweigh.weight"() {name = "model.layers.0.self_attn.v_proj.bias"} : () -> !torch.vtensor<[32],bf16>
    %36 = torch.aten.linear %22, %34, %35 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[32,64],bf16>, !torch.vtensor<[32],bf16> -> !torch.vtensor<[1,?,32],bf16>
    %37 = torch.aten.reshape %36, %26 : !torch.vtensor<[1,?,32],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],bf16>
    %38 = torch.aten.transpose.int %37, %int1, %int2 : !torch.vtensor<[1,?,2,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %39 = torch.aten.unsqueeze %11, %int1 : !torch.vtensor<[1,?,8],bf16>, !torch.int -> !torch.vtensor<[1,1,?,8],bf16>
    %40 = torch.aten.unsqueeze %12, %int1 : !torch.vtensor<[1,?,8],bf16>, !torch.int -> !torch.vtensor<[1,1,?,8],bf16>
    %41 = torch.aten.split.Tensor %28, %int8, %int-1 : !torch.vtensor<[1,4,?,16],bf16>, !torch.int, !torch.int -> !torch.list<vtensor>
    %42:2 = torch.prim.ListUnpack %41 : !torch.list<vtensor> -> !torch.vtensor<[1,4,?,8],bf16>, !torch.vtensor<[1,4,?,8],bf16>
    %43 = torch.aten.mul.Tensor %42#0, %39 : !torch.vtensor<[1,4,?,8],bf16>, !torch.vtensor<[1,1,?,8],bf16> -> !torch.vtensor<[1,4,?,8],bf16>
    %44 = torch.aten.mul.Tensor %42#1, %40 : !torch.vtensor<[1,4,?,8],bf16>, !torch.vtensor<[1,1,?,8],bf16> -> !torch.vtensor<[1,4,?,8],bf16>
    %45 = torch.aten.sub.Tensor %43, %44, %int1 : !torch.vtensor<[1,4,?,8],bf16>, !torch.vtensor<[1,4,?,8],bf16>, !torch.int -> !torch.vtensor<[1,4,?,8],bf16>
    %46 = torch.aten.mul.Tensor %42#1, %39 : !torch.vtensor<[1,4,?,8],bf16>, !torch.vtensor<[1,1,?,8],bf16> -> !torch.vtensor<[1,4,?,8],bf16>
    %47 = torch.aten.mul.Tensor %42#0, %40 : !torch.vtensor<[1,4,?,8],bf16>, !torch.vtensor<[1,1,?,8],bf16> -> !torch.vtensor<[1,4,?,8],bf16>
    %48 = torch.aten.add.Tensor %46, %47, %int1 : !torch.vtensor<[1,4,?,8],bf16>, !torch.vtensor<[1,4,?,8],bf16>, !torch.int -> !torch.vtensor<[1,4,?,8],bf16>
    %49 = torch.prim.ListConstruct %45, %48 : (!torch.vtensor<[1,4,?,8],bf16>, !torch.vtensor<[1,4,?,8],bf16>) -> !torch.list<vtensor>
    %50 = torch.aten.cat %49, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %51 = torch.aten.split.Tensor %33, %int8, %int-1 : !torch.vtensor<[1,2,?,16],bf16>, !torch.int, !torch.int -> !torch.list<vtensor>
    %52:2 = torch.prim.ListUnpack %51 : !torch.list<vtensor> -> !torch.vtensor<[1,2,?,8],bf16>, !torch.vtensor<[1,2,?,8],bf16>
    %53 = torch.aten.mul.Tensor %52#0, %39 : !torch.vtensor<[1,2,?,8],bf16>, !torch.vtensor<[1,1,?,8],bf16> -> !torch.vtensor<[1,2,?,8],bf16>
    %54 = torch.aten.mul.Tensor %52#1, %40 : !torch.vtensor<[1,2,?,8],bf16>, !torch.vtensor<[1,1,?,8],bf16> -> !torch.vtensor<[1,2,?,8],bf16>
    %55 = torch.aten.sub.Tensor %53, %54, %int1 : !torch.vtensor<[1,2,?,8],bf16>, !torch.vtensor<[1,2,?,8],bf16>, !torch.int -> !torch.vtensor<[1,2,?,8],bf16>
    %56 = torch.aten.mul.Tensor %52#1, %39 : !torch.vtensor<[1,2,?,8],bf16>, !torch.vtensor<[1,1,?,8],bf16> -> !torch.vtensor<[1,2,?,8],bf16>
    %57 = torch.aten.mul.Tensor %52#0, %40 : !torch.vtensor<[1,2,?,8],bf16>, !torch.vtensor<[1,1,?,8],bf16> -> !torch.vtensor<[1,2,?,8],bf16>
    %58 = torch.aten.add.Tensor %56, %57, %int1 : !torch.vtensor<[1,2,?,8],bf16>, !torch.vtensor<[1,2,?,8],bf16>, !torch.int -> !torch.vtensor<[1,2,?,8],bf16>
    %59 = torch.prim.ListConstruct %55, %58 : (!torch.vtensor<[1,2,?,8],bf16>, !torch.vtensor<[1,2,?,8],bf16>) -> !torch.list<vtensor>
    %60 = torch.aten.cat %59, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %61 = "aweigh.weight"() {name = "model.layers.0.self_attn.sinks"} : () -> !torch.vtensor<[4],bf16>
    %62 = torch.operator "torch.aweigh.attend"(%50, %60, %38, %none, %61, %none, %none, %none, %none, %int0, %float2.500000e-01, %int128, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.none, !torch.vtensor<[4],bf16>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.int, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],bf16> 
    %63 = torch.prim.ListConstruct %int1, %0, %int-1 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %64 = torch.aten.reshape %62, %63 : !torch.vtensor<[1,?,4,16],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,64],bf16>
    %65 = "aweigh.weight"() {name = "model.layers.0.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],bf16>
    %66 = "aweigh.weight"() {name = "model.layers.0.self_attn.o_proj.bias"} : () -> !torch.vtensor<[64],bf16>
    %67 = torch.aten.linear %64, %65, %66 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[64,64],bf16>, !torch.vtensor<[64],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %68 = torch.aten.add.Tensor %2, %67, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %69 = torch.aten._to_copy %68, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %70 = torch.aten.pow.Tensor_Scalar %69, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %71 = torch.aten.mean.dim %70, %15, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %72 = torch.aten.add.Scalar %71, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %73 = torch.aten.rsqrt %72 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %74 = torch.aten.mul.Tensor %69, %73 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %75 = "aweigh.weight"() {name = "model.layers.0.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %76 = torch.aten.mul.Tensor %75, %74 : !torch.vtensor<[64],bf16>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %77 = torch.aten._to_copy %76, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %78 = torch.prim.ListConstruct %int-1, %int64 : (!torch.int, !torch.int) -> !torch.list<int>
    %79 = torch.aten.reshape %77, %78 : !torch.vtensor<[1,?,64],bf16>, !torch.list<int> -> !torch.vtensor<[?,64],bf16>
    %80 = "aweigh.weight"() {name = "model.layers.0.mlp.router.weight"} : () -> !torch.vtensor<[4,64],bf16>
    %81 = "aweigh.weight"() {name = "model.layers.0.mlp.router.bias"} : () -> !torch.vtensor<[4],bf16>
    %82 = torch.aten.linear %79, %80, %81 : !torch.vtensor<[?,64],bf16>, !torch.vtensor<[4,64],bf16>, !torch.vtensor<[4],bf16> -> !torch.vtensor<[?,4],bf16>
    %values, %indices = torch.aten.topk %82, %int2, %int-1, %true, %true : !torch.vtensor<[?,4],bf16>, !torch.int, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[?,2],bf16>, !torch.vtensor<[?,2],si64>
    %83 = torch.aten.softmax.int %values, %int1, %int15 : !torch.vtensor<[?,2],bf16>, !torch.int, !torch.int -> !torch.vtensor<[?,2],bf16>
    %84 = "aweigh.weight"() {name = "model.layers.0.mlp.experts.gate_up_proj"} : () -> !torch.vtensor<[4,64,256],bf16>
    %85 = "aweigh.weight"() {name = "model.layers.0.mlp.experts.down_proj"} : () -> !torch.vtensor<[4,128,64],bf16>
    %86 = "aweigh.weight"() {name = "model.layers.0.mlp.experts.gate_up_proj_bias"} : () -> !torch.vtensor<[4,256],bf16>
    %87 = "aweigh.weight"() {name = "model.layers.0.mlp.experts.down_proj_bias"} : () -> !torch.vtensor<[4,64],bf16>
    %88 = torch.operator "torch.aweigh.experts"(%79, %indices, %83, %84, %85, %86, %87, %str, %true, %true, %float7.000000e00, %float1.702000e00) : (!torch.vtensor<[?,64],bf16>, !torch.vtensor<[?,2],si64>, !torch.vtensor<[?,2],bf16>, !torch.vtensor<[4,64,256],bf16>, !torch.vtensor<[4,128,64],bf16>, !torch.vtensor<[4,256],bf16>, !torch.vtensor<[4,64],bf16>, !torch.str, !torch.bool, !torch.bool, !torch.float, !torch.float) -> !torch.vtensor<[?,64],bf16> 
    %89 = torch.prim.ListConstruct %int1, %0, %int64 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %90 = torch.aten.reshape %88, %89 : !torch.vtensor<[?,64],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,64],bf16>
    %91 = torch.aten.add.Tensor %68, %90, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %92 = torch.aten._to_copy %91, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %93 = torch.aten.pow.Tensor_Scalar %92, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %94 = torch.aten.mean.dim %93, %15, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %95 = torch.aten.add.Scalar %94, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %96 = torch.aten.rsqrt %95 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %97 = torch.aten.mul.Tensor %92, %96 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %98 = "aweigh.weight"() {name = "model.layers.1.input_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %99 = torch.aten.mul.Tensor %98, %97 : !torch.vtensor<[64],bf16>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %100 = torch.aten._to_copy %99, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %101 = "aweigh.weight"() {name = "model.layers.1.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],bf16>
    %102 = "aweigh.weight"() {name = "model.layers.1.self_attn.q_proj.bias"} : () -> !torch.vtensor<[64],bf16>
    %103 = torch.aten.linear %100, %101, %102 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[64,64],bf16>, !torch.vtensor<[64],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %104 = torch.aten.reshape %103, %26 : !torch.vtensor<[1,?,64],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],bf16>
    %105 = torch.aten.transpose.int %104, %int1, %int2 : !torch.vtensor<[1,?,4,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %106 = "aweigh.weight"() {name = "model.layers.1.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],bf16>
    %107 = "aweigh.weight"() {name = "model.layers.1.self_attn.k_proj.bias"} : () -> !torch.vtensor<[32],bf16>
    %108 = torch.aten.linear %100, %106, %107 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[32,64],bf16>, !torch.vtensor<[32],bf16> -> !torch.vtensor<[1,?,32],bf16>
    %109 = torch.aten.reshape %108, %26 : !torch.vtensor<[1,?,32],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],bf16>
    %110 = torch.aten.transpose.int %109, %int1, %int2 : !torch.vtensor<[1,?,2,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %111 = "aweigh.weight"() {name = "model.layers.1.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],bf16>
    %112 = "aweigh.weight"() {name = "model.layers.1.self_attn.v_proj.bias"} : () -> !torch.vtensor<[32],bf16>
    %113 = torch.aten.linear %100, %111, %112 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[32,64],bf16>, !torch.vtensor<[32],bf16> -> !torch.vtensor<[1,?,32],bf16>
    %114 = torch.aten.reshape %113, %26 : !torch.vtensor<[1,?,32],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],bf16>
    %115 = torch.aten.transpose.int %114, %int1, %int2 : !torch.vtensor<[1,?,2,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %116 = torch.aten.unsqueeze %11, %int1 : !torch.vtensor<[1,?,8],bf16>, !torch.int -> !torch.vtensor<[1,1,?,8],bf16>
    %117 = torch.aten.unsqueeze %12, %int1 : !torch.vtensor<[1,?,8],bf16>, !torch.int -> !torch.vtensor<[1,1,?,8],bf16>
    %118 = torch.aten.split.Tensor %105, %int8, %int-1 : !torch.vtensor<[1,4,?,16],bf16>, !torch.int, !torch.int -> !torch.list<vtensor>
    %119:2 = torch.prim.ListUnpack %118 : !torch.list<vtensor> -> !torch.vtensor<[1,4,?,8],bf16>, !torch.vtensor<[1,4,?,8],bf16>
    %120 = torch.aten.mul.Tensor %119#0, %116 : !torch.vtensor<[1,4,?,8],bf16>, !torch.vtensor<[1,1,?,8],bf16> -> !torch.vtensor<[1,4,?,8],bf16>
    %121 = torch.aten.mul.Tensor %119#1, %117 : !torch.vtensor<[1,4,?,8],bf16>, !torch.vtensor<[1,1,?,8],bf16> -> !torch.vtensor<[1,4,?,8],bf16>
    %122 = torch.aten.sub.Tensor %120, %121, %int1 : !torch.vtensor<[1,4,?,8],bf16>, !torch.vtensor<[1,4,?,8],bf16>, !torch.int -> !torch.vtensor<[1,4,?,8],bf16>
    %123 = torch.aten.mul.Tensor %119#1, %116 : !torch.vtensor<[1,4,?,8],bf16>, !torch.vtensor<[1,1,?,8],bf16> -> !torch.vtensor<[1,4,?,8],bf16>
    %124 = torch.aten.mul.Tensor %119#0, %117 : !torch.vtensor<[1,4,?,8],bf16>, !torch.vtensor<[1,1,?,8],bf16> -> !torch.vtensor<[1,4,?,8],bf16>
    %125 = torch.aten.add.Tensor %123, %124, %int1 : !torch.vtensor<[1,4,?,8],bf16>, !torch.vtensor<[1,4,?,8],bf16>, !torch.int -> !torch.vtensor<[1,4,?,8],bf16>
    %126 = torch.prim.ListConstruct %122, %125 : (!torch.vtensor<[1,4,?,8],bf16>, !torch.vtensor<[1,4,?,8],bf16>) -> !torch.list<vtensor>
    %127 = torch.aten.cat %126, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %128 = torch.aten.split.Tensor %110, %int8, %int-1 : !torch.vtensor<[1,2,?,16],bf16>, !torch.int, !torch.int -> !torch.list<vtensor>
    %129:2 = torch.prim.ListUnpack %128 : !torch.list<vtensor> -> !torch.vtensor<[1,2,?,8],bf16>, !torch.vtensor<[1,2,?,8],bf16>
    %130 = torch.aten.mul.Tensor %129#0, %116 : !torch.vtensor<[1,2,?,8],bf16>, !torch.vtensor<[1,1,?,8],bf16> -> !torch.vtensor<[1,2,?,8],bf16>
    %131 = torch.aten.mul.Tensor %129#1, %117 : !torch.vtensor<[1,2,?,8],bf16>, !torch.vtensor<[1,1,?,8],bf16> -> !torch.vtensor<[1,2,?,8],bf16>
    %132 = torch.aten.sub.Tensor %130, %131, %int1 : !torch.vtensor<[1,2,?,8],bf16>, !torch.vtensor<[1,2,?,8],bf16>, !torch.int -> !torch.vtensor<[1,2,?,8],bf16>
    %133 = torch.aten.mul.Tensor %129#1, %116 : !torch.vtensor<[1,2,?,8],bf16>, !torch.vtensor<[1,1,?,8],bf16> -> !torch.vtensor<[1,2,?,8],bf16>
    %134 = torch.aten.mul.Tensor %129#0, %117 : !torch.vtensor<[1,2,?,8],bf16>, !torch.vtensor<[1,1,?,8],bf16> -> !torch.vtensor<[1,2,?,8],bf16>
    %135 = torch.aten.add.Tensor %133, %134, %int1 : !torch.vtensor<[1,2,?,8],bf16>, !torch.vtensor<[1,2,?,8],bf16>, !torch.int -> !torch.vtensor<[1,2,?,8],bf16>
    %136 = torch.prim.ListConstruct %132, %135 : (!torch.vtensor<[1,2,?,8],bf16>, !torch.vtensor<[1,2,?,8],bf16>) -> !torch.list<vtensor>
    %137 = torch.aten.cat %136, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %138 = "aweigh.weight"() {name = "model.layers.1.self_attn.sinks"} : () -> !torch.vtensor<[4],bf16>
    %139 = torch.operator "torch.aweigh.attend"(%127, %137, %115, %none, %138, %none, %none, %none, %none, %int1, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.none, !torch.vtensor<[4],bf16>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],bf16> 
    %140 = torch.aten.reshape %139, %63 : !torch.vtensor<[1,?,4,16],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,64],bf16>
    %141 = "aweigh.weight"() {name = "model.layers.1.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],bf16>
    %142 = "aweigh.weight"() {name = "model.layers.1.self_attn.o_proj.bias"} : () -> !torch.vtensor<[64],bf16>
    %143 = torch.aten.linear %140, %141, %142 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[64,64],bf16>, !torch.vtensor<[64],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %144 = torch.aten.add.Tensor %91, %143, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %145 = torch.aten._to_copy %144, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %146 = torch.aten.pow.Tensor_Scalar %145, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %147 = torch.aten.mean.dim %146, %15, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %148 = torch.aten.add.Scalar %147, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %149 = torch.aten.rsqrt %148 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %150 = torch.aten.mul.Tensor %145, %149 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %151 = "aweigh.weight"() {name = "model.layers.1.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %152 = torch.aten.mul.Tensor %151, %150 : !torch.vtensor<[64],bf16>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %153 = torch.aten._to_copy %152, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %154 = torch.aten.reshape %153, %78 : !torch.vtensor<[1,?,64],bf16>, !torch.list<int> -> !torch.vtensor<[?,64],bf16>
    %155 = "aweigh.weight"() {name = "model.layers.1.mlp.router.weight"} : () -> !torch.vtensor<[4,64],bf16>
    %156 = "aweigh.weight"() {name = "model.layers.1.mlp.router.bias"} : () -> !torch.vtensor<[4],bf16>
    %157 = torch.aten.linear %154, %155, %156 : !torch.vtensor<[?,64],bf16>, !torch.vtensor<[4,64],bf16>, !torch.vtensor<[4],bf16> -> !torch.vtensor<[?,4],bf16>
    %values_0, %indices_1 = torch.aten.topk %157, %int2, %int-1, %true, %true : !torch.vtensor<[?,4],bf16>, !torch.int, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[?,2],bf16>, !torch.vtensor<[?,2],si64>
    %158 = torch.aten.softmax.int %values_0, %int1, %int15 : !torch.vtensor<[?,2],bf16>, !torch.int, !torch.int -> !torch.vtensor<[?,2],bf16>
    %159 = "aweigh.weight"() {name = "model.layers.1.mlp.experts.gate_up_proj"} : () -> !torch.vtensor<[4,64,256],bf16>
    %160 = "aweigh.weight"() {name = "model.layers.1.mlp.experts.down_proj"} : () -> !torch.vtensor<[4,128,64],bf16>
    %161 = "aweigh.weight"() {name = "model.layers.1.mlp.experts.gate_up_proj_bias"} : () -> !torch.vtensor<[4,256],bf16>
    %162 = "aweigh.weight"() {name = "model.layers.1.mlp.experts.down_proj_bias"} : () -> !torch.vtensor<[4,64],bf16>
    %163 = torch.operator "torch.aweigh.experts"(%154, %indices_1, %158, %159, %160, %161, %162, %str, %true, %true, %float7.000000e00, %float1.702000e00) : (!torch.vtensor<[?,64],bf16>, !torch.vtensor<[?,2],si64>, !torch.vtensor<[?,2],bf16>, !torch.vtensor<[4,64,256],bf16>, !torch.vtensor<[4,128,64],bf16>, !torch.vtensor<[4,256],bf16>, !torch.vtensor<[4,64],bf16>, !torch.str, !torch.bool, !torch.bool, !torch.float, !torch.float) -> !torch.vtensor<[?,64],bf16> 
    %164 = torch.aten.reshape %163, %89 : !torch.vtensor<[?,64],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,64],bf16>
    %165 = torch.aten.add.Tensor %144, %164, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %166 = torch.aten._to_copy %165, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %167 = torch.aten.pow.Tensor_Scalar %166, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %168 = torch.aten.mean.dim %167, %15, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %169 = torch.aten.add.Scalar %168, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %170 = torch.aten.rsqrt %169 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %171 = torch.aten.mul.Tensor %166, %170 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %172 = "aweigh.weight"() {name = "model.norm.weight"} : () -> !torch.vtensor<[64],bf16>
    %173 = torch.aten.mul.Tensor %172, %171 : !torch.vtensor<[64],bf16>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %174 = torch.aten._to_copy %173, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %175 = torch.prim.ListConstruct %none, %arg2 : (!torch.none, !torch.vtensor<[?],si64>) -> !torch.list<optional<vtensor>>
    %176 = torch.aten.index.Tensor %174, %175 : !torch.vtensor<[1,?,64],bf16>, !torch.list<optional<vtensor>> -> !torch.vtensor<[1,?,64],bf16>
    %177 = "aweigh.weight"() {name = "lm_head.weight"} : () -> !torch.vtensor<[256,64],bf16>
    %178 = torch.aten.linear %176, %177, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[256,64],bf16>, !torch.none -> !torch.vtensor<[1,?,256],bf16>
    return %178 : !torch.vtensor<[1,?,256],bf16>
  }
}
