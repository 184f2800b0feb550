// RUN: split
// Look-up, body, head; the constants and the number of tokens are made anew where they are needed.
// CHECK: func.func @embed(%arg0: !torch.vtensor<[1,?],si64>) -> !torch.vtensor<[1,?,4],f32> attributes {aweigh.inputs = ["token_ids"], {{.*}}aweigh.symbols = ["T"]}
// CHECK: aweigh.embedding
// CHECK: func.func @body(%arg0: !torch.vtensor<[1,?,4],f32>, %arg1: !torch.vtensor<[1,?],si64>)
// CHECK: torch.aten.size.int %arg0
// CHECK: aweigh.attend
// CHECK: func.func @head(%arg0: !torch.vtensor<[1,?,4],f32>) -> !torch.vtensor<[1,?,9],f32> attributes {aweigh.inputs = ["hidden"], {{.*}}aweigh.outputs = ["logits"], aweigh.symbols = ["R"]}
// CHECK: "aweigh.weight"() {name = "w"}
// CHECK: aweigh.linear
// CHECK-NOT: @main
func.func @main(%ids: !torch.vtensor<[1,?],si64>, %positions: !torch.vtensor<[1,?],si64>, %rows: !torch.vtensor<[?],si64>) -> !torch.vtensor<[1,?,9],f32> {
  %one = torch.constant.int 1
  %four = torch.constant.int 4
  %tokens = torch.aten.size.int %ids, %one : !torch.vtensor<[1,?],si64>, !torch.int -> !torch.int
  %w = "aweigh.weight"() {name = "w"} : () -> !torch.vtensor<[9,4],f32>
  %e = "aweigh.embedding"(%ids, %w) : (!torch.vtensor<[1,?],si64>, !torch.vtensor<[9,4],f32>) -> !torch.vtensor<[1,?,4],f32>
  %q = torch.aten.unsqueeze %e, %one : !torch.vtensor<[1,?,4],f32>, !torch.int -> !torch.vtensor<[1,1,?,4],f32>
  %a = "aweigh.attend"(%q, %q, %q) {state = 0 : i64, scale = 1.0 : f64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>} : (!torch.vtensor<[1,1,?,4],f32>, !torch.vtensor<[1,1,?,4],f32>, !torch.vtensor<[1,1,?,4],f32>) -> !torch.vtensor<[1,?,1,4],f32>
  %shape = torch.prim.ListConstruct %one, %tokens, %four : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
  %h = torch.aten.reshape %a, %shape : !torch.vtensor<[1,?,1,4],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4],f32>
  %s = torch.aten.add.Tensor %h, %e, %one : !torch.vtensor<[1,?,4],f32>, !torch.vtensor<[1,?,4],f32>, !torch.int -> !torch.vtensor<[1,?,4],f32>
  %chosen = torch.aten.index_select %s, %one, %rows : !torch.vtensor<[1,?,4],f32>, !torch.int, !torch.vtensor<[?],si64> -> !torch.vtensor<[1,?,4],f32>
  %y = "aweigh.linear"(%chosen, %w) {operandSegmentSizes = array<i32: 1, 1, 0>} : (!torch.vtensor<[1,?,4],f32>, !torch.vtensor<[9,4],f32>) -> !torch.vtensor<[1,?,9],f32>
  return %y : !torch.vtensor<[1,?,9],f32>
}
// -----
// RUN: split
// What is made of a weight alone is made anew where it is needed; the head counts its own rows.
// CHECK: @embed
// CHECK: torch.aten.exp
// CHECK: aweigh.embedding
// CHECK: @body
// CHECK: torch.aten.exp
// CHECK: aweigh.attend
// CHECK: @head
// CHECK: torch.aten.size.int %arg0
func.func @main(%ids: !torch.vtensor<[1,?],si64>, %positions: !torch.vtensor<[1,?],si64>, %rows: !torch.vtensor<[?],si64>) -> !torch.vtensor<[?,4],f32> {
  %zero = torch.constant.int 0
  %one = torch.constant.int 1
  %four = torch.constant.int 4
  %w = "aweigh.weight"() {name = "w"} : () -> !torch.vtensor<[9,4],f32>
  %s = "aweigh.weight"() {name = "s"} : () -> !torch.vtensor<[4],f32>
  %scale = torch.aten.exp %s : !torch.vtensor<[4],f32> -> !torch.vtensor<[4],f32>
  %e = "aweigh.embedding"(%ids, %w) : (!torch.vtensor<[1,?],si64>, !torch.vtensor<[9,4],f32>) -> !torch.vtensor<[1,?,4],f32>
  %x = torch.aten.mul.Tensor %e, %scale : !torch.vtensor<[1,?,4],f32>, !torch.vtensor<[4],f32> -> !torch.vtensor<[1,?,4],f32>
  %q = torch.aten.unsqueeze %x, %one : !torch.vtensor<[1,?,4],f32>, !torch.int -> !torch.vtensor<[1,1,?,4],f32>
  %a = "aweigh.attend"(%q, %q, %q) {state = 0 : i64, scale = 1.0 : f64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>} : (!torch.vtensor<[1,1,?,4],f32>, !torch.vtensor<[1,1,?,4],f32>, !torch.vtensor<[1,1,?,4],f32>) -> !torch.vtensor<[1,?,1,4],f32>
  %shape = torch.prim.ListConstruct %one, %one, %four : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
  %h = torch.aten.reshape %a, %shape : !torch.vtensor<[1,?,1,4],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4],f32>
  %y = torch.aten.mul.Tensor %h, %scale : !torch.vtensor<[1,?,4],f32>, !torch.vtensor<[4],f32> -> !torch.vtensor<[1,?,4],f32>
  %c = torch.aten.index_select %y, %one, %rows : !torch.vtensor<[1,?,4],f32>, !torch.int, !torch.vtensor<[?],si64> -> !torch.vtensor<[1,?,4],f32>
  %count = torch.aten.size.int %rows, %zero : !torch.vtensor<[?],si64>, !torch.int -> !torch.int
  %flat = torch.prim.ListConstruct %count, %four : (!torch.int, !torch.int) -> !torch.list<int>
  %z = torch.aten.reshape %c, %flat : !torch.vtensor<[1,?,4],f32>, !torch.list<int> -> !torch.vtensor<[?,4],f32>
  return %z : !torch.vtensor<[?,4],f32>
}
