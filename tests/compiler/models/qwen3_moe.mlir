module {
  func.func @main(%arg0: !torch.vtensor<[1,?],si64>, %arg1: !torch.vtensor<[1,?],si64>, %arg2: !torch.vtensor<[?],si64>) -> !torch.vtensor<[1,?,256],f32> attributes {torch.assume_strict_symbolic_shapes} {
    %str = torch.constant.str "silu"
    %int64 = torch.constant.int 64
    %float2.500000e-01 = torch.constant.float 2.500000e-01
    %int9223372036854775807 = torch.constant.int 9223372036854775807
    %int8 = torch.constant.int 8
    %int0 = torch.constant.int 0
    %int3 = torch.constant.int 3
    %int16 = torch.constant.int 16
    %float9.999990e-07 = torch.constant.float 9.9999999999999995E-7
    %true = torch.constant.bool true
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
    %7 = torch.prim.ListConstruct %6, %6 : (!torch.vtensor<[1,?,8],f32>, !torch.vtensor<[1,?,8],f32>) -> !torch.list<vtensor>
    %8 = torch.aten.cat %7, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,?,16],f32>
    %9 = torch.aten.cos %8 : !torch.vtensor<[1,?,16],f32> -> !torch.vtensor<[1,?,16],f32>
    %10 = torch.aten.sin %8 : !torch.vtensor<[1,?,16],f32> -> !torch.vtensor<[1,?,16],f32>
    %11 = torch.aten.pow.Tensor_Scalar %2, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %12 = torch.prim.ListConstruct %int-1 : (!torch.int) -> !torch.list<int>
    %13 = torch.aten.mean.dim %11, %12, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %14 = torch.aten.add.Scalar %13, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %15 = torch.aten.rsqrt %14 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %16 = torch.aten.mul.Tensor %2, %15 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %17 = "aweigh.weight"() {name = "model.layers.0.input_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %18 = torch.aten.mul.Tensor %17, %16 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %19 = "aweigh.weight"() {name = "model.layers.0.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %20 = torch.aten.linear %18, %19, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %21 = torch.prim.ListConstruct %int1, %0, %int-1, %int16 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %22 = torch.aten.reshape %20, %21 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %23 = torch.aten.pow.Tensor_Scalar %22, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int -> !torch.vtensor<[1,?,4,16],f32>
    %24 = torch.aten.mean.dim %23, %12, %true, %none : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,4,1],f32>
    %25 = torch.aten.add.Scalar %24, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,4,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,4,1],f32>
    %26 = torch.aten.rsqrt %25 : !torch.vtensor<[1,?,4,1],f32> -> !torch.vtensor<[1,?,4,1],f32>
    %27 = torch.aten.mul.Tensor %22, %26 : !torch.vtensor<[1,?,4,16],f32>, !torch.vtensor<[1,?,4,1],f32> -> !torch.vtensor<[1,?,4,16],f32>
    %28 = "aweigh.weight"() {name = "model.layers.0.self_attn.q_norm.weight"} : () -> !torch.vtensor<[16],f32>
    %29 = torch.aten.mul.Tensor %28, %27 : !torch.vtensor<[16],f32>, !torch.vtensor<[1,?,4,16],f32> -> !torch.vtensor<[1,?,4,16],f32>
    %30 = torch.aten.transpose.int %29, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %31 = "aweigh.weight"() {name = "model.layers.0.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %32 = torch.aten.linear %18, %31, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %33 = torch.aten.reshape %32, %21 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %34 = torch.aten.pow.Tensor_Scalar %33, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int -> !torch.vtensor<[1,?,2,16],f32>
    %35 = torch.aten.mean.dim %34, %12, %true, %none : !torch.vtensor<[1,?,2,16],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,2,1],f32>
    %36 = torch.aten.add.Scalar %35, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,2,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,2,1],f32>
    %37 = torch.aten.rsqrt %36 : !torch.vtensor<[1,?,2,1],f32> -> !torch.vtensor<[1,?,2,1],f32>
    %38 = torch.aten.mul.Tensor %33, %37 : !torch.vtensor<[1,?,2,16],f32>, !torch.vtensor<[1,?,2,1],f32> -> !torch.vtensor<[1,?,2,16],f32>
    %39 = "aweigh.weight"() {name = "model.layers.0.self_attn.k_norm.weight"} : () -> !torch.vtensor<[16],f32>
    %40 = torch.aten.mul.Tensor %39, %38 : !torch.vtensor<[16],f32>, !torch.vtensor<[1,?,2,16],f32> -> !torch.vtensor<[1,?,2,16],f32>
    %41 = torch.aten.transpose.int %40, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %42 = "aweigh.weight"() {name = "model.layers.0.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %43 = torch.aten.linear %18, %42, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %44 = torch.aten.reshape %43, %21 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %45 = torch.aten.transpose.int %44, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %46 = torch.aten.unsqueeze %9, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %47 = torch.aten.unsqueeze %10, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %48 = torch.aten.mul.Tensor %30, %46 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %49 = torch.aten.slice.Tensor %30, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %50 = torch.aten.slice.Tensor %30, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %51 = torch.aten.neg %50 : !torch.vtensor<[1,4,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %52 = torch.prim.ListConstruct %51, %49 : (!torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>) -> !torch.list<vtensor>
    %53 = torch.aten.cat %52, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %54 = torch.aten.mul.Tensor %53, %47 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %55 = torch.aten.add.Tensor %48, %54, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %56 = torch.aten.mul.Tensor %41, %46 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %57 = torch.aten.slice.Tensor %41, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %58 = torch.aten.slice.Tensor %41, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %59 = torch.aten.neg %58 : !torch.vtensor<[1,2,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %60 = torch.prim.ListConstruct %59, %57 : (!torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>) -> !torch.list<vtensor>
    %61 = torch.aten.cat %60, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %62 = torch.aten.mul.Tensor %61, %47 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %63 = torch.aten.add.Tensor %56, %62, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %64 = torch.operator "torch.aweigh.attend"(%55, %63, %45, %none, %none, %none, %none, %none, %none, %int0, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %65 = torch.prim.ListConstruct %int1, %0, %int-1 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %66 = torch.aten.reshape %64, %65 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %67 = "aweigh.weight"() {name = "model.layers.0.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %68 = torch.aten.linear %66, %67, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %69 = torch.aten.add.Tensor %2, %68, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %70 = torch.aten.pow.Tensor_Scalar %69, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %71 = torch.aten.mean.dim %70, %12, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %72 = torch.aten.add.Scalar %71, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %73 = torch.aten.rsqrt %72 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %74 = torch.aten.mul.Tensor %69, %73 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %75 = "aweigh.weight"() {name = "model.layers.0.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %76 = torch.aten.mul.Tensor %75, %74 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %77 = torch.prim.ListConstruct %int-1, %int64 : (!torch.int, !torch.int) -> !torch.list<int>
    %78 = torch.aten.reshape %76, %77 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[?,64],f32>
    %79 = "aweigh.weight"() {name = "model.layers.0.mlp.gate.weight"} : () -> !torch.vtensor<[4,64],f32>
    %80 = torch.aten.linear %78, %79, %none : !torch.vtensor<[?,64],f32>, !torch.vtensor<[4,64],f32>, !torch.none -> !torch.vtensor<[?,4],f32>
    %81 = torch.aten.softmax.int %80, %int-1, %int6 : !torch.vtensor<[?,4],f32>, !torch.int, !torch.int -> !torch.vtensor<[?,4],f32>
    %values, %indices = torch.aten.topk %81, %int2, %int-1, %true, %true : !torch.vtensor<[?,4],f32>, !torch.int, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[?,2],f32>, !torch.vtensor<[?,2],si64>
    %82 = "aweigh.weight"() {name = "model.layers.0.mlp.experts.gate_up_proj"} : () -> !torch.vtensor<[4,64,64],f32>
    %83 = "aweigh.weight"() {name = "model.layers.0.mlp.experts.down_proj"} : () -> !torch.vtensor<[4,64,32],f32>
    %84 = torch.operator "torch.aweigh.experts"(%78, %indices, %values, %82, %83, %none, %none, %str, %false, %false, %none, %none) : (!torch.vtensor<[?,64],f32>, !torch.vtensor<[?,2],si64>, !torch.vtensor<[?,2],f32>, !torch.vtensor<[4,64,64],f32>, !torch.vtensor<[4,64,32],f32>, !torch.none, !torch.none, !torch.str, !torch.bool, !torch.bool, !torch.none, !torch.none) -> !torch.vtensor<[?,64],f32> 
    %85 = torch.prim.ListConstruct %int1, %0, %int64 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %86 = torch.aten.reshape %84, %85 : !torch.vtensor<[?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %87 = torch.aten.add.Tensor %69, %86, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %88 = torch.aten.pow.Tensor_Scalar %87, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %89 = torch.aten.mean.dim %88, %12, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %90 = torch.aten.add.Scalar %89, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %91 = torch.aten.rsqrt %90 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %92 = torch.aten.mul.Tensor %87, %91 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %93 = "aweigh.weight"() {name = "model.layers.1.input_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %94 = torch.aten.mul.Tensor %93, %92 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %95 = "aweigh.weight"() {name = "model.layers.1.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %96 = torch.aten.linear %94, %95, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %97 = torch.aten.reshape %96, %21 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %98 = torch.aten.pow.Tensor_Scalar %97, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int -> !torch.vtensor<[1,?,4,16],f32>
    %99 = torch.aten.mean.dim %98, %12, %true, %none : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,4,1],f32>
    %100 = torch.aten.add.Scalar %99, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,4,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,4,1],f32>
    %101 = torch.aten.rsqrt %100 : !torch.vtensor<[1,?,4,1],f32> -> !torch.vtensor<[1,?,4,1],f32>
    %102 = torch.aten.mul.Tensor %97, %101 : !torch.vtensor<[1,?,4,16],f32>, !torch.vtensor<[1,?,4,1],f32> -> !torch.vtensor<[1,?,4,16],f32>
    %103 = "aweigh.weight"() {name = "model.layers.1.self_attn.q_norm.weight"} : () -> !torch.vtensor<[16],f32>
    %104 = torch.aten.mul.Tensor %103, %102 : !torch.vtensor<[16],f32>, !torch.vtensor<[1,?,4,16],f32> -> !torch.vtensor<[1,?,4,16],f32>
    %105 = torch.aten.transpose.int %104, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %106 = "aweigh.weight"() {name = "model.layers.1.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %107 = torch.aten.linear %94, %106, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %108 = torch.aten.reshape %107, %21 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %109 = torch.aten.pow.Tensor_Scalar %108, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int -> !torch.vtensor<[1,?,2,16],f32>
    %110 = torch.aten.mean.dim %109, %12, %true, %none : !torch.vtensor<[1,?,2,16],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,2,1],f32>
    %111 = torch.aten.add.Scalar %110, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,2,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,2,1],f32>
    %112 = torch.aten.rsqrt %111 : !torch.vtensor<[1,?,2,1],f32> -> !torch.vtensor<[1,?,2,1],f32>
    %113 = torch.aten.mul.Tensor %108, %112 : !torch.vtensor<[1,?,2,16],f32>, !torch.vtensor<[1,?,2,1],f32> -> !torch.vtensor<[1,?,2,16],f32>
    %114 = "aweigh.weight"() {name = "model.layers.1.self_attn.k_norm.weight"} : () -> !torch.vtensor<[16],f32>
    %115 = torch.aten.mul.Tensor %114, %113 : !torch.vtensor<[16],f32>, !torch.vtensor<[1,?,2,16],f32> -> !torch.vtensor<[1,?,2,16],f32>
    %116 = torch.aten.transpose.int %115, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %117 = "aweigh.weight"() {name = "model.layers.1.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %118 = torch.aten.linear %94, %117, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %119 = torch.aten.reshape %118, %21 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %120 = torch.aten.transpose.int %119, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %121 = torch.aten.unsqueeze %9, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %122 = torch.aten.unsqueeze %10, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %123 = torch.aten.mul.Tensor %105, %121 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %124 = torch.aten.slice.Tensor %105, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %125 = torch.aten.slice.Tensor %105, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %126 = torch.aten.neg %125 : !torch.vtensor<[1,4,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %127 = torch.prim.ListConstruct %126, %124 : (!torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>) -> !torch.list<vtensor>
    %128 = torch.aten.cat %127, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %129 = torch.aten.mul.Tensor %128, %122 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %130 = torch.aten.add.Tensor %123, %129, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %131 = torch.aten.mul.Tensor %116, %121 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %132 = torch.aten.slice.Tensor %116, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %133 = torch.aten.slice.Tensor %116, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %134 = torch.aten.neg %133 : !torch.vtensor<[1,2,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %135 = torch.prim.ListConstruct %134, %132 : (!torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>) -> !torch.list<vtensor>
    %136 = torch.aten.cat %135, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %137 = torch.aten.mul.Tensor %136, %122 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %138 = torch.aten.add.Tensor %131, %137, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %139 = torch.operator "torch.aweigh.attend"(%130, %138, %120, %none, %none, %none, %none, %none, %none, %int1, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %140 = torch.aten.reshape %139, %65 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %141 = "aweigh.weight"() {name = "model.layers.1.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %142 = torch.aten.linear %140, %141, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %143 = torch.aten.add.Tensor %87, %142, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %144 = torch.aten.pow.Tensor_Scalar %143, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %145 = torch.aten.mean.dim %144, %12, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %146 = torch.aten.add.Scalar %145, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %147 = torch.aten.rsqrt %146 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %148 = torch.aten.mul.Tensor %143, %147 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %149 = "aweigh.weight"() {name = "model.layers.1.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %150 = torch.aten.mul.Tensor %149, %148 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %151 = torch.aten.reshape %150, %77 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[?,64],f32>
    %152 = "aweigh.weight"() {name = "model.layers.1.mlp.gate.weight"} : () -> !torch.vtensor<[4,64],f32>
    %153 = torch.aten.linear %151, %152, %none : !torch.vtensor<[?,64],f32>, !torch.vtensor<[4,64],f32>, !torch.none -> !torch.vtensor<[?,4],f32>
    %154 = torch.aten.softmax.int %153, %int-1, %int6 : !torch.vtensor<[?,4],f32>, !torch.int, !torch.int -> !torch.vtensor<[?,4],f32>
    %values_0, %indices_1 = torch.aten.topk %154, %int2, %int-1, %true, %true : !torch.vtensor<[?,4],f32>, !torch.int, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[?,2],f32>, !torch.vtensor<[?,2],si64>
    %155 = "aweigh.weight"() {name = "model.layers.1.mlp.experts.gate_up_proj"} : () -> !torch.vtensor<[4,64,64],f32>
    %156 = "aweigh.weight"() {name = "model.layers.1.mlp.experts.down_proj"} : () -> !torch.vtensor<[4,64,32],f32>
    %157 = torch.operator "torch.aweigh.experts"(%151, %indices_1, %values_0, %155, %156, %none, %none, %str, %false, %false, %none, %none) : (!torch.vtensor<[?,64],f32>, !torch.vtensor<[?,2],si64>, !torch.vtensor<[?,2],f32>, !torch.vtensor<[4,64,64],f32>, !torch.vtensor<[4,64,32],f32>, !torch.none, !torch.none, !torch.str, !torch.bool, !torch.bool, !torch.none, !torch.none) -> !torch.vtensor<[?,64],f32> 
    %158 = torch.aten.reshape %157, %85 : !torch.vtensor<[?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %159 = torch.aten.add.Tensor %143, %158, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %160 = torch.aten.pow.Tensor_Scalar %159, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %161 = torch.aten.mean.dim %160, %12, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %162 = torch.aten.add.Scalar %161, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %163 = torch.aten.rsqrt %162 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %164 = torch.aten.mul.Tensor %159, %163 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %165 = "aweigh.weight"() {name = "model.norm.weight"} : () -> !torch.vtensor<[64],f32>
    %166 = torch.aten.mul.Tensor %165, %164 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %167 = torch.prim.ListConstruct %none, %arg2 : (!torch.none, !torch.vtensor<[?],si64>) -> !torch.list<optional<vtensor>>
    %168 = torch.aten.index.Tensor %166, %167 : !torch.vtensor<[1,?,64],f32>, !torch.list<optional<vtensor>> -> !torch.vtensor<[1,?,64],f32>
    %169 = "aweigh.weight"() {name = "lm_head.weight"} : () -> !torch.vtensor<[256,64],f32>
    %170 = torch.aten.linear %168, %169, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[256,64],f32>, !torch.none -> !torch.vtensor<[1,?,256],f32>
    return %170 : !torch.vtensor<[1,?,256],f32>
  }
}
