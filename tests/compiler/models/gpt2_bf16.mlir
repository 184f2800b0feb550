module {
  func.func @main(%arg0: !torch.vtensor<[1,?],si64>, %arg1: !torch.vtensor<[1,?],si64>, %arg2: !torch.vtensor<[?],si64>) -> !torch.vtensor<[1,?,256],bf16> attributes {torch.assume_strict_symbolic_shapes} {
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
    %1 = "aweigh.weight"() {name = "transformer.wte.weight"} : () -> !torch.vtensor<[256,64],bf16>
    %2 = torch.aten.embedding %1, %arg0, %int-1, %false, %false : !torch.vtensor<[256,64],bf16>, !torch.vtensor<[1,?],si64>, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[1,?,64],bf16>
    %3 = "aweigh.weight"() {name = "transformer.wpe.weight"} : () -> !torch.vtensor<[1024,64],bf16>
    %4 = torch.aten.embedding %3, %arg1, %int-1, %false, %false : !torch.vtensor<[1024,64],bf16>, !torch.vtensor<[1,?],si64>, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[1,?,64],bf16>
    %5 = torch.aten.add.Tensor %2, %4, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %6 = torch.prim.ListConstruct %int64 : (!torch.int) -> !torch.list<int>
    %7 = "aweigh.weight"() {name = "transformer.h.0.ln_1.weight"} : () -> !torch.vtensor<[64],bf16>
    %8 = "aweigh.weight"() {name = "transformer.h.0.ln_1.bias"} : () -> !torch.vtensor<[64],bf16>
    %9 = torch.aten.layer_norm %5, %6, %7, %8, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],bf16>, !torch.list<int>, !torch.vtensor<[64],bf16>, !torch.vtensor<[64],bf16>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],bf16>
    %10 = torch.prim.ListConstruct %int-1, %int64 : (!torch.int, !torch.int) -> !torch.list<int>
    %11 = torch.aten.reshape %9, %10 : !torch.vtensor<[1,?,64],bf16>, !torch.list<int> -> !torch.vtensor<[?,64],bf16>
    %12 = "aweigh.weight"() {name = "transformer.h.0.attn.c_attn.bias"} : () -> !torch.vtensor<[192],bf16>
    %13 = "aweigh.weight"() {name = "transformer.h.0.attn.c_attn.weight"} : () -> !torch.vtensor<[64,192],bf16>
    %14 = torch.aten.addmm %12, %11, %13, %int1, %int1 : !torch.vtensor<[192],bf16>, !torch.vtensor<[?,64],bf16>, !torch.vtensor<[64,192],bf16>, !torch.int, !torch.int -> !torch.vtensor<[?,192],bf16>
    %15 = torch.prim.ListConstruct %int1, %0, %int192 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %16 = torch.aten.reshape %14, %15 : !torch.vtensor<[?,192],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,192],bf16>
    %17 = torch.aten.split.Tensor %16, %int64, %int2 : !torch.vtensor<[1,?,192],bf16>, !torch.int, !torch.int -> !torch.list<vtensor>
    %18:3 = torch.prim.ListUnpack %17 : !torch.list<vtensor> -> !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>
    %19 = torch.prim.ListConstruct %int1, %0, %int-1, %int16 : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %20 = torch.aten.reshape %18#1, %19 : !torch.vtensor<[1,?,64],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],bf16>
    %21 = torch.aten.transpose.int %20, %int1, %int2 : !torch.vtensor<[1,?,4,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %22 = torch.aten.reshape %18#2, %19 : !torch.vtensor<[1,?,64],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],bf16>
    %23 = torch.aten.transpose.int %22, %int1, %int2 : !torch.vtensor<[1,?,4,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %24 = torch.aten.reshape %18#0, %19 : !torch.vtensor<[1,?,64],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],bf16>
    %25 = torch.aten.transpose.int %24, %int1, %int2 : !torch.vtensor<[1,?,4,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %26 = torch.operator "torch.aweigh.attend"(%25, %21, %23, %none, %none, %none, %none, %none, %none, %int0, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,4,?,16],bf16>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],bf16> 
    %27 = torch.prim.ListConstruct %int1, %0, %int-1 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %28 = torch.aten.reshape %26, %27 : !torch.vtensor<[1,?,4,16],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,64],bf16>
    %29 = torch.aten.reshape %28, %10 : !torch.vtensor<[1,?,64],bf16>, !torch.list<int> -> !torch.vtensor<[?,64],bf16>
    %30 = "aweigh.weight"() {name = "transformer.h.0.attn.c_proj.bias"} : () -> !torch.vtensor<[64],bf16>
    %31 = "aweigh.weight"() {name = "transformer.h.0.attn.c_proj.weight"} : () -> !torch.vtensor<[64,64],bf16>
    %32 = torch.aten.addmm %30, %29, %31, %int1, %int1 : !torch.vtensor<[64],bf16>, !torch.vtensor<[?,64],bf16>, !torch.vtensor<[64,64],bf16>, !torch.int, !torch.int -> !torch.vtensor<[?,64],bf16>
    %33 = torch.prim.ListConstruct %int1, %0, %int64 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %34 = torch.aten.reshape %32, %33 : !torch.vtensor<[?,64],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,64],bf16>
    %35 = torch.aten.add.Tensor %34, %5, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %36 = "aweigh.weight"() {name = "transformer.h.0.ln_2.weight"} : () -> !torch.vtensor<[64],bf16>
    %37 = "aweigh.weight"() {name = "transformer.h.0.ln_2.bias"} : () -> !torch.vtensor<[64],bf16>
    %38 = torch.aten.layer_norm %35, %6, %36, %37, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],bf16>, !torch.list<int>, !torch.vtensor<[64],bf16>, !torch.vtensor<[64],bf16>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],bf16>
    %39 = torch.aten.reshape %38, %10 : !torch.vtensor<[1,?,64],bf16>, !torch.list<int> -> !torch.vtensor<[?,64],bf16>
    %40 = "aweigh.weight"() {name = "transformer.h.0.mlp.c_fc.bias"} : () -> !torch.vtensor<[256],bf16>
    %41 = "aweigh.weight"() {name = "transformer.h.0.mlp.c_fc.weight"} : () -> !torch.vtensor<[64,256],bf16>
    %42 = torch.aten.addmm %40, %39, %41, %int1, %int1 : !torch.vtensor<[256],bf16>, !torch.vtensor<[?,64],bf16>, !torch.vtensor<[64,256],bf16>, !torch.int, !torch.int -> !torch.vtensor<[?,256],bf16>
    %43 = torch.prim.ListConstruct %int1, %0, %int256 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %44 = torch.aten.reshape %42, %43 : !torch.vtensor<[?,256],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,256],bf16>
    %45 = torch.aten.mul.Scalar %44, %float5.000000e-01 : !torch.vtensor<[1,?,256],bf16>, !torch.float -> !torch.vtensor<[1,?,256],bf16>
    %46 = torch.aten.pow.Tensor_Scalar %44, %int3 : !torch.vtensor<[1,?,256],bf16>, !torch.int -> !torch.vtensor<[1,?,256],bf16>
    %47 = torch.aten.mul.Scalar %46, %float4.471500e-02 : !torch.vtensor<[1,?,256],bf16>, !torch.float -> !torch.vtensor<[1,?,256],bf16>
    %48 = torch.aten.add.Tensor %44, %47, %int1 : !torch.vtensor<[1,?,256],bf16>, !torch.vtensor<[1,?,256],bf16>, !torch.int -> !torch.vtensor<[1,?,256],bf16>
    %49 = torch.aten.mul.Scalar %48, %float7.978850e-01 : !torch.vtensor<[1,?,256],bf16>, !torch.float -> !torch.vtensor<[1,?,256],bf16>
    %50 = torch.aten.tanh %49 : !torch.vtensor<[1,?,256],bf16> -> !torch.vtensor<[1,?,256],bf16>
    %51 = torch.aten.add.Scalar %50, %float1.000000e00, %int1 : !torch.vtensor<[1,?,256],bf16>, !torch.float, !torch.int -> !torch.vtensor<[1,?,256],bf16>
    %52 = torch.aten.mul.Tensor %45, %51 : !torch.vtensor<[1,?,256],bf16>, !torch.vtensor<[1,?,256],bf16> -> !torch.vtensor<[1,?,256],bf16>
    %53 = torch.prim.ListConstruct %int-1, %int256 : (!torch.int, !torch.int) -> !torch.list<int>
    %54 = torch.aten.reshape %52, %53 : !torch.vtensor<[1,?,256],bf16>, !torch.list<int> -> !torch.vtensor<[?,256],bf16>
    %55 = "aweigh.weight"() {name = "transformer.h.0.mlp.c_proj.bias"} : () -> !torch.vtensor<[64],bf16>
    %56 = "aweigh.weight"() {name = "transformer.h.0.mlp.c_proj.weight"} : () -> !torch.vtensor<[256,64],bf16>
    %57 = torch.aten.addmm %55, %54, %56, %int1, %int1 : !torch.vtensor<[64],bf16>, !torch.vtensor<[?,256],bf16>, !torch.vtensor<[256,64],bf16>, !torch.int, !torch.int -> !torch.vtensor<[?,64],bf16>
    %58 = torch.aten.reshape %57, %33 : !torch.vtensor<[?,64],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,64],bf16>
    %59 = torch.aten.add.Tensor %35, %58, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %60 = "aweigh.weight"() {name = "transformer.h.1.ln_1.weight"} : () -> !torch.vtensor<[64],bf16>
    %61 = "aweigh.weight"() {name = "transformer.h.1.ln_1.bias"} : () -> !torch.vtensor<[64],bf16>
    %62 = torch.aten.layer_norm %59, %6, %60, %61, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],bf16>, !torch.list<int>, !torch.vtensor<[64],bf16>, !torch.vtensor<[64],bf16>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],bf16>
    %63 = torch.aten.reshape %62, %10 : !torch.vtensor<[1,?,64],bf16>, !torch.list<int> -> !torch.vtensor<[?,64],bf16>
    %64 = "aweigh.weight"() {name = "transformer.h.1.attn.c_attn.bias"} : () -> !torch.vtensor<[192],bf16>
    %65 = "aweigh.weight"() {name = "transformer.h.1.attn.c_attn.weight"} : () -> !torch.vtensor<[64,192],bf16>
    %66 = torch.aten.addmm %64, %63, %65, %int1, %int1 : !torch.vtensor<[192],bf16>, !torch.vtensor<[?,64],bf16>, !torch.vtensor<[64,192],bf16>, !torch.int, !torch.int -> !torch.vtensor<[?,192],bf16>
    %67 = torch.aten.reshape %66, %15 : !torch.vtensor<[?,192],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,192],bf16>
    %68 = torch.aten.split.Tensor %67, %int64, %int2 : !torch.vtensor<[1,?,192],bf16>, !torch.int, !torch.int -> !torch.list<vtensor>
    %69:3 = torch.prim.ListUnpack %68 : !torch.list<vtensor> -> !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>
    %70 = torch.aten.reshape %69#1, %19 : !torch.vtensor<[1,?,64],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],bf16>
    %71 = torch.aten.transpose.int %70, %int1, %int2 : !torch.vtensor<[1,?,4,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %72 = torch.aten.reshape %69#2, %19 : !torch.vtensor<[1,?,64],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],bf16>
    %73 = torch.aten.transpose.int %72, %int1, %int2 : !torch.vtensor<[1,?,4,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %74 = torch.aten.reshape %69#0, %19 : !torch.vtensor<[1,?,64],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,4,16],bf16>
    %75 = torch.aten.transpose.int %74, %int1, %int2 : !torch.vtensor<[1,?,4,16],bf16>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,16],bf16>
    %76 = torch.operator "torch.aweigh.attend"(%75, %71, %73, %none, %none, %none, %none, %none, %none, %int1, %float2.500000e-01, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,4,?,16],bf16>, !torch.vtensor<[1,4,?,16],bf16>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,16],bf16> 
    %77 = torch.aten.reshape %76, %27 : !torch.vtensor<[1,?,4,16],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,64],bf16>
    %78 = torch.aten.reshape %77, %10 : !torch.vtensor<[1,?,64],bf16>, !torch.list<int> -> !torch.vtensor<[?,64],bf16>
    %79 = "aweigh.weight"() {name = "transformer.h.1.attn.c_proj.bias"} : () -> !torch.vtensor<[64],bf16>
    %80 = "aweigh.weight"() {name = "transformer.h.1.attn.c_proj.weight"} : () -> !torch.vtensor<[64,64],bf16>
    %81 = torch.aten.addmm %79, %78, %80, %int1, %int1 : !torch.vtensor<[64],bf16>, !torch.vtensor<[?,64],bf16>, !torch.vtensor<[64,64],bf16>, !torch.int, !torch.int -> !torch.vtensor<[?,64],bf16>
    %82 = torch.aten.reshape %81, %33 : !torch.vtensor<[?,64],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,64],bf16>
    %83 = torch.aten.add.Tensor %82, %59, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %84 = "aweigh.weight"() {name = "transformer.h.1.ln_2.weight"} : () -> !torch.vtensor<[64],bf16>
    %85 = "aweigh.weight"() {name = "transformer.h.1.ln_2.bias"} : () -> !torch.vtensor<[64],bf16>
    %86 = torch.aten.layer_norm %83, %6, %84, %85, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],bf16>, !torch.list<int>, !torch.vtensor<[64],bf16>, !torch.vtensor<[64],bf16>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],bf16>
    %87 = torch.aten.reshape %86, %10 : !torch.vtensor<[1,?,64],bf16>, !torch.list<int> -> !torch.vtensor<[?,64],bf16>
    %88 = "aweigh.weight"() {name = "transformer.h.1.mlp.c_fc.bias"} : () -> !torch.vtensor<[256],bf16>
    %89 = "aweigh.weight"() {name = "transformer.h.1.mlp.c_fc.weight"} : () -> !torch.vtensor<[64,256],bf16>
    %90 = torch.aten.addmm %88, %87, %89, %int1, %int1 : !torch.vtensor<[256],bf16>, !torch.vtensor<[?,64],bf16>, !torch.vtensor<[64,256],bf16>, !torch.int, !torch.int -> !torch.vtensor<[?,256],bf16>
    %91 = torch.aten.reshape %90, %43 : !torch.vtensor<[?,256],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,256],bf16>
    %92 = torch.aten.mul.Scalar %91, %float5.000000e-01 : !torch.vtensor<[1,?,256],bf16>, !torch.float -> !torch.vtensor<[1,?,256],bf16>
    %93 = torch.aten.pow.Tensor_Scalar %91, %int3 : !torch.vtensor<[1,?,256],bf16>, !torch.int -> !torch.vtensor<[1,?,256],bf16>
    %94 = torch.aten.mul.Scalar %93, %float4.471500e-02 : !torch.vtensor<[1,?,256],bf16>, !torch.float -> !torch.vtensor<[1,?,256],bf16>
    %95 = torch.aten.add.Tensor %91, %94, %int1 : !torch.vtensor<[1,?,256],bf16>, !torch.vtensor<[1,?,256],bf16>, !torch.int -> !torch.vtensor<[1,?,256],bf16>
    %96 = torch.aten.mul.Scalar %95, %float7.978850e-01 : !torch.vtensor<[1,?,256],bf16>, !torch.float -> !torch.vtensor<[1,?,256],bf16>
    %97 = torch.aten.tanh %96 : !torch.vtensor<[1,?,256],bf16> -> !torch.vtensor<[1,?,256],bf16>
    %98 = torch.aten.add.Scalar %97, %float1.000000e00, %int1 : !torch.vtensor<[1,?,256],bf16>, !torch.float, !torch.int -> !torch.vtensor<[1,?,256],bf16>
    %99 = torch.aten.mul.Tensor %92, %98 : !torch.vtensor<[1,?,256],bf16>, !torch.vtensor<[1,?,256],bf16> -> !torch.vtensor<[1,?,256],bf16>
    %100 = torch.aten.reshape %99, %53 : !torch.vtensor<[1,?,256],bf16>, !torch.list<int> -> !torch.vtensor<[?,256],bf16>
    %101 = "aweigh.weight"() {name = "transformer.h.1.mlp.c_proj.bias"} : () -> !torch.vtensor<[64],bf16>
    %102 = "aweigh.weight"() {name = "transformer.h.1.mlp.c_proj.weight"} : () -> !torch.vtensor<[256,64],bf16>
    %103 = torch.aten.addmm %101, %100, %102, %int1, %int1 : !torch.vtensor<[64],bf16>, !torch.vtensor<[?,256],bf16>, !torch.vtensor<[256,64],bf16>, !torch.int, !torch.int -> !torch.vtensor<[?,64],bf16>
    %104 = torch.aten.reshape %103, %33 : !torch.vtensor<[?,64],bf16>, !torch.list<int> -> !torch.vtensor<[1,?,64],bf16>
    %105 = torch.aten.add.Tensor %83, %104, %int1 : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[1,?,64],bf16>, !torch.int -> !torch.vtensor<[1,?,64],bf16>
    %106 = "aweigh.weight"() {name = "transformer.ln_f.weight"} : () -> !torch.vtensor<[64],bf16>
    %107 = "aweigh.weight"() {name = "transformer.ln_f.bias"} : () -> !torch.vtensor<[64],bf16>
    %108 = torch.aten.layer_norm %105, %6, %106, %107, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],bf16>, !torch.list<int>, !torch.vtensor<[64],bf16>, !torch.vtensor<[64],bf16>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],bf16>
    %109 = torch.prim.ListConstruct %none, %arg2 : (!torch.none, !torch.vtensor<[?],si64>) -> !torch.list<optional<vtensor>>
    %110 = torch.aten.index.Tensor %108, %109 : !torch.vtensor<[1,?,64],bf16>, !torch.list<optional<vtensor>> -> !torch.vtensor<[1,?,64],bf16>
    %111 = torch.aten.linear %110, %1, %none : !torch.vtensor<[1,?,64],bf16>, !torch.vtensor<[256,64],bf16>, !torch.none -> !torch.vtensor<[1,?,256],bf16>
    return %111 : !torch.vtensor<[1,?,256],bf16>
  }
}
