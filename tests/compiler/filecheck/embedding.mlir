// RUN: embedding
// CHECK: %[[W:.*]] = "aweigh.weight"() {name = "table"}
// CHECK: "aweigh.embedding"(%arg0, %[[W]]) : (!torch.vtensor<[1,?],si64>, !torch.vtensor<[9,4],f32>)
func.func @main(%ids: !torch.vtensor<[1,?],si64>) -> !torch.vtensor<[1,?,4],f32> {
  %padding = torch.constant.int -1
  %false = torch.constant.bool false
  %w = "aweigh.weight"() {name = "table"} : () -> !torch.vtensor<[9,4],f32>
  %y = torch.aten.embedding %w, %ids, %padding, %false, %false : !torch.vtensor<[9,4],f32>, !torch.vtensor<[1,?],si64>, !torch.int, !torch.bool, !torch.bool -> !torch.vtensor<[1,?,4],f32>
  return %y : !torch.vtensor<[1,?,4],f32>
}
