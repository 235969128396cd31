"""The noise stream again, in numpy, written from the text in noise.ts alone. Prints the bits that noise.test.ts expects.

Run: python3 core/random/noise.oracle.py
"""

import numpy as np

u32, i32, f32, u64 = np.uint32, np.int32, np.float32, np.uint64


def philox(c, perturbation, seed):
    c = np.asarray(c, dtype=u64)
    mask = u64(0xFFFFFFFF)
    w = [c, np.zeros_like(c), np.full_like(c, perturbation), np.zeros_like(c)]
    k0, k1 = seed, 0
    for _ in range(10):
        p, q = u64(0xCD9E8D57) * w[2], u64(0xD2511F53) * w[0]
        w = [(p >> u64(32)) ^ w[1] ^ u64(k0), p & mask, (q >> u64(32)) ^ w[3] ^ u64(k1), q & mask]
        k0, k1 = (k0 + 0x9E3779B9) % 2**32, (k1 + 0xBB67AE85) % 2**32
    return [x.astype(u32) for x in w]


def pair(a, b):
    v = (a >> u32(1)).astype(f32) + f32(0.5)
    i = v.view(i32) - i32(0x4EB504F3)
    k = i >> i32(23)
    m = ((i & i32(0x7FFFFF)) + i32(0x3F3504F3)).view(f32)
    s = (m - f32(1)) / (m + f32(1))
    t = s * s
    L1, L2, L3 = f32(-1.3333355), f32(-0.7995515), f32(-0.5974187)
    q = s * (((L3 * t + L2) * t + L1) * t + f32(-4)) + k.astype(f32) * f32(-2 * np.log(2))
    radius = (np.sqrt(q).view(u32) ^ (b & u32(0x80000000))).view(f32)
    y = (b << u32(1)).view(i32).astype(f32) * f32(np.pi / 2 * 2.0**-31)
    x = y * y
    C2, C3, C4, C5 = f32(4.166664e-2), f32(-1.3888404e-3), f32(2.4761886e-5), f32(-2.6077106e-7)
    S1, S2, S3, S4 = f32(-0.1666666), f32(8.3330665e-3), f32(-1.9809602e-4), f32(2.6057805e-6)
    cos = ((((C5 * x + C4) * x + C3) * x + C2) * x + f32(-0.5)) * x + f32(1)
    sin = (((S4 * x + S3) * x + S2) * x + S1) * (x * y) + y
    return radius * cos, radius * sin


def gaussian(e, seed, perturbation):
    e = np.asarray(e)
    w = philox(4 * (e >> 4) + (e & 3), perturbation, seed)
    z = np.stack(pair(w[0], w[1]) + pair(w[2], w[3]))
    return z[(e >> 2) & 3, np.arange(len(e))]


def rademacher(e, seed, perturbation):
    e = np.asarray(e)
    w = np.stack(philox(e >> 7, perturbation, seed))[(e >> 5) & 3, np.arange(len(e))]
    return np.where((w >> (e & 31).astype(u32)) & u32(1), f32(-1), f32(1))


def digest(z):
    """FNV-1a over the words of the vector, folded at each so that sign bits count."""
    h = 0x811C9DC5
    for word in z.view(u32):
        h = ((h ^ int(word)) * 0x01000193) % 2**32
        h ^= h >> 15
    return f"{h:08x}"


for seed, perturbation, start in [(0, 0, 0), (1, 0, 0), (0xDEADBEEF, 3, 1 << 20), (2**32 - 1, 7, 2**32 - 4096)]:
    e = np.arange(start, start + 4096, dtype=np.int64)
    g = gaussian(e, seed, perturbation)
    print(f"[{seed}, {perturbation}, {start}, '{digest(g)}', '{digest(rademacher(e, seed, perturbation))}'],")
print([float(x) for x in gaussian(np.arange(4), 1, 0)])
