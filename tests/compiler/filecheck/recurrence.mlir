// RUN: recurrence
// A convolution without a bias; the layer is the state.
// CHECK: "aweigh.weight"() {name = "taps"}
// CHECK: "aweigh.causal_conv"(%arg0, %{{[0-9]+}}) {groups = 8 : i64, operandSegmentSizes = array<i32: 1, 1, 0>, state = 4 : i64}
// CHECK-NOT: torch.operator
func.func @main(%x: !torch.vtensor<[1,8,?],f32>) -> !torch.vtensor<[1,8,?],f32> {
  %none = torch.constant.none
  %layer = torch.constant.int 4
  %groups = torch.constant.int 8
  %w = "aweigh.weight"() {name = "taps"} : () -> !torch.vtensor<[8,1,4],f32>
  %y = torch.operator "torch.aweigh.causal_conv"(%x, %w, %none, %layer, %groups) : (!torch.vtensor<[1,8,?],f32>, !torch.vtensor<[8,1,4],f32>, !torch.none, !torch.int, !torch.int) -> !torch.vtensor<[1,8,?],f32>
  return %y : !torch.vtensor<[1,8,?],f32>
}
// -----
// RUN: recurrence
// A delta rule: no rate, but a beta.
// CHECK: "aweigh.scan"(%arg0, %arg0, %arg1, %arg2, %arg2) {delta = true, operandSegmentSizes = array<i32: 1, 1, 1, 1, 0, 1>, state = 1 : i64}
func.func @main(%q: !torch.vtensor<[1,?,2,4],f32>, %v: !torch.vtensor<[1,?,4,3],f32>, %g: !torch.vtensor<[1,?,4],f32>) -> !torch.vtensor<[1,?,4,3],f32> {
  %none = torch.constant.none
  %true = torch.constant.bool true
  %layer = torch.constant.int 1
  %y = torch.operator "torch.aweigh.scan"(%q, %q, %v, %g, %none, %g, %layer, %true) : (!torch.vtensor<[1,?,2,4],f32>, !torch.vtensor<[1,?,2,4],f32>, !torch.vtensor<[1,?,4,3],f32>, !torch.vtensor<[1,?,4],f32>, !torch.none, !torch.vtensor<[1,?,4],f32>, !torch.int, !torch.bool) -> !torch.vtensor<[1,?,4,3],f32>
  return %y : !torch.vtensor<[1,?,4,3],f32>
}
// -----
// RUN: recurrence
// Mamba: a rate, no beta, and nothing is said of a delta that is off.
// CHECK: "aweigh.scan"(%arg0, %arg0, %arg1, %arg2, %{{[0-9]+}}) {operandSegmentSizes = array<i32: 1, 1, 1, 1, 1, 0>, state = 0 : i64}
func.func @main(%q: !torch.vtensor<[1,?,1,4],f32>, %v: !torch.vtensor<[1,?,8,1],f32>, %dt: !torch.vtensor<[1,?,8],f32>) -> !torch.vtensor<[1,?,8,1],f32> {
  %none = torch.constant.none
  %false = torch.constant.bool false
  %layer = torch.constant.int 0
  %a = "aweigh.weight"() {name = "a"} : () -> !torch.vtensor<[8,4],f32>
  %y = torch.operator "torch.aweigh.scan"(%q, %q, %v, %dt, %a, %none, %layer, %false) : (!torch.vtensor<[1,?,1,4],f32>, !torch.vtensor<[1,?,1,4],f32>, !torch.vtensor<[1,?,8,1],f32>, !torch.vtensor<[1,?,8],f32>, !torch.vtensor<[8,4],f32>, !torch.none, !torch.int, !torch.bool) -> !torch.vtensor<[1,?,8,1],f32>
  return %y : !torch.vtensor<[1,?,8,1],f32>
}
