// RUN: dequantize
// Weights that the checkpoint holds in few bits are made of their parts; another one stays.
// CHECK: %[[PACKED:.*]] = "aweigh.weight"() {name = "q.weight.packed"} : () -> !torch.vtensor<[2,8,256],ui8>
// CHECK: %[[SCALES:.*]] = "aweigh.weight"() {name = "q.weight.scales"} : () -> !torch.vtensor<[2,2,64],bf16>
// CHECK: %[[ZEROS:.*]] = "aweigh.weight"() {name = "q.weight.zeros"} : () -> !torch.vtensor<[2,2,64],bf16>
// CHECK: %[[Q:.*]] = "aweigh.dequantize"(%[[PACKED]], %[[SCALES]], %[[ZEROS]]) {dtype = "float32", kind = "int4", operandSegmentSizes = array<i32: 1, 1, 1>, outputs = 100 : i64}
// CHECK: %[[OTHER:.*]] = "aweigh.weight"() {name = "o.weight"} : () -> !torch.vtensor<[64,100],f32>
// CHECK: "aweigh.linear"(%arg0, %[[Q]])
func.func @main(%x: !torch.vtensor<[1,?,64],f32>) -> !torch.vtensor<[1,?,64],f32> {
  %wq = "aweigh.weight"() {name = "q.weight"} : () -> !torch.vtensor<[100,64],f32>
  %wo = "aweigh.weight"() {name = "o.weight"} : () -> !torch.vtensor<[64,100],f32>
  %q = "aweigh.linear"(%x, %wq) {operandSegmentSizes = array<i32: 1, 1, 0>} : (!torch.vtensor<[1,?,64],f32>, !torch.vtensor<[100,64],f32>) -> !torch.vtensor<[1,?,100],f32>
  %o = "aweigh.linear"(%q, %wo) {operandSegmentSizes = array<i32: 1, 1, 0>} : (!torch.vtensor<[1,?,100],f32>, !torch.vtensor<[64,100],f32>) -> !torch.vtensor<[1,?,64],f32>
  return %o : !torch.vtensor<[1,?,64],f32>
}
