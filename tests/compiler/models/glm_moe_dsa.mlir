module {
  func.func @main(%arg0: !torch.vtensor<[1,?],si64>, %arg1: !torch.vtensor<[1,?],si64>, %arg2: !torch.vtensor<[?],si64>) -> !torch.vtensor<[1,?,256],f32> attributes {torch.assume_strict_symbolic_shapes} {
    %str = torch.constant.str "silu"
    %float2.500000e00 = torch.constant.float 2.500000e+00
    %float9.999990e-21 = torch.constant.float 9.9999999999999995E-21
    %float-Inf = torch.constant.float 0xFFF0000000000000
    %int11 = torch.constant.int 11
    %int64 = torch.constant.int 64
    %float2.041240e-01 = torch.constant.float 0.20412414523193151
    %float2.500000e-01 = torch.constant.float 2.500000e-01
    %int32 = torch.constant.int 32
    %int9223372036854775807 = torch.constant.int 9223372036854775807
    %int3 = torch.constant.int 3
    %int4 = torch.constant.int 4
    %int0 = torch.constant.int 0
    %int8 = torch.constant.int 8
    %int16 = torch.constant.int 16
    %int24 = torch.constant.int 24
    %float9.999990e-07 = torch.constant.float 9.9999999999999995E-7
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
    %5 = "aweigh.weight"() {name = "model.rotary_emb.inv_freq"} : () -> !torch.vtensor<[4],f32>
    %6 = torch.aten.mul.Tensor %4, %5 : !torch.vtensor<[1,?,1],f32>, !torch.vtensor<[4],f32> -> !torch.vtensor<[1,?,4],f32>
    %7 = torch.prim.ListConstruct %6, %6 : (!torch.vtensor<[1,?,4],f32>, !torch.vtensor<[1,?,4],f32>) -> !torch.list<vtensor>
    %8 = torch.aten.cat %7, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,?,8],f32>
    %9 = torch.aten.cos %8 : !torch.vtensor<[1,?,8],f32> -> !torch.vtensor<[1,?,8],f32>
    %10 = torch.aten.sin %8 : !torch.vtensor<[1,?,8],f32> -> !torch.vtensor<[1,?,8],f32>
    %11 = torch.aten.pow.Tensor_Scalar %2, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %12 = torch.prim.ListConstruct %int-1 : (!torch.int) -> !torch.list<int>
    %13 = torch.aten.mean.dim %11, %12, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %14 = torch.aten.add.Scalar %13, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %15 = torch.aten.rsqrt %14 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %16 = torch.aten.mul.Tensor %2, %15 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %17 = "aweigh.weight"() {name = "model.layers.0.input_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %18 = torch.aten.mul.Tensor %17, %16 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %19 = "aweigh.weight"() {name = "model.layers.0.self_attn.q_a_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %20 = torch.aten.linear %18, %19, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %21 = torch.aten.pow.Tensor_Scalar %20, %int2 : !torch.vtensor<[1,?,32],f32>, !torch.int -> !torch.vtensor<[1,?,32],f32>
    %22 = torch.aten.mean.dim %21, %12, %true, %none : !torch.vtensor<[1,?,32],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %23 = torch.aten.add.Scalar %22, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %24 = torch.aten.rsqrt %23 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %25 = torch.aten.mul.Tensor %20, %24 : !torch.vtensor<[1,?,32],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,32],f32>
    %26 = "aweigh.weight"() {name = "model.layers.0.self_attn.q_a_layernorm.weight"} : () -> !torch.vtensor<[32],f32>
    %27 = torch.aten.mul.Tensor %26, %25 : !torch.vtensor<[32],f32>, !torch.vtensor<[1,?,32],f32> -> !torch.vtensor<[1,?,32],f32>
    %28 = "aweigh.weight"() {name = "model.layers.0.self_attn.q_b_proj.weight"} : () -> !torch.vtensor<[96,32],f32>
    %29 = torch.aten.linear %27, %28, %none : !torch.vtensor<[1,?,32],f32>, !torch.vtensor<[96,32],f32>, !torch.none -> !torch.vtensor<[1,?,96],f32>
    %30 = torch.prim.ListConstruct %int1, %0, %int-1, %int24 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %31 = torch.aten.reshape %29, %30 : !torch.vtensor<[1,?,96],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,24],f32>
    %32 = torch.aten.transpose.int %31, %int1, %int2 : !torch.vtensor<[1,?,4,24],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,24],f32>
    %33 = torch.prim.ListConstruct %int16, %int8 : (!torch.int, !torch.int) -> !torch.list<int>
    %34 = torch.aten.split_with_sizes %32, %33, %int-1 : !torch.vtensor<[1,4,?,24],f32>, !torch.list<int>, !torch.int -> !torch.list<vtensor>
    %35:2 = torch.prim.ListUnpack %34 : !torch.list<vtensor> -> !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,8],f32>
    %36 = "aweigh.weight"() {name = "model.layers.0.self_attn.kv_a_proj_with_mqa.weight"} : () -> !torch.vtensor<[24,64],f32>
    %37 = torch.aten.linear %18, %36, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[24,64],f32>, !torch.none -> !torch.vtensor<[1,?,24],f32>
    %38 = torch.aten.split_with_sizes %37, %33, %int-1 : !torch.vtensor<[1,?,24],f32>, !torch.list<int>, !torch.int -> !torch.list<vtensor>
    %39:2 = torch.prim.ListUnpack %38 : !torch.list<vtensor> -> !torch.vtensor<[1,?,16],f32>, !torch.vtensor<[1,?,8],f32>
    %40 = torch.aten.pow.Tensor_Scalar %39#0, %int2 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,?,16],f32>
    %41 = torch.aten.mean.dim %40, %12, %true, %none : !torch.vtensor<[1,?,16],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %42 = torch.aten.add.Scalar %41, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %43 = torch.aten.rsqrt %42 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %44 = torch.aten.mul.Tensor %39#0, %43 : !torch.vtensor<[1,?,16],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,16],f32>
    %45 = "aweigh.weight"() {name = "model.layers.0.self_attn.kv_a_layernorm.weight"} : () -> !torch.vtensor<[16],f32>
    %46 = torch.aten.mul.Tensor %45, %44 : !torch.vtensor<[16],f32>, !torch.vtensor<[1,?,16],f32> -> !torch.vtensor<[1,?,16],f32>
    %47 = torch.prim.ListConstruct %int1, %int1, %0, %int16 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %48 = torch.aten.reshape %46, %47 : !torch.vtensor<[1,?,16],f32>, !torch.list<int> -> !torch.vtensor<[1,1,?,16],f32>
    %49 = torch.prim.ListConstruct %int1, %int1, %0, %int8 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %50 = torch.aten.reshape %39#1, %49 : !torch.vtensor<[1,?,8],f32>, !torch.list<int> -> !torch.vtensor<[1,1,?,8],f32>
    %51 = torch.aten.slice.Tensor %9, %int2, %int0, %int4, %int1 : !torch.vtensor<[1,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,?,4],f32>
    %52 = torch.aten.unsqueeze %51, %int1 : !torch.vtensor<[1,?,4],f32>, !torch.int -> !torch.vtensor<[1,1,?,4],f32>
    %53 = torch.aten.slice.Tensor %10, %int2, %int0, %int4, %int1 : !torch.vtensor<[1,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,?,4],f32>
    %54 = torch.aten.unsqueeze %53, %int1 : !torch.vtensor<[1,?,4],f32>, !torch.int -> !torch.vtensor<[1,1,?,4],f32>
    %55 = torch.aten.slice.Tensor %35#1, %int3, %int0, %int9223372036854775807, %int2 : !torch.vtensor<[1,4,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
    %56 = torch.aten.slice.Tensor %35#1, %int3, %int1, %int9223372036854775807, %int2 : !torch.vtensor<[1,4,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
    %57 = torch.aten.slice.Tensor %50, %int3, %int0, %int9223372036854775807, %int2 : !torch.vtensor<[1,1,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,1,?,4],f32>
    %58 = torch.aten.slice.Tensor %50, %int3, %int1, %int9223372036854775807, %int2 : !torch.vtensor<[1,1,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,1,?,4],f32>
    %59 = torch.aten.mul.Tensor %55, %52 : !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,1,?,4],f32> -> !torch.vtensor<[1,4,?,4],f32>
    %60 = torch.aten.mul.Tensor %56, %54 : !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,1,?,4],f32> -> !torch.vtensor<[1,4,?,4],f32>
    %61 = torch.aten.sub.Tensor %59, %60, %int1 : !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,4,?,4],f32>, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
    %62 = torch.aten.mul.Tensor %56, %52 : !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,1,?,4],f32> -> !torch.vtensor<[1,4,?,4],f32>
    %63 = torch.aten.mul.Tensor %55, %54 : !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,1,?,4],f32> -> !torch.vtensor<[1,4,?,4],f32>
    %64 = torch.aten.add.Tensor %62, %63, %int1 : !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,4,?,4],f32>, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
    %65 = torch.prim.ListConstruct %61, %64 : (!torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,4,?,4],f32>) -> !torch.list<vtensor>
    %66 = torch.aten.cat %65, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %67 = torch.aten.mul.Tensor %57, %52 : !torch.vtensor<[1,1,?,4],f32>, !torch.vtensor<[1,1,?,4],f32> -> !torch.vtensor<[1,1,?,4],f32>
    %68 = torch.aten.mul.Tensor %58, %54 : !torch.vtensor<[1,1,?,4],f32>, !torch.vtensor<[1,1,?,4],f32> -> !torch.vtensor<[1,1,?,4],f32>
    %69 = torch.aten.sub.Tensor %67, %68, %int1 : !torch.vtensor<[1,1,?,4],f32>, !torch.vtensor<[1,1,?,4],f32>, !torch.int -> !torch.vtensor<[1,1,?,4],f32>
    %70 = torch.aten.mul.Tensor %58, %52 : !torch.vtensor<[1,1,?,4],f32>, !torch.vtensor<[1,1,?,4],f32> -> !torch.vtensor<[1,1,?,4],f32>
    %71 = torch.aten.mul.Tensor %57, %54 : !torch.vtensor<[1,1,?,4],f32>, !torch.vtensor<[1,1,?,4],f32> -> !torch.vtensor<[1,1,?,4],f32>
    %72 = torch.aten.add.Tensor %70, %71, %int1 : !torch.vtensor<[1,1,?,4],f32>, !torch.vtensor<[1,1,?,4],f32>, !torch.int -> !torch.vtensor<[1,1,?,4],f32>
    %73 = torch.prim.ListConstruct %69, %72 : (!torch.vtensor<[1,1,?,4],f32>, !torch.vtensor<[1,1,?,4],f32>) -> !torch.list<vtensor>
    %74 = torch.aten.cat %73, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,1,?,8],f32>
    %75 = torch.prim.ListConstruct %35#0, %66 : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,8],f32>) -> !torch.list<vtensor>
    %76 = torch.aten.cat %75, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,24],f32>
    %77 = "aweigh.weight"() {name = "model.layers.0.self_attn.kv_b_proj.weight"} : () -> !torch.vtensor<[128,16],f32>
    %78 = torch.aten.linear %48, %77, %none : !torch.vtensor<[1,1,?,16],f32>, !torch.vtensor<[128,16],f32>, !torch.none -> !torch.vtensor<[1,1,?,128],f32>
    %79 = torch.prim.ListConstruct %int1, %0, %int-1, %int32 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %80 = torch.aten.reshape %78, %79 : !torch.vtensor<[1,1,?,128],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,32],f32>
    %81 = torch.aten.transpose.int %80, %int1, %int2 : !torch.vtensor<[1,?,4,32],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,32],f32>
    %82 = torch.prim.ListConstruct %int16, %int16 : (!torch.int, !torch.int) -> !torch.list<int>
    %83 = torch.aten.split_with_sizes %81, %82, %int-1 : !torch.vtensor<[1,4,?,32],f32>, !torch.list<int>, !torch.int -> !torch.list<vtensor>
    %84:2 = torch.prim.ListUnpack %83 : !torch.list<vtensor> -> !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>
    %85 = torch.prim.ListConstruct %int-1, %int4, %int-1, %int-1 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %86 = torch.aten.expand %74, %85, %false : !torch.vtensor<[1,1,?,8],f32>, !torch.list<int>, !torch.bool -> !torch.vtensor<[1,4,?,8],f32>
    %87 = torch.prim.ListConstruct %int1, %int4, %0, %int24 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %88 = torch.aten.new_empty %81, %87, %none, %none, %none, %false : !torch.vtensor<[1,4,?,32],f32>, !torch.list<int>, !torch.none, !torch.none, !torch.none, !torch.bool -> !torch.vtensor<[1,4,?,24],f32>
    %89 = torch.aten.slice.Tensor %88, %int3, %int0, %int16, %int1 : !torch.vtensor<[1,4,?,24],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %90 = torch.aten.copy %89, %84#0, %false : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.bool -> !torch.vtensor<[1,4,?,16],f32>
    %91 = torch.aten.slice_scatter %88, %90, %int3, %int0, %int16, %int1 : !torch.vtensor<[1,4,?,24],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,24],f32>
    %92 = torch.aten.slice.Tensor %91, %int3, %int16, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,24],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %93 = torch.aten.copy %92, %86, %false : !torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>, !torch.bool -> !torch.vtensor<[1,4,?,8],f32>
    %94 = torch.aten.slice_scatter %91, %93, %int3, %int16, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,24],f32>, !torch.vtensor<[1,4,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,24],f32>
    %95 = "aweigh.weight"() {name = "model.layers.0.self_attn.indexer.wq_b.weight"} : () -> !torch.vtensor<[256,32],f32>
    %96 = torch.aten.linear %27, %95, %none : !torch.vtensor<[1,?,32],f32>, !torch.vtensor<[256,32],f32>, !torch.none -> !torch.vtensor<[1,?,256],f32>
    %97 = torch.prim.ListConstruct %int1, %0, %int16, %int16 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %98 = torch.aten.reshape %96, %97 : !torch.vtensor<[1,?,256],f32>, !torch.list<int> -> !torch.vtensor<[1,?,16,16],f32>
    %99 = torch.prim.ListConstruct %int8, %int8 : (!torch.int, !torch.int) -> !torch.list<int>
    %100 = torch.aten.split_with_sizes %98, %99, %int-1 : !torch.vtensor<[1,?,16,16],f32>, !torch.list<int>, !torch.int -> !torch.list<vtensor>
    %101:2 = torch.prim.ListUnpack %100 : !torch.list<vtensor> -> !torch.vtensor<[1,?,16,8],f32>, !torch.vtensor<[1,?,16,8],f32>
    %102 = "aweigh.weight"() {name = "model.layers.0.self_attn.indexer.wk.weight"} : () -> !torch.vtensor<[16,64],f32>
    %103 = torch.aten.linear %18, %102, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[16,64],f32>, !torch.none -> !torch.vtensor<[1,?,16],f32>
    %104 = torch.prim.ListConstruct %int16 : (!torch.int) -> !torch.list<int>
    %105 = "aweigh.weight"() {name = "model.layers.0.self_attn.indexer.k_norm.weight"} : () -> !torch.vtensor<[16],f32>
    %106 = "aweigh.weight"() {name = "model.layers.0.self_attn.indexer.k_norm.bias"} : () -> !torch.vtensor<[16],f32>
    %107 = torch.aten.layer_norm %103, %104, %105, %106, %float9.999990e-07, %false : !torch.vtensor<[1,?,16],f32>, !torch.list<int>, !torch.vtensor<[16],f32>, !torch.vtensor<[16],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,16],f32>
    %108 = torch.aten.unsqueeze %107, %int2 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,?,1,16],f32>
    %109 = torch.aten.split_with_sizes %108, %99, %int-1 : !torch.vtensor<[1,?,1,16],f32>, !torch.list<int>, !torch.int -> !torch.list<vtensor>
    %110:2 = torch.prim.ListUnpack %109 : !torch.list<vtensor> -> !torch.vtensor<[1,?,1,8],f32>, !torch.vtensor<[1,?,1,8],f32>
    %111 = torch.aten.slice.Tensor %9, %int2, %int0, %int4, %int1 : !torch.vtensor<[1,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,?,4],f32>
    %112 = torch.aten.unsqueeze %111, %int2 : !torch.vtensor<[1,?,4],f32>, !torch.int -> !torch.vtensor<[1,?,1,4],f32>
    %113 = torch.aten.slice.Tensor %10, %int2, %int0, %int4, %int1 : !torch.vtensor<[1,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,?,4],f32>
    %114 = torch.aten.unsqueeze %113, %int2 : !torch.vtensor<[1,?,4],f32>, !torch.int -> !torch.vtensor<[1,?,1,4],f32>
    %115 = torch.aten.slice.Tensor %101#0, %int3, %int0, %int9223372036854775807, %int2 : !torch.vtensor<[1,?,16,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,?,16,4],f32>
    %116 = torch.aten.slice.Tensor %101#0, %int3, %int1, %int9223372036854775807, %int2 : !torch.vtensor<[1,?,16,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,?,16,4],f32>
    %117 = torch.aten.slice.Tensor %110#0, %int3, %int0, %int9223372036854775807, %int2 : !torch.vtensor<[1,?,1,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,?,1,4],f32>
    %118 = torch.aten.slice.Tensor %110#0, %int3, %int1, %int9223372036854775807, %int2 : !torch.vtensor<[1,?,1,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,?,1,4],f32>
    %119 = torch.aten.mul.Tensor %115, %112 : !torch.vtensor<[1,?,16,4],f32>, !torch.vtensor<[1,?,1,4],f32> -> !torch.vtensor<[1,?,16,4],f32>
    %120 = torch.aten.mul.Tensor %116, %114 : !torch.vtensor<[1,?,16,4],f32>, !torch.vtensor<[1,?,1,4],f32> -> !torch.vtensor<[1,?,16,4],f32>
    %121 = torch.aten.sub.Tensor %119, %120, %int1 : !torch.vtensor<[1,?,16,4],f32>, !torch.vtensor<[1,?,16,4],f32>, !torch.int -> !torch.vtensor<[1,?,16,4],f32>
    %122 = torch.aten.mul.Tensor %116, %112 : !torch.vtensor<[1,?,16,4],f32>, !torch.vtensor<[1,?,1,4],f32> -> !torch.vtensor<[1,?,16,4],f32>
    %123 = torch.aten.mul.Tensor %115, %114 : !torch.vtensor<[1,?,16,4],f32>, !torch.vtensor<[1,?,1,4],f32> -> !torch.vtensor<[1,?,16,4],f32>
    %124 = torch.aten.add.Tensor %122, %123, %int1 : !torch.vtensor<[1,?,16,4],f32>, !torch.vtensor<[1,?,16,4],f32>, !torch.int -> !torch.vtensor<[1,?,16,4],f32>
    %125 = torch.prim.ListConstruct %121, %124 : (!torch.vtensor<[1,?,16,4],f32>, !torch.vtensor<[1,?,16,4],f32>) -> !torch.list<vtensor>
    %126 = torch.aten.cat %125, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,?,16,8],f32>
    %127 = torch.aten.mul.Tensor %117, %112 : !torch.vtensor<[1,?,1,4],f32>, !torch.vtensor<[1,?,1,4],f32> -> !torch.vtensor<[1,?,1,4],f32>
    %128 = torch.aten.mul.Tensor %118, %114 : !torch.vtensor<[1,?,1,4],f32>, !torch.vtensor<[1,?,1,4],f32> -> !torch.vtensor<[1,?,1,4],f32>
    %129 = torch.aten.sub.Tensor %127, %128, %int1 : !torch.vtensor<[1,?,1,4],f32>, !torch.vtensor<[1,?,1,4],f32>, !torch.int -> !torch.vtensor<[1,?,1,4],f32>
    %130 = torch.aten.mul.Tensor %118, %112 : !torch.vtensor<[1,?,1,4],f32>, !torch.vtensor<[1,?,1,4],f32> -> !torch.vtensor<[1,?,1,4],f32>
    %131 = torch.aten.mul.Tensor %117, %114 : !torch.vtensor<[1,?,1,4],f32>, !torch.vtensor<[1,?,1,4],f32> -> !torch.vtensor<[1,?,1,4],f32>
    %132 = torch.aten.add.Tensor %130, %131, %int1 : !torch.vtensor<[1,?,1,4],f32>, !torch.vtensor<[1,?,1,4],f32>, !torch.int -> !torch.vtensor<[1,?,1,4],f32>
    %133 = torch.prim.ListConstruct %129, %132 : (!torch.vtensor<[1,?,1,4],f32>, !torch.vtensor<[1,?,1,4],f32>) -> !torch.list<vtensor>
    %134 = torch.aten.cat %133, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,?,1,8],f32>
    %135 = torch.prim.ListConstruct %126, %101#1 : (!torch.vtensor<[1,?,16,8],f32>, !torch.vtensor<[1,?,16,8],f32>) -> !torch.list<vtensor>
    %136 = torch.aten.cat %135, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,?,16,16],f32>
    %137 = torch.prim.ListConstruct %134, %110#1 : (!torch.vtensor<[1,?,1,8],f32>, !torch.vtensor<[1,?,1,8],f32>) -> !torch.list<vtensor>
    %138 = torch.aten.cat %137, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,?,1,16],f32>
    %139 = torch.aten.squeeze.dim %138, %int2 : !torch.vtensor<[1,?,1,16],f32>, !torch.int -> !torch.vtensor<[1,?,16],f32>
    %140 = "aweigh.weight"() {name = "model.layers.0.self_attn.indexer.weights_proj.weight"} : () -> !torch.vtensor<[16,64],f32>
    %141 = torch.aten.linear %18, %140, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[16,64],f32>, !torch.none -> !torch.vtensor<[1,?,16],f32>
    %142 = torch.aten.mul.Scalar %141, %float2.500000e-01 : !torch.vtensor<[1,?,16],f32>, !torch.float -> !torch.vtensor<[1,?,16],f32>
    %143 = torch.operator "torch.aweigh.select"(%136, %139, %142, %int0, %int4, %float2.500000e-01, %int1) : (!torch.vtensor<[1,?,16,16],f32>, !torch.vtensor<[1,?,16],f32>, !torch.vtensor<[1,?,16],f32>, !torch.int, !torch.int, !torch.float, !torch.int) -> !torch.vtensor<[1,?,4],si32> 
    %144 = torch.operator "torch.aweigh.attend"(%76, %94, %84#1, %none, %none, %none, %143, %none, %none, %int1, %float2.041240e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,24],f32>, !torch.vtensor<[1,4,?,24],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.none, !torch.none, !torch.none, !torch.vtensor<[1,?,4],si32>, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %145 = torch.prim.ListConstruct %int1, %0, %int-1 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %146 = torch.aten.reshape %144, %145 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %147 = "aweigh.weight"() {name = "model.layers.0.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %148 = torch.aten.linear %146, %147, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %149 = torch.aten.add.Tensor %2, %148, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %150 = torch.aten.pow.Tensor_Scalar %149, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %151 = torch.aten.mean.dim %150, %12, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %152 = torch.aten.add.Scalar %151, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %153 = torch.aten.rsqrt %152 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %154 = torch.aten.mul.Tensor %149, %153 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %155 = "aweigh.weight"() {name = "model.layers.0.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %156 = torch.aten.mul.Tensor %155, %154 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %157 = "aweigh.weight"() {name = "model.layers.0.mlp.gate_proj.weight"} : () -> !torch.vtensor<[96,64],f32>
    %158 = torch.aten.linear %156, %157, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[96,64],f32>, !torch.none -> !torch.vtensor<[1,?,96],f32>
    %159 = torch.aten.silu %158 : !torch.vtensor<[1,?,96],f32> -> !torch.vtensor<[1,?,96],f32>
    %160 = "aweigh.weight"() {name = "model.layers.0.mlp.up_proj.weight"} : () -> !torch.vtensor<[96,64],f32>
    %161 = torch.aten.linear %156, %160, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[96,64],f32>, !torch.none -> !torch.vtensor<[1,?,96],f32>
    %162 = torch.aten.mul.Tensor %159, %161 : !torch.vtensor<[1,?,96],f32>, !torch.vtensor<[1,?,96],f32> -> !torch.vtensor<[1,?,96],f32>
    %163 = "aweigh.weight"() {name = "model.layers.0.mlp.down_proj.weight"} : () -> !torch.vtensor<[64,96],f32>
    %164 = torch.aten.linear %162, %163, %none : !torch.vtensor<[1,?,96],f32>, !torch.vtensor<[64,96],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %165 = torch.aten.add.Tensor %149, %164, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %166 = torch.aten.pow.Tensor_Scalar %165, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %167 = torch.aten.mean.dim %166, %12, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %168 = torch.aten.add.Scalar %167, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %169 = torch.aten.rsqrt %168 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %170 = torch.aten.mul.Tensor %165, %169 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %171 = "aweigh.weight"() {name = "model.layers.1.input_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %172 = torch.aten.mul.Tensor %171, %170 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %173 = "aweigh.weight"() {name = "model.layers.1.self_attn.q_a_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %174 = torch.aten.linear %172, %173, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %175 = torch.aten.pow.Tensor_Scalar %174, %int2 : !torch.vtensor<[1,?,32],f32>, !torch.int -> !torch.vtensor<[1,?,32],f32>
    %176 = torch.aten.mean.dim %175, %12, %true, %none : !torch.vtensor<[1,?,32],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %177 = torch.aten.add.Scalar %176, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %178 = torch.aten.rsqrt %177 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %179 = torch.aten.mul.Tensor %174, %178 : !torch.vtensor<[1,?,32],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,32],f32>
    %180 = "aweigh.weight"() {name = "model.layers.1.self_attn.q_a_layernorm.weight"} : () -> !torch.vtensor<[32],f32>
    %181 = torch.aten.mul.Tensor %180, %179 : !torch.vtensor<[32],f32>, !torch.vtensor<[1,?,32],f32> -> !torch.vtensor<[1,?,32],f32>
    %182 = "aweigh.weight"() {name = "model.layers.1.self_attn.q_b_proj.weight"} : () -> !torch.vtensor<[96,32],f32>
    %183 = torch.aten.linear %181, %182, %none : !torch.vtensor<[1,?,32],f32>, !torch.vtensor<[96,32],f32>, !torch.none -> !torch.vtensor<[1,?,96],f32>
    %184 = torch.aten.reshape %183, %30 : !torch.vtensor<[1,?,96],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,24],f32>
    %185 = torch.aten.transpose.int %184, %int1, %int2 : !torch.vtensor<[1,?,4,24],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,24],f32>
    %186 = torch.aten.split_with_sizes %185, %33, %int-1 : !torch.vtensor<[1,4,?,24],f32>, !torch.list<int>, !torch.int -> !torch.list<vtensor>
    %187:2 = torch.prim.ListUnpack %186 : !torch.list<vtensor> -> !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,8],f32>
    %188 = "aweigh.weight"() {name = "model.layers.1.self_attn.kv_a_proj_with_mqa.weight"} : () -> !torch.vtensor<[24,64],f32>
    %189 = torch.aten.linear %172, %188, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[24,64],f32>, !torch.none -> !torch.vtensor<[1,?,24],f32>
    %190 = torch.aten.split_with_sizes %189, %33, %int-1 : !torch.vtensor<[1,?,24],f32>, !torch.list<int>, !torch.int -> !torch.list<vtensor>
    %191:2 = torch.prim.ListUnpack %190 : !torch.list<vtensor> -> !torch.vtensor<[1,?,16],f32>, !torch.vtensor<[1,?,8],f32>
    %192 = torch.aten.pow.Tensor_Scalar %191#0, %int2 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,?,16],f32>
    %193 = torch.aten.mean.dim %192, %12, %true, %none : !torch.vtensor<[1,?,16],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %194 = torch.aten.add.Scalar %193, %float9.999990e-07, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %195 = torch.aten.rsqrt %194 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %196 = torch.aten.mul.Tensor %191#0, %195 : !torch.vtensor<[1,?,16],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,16],f32>
    %197 = "aweigh.weight"() {name = "model.layers.1.self_attn.kv_a_layernorm.weight"} : () -> !torch.vtensor<[16],f32>
    %198 = torch.aten.mul.Tensor %197, %196 : !torch.vtensor<[16],f32>, !torch.vtensor<[1,?,16],f32> -> !torch.vtensor<[1,?,16],f32>
    %199 = torch.aten.reshape %198, %47 : !torch.vtensor<[1,?,16],f32>, !torch.list<int> -> !torch.vtensor<[1,1,?,16],f32>
    %200 = torch.aten.reshape %191#1, %49 : !torch.vtensor<[1,?,8],f32>, !torch.list<int> -> !torch.vtensor<[1,1,?,8],f32>
    %201 = torch.aten.slice.Tensor %9, %int2, %int0, %int4, %int1 : !torch.vtensor<[1,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,?,4],f32>
    %202 = torch.aten.unsqueeze %201, %int1 : !torch.vtensor<[1,?,4],f32>, !torch.int -> !torch.vtensor<[1,1,?,4],f32>
    %203 = torch.aten.slice.Tensor %10, %int2, %int0, %int4, %int1 : !torch.vtensor<[1,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,?,4],f32>
    %204 = torch.aten.unsqueeze %203, %int1 : !torch.vtensor<[1,?,4],f32>, !torch.int -> !torch.vtensor<[1,1,?,4],f32>
    %205 = torch.aten.slice.Tensor %187#1, %int3, %int0, %int9223372036854775807, %int2 : !torch.vtensor<[1,4,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
    %206 = torch.aten.slice.Tensor %187#1, %int3, %int1, %int9223372036854775807, %int2 : !torch.vtensor<[1,4,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
    %207 = torch.aten.slice.Tensor %200, %int3, %int0, %int9223372036854775807, %int2 : !torch.vtensor<[1,1,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,1,?,4],f32>
    %208 = torch.aten.slice.Tensor %200, %int3, %int1, %int9223372036854775807, %int2 : !torch.vtensor<[1,1,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,1,?,4],f32>
    %209 = torch.aten.mul.Tensor %205, %202 : !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,1,?,4],f32> -> !torch.vtensor<[1,4,?,4],f32>
    %210 = torch.aten.mul.Tensor %206, %204 : !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,1,?,4],f32> -> !torch.vtensor<[1,4,?,4],f32>
    %211 = torch.aten.sub.Tensor %209, %210, %int1 : !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,4,?,4],f32>, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
    %212 = torch.aten.mul.Tensor %206, %202 : !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,1,?,4],f32> -> !torch.vtensor<[1,4,?,4],f32>
    %213 = torch.aten.mul.Tensor %205, %204 : !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,1,?,4],f32> -> !torch.vtensor<[1,4,?,4],f32>
    %214 = torch.aten.add.Tensor %212, %213, %int1 : !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,4,?,4],f32>, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
    %215 = torch.prim.ListConstruct %211, %214 : (!torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,4,?,4],f32>) -> !torch.list<vtensor>
    %216 = torch.aten.cat %215, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %217 = torch.aten.mul.Tensor %207, %202 : !torch.vtensor<[1,1,?,4],f32>, !torch.vtensor<[1,1,?,4],f32> -> !torch.vtensor<[1,1,?,4],f32>
    %218 = torch.aten.mul.Tensor %208, %204 : !torch.vtensor<[1,1,?,4],f32>, !torch.vtensor<[1,1,?,4],f32> -> !torch.vtensor<[1,1,?,4],f32>
    %219 = torch.aten.sub.Tensor %217, %218, %int1 : !torch.vtensor<[1,1,?,4],f32>, !torch.vtensor<[1,1,?,4],f32>, !torch.int -> !torch.vtensor<[1,1,?,4],f32>
    %220 = torch.aten.mul.Tensor %208, %202 : !torch.vtensor<[1,1,?,4],f32>, !torch.vtensor<[1,1,?,4],f32> -> !torch.vtensor<[1,1,?,4],f32>
    %221 = torch.aten.mul.Tensor %207, %204 : !torch.vtensor<[1,1,?,4],f32>, !torch.vtensor<[1,1,?,4],f32> -> !torch.vtensor<[1,1,?,4],f32>
    %222 = torch.aten.add.Tensor %220, %221, %int1 : !torch.vtensor<[1,1,?,4],f32>, !torch.vtensor<[1,1,?,4],f32>, !torch.int -> !torch.vtensor<[1,1,?,4],f32>
    %223 = torch.prim.ListConstruct %219, %222 : (!torch.vtensor<[1,1,?,4],f32>, !torch.vtensor<[1,1,?,4],f32>) -> !torch.list<vtensor>
    %224 = torch.aten.cat %223, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,1,?,8],f32>
    %225 = torch.prim.ListConstruct %187#0, %216 : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,8],f32>) -> !torch.list<vtensor>
    %226 = torch.aten.cat %225, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,24],f32>
    %227 = "aweigh.weight"() {name = "model.layers.1.self_attn.kv_b_proj.weight"} : () -> !torch.vtensor<[128,16],f32>
    %228 = torch.aten.linear %199, %227, %none : !torch.vtensor<[1,1,?,16],f32>, !torch.vtensor<[128,16],f32>, !torch.none -> !torch.vtensor<[1,1,?,128],f32>
    %229 = torch.aten.reshape %228, %79 : !torch.vtensor<[1,1,?,128],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,32],f32>
    %230 = torch.aten.transpose.int %229, %int1, %int2 : !torch.vtensor<[1,?,4,32],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,32],f32>
    %231 = torch.aten.split_with_sizes %230, %82, %int-1 : !torch.vtensor<[1,4,?,32],f32>, !torch.list<int>, !torch.int -> !torch.list<vtensor>
    %232:2 = torch.prim.ListUnpack %231 : !torch.list<vtensor> -> !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>
    %233 = torch.aten.expand %224, %85, %false : !torch.vtensor<[1,1,?,8],f32>, !torch.list<int>, !torch.bool -> !torch.vtensor<[1,4,?,8],f32>
    %234 = torch.aten.new_empty %230, %87, %none, %none, %none, %false : !torch.vtensor<[1,4,?,32],f32>, !torch.list<int>, !torch.none, !torch.none, !torch.none, !torch.bool -> !torch.vtensor<[1,4,?,24],f32>
    %235 = torch.aten.slice.Tensor %234, %int3, %int0, %int16, %int1 : !torch.vtensor<[1,4,?,24],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %236 = torch.aten.copy %235, %232#0, %false : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.bool -> !torch.vtensor<[1,4,?,16],f32>
    %237 = torch.aten.slice_scatter %234, %236, %int3, %int0, %int16, %int1 : !torch.vtensor<[1,4,?,24],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,24],f32>
    %238 = torch.aten.slice.Tensor %237, %int3, %int16, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,24],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %239 = torch.aten.copy %238, %233, %false : !torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>, !torch.bool -> !torch.vtensor<[1,4,?,8],f32>
    %240 = torch.aten.slice_scatter %237, %239, %int3, %int16, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,24],f32>, !torch.vtensor<[1,4,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,24],f32>
    %241 = "aweigh.weight"() {name = "model.layers.1.self_attn.indexer.wq_b.weight"} : () -> !torch.vtensor<[256,32],f32>
    %242 = torch.aten.linear %181, %241, %none : !torch.vtensor<[1,?,32],f32>, !torch.vtensor<[256,32],f32>, !torch.none -> !torch.vtensor<[1,?,256],f32>
    %243 = torch.aten.reshape %242, %97 : !torch.vtensor<[1,?,256],f32>, !torch.list<int> -> !torch.vtensor<[1,?,16,16],f32>
    %244 = torch.aten.split_with_sizes %243, %99, %int-1 : !torch.vtensor<[1,?,16,16],f32>, !torch.list<int>, !torch.int -> !torch.list<vtensor>
    %245:2 = torch.prim.ListUnpack %244 : !torch.list<vtensor> -> !torch.vtensor<[1,?,16,8],f32>, !torch.vtensor<[1,?,16,8],f32>
    %246 = "aweigh.weight"() {name = "model.layers.1.self_attn.indexer.wk.weight"} : () -> !torch.vtensor<[16,64],f32>
    %247 = torch.aten.linear %172, %246, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[16,64],f32>, !torch.none -> !torch.vtensor<[1,?,16],f32>
    %248 = "aweigh.weight"() {name = "model.layers.1.self_attn.indexer.k_norm.weight"} : () -> !torch.vtensor<[16],f32>
    %249 = "aweigh.weight"() {name = "model.layers.1.self_attn.indexer.k_norm.bias"} : () -> !torch.vtensor<[16],f32>
    %250 = torch.aten.layer_norm %247, %104, %248, %249, %float9.999990e-07, %false : !torch.vtensor<[1,?,16],f32>, !torch.list<int>, !torch.vtensor<[16],f32>, !torch.vtensor<[16],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,16],f32>
    %251 = torch.aten.unsqueeze %250, %int2 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,?,1,16],f32>
    %252 = torch.aten.split_with_sizes %251, %99, %int-1 : !torch.vtensor<[1,?,1,16],f32>, !torch.list<int>, !torch.int -> !torch.list<vtensor>
    %253:2 = torch.prim.ListUnpack %252 : !torch.list<vtensor> -> !torch.vtensor<[1,?,1,8],f32>, !torch.vtensor<[1,?,1,8],f32>
    %254 = torch.aten.slice.Tensor %9, %int2, %int0, %int4, %int1 : !torch.vtensor<[1,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,?,4],f32>
    %255 = torch.aten.unsqueeze %254, %int2 : !torch.vtensor<[1,?,4],f32>, !torch.int -> !torch.vtensor<[1,?,1,4],f32>
    %256 = torch.aten.slice.Tensor %10, %int2, %int0, %int4, %int1 : !torch.vtensor<[1,?,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,?,4],f32>
    %257 = torch.aten.unsqueeze %256, %int2 : !torch.vtensor<[1,?,4],f32>, !torch.int -> !torch.vtensor<[1,?,1,4],f32>
    %258 = torch.aten.slice.Tensor %245#0, %int3, %int0, %int9223372036854775807, %int2 : !torch.vtensor<[1,?,16,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,?,16,4],f32>
    %259 = torch.aten.slice.Tensor %245#0, %int3, %int1, %int9223372036854775807, %int2 : !torch.vtensor<[1,?,16,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,?,16,4],f32>
    %260 = torch.aten.slice.Tensor %253#0, %int3, %int0, %int9223372036854775807, %int2 : !torch.vtensor<[1,?,1,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,?,1,4],f32>
    %261 = torch.aten.slice.Tensor %253#0, %int3, %int1, %int9223372036854775807, %int2 : !torch.vtensor<[1,?,1,8],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,?,1,4],f32>
    %262 = torch.aten.mul.Tensor %258, %255 : !torch.vtensor<[1,?,16,4],f32>, !torch.vtensor<[1,?,1,4],f32> -> !torch.vtensor<[1,?,16,4],f32>
    %263 = torch.aten.mul.Tensor %259, %257 : !torch.vtensor<[1,?,16,4],f32>, !torch.vtensor<[1,?,1,4],f32> -> !torch.vtensor<[1,?,16,4],f32>
    %264 = torch.aten.sub.Tensor %262, %263, %int1 : !torch.vtensor<[1,?,16,4],f32>, !torch.vtensor<[1,?,16,4],f32>, !torch.int -> !torch.vtensor<[1,?,16,4],f32>
    %265 = torch.aten.mul.Tensor %259, %255 : !torch.vtensor<[1,?,16,4],f32>, !torch.vtensor<[1,?,1,4],f32> -> !torch.vtensor<[1,?,16,4],f32>
    %266 = torch.aten.mul.Tensor %258, %257 : !torch.vtensor<[1,?,16,4],f32>, !torch.vtensor<[1,?,1,4],f32> -> !torch.vtensor<[1,?,16,4],f32>
    %267 = torch.aten.add.Tensor %265, %266, %int1 : !torch.vtensor<[1,?,16,4],f32>, !torch.vtensor<[1,?,16,4],f32>, !torch.int -> !torch.vtensor<[1,?,16,4],f32>
    %268 = torch.prim.ListConstruct %264, %267 : (!torch.vtensor<[1,?,16,4],f32>, !torch.vtensor<[1,?,16,4],f32>) -> !torch.list<vtensor>
    %269 = torch.aten.cat %268, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,?,16,8],f32>
    %270 = torch.aten.mul.Tensor %260, %255 : !torch.vtensor<[1,?,1,4],f32>, !torch.vtensor<[1,?,1,4],f32> -> !torch.vtensor<[1,?,1,4],f32>
    %271 = torch.aten.mul.Tensor %261, %257 : !torch.vtensor<[1,?,1,4],f32>, !torch.vtensor<[1,?,1,4],f32> -> !torch.vtensor<[1,?,1,4],f32>
    %272 = torch.aten.sub.Tensor %270, %271, %int1 : !torch.vtensor<[1,?,1,4],f32>, !torch.vtensor<[1,?,1,4],f32>, !torch.int -> !torch.vtensor<[1,?,1,4],f32>
    %273 = torch.aten.mul.Tensor %261, %255 : !torch.vtensor<[1,?,1,4],f32>, !torch.vtensor<[1,?,1,4],f32> -> !torch.vtensor<[1,?,1,4],f32>
    %274 = torch.aten.mul.Tensor %260, %257 : !torch.vtensor<[1,?,1,4],f32>, !torch.vtensor<[1,?,1,4],f32> -> !torch.vtensor<[1,?,1,4],f32>
    %275 = torch.aten.add.Tensor %273, %274, %int1 : !torch.vtensor<[1,?,1,4],f32>, !torch.vtensor<[1,?,1,4],f32>, !torch.int -> !torch.vtensor<[1,?,1,4],f32>
    %276 = torch.prim.ListConstruct %272, %275 : (!torch.vtensor<[1,?,1,4],f32>, !torch.vtensor<[1,?,1,4],f32>) -> !torch.list<vtensor>
    %277 = torch.aten.cat %276, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,?,1,8],f32>
    %278 = torch.prim.ListConstruct %269, %245#1 : (!torch.vtensor<[1,?,16,8],f32>, !torch.vtensor<[1,?,16,8],f32>) -> !torch.list<vtensor>
    %279 = torch.aten.cat %278, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,?,16,16],f32>
    %280 = torch.prim.ListConstruct %277, %253#1 : (!torch.vtensor<[1,?,1,8],f32>, !torch.vtensor<[1,?,1,8],f32>) -> !torch.list<vtensor>
    %281 = torch.aten.cat %280, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,?,1,16],f32>
    %282 = torch.aten.squeeze.dim %281, %int2 : !torch.vtensor<[1,?,1,16],f32>, !torch.int -> !torch.vtensor<[1,?,16],f32>
    %283 = "aweigh.weight"() {name = "model.layers.1.self_attn.indexer.weights_proj.weight"} : () -> !torch.vtensor<[16,64],f32>
    %284 = torch.aten.linear %172, %283, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[16,64],f32>, !torch.none -> !torch.vtensor<[1,?,16],f32>
    %285 = torch.aten.mul.Scalar %284, %float2.500000e-01 : !torch.vtensor<[1,?,16],f32>, !torch.float -> !torch.vtensor<[1,?,16],f32>
    %286 = torch.operator "torch.aweigh.select"(%279, %282, %285, %int2, %int4, %float2.500000e-01, %int1) : (!torch.vtensor<[1,?,16,16],f32>, !torch.vtensor<[1,?,16],f32>, !torch.vtensor<[1,?,16],f32>, !torch.int, !torch.int, !torch.float, !torch.int) -> !torch.vtensor<[1,?,4],si32> 
    %287 = torch.operator "torch.aweigh.attend"(%226, %240, %232#1, %none, %none, %none, %286, %none, %none, %int3, %float2.041240e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,24],f32>, !torch.vtensor<[1,4,?,24],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.none, !torch.none, !torch.none, !torch.vtensor<[1,?,4],si32>, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %288 = torch.aten.reshape %287, %145 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %289 = "aweigh.weight"() {name = "model.layers.1.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %290 = torch.aten.linear %288, %289, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %291 = torch.aten.add.Tensor %165, %290, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %292 = torch.aten.pow.Tensor_Scalar %291, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %293 = torch.aten.mean.dim %292, %12, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %294 = torch.aten.add.Scalar %293, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %295 = torch.aten.rsqrt %294 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %296 = torch.aten.mul.Tensor %291, %295 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %297 = "aweigh.weight"() {name = "model.layers.1.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %298 = torch.aten.mul.Tensor %297, %296 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %299 = torch.prim.ListConstruct %int-1, %int64 : (!torch.int, !torch.int) -> !torch.list<int>
    %300 = torch.aten.reshape %298, %299 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[?,64],f32>
    %301 = "aweigh.weight"() {name = "model.layers.1.mlp.gate.weight"} : () -> !torch.vtensor<[4,64],f32>
    %302 = torch.aten.linear %300, %301, %none : !torch.vtensor<[?,64],f32>, !torch.vtensor<[4,64],f32>, !torch.none -> !torch.vtensor<[?,4],f32>
    %303 = torch.aten.sigmoid %302 : !torch.vtensor<[?,4],f32> -> !torch.vtensor<[?,4],f32>
    %304 = "aweigh.weight"() {name = "model.layers.1.mlp.gate.e_score_correction_bias"} : () -> !torch.vtensor<[4],f32>
    %305 = torch.aten.add.Tensor %303, %304, %int1 : !torch.vtensor<[?,4],f32>, !torch.vtensor<[4],f32>, !torch.int -> !torch.vtensor<[?,4],f32>
    %306 = torch.prim.ListConstruct %int-1, %int1, %int4 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %307 = torch.aten.reshape %305, %306 : !torch.vtensor<[?,4],f32>, !torch.list<int> -> !torch.vtensor<[?,1,4],f32>
    %values, %indices = torch.aten.topk %307, %int2, %int-1, %true, %true : !torch.vtensor<[?,1,4],f32>, !torch.int, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[?,1,2],f32>, !torch.vtensor<[?,1,2],si64>
    %308 = torch.aten.sum.dim_IntList %values, %12, %false, %none : !torch.vtensor<[?,1,2],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[?,1],f32>
    %values_0, %indices_1 = torch.aten.topk %308, %int1, %int-1, %true, %false : !torch.vtensor<[?,1],f32>, !torch.int, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[?,1],f32>, !torch.vtensor<[?,1],si64>
    %309 = torch.aten.zeros_like %308, %none, %none, %none, %false, %none : !torch.vtensor<[?,1],f32>, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[?,1],f32>
    %310 = torch.aten.scatter.value %309, %int1, %indices_1, %int1 : !torch.vtensor<[?,1],f32>, !torch.int, !torch.vtensor<[?,1],si64>, !torch.int -> !torch.vtensor<[?,1],f32>
    %311 = torch.aten.unsqueeze %310, %int-1 : !torch.vtensor<[?,1],f32>, !torch.int -> !torch.vtensor<[?,1,1],f32>
    %312 = torch.aten.expand %311, %306, %false : !torch.vtensor<[?,1,1],f32>, !torch.list<int>, !torch.bool -> !torch.vtensor<[?,1,4],f32>
    %313 = torch.prim.ListConstruct %0, %int4 : (!torch.int, !torch.int) -> !torch.list<int>
    %314 = torch.aten.reshape %312, %313 : !torch.vtensor<[?,1,4],f32>, !torch.list<int> -> !torch.vtensor<[?,4],f32>
    %315 = torch.aten._to_copy %314, %int11, %none, %none, %none, %false, %none : !torch.vtensor<[?,4],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[?,4],i1>
    %316 = torch.aten.bitwise_not %315 : !torch.vtensor<[?,4],i1> -> !torch.vtensor<[?,4],i1>
    %317 = torch.aten.masked_fill.Scalar %305, %316, %float-Inf : !torch.vtensor<[?,4],f32>, !torch.vtensor<[?,4],i1>, !torch.float -> !torch.vtensor<[?,4],f32>
    %values_2, %indices_3 = torch.aten.topk %317, %int2, %int-1, %true, %false : !torch.vtensor<[?,4],f32>, !torch.int, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[?,2],f32>, !torch.vtensor<[?,2],si64>
    %318 = torch.aten.gather %303, %int1, %indices_3, %false : !torch.vtensor<[?,4],f32>, !torch.int, !torch.vtensor<[?,2],si64>, !torch.bool -> !torch.vtensor<[?,2],f32>
    %319 = torch.aten.sum.dim_IntList %318, %12, %true, %none : !torch.vtensor<[?,2],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[?,1],f32>
    %320 = torch.aten.add.Scalar %319, %float9.999990e-21, %int1 : !torch.vtensor<[?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[?,1],f32>
    %321 = torch.aten.div.Tensor %318, %320 : !torch.vtensor<[?,2],f32>, !torch.vtensor<[?,1],f32> -> !torch.vtensor<[?,2],f32>
    %322 = torch.aten.mul.Scalar %321, %float2.500000e00 : !torch.vtensor<[?,2],f32>, !torch.float -> !torch.vtensor<[?,2],f32>
    %323 = torch.aten.reshape %298, %299 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[?,64],f32>
    %324 = "aweigh.weight"() {name = "model.layers.1.mlp.experts.gate_up_proj"} : () -> !torch.vtensor<[4,64,64],f32>
    %325 = "aweigh.weight"() {name = "model.layers.1.mlp.experts.down_proj"} : () -> !torch.vtensor<[4,64,32],f32>
    %326 = torch.operator "torch.aweigh.experts"(%323, %indices_3, %322, %324, %325, %none, %none, %str, %false, %false, %none, %none) : (!torch.vtensor<[?,64],f32>, !torch.vtensor<[?,2],si64>, !torch.vtensor<[?,2],f32>, !torch.vtensor<[4,64,64],f32>, !torch.vtensor<[4,64,32],f32>, !torch.none, !torch.none, !torch.str, !torch.bool, !torch.bool, !torch.none, !torch.none) -> !torch.vtensor<[?,64],f32> 
    %327 = torch.prim.ListConstruct %int1, %0, %int64 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %328 = torch.aten.reshape %326, %327 : !torch.vtensor<[?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %329 = "aweigh.weight"() {name = "model.layers.1.mlp.shared_experts.gate_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %330 = torch.aten.linear %298, %329, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %331 = torch.aten.silu %330 : !torch.vtensor<[1,?,32],f32> -> !torch.vtensor<[1,?,32],f32>
    %332 = "aweigh.weight"() {name = "model.layers.1.mlp.shared_experts.up_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %333 = torch.aten.linear %298, %332, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %334 = torch.aten.mul.Tensor %331, %333 : !torch.vtensor<[1,?,32],f32>, !torch.vtensor<[1,?,32],f32> -> !torch.vtensor<[1,?,32],f32>
    %335 = "aweigh.weight"() {name = "model.layers.1.mlp.shared_experts.down_proj.weight"} : () -> !torch.vtensor<[64,32],f32>
    %336 = torch.aten.linear %334, %335, %none : !torch.vtensor<[1,?,32],f32>, !torch.vtensor<[64,32],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %337 = torch.aten.add.Tensor %328, %336, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %338 = torch.aten.add.Tensor %291, %337, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %339 = torch.aten.pow.Tensor_Scalar %338, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %340 = torch.aten.mean.dim %339, %12, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %341 = torch.aten.add.Scalar %340, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %342 = torch.aten.rsqrt %341 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %343 = torch.aten.mul.Tensor %338, %342 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %344 = "aweigh.weight"() {name = "model.norm.weight"} : () -> !torch.vtensor<[64],f32>
    %345 = torch.aten.mul.Tensor %344, %343 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %346 = torch.prim.ListConstruct %none, %arg2 : (!torch.none, !torch.vtensor<[?],si64>) -> !torch.list<optional<vtensor>>
    %347 = torch.aten.index.Tensor %345, %346 : !torch.vtensor<[1,?,64],f32>, !torch.list<optional<vtensor>> -> !torch.vtensor<[1,?,64],f32>
    %348 = "aweigh.weight"() {name = "lm_head.weight"} : () -> !torch.vtensor<[256,64],f32>
    %349 = torch.aten.linear %347, %348, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[256,64],f32>, !torch.none -> !torch.vtensor<[1,?,256],f32>
    return %349 : !torch.vtensor<[1,?,256],f32>
  }
}
