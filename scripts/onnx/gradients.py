#!/usr/bin/python3
"""True gradients of the classifiers in core/testing/models/, by PyTorch's own differentiation in float64: the oracle of
core/onnx/gradient. Debian 12: python3-torch 1.13.1, libopenblas0-openmp.

  /usr/bin/python3 scripts/onnx/gradients.py      # writes core/testing/gradients/expected.json

The loss is the mean cross-entropy of ROWS samples with labels i mod classes. Of a large tensor a few entries stand for all; the norm
is that of the whole.
"""
import json
import pathlib

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn

import oracles
from oracles import ROWS, features, randomise

OUT = pathlib.Path(__file__).resolve().parents[2] / 'core' / 'testing' / 'gradients' / 'expected.json'
ENTRIES = 24
expected = {}


def summary(gradient):
    flat = gradient.detach().numpy().ravel()
    stride = max(1, len(flat) // ENTRIES)
    return {'norm': float(f'{np.linalg.norm(flat):.9g}'), 'stride': stride, 'values': [float(f'{x:.9g}') for x in flat[::stride]]}


def gradients(name, model, shape, tensors, logits=None):
    x = torch.from_numpy(features((ROWS, *shape))).double()
    out = (model if logits is None else logits)(x)
    loss = nn.functional.cross_entropy(out, torch.arange(ROWS) % out.shape[1])
    loss.backward()
    expected[name] = {'loss': float(f'{loss.item():.9g}'), 'tensors': {key: summary(make()) for key, make in tensors.items()}}


def tensors_of(name, model):
    """
    The file's weights, found among the model's parameters by their names or, where the exporter turned them, by their values. Of
    parameters that start equal (scales of 1, shifts of 0) the exporter keeps one for all: its gradient is the sum of theirs.
    """
    found, names = {}, dict(model.named_parameters())
    graph = onnx.load(str(oracles.OUT / f'{name}.onnx')).graph
    for initializer in graph.initializer:
        values = numpy_helper.to_array(initializer)
        if initializer.name in names:
            equal = [it for it in names.values() if it.shape == values.shape and np.array_equal(it.detach().float().numpy(), values)]
            found[initializer.name] = lambda equal=equal: sum(it.grad for it in equal)
            continue
        for parameter in model.parameters():
            own = parameter.detach().float().numpy()
            if own.ndim == 2 and own.T.shape == values.shape and np.array_equal(own.T, values):
                found[initializer.name] = lambda p=parameter: p.grad.T.contiguous()
    return found


def exported(name, make, shape, seed=1, logits=None):
    torch.manual_seed(seed)
    model = randomise(make(), seed)
    tensors = tensors_of(name, model)
    gradients(name, model.double(), shape, tensors, logits and (lambda x: logits(model, x)))


def built_in(name, shape, scale, **layers):
    """The model of that name, layer by layer, with weights scale ((53 j + 7) mod 103 / 51 - 1), j over all parameters."""
    modules, at = nn.ModuleDict(layers), 0
    for parameter in modules.parameters():
        count = parameter.numel()
        values = scale * (((53 * np.arange(at, at + count) + 7) % 103) / 51 - 1)
        parameter.data.copy_(torch.from_numpy(values.astype(np.float32)).view(parameter.shape))
        at += count
    modules.double()
    relu, pool = torch.relu, lambda x: torch.max_pool2d(x, 2)
    m = modules
    forward = {
        'softmax': lambda x: m['linear'](x.flatten(1)),
        'mlp': lambda x: m['linear2'](relu(m['linear1'](x.flatten(1)))),
        'cnn-mnist': lambda x: m['linear'](pool(relu(m['conv2'](pool(relu(m['conv1'](x)))))).flatten(1)),
        'cnn-fashion': lambda x: m['linear2'](relu(m['linear1'](pool(relu(m['conv2'](relu(m['conv1'](x))))).flatten(1)))),
    }[name]
    tensors = {key: (lambda p=parameter: p.grad) for key, parameter in modules.named_parameters()}
    gradients(name, modules, shape, tensors, forward)
    expected[name]['scale'] = scale


def main():
    torch.set_num_threads(1)
    shape = (3, 4, 4)
    for opset in (11, 13, 17):
        exported(f'mlp-opset{opset}', oracles.Mlp, shape)
    exported('batchnorm-cnn', oracles.BatchNormCnn, (3, 8, 8))
    exported('softmax-cnn', oracles.SoftmaxCnn, (3, 8, 8), logits=lambda m, x: m.logits(x))
    exported('logsoftmax-mlp', oracles.Mlp, shape)
    exported('transformer', oracles.Transformer, shape)
    exported('tied-mlp', oracles.Tied, shape)
    exported('fixed-batch', oracles.FixedBatch, shape)
    image = (1, 28, 28)
    built_in('softmax', image, 0.1, linear=nn.Linear(784, 10))
    built_in('mlp', image, 0.1, linear1=nn.Linear(784, 32), linear2=nn.Linear(32, 10))
    built_in('cnn-mnist', image, 0.1, conv1=nn.Conv2d(1, 16, 5, padding=2), conv2=nn.Conv2d(16, 32, 5, padding=2), linear=nn.Linear(1568, 10))
    built_in('cnn-fashion', image, 0.05, conv1=nn.Conv2d(1, 32, 3), conv2=nn.Conv2d(32, 64, 3), linear1=nn.Linear(9216, 128), linear2=nn.Linear(128, 62))
    OUT.write_text(json.dumps(expected, separators=(',', ':')) + '\n')


main()
