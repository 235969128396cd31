"""A second implementation: the parameters of a packed run, rebuilt from docs/run-format.md and docs/wire-format.md alone.

    python3 scripts/check/rebuild.py FILE.hiso [--initial X0] [--out X]

Reads what `hiso pack` (or `export --format hiso`) wrote, applies the log to the initial parameters, and compares the hash of the state with the recorded
one: exit code 0 if they are equal, 1 if not. LoRA's matrices start from the seed; of any other model X0 is its initial parameters, as
little-endian float32. Needs nothing but Python 3; with numpy it is some hundred times faster, by the same expressions on whole vectors.

It knows the plain methods of the page: HiSo with H per coordinate, DeComFL and MeZO; other settings are refused.
"""

import argparse
import hashlib
import json
import math
import struct
import sys
import zlib

try:
    import numpy as np
except ImportError:
    np = None

MASK = 0xFFFFFFFF

if np is not None:
    # Every value is a whole vector.
    f32 = lambda value: np.asarray(value, dtype=np.float32)
    bits = lambda value: value.view(np.int32).astype(np.int64)
    from_bits = lambda word: word.astype(np.int32).view(np.float32)
    signed = lambda word: word.astype(np.int64)
    pick, root = np.where, np.sqrt
    every = lambda count, function: [function(np.arange(count, dtype=np.uint64))]
    floats = lambda content: [np.frombuffer(content, dtype="<f4").copy()]
    packed = lambda parts: b"".join(part.astype("<f4").tobytes() for part in parts)
else:
    # Every value is one number; vectors are lists of them.
    f32 = lambda value: struct.unpack("<f", struct.pack("<f", value))[0]
    bits = lambda value: struct.unpack("<i", struct.pack("<f", value))[0]
    from_bits = lambda word: struct.unpack("<f", struct.pack("<i", word))[0]
    signed = lambda word: word
    pick, root = (lambda condition, yes, no: yes if condition else no), math.sqrt
    every = lambda count, function: [function(index) for index in range(count)]
    floats = lambda content: list(struct.unpack(f"<{len(content) // 4}f", content))
    packed = lambda parts: struct.pack(f"<{len(parts)}f", *parts)


def philox(counter, key):
    """The words of Philox4x32-10."""
    w, (k0, k1) = list(counter), key
    for _ in range(10):
        p, q = 0xCD9E8D57 * w[2], 0xD2511F53 * w[0]
        w = [(p >> 32) ^ w[1] ^ k0, p & MASK, (q >> 32) ^ w[3] ^ k1, q & MASK]
        k0, k1 = (k0 + 0x9E3779B9) & MASK, (k1 + 0xBB67AE85) & MASK
    return w


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


def varint(content, at):
    value = shift = 0
    while True:
        value |= (content[at] & 127) << shift
        shift, at = shift + 7, at + 1
        if content[at - 1] < 128:
            return value, at


def frames(log):
    """(type, payload) of each frame of scalars.log."""
    assert log[:8] == b"HISOLOG\x02", "not a log of this version"
    at = 8
    while at < len(log):
        length, start = varint(log, at + 1)
        end = start + length
        assert zlib.crc32(log[at:end]) == struct.unpack_from("<I", log, end)[0], f"damaged at byte {at}"
        yield log[at], log[start:end]
        at = end + 4


def entries(content):
    """The files of a .hiso file by name."""
    assert content[:8] == b"HISORUN\x01", "not a run file of this version"
    assert zlib.crc32(content[:-4]) == struct.unpack("<I", content[-4:])[0], "the file is damaged"
    count, at = varint(content, 8)
    files = {}
    for _ in range(count):
        length, at = varint(content, at)
        name, at = content[at : at + length].decode(), at + length
        length, at = varint(content, at)
        files[name], at = content[at : at + length], at + length
    return files


def settings(text):
    """The nested mappings of config.yaml, values as text; lists are left out."""
    top = {}
    open_mappings = [(-1, top)]
    for line in text.splitlines():
        key, _, value = line.strip().partition(": ") if ": " in line else (line.strip().rstrip(":"), "", "")
        depth = len(line) - len(line.lstrip())
        if key == "" or key.startswith(("-", "#")):
            continue
        while open_mappings[-1][0] >= depth:
            open_mappings.pop()
        mapping = open_mappings[-1][1]
        if value:
            mapping[key] = value
        else:
            mapping[key] = {}
            open_mappings.append((depth, mapping[key]))
    return top


