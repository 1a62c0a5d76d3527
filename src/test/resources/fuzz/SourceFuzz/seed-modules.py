class Net(Module):
  __parameters__ = ["w", ]
  __buffers__ = []
  training : bool
  a : __torch__.Leaf
  __annotations__["0"] = __torch__.Leaf
  def forward(self: __torch__.Net,
    x: Tensor) -> Tensor:
    _0 = getattr(self, "0")
    a = self.a
    x0 = (_0).forward((a).forward(x, ), )
    if bool(torch.gt(x0, 0)):
      r = self.helper(x0)
    elif False:
      r = -x0 ** 2
    else:
      r = [x0, x][-1]
    return r
  def helper(self, x: Tensor) -> Tensor:
    for i in range(3):
      x = (self.a).forward(x, )
    return x
class Leaf(Module):
  __parameters__ = []
  def forward(self, x: Tensor) -> Tensor:
    return torch.relu_(x)
