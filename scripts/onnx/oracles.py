#!/usr/bin/python3
"""Makes the ONNX files and expected logits of core/testing/models/: classifiers exported by PyTorch, and a few written by hand
with onnx.helper for what PyTorch does not export. Debian 12: python3-torch 1.13.1, python3-onnx 1.12.0, libopenblas0-openmp.

  /usr/bin/python3 scripts/onnx/oracles.py        # writes core/testing/models/*.onnx and expected.json
"""
import io
import json
import os
import pathlib

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

OUT = pathlib.Path(__file__).resolve().parents[2] / 'core' / 'testing' / 'models'
ROWS = 4
expected = {}


def features(shape):
    """Features that any program can make again: x_i = ((37 i + 11) mod 101) / 50 - 1."""
    count = int(np.prod(shape))
    return (((37 * np.arange(count) + 11) % 101) / 50 - 1).astype(np.float32).reshape(shape)


def randomise(model, seed):
    """PyTorch's own initialisation, with statistics of BatchNorm that are not the trivial 0 and 1."""
    generator = torch.Generator().manual_seed(seed)
    for module in model.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            for tensor in (module.running_mean, module.bias):
                tensor.data.copy_(torch.randn(tensor.shape, generator=generator) * 0.3)
            for tensor in (module.running_var, module.weight):
                tensor.data.copy_(0.5 + torch.rand(tensor.shape, generator=generator))
    return model.eval()


def record(name, shape, logits, **more):
    expected[name] = {'featureShape': list(shape), 'rows': ROWS, 'logits': [float(np.float32(x)) for x in np.asarray(logits).ravel()], **more}


def export(name, model, shape, opset, dynamic=True, logits=None, seed=1, **options):
    torch.manual_seed(seed)
    model = randomise(model(), seed)
    x = torch.from_numpy(features((ROWS, *shape)))
    with torch.no_grad():
        record(name, shape, model(x) if logits is None else logits(model, x))
    torch.onnx.export(
        model, x if dynamic else x[:1], str(OUT / f'{name}.onnx'), opset_version=opset, input_names=['input'], output_names=['output'],
        dynamic_axes={'input': {0: 'batch'}, 'output': {0: 'batch'}} if dynamic else None, **options)


class Mlp(nn.Module):
    def __init__(self, end=nn.Identity):
        super().__init__()
        self.logits = nn.Sequential(nn.Flatten(), nn.Linear(48, 16), nn.ReLU(), nn.Linear(16, 12), nn.Tanh(), nn.Linear(12, 5))
        self.end = end()

    def forward(self, x):
        return self.end(self.logits(x))


class BatchNormCnn(nn.Module):
    """Convolutions without bias before BatchNorm, a residual sum, global pooling: the usual small ResNet."""

    def __init__(self):
        super().__init__()
        self.stem, self.n1 = nn.Conv2d(3, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8)
        self.body, self.n2 = nn.Conv2d(8, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8)
        self.head = nn.Linear(8, 5)

    def forward(self, x):
        x = torch.relu(self.n1(self.stem(x)))
        x = x + torch.relu(self.n2(self.body(x)))
        return self.head(x.mean((2, 3)))


class SoftmaxCnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.linear = nn.Conv2d(3, 6, 3), nn.Linear(6, 5)
        self.register_buffer('mean', torch.tensor([0.1, 0.2, 0.3]).view(1, 3, 1, 1))

    def logits(self, x):
        x = torch.relu(self.conv((x - self.mean) / 0.25))
        return self.linear(nn.functional.max_pool2d(x, 2).flatten(1).view(x.shape[0], 6, -1).mean(2))

    def forward(self, x):
        return torch.softmax(self.logits(x), 1)


class Transformer(nn.Module):
    """One attention block with LayerNorm, GELU, a class token, learned positions and a head tied to nothing; MatMul, not Gemm."""

    def __init__(self):
        super().__init__()
        self.embed, self.token = nn.Linear(12, 8), nn.Parameter(torch.randn(1, 1, 8))
        self.positions = nn.Parameter(torch.randn(1, 5, 8))
        self.n1, self.n2 = nn.LayerNorm(8), nn.LayerNorm(8)
        self.q, self.k, self.v, self.o = (nn.Linear(8, 8) for _ in range(4))
        self.up, self.down, self.head = nn.Linear(8, 16), nn.Linear(16, 8), nn.Linear(8, 5)

    def forward(self, x):
        x = self.embed(x.flatten(2).reshape(-1, 4, 12))
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.positions
        y = self.n1(x)
        w = torch.softmax(self.q(y) @ self.k(y).transpose(1, 2) / 8 ** 0.5, -1)
        x = x + self.o(w @ self.v(y))
        x = x + self.down(nn.functional.gelu(self.up(self.n2(x))))
        return self.head(x[:, 0])


