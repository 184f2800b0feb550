module {
  func.func @main(%arg0: !torch.vtensor<[1,?],si64>, %arg1: !torch.vtensor<[1,?],si64>, %arg2: !torch.vtensor<[?],si64>) -> !torch.vtensor<[1,?,256],f32> attributes {torch.assume_strict_symbolic_shapes} {
    %int3 = torch.constant.int 3
    %int20 = torch.constant.int 20
    %int16 = torch.constant.int 16
    %int8 = torch.constant.int 8
    %int96 = torch.constant.int 96
    %int0 = torch.constant.int 0
    %int1 = torch.constant.int 1
    %float1.000000e-05 = torch.constant.float 1.000000e-05
    %none = torch.constant.none
    %true = torch.constant.bool true
    %int2 = torch.constant.int 2
    %false = torch.constant.bool false
    %int-1 = torch.constant.int -1
    %0 = "aweigh.weight"() {name = "backbone.embeddings.weight"} : () -> !torch.vtensor<[256,64],f32>
    %1 = torch.aten.embedding %0, %arg0, %int-1, %false, %false : !torch.vtensor<[256,64],f32>, !torch.vtensor<[1,?],si64>, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %2 = torch.aten.pow.Tensor_Scalar %1, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %3 = torch.prim.ListConstruct %int-1 : (!torch.int) -> !torch.list<int>
    %4 = torch.aten.mean.dim %2, %3, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %5 = torch.aten.add.Scalar %4, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %6 = torch.aten.rsqrt %5 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %7 = torch.aten.mul.Tensor %1, %6 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %8 = "aweigh.weight"() {name = "backbone.layers.0.norm.weight"} : () -> !torch.vtensor<[64],f32>
    %9 = torch.aten.mul.Tensor %8, %7 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %10 = "aweigh.weight"() {name = "backbone.layers.0.mixer.in_proj.weight"} : () -> !torch.vtensor<[192,64],f32>
    %11 = torch.aten.linear %9, %10, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[192,64],f32>, !torch.none -> !torch.vtensor<[1,?,192],f32>
    %12 = torch.aten.transpose.int %11, %int1, %int2 : !torch.vtensor<[1,?,192],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,192,?],f32>
    %13 = "aweigh.weight"() {name = "backbone.layers.0.mixer.A_log"} : () -> !torch.vtensor<[96,16],f32>
    %14 = torch.aten.exp %13 : !torch.vtensor<[96,16],f32> -> !torch.vtensor<[96,16],f32>
    %15 = torch.aten.neg %14 : !torch.vtensor<[96,16],f32> -> !torch.vtensor<[96,16],f32>
    %16 = torch.aten.chunk %12, %int2, %int1 : !torch.vtensor<[1,192,?],f32>, !torch.int, !torch.int -> !torch.list<vtensor>
    %17:2 = torch.prim.ListUnpack %16 : !torch.list<vtensor> -> !torch.vtensor<[1,96,?],f32>, !torch.vtensor<[1,96,?],f32>
    %18 = "aweigh.weight"() {name = "backbone.layers.0.mixer.conv1d.weight"} : () -> !torch.vtensor<[96,1,4],f32>
    %19 = torch.aten.squeeze.dim %18, %int1 : !torch.vtensor<[96,1,4],f32>, !torch.int -> !torch.vtensor<[96,4],f32>
    %20 = torch.aten.unsqueeze %19, %int1 : !torch.vtensor<[96,4],f32>, !torch.int -> !torch.vtensor<[96,1,4],f32>
    %21 = "aweigh.weight"() {name = "backbone.layers.0.mixer.conv1d.bias"} : () -> !torch.vtensor<[96],f32>
    %22 = torch.operator "torch.aweigh.causal_conv"(%17#0, %20, %21, %int0, %int96) : (!torch.vtensor<[1,96,?],f32>, !torch.vtensor<[96,1,4],f32>, !torch.vtensor<[96],f32>, !torch.int, !torch.int) -> !torch.vtensor<[1,96,?],f32> 
    %23 = torch.aten.silu %22 : !torch.vtensor<[1,96,?],f32> -> !torch.vtensor<[1,96,?],f32>
    %24 = torch.aten.transpose.int %23, %int1, %int2 : !torch.vtensor<[1,96,?],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,96],f32>
    %25 = "aweigh.weight"() {name = "backbone.layers.0.mixer.x_proj.weight"} : () -> !torch.vtensor<[40,96],f32>
    %26 = torch.aten.linear %24, %25, %none : !torch.vtensor<[1,?,96],f32>, !torch.vtensor<[40,96],f32>, !torch.none -> !torch.vtensor<[1,?,40],f32>
    %27 = torch.prim.ListConstruct %int8, %int16, %int16 : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
    %28 = torch.aten.split_with_sizes %26, %27, %int-1 : !torch.vtensor<[1,?,40],f32>, !torch.list<int>, !torch.int -> !torch.list<vtensor>
    %29:3 = torch.prim.ListUnpack %28 : !torch.list<vtensor> -> !torch.vtensor<[1,?,8],f32>, !torch.vtensor<[1,?,16],f32>, !torch.vtensor<[1,?,16],f32>
    %30 = torch.aten.transpose.int %29#0, %int1, %int2 : !torch.vtensor<[1,?,8],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,8,?],f32>
    %31 = "aweigh.weight"() {name = "backbone.layers.0.mixer.dt_proj.weight"} : () -> !torch.vtensor<[96,8],f32>
    %32 = torch.aten.matmul %31, %30 : !torch.vtensor<[96,8],f32>, !torch.vtensor<[1,8,?],f32> -> !torch.vtensor<[1,96,?],f32>
    %33 = torch.aten.transpose.int %24, %int1, %int2 : !torch.vtensor<[1,?,96],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,96,?],f32>
    %34 = torch.aten.transpose.int %29#1, %int1, %int2 : !torch.vtensor<[1,?,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,16,?],f32>
    %35 = torch.aten.transpose.int %29#2, %int1, %int2 : !torch.vtensor<[1,?,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,16,?],f32>
    %36 = "aweigh.weight"() {name = "backbone.layers.0.mixer.dt_proj.bias"} : () -> !torch.vtensor<[96],f32>
    %37 = torch.aten.unsqueeze %36, %int1 : !torch.vtensor<[96],f32>, !torch.int -> !torch.vtensor<[96,1],f32>
    %38 = torch.aten.add.Tensor %32, %37, %int1 : !torch.vtensor<[1,96,?],f32>, !torch.vtensor<[96,1],f32>, !torch.int -> !torch.vtensor<[1,96,?],f32>
    %39 = torch.aten.softplus %38, %int1, %int20 : !torch.vtensor<[1,96,?],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,96,?],f32>
    %40 = torch.aten.mul.Tensor %39, %33 : !torch.vtensor<[1,96,?],f32>, !torch.vtensor<[1,96,?],f32> -> !torch.vtensor<[1,96,?],f32>
    %41 = torch.aten.transpose.int %40, %int1, %int2 : !torch.vtensor<[1,96,?],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,96],f32>
    %42 = torch.aten.unsqueeze %41, %int3 : !torch.vtensor<[1,?,96],f32>, !torch.int -> !torch.vtensor<[1,?,96,1],f32>
    %43 = torch.aten.transpose.int %35, %int1, %int2 : !torch.vtensor<[1,16,?],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,16],f32>
    %44 = torch.aten.unsqueeze %43, %int2 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,?,1,16],f32>
    %45 = torch.aten.transpose.int %34, %int1, %int2 : !torch.vtensor<[1,16,?],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,16],f32>
    %46 = torch.aten.unsqueeze %45, %int2 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,?,1,16],f32>
    %47 = torch.aten.transpose.int %39, %int1, %int2 : !torch.vtensor<[1,96,?],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,96],f32>
    %48 = torch.operator "torch.aweigh.scan"(%44, %46, %42, %47, %15, %none, %int1, %false) : (!torch.vtensor<[1,?,1,16],f32>, !torch.vtensor<[1,?,1,16],f32>, !torch.vtensor<[1,?,96,1],f32>, !torch.vtensor<[1,?,96],f32>, !torch.vtensor<[96,16],f32>, !torch.none, !torch.int, !torch.bool) -> !torch.vtensor<[1,?,96,1],f32> 
    %49 = torch.aten.squeeze.dim %48, %int3 : !torch.vtensor<[1,?,96,1],f32>, !torch.int -> !torch.vtensor<[1,?,96],f32>
    %50 = torch.aten.transpose.int %49, %int1, %int2 : !torch.vtensor<[1,?,96],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,96,?],f32>
    %51 = "aweigh.weight"() {name = "backbone.layers.0.mixer.D"} : () -> !torch.vtensor<[96],f32>
    %52 = torch.aten.unsqueeze %51, %int0 : !torch.vtensor<[96],f32>, !torch.int -> !torch.vtensor<[1,96],f32>
    %53 = torch.aten.unsqueeze %52, %int2 : !torch.vtensor<[1,96],f32>, !torch.int -> !torch.vtensor<[1,96,1],f32>
    %54 = torch.aten.mul.Tensor %33, %53 : !torch.vtensor<[1,96,?],f32>, !torch.vtensor<[1,96,1],f32> -> !torch.vtensor<[1,96,?],f32>
    %55 = torch.aten.add.Tensor %50, %54, %int1 : !torch.vtensor<[1,96,?],f32>, !torch.vtensor<[1,96,?],f32>, !torch.int -> !torch.vtensor<[1,96,?],f32>
    %56 = torch.aten.silu %17#1 : !torch.vtensor<[1,96,?],f32> -> !torch.vtensor<[1,96,?],f32>
    %57 = torch.aten.mul.Tensor %55, %56 : !torch.vtensor<[1,96,?],f32>, !torch.vtensor<[1,96,?],f32> -> !torch.vtensor<[1,96,?],f32>
    %58 = torch.aten.transpose.int %57, %int1, %int2 : !torch.vtensor<[1,96,?],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,96],f32>
    %59 = "aweigh.weight"() {name = "backbone.layers.0.mixer.out_proj.weight"} : () -> !torch.vtensor<[64,96],f32>
    %60 = torch.aten.linear %58, %59, %none : !torch.vtensor<[1,?,96],f32>, !torch.vtensor<[64,96],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %61 = torch.aten.add.Tensor %1, %60, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %62 = torch.aten.pow.Tensor_Scalar %61, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %63 = torch.aten.mean.dim %62, %3, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %64 = torch.aten.add.Scalar %63, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %65 = torch.aten.rsqrt %64 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %66 = torch.aten.mul.Tensor %61, %65 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %67 = "aweigh.weight"() {name = "backbone.layers.1.norm.weight"} : () -> !torch.vtensor<[64],f32>
    %68 = torch.aten.mul.Tensor %67, %66 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %69 = "aweigh.weight"() {name = "backbone.layers.1.mixer.in_proj.weight"} : () -> !torch.vtensor<[192,64],f32>
    %70 = torch.aten.linear %68, %69, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[192,64],f32>, !torch.none -> !torch.vtensor<[1,?,192],f32>
    %71 = torch.aten.transpose.int %70, %int1, %int2 : !torch.vtensor<[1,?,192],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,192,?],f32>
    %72 = "aweigh.weight"() {name = "backbone.layers.1.mixer.A_log"} : () -> !torch.vtensor<[96,16],f32>
    %73 = torch.aten.exp %72 : !torch.vtensor<[96,16],f32> -> !torch.vtensor<[96,16],f32>
    %74 = torch.aten.neg %73 : !torch.vtensor<[96,16],f32> -> !torch.vtensor<[96,16],f32>
    %75 = torch.aten.chunk %71, %int2, %int1 : !torch.vtensor<[1,192,?],f32>, !torch.int, !torch.int -> !torch.list<vtensor>
    %76:2 = torch.prim.ListUnpack %75 : !torch.list<vtensor> -> !torch.vtensor<[1,96,?],f32>, !torch.vtensor<[1,96,?],f32>
    %77 = "aweigh.weight"() {name = "backbone.layers.1.mixer.conv1d.weight"} : () -> !torch.vtensor<[96,1,4],f32>
    %78 = torch.aten.squeeze.dim %77, %int1 : !torch.vtensor<[96,1,4],f32>, !torch.int -> !torch.vtensor<[96,4],f32>
    %79 = torch.aten.unsqueeze %78, %int1 : !torch.vtensor<[96,4],f32>, !torch.int -> !torch.vtensor<[96,1,4],f32>
    %80 = "aweigh.weight"() {name = "backbone.layers.1.mixer.conv1d.bias"} : () -> !torch.vtensor<[96],f32>
    %81 = torch.operator "torch.aweigh.causal_conv"(%76#0, %79, %80, %int2, %int96) : (!torch.vtensor<[1,96,?],f32>, !torch.vtensor<[96,1,4],f32>, !torch.vtensor<[96],f32>, !torch.int, !torch.int) -> !torch.vtensor<[1,96,?],f32> 
    %82 = torch.aten.silu %81 : !torch.vtensor<[1,96,?],f32> -> !torch.vtensor<[1,96,?],f32>
    %83 = torch.aten.transpose.int %82, %int1, %int2 : !torch.vtensor<[1,96,?],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,96],f32>
    %84 = "aweigh.weight"() {name = "backbone.layers.1.mixer.x_proj.weight"} : () -> !torch.vtensor<[40,96],f32>
    %85 = torch.aten.linear %83, %84, %none : !torch.vtensor<[1,?,96],f32>, !torch.vtensor<[40,96],f32>, !torch.none -> !torch.vtensor<[1,?,40],f32>
    %86 = torch.aten.split_with_sizes %85, %27, %int-1 : !torch.vtensor<[1,?,40],f32>, !torch.list<int>, !torch.int -> !torch.list<vtensor>
    %87:3 = torch.prim.ListUnpack %86 : !torch.list<vtensor> -> !torch.vtensor<[1,?,8],f32>, !torch.vtensor<[1,?,16],f32>, !torch.vtensor<[1,?,16],f32>
    %88 = torch.aten.transpose.int %87#0, %int1, %int2 : !torch.vtensor<[1,?,8],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,8,?],f32>
    %89 = "aweigh.weight"() {name = "backbone.layers.1.mixer.dt_proj.weight"} : () -> !torch.vtensor<[96,8],f32>
    %90 = torch.aten.matmul %89, %88 : !torch.vtensor<[96,8],f32>, !torch.vtensor<[1,8,?],f32> -> !torch.vtensor<[1,96,?],f32>
    %91 = torch.aten.transpose.int %83, %int1, %int2 : !torch.vtensor<[1,?,96],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,96,?],f32>
    %92 = torch.aten.transpose.int %87#1, %int1, %int2 : !torch.vtensor<[1,?,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,16,?],f32>
    %93 = torch.aten.transpose.int %87#2, %int1, %int2 : !torch.vtensor<[1,?,16],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,16,?],f32>
    %94 = "aweigh.weight"() {name = "backbone.layers.1.mixer.dt_proj.bias"} : () -> !torch.vtensor<[96],f32>
    %95 = torch.aten.unsqueeze %94, %int1 : !torch.vtensor<[96],f32>, !torch.int -> !torch.vtensor<[96,1],f32>
    %96 = torch.aten.add.Tensor %90, %95, %int1 : !torch.vtensor<[1,96,?],f32>, !torch.vtensor<[96,1],f32>, !torch.int -> !torch.vtensor<[1,96,?],f32>
    %97 = torch.aten.softplus %96, %int1, %int20 : !torch.vtensor<[1,96,?],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,96,?],f32>
    %98 = torch.aten.mul.Tensor %97, %91 : !torch.vtensor<[1,96,?],f32>, !torch.vtensor<[1,96,?],f32> -> !torch.vtensor<[1,96,?],f32>
    %99 = torch.aten.transpose.int %98, %int1, %int2 : !torch.vtensor<[1,96,?],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,96],f32>
    %100 = torch.aten.unsqueeze %99, %int3 : !torch.vtensor<[1,?,96],f32>, !torch.int -> !torch.vtensor<[1,?,96,1],f32>
    %101 = torch.aten.transpose.int %93, %int1, %int2 : !torch.vtensor<[1,16,?],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,16],f32>
    %102 = torch.aten.unsqueeze %101, %int2 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,?,1,16],f32>
    %103 = torch.aten.transpose.int %92, %int1, %int2 : !torch.vtensor<[1,16,?],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,16],f32>
    %104 = torch.aten.unsqueeze %103, %int2 : !torch.vtensor<[1,?,16],f32>, !torch.int -> !torch.vtensor<[1,?,1,16],f32>
    %105 = torch.aten.transpose.int %97, %int1, %int2 : !torch.vtensor<[1,96,?],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,96],f32>
    %106 = torch.operator "torch.aweigh.scan"(%102, %104, %100, %105, %74, %none, %int3, %false) : (!torch.vtensor<[1,?,1,16],f32>, !torch.vtensor<[1,?,1,16],f32>, !torch.vtensor<[1,?,96,1],f32>, !torch.vtensor<[1,?,96],f32>, !torch.vtensor<[96,16],f32>, !torch.none, !torch.int, !torch.bool) -> !torch.vtensor<[1,?,96,1],f32> 
    %107 = torch.aten.squeeze.dim %106, %int3 : !torch.vtensor<[1,?,96,1],f32>, !torch.int -> !torch.vtensor<[1,?,96],f32>
    %108 = torch.aten.transpose.int %107, %int1, %int2 : !torch.vtensor<[1,?,96],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,96,?],f32>
    %109 = "aweigh.weight"() {name = "backbone.layers.1.mixer.D"} : () -> !torch.vtensor<[96],f32>
    %110 = torch.aten.unsqueeze %109, %int0 : !torch.vtensor<[96],f32>, !torch.int -> !torch.vtensor<[1,96],f32>
    %111 = torch.aten.unsqueeze %110, %int2 : !torch.vtensor<[1,96],f32>, !torch.int -> !torch.vtensor<[1,96,1],f32>
    %112 = torch.aten.mul.Tensor %91, %111 : !torch.vtensor<[1,96,?],f32>, !torch.vtensor<[1,96,1],f32> -> !torch.vtensor<[1,96,?],f32>
    %113 = torch.aten.add.Tensor %108, %112, %int1 : !torch.vtensor<[1,96,?],f32>, !torch.vtensor<[1,96,?],f32>, !torch.int -> !torch.vtensor<[1,96,?],f32>
    %114 = torch.aten.silu %76#1 : !torch.vtensor<[1,96,?],f32> -> !torch.vtensor<[1,96,?],f32>
    %115 = torch.aten.mul.Tensor %113, %114 : !torch.vtensor<[1,96,?],f32>, !torch.vtensor<[1,96,?],f32> -> !torch.vtensor<[1,96,?],f32>
    %116 = torch.aten.transpose.int %115, %int1, %int2 : !torch.vtensor<[1,96,?],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,96],f32>
    %117 = "aweigh.weight"() {name = "backbone.layers.1.mixer.out_proj.weight"} : () -> !torch.vtensor<[64,96],f32>
    %118 = torch.aten.linear %116, %117, %none : !torch.vtensor<[1,?,96],f32>, !torch.vtensor<[64,96],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %119 = torch.aten.add.Tensor %61, %118, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %120 = torch.aten.pow.Tensor_Scalar %119, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %121 = torch.aten.mean.dim %120, %3, %true, %none : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %122 = torch.aten.add.Scalar %121, %float1.000000e-05, %int1 : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %123 = torch.aten.rsqrt %122 : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
    %124 = torch.aten.mul.Tensor %119, %123 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,64],f32>
    %125 = "aweigh.weight"() {name = "backbone.norm_f.weight"} : () -> !torch.vtensor<[64],f32>
    %126 = torch.aten.mul.Tensor %125, %124 : !torch.vtensor<[64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %127 = torch.prim.ListConstruct %none, %arg2 : (!torch.none, !torch.vtensor<[?],si64>) -> !torch.list<optional<vtensor>>
    %128 = torch.aten.index.Tensor %126, %127 : !torch.vtensor<[1,?,64],f32>, !torch.list<optional<vtensor>> -> !torch.vtensor<[1,?,64],f32>
    %129 = torch.aten.linear %128, %0, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[256,64],f32>, !torch.none -> !torch.vtensor<[1,?,256],f32>
    return %129 : !torch.vtensor<[1,?,256],f32>
  }
}
