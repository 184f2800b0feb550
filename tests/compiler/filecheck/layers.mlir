// RUN: layers
// The embeddings, scaled, enter the one layer there is; behind it comes the sum. (The checker runs this pass for models of one layer.)
// CHECK: "aweigh.embedding"
// CHECK-NOT: aweigh.residual
// CHECK: torch.aten.mul.Scalar %{{.*}} {aweigh.residual = 0 : i64}
// CHECK-NOT: aweigh.residual
// CHECK: "aweigh.add_rms_norm"({{.*}}) {aweigh.residual = 1 : i64
// CHECK-NOT: aweigh.residual
func.func @main(%ids: !torch.vtensor<[1,?],si64>, %p: !torch.vtensor<[1,?],si64>, %rows: !torch.vtensor<[?],si64>) -> !torch.vtensor<[1,?,4],f32> {
  %one = torch.constant.int 1
  %two = torch.constant.float 2.000000e+00
  %w = "aweigh.weight"() {name = "w"} : () -> !torch.vtensor<[9,4],f32>
  %n = "aweigh.weight"() {name = "n"} : () -> !torch.vtensor<[4],f32>
  %shape = torch.prim.ListConstruct %one, %one, %one : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
  %e = "aweigh.embedding"(%ids, %w) : (!torch.vtensor<[1,?],si64>, !torch.vtensor<[9,4],f32>) -> !torch.vtensor<[1,?,4],f32>
  %s = torch.aten.mul.Scalar %e, %two : !torch.vtensor<[1,?,4],f32>, !torch.float -> !torch.vtensor<[1,?,4],f32>
  %q = torch.aten.unsqueeze %s, %one : !torch.vtensor<[1,?,4],f32>, !torch.int -> !torch.vtensor<[1,1,?,4],f32>
  %a = "aweigh.attend"(%q, %q, %q) {state = 0 : i64, scale = 1.0 : f64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>} : (!torch.vtensor<[1,1,?,4],f32>, !torch.vtensor<[1,1,?,4],f32>, !torch.vtensor<[1,1,?,4],f32>) -> !torch.vtensor<[1,?,1,4],f32>
  %h = torch.aten.reshape %a, %shape : !torch.vtensor<[1,?,1,4],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4],f32>
  %y:2 = "aweigh.add_rms_norm"(%h, %s, %n) {epsilon = 1.0 : f64, operandSegmentSizes = array<i32: 1, 1, 1>} : (!torch.vtensor<[1,?,4],f32>, !torch.vtensor<[1,?,4],f32>, !torch.vtensor<[4],f32>) -> (!torch.vtensor<[1,?,4],f32>, !torch.vtensor<[1,?,4],f32>)
  %c = torch.aten.index_select %y#0, %one, %rows : !torch.vtensor<[1,?,4],f32>, !torch.int, !torch.vtensor<[?],si64> -> !torch.vtensor<[1,?,4],f32>
  return %c : !torch.vtensor<[1,?,4],f32>
}
// -----
// RUN: layers
// Two attentions in a model that says it has one layer: nothing is guessed.
// CHECK-NOT: aweigh.residual
func.func @main(%ids: !torch.vtensor<[1,?],si64>, %p: !torch.vtensor<[1,?],si64>, %rows: !torch.vtensor<[?],si64>) -> !torch.vtensor<[1,?,1,4],f32> {
  %one = torch.constant.int 1
  %w = "aweigh.weight"() {name = "w"} : () -> !torch.vtensor<[9,4],f32>
  %e = "aweigh.embedding"(%ids, %w) : (!torch.vtensor<[1,?],si64>, !torch.vtensor<[9,4],f32>) -> !torch.vtensor<[1,?,4],f32>
  %q = torch.aten.unsqueeze %e, %one : !torch.vtensor<[1,?,4],f32>, !torch.int -> !torch.vtensor<[1,1,?,4],f32>
  %a = "aweigh.attend"(%q, %q, %q) {state = 0 : i64, scale = 1.0 : f64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>} : (!torch.vtensor<[1,1,?,4],f32>, !torch.vtensor<[1,1,?,4],f32>, !torch.vtensor<[1,1,?,4],f32>) -> !torch.vtensor<[1,?,1,4],f32>
  %b = "aweigh.attend"(%q, %q, %q) {state = 1 : i64, scale = 1.0 : f64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>} : (!torch.vtensor<[1,1,?,4],f32>, !torch.vtensor<[1,1,?,4],f32>, !torch.vtensor<[1,1,?,4],f32>) -> !torch.vtensor<[1,?,1,4],f32>
  %s = torch.aten.add.Tensor %a, %b, %one : !torch.vtensor<[1,?,1,4],f32>, !torch.vtensor<[1,?,1,4],f32>, !torch.int -> !torch.vtensor<[1,?,1,4],f32>
  %c = torch.aten.index_select %s, %one, %rows : !torch.vtensor<[1,?,1,4],f32>, !torch.int, !torch.vtensor<[?],si64> -> !torch.vtensor<[1,?,1,4],f32>
  return %c : !torch.vtensor<[1,?,1,4],f32>
}
