"""Random numbers, from the constants and the formulas of docs/run-format.md."""

import math

from arithmetic import MASK, bits, every, f32, from_bits, numbers, pick, root, signed, vector


def philox(counter, key):
    """The words of Philox4x32-10."""
    w, (k0, k1) = list(counter), key
    for _ in range(10):
        p, q = 0xCD9E8D57 * w[2], 0xD2511F53 * w[0]
        w = [(p >> 32) ^ w[1] ^ k0, p & MASK, (q >> 32) ^ w[3] ^ k1, q & MASK]
        k0, k1 = (k0 + 0x9E3779B9) & MASK, (k1 + 0xBB67AE85) & MASK
    return w


def stream(seed, domain, a=0, b=0, c=0):
    """The words of a stream, one by one."""
    block = 0
    while True:
        yield from philox((block, c, a, b), (seed, domain))
        block += 1


def uniform(words):
    """The next number in [0, 1) of a stream."""
    high, low = next(words), next(words)
    return ((high >> 5) * 2**26 + (low >> 6)) * 2.0**-53


def polynomial(x, *coefficients):
    """((c0·x + c1)·x + c2)…, each operation rounded."""
    total = f32(coefficients[0])
    for coefficient in coefficients[1:]:
        total = f32(f32(total * x) + f32(coefficient))
    return total


def gaussian(e, seed, direction):
    """Element e of direction number `direction` of a seed's stream."""
    zero = e & 0
    w = philox((4 * (e >> 4) + (e & 3), zero, zero + direction, zero), (seed, 0))
    j = (e >> 2) & 3
    a, b = signed(pick(j < 2, w[0], w[2])), signed(pick(j < 2, w[1], w[3]))
    i = bits(f32(f32(a >> 1) + f32(0.5))) - 0x4EB504F3
    m = from_bits((i & 0x7FFFFF) + 0x3F3504F3)
    s = f32(f32(m - f32(1)) / f32(m + f32(1)))
    log = f32(s * polynomial(f32(s * s), -0.5974187, -0.7995515, -1.3333355, -4))
    radius = f32(root(f32(log + f32(f32(i >> 23) * f32(-1.3862943611198906)))))
    half = (b << 1) & MASK
    y = f32(f32(half - ((half >> 31) << 32)) * f32(math.pi * 2.0**-32))
    x = f32(y * y)
    cos = polynomial(x, -2.6077106e-7, 2.4761886e-5, -1.3888404e-3, 4.166664e-2, -0.5, 1)
    sin = f32(f32(polynomial(x, 2.6057805e-6, -1.9809602e-4, 8.3330665e-3, -0.1666666) * f32(x * y)) + y)
    return f32(f32(radius * f32(1 - 2 * (b >> 31))) * pick((j & 1) == 0, cos, sin))


def rademacher(e, seed, direction):
    zero = e & 0
    w = philox((e >> 7, zero, zero + direction, zero), (seed, 0))
    j = (e >> 5) & 3
    word = pick(j < 2, pick(j == 0, w[0], w[1]), pick(j == 2, w[2], w[3]))
    return f32(1 - 2 * signed((word >> (e & 31)) & 1))


def low_rank(seed, direction, rank, trainables):
    """U Vᵀ / √r for every tensor that it makes smaller, dense numbers for the others."""
    parts, total = [], 0
    for lengths in [tensor["shape"] for tensor in trainables]:
        size = math.prod(lengths)
        rows = lengths[0] if len(lengths) > 1 else 1
        columns = size // rows
        is_matrix = rank * (rows + columns) < size
        parts.append((rows, columns, is_matrix, total))
        total += rank * (rows + columns) if is_matrix else size
    factors = numbers(every(total, lambda e: gaussian(e, seed, direction)))
    scale, u = float(f32(1 / math.sqrt(rank))), []
    for rows, columns, is_matrix, at in parts:
        if not is_matrix:
            u += factors[at : at + rows * columns]
            continue
        for i in range(rows):
            left = [float(f32(factors[at + i * rank + k] * scale)) for k in range(rank)]
            for j in range(columns):
                right = factors[at + rank * rows + j :: columns]
                value = float(f32(left[0] * right[0]))
                for k in range(1, rank):
                    value = float(f32(value + float(f32(left[k] * right[k]))))
                u.append(value)
    return vector(u)


def noise(distribution, dim, seed, direction, rank=1, trainables=()):
    """u of length d."""
    if distribution == "low-rank":
        return low_rank(seed, direction, rank, trainables)
    element = rademacher if distribution == "rademacher" else gaussian
    u = every(dim, lambda e: element(e, seed, direction))
    if distribution != "sphere":
        return u
    lanes = [0.0, 0.0, 0.0, 0.0]
    for index, value in enumerate(numbers(u)):
        lanes[index % 4] += value * value
    squares = (lanes[0] + lanes[1]) + (lanes[2] + lanes[3])
    scale = f32(math.sqrt(dim) / math.sqrt(squares)) if squares > 0 else f32(1)
    return [f32(scale * part) for part in u]
