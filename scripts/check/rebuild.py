"""A second implementation: the state of runs, rebuilt from docs/run-format.md and docs/wire-format.md alone.

    python3 scripts/check/rebuild.py FILE.hiso… [--initial X0] [--out X]

Reads what `hiso pack` or `hiso export --format hiso` wrote, applies the log to the initial parameters, and compares the
hash of the state with the recorded one: exit code 0 if they are equal, 1 if not. The quadratic, the built-in models and
LoRA start from the seed; of any other model X0 holds the initial parameters, as little-endian float32. Needs nothing but
Python 3; with numpy it is much faster.
"""

import argparse
import hashlib
import json
import math
import struct
import sys

from arithmetic import constant, f32, floats, multiply_add, numbers, packed, root
from curvature import curvature
from mask import MASKS
from noise import noise
from runfile import entries, frames, scalars, settings, varint
from servers import Server
from start import initial_parameters


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


def orthogonal(us, g, dim):
    """(U Uᵀ / d)⁻¹ g by Cholesky's decomposition, in float64."""
    count, us = len(g), [numbers(u) for u in us]
    gram = [[0.0] * count for _ in range(count)]
    for start in range(0, dim, 64):
        for p in range(count):
            for q in range(p + 1):
                part = 0.0
                for a, b in zip(us[p][start : start + 64], us[q][start : start + 64]):
                    part += a * b
                gram[p][q] += part
    lower = [[0.0] * count for _ in range(count)]
    for row in range(count):
        for column in range(row + 1):
            rest = gram[row][column] / dim
            for k in range(column):
                rest -= lower[row][k] * lower[column][k]
            lower[row][column] = math.sqrt(rest) if column == row else rest / lower[column][column]
    solution = list(g)
    for row in range(count):
        for column in range(row):
            solution[row] -= lower[row][column] * solution[column]
        solution[row] /= lower[row][row]
    for row in reversed(range(count)):
        for below in range(row + 1, count):
            solution[row] -= lower[below][row] * solution[below]
        solution[row] /= lower[row][row]
    return [float(f32(value)) for value in solution]


def by_deviation(g, mu):
    """g / σ, σ the deviation of the losses along the directions, in float64."""
    mean = sum(g) / len(g)
    deviation = mu * math.sqrt(sum((value - mean) * (value - mean) for value in g) / (len(g) - 1))
    return [float(f32(value / deviation)) if deviation > 0 else 0.0 for value in g]


def lean(u, velocity, angle):
    """√d cos θ · v / ‖v‖ + sin θ · u, or u where v is 0."""
    squares = 0.0
    for value in numbers(velocity):
        squares += value * value
    if squares == 0:
        return u
    along = math.cos(angle)
    weight = math.sqrt(len(numbers(velocity))) * along / math.sqrt(squares)
    turned = multiply_add(constant(0, u), f32(math.sqrt(1 - along * along)), u)
    return multiply_add(turned, f32(weight), velocity)


def descend(x, delta, rate, decay):
    """x − η (Δ + λ x)."""
    pull = delta if decay == 0 else multiply_add(delta, decay, x)
    return [f32(part - f32(rate * d)) for part, d in zip(x, pull)]


