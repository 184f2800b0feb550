module {
  func.func @main(%arg0: !torch.vtensor<[1,?],si64>, %arg1: !torch.vtensor<[1,?],si64>, %arg2: !torch.vtensor<[?],si64>) -> !torch.vtensor<[1,?,256],f32> attributes {torch.assume_strict_symbolic_shapes} {
    %int5 = torch.constant.int 5
    %int4 = torch.constant.int 4
    %true = torch.constant.bool true
    %int3 = torch.constant.int 3
    %int0 = torch.constant.int 0
    %none = torch.constant.none
    %int2 = torch.constant.int 2
    %float1.000000e-05 = torch.constant.float 1.000000e-05
    %int64 = torch.constant.int 64
    %false = torch.constant.bool false
    %int-1 = torch.constant.int -1
    %int1 = torch.constant.int 1
    %0 = "aweigh.weight"() {name = "rwkv.blocks.0.attention.output.weight"} : () -> !torch.vtensor<[64,64],f32>
    %1 = torch.aten.div.Scalar %0, %int1 : !torch.vtensor<[64,64],f32>, !torch.int -> !torch.vtensor<[64,64],f32>
    %2 = "aweigh.weight"() {name = "rwkv.blocks.0.feed_forward.value.weight"} : () -> !torch.vtensor<[64,96],f32>
    %3 = torch.aten.div.Scalar %2, %int1 : !torch.vtensor<[64,96],f32>, !torch.int -> !torch.vtensor<[64,96],f32>
    %4 = "aweigh.weight"() {name = "rwkv.blocks.1.attention.output.weight"} : () -> !torch.vtensor<[64,64],f32>
    %5 = torch.aten.div.Scalar %4, %int1 : !torch.vtensor<[64,64],f32>, !torch.int -> !torch.vtensor<[64,64],f32>
    %6 = "aweigh.weight"() {name = "rwkv.blocks.1.feed_forward.value.weight"} : () -> !torch.vtensor<[64,96],f32>
    %7 = torch.aten.div.Scalar %6, %int1 : !torch.vtensor<[64,96],f32>, !torch.int -> !torch.vtensor<[64,96],f32>
    %8 = "aweigh.weight"() {name = "rwkv.embeddings.weight"} : () -> !torch.vtensor<[256,64],f32>
    %9 = torch.aten.embedding %8, %arg0, %int-1, %false, %false : !torch.vtensor<[256,64],f32>, !torch.vtensor<[1,?],si64>, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %10 = torch.prim.ListConstruct %int64 : (!torch.int) -> !torch.list<int>
    %11 = "aweigh.weight"() {name = "rwkv.blocks.0.pre_ln.weight"} : () -> !torch.vtensor<[64],f32>
    %12 = "aweigh.weight"() {name = "rwkv.blocks.0.pre_ln.bias"} : () -> !torch.vtensor<[64],f32>
    %13 = torch.aten.layer_norm %9, %10, %11, %12, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %14 = "aweigh.weight"() {name = "rwkv.blocks.0.ln1.weight"} : () -> !torch.vtensor<[64],f32>
    %15 = "aweigh.weight"() {name = "rwkv.blocks.0.ln1.bias"} : () -> !torch.vtensor<[64],f32>
    %16 = torch.aten.layer_norm %13, %10, %14, %15, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %17 = torch.aten.transpose.int %16, %int1, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,64,?],f32>
    %18 = "aweigh.weight"() {name = "shift.64.0"} : () -> !torch.vtensor<[64,1,2],f32>
    %19 = torch.operator "torch.aweigh.causal_conv"(%17, %18, %none, %int0, %int64) : (!torch.vtensor<[1,64,?],f32>, !torch.vtensor<[64,1,2],f32>, !torch.none, !torch.int, !torch.int) -> !torch.vtensor<[1,64,?],f32> 
    %20 = torch.aten.transpose.int %19, %int1, %int2 : !torch.vtensor<[1,64,?],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %21 = "aweigh.weight"() {name = "rwkv.blocks.0.attention.time_mix_key"} : () -> !torch.vtensor<[1,1,64],f32>
    %22 = torch.aten.mul.Tensor %16, %21 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,1,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %23 = torch.aten.rsub.Scalar %21, %int1, %int1 : !torch.vtensor<[1,1,64],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,1,64],f32>
    %24 = torch.aten.mul.Tensor %20, %23 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,1,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %25 = torch.aten.add.Tensor %22, %24, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %26 = "aweigh.weight"() {name = "rwkv.blocks.0.attention.time_mix_value"} : () -> !torch.vtensor<[1,1,64],f32>
    %27 = torch.aten.mul.Tensor %16, %26 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,1,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %28 = torch.aten.rsub.Scalar %26, %int1, %int1 : !torch.vtensor<[1,1,64],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,1,64],f32>
    %29 = torch.aten.mul.Tensor %20, %28 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,1,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %30 = torch.aten.add.Tensor %27, %29, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %31 = "aweigh.weight"() {name = "rwkv.blocks.0.attention.time_mix_receptance"} : () -> !torch.vtensor<[1,1,64],f32>
    %32 = torch.aten.mul.Tensor %16, %31 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,1,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %33 = torch.aten.rsub.Scalar %31, %int1, %int1 : !torch.vtensor<[1,1,64],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,1,64],f32>
    %34 = torch.aten.mul.Tensor %20, %33 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,1,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %35 = torch.aten.add.Tensor %32, %34, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %36 = "aweigh.weight"() {name = "rwkv.blocks.0.attention.key.weight"} : () -> !torch.vtensor<[64,64],f32>
    %37 = torch.aten.linear %25, %36, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %38 = "aweigh.weight"() {name = "rwkv.blocks.0.attention.value.weight"} : () -> !torch.vtensor<[64,64],f32>
    %39 = torch.aten.linear %30, %38, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %40 = "aweigh.weight"() {name = "rwkv.blocks.0.attention.receptance.weight"} : () -> !torch.vtensor<[64,64],f32>
    %41 = torch.aten.linear %35, %40, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %42 = torch.aten.sigmoid %41 : !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %43 = torch.aten.slice.Tensor %37, %int2, %int0, %int1, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %44 = torch.aten.ones_like %43, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,1],f32>, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %45 = torch.aten.unsqueeze %44, %int3 : !torch.vtensor<[1,?,1],f32>, !torch.int -> !torch.vtensor<[1,?,1,1],f32>
    %46 = torch.aten.ones_like %39, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],f32>, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %47 = torch.prim.ListConstruct %39, %46 : (!torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>) -> !torch.list<vtensor>
    %48 = torch.aten.stack %47, %int3 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,?,64,2],f32>
    %49 = torch.aten.zeros_like %37, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],f32>, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %50 = "aweigh.weight"() {name = "rwkv.blocks.0.attention.time_decay"} : () -> !torch.vtensor<[64],f32>
    %51 = torch.aten.exp %50 : !torch.vtensor<[64],f32> -> !torch.vtensor<[64],f32>
    %52 = torch.aten.sub.Tensor %49, %51, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %53:2 = torch.operator "torch.aweigh.log_scan"(%45, %45, %48, %52, %37, %int1, %none, %true) : (!torch.vtensor<[1,?,1,1],f32>, !torch.vtensor<[1,?,1,1],f32>, !torch.vtensor<[1,?,64,2],f32>, !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.none, !torch.bool) -> (!torch.vtensor<[1,?,64,2],f32>, !torch.vtensor<[1,?,64],f32>) 
    %54 = "aweigh.weight"() {name = "rwkv.blocks.0.attention.time_first"} : () -> !torch.vtensor<[64],f32>
    %55 = torch.aten.add.Tensor %37, %54, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %56 = torch.aten.maximum %53#1, %55 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %57 = torch.aten.sub.Tensor %53#1, %56, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %58 = torch.aten.exp %57 : !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %59 = torch.aten.sub.Tensor %55, %56, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %60 = torch.aten.exp %59 : !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %61 = torch.aten.select.int %53#0, %int3, %int0 : !torch.vtensor<[1,?,64,2],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %62 = torch.aten.mul.Tensor %58, %61 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %63 = torch.aten.mul.Tensor %60, %39 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %64 = torch.aten.add.Tensor %62, %63, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %65 = torch.aten.select.int %53#0, %int3, %int1 : !torch.vtensor<[1,?,64,2],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %66 = torch.aten.mul.Tensor %58, %65 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %67 = torch.aten.add.Tensor %66, %60, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %68 = torch.aten.div.Tensor %64, %67 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %69 = torch.aten.mul.Tensor %42, %68 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %70 = torch.aten.linear %69, %1, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %71 = torch.aten.add.Tensor %13, %70, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %72 = "aweigh.weight"() {name = "rwkv.blocks.0.ln2.weight"} : () -> !torch.vtensor<[64],f32>
    %73 = "aweigh.weight"() {name = "rwkv.blocks.0.ln2.bias"} : () -> !torch.vtensor<[64],f32>
    %74 = torch.aten.layer_norm %71, %10, %72, %73, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %75 = torch.aten.transpose.int %74, %int1, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,64,?],f32>
    %76 = torch.operator "torch.aweigh.causal_conv"(%75, %18, %none, %int2, %int64) : (!torch.vtensor<[1,64,?],f32>, !torch.vtensor<[64,1,2],f32>, !torch.none, !torch.int, !torch.int) -> !torch.vtensor<[1,64,?],f32> 
    %77 = torch.aten.transpose.int %76, %int1, %int2 : !torch.vtensor<[1,64,?],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %78 = "aweigh.weight"() {name = "rwkv.blocks.0.feed_forward.time_mix_key"} : () -> !torch.vtensor<[1,1,64],f32>
    %79 = torch.aten.mul.Tensor %74, %78 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,1,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %80 = torch.aten.rsub.Scalar %78, %int1, %int1 : !torch.vtensor<[1,1,64],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,1,64],f32>
    %81 = torch.aten.mul.Tensor %77, %80 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,1,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %82 = torch.aten.add.Tensor %79, %81, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %83 = "aweigh.weight"() {name = "rwkv.blocks.0.feed_forward.time_mix_receptance"} : () -> !torch.vtensor<[1,1,64],f32>
    %84 = torch.aten.mul.Tensor %74, %83 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,1,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %85 = torch.aten.rsub.Scalar %83, %int1, %int1 : !torch.vtensor<[1,1,64],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,1,64],f32>
    %86 = torch.aten.mul.Tensor %77, %85 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,1,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %87 = torch.aten.add.Tensor %84, %86, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %88 = "aweigh.weight"() {name = "rwkv.blocks.0.feed_forward.key.weight"} : () -> !torch.vtensor<[96,64],f32>
    %89 = torch.aten.linear %82, %88, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[96,64],f32>, !torch.none -> !torch.vtensor<[1,?,96],f32>
    %90 = torch.aten.relu %89 : !torch.vtensor<[1,?,96],f32> -> !torch.vtensor<[1,?,96],f32>
    %91 = torch.aten.pow.Tensor_Scalar %90, %int2 : !torch.vtensor<[1,?,96],f32>, !torch.int -> !torch.vtensor<[1,?,96],f32>
    %92 = torch.aten.linear %91, %3, %none : !torch.vtensor<[1,?,96],f32>, !torch.vtensor<[64,96],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %93 = "aweigh.weight"() {name = "rwkv.blocks.0.feed_forward.receptance.weight"} : () -> !torch.vtensor<[64,64],f32>
    %94 = torch.aten.linear %87, %93, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %95 = torch.aten.sigmoid %94 : !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %96 = torch.aten.mul.Tensor %95, %92 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %97 = torch.aten.add.Tensor %71, %96, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %98 = "aweigh.weight"() {name = "rwkv.blocks.1.ln1.weight"} : () -> !torch.vtensor<[64],f32>
    %99 = "aweigh.weight"() {name = "rwkv.blocks.1.ln1.bias"} : () -> !torch.vtensor<[64],f32>
    %100 = torch.aten.layer_norm %97, %10, %98, %99, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %101 = torch.aten.transpose.int %100, %int1, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,64,?],f32>
    %102 = torch.operator "torch.aweigh.causal_conv"(%101, %18, %none, %int3, %int64) : (!torch.vtensor<[1,64,?],f32>, !torch.vtensor<[64,1,2],f32>, !torch.none, !torch.int, !torch.int) -> !torch.vtensor<[1,64,?],f32> 
    %103 = torch.aten.transpose.int %102, %int1, %int2 : !torch.vtensor<[1,64,?],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %104 = "aweigh.weight"() {name = "rwkv.blocks.1.attention.time_mix_key"} : () -> !torch.vtensor<[1,1,64],f32>
    %105 = torch.aten.mul.Tensor %100, %104 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,1,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %106 = torch.aten.rsub.Scalar %104, %int1, %int1 : !torch.vtensor<[1,1,64],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,1,64],f32>
    %107 = torch.aten.mul.Tensor %103, %106 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,1,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %108 = torch.aten.add.Tensor %105, %107, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %109 = "aweigh.weight"() {name = "rwkv.blocks.1.attention.time_mix_value"} : () -> !torch.vtensor<[1,1,64],f32>
    %110 = torch.aten.mul.Tensor %100, %109 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,1,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %111 = torch.aten.rsub.Scalar %109, %int1, %int1 : !torch.vtensor<[1,1,64],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,1,64],f32>
    %112 = torch.aten.mul.Tensor %103, %111 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,1,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %113 = torch.aten.add.Tensor %110, %112, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %114 = "aweigh.weight"() {name = "rwkv.blocks.1.attention.time_mix_receptance"} : () -> !torch.vtensor<[1,1,64],f32>
    %115 = torch.aten.mul.Tensor %100, %114 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,1,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %116 = torch.aten.rsub.Scalar %114, %int1, %int1 : !torch.vtensor<[1,1,64],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,1,64],f32>
    %117 = torch.aten.mul.Tensor %103, %116 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,1,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %118 = torch.aten.add.Tensor %115, %117, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %119 = "aweigh.weight"() {name = "rwkv.blocks.1.attention.key.weight"} : () -> !torch.vtensor<[64,64],f32>
    %120 = torch.aten.linear %108, %119, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %121 = "aweigh.weight"() {name = "rwkv.blocks.1.attention.value.weight"} : () -> !torch.vtensor<[64,64],f32>
    %122 = torch.aten.linear %113, %121, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %123 = "aweigh.weight"() {name = "rwkv.blocks.1.attention.receptance.weight"} : () -> !torch.vtensor<[64,64],f32>
    %124 = torch.aten.linear %118, %123, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %125 = torch.aten.sigmoid %124 : !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %126 = torch.aten.slice.Tensor %120, %int2, %int0, %int1, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,?,1],f32>
    %127 = torch.aten.ones_like %126, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,1],f32>, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
    %128 = torch.aten.unsqueeze %127, %int3 : !torch.vtensor<[1,?,1],f32>, !torch.int -> !torch.vtensor<[1,?,1,1],f32>
    %129 = torch.aten.ones_like %122, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],f32>, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %130 = torch.prim.ListConstruct %122, %129 : (!torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>) -> !torch.list<vtensor>
    %131 = torch.aten.stack %130, %int3 : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,?,64,2],f32>
    %132 = torch.aten.zeros_like %120, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,64],f32>, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %133 = "aweigh.weight"() {name = "rwkv.blocks.1.attention.time_decay"} : () -> !torch.vtensor<[64],f32>
    %134 = torch.aten.exp %133 : !torch.vtensor<[64],f32> -> !torch.vtensor<[64],f32>
    %135 = torch.aten.sub.Tensor %132, %134, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %136:2 = torch.operator "torch.aweigh.log_scan"(%128, %128, %131, %135, %120, %int4, %none, %true) : (!torch.vtensor<[1,?,1,1],f32>, !torch.vtensor<[1,?,1,1],f32>, !torch.vtensor<[1,?,64,2],f32>, !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.none, !torch.bool) -> (!torch.vtensor<[1,?,64,2],f32>, !torch.vtensor<[1,?,64],f32>) 
    %137 = "aweigh.weight"() {name = "rwkv.blocks.1.attention.time_first"} : () -> !torch.vtensor<[64],f32>
    %138 = torch.aten.add.Tensor %120, %137, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %139 = torch.aten.maximum %136#1, %138 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %140 = torch.aten.sub.Tensor %136#1, %139, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %141 = torch.aten.exp %140 : !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %142 = torch.aten.sub.Tensor %138, %139, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %143 = torch.aten.exp %142 : !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %144 = torch.aten.select.int %136#0, %int3, %int0 : !torch.vtensor<[1,?,64,2],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %145 = torch.aten.mul.Tensor %141, %144 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %146 = torch.aten.mul.Tensor %143, %122 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %147 = torch.aten.add.Tensor %145, %146, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %148 = torch.aten.select.int %136#0, %int3, %int1 : !torch.vtensor<[1,?,64,2],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %149 = torch.aten.mul.Tensor %141, %148 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %150 = torch.aten.add.Tensor %149, %143, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %151 = torch.aten.div.Tensor %147, %150 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %152 = torch.aten.mul.Tensor %125, %151 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %153 = torch.aten.linear %152, %5, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %154 = torch.aten.add.Tensor %97, %153, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %155 = "aweigh.weight"() {name = "rwkv.blocks.1.ln2.weight"} : () -> !torch.vtensor<[64],f32>
    %156 = "aweigh.weight"() {name = "rwkv.blocks.1.ln2.bias"} : () -> !torch.vtensor<[64],f32>
    %157 = torch.aten.layer_norm %154, %10, %155, %156, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %158 = torch.aten.transpose.int %157, %int1, %int2 : !torch.vtensor<[1,?,64],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,64,?],f32>
    %159 = torch.operator "torch.aweigh.causal_conv"(%158, %18, %none, %int5, %int64) : (!torch.vtensor<[1,64,?],f32>, !torch.vtensor<[64,1,2],f32>, !torch.none, !torch.int, !torch.int) -> !torch.vtensor<[1,64,?],f32> 
    %160 = torch.aten.transpose.int %159, %int1, %int2 : !torch.vtensor<[1,64,?],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %161 = "aweigh.weight"() {name = "rwkv.blocks.1.feed_forward.time_mix_key"} : () -> !torch.vtensor<[1,1,64],f32>
    %162 = torch.aten.mul.Tensor %157, %161 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,1,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %163 = torch.aten.rsub.Scalar %161, %int1, %int1 : !torch.vtensor<[1,1,64],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,1,64],f32>
    %164 = torch.aten.mul.Tensor %160, %163 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,1,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %165 = torch.aten.add.Tensor %162, %164, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %166 = "aweigh.weight"() {name = "rwkv.blocks.1.feed_forward.time_mix_receptance"} : () -> !torch.vtensor<[1,1,64],f32>
    %167 = torch.aten.mul.Tensor %157, %166 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,1,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %168 = torch.aten.rsub.Scalar %166, %int1, %int1 : !torch.vtensor<[1,1,64],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,1,64],f32>
    %169 = torch.aten.mul.Tensor %160, %168 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,1,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %170 = torch.aten.add.Tensor %167, %169, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %171 = "aweigh.weight"() {name = "rwkv.blocks.1.feed_forward.key.weight"} : () -> !torch.vtensor<[96,64],f32>
    %172 = torch.aten.linear %165, %171, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[96,64],f32>, !torch.none -> !torch.vtensor<[1,?,96],f32>
    %173 = torch.aten.relu %172 : !torch.vtensor<[1,?,96],f32> -> !torch.vtensor<[1,?,96],f32>
    %174 = torch.aten.pow.Tensor_Scalar %173, %int2 : !torch.vtensor<[1,?,96],f32>, !torch.int -> !torch.vtensor<[1,?,96],f32>
    %175 = torch.aten.linear %174, %7, %none : !torch.vtensor<[1,?,96],f32>, !torch.vtensor<[64,96],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %176 = "aweigh.weight"() {name = "rwkv.blocks.1.feed_forward.receptance.weight"} : () -> !torch.vtensor<[64,64],f32>
    %177 = torch.aten.linear %170, %176, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[64,64],f32>, !torch.none -> !torch.vtensor<[1,?,64],f32>
    %178 = torch.aten.sigmoid %177 : !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %179 = torch.aten.mul.Tensor %178, %175 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32> -> !torch.vtensor<[1,?,64],f32>
    %180 = torch.aten.add.Tensor %154, %179, %int1 : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[1,?,64],f32>, !torch.int -> !torch.vtensor<[1,?,64],f32>
    %181 = "aweigh.weight"() {name = "rwkv.ln_out.weight"} : () -> !torch.vtensor<[64],f32>
    %182 = "aweigh.weight"() {name = "rwkv.ln_out.bias"} : () -> !torch.vtensor<[64],f32>
    %183 = torch.aten.layer_norm %180, %10, %181, %182, %float1.000000e-05, %false : !torch.vtensor<[1,?,64],f32>, !torch.list<int>, !torch.vtensor<[64],f32>, !torch.vtensor<[64],f32>, !torch.float, !torch.bool -> !torch.vtensor<[1,?,64],f32>
    %184 = torch.prim.ListConstruct %none, %arg2 : (!torch.none, !torch.vtensor<[?],si64>) -> !torch.list<optional<vtensor>>
    %185 = torch.aten.index.Tensor %183, %184 : !torch.vtensor<[1,?,64],f32>, !torch.list<optional<vtensor>> -> !torch.vtensor<[1,?,64],f32>
    %186 = "aweigh.weight"() {name = "head.weight"} : () -> !torch.vtensor<[256,64],f32>
    %187 = torch.aten.linear %185, %186, %none : !torch.vtensor<[1,?,64],f32>, !torch.vtensor<[256,64],f32>, !torch.none -> !torch.vtensor<[1,?,256],f32>
    return %187 : !torch.vtensor<[1,?,256],f32>
  }
}

