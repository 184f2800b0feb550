// RUN: attend
// What is off is left out; the layer is the state.
// CHECK: "aweigh.attend"(%arg0, %arg1, %arg1) {{{.*}}scale = 5.000000e-01 : f64, state = 3 : i64, window = 8 : i64}
func.func @main(%q: !torch.vtensor<[1,4,?,4],f32>, %k: !torch.vtensor<[1,2,?,4],f32>) -> !torch.vtensor<[1,?,4,4],f32> {
  %none = torch.constant.none
  %true = torch.constant.bool true
  %layer = torch.constant.int 3
  %window = torch.constant.int 8
  %scale = torch.constant.float 5.000000e-01
  %y = torch.operator "torch.aweigh.attend"(%q, %k, %k, %none, %none, %none, %none, %none, %none, %layer, %scale, %window, %none, %none, %true) : (!torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,2,?,4],f32>, !torch.vtensor<[1,2,?,4],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.int, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,4],f32>
  return %y : !torch.vtensor<[1,?,4,4],f32>
}
// -----
// RUN: attend
// Sinks, a soft cap and chunks.
// CHECK: "aweigh.weight"() {name = "sinks"}
// CHECK: "aweigh.attend"({{.*}}) {chunk = 16 : i64, {{.*}}softcap = 5.000000e+01 : f64, state = 0 : i64}
func.func @main(%q: !torch.vtensor<[1,4,?,4],f32>, %k: !torch.vtensor<[1,2,?,4],f32>) -> !torch.vtensor<[1,?,4,4],f32> {
  %none = torch.constant.none
  %true = torch.constant.bool true
  %layer = torch.constant.int 0
  %chunk = torch.constant.int 16
  %scale = torch.constant.float 5.000000e-01
  %cap = torch.constant.float 5.000000e+01
  %sinks = "aweigh.weight"() {name = "sinks"} : () -> !torch.vtensor<[4],f32>
  %y = torch.operator "torch.aweigh.attend"(%q, %k, %k, %none, %sinks, %none, %none, %none, %none, %layer, %scale, %none, %chunk, %cap, %true) : (!torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,2,?,4],f32>, !torch.vtensor<[1,2,?,4],f32>, !torch.none, !torch.vtensor<[4],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.int, !torch.float, !torch.bool) -> !torch.vtensor<[1,?,4,4],f32>
  return %y : !torch.vtensor<[1,?,4,4],f32>
}
// -----
// RUN: attend
// A mask that capture did not explain is refused.
// ERROR: cannot be paged
func.func @main(%q: !torch.vtensor<[1,4,?,4],f32>, %m: !torch.vtensor<[1,1,?,?],f32>) -> !torch.vtensor<[1,?,4,4],f32> {
  %none = torch.constant.none
  %true = torch.constant.bool true
  %layer = torch.constant.int 0
  %scale = torch.constant.float 5.000000e-01
  %y = torch.operator "torch.aweigh.attend"(%q, %q, %q, %m, %none, %none, %none, %none, %none, %layer, %scale, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,1,?,?],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,4],f32>
  return %y : !torch.vtensor<[1,?,4,4],f32>
}
// -----
// RUN: attend
// A selection of keys stays an operand.
// CHECK: "aweigh.attend"(%arg0, %arg0, %arg0, %arg1) {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 1, 0, 0>, scale = 5.000000e-01 : f64, state = 0 : i64}
func.func @main(%q: !torch.vtensor<[1,4,?,4],f32>, %s: !torch.vtensor<[1,?,7],si32>) -> !torch.vtensor<[1,?,4,4],f32> {
  %none = torch.constant.none
  %true = torch.constant.bool true
  %layer = torch.constant.int 0
  %scale = torch.constant.float 5.000000e-01
  %y = torch.operator "torch.aweigh.attend"(%q, %q, %q, %none, %none, %none, %s, %none, %none, %layer, %scale, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,4,?,4],f32>, !torch.none, !torch.none, !torch.none, !torch.vtensor<[1,?,7],si32>, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,4],f32>
  return %y : !torch.vtensor<[1,?,4,4],f32>
}
