// RUN: linear,dead
// CHECK: "aweigh.linear"(%arg0, %{{.*}}, %{{.*}}) {operandSegmentSizes = array<i32: 1, 1, 1>}
// CHECK-NOT: torch.aten.linear
func.func @main(%x: !torch.vtensor<[1,?,4],f32>) -> !torch.vtensor<[1,?,6],f32> {
  %w = "aweigh.weight"() {name = "w"} : () -> !torch.vtensor<[6,4],f32>
  %b = "aweigh.weight"() {name = "b"} : () -> !torch.vtensor<[6],f32>
  %y = torch.aten.linear %x, %w, %b : !torch.vtensor<[1,?,4],f32>, !torch.vtensor<[6,4],f32>, !torch.vtensor<[6],f32> -> !torch.vtensor<[1,?,6],f32>
  return %y : !torch.vtensor<[1,?,6],f32>
}
// -----
// RUN: linear,dead
// The Conv1D of GPT-2: folded to two dimensions, addmm with a weight [in, out], unfolded.
// CHECK: "aweigh.linear"(%arg0, %{{.*}}, %{{.*}}) {operandSegmentSizes = array<i32: 1, 1, 1>, transposed = true} : (!torch.vtensor<[1,?,4],f32>, !torch.vtensor<[4,6],f32>, !torch.vtensor<[6],f32>) -> !torch.vtensor<[1,?,6],f32>
// CHECK-NOT: torch.aten
func.func @main(%x: !torch.vtensor<[1,?,4],f32>, %shape: !torch.list<int>) -> !torch.vtensor<[1,?,6],f32> {
  %one = torch.constant.int 1
  %minus = torch.constant.int -1
  %four = torch.constant.int 4
  %flat = torch.prim.ListConstruct %minus, %four : (!torch.int, !torch.int) -> !torch.list<int>
  %w = "aweigh.weight"() {name = "w"} : () -> !torch.vtensor<[4,6],f32>
  %b = "aweigh.weight"() {name = "b"} : () -> !torch.vtensor<[6],f32>
  %x2 = torch.aten.reshape %x, %flat : !torch.vtensor<[1,?,4],f32>, !torch.list<int> -> !torch.vtensor<[?,4],f32>
  %y2 = torch.aten.addmm %b, %x2, %w, %one, %one : !torch.vtensor<[6],f32>, !torch.vtensor<[?,4],f32>, !torch.vtensor<[4,6],f32>, !torch.int, !torch.int -> !torch.vtensor<[?,6],f32>
  %y = torch.aten.reshape %y2, %shape : !torch.vtensor<[?,6],f32>, !torch.list<int> -> !torch.vtensor<[1,?,6],f32>
  return %y : !torch.vtensor<[1,?,6],f32>
}
// -----
// RUN: linear,dead
// A product with a scaled bias is none.
// CHECK: torch.aten.addmm
// CHECK-NOT: aweigh.linear
func.func @main(%x: !torch.vtensor<[?,4],f32>) -> !torch.vtensor<[?,6],f32> {
  %one = torch.constant.int 1
  %two = torch.constant.int 2
  %w = "aweigh.weight"() {name = "w"} : () -> !torch.vtensor<[4,6],f32>
  %b = "aweigh.weight"() {name = "b"} : () -> !torch.vtensor<[6],f32>
  %y = torch.aten.addmm %b, %x, %w, %two, %one : !torch.vtensor<[6],f32>, !torch.vtensor<[?,4],f32>, !torch.vtensor<[4,6],f32>, !torch.int, !torch.int -> !torch.vtensor<[?,6],f32>
  return %y : !torch.vtensor<[?,6],f32>
}
