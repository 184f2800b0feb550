// RUN: hoist
// The cosine that both layers read goes before what depends on the tokens; what only one reads stays.
// CHECK: torch.aten.cos
// CHECK: aweigh.embedding
// CHECK: torch.aten.sin
func.func @main(%ids: !torch.vtensor<[1,?],si64>, %positions: !torch.vtensor<[1,?],f32>) -> !torch.vtensor<[1,?,1,4],f32> {
  %one = torch.constant.int 1
  %w = "aweigh.weight"() {name = "w"} : () -> !torch.vtensor<[9,4],f32>
  %e = "aweigh.embedding"(%ids, %w) : (!torch.vtensor<[1,?],si64>, !torch.vtensor<[9,4],f32>) -> !torch.vtensor<[1,?,4],f32>
  %h = torch.aten.unsqueeze %e, %one : !torch.vtensor<[1,?,4],f32>, !torch.int -> !torch.vtensor<[1,1,?,4],f32>
  %sin = torch.aten.sin %positions : !torch.vtensor<[1,?],f32> -> !torch.vtensor<[1,?],f32>
  %cos = torch.aten.cos %positions : !torch.vtensor<[1,?],f32> -> !torch.vtensor<[1,?],f32>
  %sum = torch.aten.add.Tensor %sin, %cos, %one : !torch.vtensor<[1,?],f32>, !torch.vtensor<[1,?],f32>, !torch.int -> !torch.vtensor<[1,?],f32>
  %a = "aweigh.attend"(%h, %h, %h) {state = 0 : i64, scale = 1.0 : f64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>} : (!torch.vtensor<[1,1,?,4],f32>, !torch.vtensor<[1,1,?,4],f32>, !torch.vtensor<[1,1,?,4],f32>) -> !torch.vtensor<[1,?,1,4],f32>
  %b = torch.aten.mul.Tensor %a, %cos : !torch.vtensor<[1,?,1,4],f32>, !torch.vtensor<[1,?],f32> -> !torch.vtensor<[1,?,1,4],f32>
  return %b : !torch.vtensor<[1,?,1,4],f32>
}