class Tied(nn.Module):
    """The same matrix used twice."""

    def __init__(self):
        super().__init__()
        self.inner, self.head = nn.Linear(48, 48), nn.Linear(48, 5)

    def forward(self, x):
        x = x.flatten(1)
        return self.head(torch.relu(self.inner(torch.relu(self.inner(x)))))


class FixedBatch(nn.Module):
    """Reshapes with a batch of one written into the file."""

    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(48, 8), nn.Linear(8, 5)

    def forward(self, x):
        n = int(x.shape[0])
        x = torch.relu(self.a(x.reshape(n, 48)))
        return self.b(x.reshape(n, 2, 4).reshape(n, -1))


def save(name, graph, opset=17, ir=8, **more):
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', opset), *more.get('opsets', [])])
    model.ir_version = ir
    onnx.save(model, str(OUT / f'{name}.onnx'), **more.get('saving', {}))
    return model


def weight(name, *shape, seed=3, dtype=np.float32, scale=0.3):
    return numpy_helper.from_array((np.random.RandomState(seed).randn(*shape) * scale).astype(dtype), name)


def value(name, *shape, dtype=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, dtype, shape)


def by_hand():
    """Files that PyTorch would not write."""
    x = features((ROWS, 6))

    # IR version 3: weights are inputs too. Opset 8: no GatherElements, Reshape and Gemm of old forms. Names that collide with ours.
    w, b = weight('labels', 6, 3), weight('losses', 3, seed=4)
    graph = helper.make_graph(
        [helper.make_node('Gemm', ['features', 'labels', 'losses'], ['loss_shape'], name='log_probabilities')], 'old',
        [value('features', 'n', 6), value('labels', 6, 3), value('losses', 3)], [value('loss_shape', 'n', 3)], [w, b])
    save('ir3-opset8', graph, opset=8, ir=3)
    record('ir3-opset8', [6], x @ numpy_helper.to_array(w) + numpy_helper.to_array(b))

    # Weights in Constant nodes, a matrix behind a Transpose, LogSoftmax at the end, a scalar scale, and logits as [rows, classes, 1, 1].
    w, b = weight('w', 3, 6), weight('b', 3, seed=4)
    constant = lambda name, tensor: helper.make_node('Constant', [], [name], value=tensor)
    half = numpy_helper.from_array(np.float32(0.5), 'half')
    graph = helper.make_graph(
        [constant('w_value', w), constant('b_value', b), constant('half_value', half),
         helper.make_node('Transpose', ['w_value'], ['w_t'], perm=[1, 0]), helper.make_node('MatMul', ['x', 'w_t'], ['product']),
         helper.make_node('Mul', ['product', 'half_value'], ['scaled']), helper.make_node('Add', ['scaled', 'b_value'], ['sum']),
         helper.make_node('LogSoftmax', ['sum'], ['output'], axis=-1)], 'constants', [value('x', 'n', 6)], [value('output', 'n', 3)])
    save('constants', graph)
    record('constants', [6], x @ numpy_helper.to_array(w).T * 0.5 + numpy_helper.to_array(b))

    w = weight('w', 3, 6, 1, 1)
    graph = helper.make_graph(
        [helper.make_node('Conv', ['x', 'w'], ['output'])], 'trailing', [value('x', 'n', 6, 1, 1)], [value('output', 'n', 3, 1, 1)], [w])
    save('trailing-ones', graph)
    record('trailing-ones', [6, 1, 1], x @ numpy_helper.to_array(w)[:, :, 0, 0].T)

    # Tensors in a file beside the model.
    w, b = weight('w', 6, 3), weight('b', 3, seed=4)
    graph = helper.make_graph(
        [helper.make_node('Gemm', ['x', 'w', 'b'], ['output'])], 'external', [value('x', 'n', 6)], [value('output', 'n', 3)], [w, b])
    (OUT / 'external.bin').unlink(missing_ok=True)
    save('external', graph, saving=dict(save_as_external_data=True, location='external.bin', size_threshold=0))
    record('external', [6], x @ numpy_helper.to_array(w) + numpy_helper.to_array(b))

    # float16 inside: nothing to train yet.
    w = weight('w', 6, 3, dtype=np.float16)
    graph = helper.make_graph(
        [helper.make_node('Cast', ['x'], ['x16'], to=TensorProto.FLOAT16), helper.make_node('MatMul', ['x16', 'w'], ['y16']),
         helper.make_node('Cast', ['y16'], ['output'], to=TensorProto.FLOAT)], 'half', [value('x', 'n', 6)], [value('output', 'n', 3)], [w])
    save('float16', graph)

    # Quantised weights.
    q = numpy_helper.from_array(np.arange(18).astype(np.int8).reshape(6, 3), 'w_q')
    scale, zero = numpy_helper.from_array(np.float32(0.1), 'w_scale'), numpy_helper.from_array(np.int8(0), 'w_zero')
    graph = helper.make_graph(
        [helper.make_node('DequantizeLinear', ['w_q', 'w_scale', 'w_zero'], ['w']), helper.make_node('MatMul', ['x', 'w'], ['output'])],
        'quantised', [value('x', 'n', 6)], [value('output', 'n', 3)], [q, scale, zero])
    save('quantised', graph)

    # Logits that are not there: the file answers with the class alone.
    w = weight('w', 6, 3)
    graph = helper.make_graph(
        [helper.make_node('MatMul', ['x', 'w'], ['scores']), helper.make_node('ArgMax', ['scores'], ['output'], axis=1, keepdims=0)],
        'argmax', [value('x', 'n', 6)], [value('output', 'n', dtype=TensorProto.INT64)], [w])
    save('argmax', graph)

    # A batch of two written into more than Reshapes: Expand can't be freed.
    shape = numpy_helper.from_array(np.array([2, 6], np.int64), 'shape')
    graph = helper.make_graph(
        [helper.make_node('Expand', ['x', 'shape'], ['wide']), helper.make_node('MatMul', ['wide', 'w'], ['output'])],
        'stuck', [value('x', 2, 6)], [value('output', 2, 3)], [w, shape])
    save('stuck-batch', graph)

    # A classical classifier as scikit-learn's exporter writes it.
    pairs = onnx.TypeProto()
    pairs.sequence_type.elem_type.map_type.key_type = TensorProto.INT64
    pairs.sequence_type.elem_type.map_type.value_type.tensor_type.elem_type = TensorProto.FLOAT
    graph = helper.make_graph(
        [helper.make_node('LinearClassifier', ['x'], ['label', 'scores'], domain='ai.onnx.ml', coefficients=[0.1] * 18, intercepts=[0.0] * 3,
                          classlabels_ints=[0, 1, 2]),
         helper.make_node('ZipMap', ['scores'], ['probabilities'], domain='ai.onnx.ml', classlabels_int64s=[0, 1, 2])],
        'classical', [value('x', 'n', 6)],
        [value('label', 'n', dtype=TensorProto.INT64),
         helper.make_value_info('probabilities', pairs)])
    save('classical', graph, opsets=[helper.make_opsetid('ai.onnx.ml', 2)])


