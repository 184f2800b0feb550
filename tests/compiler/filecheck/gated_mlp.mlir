// RUN: gated_mlp,dead
// CHECK: "aweigh.gated_mlp"(%arg0, %{{.*}}, %{{.*}}, %{{.*}}) {activation = "silu", operandSegmentSizes = array<i32: 1, 1, 1, 1, 0, 0, 0>}
// CHECK-NOT: aweigh.linear
func.func @main(%x: !torch.vtensor<[1,?,4],f32>) -> !torch.vtensor<[1,?,4],f32> {
  %wg = "aweigh.weight"() {name = "gate"} : () -> !torch.vtensor<[8,4],f32>
  %wu = "aweigh.weight"() {name = "up"} : () -> !torch.vtensor<[8,4],f32>
  %wd = "aweigh.weight"() {name = "down"} : () -> !torch.vtensor<[4,8],f32>
  %g = "aweigh.linear"(%x, %wg) {operandSegmentSizes = array<i32: 1, 1, 0>} : (!torch.vtensor<[1,?,4],f32>, !torch.vtensor<[8,4],f32>) -> !torch.vtensor<[1,?,8],f32>
  %u = "aweigh.linear"(%x, %wu) {operandSegmentSizes = array<i32: 1, 1, 0>} : (!torch.vtensor<[1,?,4],f32>, !torch.vtensor<[8,4],f32>) -> !torch.vtensor<[1,?,8],f32>
  %a = "aweigh.activation"(%g) {name = "silu"} : (!torch.vtensor<[1,?,8],f32>) -> !torch.vtensor<[1,?,8],f32>
  %m = torch.aten.mul.Tensor %u, %a : !torch.vtensor<[1,?,8],f32>, !torch.vtensor<[1,?,8],f32> -> !torch.vtensor<[1,?,8],f32>
  %d = "aweigh.linear"(%m, %wd) {operandSegmentSizes = array<i32: 1, 1, 0>} : (!torch.vtensor<[1,?,8],f32>, !torch.vtensor<[4,8],f32>) -> !torch.vtensor<[1,?,4],f32>
  return %d : !torch.vtensor<[1,?,4],f32>
}
// -----
// RUN: gated_mlp,dead
// The gate is read by somebody else too: nothing is taken from him.
// CHECK-NOT: aweigh.gated_mlp
func.func @main(%x: !torch.vtensor<[1,?,4],f32>) -> (!torch.vtensor<[1,?,4],f32>, !torch.vtensor<[1,?,8],f32>) {
  %wg = "aweigh.weight"() {name = "gate"} : () -> !torch.vtensor<[8,4],f32>
  %wu = "aweigh.weight"() {name = "up"} : () -> !torch.vtensor<[8,4],f32>
  %wd = "aweigh.weight"() {name = "down"} : () -> !torch.vtensor<[4,8],f32>
  %g = "aweigh.linear"(%x, %wg) {operandSegmentSizes = array<i32: 1, 1, 0>} : (!torch.vtensor<[1,?,4],f32>, !torch.vtensor<[8,4],f32>) -> !torch.vtensor<[1,?,8],f32>
  %u = "aweigh.linear"(%x, %wu) {operandSegmentSizes = array<i32: 1, 1, 0>} : (!torch.vtensor<[1,?,4],f32>, !torch.vtensor<[8,4],f32>) -> !torch.vtensor<[1,?,8],f32>
  %a = "aweigh.activation"(%g) {name = "silu"} : (!torch.vtensor<[1,?,8],f32>) -> !torch.vtensor<[1,?,8],f32>
  %m = torch.aten.mul.Tensor %u, %a : !torch.vtensor<[1,?,8],f32>, !torch.vtensor<[1,?,8],f32> -> !torch.vtensor<[1,?,8],f32>
  %d = "aweigh.linear"(%m, %wd) {operandSegmentSizes = array<i32: 1, 1, 0>} : (!torch.vtensor<[1,?,8],f32>, !torch.vtensor<[4,8],f32>) -> !torch.vtensor<[1,?,4],f32>
  return %d, %g : !torch.vtensor<[1,?,4],f32>, !torch.vtensor<[1,?,8],f32>
}
