# Adam (Kingma and Ba 2015), in ascent.py and generator.py; it goes against the gradient. The corrections of the moments
# are computed with 64 bits: with 32 the first steps are off by 1e-3.
#   time []       the steps before this one;  parameter, first and second moment are changed in place and returned
def ascent_adam(self, parameter: Tensor, first: Tensor, second: Tensor, time: Tensor, gradient: Tensor, rate: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
  steps = torch.add(float(time), 1.)
  _0 = torch.lerp_(first, gradient, 0.10000000000000001)
  _1 = torch.addcmul_(torch.mul_(second, 0.999), gradient, gradient, value=0.001)
  root = torch.pow(torch.sub(1., torch.pow(0.999, steps)), -0.5)
  spread = torch.add_(torch.mul_(torch.sqrt(second), root), 1e-08)
  pace = torch.div(float(rate), torch.sub(1., torch.pow(0.90000000000000002, steps)))
  _2 = torch.addcdiv_(parameter, first, spread, value=torch.neg(pace))
  return (parameter, first, second)
