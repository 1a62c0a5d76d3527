# Methods that are added to a network's archive (TorchScript, run by the engine). Gradient ascent on the parameters of
# a batch of images; each image has an objective of its own. Shapes: B images, C colours, H x W pixels of the image,
# U units, S steps. All arguments come in one dictionary; a key that is absent turns its part off.
#   parameter     the basis's parameter, [B][C][H][W/2+1][2] (spectrum), [B][C][H][W] (pixels, image) or
#                 [B][C][H][W/2+1] (phase)
#   first, second Adam's moments, of the parameter's shape;  time [], the steps before these
#   basis         0 spectrum, 1 pixels, 2 phase, 3 the image itself, without colours and sigmoid
#   scale         [H][W/2+1] or [C][H][W/2+1]: what a spectrum is multiplied by, or the amplitudes of the phases
#   colours       [C][C], from decorrelated colours;  size [2]: H, W
#   origin        [B][C][H][W], within []: the image stays within this distance of the origin
#   theta         [S][B][2][3]: affine moves of the sampling grid;  input [2]: size of the network's input
#   batch []      the network takes this number of images at a time
#   gain, shift   [1][C][1][1]: the network's input is (image - 0.5) * gain + shift;  reversed: in blue, green, red
#   axes, tokens, kept, parts, permutation, maps: how the layer's output becomes [B][U][h][w]
#   softmax       probabilities over the units, which climb by their logarithm: they may start at 1e-20, whose own
#                 gradient is lost beside Adam's epsilon;  squares: mean of squares of all units
#   units [B], or vectors [B][U];  place [2]: row and column of the map, -1 for the middle
#   all_vectors [D][U]: directions that are measured side by side
#   leak          a step whose gradient is zero everywhere takes that through leaky rectifiers
#   sign [B]      -1 to minimise;  variation []: weight of the total variation
#   diversity []  weight of the likeness of the images, as a share of the mean objective
#   rate []       learning rate
# Sources: "Feature Visualization" (Olah, Mordvintsev and Schubert 2017), MACO (Fel and others 2023).

def ascent_ints(self, values: Tensor) -> List[int]:
  ints = annotate(List[int], [])
  for i in range(torch.len(values)):
    _0 = torch.append(ints, int(torch.select(values, 0, i)))
  return ints

# A product in batches, since matmul would leave the colours of a pixel side by side in memory.
def ascent_coloured(self, colours: Tensor, plane: Tensor) -> Tensor:
  every = torch.expand(torch.unsqueeze(colours, 0), [torch.size(plane, 0), -1, -1])
  return torch.reshape(torch.bmm(every, torch.flatten(plane, 2)), torch.size(plane))

def ascent_image(self, parameter: Tensor, a: Dict[str, Tensor]) -> Tensor:
  basis = int(a["basis"])
  if torch.eq(basis, 3):
    image = parameter
  else:
    size = (self).ascent_ints(a["size"], )
    if torch.eq(basis, 1):
      plane = parameter
    else:
      if torch.eq(basis, 2):
        spectrum = torch.polar(torch.expand_as(a["scale"], parameter), parameter)
        raw = torch.fft_irfft2(spectrum, size, [-2, -1], "ortho")
        centred = torch.sub(raw, torch.mean(raw, [1, 2, 3], True))
        deviation = torch.sqrt(torch.mean(torch.mul(centred, centred), [1, 2, 3], True))
        plane = torch.div(centred, deviation)
      else:
        scaled = torch.mul(torch.view_as_complex(parameter), a["scale"])
        plane = torch.fft_irfft2(scaled, size, [-2, -1], "ortho")
    coloured = (self).ascent_coloured(a["colours"], plane, )
    if torch.__contains__(a, "within"):
      image = torch.clamp(torch.add(a["origin"], torch.mul(torch.tanh(coloured), a["within"])), 0, 1)
    else:
      image = torch.sigmoid(coloured)
  return image

