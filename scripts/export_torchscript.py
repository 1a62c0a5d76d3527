#!/usr/bin/env python3
"""Exports a network for netdissect, with the JSON description that netdissect reads beside it.

Weights of a network that netdissect knows (netdissect layers --arch list) need no export: it reads .pth, .pth.tar,
.ckpt and .safetensors itself. This script is for other networks, and for weights that torchvision downloads.

usage:
  export_torchscript.py --pt2 --net mynet.py:MyNet --checkpoint mynet.pth --out mynet.pt2
  export_torchscript.py --pt2 --arch maxvit_t --torchvision-weights IMAGENET1K_V1 --out maxvit_t.pt2   (downloads)
  export_torchscript.py --arch resnet18 --checkpoint resnet18_places365.pth.tar --out resnet18-places.pt
  export_torchscript.py --arch vgg16 --checkpoint vgg16.pth --class-names names.txt --layer features.29 --out vgg16.pt
  export_torchscript.py --arch resnet18 --random-weights --out random.pt

--pt2 writes a torch.export archive: take it with PyTorch 2.2 or later, where TorchScript is deprecated. Without it the
script writes TorchScript. A checkpoint is a state_dict, or a dictionary that holds one as 'state_dict' or the like (as
the Places365 releases do); 'module.' in its names is removed. Needs PyTorch 1.13 and torchvision 0.14, or later.
"""
import argparse
import importlib.util
import json
import logging
import os
import re
import sys
import warnings

import torch
import torchvision
from torchvision import models

try:
    import torch.export as exporter
    HAS_EXPORT = all(hasattr(exporter, name) for name in ('export', 'save', 'Dim'))
except ImportError:
    HAS_EXPORT = False

TORCHSCRIPT_DEPRECATED = (2, 10)
IMAGENET_MEAN, IMAGENET_STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


class ExportError(Exception):
    """An error that is shown as one line."""


def first_line(error):
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def read_state(path, trust):
    if not os.path.isfile(path):
        raise ExportError(f'{path}: no such file')
    try:
        # Python 2 wrote the old Places365 files; their strings need latin1.
        content = torch.load(path, map_location='cpu', weights_only=not trust, encoding='latin1')
    except Exception as e:  # a foreign pickle may raise anything
        with open(path, 'rb') as f:
            pickled = f.read(2) in (b'PK', b'\x80\x02')
        if not pickled:
            raise ExportError(f'{path}: is no checkpoint of PyTorch (netdissect reads .safetensors itself)') from e
        if 'weights_only' in str(e):   # PyTorch's refusal of other objects
            raise ExportError(f'{path}: holds more than tensors; netdissect reads its weights without running anything '
                              f'(netdissect layers {path}); or add --trust here if you trust it') from e
        raise ExportError(f'{path}: cannot be read as a checkpoint: {first_line(e)}') from e
    state = tensors(content)
    if not state:
        found = ', '.join(map(str, list(content)[:5])) if isinstance(content, dict) else type(content).__name__
        raise ExportError(f'{path}: expected a state_dict, or a dictionary with one as {", ".join(HOLDERS)}; '
                          f'found {found}')
    return {plain_name(k): v for k, v in state.items()}


HOLDERS = ('state_dict', 'model_state_dict', 'model', 'net')


def tensors(content):
    """The state_dict in a checkpoint: itself, in one of its entries, or of a whole module (only with --trust)."""
    if isinstance(content, torch.nn.Module):
        return content.state_dict()
    if not isinstance(content, dict):
        return None
    held = [content[k] for k in HOLDERS if k in content]
    for state in [content, *(h.state_dict() if isinstance(h, torch.nn.Module) else h for h in held)]:
        if isinstance(state, dict) and state and all(isinstance(v, torch.Tensor) for v in state.values()):
            return state
    return None


def plain_name(name):
    """Removes DataParallel's 'module' (also inside: features.module.0), and renames old densenets' layers."""
    name = re.sub(r'(^|\.)module\.', r'\1', name)
    return re.sub(r'(denselayer\d+\.(?:norm|conv))\.([12]\.)', r'\1\2', name)


def class_count(state):
    """Number of outputs of the last tensor: torchvision's classifiers end in a linear or 1 x 1 layer."""
    shape = list(state.values())[-1].shape
    if not shape:
        raise ExportError('the number of classes cannot be read from the last tensor; give --num-classes')
    return shape[0]


def build(arch, num_classes):
    extra = {'init_weights': False} if arch in ('googlenet', 'inception_v3') else {}
    return models.get_model(arch, weights=None, num_classes=num_classes, **extra)


