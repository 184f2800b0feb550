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
  %a = "aweigh.attend"(%h, %h, %h) {state = 0 : i64, scale = 1.0 : f64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>} : (!torch.vtensor<[1,1,?,4],f32>, !torch.vtensor<[1,1,?,4],f32>, !torch.vtensor<[1,1,?,4],f32>) -> !torch.vtensor<[1,?,1,4],f32>
  %b = torch.aten.mul.Tensor %a, %cos : !torch.vtensor<[1,?,1,4],f32>, !torch.vtensor<[1,?],f32> -> !torch.vtensor<[1,?,1,4],f32>
  return %b : !torch.vtensor<[1,?,1,4],f32>
}
// -----
// RUN: hoist
// What is made of a weight for a layer's second state stays in its layer.
// CHECK: aweigh.embedding
// CHECK: torch.aten.neg
// CHECK: aweigh.causal_conv
func.func @main(%ids: !torch.vtensor<[1,?],si64>, %positions: !torch.vtensor<[1,?],si64>) -> !torch.vtensor<[1,?,4,1],f32> {
  %one = torch.constant.int 1
  %two = torch.constant.int 2
  %three = torch.constant.int 3
  %w = "aweigh.weight"() {name = "w"} : () -> !torch.vtensor<[9,4],f32>
  %taps = "aweigh.weight"() {name = "taps"} : () -> !torch.vtensor<[4,1,3],f32>
  %e = "aweigh.embedding"(%ids, %w) : (!torch.vtensor<[1,?],si64>, !torch.vtensor<[9,4],f32>) -> !torch.vtensor<[1,?,4],f32>
  %t = torch.aten.transpose.int %e, %one, %two : !torch.vtensor<[1,?,4],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?],f32>
  %log = "aweigh.weight"() {name = "log"} : () -> !torch.vtensor<[4,1],f32>
  %rate = torch.aten.neg %log : !torch.vtensor<[4,1],f32> -> !torch.vtensor<[4,1],f32>
  %c = "aweigh.causal_conv"(%t, %taps) {state = 0 : i64, groups = 4 : i64, operandSegmentSizes = array<i32: 1, 1, 0>} : (!torch.vtensor<[1,4,?],f32>, !torch.vtensor<[4,1,3],f32>) -> !torch.vtensor<[1,4,?],f32>
  %u = torch.aten.transpose.int %c, %one, %two : !torch.vtensor<[1,4,?],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,?,4],f32>
  %v = torch.aten.unsqueeze %u, %three : !torch.vtensor<[1,?,4],f32>, !torch.int -> !torch.vtensor<[1,?,4,1],f32>
  %y = "aweigh.scan"(%v, %v, %v, %u, %rate) {state = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 1, 1, 0>} : (!torch.vtensor<[1,?,4,1],f32>, !torch.vtensor<[1,?,4,1],f32>, !torch.vtensor<[1,?,4,1],f32>, !torch.vtensor<[1,?,4],f32>, !torch.vtensor<[4,1],f32>) -> !torch.vtensor<[1,?,4,1],f32>
  return %y : !torch.vtensor<[1,?,4,1],f32>
}
