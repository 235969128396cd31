"""The server's step along the logged update Δ, for the methods that send vectors."""

from arithmetic import constant, f32, multiply_add, root, sign


class Server:
    def __init__(self, method, x):
        self.name, self.method = method["name"], method
        self.rate = f32(float(method["serverLearningRate"]))
        if self.name == "fedavgm":
            self.v = constant(0, x)
        if self.name in ("fedadam", "fedyogi", "fedadagrad"):
            self.adaptivity = f32(float(method["adaptivity"]))
            self.m, self.v = constant(0, x), constant(f32(self.adaptivity * self.adaptivity), x)

    def step(self, x, delta):
        if self.name == "fedavgm":
            self.v = multiply_add(delta, f32(float(self.method["serverMomentum"])), self.v)
            return multiply_add(x, self.rate, self.v)
        if self.name not in ("fedadam", "fedyogi", "fedadagrad"):
            return multiply_add(x, self.rate, delta)
        keep = f32(float(self.method.get("firstMoment", 0)))
        take = f32(f32(1) - keep)
        self.m = [f32(f32(keep * m) + f32(take * d)) for m, d in zip(self.m, delta)]
        self.v = [self.second(v, f32(d * d)) for v, d in zip(self.v, delta)]
        steps = [f32(m / f32(f32(root(v)) + self.adaptivity)) for m, v in zip(self.m, self.v)]
        return multiply_add(x, self.rate, steps)

    def second(self, v, square):
        if self.name == "fedadagrad":
            return f32(v + square)
        beta = float(self.method["secondMoment"])
        if self.name == "fedadam":
            return f32(f32(f32(beta) * v) + f32(f32(f32(1) - f32(beta)) * square))
        return f32(v - f32(f32(1 - beta) * square) * f32(sign(v - square)))
