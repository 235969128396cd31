"""How H learns: the rules of docs/run-format.md, section "H". All sums here are float64, in the order of that page."""

from arithmetic import constant, f32, multiply_add, numbers, root, vector

STRETCH = 2048


def group_sizes(shape, dim, trainables):
    """Lengths of the stretches of x that share one value of H."""
    if shape == "coordinate":
        return [1] * dim
    sizes = []
    for lengths in [tensor["shape"] for tensor in trainables] or [[dim]]:
        size = 1
        for length in lengths:
            size *= length
        rows = lengths[0] if shape == "row" and len(lengths) > 1 else 1
        sizes += [size // rows] * rows
    assert sum(sizes) == dim, "the tensors are not x"
    return sizes


def group_sums(sizes, steps):
    """Sums over each group: stretch by stretch, within it step by step, within that coordinate by coordinate."""
    of = [group for group, size in enumerate(sizes) for _ in range(size)]
    sums = [0.0] * len(sizes)
    for start in range(0, len(of), STRETCH):
        for weight, values in steps:
            for i in range(start, min(len(of), start + STRETCH)):
                sums[of[i]] += weight * values[i]
    return sums


def counted(update, steps):
    """The local steps that teach H, each with the number of counted steps after it."""
    return [(steps[-1], 0)] if update == "last" else [(step, len(steps) - 1 - k) for k, step in enumerate(steps)]


def redrawn(h, step, p):
    """u_p / √H of another H than the round's."""
    return [f32(u / f32(root(part))) for u, part in zip(step["noise"][p], h)]


class Plain:
    """H ← (1 − ν) H + ν (Δ² + ε), in float32."""

    def __init__(self, hessian, _distribution, _dim, _trainables):
        self.update, self.epsilon = hessian["update"], f32(float(hessian["epsilon"]))
        self.redraws = hessian.get("redraw") == "true"

    def take(self, h, nu, delta):
        weight = f32(nu)
        keep = f32(f32(1) - weight)
        seen = [f32(weight * f32(f32(d * d) + self.epsilon)) for d in delta]
        return [f32(f32(keep * part) + new) for part, new in zip(h, seen)]

    def learn(self, h, nu, steps):
        for step, _ in counted(self.update, steps):
            delta, scalars = step["delta"], step["scalars"]
            if self.redraws:
                delta = constant(0, delta)
                for p, g in enumerate(scalars):
                    delta = multiply_add(delta, f32(g / len(scalars)), redrawn(h, step, p))
            h = self.take(h, nu, delta)
        return h


class AfterEachPerturbation(Plain):
    """The same with Δ = ḡ_p z_p / P for one direction after the other, each of the H before it."""

    def learn(self, h, nu, steps):
        for step, _ in counted(self.update, steps):
            for p, g in enumerate(step["scalars"]):
                zero = constant(0, step["delta"])
                delta = multiply_add(zero, f32(g / len(step["scalars"])), redrawn(h, step, p))
                h = self.take(h, nu, delta)
        return h


class Pooled:
    """One value per group, with bias correction and without the isotropic part as configured."""

    def __init__(self, hessian, distribution, dim, trainables):
        self.settings = hessian
        self.share = dim / (dim + 2) if distribution == "sphere" else 1.0
        self.sizes = group_sizes(hessian["shape"], dim, trainables)
        self.corrects = hessian["biasCorrection"] == "true"
        self.debiases = hessian["debias"] == "true"
        self.m = [0.0 if self.corrects else 1.0] * len(self.sizes)
        self.initial_share = 1.0

    def learn(self, h, nu, steps):
        floor, epsilon = float(self.settings["floor"]), float(self.settings["epsilon"])
        old, kept, estimates = numbers(h), 1.0, []
        for step, left in counted(self.settings["update"], steps):
            kept *= 1 - nu
            weight = nu
            for _ in range(left):
                weight *= 1 - nu
            squares = 0.0
            for g in step["scalars"]:
                squares += g * g
            isotropic = self.share * squares / len(step["scalars"]) ** 2 if self.debiases else 0.0
            estimates.append((weight, [d * d - isotropic / H for d, H in zip(numbers(step["delta"]), old)]))
        sums = group_sums(self.sizes, estimates)
        self.initial_share *= kept
        positive = 0.0
        for group, size in enumerate(self.sizes):
            self.m[group] = kept * self.m[group] + sums[group] / size
            positive += size * max(0.0, self.m[group])
        if positive == 0:
            return h
        scale = 1 / (1 - self.initial_share) if self.corrects else 1.0
        least = floor * positive / len(old)
        return vector([scale * max(m, least) + epsilon for m, size in zip(self.m, self.sizes) for _ in range(size)])


class Relative:
    """H from second differences, relative to itself."""

    def __init__(self, hessian, distribution, dim, trainables):
        self.settings = hessian
        sphere = distribution == "sphere"
        self.factor, self.trace_share = (1 + 2 / dim, 1 / dim) if sphere else (1.0, 0.0)
        self.sizes = group_sizes(hessian["shape"], dim, trainables)

    def learn(self, h, nu, steps):
        floor, epsilon = float(self.settings["floor"]), float(self.settings["epsilon"])
        old, estimates = numbers(h), []
        for step, _ in counted(self.settings["update"], steps):
            c = step["second"]
            mean = 0.0
            for value in c:
                mean += value / len(c)
            values = [0.0] * len(old)
            for value, direction in zip(c, step["directions"]):
                weight = (self.factor * (value - mean)) / (2 * (len(c) - 1))
                values = [total + weight * z * z for total, z in zip(values, numbers(direction))]
            estimates.append((1.0, [H * value + self.trace_share * mean for H, value in zip(old, values)]))
        sums = group_sums(self.sizes, estimates)
        total, start, changed = 0.0, 0, []
        for group, size in enumerate(self.sizes):
            a = nu * (sums[group] / (len(estimates) * size) - 1)
            value = old[start] * (1 + min(a, 1) if a >= 0 else 1 / (1 + min(-a, 1)))
            total += value * size
            changed += [value] * size
            start += size
        least = floor * total / len(old)
        return vector([max(value, least) + nu * epsilon for value in numbers(vector(changed))])


def curvature(name, hessian, distribution, dim, trainables):
    if name == "hiso-paramwise":
        return AfterEachPerturbation(hessian, distribution, dim, trainables)
    if hessian["estimate"] == "second-difference":
        return Relative(hessian, distribution, dim, trainables)
    plain = {"shape": "coordinate", "biasCorrection": "false", "debias": "false"}
    is_plain = all(hessian[key] == value for key, value in plain.items())
    return (Plain if is_plain else Pooled)(hessian, distribution, dim, trainables)
