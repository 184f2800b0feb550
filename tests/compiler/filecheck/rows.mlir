// RUN: rows
// One index of rank 1 among holes is a choice along that dimension.
// CHECK: torch.aten.index_select %arg0, %{{.*}}, %arg1
// CHECK-NOT: torch.aten.index.Tensor
func.func @main(%x: !torch.vtensor<[1,?,4],f32>, %rows: !torch.vtensor<[?],si64>) -> !torch.vtensor<[1,?,4],f32> {
  %none = torch.constant.none
  %at = torch.prim.ListConstruct %none, %rows : (!torch.none, !torch.vtensor<[?],si64>) -> !torch.list<optional<vtensor>>
  %y = torch.aten.index.Tensor %x, %at : !torch.vtensor<[1,?,4],f32>, !torch.list<optional<vtensor>> -> !torch.vtensor<[1,?,4],f32>
  return %y : !torch.vtensor<[1,?,4],f32>
}
// -----
// RUN: rows
// A choice by truth values has a size that no shape tells: it stays, and emission will refuse it.
// CHECK: torch.aten.index.Tensor
func.func @main(%x: !torch.vtensor<[1,?,4],f32>, %rows: !torch.vtensor<[?],i1>) -> !torch.vtensor<[1,?,4],f32> {
  %none = torch.constant.none
  %at = torch.prim.ListConstruct %none, %rows : (!torch.none, !torch.vtensor<[?],i1>) -> !torch.list<optional<vtensor>>
  %y = torch.aten.index.Tensor %x, %at : !torch.vtensor<[1,?,4],f32>, !torch.list<optional<vtensor>> -> !torch.vtensor<[1,?,4],f32>
  return %y : !torch.vtensor<[1,?,4],f32>
}
// -----
// RUN: rows
// The model's own index may count from the end.
// CHECK: %[[I:.*]] = torch.aten.remainder.Scalar %{{.*}}, %{{.*}} : !torch.vtensor<[1],si64>
// CHECK: torch.aten.index_select %arg0, %{{.*}}, %[[I]]
func.func @main(%x: !torch.vtensor<[1,?,4],f32>) -> !torch.vtensor<[1,?,1],f32> {
  %none = torch.constant.none
  %i = "aweigh.weight"() {name = "last"} : () -> !torch.vtensor<[1],si64>
  %at = torch.prim.ListConstruct %none, %none, %i : (!torch.none, !torch.none, !torch.vtensor<[1],si64>) -> !torch.list<optional<vtensor>>
  %y = torch.aten.index.Tensor %x, %at : !torch.vtensor<[1,?,4],f32>, !torch.list<optional<vtensor>> -> !torch.vtensor<[1,?,1],f32>
  return %y : !torch.vtensor<[1,?,1],f32>
}