def ascent_output(self, x: Tensor, leaky: bool) -> Tensor:
  if leaky:
    taps = (self).forward_tapped_leaky(x, )
  else:
    taps = (self).forward_tapped(x, )
  return torch.values(taps)[0]

def ascent_passes(self, x: Tensor, leaky: bool, a: Dict[str, Tensor]) -> Tensor:
  if torch.__contains__(a, "batch"):
    batch = int(a["batch"])
    images = torch.size(x, 0)
    missing = torch.remainder(torch.neg(images), batch)
    full = torch.cat([x, torch.expand(torch.slice(x, 0, -1), [missing, -1, -1, -1])])
    outputs = annotate(List[Tensor], [])
    for i in range(torch.floordiv(torch.size(full, 0), batch)):
      part = torch.slice(full, 0, torch.mul(i, batch), torch.mul(torch.add(i, 1), batch))
      _0 = torch.append(outputs, (self).ascent_output(part, leaky, ))
    all = torch.cat(outputs)
    output = torch.slice(all, 0, 0, torch.floordiv(torch.mul(torch.size(all, 0), images), torch.size(full, 0)))
  else:
    output = (self).ascent_output(x, leaky, )
  return output

def ascent_map(self, image: Tensor, theta: Optional[Tensor], leaky: bool, a: Dict[str, Tensor]) -> Tensor:
  centred = torch.sub(image, 0.5)
  input = (self).ascent_ints(a["input"], )
  moves = theta
  if torch.__is__(theta, None):
    if torch.ne([torch.size(image, 2), torch.size(image, 3)], input):
      still = torch.slice(torch.unsqueeze(torch.eye(3), 0), 1, 0, 2)
      moves = torch.to(torch.expand(still, [torch.size(image, 0), -1, -1]), image)
  if torch.__isnot__(moves, None):
    grid = torch.affine_grid_generator(unchecked_cast(Tensor, moves), [torch.size(image, 0), torch.size(image, 1), input[0], input[1]], False)
    centred = torch.grid_sampler(centred, grid, 0, 0, False)
  if torch.__contains__(a, "reversed"):
    centred = torch.flip(centred, [1])
  x = torch.addcmul(a["shift"], centred, a["gain"])
  output = (self).ascent_passes(x, leaky, a, )
  if torch.__contains__(a, "permutation"):
    parts = torch.reshape(output, (self).ascent_ints(a["axes"], ))
    if torch.__contains__(a, "kept"):
      parts = torch.index_select(parts, int(a["tokens"]), torch.to(a["kept"], 4))
    output = torch.permute(torch.reshape(parts, (self).ascent_ints(a["parts"], )), (self).ascent_ints(a["permutation"], ))
  output = torch.reshape(output, (self).ascent_ints(a["maps"], ))
  if torch.__contains__(a, "softmax"):
    output = torch.log_softmax(output, 1)
  return output

def ascent_place(self, map: Tensor, a: Dict[str, Tensor]) -> Tuple[int, int]:
  place = (self).ascent_ints(a["place"], )
  row = place[0]
  column = place[1]
  if torch.lt(row, 0):
    row = torch.floordiv(torch.size(map, 2), 2)
  if torch.lt(column, 0):
    column = torch.floordiv(torch.size(map, 3), 2)
  return (row, column)

def ascent_values(self, map: Tensor, a: Dict[str, Tensor]) -> Tensor:
  if torch.__contains__(a, "squares"):
    chosen = torch.mean(torch.mul(map, map), [1])
  else:
    if torch.__contains__(a, "vectors"):
      chosen = torch.sum(torch.mul(map, torch.unsqueeze(torch.unsqueeze(a["vectors"], 2), 3)), [1])
    else:
      units = torch.reshape(torch.to(a["units"], 4), [-1, 1, 1, 1])
      every = torch.expand(units, [-1, 1, torch.size(map, 2), torch.size(map, 3)])
      chosen = torch.squeeze(torch.gather(map, 1, every), 1)
  if torch.__contains__(a, "place"):
    row, column = (self).ascent_place(map, a, )
    values = torch.select(torch.select(chosen, 1, row), 1, column)
  else:
    if torch.__contains__(a, "softmax"):
      places = torch.mul(torch.size(chosen, 1), torch.size(chosen, 2))
      values = torch.sub(torch.logsumexp(chosen, [1, 2]), torch.log(places))
    else:
      values = torch.mean(chosen, [1, 2])
  return values

