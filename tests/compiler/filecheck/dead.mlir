// RUN: dead
// What nobody reads goes, with all that it alone was made of; attention stays, for it writes its state.
// CHECK-NOT: torch.aten
// CHECK: aweigh.attend
// CHECK: return %arg0
func.func @main(%x: !torch.vtensor<[1,2,?,4],f32>) -> !torch.vtensor<[1,2,?,4],f32> {
  %a = torch.aten.silu %x : !torch.vtensor<[1,2,?,4],f32> -> !torch.vtensor<[1,2,?,4],f32>
  %b = torch.aten.silu %a : !torch.vtensor<[1,2,?,4],f32> -> !torch.vtensor<[1,2,?,4],f32>
  %c = torch.operator "torch.aten.diff"(%b) : (!torch.vtensor<[1,2,?,4],f32>) -> !torch.vtensor<[1,2,?,4],f32>
  %d = "aweigh.attend"(%x, %x, %x) {state = 0 : i64, scale = 1.0 : f64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>} : (!torch.vtensor<[1,2,?,4],f32>, !torch.vtensor<[1,2,?,4],f32>, !torch.vtensor<[1,2,?,4],f32>) -> !torch.vtensor<[1,?,2,4],f32>
  return %x : !torch.vtensor<[1,2,?,4],f32>
}
