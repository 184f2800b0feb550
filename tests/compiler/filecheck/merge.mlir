// RUN: merge,dead
// Two of one x, in the place of the first; a linear of another x stays.
// CHECK: %[[LIST:.*]] = "aweigh.merged_linear"(%arg0, %{{.*}}) {operandSegmentSizes = array<i32: 1, 1, 0>}
// CHECK: %[[PAIR:.*]]:2 = torch.prim.ListUnpack %[[LIST]]
// CHECK: "aweigh.linear"(%[[PAIR]]#0, %{{.*}})
func.func @main(%x: !torch.vtensor<[1,?,4],f32>) -> (!torch.vtensor<[1,?,4],f32>, !torch.vtensor<[1,?,2],f32>) {
  %wq = "aweigh.weight"() {name = "q"} : () -> !torch.vtensor<[4,4],f32>
  %q = "aweigh.linear"(%x, %wq) {operandSegmentSizes = array<i32: 1, 1, 0>} : (!torch.vtensor<[1,?,4],f32>, !torch.vtensor<[4,4],f32>) -> !torch.vtensor<[1,?,4],f32>
  %o = "aweigh.linear"(%q, %wq) {operandSegmentSizes = array<i32: 1, 1, 0>} : (!torch.vtensor<[1,?,4],f32>, !torch.vtensor<[4,4],f32>) -> !torch.vtensor<[1,?,4],f32>
  %wk = "aweigh.weight"() {name = "k"} : () -> !torch.vtensor<[2,4],f32>
  %k = "aweigh.linear"(%x, %wk) {operandSegmentSizes = array<i32: 1, 1, 0>} : (!torch.vtensor<[1,?,4],f32>, !torch.vtensor<[2,4],f32>) -> !torch.vtensor<[1,?,2],f32>
  return %o, %k : !torch.vtensor<[1,?,4],f32>, !torch.vtensor<[1,?,2],f32>
}
