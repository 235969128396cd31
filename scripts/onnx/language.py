#!/usr/bin/python3
"""Makes core/testing/models/language/: the logits that PyTorch gets for OPT's architecture with weights of a formula, and small decoders
of other families exported by torch.onnx, with their logits. Debian 12: python3-torch 1.13.1, python3-onnx 1.12.0.

  /usr/bin/python3 scripts/onnx/language.py
"""
import json
import math
import pathlib

import numpy as np
import onnx
from onnx import helper, numpy_helper
import torch
import torch.nn.functional as F
from torch import nn

OUT = pathlib.Path(__file__).resolve().parents[2] / 'core' / 'testing' / 'models' / 'language'
OUT.mkdir(exist_ok=True)
torch.set_grad_enabled(False)
expected = {}
VOCABULARY, ROWS, LENGTH = 13, 2, 5
IDS = torch.tensor([[(3 * row + 5 * at + 2) % VOCABULARY for at in range(LENGTH)] for row in range(ROWS)])


def formula(order, shape, offset=0.0):
    """Weights that any program can make again: ((37 i + 17 order + 11) mod 101) / 101 - 0.5."""
    i = np.arange(int(np.prod(shape)))
    return torch.from_numpy((((37 * i + 17 * order + 11) % 101) / 101 - 0.5 + offset).astype(np.float32).reshape(shape))


class Opt(nn.Module):
    """facebook/opt as in transformers' OPTModel: norms first, or last as in 350m; projections where the embeddings are narrower."""

    def __init__(self, layers, hidden, heads, ffn, vocabulary, positions, embedding=None, norm_last=False):
        super().__init__()
        self.heads, self.norm_last, self.hidden = heads, norm_last, hidden
        embedding = embedding or hidden
        self.narrow = embedding != hidden
        order = iter(range(10 ** 6))
        matrix = lambda inputs, outputs: formula(next(order), (inputs, outputs))
        vector = lambda size, offset=0.0: formula(next(order), (size,), offset)
        norm = lambda: (vector(hidden, 1.0), vector(hidden))
        linear = lambda inputs, outputs: (matrix(inputs, outputs), vector(outputs))
        # The order in which the graph declares its weights.
        self.tokens = matrix(vocabulary, embedding)
        self.positions = matrix(positions + 2, hidden)
        self.inward = matrix(embedding, hidden) if self.narrow else None
        self.layers = []
        for _ in range(layers):
            if norm_last:
                attention = [linear(hidden, hidden) for _ in range(4)]
                first = norm()
                dense = linear(hidden, ffn), linear(ffn, hidden)
                last = norm()
            else:
                first = norm()
                attention = [linear(hidden, hidden) for _ in range(4)]
                last = norm()
                dense = linear(hidden, ffn), linear(ffn, hidden)
            self.layers.append((first, attention, last, dense))
        self.final = None if norm_last else norm()
        self.outward = matrix(hidden, embedding) if self.narrow else None

    def forward(self, ids, mask):
        rows, length = ids.shape
        apply = lambda x, layer: x @ layer[0] + layer[1]
        norm = lambda x, layer: F.layer_norm(x, (self.hidden,), *layer)
        places = (mask.cumsum(1) * mask - 1) + 2
        x = self.tokens[ids]
        x = (x @ self.inward if self.narrow else x) + self.positions[places]
        allowed = torch.tril(torch.ones(length, length)).bool() & mask.bool()[:, None, None, :]
        bias = torch.where(allowed, 0.0, torch.finfo(torch.float32).min)
        split = lambda y: y.view(rows, length, self.heads, -1).transpose(1, 2)
        for first, (q, k, v, o), last, (up, down) in self.layers:
            y = x if self.norm_last else norm(x, first)
            scaled = apply(y, q) * (self.hidden // self.heads) ** -0.5
            shares = F.softmax(split(scaled) @ split(apply(y, k)).transpose(2, 3) + bias, -1)
            x = x + apply((shares @ split(apply(y, v))).transpose(1, 2).reshape(rows, length, -1), o)
            x = norm(x, first) if self.norm_last else x
            y = x if self.norm_last else norm(x, last)
            x = x + apply(F.relu(apply(y, up)), down)
            x = norm(x, last) if self.norm_last else x
        x = x if self.final is None else norm(x, self.final)
        return (x @ self.outward if self.narrow else x) @ self.tokens.T


def earlier(length):
    """1 where a place may look; tril has no ONNX form before opset 14."""
    at = torch.arange(length)
    return (at[:, None] >= at[None]).to(torch.float32)


class Gpt(nn.Module):
    """GPT-2's form: one layer for query, key and value, learned positions, GELU, tied output."""

    def __init__(self, hidden=16, heads=2, layers=2, positions=24):
        super().__init__()
        self.heads, self.size = heads, hidden // heads
        self.wte, self.wpe = nn.Embedding(VOCABULARY, hidden), nn.Embedding(positions, hidden)
        block = lambda: nn.ModuleDict(dict(
            ln_1=nn.LayerNorm(hidden), c_attn=nn.Linear(hidden, 3 * hidden), c_proj=nn.Linear(hidden, hidden),
            ln_2=nn.LayerNorm(hidden), c_fc=nn.Linear(hidden, 4 * hidden), mlp_proj=nn.Linear(4 * hidden, hidden)))
        self.h = nn.ModuleList([block() for _ in range(layers)])
        self.ln_f = nn.LayerNorm(hidden)

    def forward(self, input_ids, attention_mask):
        rows, length = input_ids.shape
        x = self.wte(input_ids) + self.wpe(torch.arange(length).unsqueeze(0))
        causal = earlier(length)
        allowed = causal[None, None] * attention_mask[:, None, None, :].to(torch.float32)
        for b in self.h:
            q, k, v = b['c_attn'](b['ln_1'](x)).split(self.heads * self.size, 2)
            split = lambda y: y.view(rows, length, self.heads, -1).transpose(1, 2)
            scores = split(q) @ split(k).transpose(2, 3) / math.sqrt(self.size)
            shares = F.softmax(scores + (1 - allowed) * -1e9, -1)
            x = x + b['c_proj']((shares @ split(v)).transpose(1, 2).reshape(rows, length, -1))
            x = x + b['mlp_proj'](F.gelu(b['c_fc'](b['ln_2'](x))))
        return self.ln_f(x) @ self.wte.weight.T


class RmsNorm(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))

    def forward(self, x):
        return self.weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6))