def schedule_factor(schedule, index, count):
    if schedule["kind"] == "step":
        factor = 1.0
        for _ in range(index // int(schedule["every"])):
            factor *= float(schedule["factor"])
        return factor
    if schedule["kind"] == "cosine":
        final = float(schedule["final"])
        progress = min(1.0, index / (count - 1)) if count > 1 else 0.0
        # The C library's cosine may differ by one bit of float64, which the rounding to float32 hides.
        return final + ((1 - final) * (1 + math.cos(math.pi * progress))) / 2
    return 1.0


def lora_start(trainables, seed):
    """x_0 of LoRA: A by the seed's stream, B zero."""
    content, layer = b"", 0
    for tensor in trainables:
        (rows, columns), name = tensor["shape"], tensor["name"]
        assert name.endswith((".lora_A", ".lora_B")), f"{name} is not LoRA's: give the initial parameters with --initial"
        size = rows * columns
        if name.endswith(".lora_B"):
            content += bytes(4 * size)
            continue
        bound = 1 / math.sqrt(rows)
        words = [w for block in range((2 * size + 3) // 4) for w in philox((block, 0, layer, 1), (seed, 6))]
        pairs = zip(words[0 : 2 * size : 2], words[1 : 2 * size : 2])
        uniform = [((high >> 5) * 2**26 + (low >> 6)) * 2.0**-53 for high, low in pairs]
        content += struct.pack(f"<{size}f", *((2 * u - 1) * bound for u in uniform))
        layer += 1
    return content


def rebuild(config, log, initial):
    """The state after the log: x and H."""
    method, rounds = config["method"], int(config["federation"]["rounds"])
    adapts = method["name"] == "hiso"
    hessian_settings = method.get("hessian", {})
    plain = {"momentum": "0", "orthogonal": "false", "aggregatePrecision": "float32"}
    plain_hessian = {"estimate": "squared-aggregate", "shape": "coordinate", "biasCorrection": "false", "debias": "false"}
    for wanted, given in ((plain, method), (plain_hessian, hessian_settings if adapts else {})):
        for key, value in wanted.items():
            assert given.get(key, value) == value, f"method settings with {key} = {given[key]} are not rebuilt here"
    assert method["name"] in ("hiso", "decomfl", "mezo"), f"{method['name']} is not rebuilt here"
    noise = {"gaussian": gaussian, "rademacher": rademacher}[method.get("distribution", "gaussian")]
    rate_now, nu_now = float(method["learningRate"]), float(hessian_settings.get("nu", 0))
    epsilon, decay = f32(float(hessian_settings.get("epsilon", 0))), f32(float(method.get("weightDecay", 0)))
    dim = len(initial) // 4
    x = floats(initial)
    h = [f32(part * f32(0) + f32(1)) for part in x]
    for kind, payload in frames(log):
        index, at = varint(payload, 0)
        if kind == 4:
            value = struct.unpack_from("<d", payload, at + 1)[0]
            rate_now, nu_now = (value, nu_now) if payload[at] == 0 else (rate_now, value)
            continue
        assert kind == 3, f"a frame of type {kind} is not rebuilt here"
        perturbations, at = varint(payload, at)
        steps, at = varint(payload, at)
        if steps == 0:
            continue
        seed = struct.unpack_from("<I", payload, at)[0]
        scalars = struct.unpack_from(f"<{steps * perturbations}f", payload, at + 4)
        rate = f32(rate_now * schedule_factor(method["learningRateSchedule"], index, rounds))
        nu = f32(nu_now)
        scale = [f32(root(part)) for part in h]
        for k in range(steps):
            delta = [f32(part * f32(0)) for part in x]
            for p in range(perturbations):
                number = k * perturbations + p
                z = every(dim, lambda e: noise(e, seed, number))
                if adapts:
                    z = [f32(u / s) for u, s in zip(z, scale)]
                c = f32(scalars[number] / perturbations)
                delta = [f32(d + f32(c * part)) for d, part in zip(delta, z)]
            pull = delta if decay == 0 else [f32(d + f32(decay * part)) for d, part in zip(delta, x)]
            x = [f32(part - f32(rate * d)) for part, d in zip(x, pull)]
            if adapts and (k == steps - 1 or hessian_settings["update"] == "all"):
                keep = f32(f32(1) - nu)
                seen = [f32(nu * f32(f32(d * d) + epsilon)) for d in delta]
                h = [f32(f32(keep * part) + new) for part, new in zip(h, seen)]
    return packed(x), packed(h)


def main():
    options = argparse.ArgumentParser(description="Rebuilds a packed run's parameters.")
    options.add_argument("file")
    options.add_argument("--initial", help="initial parameters, little-endian float32")
    options.add_argument("--out", help="where the rebuilt parameters go, little-endian float32")
    given = options.parse_args()
    with open(given.file, "rb") as file:
        files = entries(file.read())
    config, record = settings(files["config.yaml"].decode()), json.loads(files["run.json"])
    if given.initial:
        with open(given.initial, "rb") as file:
            initial = file.read()
    else:
        initial = lora_start(record["model"]["trainables"], int(config["seed"]))
    x, h = rebuild(config, files["scalars.log"], initial)
    if given.out:
        with open(given.out, "wb") as file:
            file.write(x)
    found = hashlib.sha256(x + h).hexdigest()
    print(f"{len(x) // 4} parameters, state {found}, recorded {record['stateHash']}")
    return 0 if found == record["stateHash"] else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except AssertionError as refused:
        sys.exit(f"error: {refused}")
