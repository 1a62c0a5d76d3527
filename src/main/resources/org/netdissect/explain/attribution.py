# A method that is added to a network's archive (TorchScript, run by the engine): the gradient of one number of the
# network's output with respect to layers' outputs, for one image. Layers are edited with Edit.Source and the output is
# tapped. Arguments:
#   image         [1][C][H][W], the network's input
#   class         place of the number in the output
#   logarithm     if present, the gradient is of the number's logarithm
# Results: score, and by layer "activation NAME" and "gradient NAME" in the layer's own shape. A layer that the forward
# pass does not reach has neither; one through which no gradient passes has no gradient.

def attribute(self, a: Dict[str, Tensor]) -> Dict[str, Tensor]:
  image = torch.mul(torch.requires_grad_(torch.detach(a["image"])), 1)
  taps = (self).forward_tapped(image, )
  scores = torch.flatten(torch.select(taps["(output)"], 0, 0))
  chosen = torch.select(scores, 0, int(a["class"]))
  if torch.__contains__(a, "logarithm"):
    chosen = torch.log(chosen)
  results = annotate(Dict[str, Tensor], {})
  results["score"] = torch.detach(chosen)
  names = annotate(List[str], [])
  tensors = annotate(List[Tensor], [])
  keys = torch.keys(taps)
  for name in keys:
    tap = taps[name]
    if torch.ne(name, "(output)"):
      results[torch.add("activation ", name)] = torch.detach(tap)
      if ops.prim.requires_grad(tap):
        _0 = torch.append(names, name)
        _1 = torch.append(tensors, tap)
  if torch.gt(torch.len(tensors), 0):
    if ops.prim.requires_grad(chosen):
      gradients = torch.autograd.grad([chosen], tensors, None, None, False, True)
      for i in range(torch.len(names)):
        gradient = gradients[i]
        if torch.__isnot__(gradient, None):
          results[torch.add("gradient ", names[i])] = torch.detach(unchecked_cast(Tensor, gradient))
  return results
