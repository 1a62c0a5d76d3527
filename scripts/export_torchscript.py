#!/usr/bin/env python3
"""Exports a torchvision model to TorchScript, with the JSON description that netdissect reads beside it.

usage:
  export_torchscript.py --arch resnet50 --torchvision-weights IMAGENET1K_V1 --out resnet50.pt   (downloads)
  export_torchscript.py --arch resnet18 --checkpoint resnet18_places365.pth.tar --out resnet18-places.pt
  export_torchscript.py --arch vgg16 --checkpoint vgg16.pth --class-names names.txt --layer features.29 --out vgg16.pt
  export_torchscript.py --arch resnet18 --random-weights --out random.pt

A checkpoint is a state_dict, or a dictionary that holds one as 'state_dict' (as the Places365 releases do); 'module.'
in its names is removed. Needs PyTorch 1.13 and torchvision 0.14, or later.
"""
import argparse
import json
import os
import re
import sys

import torch
import torchvision
from torchvision import models

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
        hint = '' if trust else '; if it holds other objects and you trust it, add --trust'
        raise ExportError(f'{path}: cannot be read as a checkpoint: {first_line(e)}{hint}') from e
    state = content.get('state_dict', content) if isinstance(content, dict) else None
    if not state or not all(isinstance(v, torch.Tensor) for v in state.values()):
        raise ExportError(f'{path}: expected a state_dict, or a dictionary with one as "state_dict"')
    return {plain_name(k): v for k, v in state.items()}


def plain_name(name):
    """Removes DataParallel's 'module' (also inside: features.module.0), and renames old densenets' layers as torchvision does."""
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


def load_checkpoint(arch, path, num_classes, trust):
    state = read_state(path, trust)
    net = build(arch, num_classes or class_count(state))
    try:
        missing, unexpected = net.load_state_dict(state, strict=False)
    except RuntimeError as e:
        detail = str(e).splitlines()[-1].strip()
        raise ExportError(f'{path}: does not fit {arch}: {detail}') from e
    missing = [k for k in missing if not k.endswith('num_batches_tracked')]   # absent before PyTorch 0.4.1
    if missing or unexpected:
        wrong = f'{len(missing)} tensors missing, {len(unexpected)} unknown, such as {(missing + unexpected)[0]}'
        raise ExportError(f'{path}: does not fit {arch}: {wrong}')
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
    known = models.list_models(module=models)
    if a.arch not in known:
        raise ExportError(f'no torchvision classification model {a.arch}; there are: {", ".join(known)}')
    if a.random_weights:
        torch.manual_seed(a.seed)
        return build(a.arch, a.num_classes or 1000), {}
    if a.checkpoint:
        return load_checkpoint(a.arch, a.checkpoint, a.num_classes, a.trust)
    return load_torchvision(a.arch, a.torchvision_weights)


def to_script(net, size, scripted):
    example = torch.rand(1, 3, *size, generator=torch.Generator().manual_seed(0))
    try:
        with torch.no_grad():
            module = torch.jit.script(net) if scripted else torch.jit.trace(net, example)
            if not torch.allclose(first_output(module(example)), first_output(net(example)), rtol=1e-3, atol=1e-4):
                raise ExportError('the exported model gives other outputs than the original; try with or without --script')
    except (RuntimeError, TypeError, NotImplementedError) as e:
        raise ExportError(f'cannot be exported at input size {size}: {first_line(e)}') from e
    return module


def first_output(y):
    return y[0] if isinstance(y, tuple) else y


def describe(a, net, known):
    d = {'channels': 'RGB', 'pixel-scale': 255, 'mean': IMAGENET_MEAN, 'std': IMAGENET_STD, 'input-size': [224, 224],
         **known}
    d.update({k: v for k, v in [('mean', a.mean), ('std', a.std), ('input-size', a.input_size)] if v})
    unknown = [n for n in a.layer or [] if n not in dict(net.named_modules())]
    if unknown:
        top = ', '.join(n for n, _ in net.named_children())
        raise ExportError(f'no layer {unknown[0]} in {a.arch}; the top ones are: {top}')
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
    p.add_argument('--arch', required=True, help='name in torchvision.models, such as alexnet, resnet18, densenet161')
    p.add_argument('--out', required=True, help='the .pt file to write; the .json goes beside it')
    source = p.add_mutually_exclusive_group(required=True)
    source.add_argument('--torchvision-weights', metavar='NAME',
                        help='weights to download, such as IMAGENET1K_V1 or DEFAULT')
    source.add_argument('--checkpoint', metavar='FILE', help='.pth or .pth.tar file')
    source.add_argument('--random-weights', action='store_true', help='untrained, for tests and baselines')
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
    return p.parse_args()


def main():
    a = arguments()
    try:
        net, known = load(a)
        net.eval()
        description = describe(a, net, known)
        to_script(net, description['input-size'], a.script).save(a.out)
        with open(os.path.splitext(a.out)[0] + '.json', 'w', encoding='utf-8') as f:
            json.dump(description, f, indent=2)
            f.write('\n')
    except (ExportError, OSError) as e:
        sys.exit(f'export_torchscript.py: {e}')
    print(f'{a.out}: {a.arch}, PyTorch {torch.__version__}, torchvision {torchvision.__version__}')


if __name__ == '__main__':
    main()
