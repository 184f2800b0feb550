module {
  func.func @main(%arg0: !torch.vtensor<[1,?],si64>, %arg1: !torch.vtensor<[1,?],si64>, %arg2: !torch.vtensor<[?],si64>) -> !torch.vtensor<[1,?,256],f32> attributes {torch.assume_strict_symbolic_shapes} {
    %true = torch.constant.bool true
    %float2.500000e-01 = torch.constant.float 2.500000e-01
    %int9223372036854775807 = torch.constant.int 9223372036854775807
    %int8 = torch.constant.int 8
    %int0 = torch.constant.int 0
    %int3 = torch.constant.int 3
    %int16 = torch.constant.int 16
    %float1.000000e-05 = torch.constant.float 1.000000e-05
    %int64 = torch.constant.int 64
    %int-1 = torch.constant.int -1
    %none = torch.constant.none
    %int6 = torch.constant.int 6
    %int2 = torch.constant.int 2
    %false = torch.constant.bool false
    %int1 = torch.constant.int 1
    %0 = torch.aten.size.int %arg1, %int1 : !torch.vtensor<[1,?],si64>, !torch.int -> !torch.int
    %1 = "aweigh.weight"() {name = "model.embed_tokens.weight"} : () -> !torch.vtensor<[256,64],f32>
    %2 = torch.aten.embedding %1, %arg0, %int1, %false, %false : !torch.vtensor<[256,64],f32>, !torch.vtensor<[1,?],si64>, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %3 = torch.aten.unsqueeze %arg1, %int2 : !torch.vtensor<[1,?],si64>, !torch.int -> !torch.vtensor<[1,?,1],si64>
    %4 = torch.aten._to_copy %3, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,1],si64>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %5 = "aweigh.weight"() {name = "model.rotary_emb.inv_freq"} : () -> !torch.vtensor<[8],f32>
    %6 = torch.aten.mul.Tensor %4, %5 : !torch.vtensor<[1,?,1],f32>, !torch.vtensor<[8],f32> -> !torch.vtensor<[1,?,8],f32>
    %7 = torch.prim.ListConstruct %6, %6 : (!torch.vtensor<[1,?,8],f32>, !torch.vtensor<[1,?,8],f32>) -> !torch.list<vtensor>
    %8 = torch.aten.cat %7, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,?,16],f32>
    %9 = torch.aten.cos %8 : !torch.vtensor<[1,?,16],f32> -> !torch.vtensor<[1,?,16],f32>
    %10 = torch.aten.sin %8 : !torch.vtensor<[1,?,16],f32> -> !torch.vtensor<[1,?,16],f32>
    %11 = torch.prim.ListConstruct %int64 : (!torch.int) -> !torch.list<int>
    %12 = torch.aten.layer_norm %2, %11, %none, %none, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.none, !torch.none, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %13 = "aweigh.weight"() {name = "model.layers.0.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %14 = torch.aten.linear %12, %13, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %15 = "aweigh.weight"() {name = "model.layers.0.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %16 = torch.aten.linear %12, %15, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %17 = "aweigh.weight"() {name = "model.layers.0.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %18 = torch.aten.linear %12, %17, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %19 = torch.prim.ListConstruct %int1, %0, %int-1, %int16 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %20 = torch.aten.reshape %14, %19 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %21 = torch.aten.transpose.int %20, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %22 = torch.aten.reshape %16, %19 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %23 = torch.aten.transpose.int %22, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %24 = torch.aten.reshape %18, %19 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %25 = torch.aten.transpose.int %24, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %26 = torch.aten.unsqueeze %9, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %27 = torch.aten.unsqueeze %10, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %28 = torch.aten.mul.Tensor %21, %26 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %29 = torch.aten.slice.Tensor %21, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %30 = torch.aten.slice.Tensor %21, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %31 = torch.aten.neg %30 : !torch.vtensor<[1,4,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %32 = torch.prim.ListConstruct %31, %29 : (!torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>) -> !torch.list<vtensor>
    %33 = torch.aten.cat %32, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %34 = torch.aten.mul.Tensor %33, %27 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %35 = torch.aten.add.Tensor %28, %34, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %36 = torch.aten.mul.Tensor %23, %26 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %37 = torch.aten.slice.Tensor %23, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %38 = torch.aten.slice.Tensor %23, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %39 = torch.aten.neg %38 : !torch.vtensor<[1,2,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %40 = torch.prim.ListConstruct %39, %37 : (!torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>) -> !torch.list<vtensor>
    %41 = torch.aten.cat %40, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %42 = torch.aten.mul.Tensor %41, %27 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %43 = torch.aten.add.Tensor %36, %42, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %44 = torch.operator "torch.aweigh.attend"(%35, %43, %25, %none, %none, %none, %none, %none, %none, %int0, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %45 = torch.prim.ListConstruct %int1, %0, %int-1 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %46 = torch.aten.reshape %44, %45 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %47 = "aweigh.weight"() {name = "model.layers.0.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %48 = torch.aten.linear %46, %47, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %49 = torch.aten.add.Tensor %2, %48, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %50 = torch.aten.layer_norm %49, %11, %none, %none, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.none, !torch.none, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %51 = "aweigh.weight"() {name = "model.layers.0.mlp.gate_proj.weight"} : () -> !torch.vtensor<[128,64],f32>
    %52 = torch.aten.linear %50, %51, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.none -> !torch.vtensor<[1,?,128],f32>
    %53 = torch.aten.silu %52 : !torch.vtensor<[1,?,128],f32> -> !torch.vtensor<[1,?,128],f32>
    %54 = "aweigh.weight"() {name = "model.layers.0.mlp.up_proj.weight"} : () -> !torch.vtensor<[128,64],f32>
    %55 = torch.aten.linear %50, %54, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.none -> !torch.vtensor<[1,?,128],f32>
    %56 = torch.aten.mul.Tensor %53, %55 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[1,?,128],f32> -> !torch.vtensor<[1,?,128],f32>
    %57 = "aweigh.weight"() {name = "model.layers.0.mlp.down_proj.weight"} : () -> !torch.vtensor<[64,128],f32>
    %58 = torch.aten.linear %56, %57, %none : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[64,128],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %59 = torch.aten.add.Tensor %49, %58, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %60 = torch.aten.layer_norm %59, %11, %none, %none, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.none, !torch.none, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %61 = "aweigh.weight"() {name = "model.layers.1.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %62 = torch.aten.linear %60, %61, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %63 = "aweigh.weight"() {name = "model.layers.1.self_attn.k_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %64 = torch.aten.linear %60, %63, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %65 = "aweigh.weight"() {name = "model.layers.1.self_attn.v_proj.weight"} : () -> !torch.vtensor<[32,64],f32>
    %66 = torch.aten.linear %60, %65, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[32,64],f32>, !torch.none -> !torch.vtensor<[1,?,32],f32>
    %67 = torch.aten.reshape %62, %19 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %68 = torch.aten.transpose.int %67, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %69 = torch.aten.reshape %64, %19 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %70 = torch.aten.transpose.int %69, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %71 = torch.aten.reshape %66, %19 : !torch.vtensor<[1,?,32],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,16],f32>
    %72 = torch.aten.transpose.int %71, %int1, %int2 : !torch.vtensor<[1,?,2,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %73 = torch.aten.unsqueeze %9, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %74 = torch.aten.unsqueeze %10, %int1 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,1,?,16],f32>
    %75 = torch.aten.mul.Tensor %68, %73 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %76 = torch.aten.slice.Tensor %68, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %77 = torch.aten.slice.Tensor %68, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,8],f32>
    %78 = torch.aten.neg %77 : !torch.vtensor<[1,4,?,8],f32> -> !torch.vtensor<[1,4,?,8],f32>
    %79 = torch.prim.ListConstruct %78, %76 : (!torch.vtensor<[1,4,?,8],f32>, !torch.vtensor<[1,4,?,8],f32>) -> !torch.list<vtensor>
    %80 = torch.aten.cat %79, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %81 = torch.aten.mul.Tensor %80, %74 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,4,?,16],f32>
    %82 = torch.aten.add.Tensor %75, %81, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %83 = torch.aten.mul.Tensor %70, %73 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %84 = torch.aten.slice.Tensor %70, %int3, %int0, %int8, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %85 = torch.aten.slice.Tensor %70, %int3, %int8, %int9223372036854775807, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,8],f32>
    %86 = torch.aten.neg %85 : !torch.vtensor<[1,2,?,8],f32> -> !torch.vtensor<[1,2,?,8],f32>
    %87 = torch.prim.ListConstruct %86, %84 : (!torch.vtensor<[1,2,?,8],f32>, !torch.vtensor<[1,2,?,8],f32>) -> !torch.list<vtensor>
    %88 = torch.aten.cat %87, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %89 = torch.aten.mul.Tensor %88, %74 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,1,?,16],f32> -> !torch.vtensor<[1,2,?,16],f32>
    %90 = torch.aten.add.Tensor %83, %89, %int1 : !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.int -> !torch.vtensor<[1,2,?,16],f32>
    %91 = torch.operator "torch.aweigh.attend"(%82, %90, %72, %none, %none, %none, %none, %none, %none, %int1, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.vtensor<[1,2,?,16],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %92 = torch.aten.reshape %91, %45 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %93 = "aweigh.weight"() {name = "model.layers.1.self_attn.o_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %94 = torch.aten.linear %92, %93, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %95 = torch.aten.add.Tensor %59, %94, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %96 = torch.aten.layer_norm %95, %11, %none, %none, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.none, !torch.none, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %97 = "aweigh.weight"() {name = "model.layers.1.mlp.gate_proj.weight"} : () -> !torch.vtensor<[128,64],f32>
    %98 = torch.aten.linear %96, %97, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.none -> !torch.vtensor<[1,?,128],f32>
    %99 = torch.aten.silu %98 : !torch.vtensor<[1,?,128],f32> -> !torch.vtensor<[1,?,128],f32>
    %100 = "aweigh.weight"() {name = "model.layers.1.mlp.up_proj.weight"} : () -> !torch.vtensor<[128,64],f32>
    %101 = torch.aten.linear %96, %100, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.none -> !torch.vtensor<[1,?,128],f32>
    %102 = torch.aten.mul.Tensor %99, %101 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[1,?,128],f32> -> !torch.vtensor<[1,?,128],f32>
    %103 = "aweigh.weight"() {name = "model.layers.1.mlp.down_proj.weight"} : () -> !torch.vtensor<[64,128],f32>
    %104 = torch.aten.linear %102, %103, %none : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[64,128],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %105 = torch.aten.add.Tensor %95, %104, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %106 = torch.aten.layer_norm %105, %11, %none, %none, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.none, !torch.none, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %107 = torch.prim.ListConstruct %none, %arg2 : (!torch.none, !torch.vtensor<[?],si64>) -> !torch.list<optional<vtensor>>
    %108 = torch.aten.index.Tensor %106, %107 : !torch.vtensor<[1,?,64],f32>, !torch.list<optional<vtensor>> -> !torch.vtensor<[1,?,64],f32>
    %109 = "aweigh.weight"() {name = "lm_head.weight"} : () -> !torch.vtensor<[256,64],f32>
    %110 = torch.aten.linear %108, %109, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[256,64],f32>, !torch.none -> !torch.vtensor<[1,?,256],f32>
    return %110 : !torch.vtensor<[1,?,256],f32>
  }
}
