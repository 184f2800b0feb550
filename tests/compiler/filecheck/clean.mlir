// RUN: clean
// Weights become operations, one per name; casts to the dtype that is there already, copies and products with one go; views become reshapes.
// CHECK: %[[W:.*]] = "aweigh.weight"() {name = "w"}
// CHECK-NOT: aweigh.weight
// CHECK-NOT: _to_copy
// CHECK-NOT: torch.aten.view
// CHECK: %[[SUM:.*]] = torch.aten.add.Tensor %arg0, %[[W]]
// CHECK: torch.aten.mul.Tensor %[[SUM]], %[[W]]
// CHECK: torch.aten.reshape
func.func @main(%x: !torch.vtensor<[1,?,4],f32>) -> !torch.vtensor<[1,?,2,2],f32> {
  %t = torch.symbolic_int "T" {min_val = 2, max_val = 9223372036854775807} : !torch.int
  torch.bind_symbolic_shape %x, [%t], affine_map<()[s0] -> (1, s0, 4)> : !torch.vtensor<[1,?,4],f32>
  %none = torch.constant.none
  %false = torch.constant.bool false
  %f32 = torch.constant.int 6
  %one = torch.constant.int 1
  %two = torch.constant.int 2
  %minus = torch.constant.int -1
  %unit = torch.constant.float 1.000000e+00
  %w = torch.operator "aweigh.weight"() {weight = "w"} : () -> !torch.vtensor<[4],f32>
  %again = torch.operator "aweigh.weight"() {weight = "w"} : () -> !torch.vtensor<[4],f32>
  %same = torch.aten._to_copy %x, %f32, %none, %none, %none, %false, %none : !torch.vtensor<[1,?,4],f32>, !torch.int, !torch.none, !torch.none, !torch.none, !torch.bool, !torch.none -> !torch.vtensor<[1,?,4],f32>
  %scaled = torch.aten.mul.Scalar %same, %unit : !torch.vtensor<[1,?,4],f32>, !torch.float -> !torch.vtensor<[1,?,4],f32>
  %sum = torch.aten.add.Tensor %scaled, %w, %one : !torch.vtensor<[1,?,4],f32>, !torch.vtensor<[4],f32>, !torch.int -> !torch.vtensor<[1,?,4],f32>
  %copy = torch.aten.clone %sum, %none : !torch.vtensor<[1,?,4],f32>, !torch.none -> !torch.vtensor<[1,?,4],f32>
  %product = torch.aten.mul.Tensor %copy, %again : !torch.vtensor<[1,?,4],f32>, !torch.vtensor<[4],f32> -> !torch.vtensor<[1,?,4],f32>
  %shape = torch.prim.ListConstruct %one, %minus, %two, %two : (!torch.int, !torch.int, !torch.int, !torch.int) -> !torch.list<int>
  %y = torch.aten.view %product, %shape : !torch.vtensor<[1,?,4],f32>, !torch.list<int> -> !torch.vtensor<[1,?,2,2],f32>
  return %y : !torch.vtensor<[1,?,2,2],f32>
}
