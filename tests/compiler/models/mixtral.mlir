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
    %float1.000000e-05 = torch.constant.float 1.000000e-05
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
    %14 = torch.aten.add.Scalar %13, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %15 = torch.aten.rsqrt %14 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %16 = torch.aten.mul.Tensor %2, %15 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %17 = "aweigh.weight"() {name = "model.layers.0.input_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %18 = torch.aten.mul.Tensor %17, %16 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %19 = "aweigh.weight"() {name = "model.layers.0.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %20 = torch.aten.linear %18, %19, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %21 = torch.prim.ListConstruct %int1, %0, %int-1, %int16 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %22 = torch.aten.reshape %20, %21 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %23 = torch.aten.transpose.int %22, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %24 = "aweigh.weight"() {name = "model.layers.0.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %25 = torch.aten.linear %18, %24, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %26 = torch.aten.reshape %25, %21 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %27 = torch.aten.transpose.int %26, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %28 = "aweigh.weight"() {name = "model.layers.0.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %29 = torch.aten.linear %18, %28, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %30 = torch.aten.reshape %29, %21 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %31 = torch.aten.transpose.int %30, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %32 = torch.aten.unsqueeze %9, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %33 = torch.aten.unsqueeze %10, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %34 = torch.aten.mul.Tensor %23, %32 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %35 = torch.aten.slice.Tensor %23, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %36 = torch.aten.slice.Tensor %23, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %37 = torch.aten.neg %36 : !torch.vtensor<[1,4,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %38 = torch.prim.ListConstruct %37, %35 : (!torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>) -> !torch.list<vtensor>
    %39 = torch.aten.cat %38, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %40 = torch.aten.mul.Tensor %39, %33 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %41 = torch.aten.add.Tensor %34, %40, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %42 = torch.aten.mul.Tensor %27, %32 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %43 = torch.aten.slice.Tensor %27, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %44 = torch.aten.slice.Tensor %27, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %45 = torch.aten.neg %44 : !torch.vtensor<[1,2,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %46 = torch.prim.ListConstruct %45, %43 : (!torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>) -> !torch.list<vtensor>
    %47 = torch.aten.cat %46, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %48 = torch.aten.mul.Tensor %47, %33 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %49 = torch.aten.add.Tensor %42, %48, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %50 = torch.operator "torch.aweigh.attend"(%41, %49, %31, %none, %none, %none, %none, %none, %none, %int0, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %51 = torch.prim.ListConstruct %int1, %0, %int-1 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %52 = torch.aten.reshape %50, %51 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %53 = "aweigh.weight"() {name = "model.layers.0.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %54 = torch.aten.linear %52, %53, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %55 = torch.aten.add.Tensor %2, %54, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %56 = torch.aten.pow.Tensor_Scalar %55, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %57 = torch.aten.mean.dim %56, %12, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %58 = torch.aten.add.Scalar %57, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %59 = torch.aten.rsqrt %58 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %60 = torch.aten.mul.Tensor %55, %59 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %61 = "aweigh.weight"() {name = "model.layers.0.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %62 = torch.aten.mul.Tensor %61, %60 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %63 = torch.prim.ListConstruct %int-1, %int64 : (!torch.int, !torch.int) -> !torch.list<int>
    %64 = torch.aten.reshape %62, %63 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[?,64],f32>
    %65 = "aweigh.weight"() {name = "model.layers.0.mlp.gate.weight"} : () -> !torch.vtensor<[4,64],f32>
    %66 = torch.aten.linear %64, %65, %none : !torch.vtensor<[?,64],f32>, !torch.vtensor<[4,64],f32>, !torch.none -> !torch.vtensor<[?,4],f32>
    %67 = torch.aten.softmax.int %66, %int-1, %none : !torch.vtensor<[?,4],f32>, !torch.int, !torch.none -> !torch.vtensor<[?,4],f32>
    %values, %indices = torch.aten.topk %67, %int2, %int-1, %true, %true : !torch.vtensor<[?,4],f32>, !torch.int, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[?,2],f32>, !torch.vtensor<[?,2],si64>
    %68 = torch.aten.sum.dim_IntList %values, %12, %true, %none : !torch.vtensor<[?,2],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[?,1],f32>
    %69 = torch.aten.div.Tensor %values, %68 : !torch.vtensor<[?,2],f32>, !torch.vtensor<[?,1],f32> -> !torch.vtensor<[?,2],f32>
    %70 = "aweigh.weight"() {name = "model.layers.0.mlp.experts.gate_up_proj"} : () -> !torch.vtensor<[4,256,64],f32>
    %71 = "aweigh.weight"() {name = "model.layers.0.mlp.experts.down_proj"} : () -> !torch.vtensor<[4,64,128],f32>
    %72 = torch.operator "torch.aweigh.experts"(%64, %indices, %69, %70, %71, %none, %none, %str, %false, %false, %none, %none) : (!torch.vtensor<[?,64],f32>, !torch.vtensor<[?,2],si64>, !torch.vtensor<[?,2],f32>, !torch.vtensor<[4,256,64],f32>, !torch.vtensor<[4,64,128],f32>, !torch.none, !torch.none, !torch.str, !torch.bool, !torch.bool, !torch.none, !torch.none) -> !torch.vtensor<[?,64],f32> 
    %73 = torch.prim.ListConstruct %int1, %0, %int64 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %74 = torch.aten.reshape %72, %73 : !torch.vtensor<[?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %75 = torch.aten.add.Tensor %55, %74, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %76 = torch.aten.pow.Tensor_Scalar %75, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %77 = torch.aten.mean.dim %76, %12, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %78 = torch.aten.add.Scalar %77, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %79 = torch.aten.rsqrt %78 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %80 = torch.aten.mul.Tensor %75, %79 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %81 = "aweigh.weight"() {name = "model.layers.1.input_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %82 = torch.aten.mul.Tensor %81, %80 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %83 = "aweigh.weight"() {name = "model.layers.1.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %84 = torch.aten.linear %82, %83, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %85 = torch.aten.reshape %84, %21 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %86 = torch.aten.transpose.int %85, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %87 = "aweigh.weight"() {name = "model.layers.1.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %88 = torch.aten.linear %82, %87, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %89 = torch.aten.reshape %88, %21 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %90 = torch.aten.transpose.int %89, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %91 = "aweigh.weight"() {name = "model.layers.1.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %92 = torch.aten.linear %82, %91, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %93 = torch.aten.reshape %92, %21 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %94 = torch.aten.transpose.int %93, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %95 = torch.aten.unsqueeze %9, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %96 = torch.aten.unsqueeze %10, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %97 = torch.aten.mul.Tensor %86, %95 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %98 = torch.aten.slice.Tensor %86, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %99 = torch.aten.slice.Tensor %86, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %100 = torch.aten.neg %99 : !torch.vtensor<[1,4,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %101 = torch.prim.ListConstruct %100, %98 : (!torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>) -> !torch.list<vtensor>
    %102 = torch.aten.cat %101, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %103 = torch.aten.mul.Tensor %102, %96 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %104 = torch.aten.add.Tensor %97, %103, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %105 = torch.aten.mul.Tensor %90, %95 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %106 = torch.aten.slice.Tensor %90, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %107 = torch.aten.slice.Tensor %90, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %108 = torch.aten.neg %107 : !torch.vtensor<[1,2,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %109 = torch.prim.ListConstruct %108, %106 : (!torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>) -> !torch.list<vtensor>
    %110 = torch.aten.cat %109, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %111 = torch.aten.mul.Tensor %110, %96 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %112 = torch.aten.add.Tensor %105, %111, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %113 = torch.operator "torch.aweigh.attend"(%104, %112, %94, %none, %none, %none, %none, %none, %none, %int1, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %114 = torch.aten.reshape %113, %51 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %115 = "aweigh.weight"() {name = "model.layers.1.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %116 = torch.aten.linear %114, %115, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %117 = torch.aten.add.Tensor %75, %116, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %118 = torch.aten.pow.Tensor_Scalar %117, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %119 = torch.aten.mean.dim %118, %12, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %120 = torch.aten.add.Scalar %119, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %121 = torch.aten.rsqrt %120 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %122 = torch.aten.mul.Tensor %117, %121 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %123 = "aweigh.weight"() {name = "model.layers.1.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %124 = torch.aten.mul.Tensor %123, %122 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %125 = torch.aten.reshape %124, %63 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[?,64],f32>
    %126 = "aweigh.weight"() {name = "model.layers.1.mlp.gate.weight"} : () -> !torch.vtensor<[4,64],f32>
    %127 = torch.aten.linear %125, %126, %none : !torch.vtensor<[?,64],f32>, !torch.vtensor<[4,64],f32>, !torch.none -> !torch.vtensor<[?,4],f32>
    %128 = torch.aten.softmax.int %127, %int-1, %none : !torch.vtensor<[?,4],f32>, !torch.int, !torch.none -> !torch.vtensor<[?,4],f32>
    %values_0, %indices_1 = torch.aten.topk %128, %int2, %int-1, %true, %true : !torch.vtensor<[?,4],f32>, !torch.int, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[?,2],f32>, !torch.vtensor<[?,2],si64>
    %129 = torch.aten.sum.dim_IntList %values_0, %12, %true, %none : !torch.vtensor<[?,2],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[?,1],f32>
    %130 = torch.aten.div.Tensor %values_0, %129 : !torch.vtensor<[?,2],f32>, !torch.vtensor<[?,1],f32> -> !torch.vtensor<[?,2],f32>
    %131 = "aweigh.weight"() {name = "model.layers.1.mlp.experts.gate_up_proj"} : () -> !torch.vtensor<[4,256,64],f32>
    %132 = "aweigh.weight"() {name = "model.layers.1.mlp.experts.down_proj"} : () -> !torch.vtensor<[4,64,128],f32>
    %133 = torch.operator "torch.aweigh.experts"(%125, %indices_1, %130, %131, %132, %none, %none, %str, %false, %false, %none, %none) : (!torch.vtensor<[?,64],f32>, !torch.vtensor<[?,2],si64>, !torch.vtensor<[?,2],f32>, !torch.vtensor<[4,256,64],f32>, !torch.vtensor<[4,64,128],f32>, !torch.none, !torch.none, !torch.str, !torch.bool, !torch.bool, !torch.none, !torch.none) -> !torch.vtensor<[?,64],f32> 
    %134 = torch.aten.reshape %133, %73 : !torch.vtensor<[?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %135 = torch.aten.add.Tensor %117, %134, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %136 = torch.aten.pow.Tensor_Scalar %135, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %137 = torch.aten.mean.dim %136, %12, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %138 = torch.aten.add.Scalar %137, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %139 = torch.aten.rsqrt %138 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %140 = torch.aten.mul.Tensor %135, %139 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %141 = "aweigh.weight"() {name = "model.norm.weight"} : () -> !torch.vtensor<[64],f32>
    %142 = torch.aten.mul.Tensor %141, %140 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %143 = torch.prim.ListConstruct %none, %arg2 : (!torch.none, !torch.vtensor<[?],si64>) -> !torch.list<optional<vtensor>>
    %144 = torch.aten.index.Tensor %142, %143 : !torch.vtensor<[1,?,64],f32>, !torch.list<optional<vtensor>> -> !torch.vtensor<[1,?,64],f32>
    %145 = "aweigh.weight"() {name = "lm_head.weight"} : () -> !torch.vtensor<[256,64],f32>
    %146 = torch.aten.linear %144, %145, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[256,64],f32>, !torch.none -> !torch.vtensor<[1,?,256],f32>
    return %146 : !torch.vtensor<[1,?,256],f32>
  }
}