# The third result tells the images whose own objective has no gradient: what is taken off has one for dead units too.
def ascent_gradient(self, parameter: Tensor, theta: Optional[Tensor], leaky: bool, a: Dict[str, Tensor]) -> Tuple[Tensor, Tensor, Tensor]:
  leaf = torch.requires_grad_(torch.detach(parameter))
  image = (self).ascent_image(leaf, a, )
  map = (self).ascent_map(image, theta, leaky, a, )
  values = (self).ascent_values(map, a, )
  total = torch.sum(torch.mul(values, a["sign"]))
  own = annotate(Optional[Tensor], None)
  if torch.__and__(torch.__contains__(a, "leak"), torch.__or__(torch.__contains__(a, "diversity"), torch.__contains__(a, "variation"))):
    if ops.prim.requires_grad(total):
      own = torch.autograd.grad([total], [leaf], None, True, False, True)[0]
  if torch.__contains__(a, "diversity"):
    flat = torch.flatten(map, 2)
    gram = torch.flatten(torch.matmul(flat, torch.transpose(flat, 1, 2)), 1)
    unit = torch.div(gram, torch.clamp_min(torch.norm(gram, 2, [1], True), 1.0000000000000001e-10))
    alike = torch.matmul(unit, torch.t(unit))
    pairs = torch.sub(torch.sum(alike), torch.trace(alike))
    height = torch.detach(torch.mean(torch.abs(values)))
    if torch.__contains__(a, "softmax"):
      height = torch.ones_like(height)
    total = torch.sub(total, torch.mul(torch.mul(torch.div(pairs, torch.size(map, 0)), height), a["diversity"]))
  if torch.__contains__(a, "variation"):
    down = torch.sub(torch.slice(image, 2, 1), torch.slice(image, 2, 0, -1))
    across = torch.sub(torch.slice(image, 3, 1), torch.slice(image, 3, 0, -1))
    rough = torch.add(torch.mean(torch.abs(down), [1, 2, 3]), torch.mean(torch.abs(across), [1, 2, 3]))
    total = torch.sub(total, torch.mul(torch.sum(rough), a["variation"]))
  if ops.prim.requires_grad(total):
    found = torch.autograd.grad([torch.neg(total)], [leaf], None, None, False, True)[0]
    if torch.__isnot__(found, None):
      gradient = unchecked_cast(Tensor, found)
    else:
      ops.prim.RaiseException("no gradient reaches the image", "builtins.RuntimeError")
      gradient = parameter
  else:
    ops.prim.RaiseException("no gradient reaches the image", "builtins.RuntimeError")
    gradient = parameter
  if torch.__contains__(a, "softmax"):
    values = torch.exp(values)
  if torch.__is__(own, None):
    own = gradient
  flat = torch.eq(torch.amax(torch.abs(torch.flatten(unchecked_cast(Tensor, own), 1)), [1]), 0)
  return (torch.detach(values), torch.detach(gradient), flat)

def ascent_live_gradient(self, parameter: Tensor, theta: Optional[Tensor], a: Dict[str, Tensor]) -> Tuple[Tensor, Tensor, Tensor]:
  values, gradient, flat = (self).ascent_gradient(parameter, theta, False, a, )
  leaks = torch.zeros_like(values)
  if torch.__contains__(a, "leak"):
    if bool(torch.any(flat)):
      _0, leaking, _1 = (self).ascent_gradient(parameter, theta, True, a, )
      shape = annotate(List[int], [torch.size(parameter, 0)])
      for i in range(torch.sub(torch.dim(parameter), 1)):
        _2 = torch.append(shape, 1)
      gradient = torch.where(torch.reshape(flat, shape), leaking, gradient)
      leaks = torch.to(flat, 6)
  return (values, gradient, leaks)

