# Methods that are added to a generator's archive (TorchScript, run by the engine): gradient ascent on its input. The
# gradient of the objective by the image comes from the network's archive; see ascent.py. B images, N numbers of a
# latent. All arguments come in one dictionary.
#   parameter     [B][N]: numbers that are normal at the start;  first, second, time: Adam's
#   uniform       latents are uniform in -1..1; without it they are normal
#   latent        lengths of the generator's input behind the batch
#   factor, offset []: image = output * factor + offset, cut off at 0 and 1
#   gradient      [B][C][H][W], of what is to be made small, by the image;  rate []: learning rate

# The numbers are kept at the usual length of N normal ones, the root of N, since images of other latents are seldom
# like those of the training. Their distribution function makes them uniform.
def prior_latent(self, parameter: Tensor, a: Dict[str, Tensor]) -> Tensor:
  square = torch.mean(torch.mul(parameter, parameter), [1], True)
  z = torch.div(parameter, torch.sqrt(torch.clamp_min(square, 1.0000000000000001e-10)))
  if torch.__contains__(a, "uniform"):
    z = torch.erf(torch.div(z, 1.4142135623730951))
  shape = annotate(List[int], [torch.size(z, 0)])
  for i in range(torch.len(a["latent"])):
    _0 = torch.append(shape, int(torch.select(a["latent"], 0, i)))
  return torch.reshape(z, shape)

def prior_output(self, parameter: Tensor, a: Dict[str, Tensor]) -> Tensor:
  taps = (self).forward_tapped((self).prior_latent(parameter, a, ), )
  return torch.to(torch.values(taps)[0], 6)

def prior_image(self, parameter: Tensor, a: Dict[str, Tensor]) -> Tensor:
  output = (self).prior_output(parameter, a, )
  return torch.clamp(torch.add(torch.mul(output, a["factor"]), a["offset"]), 0, 1)

def prior_try(self, a: Dict[str, Tensor]) -> Dict[str, Tensor]:
  return {"output": torch.detach((self).prior_output(a["parameter"], a, ))}

def prior_render(self, a: Dict[str, Tensor]) -> Dict[str, Tensor]:
  return {"image": torch.detach((self).prior_image(a["parameter"], a, ))}

def prior_step(self, a: Dict[str, Tensor]) -> Dict[str, Tensor]:
  leaf = torch.requires_grad_(torch.detach(a["parameter"]))
  image = (self).prior_image(leaf, a, )
  gradient = torch.full_like(leaf, nan)
  if ops.prim.requires_grad(image):
    pulled = torch.autograd.grad([image], [leaf], annotate(List[Optional[Tensor]], [a["gradient"]]), None, False, True)[0]
    if torch.__isnot__(pulled, None):
      gradient = unchecked_cast(Tensor, pulled)
  parameter, first, second = (self).ascent_adam(a["parameter"], a["first"], a["second"], a["time"], torch.detach(gradient), a["rate"], )
  return {"parameter": torch.detach(parameter), "first": torch.detach(first), "second": torch.detach(second)}
