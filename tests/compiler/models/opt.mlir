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
    %1 = torch.prim.ListConstruct %int-1, %0 : (!torch.int, !torch.int) -> !torch.list<int>
    %2 = torch.aten.reshape %arg0, %1 : !torch.vtensor<[1,?],si64>, !torch.list<int> -> !torch.vtensor<[1,?],si64>
    %3 = "aweigh.weight"() {name = "model.decoder.embed_tokens.weight"} : () -> !torch.vtensor<[256,64],f32>
    %4 = torch.aten.embedding %3, %2, %int1, %false, %false : !torch.vtensor<[256,64],f32>, !torch.vtensor<[1,?],si64>, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %5 = torch.aten.add.Scalar %arg1, %int2, %int1 : !torch.vtensor<[1,?],si64>, !torch.int, !torch.int -> !torch.vtensor<[1,?],si64>
    %6 = "aweigh.weight"() {name = "model.decoder.embed_positions.weight"} : () -> !torch.vtensor<[2050,64],f32>
    %7 = torch.aten.embedding %6, %5, %int-1, %false, %false : !torch.vtensor<[2050,64],f32>, !torch.vtensor<[1,?],si64>, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %8 = torch.aten.add.Tensor %4, %7, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %9 = torch.prim.ListConstruct %int64 : (!torch.int) -> !torch.list<int>
    %10 = "aweigh.weight"() {name = "model.decoder.layers.0.self_attn_layer_norm.weight"} : () -> !torch.vtensor<[64],f32>
    %11 = "aweigh.weight"() {name = "model.decoder.layers.0.self_attn_layer_norm.bias"} : () -> !torch.vtensor<[64],f32>
    %12 = torch.aten.layer_norm %8, %9, %10, %11, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %13 = "aweigh.weight"() {name = "model.decoder.layers.0.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %14 = "aweigh.weight"() {name = "model.decoder.layers.0.self_attn.q_proj.bias"} : () -> !torch.vtensor<[64],f32>
    %15 = torch.aten.linear %12, %13, %14 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %16 = torch.aten.mul.Scalar %15, %float2.500000e-01 : !torch.vtensor<[1,?,64],f32>, !torch.float -> !torch.vtensor<[1,?,64],f32>
    %17 = torch.prim.ListConstruct %int1, %int-1, %int4, %int16 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %18 = torch.aten.reshape %16, %17 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %19 = torch.aten.transpose.int %18, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %20 = "aweigh.weight"() {name = "model.decoder.layers.0.self_attn.k_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %21 = "aweigh.weight"() {name = "model.decoder.layers.0.self_attn.k_proj.bias"} : () -> !torch.vtensor<[64],f32>
    %22 = torch.aten.linear %12, %20, %21 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %23 = "aweigh.weight"() {name = "model.decoder.layers.0.self_attn.v_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %24 = "aweigh.weight"() {name = "model.decoder.layers.0.self_attn.v_proj.bias"} : () -> !torch.vtensor<[64],f32>
    %25 = torch.aten.linear %12, %23, %24 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %26 = torch.aten.reshape %22, %17 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %27 = torch.aten.transpose.int %26, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %28 = torch.aten.reshape %25, %17 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %29 = torch.aten.transpose.int %28, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %30 = torch.operator "torch.aweigh.attend"(%19, %27, %29, %none, %none, %none, %int0, %float1.000000e00, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %31 = torch.prim.ListConstruct %int1, %0, %int-1 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %32 = torch.aten.reshape %30, %31 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %33 = "aweigh.weight"() {name = "model.decoder.layers.0.self_attn.out_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %34 = "aweigh.weight"() {name = "model.decoder.layers.0.self_attn.out_proj.bias"} : () -> !torch.vtensor<[64],f32>
    %35 = torch.aten.linear %32, %33, %34 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %36 = torch.aten.add.Tensor %8, %35, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %37 = torch.prim.ListConstruct %int-1, %int64 : (!torch.int, !torch.int) -> !torch.list<int>
    %38 = torch.aten.reshape %36, %37 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[?,64],f32>
    %39 = "aweigh.weight"() {name = "model.decoder.layers.0.final_layer_norm.weight"} : () -> !torch.vtensor<[64],f32>
    %40 = "aweigh.weight"() {name = "model.decoder.layers.0.final_layer_norm.bias"} : () -> !torch.vtensor<[64],f32>
    %41 = torch.aten.layer_norm %38, %9, %39, %40, %float1.000000e-05, %false : !torch.vtensor<[?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[?,64],f32>
    %42 = "aweigh.weight"() {name = "model.decoder.layers.0.fc1.weight"} : () -> !torch.vtensor<[128,64],f32>
    %43 = "aweigh.weight"() {name = "model.decoder.layers.0.fc1.bias"} : () -> !torch.vtensor<[128],f32>
    %44 = torch.aten.linear %41, %42, %43 : !torch.vtensor<[?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.vtensor<[128],f32> -> !torch.vtensor<[?,128],f32>
    %45 = torch.aten.relu %44 : !torch.vtensor<[?,128],f32> -> !torch.vtensor<[?,128],f32>
    %46 = "aweigh.weight"() {name = "model.decoder.layers.0.fc2.weight"} : () -> !torch.vtensor<[64,128],f32>
    %47 = "aweigh.weight"() {name = "model.decoder.layers.0.fc2.bias"} : () -> !torch.vtensor<[64],f32>
    %48 = torch.aten.linear %45, %46, %47 : !torch.vtensor<[?,128],f32>, !torch.vtensor<[64,128],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[?,64],f32>
    %49 = torch.aten.add.Tensor %38, %48, %int1 : !torch.vtensor<[?,64],f32>, !torch.vtensor<[?,64],f32>, !torch.int -> !torch.vtensor<[?,64],f32>
    %50 = torch.prim.ListConstruct %int1, %0, %int64 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %51 = torch.aten.reshape %49, %50 : !torch.vtensor<[?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %52 = "aweigh.weight"() {name = "model.decoder.layers.1.self_attn_layer_norm.weight"} : () -> !torch.vtensor<[64],f32>
    %53 = "aweigh.weight"() {name = "model.decoder.layers.1.self_attn_layer_norm.bias"} : () -> !torch.vtensor<[64],f32>
    %54 = torch.aten.layer_norm %51, %9, %52, %53, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %55 = "aweigh.weight"() {name = "model.decoder.layers.1.self_attn.q_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %56 = "aweigh.weight"() {name = "model.decoder.layers.1.self_attn.q_proj.bias"} : () -> !torch.vtensor<[64],f32>
    %57 = torch.aten.linear %54, %55, %56 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %58 = torch.aten.mul.Scalar %57, %float2.500000e-01 : !torch.vtensor<[1,?,64],f32>, !torch.float -> !torch.vtensor<[1,?,64],f32>
    %59 = torch.aten.reshape %58, %17 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %60 = torch.aten.transpose.int %59, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %61 = "aweigh.weight"() {name = "model.decoder.layers.1.self_attn.k_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %62 = "aweigh.weight"() {name = "model.decoder.layers.1.self_attn.k_proj.bias"} : () -> !torch.vtensor<[64],f32>
    %63 = torch.aten.linear %54, %61, %62 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %64 = "aweigh.weight"() {name = "model.decoder.layers.1.self_attn.v_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %65 = "aweigh.weight"() {name = "model.decoder.layers.1.self_attn.v_proj.bias"} : () -> !torch.vtensor<[64],f32>
    %66 = torch.aten.linear %54, %64, %65 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %67 = torch.aten.reshape %63, %17 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %68 = torch.aten.transpose.int %67, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %69 = torch.aten.reshape %66, %17 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %70 = torch.aten.transpose.int %69, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %71 = torch.operator "torch.aweigh.attend"(%60, %68, %70, %none, %none, %none, %int1, %float1.000000e00, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %72 = torch.aten.reshape %71, %31 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %73 = "aweigh.weight"() {name = "model.decoder.layers.1.self_attn.out_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %74 = "aweigh.weight"() {name = "model.decoder.layers.1.self_attn.out_proj.bias"} : () -> !torch.vtensor<[64],f32>
    %75 = torch.aten.linear %72, %73, %74 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[1,?,64],f32>
    %76 = torch.aten.add.Tensor %51, %75, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %77 = torch.aten.reshape %76, %37 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[?,64],f32>
    %78 = "aweigh.weight"() {name = "model.decoder.layers.1.final_layer_norm.weight"} : () -> !torch.vtensor<[64],f32>
    %79 = "aweigh.weight"() {name = "model.decoder.layers.1.final_layer_norm.bias"} : () -> !torch.vtensor<[64],f32>
    %80 = torch.aten.layer_norm %77, %9, %78, %79, %float1.000000e-05, %false : !torch.vtensor<[?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[?,64],f32>
    %81 = "aweigh.weight"() {name = "model.decoder.layers.1.fc1.weight"} : () -> !torch.vtensor<[128,64],f32>
    %82 = "aweigh.weight"() {name = "model.decoder.layers.1.fc1.bias"} : () -> !torch.vtensor<[128],f32>
    %83 = torch.aten.linear %80, %81, %82 : !torch.vtensor<[?,64],f32>, !torch.vtensor<[128,64],f32>, !torch.vtensor<[128],f32> -> !torch.vtensor<[?,128],f32>
    %84 = torch.aten.relu %83 : !torch.vtensor<[?,128],f32> -> !torch.vtensor<[?,128],f32>
    %85 = "aweigh.weight"() {name = "model.decoder.layers.1.fc2.weight"} : () -> !torch.vtensor<[64,128],f32>
    %86 = "aweigh.weight"() {name = "model.decoder.layers.1.fc2.bias"} : () -> !torch.vtensor<[64],f32>
    %87 = torch.aten.linear %84, %85, %86 : !torch.vtensor<[?,128],f32>, !torch.vtensor<[64,128],f32>, !torch.vtensor<[64],f32> -> !torch.vtensor<[?,64],f32>
    %88 = torch.aten.add.Tensor %77, %87, %int1 : !torch.vtensor<[?,64],f32>, !torch.vtensor<[?,64],f32>, !torch.int -> !torch.vtensor<[?,64],f32>
    %89 = torch.aten.reshape %88, %50 : !torch.vtensor<[?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %90 = "aweigh.weight"() {name = "model.decoder.final_layer_norm.weight"} : () -> !torch.vtensor<[64],f32>
    %91 = "aweigh.weight"() {name = "model.decoder.final_layer_norm.bias"} : () -> !torch.vtensor<[64],f32>
    %92 = torch.aten.layer_norm %89, %9, %90, %91, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %93 = torch.prim.ListConstruct %none, %arg2 : (!torch.none, !torch.vtensor<[?],si64>) -> !torch.list<optional<vtensor>>
    %94 = torch.aten.index.Tensor %92, %93 : !torch.vtensor<[1,?,64],f32>, !torch.list<optional<vtensor>> -> !torch.vtensor<[1,?,64],f32>
    %95 = torch.aten.linear %94, %3, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[256,64],f32>, !torch.none -> !torch.vtensor<[1,?,256],f32>
    return %95 : !torch.vtensor<[1,?,256],f32>
  }
}
