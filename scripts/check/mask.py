"""Which parameters are trained: H is 1 where they are and ∞ where they are not (docs/run-format.md, section "Masks")."""

import math

from arithmetic import numbers, vector


def rounded(value):
    """To the nearest whole number, halves up."""
    return max(1, math.floor(value + 0.5))


class Smallest:
    """|x| up to a threshold of each tensor, set before the first round."""

    rounds = 0

    def __init__(self, method, trainables):
        self.share, self.trainables = float(method["trainedShare"]), trainables

    def begin(self, x):
        sizes = [math.prod(tensor["shape"]) for tensor in self.trainables] or [len(numbers(x))]
        self.thresholds, start = [], 0
        for size in sizes:
            part = sorted(abs(value) for value in numbers(x)[start : start + size])
            self.thresholds += [part[rounded(self.share * size) - 1]] * size
            start += size
        return self.mask(x)

    def mask(self, x):
        return vector([1.0 if abs(value) <= most else math.inf for value, most in zip(numbers(x), self.thresholds)])

    def close(self, _round, x, h, _deltas):
        return self.mask(x)


class Leading:
    """The largest |Σ Δ| of the first rounds, for good."""

    def __init__(self, method, _trainables):
        self.share, self.rounds = float(method["trainedShare"]), int(method["maskRounds"])

    def begin(self, x):
        self.sums = [0.0] * len(numbers(x))
        return vector([1.0] * len(self.sums))

    def close(self, index, _x, h, deltas):
        if self.sums is None:
            return h
        for delta in deltas:
            self.sums = [total + value for total, value in zip(self.sums, numbers(delta))]
        if index + 1 < self.rounds:
            return h
        order = sorted(range(len(self.sums)), key=lambda i: (-abs(self.sums[i]), i))
        trained = set(order[: rounded(self.share * len(order))])
        self.sums = None
        return vector([1.0 if i in trained else math.inf for i in range(len(order))])


MASKS = {"sparse-mezo": Smallest, "meerkat": Leading}
