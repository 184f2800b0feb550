// RUN: activation,dead
// CHECK: "aweigh.activation"(%arg0) {name = "silu"}
// CHECK: "aweigh.activation"(%{{.*}}) {name = "gelu_pytorch_tanh"}
func.func @main(%x: !torch.vtensor<[1,?,4],f32>) -> !torch.vtensor<[1,?,4],f32> {
  %tanh = torch.constant.str "tanh"
  %a = torch.aten.silu %x : !torch.vtensor<[1,?,4],f32> -> !torch.vtensor<[1,?,4],f32>
  %b = torch.aten.gelu %a, %tanh : !torch.vtensor<[1,?,4],f32>, !torch.str -> !torch.vtensor<[1,?,4],f32>
  return %b : !torch.vtensor<[1,?,4],f32>
}
// -----
// RUN: activation,dead
// relu squared, and the gelu of GPT-2 written out.
// CHECK: "aweigh.activation"(%arg0) {name = "relu2"}
// CHECK: "aweigh.activation"(%{{.*}}) {name = "gelu_new"}
// CHECK-NOT: torch.aten
func.func @main(%x: !torch.vtensor<[1,?,4],f32>) -> !torch.vtensor<[1,?,4],f32> {
  %one = torch.constant.int 1
  %two = torch.constant.int 2
  %three = torch.constant.float 3.000000e+00
  %half = torch.constant.float 5.000000e-01
  %unit = torch.constant.float 1.000000e+00
  %cubic = torch.constant.float 4.471500e-02
  %root = torch.constant.float 0.79788456080286541
  %relu = torch.aten.relu %x : !torch.vtensor<[1,?,4],f32> -> !torch.vtensor<[1,?,4],f32>
  %a = torch.aten.pow.Tensor_Scalar %relu, %two : !torch.vtensor<[1,?,4],f32>, !torch.int -> !torch.vtensor<[1,?,4],f32>
  %halved = torch.aten.mul.Scalar %a, %half : !torch.vtensor<[1,?,4],f32>, !torch.float -> !torch.vtensor<[1,?,4],f32>
  %cube = torch.aten.pow.Tensor_Scalar %a, %three : !torch.vtensor<[1,?,4],f32>, !torch.float -> !torch.vtensor<[1,?,4],f32>
  %small = torch.aten.mul.Scalar %cube, %cubic : !torch.vtensor<[1,?,4],f32>, !torch.float -> !torch.vtensor<[1,?,4],f32>
  %sum = torch.aten.add.Tensor %a, %small, %one : !torch.vtensor<[1,?,4],f32>, !torch.vtensor<[1,?,4],f32>, !torch.int -> !torch.vtensor<[1,?,4],f32>
  %inner = torch.aten.mul.Scalar %sum, %root : !torch.vtensor<[1,?,4],f32>, !torch.float -> !torch.vtensor<[1,?,4],f32>
  %tanh = torch.aten.tanh %inner : !torch.vtensor<[1,?,4],f32> -> !torch.vtensor<[1,?,4],f32>
  %onep = torch.aten.add.Scalar %tanh, %unit, %one : !torch.vtensor<[1,?,4],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,4],f32>
  %y = torch.aten.mul.Tensor %halved, %onep : !torch.vtensor<[1,?,4],f32>, !torch.vtensor<[1,?,4],f32> -> !torch.vtensor<[1,?,4],f32>
  return %y : !torch.vtensor<[1,?,4],f32>
}
// -----
// RUN: activation,dead
// That of Bloom, written out in another order.
// CHECK: "aweigh.activation"(%arg0) {name = "gelu_fast"}
// CHECK-NOT: torch.aten
func.func @main(%x: !torch.vtensor<[1,?,4],f32>) -> !torch.vtensor<[1,?,4],f32> {
  %one = torch.constant.int 1
  %half = torch.constant.float 5.000000e-01
  %unit = torch.constant.float 1.000000e+00
  %cubic = torch.constant.float 4.471500e-02
  %root = torch.constant.float 0.79788455999999996
  %halved = torch.aten.mul.Scalar %x, %half : !torch.vtensor<[1,?,4],f32>, !torch.float -> !torch.vtensor<[1,?,4],f32>
  %scaled = torch.aten.mul.Scalar %x, %root : !torch.vtensor<[1,?,4],f32>, !torch.float -> !torch.vtensor<[1,?,4],f32>
  %small = torch.aten.mul.Scalar %x, %cubic : !torch.vtensor<[1,?,4],f32>, !torch.float -> !torch.vtensor<[1,?,4],f32>
  %square = torch.aten.mul.Tensor %small, %x : !torch.vtensor<[1,?,4],f32>, !torch.vtensor<[1,?,4],f32> -> !torch.vtensor<[1,?,4],f32>
  %sum = torch.aten.add.Scalar %square, %unit, %one : !torch.vtensor<[1,?,4],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,4],f32>
  %inner = torch.aten.mul.Tensor %scaled, %sum : !torch.vtensor<[1,?,4],f32>, !torch.vtensor<[1,?,4],f32> -> !torch.vtensor<[1,?,4],f32>
  %tanh = torch.aten.tanh %inner : !torch.vtensor<[1,?,4],f32> -> !torch.vtensor<[1,?,4],f32>
  %onep = torch.aten.add.Scalar %tanh, %unit, %one : !torch.vtensor<[1,?,4],f32>, !torch.float, !torch.int -> !torch.vtensor<[1,?,4],f32>
  %y = torch.aten.mul.Tensor %halved, %onep : !torch.vtensor<[1,?,4],f32>, !torch.vtensor<[1,?,4],f32> -> !torch.vtensor<[1,?,4],f32>
  return %y : !torch.vtensor<[1,?,4],f32>
}
