"""x_0: the initial parameters that follow from the seed."""

import math
import struct

from noise import stream, uniform

BUILT_IN = ("softmax", "mlp", "cnn-mnist", "cnn-fashion")


def initial_parameters(task, model, seed):
    """Little-endian float32, for every start that a seed decides."""
    if task["kind"] == "quadratic":
        return struct.pack("<f", 1.0) * model["dim"]
    if task.get("trainables", {}).get("kind") == "lora":
        return lora(model["trainables"], seed)
    assert task.get("model") in BUILT_IN, "the initial parameters do not follow from the seed: give them with --initial"
    if task["model"] == "softmax" and task.get("initialWeights") == "zero":
        return bytes(4 * model["dim"])
    return layers(model["trainables"], seed)


def drawn(size, fan_in, words):
    bound = 1 / math.sqrt(fan_in)
    return struct.pack(f"<{size}f", *((2 * uniform(words) - 1) * bound for _ in range(size)))


def layers(trainables, seed):
    """Weights and biases of the built-in models."""
    content, fan_in = b"", 1
    for index, tensor in enumerate(trainables):
        shape = tensor["shape"]
        if len(shape) > 1:
            fan_in = math.prod(shape[1:])
        content += drawn(math.prod(shape), fan_in, stream(seed, 6, index))
    return content


def lora(trainables, seed):
    """A is drawn, B is zero."""
    content, pair = b"", 0
    for tensor in trainables:
        rows, columns = tensor["shape"]
        if tensor["name"].endswith(".lora_B"):
            content += bytes(4 * rows * columns)
            continue
        content += drawn(rows * columns, rows, stream(seed, 6, pair, 1))
        pair += 1
    return content
