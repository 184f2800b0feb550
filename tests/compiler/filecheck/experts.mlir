// RUN: experts,dead
// Absent biases and settings are left out.
// CHECK: "aweigh.experts"(%arg0, %arg1, %arg2, %{{.*}}, %{{.*}}) {activation = "silu", operandSegmentSizes = array<i32: 1, 1, 1, 1, 1, 0, 0>}
// CHECK-NOT: torch.constant
func.func @main(%x: !torch.vtensor<[?,4],f32>, %i: !torch.vtensor<[?,2],si64>, %p: !torch.vtensor<[?,2],f32>) -> !torch.vtensor<[?,4],f32> {
  %none = torch.constant.none
  %false = torch.constant.bool false
  %silu = torch.constant.str "silu"
  %up = "aweigh.weight"() {name = "gate_up"} : () -> !torch.vtensor<[3,12,4],f32>
  %down = "aweigh.weight"() {name = "down"} : () -> !torch.vtensor<[3,4,6],f32>
  %y = torch.operator "torch.aweigh.experts"(%x, %i, %p, %up, %down, %none, %none, %silu, %false, %false, %none, %none) : (!torch.vtensor<[?,4],f32>, !torch.vtensor<[?,2],si64>, !torch.vtensor<[?,2],f32>, !torch.vtensor<[3,12,4],f32>, !torch.vtensor<[3,4,6],f32>, !torch.none, !torch.none, !torch.str, !torch.bool, !torch.bool, !torch.none, !torch.none) -> !torch.vtensor<[?,4],f32>
  return %y : !torch.vtensor<[?,4],f32>
}