def build_own(spec):
    """The module that FILE.py:NAME makes: a class or function without arguments, or a module itself."""
    path, _, name = spec.rpartition(':')
    if not path or not os.path.isfile(path):
        raise ExportError(f'--net {spec}: expected FILE.py:NAME, a file and a class or function in it')
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    try:
        code = importlib.util.spec_from_file_location('network_to_export', path)
        module = importlib.util.module_from_spec(code)
        sys.modules['network_to_export'] = module
        code.loader.exec_module(module)
        made = getattr(module, name)
        net = made if isinstance(made, torch.nn.Module) else made()
    except Exception as e:  # the user's code may raise anything
        raise ExportError(f'--net {spec}: {type(e).__name__}: {first_line(e)}') from e
    if not isinstance(net, torch.nn.Module):
        raise ExportError(f'--net {spec}: gives a {type(net).__name__}, expected a torch.nn.Module')
    return net


def load_checkpoint(name, path, make, trust):
    state = read_state(path, trust)
    net = make(state)
    try:
        missing, unexpected = net.load_state_dict(state, strict=False)
    except RuntimeError as e:
        detail = str(e).splitlines()[-1].strip()
        raise ExportError(f'{path}: does not fit {name}: {detail}') from e
    missing = [k for k in missing if not k.endswith('num_batches_tracked')]   # absent before PyTorch 0.4.1
    if missing or unexpected:
        wrong = f'{len(missing)} tensors missing, {len(unexpected)} unknown, such as {(missing + unexpected)[0]}'
        raise ExportError(f'{path}: does not fit {name}: {wrong}')
    return net, {}


def load_torchvision(arch, name):
    choices = models.get_model_weights(arch)
    try:
        weights = choices[name]
    except KeyError:
        raise ExportError(f'{arch} has no weights {name}; there are: {", ".join(w.name for w in choices)}') from None
    try:
        net = models.get_model(arch, weights=weights)
    except OSError as e:
        raise ExportError(f'the weights cannot be downloaded: {first_line(e)}') from e
    t = weights.transforms()
    return net, {'mean': list(t.mean), 'std': list(t.std), 'input-size': [t.crop_size[0]] * 2,
                 'classes': weights.meta['categories']}


def load(a):
    if a.net:
        if a.torchvision_weights:
            raise ExportError('--torchvision-weights belongs to --arch; give --checkpoint with --net')
        if not a.checkpoint:
            torch.manual_seed(a.seed)
            return build_own(a.net), {}
        return load_checkpoint(a.net, a.checkpoint, lambda state: build_own(a.net), a.trust)
    known = models.list_models(module=models)
    if a.arch not in known:
        raise ExportError(f'no torchvision classification model {a.arch} (a network of your own: --net FILE.py:NAME); '
                          f'there are: {", ".join(known)}')
    if a.random_weights:
        torch.manual_seed(a.seed)
        return build(a.arch, a.num_classes or 1000), {}
    if a.checkpoint:
        return load_checkpoint(a.arch, a.checkpoint, lambda state: build(a.arch, a.num_classes or class_count(state)),
                               a.trust)
    return load_torchvision(a.arch, a.torchvision_weights)


def images(count, size):
    return torch.rand(count, 3, *size, generator=torch.Generator().manual_seed(0))


def save_script(net, size, scripted, out):
    """Writes TorchScript; returns a note."""
    example = images(1, size)
    try:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter('ignore', DeprecationWarning)
            module = torch.jit.script(net) if scripted else torch.jit.trace(net, example)
            check(module, net, example, 'try with or without --script')
            module.save(out)
    except (RuntimeError, TypeError, NotImplementedError, AttributeError) as e:
        raise ExportError(f'cannot be exported as TorchScript at input size {size}: {first_line(e)}'
                          f'{"; try --pt2" if HAS_EXPORT else ""}') from e
    version = tuple(int(n) for n in re.findall(r'\d+', torch.__version__)[:2])
    return 'TorchScript is deprecated in this PyTorch; --pt2 writes the same network with torch.export' \
        if version >= TORCHSCRIPT_DEPRECATED else None


def save_exported(net, size, out):
    """Writes a torch.export archive for any number of images, or for one if it must be; returns a note."""
    note = None
    logging.disable(logging.ERROR)   # PyTorch logs what it also raises
    try:
        example = images(2, size)
        program = exporter.export(net, (example,), dynamic_shapes=({0: exporter.Dim('batch')},))
        check(program.module(), net, example, '')
    except Exception as e:  # the exporter raises errors of many kinds
        example = images(1, size)
        note = f'made for one image at a time, since no batch size can be left open: {first_line(e)}'
        try:
            program = exporter.export(net, (example,))
            check(program.module(), net, example, '')
        except ExportError:
            raise
        except Exception as e:
            raise ExportError(f'cannot be exported at input size {size}: {first_line(e)}') from e
    exporter.save(program, out)
    return note


