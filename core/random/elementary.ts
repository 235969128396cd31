/**
 * log, exp, cos and sin in float64, with the same bits on every machine and JavaScript engine.
 * ECMAScript leaves the precision of Math.log and its relatives open, so these functions use only +
 * − × ÷ and bit operations, which it specifies. Algorithms and coefficients come from FreeBSD's
 * msun (fdlibm, © 1993 Sun Microsystems, freely usable).
 */

const cell = new DataView(new ArrayBuffer(8))

/** 2^exponent for −1022 ≤ exponent ≤ 1023, exactly. */
function powerOfTwo(exponent: number): number {
  cell.setUint32(0, (exponent + 1023) << 20)
  cell.setUint32(4, 0)
  return cell.getFloat64(0)
}

const ln2High = 6.9314718036912381649e-1
const ln2Low = 1.90821492927058770002e-10

/**
 * ln x, within 1 ulp. With x = 2^k·m, m in [√½, √2), f = m − 1, s = f / (2 + f):
 * ln m = f − f²/2 + s·(f²/2 + R(s²)), R a minimax polynomial.
 *
 * @returns −∞ for 0, NaN below 0
 */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN
  if (x === Infinity) return x
  let exponent = 0
  let normal = x
  if (x < 2 ** -1022) {
    normal = x * 2 ** 54
    exponent = -54
  }
  cell.setFloat64(0, normal)
  // Shifting by the high word of √½ makes the mantissa straddle 1, so that ln near 1 does not
  // cancel.
  const high = cell.getInt32(0) + (0x3ff00000 - 0x3fe6a09e)
  exponent += (high >> 20) - 0x3ff
  cell.setInt32(0, (high & 0x000fffff) + 0x3fe6a09e)
  const f = cell.getFloat64(0) - 1
  const halfSquare = 0.5 * f * f
  const s = f / (2 + f)
  const z = s * s
  const w = z * z
  const odd =
    w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1))
  const even =
    z *
    (6.66666666666673513e-1 +
      w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)))
  return s * (halfSquare + (even + odd)) + exponent * ln2Low - halfSquare + f + exponent * ln2High
}

/**
 * e^x, within 1 ulp (2 among subnormals). With x = k·ln 2 + r, |r| ≤ ½ ln 2: e^x = 2^k·e^r, e^r by
 * a rational form of Remez type.
 *
 * @returns ∞ above 709.79, 0 below −745.14
 */
export function exp(x: number): number {
  if (x !== x) return x
  if (x > 709.782712893383973096) return Infinity
  if (x < -745.13321910194110842) return 0
  const k = Math.floor(1.4426950408889634 * x + 0.5)
  const high = x - k * ln2High
  const low = k * ln2Low
  const r = high - low
  const t = r * r
  const c =
    r -
    t *
      (1.66666666666666019037e-1 +
        t *
          (-2.77777777770155933842e-3 +
            t *
              (6.61375632143793436117e-5 +
                t * (-1.6533902205465251539e-6 + t * 4.13813679705723846039e-8))))
  const y = 1 - (low - (r * c) / (2 - c) - high)
  // Two steps where 2^k itself is not a normal number; only the last one may round.
  if (k > 1023) return y * 2 * powerOfTwo(k - 1)
  if (k < -1021) return y * powerOfTwo(k + 1000) * 2 ** -1000
  return y * powerOfTwo(k)
}

/** sin(x + tail) for |x| ≤ π/4. */
function sinNearZero(x: number, tail: number): number {
  const z = x * x
  const w = z * z
  const r =
    8.33333333332248946124e-3 +
    z * (-1.98412698298579493134e-4 + z * 2.75573137070700676789e-6) +
    z * w * (-2.50507602534068634195e-8 + z * 1.58969099521155010221e-10)
  const v = z * x
  return x - (z * (0.5 * tail - v * r) - tail - v * -1.66666666666666324348e-1)
}

/** cos(x + tail) for |x| ≤ π/4. */
function cosNearZero(x: number, tail: number): number {
  const z = x * x
  const square = z * z
  const r =
    z *
      (4.16666666666666019037e-2 +
        z * (-1.38888888888741095749e-3 + z * 2.48015872894767294178e-5)) +
    square *
      square *
      (-2.75573143513906633035e-7 +
        z * (2.0875723212981748279e-9 + z * -1.13596475577881948265e-11))
  const half = 0.5 * z
  const w = 1 - half
  return w + (1 - w - half + (z * r - x * tail))
}

/**
 * sin(x + quarters·π/2) by reduction to [−π/4, π/4]: π/2 in three parts of 33 bits, so that every
 * product is exact.
 */
function shiftedSin(x: number, quarters: number): number {
  if (!(Math.abs(x) <= 2 ** 20)) {
    if (x !== x || Math.abs(x) === Infinity) return NaN
    throw new RangeError(`sin and cos take |x| ≤ 2^20, not ${x}`)
  }
  const n = Math.floor(x * 6.36619772367581382433e-1 + 0.5)
  const first = x - n * 1.57079632673412561417
  let product = n * 6.0771005063039659766e-11
  let rest = first - product
  let correction = n * 2.02226624879595063154e-21 - (first - rest - product)
  let reduced = rest - correction
  if (Math.abs(reduced) < 2 ** -20) {
    const second = rest
    product = n * 2.0222662487111664558e-21
    rest = second - product
    correction = n * 8.47842766036889956997e-32 - (second - rest - product)
    reduced = rest - correction
  }
  const tail = rest - reduced - correction
  switch ((n + quarters) & 3) {
    case 0:
      return sinNearZero(reduced, tail)
    case 1:
      return cosNearZero(reduced, tail)
    case 2:
      return -sinNearZero(reduced, tail)
    default:
      return -cosNearZero(reduced, tail)
  }
}

/** sin x, within 1 ulp. @throws RangeError for finite |x| > 2^20 */
export function sin(x: number): number {
  return x === 0 ? x : shiftedSin(x, 0)
}

/** cos x, within 1 ulp. @throws RangeError for finite |x| > 2^20 */
export function cos(x: number): number {
  return shiftedSin(x, 1)
}
