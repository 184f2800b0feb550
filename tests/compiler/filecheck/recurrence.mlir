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
// -----
// RUN: recurrence
// A choice of keys; without weights every head counts alike.
// CHECK: "aweigh.select"(%arg0, %arg1, %arg2) {block = 1 : i64, count = 7 : i64, operandSegmentSizes = array<i32: 1, 1, 1>, scale = 2.500000e-01 : f64, state = 5 : i64}
// CHECK: "aweigh.select"(%arg0, %arg1) {block = 4 : i64, {{.*}}operandSegmentSizes = array<i32: 1, 1, 0>
// CHECK-NOT: torch.operator
func.func @main(%q: !torch.vtensor<[1,?,2,4],f32>, %k: !torch.vtensor<[1,?,4],f32>, %w: !torch.vtensor<[1,?,2],f32>) -> (!torch.vtensor<[1,?,7],si32>, !torch.vtensor<[1,?,31],si32>) {
  %none = torch.constant.none
  %layer = torch.constant.int 5
  %count = torch.constant.int 7
  %scale = torch.constant.float 2.500000e-01
  %one = torch.constant.int 1
  %four = torch.constant.int 4
  %y = torch.operator "torch.aweigh.select"(%q, %k, %w, %layer, %count, %scale, %one) : (!torch.vtensor<[1,?,2,4],f32>, !torch.vtensor<[1,?,4],f32>, !torch.vtensor<[1,?,2],f32>, !torch.int, !torch.int, !torch.float, !torch.int) -> !torch.vtensor<[1,?,7],si32>
  %z = torch.operator "torch.aweigh.select"(%q, %k, %none, %layer, %count, %scale, %four) : (!torch.vtensor<[1,?,2,4],f32>, !torch.vtensor<[1,?,4],f32>, !torch.none, !torch.int, !torch.int, !torch.float, !torch.int) -> !torch.vtensor<[1,?,31],si32>
  return %y, %z : !torch.vtensor<[1,?,7],si32>, !torch.vtensor<[1,?,31],si32>
}
// -----
// RUN: recurrence
// RWKV: what stood before the token, from minus infinity on; both results are read.
// CHECK: %[[BOTH:.*]]:2 = "aweigh.log_scan"(%arg0, %arg0, %arg1, %arg2, %arg2) {exclusive = true, state = 2 : i64}
// CHECK: return %[[BOTH]]#0, %[[BOTH]]#1
func.func @main(%q: !torch.vtensor<[1,?,1,1],f32>, %v: !torch.vtensor<[1,?,8,2],f32>, %g: !torch.vtensor<[1,?,8],f32>) -> (!torch.vtensor<[1,?,8,2],f32>, !torch.vtensor<[1,?,8],f32>) {
  %none = torch.constant.none
  %true = torch.constant.bool true
  %layer = torch.constant.int 2
  %y:2 = torch.operator "torch.aweigh.log_scan"(%q, %q, %v, %g, %g, %layer, %none, %true) : (!torch.vtensor<[1,?,1,1],f32>, !torch.vtensor<[1,?,1,1],f32>, !torch.vtensor<[1,?,8,2],f32>, !torch.vtensor<[1,?,8],f32>, !torch.vtensor<[1,?,8],f32>, !torch.int, !torch.none, !torch.bool) -> (!torch.vtensor<[1,?,8,2],f32>, !torch.vtensor<[1,?,8],f32>)
  return %y#0, %y#1 : !torch.vtensor<[1,?,8,2],f32>, !torch.vtensor<[1,?,8],f32>
}
// -----
// RUN: recurrence
// The memory of mLSTM: with the token, from 0 on.
// CHECK: "aweigh.log_scan"(%arg0, %arg0, %arg1, %arg2, %arg2) {start = 0.000000e+00 : f64, state = 0 : i64}
func.func @main(%q: !torch.vtensor<[1,?,4,4],f32>, %v: !torch.vtensor<[1,?,4,2],f32>, %g: !torch.vtensor<[1,?,4],f32>) -> !torch.vtensor<[1,?,4,2],f32> {
  %start = torch.constant.float 0.000000e+00
  %false = torch.constant.bool false
  %layer = torch.constant.int 0
  %y:2 = torch.operator "torch.aweigh.log_scan"(%q, %q, %v, %g, %g, %layer, %start, %false) : (!torch.vtensor<[1,?,4,4],f32>, !torch.vtensor<[1,?,4,4],f32>, !torch.vtensor<[1,?,4,2],f32>, !torch.vtensor<[1,?,4],f32>, !torch.vtensor<[1,?,4],f32>, !torch.int, !torch.float, !torch.bool) -> (!torch.vtensor<[1,?,4,2],f32>, !torch.vtensor<[1,?,4],f32>)
  return %y#0 : !torch.vtensor<[1,?,4,2],f32>
}