def check(exported, net, example, hint):
    with torch.no_grad():
        same = torch.allclose(first_output(exported(example)), first_output(net(example)), rtol=1e-3, atol=1e-4)
    if not same:
        raise ExportError('the exported model gives other outputs than the original' + (hint and f'; {hint}'))


def first_output(y):
    return y[0] if isinstance(y, tuple) else y


def describe(a, net, known):
    d = {'channels': 'RGB', 'pixel-scale': 255, 'mean': IMAGENET_MEAN, 'std': IMAGENET_STD, 'input-size': [224, 224],
         **known}
    d.update({k: v for k, v in [('mean', a.mean), ('std', a.std), ('input-size', a.input_size)] if v})
    unknown = [n for n in a.layer or [] if n not in dict(net.named_modules())]
    if unknown:
        top = ', '.join(n for n, _ in net.named_children())
        raise ExportError(f'no layer {unknown[0]} in {a.arch or a.net}; the top ones are: {top}')
    if a.layer:
        d['layers'] = a.layer
    if a.class_names:
        d['classes'] = read_names(a.class_names, class_count(net.state_dict()))
    return d


def read_names(path, outputs):
    with open(path, encoding='utf-8') as f:
        names = [line.strip() for line in f if line.strip()]
    if len(names) != outputs:
        raise ExportError(f'{path}: {len(names)} names, but the model has {outputs} classes')
    return names


def numbers(kind, count):
    def parse(text):
        values = [kind(v) for v in text.split(',')]
        if len(values) != count:
            raise argparse.ArgumentTypeError(f'expected {count} numbers, comma between, found {text}')
        return values
    return parse


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    network = p.add_mutually_exclusive_group(required=True)
    network.add_argument('--arch', help='name in torchvision.models, such as alexnet, resnet18, densenet161')
    network.add_argument('--net', metavar='FILE.py:NAME',
                         help='a network of your own: a class or function without arguments; its file is run')
    p.add_argument('--out', required=True, help='the .pt or .pt2 file to write; the .json goes beside it')
    source = p.add_mutually_exclusive_group()
    source.add_argument('--torchvision-weights', metavar='NAME',
                        help='weights to download, such as IMAGENET1K_V1 or DEFAULT')
    source.add_argument('--checkpoint', metavar='FILE', help='.pth or .pth.tar file (with --net may be left out)')
    source.add_argument('--random-weights', action='store_true', help='untrained, for tests and baselines')
    p.add_argument('--pt2', action='store_true', help='write a torch.export archive (.pt2) in place of TorchScript')
    p.add_argument('--script', action='store_true', help='script the model instead of tracing it')
    p.add_argument('--num-classes', type=int, help='default: as in the checkpoint, else 1000')
    p.add_argument('--class-names', metavar='FILE', help='text file, one class a line, for the description')
    p.add_argument('--layer', action='append', metavar='NAME', help='layer to dissect by default; may be repeated')
    p.add_argument('--input-size', type=numbers(int, 2), metavar='H,W',
                   help='default: 224,224 or what the weights ask for')
    p.add_argument('--mean', type=numbers(float, 3), metavar='R,G,B', help='default: ImageNet, on a scale of 0 to 1')
    p.add_argument('--std', type=numbers(float, 3), metavar='R,G,B')
    p.add_argument('--seed', type=int, default=0, help='of --random-weights')
    p.add_argument('--trust', action='store_true', help='unpickle any object in the checkpoint; it may run code')
    a = p.parse_args()
    if a.arch and not (a.torchvision_weights or a.checkpoint or a.random_weights):
        p.error('--arch needs one of --torchvision-weights, --checkpoint and --random-weights')
    if a.pt2 and a.script:
        p.error('--script is for TorchScript, not for --pt2')
    return a


def main():
    a = arguments()
    try:
        if a.pt2 and not HAS_EXPORT:
            raise ExportError(f'--pt2 needs torch.export, which PyTorch {torch.__version__} does not have; 2.2 or '
                              'later has it; without --pt2 the script writes TorchScript')
        net, known = load(a)
        net.eval()
        description = describe(a, net, known)
        size = description['input-size']
        note = save_exported(net, size, a.out) if a.pt2 else save_script(net, size, a.script, a.out)
        with open(os.path.splitext(a.out)[0] + '.json', 'w', encoding='utf-8') as f:
            json.dump(description, f, indent=2)
            f.write('\n')
    except (ExportError, OSError) as e:
        sys.exit(f'export_torchscript.py: {e}')
    if note:
        print(f'export_torchscript.py: note: {note}', file=sys.stderr)
    print(f'{a.out}: {a.arch or a.net}, PyTorch {torch.__version__}, torchvision {torchvision.__version__}')


if __name__ == '__main__':
    main()
