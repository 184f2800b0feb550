// RUN: layer_norm,dead
// CHECK: "aweigh.layer_norm"(%arg0, %{{.*}}) {epsilon = 1.000000e-01 : f64, operandSegmentSizes = array<i32: 1, 1, 0>}
// CHECK-NOT: torch.aten
func.func @main(%x: !torch.vtensor<[1,?,4],f32>) -> !torch.vtensor<[1,?,4],f32> {
  %none = torch.constant.none
  %false = torch.constant.bool false
  %four = torch.constant.int 4
  %epsilon = torch.constant.float 1.000000e-01
  %shape = torch.prim.ListConstruct %four : (!torch.int) -> !torch.list<int>
  %w = "aweigh.weight"() {name = "w"} : () -> !torch.vtensor<[4],f32>
  %y = torch.aten.layer_norm %x, %shape, %w, %none, %epsilon, %false : !torch.vtensor<[1,?,4],f32>, !torch.list<int>, !torch.vtensor<[4],f32>, !torch.none, !torch.float, !torch.bool -> !torch.vtensor<[1,?,4],f32>
  return %y : !torch.vtensor<[1,?,4],f32>
}