def ascent_theta(self, step: int, a: Dict[str, Tensor]) -> Optional[Tensor]:
  theta = annotate(Optional[Tensor], None)
  if torch.eq(torch.dim(a["theta"]), 4):
    theta = torch.select(a["theta"], 0, step)
  return theta

def ascend(self, a: Dict[str, Tensor]) -> Dict[str, Tensor]:
  parameter = a["parameter"]
  first = a["first"]
  second = a["second"]
  time = a["time"]
  objectives = annotate(List[Tensor], [])
  leaks = torch.zeros_like(a["sign"])
  for i in range(torch.size(a["theta"], 0)):
    values, gradient, leaking = (self).ascent_live_gradient(parameter, (self).ascent_theta(i, a, ), a, )
    leaks = torch.add(leaks, leaking)
    parameter, first, second = (self).ascent_adam(parameter, first, second, time, gradient, a["rate"], )
    time = torch.add(time, 1)
    _0 = torch.append(objectives, values)
  return {"parameter": parameter, "first": first, "second": second, "objectives": torch.stack(objectives), "leaks": leaks}

# One step's gradient by the image, for a generator to go on from.
def ascent_pull(self, a: Dict[str, Tensor]) -> Dict[str, Tensor]:
  values, gradient, leaks = (self).ascent_live_gradient(a["parameter"], (self).ascent_theta(0, a, ), a, )
  return {"objectives": values, "gradient": gradient, "leaks": leaks}

def ascent_render(self, a: Dict[str, Tensor]) -> Dict[str, Tensor]:
  return {"image": torch.detach((self).ascent_image(a["parameter"], a, ))}

def ascent_scores(self, map: Tensor, a: Dict[str, Tensor]) -> Tensor:
  if torch.__contains__(a, "squares"):
    scores = torch.mean(torch.flatten(torch.mul(map, map), 1), [1], True)
  else:
    if torch.__contains__(a, "place"):
      row, column = (self).ascent_place(map, a, )
      scores = torch.select(torch.select(map, 2, row), 2, column)
    else:
      scores = torch.mean(map, [2, 3])
    if torch.__contains__(a, "all_vectors"):
      scores = torch.matmul(scores, torch.t(a["all_vectors"]))
  return scores

def ascent_measure(self, a: Dict[str, Tensor]) -> Dict[str, Tensor]:
  image = a["image"]
  measured = annotate(List[Tensor], [])
  for i in range(torch.size(a["theta"], 0)):
    map = (self).ascent_map(image, (self).ascent_theta(i, a, ), False, a, )
    if torch.__contains__(a, "softmax"):
      map = torch.exp(map)
    _0 = torch.append(measured, torch.detach((self).ascent_scores(map, a, )))
  return {"scores": torch.stack(measured)}

def ascent_amplitudes(self, a: Dict[str, Tensor]) -> Dict[str, Tensor]:
  image = a["image"]
  plane = (self).ascent_coloured(a["decorrelating"], image, )
  spectrum = torch.fft_rfft2(plane, annotate(Optional[List[int]], None), [-2, -1], "ortho")
  return {"amplitudes": torch.detach(torch.abs(spectrum))}

def ascent_parameter(self, a: Dict[str, Tensor]) -> Dict[str, Tensor]:
  image = torch.clamp(a["image"], 0.0039215686274509803, 0.99607843137254903)
  logits = torch.sub(torch.log(image), torch.log(torch.rsub(image, 1)))
  plane = (self).ascent_coloured(a["decorrelating"], logits, )
  if torch.eq(int(a["basis"]), 1):
    parameter = plane
  else:
    spectrum = torch.fft_rfft2(plane, annotate(Optional[List[int]], None), [-2, -1], "ortho")
    if torch.eq(int(a["basis"]), 2):
      parameter = torch.angle(spectrum)
    else:
      parameter = torch.view_as_real(torch.div(spectrum, a["scale"]))
  return {"parameter": torch.detach(parameter)}
