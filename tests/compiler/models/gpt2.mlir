module {
  func.func @main(%arg0: !torch.vtensor<[1,?],si64>, %arg1: !torch.vtensor<[1,?],si64>, %arg2: !torch.vtensor<[?],si64>) -> !torch.vtensor<[1,?,256],f32> attributes {torch.assume_strict_symbolic_shapes} {
    %int3 = torch.constant.int 3
    %float1.000000e00 = torch.constant.float 1.000000e+00
    %float7.978850e-01 = torch.constant.float 0.79788456080286541
    %float4.471500e-02 = torch.constant.float 4.471500e-02
    %float5.000000e-01 = torch.constant.float 5.000000e-01
    %int256 = torch.constant.int 256
    %true = torch.constant.bool true
    %float2.500000e-01 = torch.constant.float 2.500000e-01
    %int0 = torch.constant.int 0
    %int16 = torch.constant.int 16
    %int2 = torch.constant.int 2
    %int192 = torch.constant.int 192
    %float1.000000e-05 = torch.constant.float 1.000000e-05
    %int64 = torch.constant.int 64
    %none = torch.constant.none
    %false = torch.constant.bool false
    %int-1 = torch.constant.int -1
    %int1 = torch.constant.int 1
    %0 = torch.aten.size.int %arg1, %int1 : !torch.vtensor<[1,?],si64>, !torch.int -> !torch.int
    %1 = torch.prim.ListConstruct %int-1, %0 : (!torch.int, !torch.int) -> !torch.list<int>
    %2 = torch.aten.reshape %arg0, %1 : !torch.vtensor<[1,?],si64>, !torch.list<int> -> !torch.vtensor<[1,?],si64>
    %3 = "aweigh.weight"() {name = "transformer.wte.weight"} : () -> !torch.vtensor<[256,64],f32>
    %4 = torch.aten.embedding %3, %2, %int-1, %false, %false : !torch.vtensor<[256,64],f32>, !torch.vtensor<[1,?],si64>, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %5 = "aweigh.weight"() {name = "transformer.wpe.weight"} : () -> !torch.vtensor<[1024,64],f32>
    %6 = torch.aten.embedding %5, %arg1, %int-1, %false, %false : !torch.vtensor<[1024,64],f32>, !torch.vtensor<[1,?],si64>, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %7 = torch.aten.add.Tensor %4, %6, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %8 = torch.prim.ListConstruct %int64 : (!torch.int) -> !torch.list<int>
    %9 = "aweigh.weight"() {name = "transformer.h.0.ln_1.weight"} : () -> !torch.vtensor<[64],f32>
    %10 = "aweigh.weight"() {name = "transformer.h.0.ln_1.bias"} : () -> !torch.vtensor<[64],f32>
    %11 = torch.aten.layer_norm %7, %8, %9, %10, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %12 = torch.prim.ListConstruct %int-1, %int64 : (!torch.int, !torch.int) -> !torch.list<int>
    %13 = torch.aten.reshape %11, %12 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[?,64],f32>
    %14 = "aweigh.weight"() {name = "transformer.h.0.attn.c_attn.bias"} : () -> !torch.vtensor<[192],f32>
    %15 = "aweigh.weight"() {name = "transformer.h.0.attn.c_attn.weight"} : () -> !torch.vtensor<[64,192],f32>
    %16 = torch.aten.addmm %14, %13, %15, %int1, %int1 : !torch.vtensor<[192],f32>, !torch.vtensor<[?,64],f32>, !torch.vtensor<[64,192],f32>, !torch.int, !torch.int -> !torch.vtensor<[?,192],f32>
    %17 = torch.prim.ListConstruct %int1, %0, %int192 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %18 = torch.aten.reshape %16, %17 : !torch.vtensor<[?,192],f32>, !torch.list<int> -> !torch.vtensor<[1,?,192],f32>
    %19 = torch.aten.split.Tensor %18, %int64, %int2 : !torch.vtensor<[1,?,192],f32>, !torch.int, !torch.int -> !torch.list<vtensor>
    %20:3 = torch.prim.ListUnpack %19 : !torch.list<vtensor> -> !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>
    %21 = torch.prim.ListConstruct %int1, %0, %int-1, %int16 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %22 = torch.aten.reshape %20#1, %21 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %23 = torch.aten.transpose.int %22, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %24 = torch.aten.reshape %20#2, %21 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %25 = torch.aten.transpose.int %24, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %26 = torch.aten.reshape %20#0, %21 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %27 = torch.aten.transpose.int %26, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %28 = torch.operator "torch.aweigh.attend"(%27, %23, %25, %none, %none, %none, %int0, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %29 = torch.prim.ListConstruct %int1, %0, %int-1 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %30 = torch.aten.reshape %28, %29 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %31 = torch.aten.reshape %30, %12 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[?,64],f32>
    %32 = "aweigh.weight"() {name = "transformer.h.0.attn.c_proj.bias"} : () -> !torch.vtensor<[64],f32>
    %33 = "aweigh.weight"() {name = "transformer.h.0.attn.c_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %34 = torch.aten.addmm %32, %31, %33, %int1, %int1 : !torch.vtensor<[64],f32>, !torch.vtensor<[?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.int, !torch.int -> !torch.vtensor<[?,64],f32>
    %35 = torch.prim.ListConstruct %int1, %0, %int64 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %36 = torch.aten.reshape %34, %35 : !torch.vtensor<[?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %37 = torch.aten.add.Tensor %36, %7, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %38 = "aweigh.weight"() {name = "transformer.h.0.ln_2.weight"} : () -> !torch.vtensor<[64],f32>
    %39 = "aweigh.weight"() {name = "transformer.h.0.ln_2.bias"} : () -> !torch.vtensor<[64],f32>
    %40 = torch.aten.layer_norm %37, %8, %38, %39, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %41 = torch.aten.reshape %40, %12 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[?,64],f32>
    %42 = "aweigh.weight"() {name = "transformer.h.0.mlp.c_fc.bias"} : () -> !torch.vtensor<[256],f32>
    %43 = "aweigh.weight"() {name = "transformer.h.0.mlp.c_fc.weight"} : () -> !torch.vtensor<[64,256],f32>
    %44 = torch.aten.addmm %42, %41, %43, %int1, %int1 : !torch.vtensor<[256],f32>, !torch.vtensor<[?,64],f32>, !torch.vtensor<[64,256],f32>, !torch.int, !torch.int -> !torch.vtensor<[?,256],f32>
    %45 = torch.prim.ListConstruct %int1, %0, %int256 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %46 = torch.aten.reshape %44, %45 : !torch.vtensor<[?,256],f32>, !torch.list<int> -> !torch.vtensor<[1,?,256],f32>
    %47 = torch.aten.mul.Scalar %46, %float5.000000e-01 : !torch.vtensor<[1,?,256],f32>, !torch.float -> !torch.vtensor<[1,?,256],f32>
    %48 = torch.aten.pow.Tensor_Scalar %46, %int3 : !torch.vtensor<[1,?,256],f32>, !torch.int -> !torch.vtensor<[1,?,256],f32>
    %49 = torch.aten.mul.Scalar %48, %float4.471500e-02 : !torch.vtensor<[1,?,256],f32>, !torch.float -> !torch.vtensor<[1,?,256],f32>
    %50 = torch.aten.add.Tensor %46, %49, %int1 : !torch.vtensor<[1,?,256],f32>, !torch.vtensor<[1,?,256],f32>, !torch.int -> !torch.vtensor<[1,?,256],f32>
    %51 = torch.aten.mul.Scalar %50, %float7.978850e-01 : !torch.vtensor<[1,?,256],f32>, !torch.float -> !torch.vtensor<[1,?,256],f32>
    %52 = torch.aten.tanh %51 : !torch.vtensor<[1,?,256],f32> -> !torch.vtensor<[1,?,256],f32>
    %53 = torch.aten.add.Scalar %52, %float1.000000e00, %int1 : !torch.vtensor<[1,?,256],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,256],f32>
    %54 = torch.aten.mul.Tensor %47, %53 : !torch.vtensor<[1,?,256],f32>, !torch.vtensor<[1,?,256],f32> -> !torch.vtensor<[1,?,256],f32>
    %55 = torch.prim.ListConstruct %int-1, %int256 : (!torch.int, !torch.int) -> !torch.list<int>
    %56 = torch.aten.reshape %54, %55 : !torch.vtensor<[1,?,256],f32>, !torch.list<int> -> !torch.vtensor<[?,256],f32>
    %57 = "aweigh.weight"() {name = "transformer.h.0.mlp.c_proj.bias"} : () -> !torch.vtensor<[64],f32>
    %58 = "aweigh.weight"() {name = "transformer.h.0.mlp.c_proj.weight"} : () -> !torch.vtensor<[256,64],f32>
    %59 = torch.aten.addmm %57, %56, %58, %int1, %int1 : !torch.vtensor<[64],f32>, !torch.vtensor<[?,256],f32>, !torch.vtensor<[256,64],f32>, !torch.int, !torch.int -> !torch.vtensor<[?,64],f32>
    %60 = torch.aten.reshape %59, %35 : !torch.vtensor<[?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %61 = torch.aten.add.Tensor %37, %60, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %62 = "aweigh.weight"() {name = "transformer.h.1.ln_1.weight"} : () -> !torch.vtensor<[64],f32>
    %63 = "aweigh.weight"() {name = "transformer.h.1.ln_1.bias"} : () -> !torch.vtensor<[64],f32>
    %64 = torch.aten.layer_norm %61, %8, %62, %63, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %65 = torch.aten.reshape %64, %12 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[?,64],f32>
    %66 = "aweigh.weight"() {name = "transformer.h.1.attn.c_attn.bias"} : () -> !torch.vtensor<[192],f32>
    %67 = "aweigh.weight"() {name = "transformer.h.1.attn.c_attn.weight"} : () -> !torch.vtensor<[64,192],f32>
    %68 = torch.aten.addmm %66, %65, %67, %int1, %int1 : !torch.vtensor<[192],f32>, !torch.vtensor<[?,64],f32>, !torch.vtensor<[64,192],f32>, !torch.int, !torch.int -> !torch.vtensor<[?,192],f32>
    %69 = torch.aten.reshape %68, %17 : !torch.vtensor<[?,192],f32>, !torch.list<int> -> !torch.vtensor<[1,?,192],f32>
    %70 = torch.aten.split.Tensor %69, %int64, %int2 : !torch.vtensor<[1,?,192],f32>, !torch.int, !torch.int -> !torch.list<vtensor>
    %71:3 = torch.prim.ListUnpack %70 : !torch.list<vtensor> -> !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>
    %72 = torch.aten.reshape %71#1, %21 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %73 = torch.aten.transpose.int %72, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %74 = torch.aten.reshape %71#2, %21 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %75 = torch.aten.transpose.int %74, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %76 = torch.aten.reshape %71#0, %21 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],f32>
    %77 = torch.aten.transpose.int %76, %int1, %int2 : !torch.vtensor<[1,?,4,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],f32>
    %78 = torch.operator "torch.aweigh.attend"(%77, %73, %75, %none, %none, %none, %int1, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.vtensor<[1,4,?,16],f32>, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],f32> 
    %79 = torch.aten.reshape %78, %29 : !torch.vtensor<[1,?,4,16],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %80 = torch.aten.reshape %79, %12 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[?,64],f32>
    %81 = "aweigh.weight"() {name = "transformer.h.1.attn.c_proj.bias"} : () -> !torch.vtensor<[64],f32>
    %82 = "aweigh.weight"() {name = "transformer.h.1.attn.c_proj.weight"} : () -> !torch.vtensor<[64,64],f32>
    %83 = torch.aten.addmm %81, %80, %82, %int1, %int1 : !torch.vtensor<[64],f32>, !torch.vtensor<[?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.int, !torch.int -> !torch.vtensor<[?,64],f32>
    %84 = torch.aten.reshape %83, %35 : !torch.vtensor<[?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %85 = torch.aten.add.Tensor %84, %61, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %86 = "aweigh.weight"() {name = "transformer.h.1.ln_2.weight"} : () -> !torch.vtensor<[64],f32>
    %87 = "aweigh.weight"() {name = "transformer.h.1.ln_2.bias"} : () -> !torch.vtensor<[64],f32>
    %88 = torch.aten.layer_norm %85, %8, %86, %87, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %89 = torch.aten.reshape %88, %12 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[?,64],f32>
    %90 = "aweigh.weight"() {name = "transformer.h.1.mlp.c_fc.bias"} : () -> !torch.vtensor<[256],f32>
    %91 = "aweigh.weight"() {name = "transformer.h.1.mlp.c_fc.weight"} : () -> !torch.vtensor<[64,256],f32>
    %92 = torch.aten.addmm %90, %89, %91, %int1, %int1 : !torch.vtensor<[256],f32>, !torch.vtensor<[?,64],f32>, !torch.vtensor<[64,256],f32>, !torch.int, !torch.int -> !torch.vtensor<[?,256],f32>
    %93 = torch.aten.reshape %92, %45 : !torch.vtensor<[?,256],f32>, !torch.list<int> -> !torch.vtensor<[1,?,256],f32>
    %94 = torch.aten.mul.Scalar %93, %float5.000000e-01 : !torch.vtensor<[1,?,256],f32>, !torch.float -> !torch.vtensor<[1,?,256],f32>
    %95 = torch.aten.pow.Tensor_Scalar %93, %int3 : !torch.vtensor<[1,?,256],f32>, !torch.int -> !torch.vtensor<[1,?,256],f32>
    %96 = torch.aten.mul.Scalar %95, %float4.471500e-02 : !torch.vtensor<[1,?,256],f32>, !torch.float -> !torch.vtensor<[1,?,256],f32>
    %97 = torch.aten.add.Tensor %93, %96, %int1 : !torch.vtensor<[1,?,256],f32>, !torch.vtensor<[1,?,256],f32>, !torch.int -> !torch.vtensor<[1,?,256],f32>
    %98 = torch.aten.mul.Scalar %97, %float7.978850e-01 : !torch.vtensor<[1,?,256],f32>, !torch.float -> !torch.vtensor<[1,?,256],f32>
    %99 = torch.aten.tanh %98 : !torch.vtensor<[1,?,256],f32> -> !torch.vtensor<[1,?,256],f32>
    %100 = torch.aten.add.Scalar %99, %float1.000000e00, %int1 : !torch.vtensor<[1,?,256],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,256],f32>
    %101 = torch.aten.mul.Tensor %94, %100 : !torch.vtensor<[1,?,256],f32>, !torch.vtensor<[1,?,256],f32> -> !torch.vtensor<[1,?,256],f32>
    %102 = torch.aten.reshape %101, %55 : !torch.vtensor<[1,?,256],f32>, !torch.list<int> -> !torch.vtensor<[?,256],f32>
    %103 = "aweigh.weight"() {name = "transformer.h.1.mlp.c_proj.bias"} : () -> !torch.vtensor<[64],f32>
    %104 = "aweigh.weight"() {name = "transformer.h.1.mlp.c_proj.weight"} : () -> !torch.vtensor<[256,64],f32>
    %105 = torch.aten.addmm %103, %102, %104, %int1, %int1 : !torch.vtensor<[64],f32>, !torch.vtensor<[?,256],f32>, !torch.vtensor<[256,64],f32>, !torch.int, !torch.int -> !torch.vtensor<[?,64],f32>
    %106 = torch.aten.reshape %105, %35 : !torch.vtensor<[?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %107 = torch.aten.add.Tensor %85, %106, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %108 = "aweigh.weight"() {name = "transformer.ln_f.weight"} : () -> !torch.vtensor<[64],f32>
    %109 = "aweigh.weight"() {name = "transformer.ln_f.bias"} : () -> !torch.vtensor<[64],f32>
    %110 = torch.aten.layer_norm %107, %8, %108, %109, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %111 = torch.prim.ListConstruct %int-1, %0, %int64 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %112 = torch.aten.reshape %110, %111 : !torch.vtensor<[1,?,64],f32>, !torch.list<int> -> !torch.vtensor<[1,?,64],f32>
    %113 = torch.prim.ListConstruct %none, %arg2 : (!torch.none, !torch.vtensor<[?],si64>) -> !torch.list<optional<vtensor>>
    %114 = torch.aten.index.Tensor %112, %113 : !torch.vtensor<[1,?,64],f32>, !torch.list<optional<vtensor>> -> !torch.vtensor<[1,?,64],f32>
    %115 = torch.aten.linear %114, %3, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[256,64],f32>, !torch.none -> !torch.vtensor<[1,?,256],f32>
    return %115 : !torch.vtensor<[1,?,256],f32>
  }
}
