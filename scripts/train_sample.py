#!/usr/bin/env python3
"""Trains the small network of the bundled sample and saves it as traced TorchScript.

usage:
  make_sample.py --training --out TRAIN --count 5000 --seed 2
  make_sample.py --training --out HELDOUT --count 600 --seed 3
  train_sample.py TRAIN HELDOUT [--out broden-sample] [--epochs 14] [--seed 7]

Writes OUT/scenenet.pt and OUT/scenenet.json and prints the held-out accuracy. Needs PyTorch 1.13 or later; CPU only.
"""
import argparse
import csv
import json
import os
import time

import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.nn import functional as F

MEAN, STD = [0.5, 0.5, 0.5], [0.25, 0.25, 0.25]
LAYERS = ['layer4', 'layer5']
SIZE = 224


class ConvBlock(nn.Module):
    def __init__(self, inputs, outputs, kernel, stride):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
        self.bn = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU()

    def forward(self, x):
        return self.relu(self.bn(self.conv(x)))


class ResidualBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Conv2d(inputs, outputs, 1, stride, bias=False)
        self.relu = nn.ReLU()

    def forward(self, x):
        y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        return self.relu(y + self.shortcut(x))


class SceneNet(nn.Module):
    """For 224 x 224 pictures the maps of layer4 are 28 x 28 and those of layer5 14 x 14."""

    def __init__(self, classes):
        super().__init__()
        self.layer1 = ConvBlock(3, 24, 5, 2)
        self.layer2 = ConvBlock(24, 48, 3, 2)
        self.layer3 = ConvBlock(48, 96, 3, 2)
        self.layer4 = ConvBlock(96, 128, 3, 1)
        self.layer5 = ResidualBlock(128, 160, 2)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(0.2)
        self.fc = nn.Linear(160, classes)

    def forward(self, x):
        x = self.layer5(self.layer4(self.layer3(self.layer2(self.layer1(x)))))
        return self.fc(self.dropout(torch.flatten(self.pool(x), 1)))


def load(folder, classes):
    with open(os.path.join(folder, 'list.csv'), newline='') as f:
        rows = list(csv.DictReader(f))
    images = np.empty((len(rows), 3, SIZE, SIZE), np.uint8)
    for i, row in enumerate(rows):
        images[i] = np.asarray(Image.open(os.path.join(folder, row['image'])).convert('RGB')).transpose(2, 0, 1)
    return torch.from_numpy(images), torch.tensor([classes.index(r['class']) for r in rows])


def normalize(x):
    shape = (1, 3, 1, 1)
    return (x.float() / 255 - torch.tensor(MEAN).view(shape)) / torch.tensor(STD).view(shape)


def augment(x, crop):
    """Random window, scale and flip for each picture of the batch, then light, contrast and colour cast."""
    n = len(x)
    scale = torch.empty(n).uniform_(0.8, 1.25) * crop / SIZE
    shift = (1 - scale).clamp(min=0)
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0] = scale * torch.where(torch.rand(n) < 0.5, -1.0, 1.0)
    theta[:, 1, 1] = scale
    theta[:, :, 2] = torch.empty(n, 2).uniform_(-1, 1) * shift[:, None]
    grid = F.affine_grid(theta, (n, 3, crop, crop), align_corners=False)
    x = F.grid_sample(x, grid, padding_mode='reflection', align_corners=False)
    gain = torch.empty(n, 1, 1, 1).uniform_(0.75, 1.3) * torch.empty(n, 3, 1, 1).uniform_(0.85, 1.15)
    return x * gain + torch.empty(n, 3, 1, 1).uniform_(-0.2, 0.2)


def accuracy(net, images, labels):
    net.eval()
    with torch.no_grad():
        guess = torch.cat([net(normalize(images[i:i + 50])).argmax(1) for i in range(0, len(images), 50)])
    return (guess == labels).float().mean().item(), guess


def train(net, images, labels, epochs, crop, batch=40):
    steps = epochs * (len(images) // batch)
    optimizer = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=3e-3, total_steps=steps)
    for epoch in range(epochs):
        net.train()
        start, total = time.time(), 0.0
        for chosen in torch.randperm(len(images))[:len(images) // batch * batch].view(-1, batch):
            x = augment(normalize(images[chosen]), crop)
            loss = F.cross_entropy(net(x), labels[chosen], label_smoothing=0.05)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item() * batch
        print(f'epoch {epoch + 1}: loss {total / len(images):.3f}, {time.time() - start:.0f} s', flush=True)


def save(net, classes, out):
    net.eval()
    example = torch.zeros(1, 3, SIZE, SIZE)
    with torch.no_grad():
        torch.jit.trace(net, example).save(os.path.join(out, 'scenenet.pt'))
    described = {'channels': 'RGB', 'pixel-scale': 255, 'mean': MEAN, 'std': STD, 'input-size': [SIZE, SIZE],
                 'layers': LAYERS, 'classes': classes}
    with open(os.path.join(out, 'scenenet.json'), 'w') as f:
        json.dump(described, f, indent=2)
        f.write('\n')


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('train', help='training set of make_sample.py --training')
    p.add_argument('heldout', help='a set drawn with another seed, for the accuracy')
    p.add_argument('--out', default='broden-sample', help='folder for scenenet.pt and scenenet.json')
    p.add_argument('--epochs', type=int, default=14)
    p.add_argument('--crop', type=int, default=160, help='side of the training windows in pixels')
    p.add_argument('--seed', type=int, default=7)
    p.add_argument('--threads', type=int, default=2)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    with open(os.path.join(a.train, 'classes.txt')) as f:
        classes = f.read().split()
    images, labels = load(a.train, classes)
    net = SceneNet(len(classes))
    train(net, images, labels, a.epochs, a.crop)
    save(net, classes, a.out)
    held, truth = load(a.heldout, classes)
    share, guess = accuracy(net, held, truth)
    for i, name in enumerate(classes):
        print(f'{name}: {(guess[truth == i] == i).float().mean().item():.2f}')
    print(f'held-out accuracy {share:.4f} on {len(held)} images')


if __name__ == '__main__':
    main()
