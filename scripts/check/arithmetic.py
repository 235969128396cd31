"""Float32 arithmetic, one rounding per operation, on vectors of length d.

A vector is a list of parts. With numpy there is one part, an array; without it every part is one number. Expressions on
parts are the same in both cases; numpy is some hundred times faster.
"""

import math
import struct

try:
    import numpy as np
except ImportError:
    np = None

MASK = 0xFFFFFFFF

if np is not None:
    f32 = lambda value: np.asarray(value, dtype=np.float32)
    bits = lambda value: value.view(np.int32).astype(np.int64)
    from_bits = lambda word: word.astype(np.int32).view(np.float32)
    signed = lambda word: word.astype(np.int64)
    pick, root, sign = np.where, np.sqrt, np.sign
    every = lambda count, function: [function(np.arange(count, dtype=np.uint64))]
    floats = lambda content: [np.frombuffer(content, dtype="<f4").copy()]
    packed = lambda parts: b"".join(part.astype("<f4").tobytes() for part in parts)
    numbers = lambda parts: parts[0].tolist()
    vector = lambda values: [np.array(values, dtype=np.float32)]
else:
    f32 = lambda value: struct.unpack("<f", struct.pack("<f", value))[0]
    bits = lambda value: struct.unpack("<i", struct.pack("<f", value))[0]
    from_bits = lambda word: struct.unpack("<f", struct.pack("<i", word))[0]
    signed = lambda word: word
    pick, root = (lambda condition, yes, no: yes if condition else no), math.sqrt
    sign = lambda value: (value > 0) - (value < 0)
    every = lambda count, function: [function(index) for index in range(count)]
    floats = lambda content: list(struct.unpack(f"<{len(content) // 4}f", content))
    packed = lambda parts: struct.pack(f"<{len(parts)}f", *parts)
    numbers = list
    vector = lambda values: [f32(value) for value in values]


def constant(value, like):
    """A vector with the length of another, every element the same."""
    return [f32(part * f32(0) + f32(value)) for part in like]


def multiply_add(a, factor, b):
    """a + factor · b, with a rounding after the product and one after the sum."""
    return [f32(x + f32(factor * y)) for x, y in zip(a, b)]
