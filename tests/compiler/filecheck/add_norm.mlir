// RUN: add_norm,dead
// What was there first is the residual; the sum is read again behind.
// CHECK: %[[Y:.*]]:2 = "aweigh.add_rms_norm"(%{{.*}}, %arg0, %{{.*}}) {epsilon
// CHECK: torch.aten.mul.Tensor %[[Y]]#0, %[[Y]]#1
// CHECK-NOT: torch.aten.add
func.func @main(%x: !torch.vtensor<[1,?,4],f32>) -> !torch.vtensor<[1,?,4],f32> {
  %one = torch.constant.int 1
  %z = torch.aten.tanh %x : !torch.vtensor<[1,?,4],f32> -> !torch.vtensor<[1,?,4],f32>
  %sum = torch.aten.add.Tensor %x, %z, %one : !torch.vtensor<[1,?,4],f32>, !torch.vtensor<[1,?,4],f32>, !torch.int -> !torch.vtensor<[1,?,4],f32>
  %w = "aweigh.weight"() {name = "w"} : () -> !torch.vtensor<[4],f32>
  %y = "aweigh.rms_norm"(%sum, %w) {epsilon = 1.0 : f64, operandSegmentSizes = array<i32: 1, 1>} : (!torch.vtensor<[1,?,4],f32>, !torch.vtensor<[4],f32>) -> !torch.vtensor<[1,?,4],f32>
  %out = torch.aten.mul.Tensor %y, %sum : !torch.vtensor<[1,?,4],f32>, !torch.vtensor<[1,?,4],f32> -> !torch.vtensor<[1,?,4],f32>
  return %out : !torch.vtensor<[1,?,4],f32>
}
// -----
// RUN: add_norm,dead
// A sum that widens stays a sum.
// CHECK: torch.aten.add.Tensor
// CHECK: aweigh.layer_norm
func.func @main(%x: !torch.vtensor<[1,?,4],f32>, %z: !torch.vtensor<[1,?,4],bf16>) -> !torch.vtensor<[1,?,4],f32> {
  %one = torch.constant.int 1
  %sum = torch.aten.add.Tensor %x, %z, %one : !torch.vtensor<[1,?,4],f32>, !torch.vtensor<[1,?,4],bf16>, !torch.int -> !torch.vtensor<[1,?,4],f32>
  %y = "aweigh.layer_norm"(%sum) {epsilon = 1.0 : f64, operandSegmentSizes = array<i32: 1, 0, 0>} : (!torch.vtensor<[1,?,4],f32>) -> !torch.vtensor<[1,?,4],f32>
  return %y : !torch.vtensor<[1,?,4],f32>
}
