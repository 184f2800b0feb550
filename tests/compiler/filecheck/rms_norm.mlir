// RUN: rms_norm,dead
// Llama in bfloat16: back to bfloat16, then the weight.
// CHECK: "aweigh.rms_norm"(%arg0, %{{.*}}) {epsilon = 9.9{{.*}}E-6 : f64, operandSegmentSizes = array<i32: 1, 1>} : (!torch.vtensor<[1,?,4],bf16>, !torch.vtensor<[4],bf16>) -> !torch.vtensor<[1,?,4],bf16>
// CHECK-NOT: torch.aten
func.func @main(%x: !torch.vtensor<[1,?,4],bf16>) -> !torch.vtensor<[1,?,4],bf16> {
  %none = torch.constant.none
  %false = torch.constant.bool false
  %true = torch.constant.bool true
  %f32 = torch.constant.int 6
  %bf16 = torch.constant.int 15
  %one = torch.constant.int 1
  %two = torch.constant.int 2
  %minus = torch.constant.int -1
  %epsilon = torch.constant.float 9.9999999999999991E-6
  %last = torch.prim.ListConstruct %minus : (!torch.int) -> !torch.list<int>
  %wide = torch.aten._to_copy %x, %f32, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,4],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,4],f32>
  %square = torch.aten.pow.Tensor_Scalar %wide, %two : !torch.vtensor<[1,?,4],f32>, !torch.int -> !torch.vtensor<[1,?,4],f32>
  %mean = torch.aten.mean.dim %square, %last, %true, %none : !torch.vtensor<[1,?,4],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
  %shifted = torch.aten.add.Scalar %mean, %epsilon, %one : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
  %inverse = torch.aten.rsqrt %shifted : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
  %normal = torch.aten.mul.Tensor %wide, %inverse : !torch.vtensor<[1,?,4],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,4],f32>
  %narrow = torch.aten._to_copy %normal, %bf16, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,4],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,4],bf16>
  %w = "aweigh.weight"() {name = "w"} : () -> !torch.vtensor<[4],bf16>
  %y = torch.aten.mul.Tensor %w, %narrow : !torch.vtensor<[4],bf16>, !torch.vtensor<[1,?,4],bf16> -> !torch.vtensor<[1,?,4],bf16>
  return %y : !torch.vtensor<[1,?,4],bf16>
}
// -----
// RUN: rms_norm,dead
// Gemma in bfloat16: times (1 + weight) in float32, then back.
// CHECK: "aweigh.rms_norm"(%arg0, %{{.*}}) {cast = "after_weight", epsilon = {{.*}}, offset = 1.000000e+00 : f64, {{.*}} -> !torch.vtensor<[1,?,4],bf16>
// CHECK-NOT: torch.aten
func.func @main(%x: !torch.vtensor<[1,?,4],bf16>) -> !torch.vtensor<[1,?,4],bf16> {
  %none = torch.constant.none
  %false = torch.constant.bool false
  %true = torch.constant.bool true
  %f32 = torch.constant.int 6
  %bf16 = torch.constant.int 15
  %one = torch.constant.int 1
  %two = torch.constant.int 2
  %unit = torch.constant.float 1.000000e+00
  %minus = torch.constant.int -1
  %epsilon = torch.constant.float 9.9999999999999991E-6
  %last = torch.prim.ListConstruct %minus : (!torch.int) -> !torch.list<int>
  %wide = torch.aten._to_copy %x, %f32, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,4],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,4],f32>
  %square = torch.aten.pow.Tensor_Scalar %wide, %two : !torch.vtensor<[1,?,4],f32>, !torch.int -> !torch.vtensor<[1,?,4],f32>
  %mean = torch.aten.mean.dim %square, %last, %true, %none : !torch.vtensor<[1,?,4],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,?,1],f32>
  %shifted = torch.aten.add.Scalar %mean, %epsilon, %one : !torch.vtensor<[1,?,1],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,1],f32>
  %inverse = torch.aten.rsqrt %shifted : !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,1],f32>
  %normal = torch.aten.mul.Tensor %wide, %inverse : !torch.vtensor<[1,?,4],f32>, !torch.vtensor<[1,?,1],f32> -> !torch.vtensor<[1,?,4],f32>
  %w = "aweigh.weight"() {name = "w"} : () -> !torch.vtensor<[4],bf16>
  %w32 = torch.aten._to_copy %w, %f32, %none, %none, %none, %false, %none : !torch.vtensor<[4],bf16>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[4],f32>
  %gain = torch.aten.add.Scalar %w32, %unit, %one : !torch.vtensor<[4],f32>, !torch.float, !torch.int -> !torch.vtensor<[4],f32>
  %scaled = torch.aten.mul.Tensor %normal, %gain : !torch.vtensor<[1,?,4],f32>, !torch.vtensor<[4],f32> -> !torch.vtensor<[1,?,4],f32>
  %y = torch.aten._to_copy %scaled, %bf16, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,4],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,4],bf16>
  return %y : !torch.vtensor<[1,?,4],bf16>
}
// -----
// RUN: rms_norm,dead
// A mean over another dimension is no such norm.
// CHECK: torch.aten.rsqrt
// CHECK-NOT: aweigh.rms_norm
func.func @main(%x: !torch.vtensor<[1,?,4],f32>) -> !torch.vtensor<[1,?,4],f32> {
  %none = torch.constant.none
  %true = torch.constant.bool true
  %one = torch.constant.int 1
  %two = torch.constant.int 2
  %epsilon = torch.constant.float 9.9999999999999991E-6
  %middle = torch.prim.ListConstruct %one : (!torch.int) -> !torch.list<int>
  %square = torch.aten.pow.Tensor_Scalar %x, %two : !torch.vtensor<[1,?,4],f32>, !torch.int -> !torch.vtensor<[1,?,4],f32>
  %mean = torch.aten.mean.dim %square, %middle, %true, %none : !torch.vtensor<[1,?,4],f32>, !torch.list<int>, !torch.bool, !torch.none -> !torch.vtensor<[1,1,4],f32>
  %shifted = torch.aten.add.Scalar %mean, %epsilon, %one : !torch.vtensor<[1,1,4],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,1,4],f32>
  %inverse = torch.aten.rsqrt %shifted : !torch.vtensor<[1,1,4],f32> -> !torch.vtensor<[1,1,4],f32>
  %y = torch.aten.mul.Tensor %x, %inverse : !torch.vtensor<[1,?,4],f32>, !torch.vtensor<[1,1,4],f32> -> !torch.vtensor<[1,?,4],f32>
  return %y : !torch.vtensor<[1,?,4],f32>
}
