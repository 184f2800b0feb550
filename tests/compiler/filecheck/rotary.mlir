// RUN: rotary,dead
// Halves, the first two of four features only.
// CHECK: "aweigh.rotary"(%arg0, %arg1, %arg2) : (!torch.vtensor<[1,2,?,4],f32>
// CHECK-NOT: torch.aten
func.func @main(%q: !torch.vtensor<[1,2,?,4],f32>, %cos: !torch.vtensor<[1,?,2],f32>, %sin: !torch.vtensor<[1,?,2],f32>) -> !torch.vtensor<[1,2,?,4],f32> {
  %zero = torch.constant.int 0
  %one = torch.constant.int 1
  %two = torch.constant.int 2
  %three = torch.constant.int 3
  %minus = torch.constant.int -1
  %end = torch.constant.int 9223372036854775807
  %x = torch.aten.slice.Tensor %q, %three, %zero, %two, %one : !torch.vtensor<[1,2,?,4],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,2],f32>
  %rest = torch.aten.slice.Tensor %q, %three, %two, %end, %one : !torch.vtensor<[1,2,?,4],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,2],f32>
  %c = torch.aten.unsqueeze %cos, %one : !torch.vtensor<[1,?,2],f32>, !torch.int -> !torch.vtensor<[1,1,?,2],f32>
  %s = torch.aten.unsqueeze %sin, %one : !torch.vtensor<[1,?,2],f32>, !torch.int -> !torch.vtensor<[1,1,?,2],f32>
  %a = torch.aten.mul.Tensor %x, %c : !torch.vtensor<[1,2,?,2],f32>, !torch.vtensor<[1,1,?,2],f32> -> !torch.vtensor<[1,2,?,2],f32>
  %low = torch.aten.slice.Tensor %x, %three, %zero, %one, %one : !torch.vtensor<[1,2,?,2],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,1],f32>
  %high = torch.aten.slice.Tensor %x, %three, %one, %end, %one : !torch.vtensor<[1,2,?,2],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,1],f32>
  %negative = torch.aten.neg %high : !torch.vtensor<[1,2,?,1],f32> -> !torch.vtensor<[1,2,?,1],f32>
  %parts = torch.prim.ListConstruct %negative, %low : (!torch.vtensor<[1,2,?,1],f32>, !torch.vtensor<[1,2,?,1],f32>) -> !torch.list<vtensor>
  %turned = torch.aten.cat %parts, %minus : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,2],f32>
  %b = torch.aten.mul.Tensor %turned, %s : !torch.vtensor<[1,2,?,2],f32>, !torch.vtensor<[1,1,?,2],f32> -> !torch.vtensor<[1,2,?,2],f32>
  %rotated = torch.aten.add.Tensor %a, %b, %one : !torch.vtensor<[1,2,?,2],f32>, !torch.vtensor<[1,2,?,2],f32>, !torch.int -> !torch.vtensor<[1,2,?,2],f32>
  %whole = torch.prim.ListConstruct %rotated, %rest : (!torch.vtensor<[1,2,?,2],f32>, !torch.vtensor<[1,2,?,2],f32>) -> !torch.list<vtensor>
  %y = torch.aten.cat %whole, %minus : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,4],f32>
  return %y : !torch.vtensor<[1,2,?,4],f32>
}
// -----
// RUN: rotary,dead
// Neighbours: every second feature.
// CHECK: "aweigh.rotary"(%arg0, %arg1, %arg2) {interleaved = true}
func.func @main(%x: !torch.vtensor<[1,2,?,4],f32>, %cos: !torch.vtensor<[1,?,4],f32>, %sin: !torch.vtensor<[1,?,4],f32>, %shape: !torch.list<int>) -> !torch.vtensor<[1,2,?,4],f32> {
  %zero = torch.constant.int 0
  %one = torch.constant.int 1
  %two = torch.constant.int 2
  %three = torch.constant.int 3
  %minus = torch.constant.int -1
  %end = torch.constant.int 9223372036854775807
  %c = torch.aten.unsqueeze %cos, %one : !torch.vtensor<[1,?,4],f32>, !torch.int -> !torch.vtensor<[1,1,?,4],f32>
  %s = torch.aten.unsqueeze %sin, %one : !torch.vtensor<[1,?,4],f32>, !torch.int -> !torch.vtensor<[1,1,?,4],f32>
  %a = torch.aten.mul.Tensor %x, %c : !torch.vtensor<[1,2,?,4],f32>, !torch.vtensor<[1,1,?,4],f32> -> !torch.vtensor<[1,2,?,4],f32>
  %even = torch.aten.slice.Tensor %x, %three, %zero, %end, %two : !torch.vtensor<[1,2,?,4],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,2],f32>
  %odd = torch.aten.slice.Tensor %x, %three, %one, %end, %two : !torch.vtensor<[1,2,?,4],f32>, !torch.int, !torch.int, !torch.int, !torch.int -> !torch.vtensor<[1,2,?,2],f32>
  %negative = torch.aten.neg %odd : !torch.vtensor<[1,2,?,2],f32> -> !torch.vtensor<[1,2,?,2],f32>
  %parts = torch.prim.ListConstruct %negative, %even : (!torch.vtensor<[1,2,?,2],f32>, !torch.vtensor<[1,2,?,2],f32>) -> !torch.list<vtensor>
  %stacked = torch.aten.stack %parts, %minus : !torch.list<vtensor>, !torch.int -> !torch.vtensor<[1,2,?,2,2],f32>
  %turned = torch.aten.reshape %stacked, %shape : !torch.vtensor<[1,2,?,2,2],f32>, !torch.list<int> -> !torch.vtensor<[1,2,?,4],f32>
  %b = torch.aten.mul.Tensor %turned, %s : !torch.vtensor<[1,2,?,4],f32>, !torch.vtensor<[1,1,?,4],f32> -> !torch.vtensor<[1,2,?,4],f32>
  %y = torch.aten.add.Tensor %a, %b, %one : !torch.vtensor<[1,2,?,4],f32>, !torch.vtensor<[1,2,?,4],f32>, !torch.int -> !torch.vtensor<[1,2,?,4],f32>
  return %y : !torch.vtensor<[1,2,?,4],f32>
}
