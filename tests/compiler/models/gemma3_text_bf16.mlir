module {
  func.func @main(%arg0: !torch.vtensor<[1,?],si64>, %arg1: !torch.vtensor<[1,?],si64>, %arg2: !torch.vtensor<[?],si64>) -> !torch.vtensor<[1,?,256],bf16> attributes {torch.assume_strict_symbolic_shapes} {
    %str = torch.constant.str "tanh"
    %float6.250000e-02 = torch.constant.float 6.250000e-02
    %int9223372036854775807 = torch.constant.int 9223372036854775807
    %int8 = torch.constant.int 8
    %int3 = torch.constant.int 3
    %int16 = torch.constant.int 16
    %float9.999990e-07 = torch.constant.float 9.9999999999999995E-7
    %true = torch.constant.bool true
    %int15 = torch.constant.int 15
    %float1.000000e00 = torch.constant.float 1.000000e+00
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
    %3 = "aweigh.weight"() {name = "model.embed_tokens.embed_scale"} : () -> !torch.vtensor<[],bf16>
    %4 = torch.aten.mul.Tensor %2, %3 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %5 = torch.aten.unsqueeze %arg1, %int2 : !torch.vtensor<[1,?],si64>, !torch.int -> !torch.vtensor<[1,?,1],si64>
    %6 = torch.aten._to_copy %5, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,1],si64>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %7 = "aweigh.weight"() {name = "model.rotary_emb.sliding_attention_inv_freq"} : () -> !torch.vtensor<[8],f32>
    %8 = torch.aten.mul.Tensor %6, %7 : !torch.vtensor<[1,?,1],f32>, !torch.vtensor<[8],f32> -> !torch.vtensor<[1,?,8],f32>
    %9 = torch.prim.ListConstruct %8, %8 : (!torch.vtensor<[1,?,8],f32>, !torch.vtensor<[1,?,8],f32>) -> !torch.list<vtensor>
    %10 = torch.aten.cat %9, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,?,16],f32>
    %11 = torch.aten.cos %10 : !torch.vtensor<[1,?,16],f32> -> !torch.vtensor<[1,?,16],f32>
    %12 = torch.aten.sin %10 : !torch.vtensor<[1,?,16],f32> -> !torch.vtensor<[1,?,16],f32>
    %13 = torch.aten._to_copy %11, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,16],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,16],bf16>
    %14 = torch.aten._to_copy %12, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,16],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,16],bf16>
    %15 = torch.aten.unsqueeze %arg1, %int2 : !torch.vtensor<[1,?],si64>, !torch.int -> !torch.vtensor<[1,?,1],si64>
    %16 = torch.aten._to_copy %15, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,1],si64>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %17 = "aweigh.weight"() {name = "model.rotary_emb.full_attention_inv_freq"} : () -> !torch.vtensor<[8],f32>
    %18 = torch.aten.mul.Tensor %16, %17 : !torch.vtensor<[1,?,1],f32>, !torch.vtensor<[8],f32> -> !torch.vtensor<[1,?,8],f32>
    %19 = torch.prim.ListConstruct %18, %18 : (!torch.vtensor<[1,?,8],f32>, !torch.vtensor<[1,?,8],f32>) -> !torch.list<vtensor>
    %20 = torch.aten.cat %19, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,?,16],f32>
    %21 = torch.aten.cos %20 : !torch.vtensor<[1,?,16],f32> -> !torch.vtensor<[1,?,16],f32>
    %22 = torch.aten.sin %20 : !torch.vtensor<[1,?,16],f32> -> !torch.vtensor<[1,?,16],f32>
    %23 = torch.aten._to_copy %21, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,16],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,16],bf16>
    %24 = torch.aten._to_copy %22, %int15, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,16],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,16],bf16>
    %25 = torch.aten._to_copy %4, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %26 = torch.aten.pow.Tensor_Scalar %25, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %27 = torch.prim.ListConstruct %int-1 : (!torch.int) -> !torch.list<int>
    %28 = torch.aten.mean.dim %26, %27, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %29 = torch.aten.add.Scalar %28, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %30 = torch.aten.rsqrt %29 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %31 = torch.aten.mul.Tensor %25, %30 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %32 = "aweigh.weight"() {name = "model.layers.0.input_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %33 = torch.aten._to_copy %32, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[64],f32>
    %34 = torch.aten.add.Scalar %33, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %35 = torch.aten.mul.Tensor %31, %34 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %36 = torch.aten.type_as %35, %4 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %37 = "aweigh.weight"() {name = "model.layers.0.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],bf16>
    %38 = torch.aten.linear %36, %37, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[64,64],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %39 = torch.prim.ListConstruct %int1, %0, %int-1, %int16 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %40 = torch.aten.reshape %38, %39 : !torch.vtensor<[1,?,64],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],bf16>
    %41 = torch.aten.transpose.int %40, %int1, %int2 : !torch.vtensor<[1,?,4,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %42 = "aweigh.weight"() {name = "model.layers.0.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],bf16>
    %43 = torch.aten.linear %36, %42, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[32,64],bf16>, !torch.none -> !torch.vtensor<[1,?,32],bf16>
    %44 = torch.aten.reshape %43, %39 : !torch.vtensor<[1,?,32],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],bf16>
    %45 = torch.aten.transpose.int %44, %int1, %int2 : !torch.vtensor<[1,?,2,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %46 = "aweigh.weight"() {name = "model.layers.0.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],bf16>
    %47 = torch.aten.linear %36, %46, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[32,64],bf16>, !torch.none -> !torch.vtensor<[1,?,32],bf16>
    %48 = torch.aten.reshape %47, %39 : !torch.vtensor<[1,?,32],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],bf16>
    %49 = torch.aten.transpose.int %48, %int1, %int2 : !torch.vtensor<[1,?,2,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %50 = torch.aten._to_copy %41, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,4,?,16],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,4,?,16],f32>
    %51 = torch.aten.pow.Tensor_Scalar %50, %int2 : !torch.vtensor<[1,4,?,16],f32>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %52 = torch.aten.mean.dim %51, %27, %true, %none : !torch.vtensor<[1,4,?,16],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,4,?,1],f32>
    %53 = torch.aten.add.Scalar %52, %float9.999990e-07, %int1 : !torch.vtensor<[1,4,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,4,?,1],f32>
    %54 = torch.aten.rsqrt %53 : !torch.vtensor<[1,4,?,1],f32> -> !torch.vtensor<[1,4,?,1],f32>
    %55 = torch.aten.mul.Tensor %50, %54 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,1],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %56 = "aweigh.weight"() {name = "model.layers.0.self_attn.q_norm.weight"} : () -> !torch.vtensor<[16],bf16>
    %57 = torch.aten._to_copy %56, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[16],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[16],f32>
    %58 = torch.aten.add.Scalar %57, %float1.000000e00, %int1 : !torch.vtensor<[16],f32>, !torch.float, !torch.int -> !torch.vtensor<[16],f32>
    %59 = torch.aten.mul.Tensor %55, %58 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %60 = torch.aten.type_as %59, %41 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],bf16> -> !torch.vtensor<[1,4,?,16],bf16>
    %61 = torch.aten._to_copy %45, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,2,?,16],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,2,?,16],f32>
    %62 = torch.aten.pow.Tensor_Scalar %61, %int2 : !torch.vtensor<[1,2,?,16],f32>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %63 = torch.aten.mean.dim %62, %27, %true, %none : !torch.vtensor<[1,2,?,16],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,2,?,1],f32>
    %64 = torch.aten.add.Scalar %63, %float9.999990e-07, %int1 : !torch.vtensor<[1,2,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,2,?,1],f32>
    %65 = torch.aten.rsqrt %64 : !torch.vtensor<[1,2,?,1],f32> -> !torch.vtensor<[1,2,?,1],f32>
    %66 = torch.aten.mul.Tensor %61, %65 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,1],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %67 = "aweigh.weight"() {name = "model.layers.0.self_attn.k_norm.weight"} : () -> !torch.vtensor<[16],bf16>
    %68 = torch.aten._to_copy %67, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[16],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[16],f32>
    %69 = torch.aten.add.Scalar %68, %float1.000000e00, %int1 : !torch.vtensor<[16],f32>, !torch.float, !torch.int -> !torch.vtensor<[16],f32>
    %70 = torch.aten.mul.Tensor %66, %69 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %71 = torch.aten.type_as %70, %45 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],bf16> -> !torch.vtensor<[1,2,?,16],bf16>
    %72 = torch.aten.unsqueeze %13, %int1 : !torch.vtensor<[1,?,16],bf16>, !torch.int -> !torch.vtensor<[1,1,?,16],bf16>
    %73 = torch.aten.unsqueeze %14, %int1 : !torch.vtensor<[1,?,16],bf16>, !torch.int -> !torch.vtensor<[1,1,?,16],bf16>
    %74 = torch.aten.mul.Tensor %60, %72 : !torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,4,?,16],bf16>
    %75 = torch.aten.slice.Tensor %60, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,4,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],bf16>
    %76 = torch.aten.slice.Tensor %60, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],bf16>
    %77 = torch.aten.neg %76 : !torch.vtensor<[1,4,?,8],bf16> -> !torch.vtensor<[1,4,?,8],bf16>
    %78 = torch.prim.ListConstruct %77, %75 : (!torch.vtensor<[1,4,?,8],bf16>, !torch.vtensor<[1,4,?,8],bf16>) -> !torch.list<vtensor>
    %79 = torch.aten.cat %78, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %80 = torch.aten.mul.Tensor %79, %73 : !torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,4,?,16],bf16>
    %81 = torch.aten.add.Tensor %74, %80, %int1 : !torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,4,?,16],bf16>, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %82 = torch.aten.mul.Tensor %71, %72 : !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,2,?,16],bf16>
    %83 = torch.aten.slice.Tensor %71, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,2,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],bf16>
    %84 = torch.aten.slice.Tensor %71, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],bf16>
    %85 = torch.aten.neg %84 : !torch.vtensor<[1,2,?,8],bf16> -> !torch.vtensor<[1,2,?,8],bf16>
    %86 = torch.prim.ListConstruct %85, %83 : (!torch.vtensor<[1,2,?,8],bf16>, !torch.vtensor<[1,2,?,8],bf16>) -> !torch.list<vtensor>
    %87 = torch.aten.cat %86, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %88 = torch.aten.mul.Tensor %87, %73 : !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,2,?,16],bf16>
    %89 = torch.aten.add.Tensor %82, %88, %int1 : !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %90 = torch.operator "torch.aweigh.attend"(%81, %89, %49, %none, %none, %none, %none, %none, %none, %int0, %float6.250000e-02, %int8, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.int, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],bf16> 
    %91 = torch.prim.ListConstruct %int1, %0, %int-1 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %92 = torch.aten.reshape %90, %91 : !torch.vtensor<[1,?,4,16],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,64],bf16>
    %93 = "aweigh.weight"() {name = "model.layers.0.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],bf16>
    %94 = torch.aten.linear %92, %93, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[64,64],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %95 = torch.aten._to_copy %94, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %96 = torch.aten.pow.Tensor_Scalar %95, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %97 = torch.aten.mean.dim %96, %27, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %98 = torch.aten.add.Scalar %97, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %99 = torch.aten.rsqrt %98 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %100 = torch.aten.mul.Tensor %95, %99 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %101 = "aweigh.weight"() {name = "model.layers.0.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %102 = torch.aten._to_copy %101, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[64],f32>
    %103 = torch.aten.add.Scalar %102, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %104 = torch.aten.mul.Tensor %100, %103 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %105 = torch.aten.type_as %104, %94 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %106 = torch.aten.add.Tensor %4, %105, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %107 = torch.aten._to_copy %106, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %108 = torch.aten.pow.Tensor_Scalar %107, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %109 = torch.aten.mean.dim %108, %27, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %110 = torch.aten.add.Scalar %109, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %111 = torch.aten.rsqrt %110 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %112 = torch.aten.mul.Tensor %107, %111 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %113 = "aweigh.weight"() {name = "model.layers.0.pre_feedforward_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %114 = torch.aten._to_copy %113, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[64],f32>
    %115 = torch.aten.add.Scalar %114, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %116 = torch.aten.mul.Tensor %112, %115 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %117 = torch.aten.type_as %116, %106 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %118 = "aweigh.weight"() {name = "model.layers.0.mlp.gate_proj.weight"} : () -> !torch.vtensor<[128,64],bf16>
    %119 = torch.aten.linear %117, %118, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[128,64],bf16>, !torch.none -> !torch.vtensor<[1,?,128],bf16>
    %120 = torch.aten.gelu %119, %str : !torch.vtensor<[1,?,128],bf16>, !torch.str -> !torch.vtensor<[1,?,128],bf16>
    %121 = "aweigh.weight"() {name = "model.layers.0.mlp.up_proj.weight"} : () -> !torch.vtensor<[128,64],bf16>
    %122 = torch.aten.linear %117, %121, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[128,64],bf16>, !torch.none -> !torch.vtensor<[1,?,128],bf16>
    %123 = torch.aten.mul.Tensor %120, %122 : !torch.vtensor<[1,?,128],bf16>, !torch.vtensor<[1,?,128],bf16> -> !torch.vtensor<[1,?,128],bf16>
    %124 = "aweigh.weight"() {name = "model.layers.0.mlp.down_proj.weight"} : () -> !torch.vtensor<[64,128],bf16>
    %125 = torch.aten.linear %123, %124, %none : !torch.vtensor<[1,?,128],bf16>, !torch.vtensor<[64,128],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %126 = torch.aten._to_copy %125, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %127 = torch.aten.pow.Tensor_Scalar %126, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %128 = torch.aten.mean.dim %127, %27, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %129 = torch.aten.add.Scalar %128, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %130 = torch.aten.rsqrt %129 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %131 = torch.aten.mul.Tensor %126, %130 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %132 = "aweigh.weight"() {name = "model.layers.0.post_feedforward_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %133 = torch.aten._to_copy %132, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[64],f32>
    %134 = torch.aten.add.Scalar %133, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %135 = torch.aten.mul.Tensor %131, %134 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %136 = torch.aten.type_as %135, %125 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %137 = torch.aten.add.Tensor %106, %136, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %138 = torch.aten._to_copy %137, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %139 = torch.aten.pow.Tensor_Scalar %138, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %140 = torch.aten.mean.dim %139, %27, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %141 = torch.aten.add.Scalar %140, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %142 = torch.aten.rsqrt %141 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %143 = torch.aten.mul.Tensor %138, %142 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %144 = "aweigh.weight"() {name = "model.layers.1.input_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %145 = torch.aten._to_copy %144, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[64],f32>
    %146 = torch.aten.add.Scalar %145, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %147 = torch.aten.mul.Tensor %143, %146 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %148 = torch.aten.type_as %147, %137 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %149 = "aweigh.weight"() {name = "model.layers.1.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],bf16>
    %150 = torch.aten.linear %148, %149, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[64,64],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %151 = torch.aten.reshape %150, %39 : !torch.vtensor<[1,?,64],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],bf16>
    %152 = torch.aten.transpose.int %151, %int1, %int2 : !torch.vtensor<[1,?,4,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %153 = "aweigh.weight"() {name = "model.layers.1.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],bf16>
    %154 = torch.aten.linear %148, %153, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[32,64],bf16>, !torch.none -> !torch.vtensor<[1,?,32],bf16>
    %155 = torch.aten.reshape %154, %39 : !torch.vtensor<[1,?,32],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],bf16>
    %156 = torch.aten.transpose.int %155, %int1, %int2 : !torch.vtensor<[1,?,2,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %157 = "aweigh.weight"() {name = "model.layers.1.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],bf16>
    %158 = torch.aten.linear %148, %157, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[32,64],bf16>, !torch.none -> !torch.vtensor<[1,?,32],bf16>
    %159 = torch.aten.reshape %158, %39 : !torch.vtensor<[1,?,32],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],bf16>
    %160 = torch.aten.transpose.int %159, %int1, %int2 : !torch.vtensor<[1,?,2,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %161 = torch.aten._to_copy %152, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,4,?,16],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,4,?,16],f32>
    %162 = torch.aten.pow.Tensor_Scalar %161, %int2 : !torch.vtensor<[1,4,?,16],f32>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %163 = torch.aten.mean.dim %162, %27, %true, %none : !torch.vtensor<[1,4,?,16],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,4,?,1],f32>
    %164 = torch.aten.add.Scalar %163, %float9.999990e-07, %int1 : !torch.vtensor<[1,4,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,4,?,1],f32>
    %165 = torch.aten.rsqrt %164 : !torch.vtensor<[1,4,?,1],f32> -> !torch.vtensor<[1,4,?,1],f32>
    %166 = torch.aten.mul.Tensor %161, %165 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,1],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %167 = "aweigh.weight"() {name = "model.layers.1.self_attn.q_norm.weight"} : () -> !torch.vtensor<[16],bf16>
    %168 = torch.aten._to_copy %167, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[16],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[16],f32>
    %169 = torch.aten.add.Scalar %168, %float1.000000e00, %int1 : !torch.vtensor<[16],f32>, !torch.float, !torch.int -> !torch.vtensor<[16],f32>
    %170 = torch.aten.mul.Tensor %166, %169 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %171 = torch.aten.type_as %170, %152 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],bf16> -> !torch.vtensor<[1,4,?,16],bf16>
    %172 = torch.aten._to_copy %156, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,2,?,16],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,2,?,16],f32>
    %173 = torch.aten.pow.Tensor_Scalar %172, %int2 : !torch.vtensor<[1,2,?,16],f32>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %174 = torch.aten.mean.dim %173, %27, %true, %none : !torch.vtensor<[1,2,?,16],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,2,?,1],f32>
    %175 = torch.aten.add.Scalar %174, %float9.999990e-07, %int1 : !torch.vtensor<[1,2,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,2,?,1],f32>
    %176 = torch.aten.rsqrt %175 : !torch.vtensor<[1,2,?,1],f32> -> !torch.vtensor<[1,2,?,1],f32>
    %177 = torch.aten.mul.Tensor %172, %176 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,1],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %178 = "aweigh.weight"() {name = "model.layers.1.self_attn.k_norm.weight"} : () -> !torch.vtensor<[16],bf16>
    %179 = torch.aten._to_copy %178, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[16],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[16],f32>
    %180 = torch.aten.add.Scalar %179, %float1.000000e00, %int1 : !torch.vtensor<[16],f32>, !torch.float, !torch.int -> !torch.vtensor<[16],f32>
    %181 = torch.aten.mul.Tensor %177, %180 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %182 = torch.aten.type_as %181, %156 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],bf16> -> !torch.vtensor<[1,2,?,16],bf16>
    %183 = torch.aten.unsqueeze %23, %int1 : !torch.vtensor<[1,?,16],bf16>, !torch.int -> !torch.vtensor<[1,1,?,16],bf16>
    %184 = torch.aten.unsqueeze %24, %int1 : !torch.vtensor<[1,?,16],bf16>, !torch.int -> !torch.vtensor<[1,1,?,16],bf16>
    %185 = torch.aten.mul.Tensor %171, %183 : !torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,4,?,16],bf16>
    %186 = torch.aten.slice.Tensor %171, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,4,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],bf16>
    %187 = torch.aten.slice.Tensor %171, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],bf16>
    %188 = torch.aten.neg %187 : !torch.vtensor<[1,4,?,8],bf16> -> !torch.vtensor<[1,4,?,8],bf16>
    %189 = torch.prim.ListConstruct %188, %186 : (!torch.vtensor<[1,4,?,8],bf16>, !torch.vtensor<[1,4,?,8],bf16>) -> !torch.list<vtensor>
    %190 = torch.aten.cat %189, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %191 = torch.aten.mul.Tensor %190, %184 : !torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,4,?,16],bf16>
    %192 = torch.aten.add.Tensor %185, %191, %int1 : !torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,4,?,16],bf16>, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %193 = torch.aten.mul.Tensor %182, %183 : !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,2,?,16],bf16>
    %194 = torch.aten.slice.Tensor %182, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,2,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],bf16>
    %195 = torch.aten.slice.Tensor %182, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],bf16>
    %196 = torch.aten.neg %195 : !torch.vtensor<[1,2,?,8],bf16> -> !torch.vtensor<[1,2,?,8],bf16>
    %197 = torch.prim.ListConstruct %196, %194 : (!torch.vtensor<[1,2,?,8],bf16>, !torch.vtensor<[1,2,?,8],bf16>) -> !torch.list<vtensor>
    %198 = torch.aten.cat %197, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %199 = torch.aten.mul.Tensor %198, %184 : !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,2,?,16],bf16>
    %200 = torch.aten.add.Tensor %193, %199, %int1 : !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %201 = torch.operator "torch.aweigh.attend"(%192, %200, %160, %none, %none, %none, %none, %none, %none, %int1, %float6.250000e-02, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],bf16> 
    %202 = torch.aten.reshape %201, %91 : !torch.vtensor<[1,?,4,16],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,64],bf16>
    %203 = "aweigh.weight"() {name = "model.layers.1.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],bf16>
    %204 = torch.aten.linear %202, %203, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[64,64],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %205 = torch.aten._to_copy %204, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %206 = torch.aten.pow.Tensor_Scalar %205, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %207 = torch.aten.mean.dim %206, %27, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %208 = torch.aten.add.Scalar %207, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %209 = torch.aten.rsqrt %208 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %210 = torch.aten.mul.Tensor %205, %209 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %211 = "aweigh.weight"() {name = "model.layers.1.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %212 = torch.aten._to_copy %211, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[64],f32>
    %213 = torch.aten.add.Scalar %212, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %214 = torch.aten.mul.Tensor %210, %213 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %215 = torch.aten.type_as %214, %204 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %216 = torch.aten.add.Tensor %137, %215, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %217 = torch.aten._to_copy %216, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %218 = torch.aten.pow.Tensor_Scalar %217, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %219 = torch.aten.mean.dim %218, %27, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %220 = torch.aten.add.Scalar %219, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %221 = torch.aten.rsqrt %220 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %222 = torch.aten.mul.Tensor %217, %221 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %223 = "aweigh.weight"() {name = "model.layers.1.pre_feedforward_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %224 = torch.aten._to_copy %223, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[64],f32>
    %225 = torch.aten.add.Scalar %224, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %226 = torch.aten.mul.Tensor %222, %225 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %227 = torch.aten.type_as %226, %216 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %228 = "aweigh.weight"() {name = "model.layers.1.mlp.gate_proj.weight"} : () -> !torch.vtensor<[128,64],bf16>
    %229 = torch.aten.linear %227, %228, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[128,64],bf16>, !torch.none -> !torch.vtensor<[1,?,128],bf16>
    %230 = torch.aten.gelu %229, %str : !torch.vtensor<[1,?,128],bf16>, !torch.str -> !torch.vtensor<[1,?,128],bf16>
    %231 = "aweigh.weight"() {name = "model.layers.1.mlp.up_proj.weight"} : () -> !torch.vtensor<[128,64],bf16>
    %232 = torch.aten.linear %227, %231, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[128,64],bf16>, !torch.none -> !torch.vtensor<[1,?,128],bf16>
    %233 = torch.aten.mul.Tensor %230, %232 : !torch.vtensor<[1,?,128],bf16>, !torch.vtensor<[1,?,128],bf16> -> !torch.vtensor<[1,?,128],bf16>
    %234 = "aweigh.weight"() {name = "model.layers.1.mlp.down_proj.weight"} : () -> !torch.vtensor<[64,128],bf16>
    %235 = torch.aten.linear %233, %234, %none : !torch.vtensor<[1,?,128],bf16>, !torch.vtensor<[64,128],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %236 = torch.aten._to_copy %235, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %237 = torch.aten.pow.Tensor_Scalar %236, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %238 = torch.aten.mean.dim %237, %27, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %239 = torch.aten.add.Scalar %238, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %240 = torch.aten.rsqrt %239 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %241 = torch.aten.mul.Tensor %236, %240 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %242 = "aweigh.weight"() {name = "model.layers.1.post_feedforward_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %243 = torch.aten._to_copy %242, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[64],f32>
    %244 = torch.aten.add.Scalar %243, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %245 = torch.aten.mul.Tensor %241, %244 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %246 = torch.aten.type_as %245, %235 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %247 = torch.aten.add.Tensor %216, %246, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %248 = torch.aten._to_copy %247, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %249 = torch.aten.pow.Tensor_Scalar %248, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %250 = torch.aten.mean.dim %249, %27, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %251 = torch.aten.add.Scalar %250, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %252 = torch.aten.rsqrt %251 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %253 = torch.aten.mul.Tensor %248, %252 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %254 = "aweigh.weight"() {name = "model.layers.2.input_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %255 = torch.aten._to_copy %254, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[64],f32>
    %256 = torch.aten.add.Scalar %255, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %257 = torch.aten.mul.Tensor %253, %256 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %258 = torch.aten.type_as %257, %247 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %259 = "aweigh.weight"() {name = "model.layers.2.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],bf16>
    %260 = torch.aten.linear %258, %259, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[64,64],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %261 = torch.aten.reshape %260, %39 : !torch.vtensor<[1,?,64],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],bf16>
    %262 = torch.aten.transpose.int %261, %int1, %int2 : !torch.vtensor<[1,?,4,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %263 = "aweigh.weight"() {name = "model.layers.2.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],bf16>
    %264 = torch.aten.linear %258, %263, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[32,64],bf16>, !torch.none -> !torch.vtensor<[1,?,32],bf16>
    %265 = torch.aten.reshape %264, %39 : !torch.vtensor<[1,?,32],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],bf16>
    %266 = torch.aten.transpose.int %265, %int1, %int2 : !torch.vtensor<[1,?,2,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %267 = "aweigh.weight"() {name = "model.layers.2.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],bf16>
    %268 = torch.aten.linear %258, %267, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[32,64],bf16>, !torch.none -> !torch.vtensor<[1,?,32],bf16>
    %269 = torch.aten.reshape %268, %39 : !torch.vtensor<[1,?,32],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],bf16>
    %270 = torch.aten.transpose.int %269, %int1, %int2 : !torch.vtensor<[1,?,2,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %271 = torch.aten._to_copy %262, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,4,?,16],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,4,?,16],f32>
    %272 = torch.aten.pow.Tensor_Scalar %271, %int2 : !torch.vtensor<[1,4,?,16],f32>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %273 = torch.aten.mean.dim %272, %27, %true, %none : !torch.vtensor<[1,4,?,16],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,4,?,1],f32>
    %274 = torch.aten.add.Scalar %273, %float9.999990e-07, %int1 : !torch.vtensor<[1,4,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,4,?,1],f32>
    %275 = torch.aten.rsqrt %274 : !torch.vtensor<[1,4,?,1],f32> -> !torch.vtensor<[1,4,?,1],f32>
    %276 = torch.aten.mul.Tensor %271, %275 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,1],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %277 = "aweigh.weight"() {name = "model.layers.2.self_attn.q_norm.weight"} : () -> !torch.vtensor<[16],bf16>
    %278 = torch.aten._to_copy %277, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[16],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[16],f32>
    %279 = torch.aten.add.Scalar %278, %float1.000000e00, %int1 : !torch.vtensor<[16],f32>, !torch.float, !torch.int -> !torch.vtensor<[16],f32>
    %280 = torch.aten.mul.Tensor %276, %279 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %281 = torch.aten.type_as %280, %262 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],bf16> -> !torch.vtensor<[1,4,?,16],bf16>
    %282 = torch.aten._to_copy %266, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,2,?,16],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,2,?,16],f32>
    %283 = torch.aten.pow.Tensor_Scalar %282, %int2 : !torch.vtensor<[1,2,?,16],f32>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %284 = torch.aten.mean.dim %283, %27, %true, %none : !torch.vtensor<[1,2,?,16],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,2,?,1],f32>
    %285 = torch.aten.add.Scalar %284, %float9.999990e-07, %int1 : !torch.vtensor<[1,2,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,2,?,1],f32>
    %286 = torch.aten.rsqrt %285 : !torch.vtensor<[1,2,?,1],f32> -> !torch.vtensor<[1,2,?,1],f32>
    %287 = torch.aten.mul.Tensor %282, %286 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,1],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %288 = "aweigh.weight"() {name = "model.layers.2.self_attn.k_norm.weight"} : () -> !torch.vtensor<[16],bf16>
    %289 = torch.aten._to_copy %288, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[16],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[16],f32>
    %290 = torch.aten.add.Scalar %289, %float1.000000e00, %int1 : !torch.vtensor<[16],f32>, !torch.float, !torch.int -> !torch.vtensor<[16],f32>
    %291 = torch.aten.mul.Tensor %287, %290 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %292 = torch.aten.type_as %291, %266 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],bf16> -> !torch.vtensor<[1,2,?,16],bf16>
    %293 = torch.aten.unsqueeze %13, %int1 : !torch.vtensor<[1,?,16],bf16>, !torch.int -> !torch.vtensor<[1,1,?,16],bf16>
    %294 = torch.aten.unsqueeze %14, %int1 : !torch.vtensor<[1,?,16],bf16>, !torch.int -> !torch.vtensor<[1,1,?,16],bf16>
    %295 = torch.aten.mul.Tensor %281, %293 : !torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,4,?,16],bf16>
    %296 = torch.aten.slice.Tensor %281, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,4,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],bf16>
    %297 = torch.aten.slice.Tensor %281, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],bf16>
    %298 = torch.aten.neg %297 : !torch.vtensor<[1,4,?,8],bf16> -> !torch.vtensor<[1,4,?,8],bf16>
    %299 = torch.prim.ListConstruct %298, %296 : (!torch.vtensor<[1,4,?,8],bf16>, !torch.vtensor<[1,4,?,8],bf16>) -> !torch.list<vtensor>
    %300 = torch.aten.cat %299, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %301 = torch.aten.mul.Tensor %300, %294 : !torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,4,?,16],bf16>
    %302 = torch.aten.add.Tensor %295, %301, %int1 : !torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,4,?,16],bf16>, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %303 = torch.aten.mul.Tensor %292, %293 : !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,2,?,16],bf16>
    %304 = torch.aten.slice.Tensor %292, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,2,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],bf16>
    %305 = torch.aten.slice.Tensor %292, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],bf16>
    %306 = torch.aten.neg %305 : !torch.vtensor<[1,2,?,8],bf16> -> !torch.vtensor<[1,2,?,8],bf16>
    %307 = torch.prim.ListConstruct %306, %304 : (!torch.vtensor<[1,2,?,8],bf16>, !torch.vtensor<[1,2,?,8],bf16>) -> !torch.list<vtensor>
    %308 = torch.aten.cat %307, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %309 = torch.aten.mul.Tensor %308, %294 : !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,2,?,16],bf16>
    %310 = torch.aten.add.Tensor %303, %309, %int1 : !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %311 = torch.operator "torch.aweigh.attend"(%302, %310, %270, %none, %none, %none, %none, %none, %none, %int2, %float6.250000e-02, %int8, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.int, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],bf16> 
    %312 = torch.aten.reshape %311, %91 : !torch.vtensor<[1,?,4,16],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,64],bf16>
    %313 = "aweigh.weight"() {name = "model.layers.2.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],bf16>
    %314 = torch.aten.linear %312, %313, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[64,64],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %315 = torch.aten._to_copy %314, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %316 = torch.aten.pow.Tensor_Scalar %315, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %317 = torch.aten.mean.dim %316, %27, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %318 = torch.aten.add.Scalar %317, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %319 = torch.aten.rsqrt %318 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %320 = torch.aten.mul.Tensor %315, %319 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %321 = "aweigh.weight"() {name = "model.layers.2.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %322 = torch.aten._to_copy %321, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[64],f32>
    %323 = torch.aten.add.Scalar %322, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %324 = torch.aten.mul.Tensor %320, %323 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %325 = torch.aten.type_as %324, %314 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %326 = torch.aten.add.Tensor %247, %325, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %327 = torch.aten._to_copy %326, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %328 = torch.aten.pow.Tensor_Scalar %327, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %329 = torch.aten.mean.dim %328, %27, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %330 = torch.aten.add.Scalar %329, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %331 = torch.aten.rsqrt %330 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %332 = torch.aten.mul.Tensor %327, %331 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %333 = "aweigh.weight"() {name = "model.layers.2.pre_feedforward_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %334 = torch.aten._to_copy %333, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[64],f32>
    %335 = torch.aten.add.Scalar %334, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %336 = torch.aten.mul.Tensor %332, %335 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %337 = torch.aten.type_as %336, %326 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %338 = "aweigh.weight"() {name = "model.layers.2.mlp.gate_proj.weight"} : () -> !torch.vtensor<[128,64],bf16>
    %339 = torch.aten.linear %337, %338, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[128,64],bf16>, !torch.none -> !torch.vtensor<[1,?,128],bf16>
    %340 = torch.aten.gelu %339, %str : !torch.vtensor<[1,?,128],bf16>, !torch.str -> !torch.vtensor<[1,?,128],bf16>
    %341 = "aweigh.weight"() {name = "model.layers.2.mlp.up_proj.weight"} : () -> !torch.vtensor<[128,64],bf16>
    %342 = torch.aten.linear %337, %341, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[128,64],bf16>, !torch.none -> !torch.vtensor<[1,?,128],bf16>
    %343 = torch.aten.mul.Tensor %340, %342 : !torch.vtensor<[1,?,128],bf16>, !torch.vtensor<[1,?,128],bf16> -> !torch.vtensor<[1,?,128],bf16>
    %344 = "aweigh.weight"() {name = "model.layers.2.mlp.down_proj.weight"} : () -> !torch.vtensor<[64,128],bf16>
    %345 = torch.aten.linear %343, %344, %none : !torch.vtensor<[1,?,128],bf16>, !torch.vtensor<[64,128],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %346 = torch.aten._to_copy %345, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %347 = torch.aten.pow.Tensor_Scalar %346, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %348 = torch.aten.mean.dim %347, %27, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %349 = torch.aten.add.Scalar %348, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %350 = torch.aten.rsqrt %349 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %351 = torch.aten.mul.Tensor %346, %350 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %352 = "aweigh.weight"() {name = "model.layers.2.post_feedforward_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %353 = torch.aten._to_copy %352, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[64],f32>
    %354 = torch.aten.add.Scalar %353, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %355 = torch.aten.mul.Tensor %351, %354 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %356 = torch.aten.type_as %355, %345 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %357 = torch.aten.add.Tensor %326, %356, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %358 = torch.aten._to_copy %357, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %359 = torch.aten.pow.Tensor_Scalar %358, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %360 = torch.aten.mean.dim %359, %27, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %361 = torch.aten.add.Scalar %360, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %362 = torch.aten.rsqrt %361 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %363 = torch.aten.mul.Tensor %358, %362 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %364 = "aweigh.weight"() {name = "model.layers.3.input_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %365 = torch.aten._to_copy %364, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[64],f32>
    %366 = torch.aten.add.Scalar %365, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %367 = torch.aten.mul.Tensor %363, %366 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %368 = torch.aten.type_as %367, %357 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %369 = "aweigh.weight"() {name = "model.layers.3.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],bf16>
    %370 = torch.aten.linear %368, %369, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[64,64],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %371 = torch.aten.reshape %370, %39 : !torch.vtensor<[1,?,64],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],bf16>
    %372 = torch.aten.transpose.int %371, %int1, %int2 : !torch.vtensor<[1,?,4,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %373 = "aweigh.weight"() {name = "model.layers.3.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],bf16>
    %374 = torch.aten.linear %368, %373, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[32,64],bf16>, !torch.none -> !torch.vtensor<[1,?,32],bf16>
    %375 = torch.aten.reshape %374, %39 : !torch.vtensor<[1,?,32],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],bf16>
    %376 = torch.aten.transpose.int %375, %int1, %int2 : !torch.vtensor<[1,?,2,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %377 = "aweigh.weight"() {name = "model.layers.3.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],bf16>
    %378 = torch.aten.linear %368, %377, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[32,64],bf16>, !torch.none -> !torch.vtensor<[1,?,32],bf16>
    %379 = torch.aten.reshape %378, %39 : !torch.vtensor<[1,?,32],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],bf16>
    %380 = torch.aten.transpose.int %379, %int1, %int2 : !torch.vtensor<[1,?,2,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %381 = torch.aten._to_copy %372, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,4,?,16],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,4,?,16],f32>
    %382 = torch.aten.pow.Tensor_Scalar %381, %int2 : !torch.vtensor<[1,4,?,16],f32>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %383 = torch.aten.mean.dim %382, %27, %true, %none : !torch.vtensor<[1,4,?,16],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,4,?,1],f32>
    %384 = torch.aten.add.Scalar %383, %float9.999990e-07, %int1 : !torch.vtensor<[1,4,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,4,?,1],f32>
    %385 = torch.aten.rsqrt %384 : !torch.vtensor<[1,4,?,1],f32> -> !torch.vtensor<[1,4,?,1],f32>
    %386 = torch.aten.mul.Tensor %381, %385 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,1],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %387 = "aweigh.weight"() {name = "model.layers.3.self_attn.q_norm.weight"} : () -> !torch.vtensor<[16],bf16>
    %388 = torch.aten._to_copy %387, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[16],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[16],f32>
    %389 = torch.aten.add.Scalar %388, %float1.000000e00, %int1 : !torch.vtensor<[16],f32>, !torch.float, !torch.int -> !torch.vtensor<[16],f32>
    %390 = torch.aten.mul.Tensor %386, %389 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %391 = torch.aten.type_as %390, %372 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],bf16> -> !torch.vtensor<[1,4,?,16],bf16>
    %392 = torch.aten._to_copy %376, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,2,?,16],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,2,?,16],f32>
    %393 = torch.aten.pow.Tensor_Scalar %392, %int2 : !torch.vtensor<[1,2,?,16],f32>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %394 = torch.aten.mean.dim %393, %27, %true, %none : !torch.vtensor<[1,2,?,16],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,2,?,1],f32>
    %395 = torch.aten.add.Scalar %394, %float9.999990e-07, %int1 : !torch.vtensor<[1,2,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,2,?,1],f32>
    %396 = torch.aten.rsqrt %395 : !torch.vtensor<[1,2,?,1],f32> -> !torch.vtensor<[1,2,?,1],f32>
    %397 = torch.aten.mul.Tensor %392, %396 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,1],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %398 = "aweigh.weight"() {name = "model.layers.3.self_attn.k_norm.weight"} : () -> !torch.vtensor<[16],bf16>
    %399 = torch.aten._to_copy %398, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[16],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[16],f32>
    %400 = torch.aten.add.Scalar %399, %float1.000000e00, %int1 : !torch.vtensor<[16],f32>, !torch.float, !torch.int -> !torch.vtensor<[16],f32>
    %401 = torch.aten.mul.Tensor %397, %400 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %402 = torch.aten.type_as %401, %376 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],bf16> -> !torch.vtensor<[1,2,?,16],bf16>
    %403 = torch.aten.unsqueeze %23, %int1 : !torch.vtensor<[1,?,16],bf16>, !torch.int -> !torch.vtensor<[1,1,?,16],bf16>
    %404 = torch.aten.unsqueeze %24, %int1 : !torch.vtensor<[1,?,16],bf16>, !torch.int -> !torch.vtensor<[1,1,?,16],bf16>
    %405 = torch.aten.mul.Tensor %391, %403 : !torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,4,?,16],bf16>
    %406 = torch.aten.slice.Tensor %391, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,4,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],bf16>
    %407 = torch.aten.slice.Tensor %391, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],bf16>
    %408 = torch.aten.neg %407 : !torch.vtensor<[1,4,?,8],bf16> -> !torch.vtensor<[1,4,?,8],bf16>
    %409 = torch.prim.ListConstruct %408, %406 : (!torch.vtensor<[1,4,?,8],bf16>, !torch.vtensor<[1,4,?,8],bf16>) -> !torch.list<vtensor>
    %410 = torch.aten.cat %409, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %411 = torch.aten.mul.Tensor %410, %404 : !torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,4,?,16],bf16>
    %412 = torch.aten.add.Tensor %405, %411, %int1 : !torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,4,?,16],bf16>, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %413 = torch.aten.mul.Tensor %402, %403 : !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,2,?,16],bf16>
    %414 = torch.aten.slice.Tensor %402, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,2,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],bf16>
    %415 = torch.aten.slice.Tensor %402, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,16],bf16>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],bf16>
    %416 = torch.aten.neg %415 : !torch.vtensor<[1,2,?,8],bf16> -> !torch.vtensor<[1,2,?,8],bf16>
    %417 = torch.prim.ListConstruct %416, %414 : (!torch.vtensor<[1,2,?,8],bf16>, !torch.vtensor<[1,2,?,8],bf16>) -> !torch.list<vtensor>
    %418 = torch.aten.cat %417, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %419 = torch.aten.mul.Tensor %418, %404 : !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,1,?,16],bf16> -> !torch.vtensor<[1,2,?,16],bf16>
    %420 = torch.aten.add.Tensor %413, %419, %int1 : !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.int -> !torch.vtensor<[1,2,?,16],bf16>
    %421 = torch.operator "torch.aweigh.attend"(%412, %420, %380, %none, %none, %none, %none, %none, %none, %int3, %float6.250000e-02, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.vtensor<[1,2,?,16],bf16>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],bf16> 
    %422 = torch.aten.reshape %421, %91 : !torch.vtensor<[1,?,4,16],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,64],bf16>
    %423 = "aweigh.weight"() {name = "model.layers.3.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],bf16>
    %424 = torch.aten.linear %422, %423, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[64,64],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %425 = torch.aten._to_copy %424, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %426 = torch.aten.pow.Tensor_Scalar %425, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %427 = torch.aten.mean.dim %426, %27, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %428 = torch.aten.add.Scalar %427, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %429 = torch.aten.rsqrt %428 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %430 = torch.aten.mul.Tensor %425, %429 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %431 = "aweigh.weight"() {name = "model.layers.3.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %432 = torch.aten._to_copy %431, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[64],f32>
    %433 = torch.aten.add.Scalar %432, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %434 = torch.aten.mul.Tensor %430, %433 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %435 = torch.aten.type_as %434, %424 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %436 = torch.aten.add.Tensor %357, %435, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %437 = torch.aten._to_copy %436, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %438 = torch.aten.pow.Tensor_Scalar %437, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %439 = torch.aten.mean.dim %438, %27, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %440 = torch.aten.add.Scalar %439, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %441 = torch.aten.rsqrt %440 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %442 = torch.aten.mul.Tensor %437, %441 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %443 = "aweigh.weight"() {name = "model.layers.3.pre_feedforward_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %444 = torch.aten._to_copy %443, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[64],f32>
    %445 = torch.aten.add.Scalar %444, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %446 = torch.aten.mul.Tensor %442, %445 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %447 = torch.aten.type_as %446, %436 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %448 = "aweigh.weight"() {name = "model.layers.3.mlp.gate_proj.weight"} : () -> !torch.vtensor<[128,64],bf16>
    %449 = torch.aten.linear %447, %448, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[128,64],bf16>, !torch.none -> !torch.vtensor<[1,?,128],bf16>
    %450 = torch.aten.gelu %449, %str : !torch.vtensor<[1,?,128],bf16>, !torch.str -> !torch.vtensor<[1,?,128],bf16>
    %451 = "aweigh.weight"() {name = "model.layers.3.mlp.up_proj.weight"} : () -> !torch.vtensor<[128,64],bf16>
    %452 = torch.aten.linear %447, %451, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[128,64],bf16>, !torch.none -> !torch.vtensor<[1,?,128],bf16>
    %453 = torch.aten.mul.Tensor %450, %452 : !torch.vtensor<[1,?,128],bf16>, !torch.vtensor<[1,?,128],bf16> -> !torch.vtensor<[1,?,128],bf16>
    %454 = "aweigh.weight"() {name = "model.layers.3.mlp.down_proj.weight"} : () -> !torch.vtensor<[64,128],bf16>
    %455 = torch.aten.linear %453, %454, %none : !torch.vtensor<[1,?,128],bf16>, !torch.vtensor<[64,128],bf16>, !torch.none -> !torch.vtensor<[1,?,64],bf16>
    %456 = torch.aten._to_copy %455, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %457 = torch.aten.pow.Tensor_Scalar %456, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %458 = torch.aten.mean.dim %457, %27, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %459 = torch.aten.add.Scalar %458, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %460 = torch.aten.rsqrt %459 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %461 = torch.aten.mul.Tensor %456, %460 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %462 = "aweigh.weight"() {name = "model.layers.3.post_feedforward_layernorm.weight"} : () -> !torch.vtensor<[64],bf16>
    %463 = torch.aten._to_copy %462, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[64],f32>
    %464 = torch.aten.add.Scalar %463, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %465 = torch.aten.mul.Tensor %461, %464 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %466 = torch.aten.type_as %465, %455 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %467 = torch.aten.add.Tensor %436, %466, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %468 = torch.aten._to_copy %467, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %469 = torch.aten.pow.Tensor_Scalar %468, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %470 = torch.aten.mean.dim %469, %27, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %471 = torch.aten.add.Scalar %470, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %472 = torch.aten.rsqrt %471 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %473 = torch.aten.mul.Tensor %468, %472 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %474 = "aweigh.weight"() {name = "model.norm.weight"} : () -> !torch.vtensor<[64],bf16>
    %475 = torch.aten._to_copy %474, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[64],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[64],f32>
    %476 = torch.aten.add.Scalar %475, %float1.000000e00, %int1 : !torch.vtensor<[64],f32>, !torch.float, !torch.int -> !torch.vtensor<[64],f32>
    %477 = torch.aten.mul.Tensor %473, %476 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %478 = torch.aten.type_as %477, %467 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],bf16> -> !torch.vtensor<[1,?,64],bf16>
    %479 = torch.prim.ListConstruct %none, %arg2 : (!torch.none, !torch.vtensor<[?],si64>) -> !torch.list<optional<vtensor>>
    %480 = torch.aten.index.Tensor %478, %479 : !torch.vtensor<[1,?,64],bf16>, !torch.list<optional<vtensor>> -> !torch.vtensor<[1,?,64],bf16>
    %481 = torch.aten.linear %480, %1, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[256,64],bf16>, !torch.none -> !torch.vtensor<[1,?,256],bf16>
    return %481 : !torch.vtensor<[1,?,256],bf16>
  }
}
