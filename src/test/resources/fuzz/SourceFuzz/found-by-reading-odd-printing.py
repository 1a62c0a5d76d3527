for (a in b) in c:
  x[1:2, ] = y[(z, ), ]
import a \

class Net(Module):
  def forward(self, x: Tensor) -> Tensor:
    if a:
      b
    elif c:
      return x
    return -(not x)