def built_in():
    """cnn-mnist in PyTorch with weights that any program can make again: w_j = 0.1 ((53 j + 7) mod 103 / 51 - 1), j over all parameters."""

    class ConvSmall(nn.Module):
        def __init__(self):
            super().__init__()
            self.a, self.b, self.out = nn.Conv2d(1, 16, 5, padding=2), nn.Conv2d(16, 32, 5, padding=2), nn.Linear(1568, 10)

        def forward(self, x):
            x = torch.max_pool2d(torch.relu(self.a(x)), 2)
            return self.out(torch.max_pool2d(torch.relu(self.b(x)), 2).flatten(1))

    model, at = ConvSmall(), 0
    for parameter in model.parameters():
        count = parameter.numel()
        values = 0.1 * (((53 * np.arange(at, at + count) + 7) % 103) / 51 - 1)
        parameter.data.copy_(torch.from_numpy(values.astype(np.float32)).view(parameter.shape))
        at += count
    with torch.no_grad():
        record('cnn-mnist', [1, 28, 28], model(torch.from_numpy(features((ROWS, 1, 28, 28)))), dim=at)


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    os.chdir(OUT)
    torch.set_num_threads(1)
    shape = (3, 4, 4)
    for opset in (11, 13, 17):
        export(f'mlp-opset{opset}', Mlp, shape, opset)
    export('batchnorm-cnn', BatchNormCnn, (3, 8, 8), 13, do_constant_folding=False, training=torch.onnx.TrainingMode.PRESERVE)
    export('softmax-cnn', SoftmaxCnn, (3, 8, 8), 12, logits=lambda m, x: m.logits(x))
    export('logsoftmax-mlp', lambda: Mlp(lambda: nn.LogSoftmax(1)), shape, 9, logits=lambda m, x: m.logits(x))
    export('transformer', Transformer, shape, 14)
    export('tied-mlp', Tied, shape, 13)
    export('fixed-batch', FixedBatch, shape, 13, dynamic=False)
    by_hand()
    built_in()
    (OUT / 'expected.json').write_text(json.dumps(expected, separators=(',', ':')) + '\n')


if __name__ == '__main__':
    main()
