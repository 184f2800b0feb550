// RUN: hidden_states
// One value and a stack of three: all but the last, then what the rows are chosen from.
// CHECK: @main({{.*}}) -> (!torch.vtensor<[1,?,4],f32>, !torch.vtensor<[4,1,?,4],f32>)
// CHECK: %[[ONE:.*]] = torch.aten.tanh %arg0
// CHECK: %[[STACK:.*]] = torch.aten.sin %arg1
// CHECK: torch.aten.unsqueeze %[[ONE]]
// CHECK: torch.aten.slice.Tensor %[[STACK]]
// CHECK: !torch.vtensor<[2,1,?,4],f32>
// CHECK: %[[ALL:.*]] = torch.aten.cat
// CHECK: return %{{.*}}, %[[ALL]]
// CHECK-NOT: aweigh.residual
func.func @main(%x: !torch.vtensor<[1,?,4],f32>, %s: !torch.vtensor<[3,1,?,4],f32>, %rows: !torch.vtensor<[?],si64>) -> !torch.vtensor<[1,?,4],f32> {
  %at = torch.constant.int 1
  %a = torch.aten.tanh %x {aweigh.residual = 0 : i64} : !torch.vtensor<[1,?,4],f32> -> !torch.vtensor<[1,?,4],f32>
  %b = torch.aten.sin %s {aweigh.residual = 0 : i64} : !torch.vtensor<[3,1,?,4],f32> -> !torch.vtensor<[3,1,?,4],f32>
  %h = torch.aten.cos %a : !torch.vtensor<[1,?,4],f32> -> !torch.vtensor<[1,?,4],f32>
  %c = torch.aten.index_select %h, %at, %rows : !torch.vtensor<[1,?,4],f32>, !torch.int, !torch.vtensor<[?],si64> -> !torch.vtensor<[1,?,4],f32>
  return %c : !torch.vtensor<[1,?,4],f32>
}
