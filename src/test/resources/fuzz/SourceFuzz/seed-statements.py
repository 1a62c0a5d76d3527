import a.b
from c import d
@torch.jit.ignore
def f(x: int=3, *, y: Dict[str, Tensor]=None) -> Tuple[int, str]:
  with a as b, c:
    while x < 3 and not y is None:
      x += 1
      continue
  assert x, "no"
  raise E("a" 'b\n\x41\101')
class P(NamedTuple):
  a : int
