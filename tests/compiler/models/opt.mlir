module {
  func.func @main(%arg0: !torch.vtensor<[1,?],si64>, %arg1: !torch.vtensor<[1,?],si64>, %arg2: !torch.vtensor<[?],si64>) -> !torch.vtensor<[1,?,256],f32> attributes {torch.assume_strict_symbolic_shapes} {
    %true = torch.constant.bool true
    %float1.000000e00 = torch.constant.float 1.000000e+00
    %int0 = torch.constant.int 0
    %none = torch.constant.none
    %int16 = torch.constant.int 16
    %int4 = torch.constant.int 4
    %float2.500000e-01 = torch.constant.float 2.500000e-01
    %float1.000000e-05 = torch.constant.float 1.000000e-05
    %int64 = torch.constant.int 64
    %int2 = torch.constant.int 2
    %false = torch.constant.bool false
    %int-1 = torch.constant.int -1
    %int1 = torch.constant.int 1
    %0 = torch.aten.size.int %arg1, %int1 : !torch.vtensor<[1,?],si64>, !torch.int -> !torch.int
    %1 = "aweigh.weight"() {name = "model.decoder.embed_tokens.weight"} : () -> !torch.vtensor<[256,64],f32>
    %2 = torch.aten.embedding %1, %arg0, %int1, %false, %false : !torch.vtensor<[256,64],f32>, !torch.vtensor<[1,?],si64>, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %3 = torch.aten.add.Scalar %arg1, %int2, %int1 : !torch.vtensor<[1,?],si64>, !torch.int, !torch.int -> !torch.vtensor<[1,?],si64>
    %4 = "aweigh.weight"() {name = "model.decoder.embed_positions.weight"} : () -> !torch.vtensor<[2050,64],f32>
    %5 = torch.aten.embedding %4, %3, %int-1, %false, %false : !torch.vtensor<[2050,64],f32>, !torch.vtensor<[1,?],si64>, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %6 = torch.aten.add.Tensor %2, %5, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %7 = torch.prim.ListConstruct %int64 : (!torch.int) -> !torch.list<int>
    %8 = "aweigh.weight"() {name = "model.decoder.layers.0.self_attn_layer_norm.weight"} : () -> !torch.vtensor<[64],f32>
    %9 = "aweigh.weight"() {name = "model.decoder.layers.0.self_attn_layer_norm.bias"} : () -> !torch.vtensor<[64],f32>
    %10 = torch.aten.layer_norm %6, %7, %8, %9, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %11 = "aweigh.weight"() {name = "model.decoder.layers.0.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %12 = "aweigh.weight"() {name = "model.decoder.layers.0.self_attn.q_proj.bias"} : () -> !torch.vtensor<[64],f32>
    %13 = torch.aten.linear %10, %11, %12 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %14 = torch.aten.mul.Scalar %13, %float2.500000e-01 : !torch.vtensor<[1,?,64],f32>, !torch.float -> !torch.vtensor<[1,?,64],f32>
    %15 = torch.prim.ListConstruct %int1, %int-1, %int4, %int16 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %16 = torch.aten.reshape %14, %15 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %17 = torch.aten.transpose.int %16, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %18 = "aweigh.weight"() {name = "model.decoder.layers.0.self_attn.k_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %19 = "aweigh.weight"() {name = "model.decoder.layers.0.self_attn.k_proj.bias"} : () -> !torch.vtensor<[64],f32>
    %20 = torch.aten.linear %10, %18, %19 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %21 = "aweigh.weight"() {name = "model.decoder.layers.0.self_attn.v_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %22 = "aweigh.weight"() {name = "model.decoder.layers.0.self_attn.v_proj.bias"} : () -> !torch.vtensor<[64],f32>
    %23 = torch.aten.linear %10, %21, %22 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %24 = torch.aten.reshape %20, %15 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %25 = torch.aten.transpose.int %24, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %26 = torch.aten.reshape %23, %15 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %27 = torch.aten.transpose.int %26, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %28 = torch.operator "torch.aweigh.attend"(%17, %25, %27, %none, %none, %none, %none, %none, %none, %int0, %float1.000000e00, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %29 = torch.prim.ListConstruct %int1, %0, %int-1 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %30 = torch.aten.reshape %28, %29 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %31 = "aweigh.weight"() {name = "model.decoder.layers.0.self_attn.out_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %32 = "aweigh.weight"() {name = "model.decoder.layers.0.self_attn.out_proj.bias"} : () -> !torch.vtensor<[64],f32>
    %33 = torch.aten.linear %30, %31, %32 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %34 = torch.aten.add.Tensor %6, %33, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %35 = torch.prim.ListConstruct %int-1, %int64 : (!torch.int, !torch.int) -> !torch.list<int>
    %36 = torch.aten.reshape %34, %35 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[?,64],f32>
    %37 = "aweigh.weight"() {name = "model.decoder.layers.0.final_layer_norm.weight"} : () -> !torch.vtensor<[64],f32>
    %38 = "aweigh.weight"() {name = "model.decoder.layers.0.final_layer_norm.bias"} : () -> !torch.vtensor<[64],f32>
    %39 = torch.aten.layer_norm %36, %7, %37, %38, %float1.000000e-05, %false : !torch.vtensor<[?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[?,64],f32>
    %40 = "aweigh.weight"() {name = "model.decoder.layers.0.fc1.weight"} : () -> !torch.vtensor<[128,64],f32>
    %41 = "aweigh.weight"() {name = "model.decoder.layers.0.fc1.bias"} : () -> !torch.vtensor<[128],f32>
    %42 = torch.aten.linear %39, %40, %41 : !torch.vtensor<[?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.vtensor<[128],f32> -> !torch.vtensor<[?,128],f32>
    %43 = torch.aten.relu %42 : !torch.vtensor<[?,128],f32> -> !torch.vtensor<[?,128],f32>
    %44 = "aweigh.weight"() {name = "model.decoder.layers.0.fc2.weight"} : () -> !torch.vtensor<[64,128],f32>
    %45 = "aweigh.weight"() {name = "model.decoder.layers.0.fc2.bias"} : () -> !torch.vtensor<[64],f32>
    %46 = torch.aten.linear %43, %44, %45 : !torch.vtensor<[?,128],f32>, !torch.vtensor<[64,128],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[?,64],f32>
    %47 = torch.aten.add.Tensor %36, %46, %int1 : !torch.vtensor<[?,64],f32>, !torch.vtensor<[?,64],f32>, !torch.int -> !torch.vtensor<[?,64],f32>
    %48 = torch.prim.ListConstruct %int1, %0, %int64 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %49 = torch.aten.reshape %47, %48 : !torch.vtensor<[?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %50 = "aweigh.weight"() {name = "model.decoder.layers.1.self_attn_layer_norm.weight"} : () -> !torch.vtensor<[64],f32>
    %51 = "aweigh.weight"() {name = "model.decoder.layers.1.self_attn_layer_norm.bias"} : () -> !torch.vtensor<[64],f32>
    %52 = torch.aten.layer_norm %49, %7, %50, %51, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %53 = "aweigh.weight"() {name = "model.decoder.layers.1.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %54 = "aweigh.weight"() {name = "model.decoder.layers.1.self_attn.q_proj.bias"} : () -> !torch.vtensor<[64],f32>
    %55 = torch.aten.linear %52, %53, %54 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %56 = torch.aten.mul.Scalar %55, %float2.500000e-01 : !torch.vtensor<[1,?,64],f32>, !torch.float -> !torch.vtensor<[1,?,64],f32>
    %57 = torch.aten.reshape %56, %15 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %58 = torch.aten.transpose.int %57, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %59 = "aweigh.weight"() {name = "model.decoder.layers.1.self_attn.k_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %60 = "aweigh.weight"() {name = "model.decoder.layers.1.self_attn.k_proj.bias"} : () -> !torch.vtensor<[64],f32>
    %61 = torch.aten.linear %52, %59, %60 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %62 = "aweigh.weight"() {name = "model.decoder.layers.1.self_attn.v_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %63 = "aweigh.weight"() {name = "model.decoder.layers.1.self_attn.v_proj.bias"} : () -> !torch.vtensor<[64],f32>
    %64 = torch.aten.linear %52, %62, %63 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %65 = torch.aten.reshape %61, %15 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %66 = torch.aten.transpose.int %65, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %67 = torch.aten.reshape %64, %15 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %68 = torch.aten.transpose.int %67, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %69 = torch.operator "torch.aweigh.attend"(%58, %66, %68, %none, %none, %none, %none, %none, %none, %int1, %float1.000000e00, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %70 = torch.aten.reshape %69, %29 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %71 = "aweigh.weight"() {name = "model.decoder.layers.1.self_attn.out_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %72 = "aweigh.weight"() {name = "model.decoder.layers.1.self_attn.out_proj.bias"} : () -> !torch.vtensor<[64],f32>
    %73 = torch.aten.linear %70, %71, %72 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %74 = torch.aten.add.Tensor %49, %73, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %75 = torch.aten.reshape %74, %35 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[?,64],f32>
    %76 = "aweigh.weight"() {name = "model.decoder.layers.1.final_layer_norm.weight"} : () -> !torch.vtensor<[64],f32>
    %77 = "aweigh.weight"() {name = "model.decoder.layers.1.final_layer_norm.bias"} : () -> !torch.vtensor<[64],f32>
    %78 = torch.aten.layer_norm %75, %7, %76, %77, %float1.000000e-05, %false : !torch.vtensor<[?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[?,64],f32>
    %79 = "aweigh.weight"() {name = "model.decoder.layers.1.fc1.weight"} : () -> !torch.vtensor<[128,64],f32>
    %80 = "aweigh.weight"() {name = "model.decoder.layers.1.fc1.bias"} : () -> !torch.vtensor<[128],f32>
    %81 = torch.aten.linear %78, %79, %80 : !torch.vtensor<[?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.vtensor<[128],f32> -> !torch.vtensor<[?,128],f32>
    %82 = torch.aten.relu %81 : !torch.vtensor<[?,128],f32> -> !torch.vtensor<[?,128],f32>
    %83 = "aweigh.weight"() {name = "model.decoder.layers.1.fc2.weight"} : () -> !torch.vtensor<[64,128],f32>
    %84 = "aweigh.weight"() {name = "model.decoder.layers.1.fc2.bias"} : () -> !torch.vtensor<[64],f32>
    %85 = torch.aten.linear %82, %83, %84 : !torch.vtensor<[?,128],f32>, !torch.vtensor<[64,128],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[?,64],f32>
    %86 = torch.aten.add.Tensor %75, %85, %int1 : !torch.vtensor<[?,64],f32>, !torch.vtensor<[?,64],f32>, !torch.int -> !torch.vtensor<[?,64],f32>
    %87 = torch.aten.reshape %86, %48 : !torch.vtensor<[?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %88 = "aweigh.weight"() {name = "model.decoder.final_layer_norm.weight"} : () -> !torch.vtensor<[64],f32>
    %89 = "aweigh.weight"() {name = "model.decoder.final_layer_norm.bias"} : () -> !torch.vtensor<[64],f32>
    %90 = torch.aten.layer_norm %87, %7, %88, %89, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %91 = torch.prim.ListConstruct %none, %arg2 : (!torch.none, !torch.vtensor<[?],si64>) -> !torch.list<optional<vtensor>>
    %92 = torch.aten.index.Tensor %90, %91 : !torch.vtensor<[1,?,64],f32>, !torch.list<optional<vtensor>> -> !torch.vtensor<[1,?,64],f32>
    %93 = torch.aten.linear %92, %1, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[256,64],f32>, !torch.none -> !torch.vtensor<[1,?,256],f32>
    return %93 : !torch.vtensor<[1,?,256],f32>
  }
}
