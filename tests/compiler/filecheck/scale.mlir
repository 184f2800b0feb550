// RUN: attend,scale
// Factors behind views become part of the scale, several of them as one.
// CHECK-NOT: torch.aten.mul.Scalar
// CHECK-NOT: torch.aten.div.Scalar
// CHECK: %[[HEADS:.*]] = torch.aten.transpose.int
// CHECK: "aweigh.attend"(%[[HEADS]], %arg1, %arg1) {{{.*}}scale = 1.250000e-01 : f64, state = 0 : i64}
func.func @main(%x: !torch.vtensor<[1,?,4,4],f32>, %k: !torch.vtensor<[1,2,?,4],f32>) -> !torch.vtensor<[1,?,4,4],f32> {
  %none = torch.constant.none
  %true = torch.constant.bool true
  %zero = torch.constant.int 0
  %one = torch.constant.int 1
  %two = torch.constant.int 2
  %half = torch.constant.float 5.000000e-01
  %four = torch.constant.float 4.000000e+00
  %scale = torch.constant.float 1.000000e+00
  %a = torch.aten.mul.Scalar %x, %half : !torch.vtensor<[1,?,4,4],f32>, !torch.float -> !torch.vtensor<[1,?,4,4],f32>
  %b = torch.aten.transpose.int %a, %one, %two : !torch.vtensor<[1,?,4,4],f32>, !torch.int, !torch.int -> !torch.vtensor<[1,4,?,4],f32>
  %q = torch.aten.div.Scalar %b, %four : !torch.vtensor<[1,4,?,4],f32>, !torch.float -> !torch.vtensor<[1,4,?,4],f32>
  %y = torch.operator "torch.aweigh.attend"(%q, %k, %k, %none, %none, %none, %none, %none, %none, %zero, %scale, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,2,?,4],f32>, !torch.vtensor<[1,2,?,4],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,4],f32>
  return %y : !torch.vtensor<[1,?,4,4],f32>
}
// -----
// RUN: attend,scale
// Somebody else reads the product: it stays.
// CHECK: torch.aten.mul.Scalar
// CHECK: "aweigh.attend"({{.*}}) {{{.*}}scale = 1.000000e+00 : f64, state = 0 : i64}
func.func @main(%x: !torch.vtensor<[1,4,?,4],f32>) -> (!torch.vtensor<[1,?,4,4],f32>, !torch.vtensor<[1,4,?,4],f32>) {
  %none = torch.constant.none
  %true = torch.constant.bool true
  %zero = torch.constant.int 0
  %half = torch.constant.float 5.000000e-01
  %scale = torch.constant.float 1.000000e+00
  %q = torch.aten.mul.Scalar %x, %half : !torch.vtensor<[1,4,?,4],f32>, !torch.float -> !torch.vtensor<[1,4,?,4],f32>
  %y = torch.operator "torch.aweigh.attend"(%q, %x, %x, %none, %none, %none, %none, %none, %none, %zero, %scale, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,4,?,4],f32>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,4],f32>
  return %y, %q : !torch.vtensor<[1,?,4,4],f32>, !torch.vtensor<[1,4,?,4],f32>
}
// -----
// RUN: attend,scale
// In a narrow float a factor that is no power of two would round elsewhere.
// CHECK: torch.aten.mul.Scalar
// CHECK-NOT: torch.aten.mul.Scalar
// CHECK: "aweigh.attend"({{.*}}) {{{.*}}scale = 2.000000e+00 : f64, state = 0 : i64}
func.func @main(%x: !torch.vtensor<[1,4,?,4],bf16>) -> !torch.vtensor<[1,?,4,4],bf16> {
  %none = torch.constant.none
  %true = torch.constant.bool true
  %zero = torch.constant.int 0
  %third = torch.constant.float 3.000000e-01
  %double = torch.constant.float 2.000000e+00
  %scale = torch.constant.float 1.000000e+00
  %a = torch.aten.mul.Scalar %x, %third : !torch.vtensor<[1,4,?,4],bf16>, !torch.float -> !torch.vtensor<[1,4,?,4],bf16>
  %q = torch.aten.mul.Scalar %a, %double : !torch.vtensor<[1,4,?,4],bf16>, !torch.float -> !torch.vtensor<[1,4,?,4],bf16>
  %y = torch.operator "torch.aweigh.attend"(%q, %x, %x, %none, %none, %none, %none, %none, %none, %zero, %scale, %none, %none, %none, %true) : (!torch.vtensor<[1,4,?,4],bf16>, !torch.vtensor<[1,4,?,4],bf16>, !torch.vtensor<[1,4,?,4],bf16>, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.none, !torch.int, !torch.float, !torch.none, !torch.none, !torch.none, !torch.bool) -> !torch.vtensor<[1,?,4,4],bf16>
  return %y : !torch.vtensor<[1,?,4,4],bf16>
}
// -----
// RUN: scale
// torch's own operator; its scale is that of the head's size where none is said.
// CHECK-NOT: torch.aten.mul.Scalar
// CHECK: torch.aten.scaled_dot_product_attention %arg0, %arg0, %arg0, {{.*}}, %float2.500000e-01, %false
func.func @main(%x: !torch.vtensor<[1,4,?,4],f32>) -> !torch.vtensor<[1,4,?,4],f32> {
  %none = torch.constant.none
  %false = torch.constant.bool false
  %zero = torch.constant.float 0.000000e+00
  %half = torch.constant.float 5.000000e-01
  %q = torch.aten.mul.Scalar %x, %half : !torch.vtensor<[1,4,?,4],f32>, !torch.float -> !torch.vtensor<[1,4,?,4],f32>
  %y = torch.aten.scaled_dot_product_attention %q, %x, %x, %none, %zero, %false, %none, %false : !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,4,?,4],f32>, !torch.vtensor<[1,4,?,4],f32>, !torch.none, !torch.float, !torch.bool, !torch.none, !torch.bool -> !torch.vtensor<[1,4,?,4],f32>
  return %y : !torch.vtensor<[1,4,?,4],f32>
}