class Llama(nn.Module):
    """Llama's form: RMS norms, rotated queries and keys (fewer key heads than query heads), SwiGLU, no biases, an output of its own."""

    def __init__(self, hidden=16, heads=4, key_heads=2, layers=2):
        super().__init__()
        self.heads, self.key_heads, self.size = heads, key_heads, hidden // heads
        self.embed_tokens = nn.Embedding(VOCABULARY, hidden)
        linear = lambda inputs, outputs: nn.Linear(inputs, outputs, bias=False)
        block = lambda: nn.ModuleDict(dict(
            input_layernorm=RmsNorm(hidden), q_proj=linear(hidden, hidden), k_proj=linear(hidden, key_heads * self.size),
            v_proj=linear(hidden, key_heads * self.size), o_proj=linear(hidden, hidden), post_norm=RmsNorm(hidden),
            gate_proj=linear(hidden, 24), up_proj=linear(hidden, 24), down_proj=linear(24, hidden)))
        self.layers = nn.ModuleList([block() for _ in range(layers)])
        self.norm, self.lm_head = RmsNorm(hidden), linear(hidden, VOCABULARY)
        self.register_buffer('inv_freq', 1.0 / 10000 ** (torch.arange(0, self.size, 2).float() / self.size))

    def forward(self, input_ids, attention_mask, position_ids):
        rows, length = input_ids.shape
        x = self.embed_tokens(input_ids)
        angles = position_ids[:, :, None].to(torch.float32) @ self.inv_freq[None, None, :]
        angles = torch.cat([angles, angles], -1)[:, None]
        cos, sin = angles.cos(), angles.sin()

        def rotate(y):
            half = y.shape[-1] // 2
            return y * cos + torch.cat([-y[..., half:], y[..., :half]], -1) * sin

        causal = earlier(length)
        bias = (1 - causal[None, None] * attention_mask[:, None, None, :].to(torch.float32)) * -1e9
        for b in self.layers:
            y = b['input_layernorm'](x)
            split = lambda z, heads: z.view(rows, length, heads, self.size).transpose(1, 2)
            wide = lambda z: z[:, :, None].expand(rows, self.key_heads, self.heads // self.key_heads, length, self.size).reshape(rows, self.heads, length, self.size)
            q, k = rotate(split(b['q_proj'](y), self.heads)), wide(rotate(split(b['k_proj'](y), self.key_heads)))
            v = wide(split(b['v_proj'](y), self.key_heads))
            shares = F.softmax(q @ k.transpose(2, 3) / math.sqrt(self.size) + bias, -1)
            x = x + b['o_proj']((shares @ v).transpose(1, 2).reshape(rows, length, -1))
            y = b['post_norm'](x)
            x = x + b['down_proj'](F.silu(b['gate_proj'](y)) * b['up_proj'](y))
        return self.lm_head(self.norm(x))


def record(name, logits, **more):
    expected[name] = {**more, 'logits': [float(np.float32(x)) for x in np.asarray(logits).ravel()]}


def export(name, model, opset, inputs, **options):
    """`inputs`: names to example tensors; rows and lengths stay open."""
    torch.manual_seed(5)
    model = model().eval()
    for tensor in model.parameters():
        tensor.data.mul_(1.5)
    record(name, model(*inputs.values()), inputs=list(inputs))
    path = str(OUT / f'{name}.onnx')
    axes = {it: {0: 'rows', 1: 'length'} for it in [*inputs, 'logits']}
    torch.onnx.export(model, tuple(inputs.values()), path, opset_version=opset, input_names=list(inputs), output_names=['logits'],
                      dynamic_axes=axes, **options)
    return model


def main():
    mask = torch.tensor([[1, 1, 1, 1, 1], [0, 0, 1, 1, 1]])
    shape = dict(layers=2, hidden=8, heads=2, ffn=12, vocabulary=VOCABULARY, positions=9)
    for name, more in {'opt': {}, 'opt-norm-last': dict(embedding=6, norm_last=True)}.items():
        model = Opt(**shape, **more)
        record(name, model(IDS, torch.ones_like(IDS)), padded=[float(x) for x in model(IDS, mask)[1, 2:].ravel()])
    whole = torch.ones_like(IDS)
    places = torch.arange(LENGTH).repeat(ROWS, 1)
    export('gpt-opset13', Gpt, 13, dict(input_ids=IDS, attention_mask=whole))
    export('gpt-opset17-unfolded', Gpt, 17, dict(input_ids=IDS, attention_mask=whole), do_constant_folding=False, keep_initializers_as_inputs=True)
    llama = export('llama-opset14', Llama, 14, dict(input_ids=IDS, attention_mask=whole, position_ids=places))
    export('llama-opset16-unnamed', Llama, 16, dict(tokens=IDS, mask=whole, positions=places), export_params=True, do_constant_folding=False)
    for tensor in [*llama.parameters(), *llama.buffers()]:
        tensor.data.copy_(tensor.data.half().float())
    record('llama-float16', llama(IDS, whole, places))
    model = onnx.load(str(OUT / 'llama-opset14.onnx'))
    for index, tensor in enumerate(model.graph.initializer):
        array = numpy_helper.to_array(tensor)
        if array.dtype == np.float32:
            tensor.CopyFrom(numpy_helper.from_array(array.astype(np.float16), tensor.name))
            renamed = f'{tensor.name}_half'
            node = helper.make_node('Cast', [renamed], [tensor.name], to=onnx.TensorProto.FLOAT)
            tensor.name = renamed
            model.graph.node.insert(0, node)
    onnx.save(model, str(OUT / 'llama-float16.onnx'))
    (OUT / 'expected.json').write_text(json.dumps(expected) + '\n')


main()
