// RUN: roll,dead
// Three layers that differ in weights, states and one number; the values of the last are read behind the loop.
// CHECK: %[[R:.*]]:2 = "aweigh.repeat"(%{{.*}}) ({
// CHECK: ^bb0(%[[X:.*]]: !torch.vtensor<[1,2,?,4],f32>):
// CHECK: #aweigh.table<["w0", "w1", "w2"]>
// CHECK: torch.aten.mul.Tensor %[[X]], %{{.*}}
// CHECK: state = #aweigh.table<[0, 1, 2]>
// CHECK: "aweigh.constant"() {value = #aweigh.table<[1.000000e+00, 2.000000e+00, 3.000000e+00]>}
// CHECK: "aweigh.yield"
// CHECK: count = 3 : i64
// CHECK-NOT: aweigh.attend
func.func @main(%x: !torch.vtensor<[1,2,?,4],f32>) -> !torch.vtensor<[1,2,?,4],f32> {
  %one = torch.constant.int 1
  %two = torch.constant.int 2
  %s0 = torch.constant.float 1.000000e+00
  %s1 = torch.constant.float 2.000000e+00
  %s2 = torch.constant.float 3.000000e+00
  %w0 = "aweigh.weight"() {name = "w0"} : () -> !torch.vtensor<[4],f32>
  %a0 = torch.aten.mul.Tensor %x, %w0 : !torch.vtensor<[1,2,?,4],f32>, !torch.vtensor<[4],f32> -> !torch.vtensor<[1,2,?,4],f32>
  %b0 = "aweigh.attend"(%a0, %a0, %a0) {state = 0 : i64, scale = 1.0 : f64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>} : (!torch.vtensor<[1,2,?,4],f32>, !torch.vtensor<[1,2,?,4],f32>, !torch.vtensor<[1,2,?,4],f32>) -> !torch.vtensor<[1,?,2,4],f32>
  %c0 = torch.aten.transpose.int %b0, %one, %two : !torch.vtensor<[1,?,2,4],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,4],f32>
  %d0 = torch.aten.mul.Scalar %c0, %s0 : !torch.vtensor<[1,2,?,4],f32>, !torch.float -> !torch.vtensor<[1,2,?,4],f32>
  %w1 = "aweigh.weight"() {name = "w1"} : () -> !torch.vtensor<[4],f32>
  %a1 = torch.aten.mul.Tensor %d0, %w1 : !torch.vtensor<[1,2,?,4],f32>, !torch.vtensor<[4],f32> -> !torch.vtensor<[1,2,?,4],f32>
  %b1 = "aweigh.attend"(%a1, %a1, %a1) {state = 1 : i64, scale = 1.0 : f64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>} : (!torch.vtensor<[1,2,?,4],f32>, !torch.vtensor<[1,2,?,4],f32>, !torch.vtensor<[1,2,?,4],f32>) -> !torch.vtensor<[1,?,2,4],f32>
  %c1 = torch.aten.transpose.int %b1, %one, %two : !torch.vtensor<[1,?,2,4],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,4],f32>
  %d1 = torch.aten.mul.Scalar %c1, %s1 : !torch.vtensor<[1,2,?,4],f32>, !torch.float -> !torch.vtensor<[1,2,?,4],f32>
  %w2 = "aweigh.weight"() {name = "w2"} : () -> !torch.vtensor<[4],f32>
  %a2 = torch.aten.mul.Tensor %d1, %w2 : !torch.vtensor<[1,2,?,4],f32>, !torch.vtensor<[4],f32> -> !torch.vtensor<[1,2,?,4],f32>
  %b2 = "aweigh.attend"(%a2, %a2, %a2) {state = 2 : i64, scale = 1.0 : f64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>} : (!torch.vtensor<[1,2,?,4],f32>, !torch.vtensor<[1,2,?,4],f32>, !torch.vtensor<[1,2,?,4],f32>) -> !torch.vtensor<[1,?,2,4],f32>
  %c2 = torch.aten.transpose.int %b2, %one, %two : !torch.vtensor<[1,?,2,4],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,4],f32>
  %d2 = torch.aten.mul.Scalar %c2, %s2 : !torch.vtensor<[1,2,?,4],f32>, !torch.float -> !torch.vtensor<[1,2,?,4],f32>
  return %d2 : !torch.vtensor<[1,2,?,4],f32>
}
// -----
// RUN: roll,dead
// The first layer's result is read behind the second: no loop can give it.
// CHECK-NOT: aweigh.repeat
func.func @main(%x: !torch.vtensor<[1,2,?,4],f32>) -> (!torch.vtensor<[1,?,2,4],f32>, !torch.vtensor<[1,?,2,4],f32>) {
  %one = torch.constant.int 1
  %two = torch.constant.int 2
  %b0 = "aweigh.attend"(%x, %x, %x) {state = 0 : i64, scale = 1.0 : f64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>} : (!torch.vtensor<[1,2,?,4],f32>, !torch.vtensor<[1,2,?,4],f32>, !torch.vtensor<[1,2,?,4],f32>) -> !torch.vtensor<[1,?,2,4],f32>
  %b1 = "aweigh.attend"(%x, %x, %x) {state = 1 : i64, scale = 1.0 : f64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>} : (!torch.vtensor<[1,2,?,4],f32>, !torch.vtensor<[1,2,?,4],f32>, !torch.vtensor<[1,2,?,4],f32>) -> !torch.vtensor<[1,?,2,4],f32>
  return %b0, %b1 : !torch.vtensor<[1,?,2,4],f32>, !torch.vtensor<[1,?,2,4],f32>
}
