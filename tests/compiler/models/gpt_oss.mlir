module {
  func.func @main(%arg0: !torch.vtensor<[1,?],si64>, %arg1: !torch.vtensor<[1,?],si64>, %arg2: !torch.vtensor<[?],si64>) -> !torch.vtensor<[1,?,256],f32> attributes {torch.assume_strict_symbolic_shapes} {
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
    %float1.346570e00 = torch.constant.float 1.3465735902799727
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
    %5 = "aweigh.weight"() {name = "model.rotary_emb.inv_freq"} : () -> !torch.vtensor<[8],f32>
    %6 = torch.aten.mul.Tensor %4, %5 : !torch.vtensor<[1,?,1],f32>, !torch.vtensor<[8],f32> -> !torch.vtensor<[1,?,8],f32>
    %7 = torch.aten.cos %6 : !torch.vtensor<[1,?,8],f32> -> !torch.vtensor<[1,?,8],f32>
    %8 = torch.aten.mul.Scalar %7, %float1.346570e00 : !torch.vtensor<[1,?,8],f32>, !torch.float -> !torch.vtensor<[1,?,8],f32>
    %9 = torch.aten.sin %6 : !torch.vtensor<[1,?,8],f32> -> !torch.vtensor<[1,?,8],f32>
    %10 = torch.aten.mul.Scalar %9, %float1.346570e00 : !torch.vtensor<[1,?,8],f32>, !torch.float -> !torch.vtensor<[1,?,8],f32>
    %11 = torch.aten.pow.Tensor_Scalar %2, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %12 = torch.prim.ListConstruct %int-1 : (!torch.int) -> !torch.list<int>
    %13 = torch.aten.mean.dim %11, %12, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %14 = torch.aten.add.Scalar %13, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %15 = torch.aten.rsqrt %14 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %16 = torch.aten.mul.Tensor %2, %15 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %17 = "aweigh.weight"() {name = "model.layers.0.input_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %18 = torch.aten.mul.Tensor %17, %16 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %19 = "aweigh.weight"() {name = "model.layers.0.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %20 = "aweigh.weight"() {name = "model.layers.0.self_attn.q_proj.bias"} : () -> !torch.vtensor<[64],f32>
    %21 = torch.aten.linear %18, %19, %20 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %22 = torch.prim.ListConstruct %int1, %0, %int-1, %int16 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %23 = torch.aten.reshape %21, %22 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %24 = torch.aten.transpose.int %23, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %25 = "aweigh.weight"() {name = "model.layers.0.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %26 = "aweigh.weight"() {name = "model.layers.0.self_attn.k_proj.bias"} : () -> !torch.vtensor<[32],f32>
    %27 = torch.aten.linear %18, %25, %26 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.vtensor<[32],f32> -> !torch.vtensor<[1,?,32],f32>
    %28 = torch.aten.reshape %27, %22 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %29 = torch.aten.transpose.int %28, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %30 = "aweigh.weight"() {name = "model.layers.0.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %31 = "aweigh.weight"() {name = "model.layers.0.self_attn.v_proj.bias"} : () -> !torch.vtensor<[32],f32>
    %32 = torch.aten.linear %18, %30, %31 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.vtensor<[32],f32> -> !torch.vtensor<[1,?,32],f32>
    %33 = torch.aten.reshape %32, %22 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %34 = torch.aten.transpose.int %33, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %35 = torch.aten.unsqueeze %8, %int1 : !torch.vtensor<[1,?,8],f32>, !torch.int -> !torch.vtensor<[1,1,?,8],f32>
    %36 = torch.aten.unsqueeze %10, %int1 : !torch.vtensor<[1,?,8],f32>, !torch.int -> !torch.vtensor<[1,1,?,8],f32>
    %37 = torch.aten.split.Tensor %24, %int8, %int-1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int -> !torch.list<vtensor>
    %38:2 = torch.prim.ListUnpack %37 : !torch.list<vtensor> -> !torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>
    %39 = torch.aten.mul.Tensor %38#0, %35 : !torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %40 = torch.aten.mul.Tensor %38#1, %36 : !torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %41 = torch.aten.sub.Tensor %39, %40, %int1 : !torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %42 = torch.aten.mul.Tensor %38#1, %35 : !torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %43 = torch.aten.mul.Tensor %38#0, %36 : !torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %44 = torch.aten.add.Tensor %42, %43, %int1 : !torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %45 = torch.prim.ListConstruct %41, %44 : (!torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>) -> !torch.list<vtensor>
    %46 = torch.aten.cat %45, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %47 = torch.aten.split.Tensor %29, %int8, %int-1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int -> !torch.list<vtensor>
    %48:2 = torch.prim.ListUnpack %47 : !torch.list<vtensor> -> !torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>
    %49 = torch.aten.mul.Tensor %48#0, %35 : !torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %50 = torch.aten.mul.Tensor %48#1, %36 : !torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %51 = torch.aten.sub.Tensor %49, %50, %int1 : !torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %52 = torch.aten.mul.Tensor %48#1, %35 : !torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %53 = torch.aten.mul.Tensor %48#0, %36 : !torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %54 = torch.aten.add.Tensor %52, %53, %int1 : !torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %55 = torch.prim.ListConstruct %51, %54 : (!torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>) -> !torch.list<vtensor>
    %56 = torch.aten.cat %55, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %57 = "aweigh.weight"() {name = "model.layers.0.self_attn.sinks"} : () -> !torch.vtensor<[4],f32>
    %58 = torch.operator "torch.aweigh.attend"(%46, %56, %34, %none, %57, %none, %none, %none, %none, %int0, %float2.500000e-01, %int128, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.none, !torch.vtensor<[4],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.int, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %59 = torch.prim.ListConstruct %int1, %0, %int-1 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %60 = torch.aten.reshape %58, %59 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %61 = "aweigh.weight"() {name = "model.layers.0.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %62 = "aweigh.weight"() {name = "model.layers.0.self_attn.o_proj.bias"} : () -> !torch.vtensor<[64],f32>
    %63 = torch.aten.linear %60, %61, %62 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %64 = torch.aten.add.Tensor %2, %63, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %65 = torch.aten.pow.Tensor_Scalar %64, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %66 = torch.aten.mean.dim %65, %12, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %67 = torch.aten.add.Scalar %66, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %68 = torch.aten.rsqrt %67 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %69 = torch.aten.mul.Tensor %64, %68 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %70 = "aweigh.weight"() {name = "model.layers.0.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %71 = torch.aten.mul.Tensor %70, %69 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %72 = torch.prim.ListConstruct %int-1, %int64 : (!torch.int, !torch.int) -> !torch.list<int>
    %73 = torch.aten.reshape %71, %72 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[?,64],f32>
    %74 = "aweigh.weight"() {name = "model.layers.0.mlp.router.weight"} : () -> !torch.vtensor<[4,64],f32>
    %75 = "aweigh.weight"() {name = "model.layers.0.mlp.router.bias"} : () -> !torch.vtensor<[4],f32>
    %76 = torch.aten.linear %73, %74, %75 : !torch.vtensor<[?,64],f32>, !torch.vtensor<[4,64],f32>, !torch.vtensor<[4],f32> -> !torch.vtensor<[?,4],f32>
    %values, %indices = torch.aten.topk %76, %int2, %int-1, %true, %true : !torch.vtensor<[?,4],f32>, !torch.int, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[?,2],f32>, !torch.vtensor<[?,2],si64>
    %77 = torch.aten.softmax.int %values, %int1, %int6 : !torch.vtensor<[?,2],f32>, !torch.int, !torch.int -> !torch.vtensor<[?,2],f32>
    %78 = "aweigh.weight"() {name = "model.layers.0.mlp.experts.gate_up_proj"} : () -> !torch.vtensor<[4,64,256],f32>
    %79 = "aweigh.weight"() {name = "model.layers.0.mlp.experts.down_proj"} : () -> !torch.vtensor<[4,128,64],f32>
    %80 = "aweigh.weight"() {name = "model.layers.0.mlp.experts.gate_up_proj_bias"} : () -> !torch.vtensor<[4,256],f32>
    %81 = "aweigh.weight"() {name = "model.layers.0.mlp.experts.down_proj_bias"} : () -> !torch.vtensor<[4,64],f32>
    %82 = torch.operator "torch.aweigh.experts"(%73, %indices, %77, %78, %79, %80, %81, %str, %true, %true, %float7.000000e00, %float1.702000e00) : (!torch.vtensor<[?,64],f32>, !torch.vtensor<[?,2],si64>, !torch.vtensor<[?,2],f32>, !torch.vtensor<[4,64,256],f32>, !torch.vtensor<[4,128,64],f32>, !torch.vtensor<[4,256],f32>, !torch.vtensor<[4,64],f32>, !torch.str, !torch.bool, !torch.bool, !torch.float, !torch.float) -> !torch.vtensor<[?,64],f32> 
    %83 = torch.prim.ListConstruct %int1, %0, %int64 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %84 = torch.aten.reshape %82, %83 : !torch.vtensor<[?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %85 = torch.aten.add.Tensor %64, %84, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %86 = torch.aten.pow.Tensor_Scalar %85, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %87 = torch.aten.mean.dim %86, %12, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %88 = torch.aten.add.Scalar %87, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %89 = torch.aten.rsqrt %88 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %90 = torch.aten.mul.Tensor %85, %89 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %91 = "aweigh.weight"() {name = "model.layers.1.input_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %92 = torch.aten.mul.Tensor %91, %90 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %93 = "aweigh.weight"() {name = "model.layers.1.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %94 = "aweigh.weight"() {name = "model.layers.1.self_attn.q_proj.bias"} : () -> !torch.vtensor<[64],f32>
    %95 = torch.aten.linear %92, %93, %94 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %96 = torch.aten.reshape %95, %22 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %97 = torch.aten.transpose.int %96, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %98 = "aweigh.weight"() {name = "model.layers.1.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %99 = "aweigh.weight"() {name = "model.layers.1.self_attn.k_proj.bias"} : () -> !torch.vtensor<[32],f32>
    %100 = torch.aten.linear %92, %98, %99 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.vtensor<[32],f32> -> !torch.vtensor<[1,?,32],f32>
    %101 = torch.aten.reshape %100, %22 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %102 = torch.aten.transpose.int %101, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %103 = "aweigh.weight"() {name = "model.layers.1.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %104 = "aweigh.weight"() {name = "model.layers.1.self_attn.v_proj.bias"} : () -> !torch.vtensor<[32],f32>
    %105 = torch.aten.linear %92, %103, %104 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.vtensor<[32],f32> -> !torch.vtensor<[1,?,32],f32>
    %106 = torch.aten.reshape %105, %22 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %107 = torch.aten.transpose.int %106, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %108 = torch.aten.unsqueeze %8, %int1 : !torch.vtensor<[1,?,8],f32>, !torch.int -> !torch.vtensor<[1,1,?,8],f32>
    %109 = torch.aten.unsqueeze %10, %int1 : !torch.vtensor<[1,?,8],f32>, !torch.int -> !torch.vtensor<[1,1,?,8],f32>
    %110 = torch.aten.split.Tensor %97, %int8, %int-1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int -> !torch.list<vtensor>
    %111:2 = torch.prim.ListUnpack %110 : !torch.list<vtensor> -> !torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>
    %112 = torch.aten.mul.Tensor %111#0, %108 : !torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %113 = torch.aten.mul.Tensor %111#1, %109 : !torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %114 = torch.aten.sub.Tensor %112, %113, %int1 : !torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %115 = torch.aten.mul.Tensor %111#1, %108 : !torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %116 = torch.aten.mul.Tensor %111#0, %109 : !torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %117 = torch.aten.add.Tensor %115, %116, %int1 : !torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %118 = torch.prim.ListConstruct %114, %117 : (!torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>) -> !torch.list<vtensor>
    %119 = torch.aten.cat %118, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %120 = torch.aten.split.Tensor %102, %int8, %int-1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int -> !torch.list<vtensor>
    %121:2 = torch.prim.ListUnpack %120 : !torch.list<vtensor> -> !torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>
    %122 = torch.aten.mul.Tensor %121#0, %108 : !torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %123 = torch.aten.mul.Tensor %121#1, %109 : !torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %124 = torch.aten.sub.Tensor %122, %123, %int1 : !torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %125 = torch.aten.mul.Tensor %121#1, %108 : !torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %126 = torch.aten.mul.Tensor %121#0, %109 : !torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,1,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %127 = torch.aten.add.Tensor %125, %126, %int1 : !torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %128 = torch.prim.ListConstruct %124, %127 : (!torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>) -> !torch.list<vtensor>
    %129 = torch.aten.cat %128, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %130 = "aweigh.weight"() {name = "model.layers.1.self_attn.sinks"} : () -> !torch.vtensor<[4],f32>
    %131 = torch.operator "torch.aweigh.attend"(%119, %129, %107, %none, %130, %none, %none, %none, %none, %int1, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.none, !torch.vtensor<[4],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %132 = torch.aten.reshape %131, %59 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %133 = "aweigh.weight"() {name = "model.layers.1.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %134 = "aweigh.weight"() {name = "model.layers.1.self_attn.o_proj.bias"} : () -> !torch.vtensor<[64],f32>
    %135 = torch.aten.linear %132, %133, %134 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %136 = torch.aten.add.Tensor %85, %135, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %137 = torch.aten.pow.Tensor_Scalar %136, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %138 = torch.aten.mean.dim %137, %12, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %139 = torch.aten.add.Scalar %138, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %140 = torch.aten.rsqrt %139 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %141 = torch.aten.mul.Tensor %136, %140 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %142 = "aweigh.weight"() {name = "model.layers.1.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %143 = torch.aten.mul.Tensor %142, %141 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %144 = torch.aten.reshape %143, %72 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[?,64],f32>
    %145 = "aweigh.weight"() {name = "model.layers.1.mlp.router.weight"} : () -> !torch.vtensor<[4,64],f32>
    %146 = "aweigh.weight"() {name = "model.layers.1.mlp.router.bias"} : () -> !torch.vtensor<[4],f32>
    %147 = torch.aten.linear %144, %145, %146 : !torch.vtensor<[?,64],f32>, !torch.vtensor<[4,64],f32>, !torch.vtensor<[4],f32> -> !torch.vtensor<[?,4],f32>
    %values_0, %indices_1 = torch.aten.topk %147, %int2, %int-1, %true, %true : !torch.vtensor<[?,4],f32>, !torch.int, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[?,2],f32>, !torch.vtensor<[?,2],si64>
    %148 = torch.aten.softmax.int %values_0, %int1, %int6 : !torch.vtensor<[?,2],f32>, !torch.int, !torch.int -> !torch.vtensor<[?,2],f32>
    %149 = "aweigh.weight"() {name = "model.layers.1.mlp.experts.gate_up_proj"} : () -> !torch.vtensor<[4,64,256],f32>
    %150 = "aweigh.weight"() {name = "model.layers.1.mlp.experts.down_proj"} : () -> !torch.vtensor<[4,128,64],f32>
    %151 = "aweigh.weight"() {name = "model.layers.1.mlp.experts.gate_up_proj_bias"} : () -> !torch.vtensor<[4,256],f32>
    %152 = "aweigh.weight"() {name = "model.layers.1.mlp.experts.down_proj_bias"} : () -> !torch.vtensor<[4,64],f32>
    %153 = torch.operator "torch.aweigh.experts"(%144, %indices_1, %148, %149, %150, %151, %152, %str, %true, %true, %float7.000000e00, %float1.702000e00) : (!torch.vtensor<[?,64],f32>, !torch.vtensor<[?,2],si64>, !torch.vtensor<[?,2],f32>, !torch.vtensor<[4,64,256],f32>, !torch.vtensor<[4,128,64],f32>, !torch.vtensor<[4,256],f32>, !torch.vtensor<[4,64],f32>, !torch.str, !torch.bool, !torch.bool, !torch.float, !torch.float) -> !torch.vtensor<[?,64],f32> 
    %154 = torch.aten.reshape %153, %83 : !torch.vtensor<[?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %155 = torch.aten.add.Tensor %136, %154, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %156 = torch.aten.pow.Tensor_Scalar %155, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %157 = torch.aten.mean.dim %156, %12, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %158 = torch.aten.add.Scalar %157, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %159 = torch.aten.rsqrt %158 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %160 = torch.aten.mul.Tensor %155, %159 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %161 = "aweigh.weight"() {name = "model.norm.weight"} : () -> !torch.vtensor<[64],f32>
    %162 = torch.aten.mul.Tensor %161, %160 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %163 = torch.prim.ListConstruct %none, %arg2 : (!torch.none, !torch.vtensor<[?],si64>) -> !torch.list<optional<vtensor>>
    %164 = torch.aten.index.Tensor %162, %163 : !torch.vtensor<[1,?,64],f32>, !torch.list<optional<vtensor>> -> !torch.vtensor<[1,?,64],f32>
    %165 = "aweigh.weight"() {name = "lm_head.weight"} : () -> !torch.vtensor<[256,64],f32>
    %166 = torch.aten.linear %164, %165, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[256,64],f32>, !torch.none -> !torch.vtensor<[1,?,256],f32>
    return %166 : !torch.vtensor<[1,?,256],f32>
  }
}
