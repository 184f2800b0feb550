module {
  func.func @main(%arg0: !torch.vtensor<[1,?],si64>, %arg1: !torch.vtensor<[1,?],si64>, %arg2: !torch.vtensor<[?],si64>) -> !torch.vtensor<[1,?,256],f32> attributes {torch.assume_strict_symbolic_shapes} {
    %str = torch.constant.str "none"
    %true = torch.constant.bool true
    %float2.500000e-01 = torch.constant.float 2.500000e-01
    %int9223372036854775807 = torch.constant.int 9223372036854775807
    %int4 = torch.constant.int 4
    %int0 = torch.constant.int 0
    %int3 = torch.constant.int 3
    %int16 = torch.constant.int 16
    %int48 = torch.constant.int 48
    %float1.000000e-05 = torch.constant.float 1.000000e-05
    %int64 = torch.constant.int 64
    %int6 = torch.constant.int 6
    %int2 = torch.constant.int 2
    %none = torch.constant.none
    %false = torch.constant.bool false
    %int-1 = torch.constant.int -1
    %int1 = torch.constant.int 1
    %0 = torch.aten.size.int %arg1, %int1 : !torch.vtensor<[1,?],si64>, !torch.int -> !torch.int
    %1 = "aweigh.weight"() {name = "gpt_neox.embed_in.weight"} : () -> !torch.vtensor<[256,64],f32>
    %2 = torch.aten.embedding %1, %arg0, %int-1, %false, %false : !torch.vtensor<[256,64],f32>, !torch.vtensor<[1,?],si64>, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %3 = torch.aten.unsqueeze %arg1, %int2 : !torch.vtensor<[1,?],si64>, !torch.int -> !torch.vtensor<[1,?,1],si64>
    %4 = torch.aten._to_copy %3, %int6, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,1],si64>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %5 = "aweigh.weight"() {name = "gpt_neox.rotary_emb.inv_freq"} : () -> !torch.vtensor<[2],f32>
    %6 = torch.aten.mul.Tensor %4, %5 : !torch.vtensor<[1,?,1],f32>, !torch.vtensor<[2],f32> -> !torch.vtensor<[1,?,2],f32>
    %7 = torch.prim.ListConstruct %6, %6 : (!torch.vtensor<[1,?,2],f32>, !torch.vtensor<[1,?,2],f32>) -> !torch.list<vtensor>
    %8 = torch.aten.cat %7, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,?,4],f32>
    %9 = torch.aten.cos %8 : !torch.vtensor<[1,?,4],f32> -> !torch.vtensor<[1,?,4],f32>
    %10 = torch.aten.sin %8 : !torch.vtensor<[1,?,4],f32> -> !torch.vtensor<[1,?,4],f32>
    %11 = torch.prim.ListConstruct %int64 : (!torch.int) -> !torch.list<int>
    %12 = "aweigh.weight"() {name = "gpt_neox.layers.0.input_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %13 = "aweigh.weight"() {name = "gpt_neox.layers.0.input_layernorm.bias"} : () -> !torch.vtensor<[64],f32>
    %14 = torch.aten.layer_norm %2, %11, %12, %13, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %15 = "aweigh.weight"() {name = "gpt_neox.layers.0.attention.query_key_value.weight"} : () -> !torch.vtensor<[192,64],f32>
    %16 = "aweigh.weight"() {name = "gpt_neox.layers.0.attention.query_key_value.bias"} : () -> !torch.vtensor<[192],f32>
    %17 = torch.aten.linear %14, %15, %16 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[192,64],f32>, !torch.vtensor<[192],f32> -> !torch.vtensor<[1,?,192],f32>
    %18 = torch.prim.ListConstruct %int1, %0, %int-1, %int48 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %19 = torch.aten.reshape %17, %18 : !torch.vtensor<[1,?,192],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,48],f32>
    %20 = torch.aten.transpose.int %19, %int1, %int2 : !torch.vtensor<[1,?,4,48],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,48],f32>
    %21 = torch.aten.split.Tensor %20, %int16, %int-1 : !torch.vtensor<[1,4,?,48],f32>, !torch.int, !torch.int -> !torch.list<vtensor>
    %22:3 = torch.prim.ListUnpack %21 : !torch.list<vtensor> -> !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>
    %23 = torch.aten.unsqueeze %9, %int1 : !torch.vtensor<[1,?,4],f32>, !torch.int -> !torch.vtensor<[1,1,?,4],f32>
    %24 = torch.aten.unsqueeze %10, %int1 : !torch.vtensor<[1,?,4],f32>, !torch.int -> !torch.vtensor<[1,1,?,4],f32>
    %25 = torch.aten.slice.Tensor %22#0, %int3, %int0, %int4, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
    %26 = torch.aten.slice.Tensor %22#0, %int3, %int4, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,12],f32>
    %27 = torch.aten.slice.Tensor %22#1, %int3, %int0, %int4, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
    %28 = torch.aten.slice.Tensor %22#1, %int3, %int4, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,12],f32>
    %29 = torch.aten.mul.Tensor %25, %23 : !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,1,?,4],f32> -> !torch.vtensor<[1,4,?,4],f32>
    %30 = torch.aten.slice.Tensor %25, %int3, %int0, %int2, %int1 : !torch.vtensor<[1,4,?,4],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,2],f32>
    %31 = torch.aten.slice.Tensor %25, %int3, %int2, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,4],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,2],f32>
    %32 = torch.aten.neg %31 : !torch.vtensor<[1,4,?,2],f32> -> !torch.vtensor<[1,4,?,2],f32>
    %33 = torch.prim.ListConstruct %32, %30 : (!torch.vtensor<[1,4,?,2],f32>, !torch.vtensor<[1,4,?,2],f32>) -> !torch.list<vtensor>
    %34 = torch.aten.cat %33, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
    %35 = torch.aten.mul.Tensor %34, %24 : !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,1,?,4],f32> -> !torch.vtensor<[1,4,?,4],f32>
    %36 = torch.aten.add.Tensor %29, %35, %int1 : !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,4,?,4],f32>, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
    %37 = torch.aten.mul.Tensor %27, %23 : !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,1,?,4],f32> -> !torch.vtensor<[1,4,?,4],f32>
    %38 = torch.aten.slice.Tensor %27, %int3, %int0, %int2, %int1 : !torch.vtensor<[1,4,?,4],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,2],f32>
    %39 = torch.aten.slice.Tensor %27, %int3, %int2, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,4],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,2],f32>
    %40 = torch.aten.neg %39 : !torch.vtensor<[1,4,?,2],f32> -> !torch.vtensor<[1,4,?,2],f32>
    %41 = torch.prim.ListConstruct %40, %38 : (!torch.vtensor<[1,4,?,2],f32>, !torch.vtensor<[1,4,?,2],f32>) -> !torch.list<vtensor>
    %42 = torch.aten.cat %41, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
    %43 = torch.aten.mul.Tensor %42, %24 : !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,1,?,4],f32> -> !torch.vtensor<[1,4,?,4],f32>
    %44 = torch.aten.add.Tensor %37, %43, %int1 : !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,4,?,4],f32>, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
    %45 = torch.prim.ListConstruct %36, %26 : (!torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,4,?,12],f32>) -> !torch.list<vtensor>
    %46 = torch.aten.cat %45, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %47 = torch.prim.ListConstruct %44, %28 : (!torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,4,?,12],f32>) -> !torch.list<vtensor>
    %48 = torch.aten.cat %47, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %49 = torch.operator "torch.aweigh.attend"(%46, %48, %22#2, %none, %none, %none, %none, %none, %none, %int0, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %50 = torch.prim.ListConstruct %int1, %0, %int-1 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %51 = torch.aten.reshape %49, %50 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %52 = "aweigh.weight"() {name = "gpt_neox.layers.0.attention.dense.weight"} : () -> !torch.vtensor<[64,64],f32>
    %53 = "aweigh.weight"() {name = "gpt_neox.layers.0.attention.dense.bias"} : () -> !torch.vtensor<[64],f32>
    %54 = torch.aten.linear %51, %52, %53 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %55 = "aweigh.weight"() {name = "gpt_neox.layers.0.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %56 = "aweigh.weight"() {name = "gpt_neox.layers.0.post_attention_layernorm.bias"} : () -> !torch.vtensor<[64],f32>
    %57 = torch.aten.layer_norm %2, %11, %55, %56, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %58 = "aweigh.weight"() {name = "gpt_neox.layers.0.mlp.dense_h_to_4h.weight"} : () -> !torch.vtensor<[128,64],f32>
    %59 = "aweigh.weight"() {name = "gpt_neox.layers.0.mlp.dense_h_to_4h.bias"} : () -> !torch.vtensor<[128],f32>
    %60 = torch.aten.linear %57, %58, %59 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.vtensor<[128],f32> -> !torch.vtensor<[1,?,128],f32>
    %61 = torch.aten.gelu %60, %str : !torch.vtensor<[1,?,128],f32>, !torch.str -> !torch.vtensor<[1,?,128],f32>
    %62 = "aweigh.weight"() {name = "gpt_neox.layers.0.mlp.dense_4h_to_h.weight"} : () -> !torch.vtensor<[64,128],f32>
    %63 = "aweigh.weight"() {name = "gpt_neox.layers.0.mlp.dense_4h_to_h.bias"} : () -> !torch.vtensor<[64],f32>
    %64 = torch.aten.linear %61, %62, %63 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[64,128],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %65 = torch.aten.add.Tensor %64, %54, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %66 = torch.aten.add.Tensor %65, %2, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %67 = "aweigh.weight"() {name = "gpt_neox.layers.1.input_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %68 = "aweigh.weight"() {name = "gpt_neox.layers.1.input_layernorm.bias"} : () -> !torch.vtensor<[64],f32>
    %69 = torch.aten.layer_norm %66, %11, %67, %68, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %70 = "aweigh.weight"() {name = "gpt_neox.layers.1.attention.query_key_value.weight"} : () -> !torch.vtensor<[192,64],f32>
    %71 = "aweigh.weight"() {name = "gpt_neox.layers.1.attention.query_key_value.bias"} : () -> !torch.vtensor<[192],f32>
    %72 = torch.aten.linear %69, %70, %71 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[192,64],f32>, !torch.vtensor<[192],f32> -> !torch.vtensor<[1,?,192],f32>
    %73 = torch.aten.reshape %72, %18 : !torch.vtensor<[1,?,192],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,48],f32>
    %74 = torch.aten.transpose.int %73, %int1, %int2 : !torch.vtensor<[1,?,4,48],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,48],f32>
    %75 = torch.aten.split.Tensor %74, %int16, %int-1 : !torch.vtensor<[1,4,?,48],f32>, !torch.int, !torch.int -> !torch.list<vtensor>
    %76:3 = torch.prim.ListUnpack %75 : !torch.list<vtensor> -> !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>
    %77 = torch.aten.unsqueeze %9, %int1 : !torch.vtensor<[1,?,4],f32>, !torch.int -> !torch.vtensor<[1,1,?,4],f32>
    %78 = torch.aten.unsqueeze %10, %int1 : !torch.vtensor<[1,?,4],f32>, !torch.int -> !torch.vtensor<[1,1,?,4],f32>
    %79 = torch.aten.slice.Tensor %76#0, %int3, %int0, %int4, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
    %80 = torch.aten.slice.Tensor %76#0, %int3, %int4, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,12],f32>
    %81 = torch.aten.slice.Tensor %76#1, %int3, %int0, %int4, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
    %82 = torch.aten.slice.Tensor %76#1, %int3, %int4, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,16],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,12],f32>
    %83 = torch.aten.mul.Tensor %79, %77 : !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,1,?,4],f32> -> !torch.vtensor<[1,4,?,4],f32>
    %84 = torch.aten.slice.Tensor %79, %int3, %int0, %int2, %int1 : !torch.vtensor<[1,4,?,4],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,2],f32>
    %85 = torch.aten.slice.Tensor %79, %int3, %int2, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,4],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,2],f32>
    %86 = torch.aten.neg %85 : !torch.vtensor<[1,4,?,2],f32> -> !torch.vtensor<[1,4,?,2],f32>
    %87 = torch.prim.ListConstruct %86, %84 : (!torch.vtensor<[1,4,?,2],f32>, !torch.vtensor<[1,4,?,2],f32>) -> !torch.list<vtensor>
    %88 = torch.aten.cat %87, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
    %89 = torch.aten.mul.Tensor %88, %78 : !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,1,?,4],f32> -> !torch.vtensor<[1,4,?,4],f32>
    %90 = torch.aten.add.Tensor %83, %89, %int1 : !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,4,?,4],f32>, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
    %91 = torch.aten.mul.Tensor %81, %77 : !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,1,?,4],f32> -> !torch.vtensor<[1,4,?,4],f32>
    %92 = torch.aten.slice.Tensor %81, %int3, %int0, %int2, %int1 : !torch.vtensor<[1,4,?,4],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,2],f32>
    %93 = torch.aten.slice.Tensor %81, %int3, %int2, %int9223372036854775807, %int1 : !torch.vtensor<[1,4,?,4],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,2],f32>
    %94 = torch.aten.neg %93 : !torch.vtensor<[1,4,?,2],f32> -> !torch.vtensor<[1,4,?,2],f32>
    %95 = torch.prim.ListConstruct %94, %92 : (!torch.vtensor<[1,4,?,2],f32>, !torch.vtensor<[1,4,?,2],f32>) -> !torch.list<vtensor>
    %96 = torch.aten.cat %95, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
    %97 = torch.aten.mul.Tensor %96, %78 : !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,1,?,4],f32> -> !torch.vtensor<[1,4,?,4],f32>
    %98 = torch.aten.add.Tensor %91, %97, %int1 : !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,4,?,4],f32>, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
    %99 = torch.prim.ListConstruct %90, %80 : (!torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,4,?,12],f32>) -> !torch.list<vtensor>
    %100 = torch.aten.cat %99, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %101 = torch.prim.ListConstruct %98, %82 : (!torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,4,?,12],f32>) -> !torch.list<vtensor>
    %102 = torch.aten.cat %101, %int-1 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %103 = torch.operator "torch.aweigh.attend"(%100, %102, %76#2, %none, %none, %none, %none, %none, %none, %int1, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %104 = torch.aten.reshape %103, %50 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %105 = "aweigh.weight"() {name = "gpt_neox.layers.1.attention.dense.weight"} : () -> !torch.vtensor<[64,64],f32>
    %106 = "aweigh.weight"() {name = "gpt_neox.layers.1.attention.dense.bias"} : () -> !torch.vtensor<[64],f32>
    %107 = torch.aten.linear %104, %105, %106 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %108 = "aweigh.weight"() {name = "gpt_neox.layers.1.post_attention_layernorm.weight"} : () -> !torch.vtensor<[64],f32>
    %109 = "aweigh.weight"() {name = "gpt_neox.layers.1.post_attention_layernorm.bias"} : () -> !torch.vtensor<[64],f32>
    %110 = torch.aten.layer_norm %66, %11, %108, %109, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %111 = "aweigh.weight"() {name = "gpt_neox.layers.1.mlp.dense_h_to_4h.weight"} : () -> !torch.vtensor<[128,64],f32>
    %112 = "aweigh.weight"() {name = "gpt_neox.layers.1.mlp.dense_h_to_4h.bias"} : () -> !torch.vtensor<[128],f32>
    %113 = torch.aten.linear %110, %111, %112 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.vtensor<[128],f32> -> !torch.vtensor<[1,?,128],f32>
    %114 = torch.aten.gelu %113, %str : !torch.vtensor<[1,?,128],f32>, !torch.str -> !torch.vtensor<[1,?,128],f32>
    %115 = "aweigh.weight"() {name = "gpt_neox.layers.1.mlp.dense_4h_to_h.weight"} : () -> !torch.vtensor<[64,128],f32>
    %116 = "aweigh.weight"() {name = "gpt_neox.layers.1.mlp.dense_4h_to_h.bias"} : () -> !torch.vtensor<[64],f32>
    %117 = torch.aten.linear %114, %115, %116 : !torch.vtensor<[1,?,128],f32>, !torch.vtensor<[64,128],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %118 = torch.aten.add.Tensor %117, %107, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %119 = torch.aten.add.Tensor %118, %66, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %120 = "aweigh.weight"() {name = "gpt_neox.final_layer_norm.weight"} : () -> !torch.vtensor<[64],f32>
    %121 = "aweigh.weight"() {name = "gpt_neox.final_layer_norm.bias"} : () -> !torch.vtensor<[64],f32>
    %122 = torch.aten.layer_norm %119, %11, %120, %121, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %123 = torch.prim.ListConstruct %none, %arg2 : (!torch.none, !torch.vtensor<[?],si64>) -> !torch.list<optional<vtensor>>
    %124 = torch.aten.index.Tensor %122, %123 : !torch.vtensor<[1,?,64],f32>, !torch.list<optional<vtensor>> -> !torch.vtensor<[1,?,64],f32>
    %125 = "aweigh.weight"() {name = "lm_head.weight"} : () -> !torch.vtensor<[256,64],f32>
    %126 = torch.aten.linear %124, %125, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[256,64],f32>, !torch.none -> !torch.vtensor<[1,?,256],f32>
    return %126 : !torch.vtensor<[1,?,256],f32>
  }
}