class ScalarReplica:
    """(x, H) of a scalar-only method."""

    def __init__(self, config, trainables, initial):
        self.method, self.rounds = config["method"], int(config["federation"]["rounds"])
        self.name, self.trainables = self.method["name"], trainables
        self.hessian = self.method.get("hessian")
        self.x = floats(initial)
        self.mask = MASKS[self.name](self.method, trainables) if self.name in MASKS else None
        self.h = self.mask.begin(self.x) if self.mask else constant(1, self.x)
        self.dim = len(initial) // 4
        distribution = self.method["distribution"]
        self.curvature = (
            curvature(self.name, self.hessian, distribution, self.dim, trainables) if self.hessian else None
        )
        self.seconds = self.hessian is not None and self.hessian.get("estimate") == "second-difference"
        self.leans = "coneAngle" in self.method
        self.momentum, self.velocity = float(self.method["momentum"]), constant(0, self.x)
        self.rate = float(self.method["learningRate"])
        self.nu = float(self.hessian["nu"]) if self.hessian else 0.0

    def change(self, setting, value):
        if setting == 0:
            self.rate = value
        elif setting == 1:
            self.nu = value
        else:
            self.rounds = int(value)

    def apply(self, index, seed, steps):
        rate = self.rate * schedule_factor(self.method["learningRateSchedule"], index, self.rounds)
        warm_up = int(self.hessian["warmUp"]) if self.hessian else self.mask.rounds if self.mask else 0
        if index < warm_up:
            rate = 0.0
        rate, decay = f32(rate), f32(float(self.method["weightDecay"]))
        scale = [f32(root(part)) for part in self.h] if self.hessian or self.mask else None
        freezes = self.hessian and self.hessian.get("freezeAfterWarmUp") == "true"
        learns = not (freezes and index >= warm_up)
        learned, axis = [], self.velocity
        for k, measured in enumerate(steps):
            count = len(measured) // 2 if self.seconds and learns else len(measured)
            rank = int(self.method.get("rank", 1))
            us = [
                noise(self.method["distribution"], self.dim, seed, k * count + p, rank, self.trainables)
                for p in range(count)
            ]
            zs = [[f32(u / s) for u, s in zip(part, scale)] for part in us] if scale else us
            if self.leans:
                zs = [lean(u, axis, float(self.method["coneAngle"])) for u in us]
            g = measured[:count]
            turned = orthogonal(us, g, self.dim) if self.method["orthogonal"] == "true" else g
            if self.name == "fzoo":
                turned = by_deviation(turned, float(self.method["mu"]))
            delta = constant(0, self.x)
            for value, z in zip(turned, zs):
                delta = multiply_add(delta, f32(value / count), z)
            self.velocity = multiply_add(delta, f32(self.momentum if k == 0 else 1), self.velocity)
            if self.momentum == 0 or self.leans:
                self.x = descend(self.x, delta, rate, decay)
            else:
                pull = self.velocity if k == len(steps) - 1 else constant(0, self.x)
                self.x = descend(self.x, pull, rate, decay)
            learned.append({"delta": delta, "scalars": g, "second": measured[count:], "directions": zs, "noise": us})
        if self.curvature and learns:
            self.h = self.curvature.learn(self.h, self.nu, learned)
        if self.mask:
            self.h = self.mask.close(index, self.x, self.h, [step["delta"] for step in learned])


def rebuild(config, trainables, log, initial):
    """The state after the log: x and H as bytes."""
    sends_vectors = "serverLearningRate" in config["method"]
    if sends_vectors:
        x = floats(initial)
        server = Server(config["method"], x)
    else:
        replica = ScalarReplica(config, trainables, initial)
    for kind, payload in frames(log):
        index, at = varint(payload, 0)
        if kind == 4:
            if not sends_vectors:
                replica.change(payload[at], struct.unpack_from("<d", payload, at + 1)[0])
            continue
        if kind == 18:
            _, at = varint(payload, at)
            length, at = varint(payload, at)
            if length > 0:
                x = server.step(x, floats(payload[at : at + 4 * length]))
            continue
        assert kind in (3, 6), f"the log holds a frame of type {kind}"
        count, at = varint(payload, at)
        steps, at = varint(payload, at)
        if steps == 0:
            continue
        seed = struct.unpack_from("<I", payload, at)[0]
        at, precision = (at + 5, payload[at + 4]) if kind == 6 else (at + 4, 0)
        values = scalars(payload, at, steps * count, precision)
        replica.apply(index, seed, [values[k * count : (k + 1) * count] for k in range(steps)])
    return (packed(x), packed(constant(1, x))) if sends_vectors else (packed(replica.x), packed(replica.h))


def check(path, initial_path, out):
    """Rebuilds one run; prints its hash beside the recorded one. Returns whether they are equal."""
    with open(path, "rb") as file:
        files = entries(file.read())
    config, record = settings(files["config.yaml"].decode()), json.loads(files["run.json"])
    model = record["model"]
    if initial_path:
        with open(initial_path, "rb") as file:
            initial = file.read()
    else:
        initial = initial_parameters(config["task"], model, int(config["seed"]))
    x, h = rebuild(config, model["trainables"], files["scalars.log"], initial)
    if out:
        with open(out, "wb") as file:
            file.write(x)
    found = hashlib.sha256(x + h).hexdigest()
    print(f"{len(x) // 4} parameters, state {found}, recorded {record['stateHash']}")
    return found == record["stateHash"]


def main():
    options = argparse.ArgumentParser(description="Rebuilds the parameters of runs from their logs.")
    options.add_argument("files", nargs="+", metavar="FILE.hiso")
    options.add_argument("--initial", help="initial parameters, little-endian float32")
    options.add_argument("--out", help="where the rebuilt parameters go, little-endian float32")
    given = options.parse_args()
    equal = [check(path, given.initial, given.out) for path in given.files]
    return 0 if all(equal) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except AssertionError as refused:
        sys.exit(f"error: {refused}")
