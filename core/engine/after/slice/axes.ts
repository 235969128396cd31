/** Two orthonormal directions that span a plane, from differences of states. */

/** Turns of the power iteration: the picture shows no more digits than these give. */
const turns = 100

/**
 * The two principal directions of some vectors, from their Gram matrix: never a matrix of d × d.
 * @param vectors float32[d] each, about the plane's origin
 * @returns up to two unit vectors, float32[d]; fewer where the vectors span less
 */
export function principalAxes(vectors: readonly Float32Array[]): Float32Array[] {
  const count = vectors.length
  const gram = new Float64Array(count * count)
  for (let a = 0; a < count; a++)
    for (let b = 0; b <= a; b++)
      gram[a * count + b] = gram[b * count + a] = dot(vectors[a]!, vectors[b]!)
  const combined: Float32Array[] = []
  for (let axis = 0; axis < 2; axis++) {
    const weights = largestEigenvector(gram, count)
    const sum = new Float32Array(vectors[0]?.length ?? 0)
    for (const [at, vector] of vectors.entries()) addTo(sum, weights[at]!, vector)
    combined.push(sum)
    deflate(gram, weights)
  }
  return orthonormal(combined)
}

/** Those of the vectors that add a direction, each at right angles to those before it. */
export function orthonormal(vectors: readonly Float32Array[]): Float32Array[] {
  const axes: Float32Array[] = []
  for (const vector of vectors) {
    const rest = vector.slice()
    for (const axis of axes) addTo(rest, -dot(rest, axis), axis)
    const length = Math.sqrt(dot(rest, rest))
    // What rounding leaves of a vector in the span of the others is no direction.
    if (length <= 1e-5 * Math.sqrt(dot(vector, vector)) || !Number.isFinite(length)) continue
    axes.push(rest.map((value) => value / length))
  }
  return axes
}

/** A unit vector of the coordinate in which the axes lie least. */
export function leastCoordinate(axes: readonly Float32Array[], dim: number): Float32Array {
  let best = 0
  let least = Infinity
  for (let j = 0; j < dim; j++) {
    let share = 0
    for (const axis of axes) share += axis[j]! * axis[j]!
    if (share < least) [best, least] = [j, share]
  }
  const unit = new Float32Array(dim)
  unit[best] = 1
  return unit
}

export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!
  return sum
}

function addTo(out: Float32Array, factor: number, vector: Float32Array): void {
  for (let j = 0; j < out.length; j++) out[j]! += factor * vector[j]!
}

function largestEigenvector(matrix: Float64Array, size: number): Float64Array {
  let vector = Float64Array.from({ length: size }, (_, at) => 1 + at / size)
  for (let turn = 0; turn < turns; turn++) {
    const next = new Float64Array(size)
    for (let a = 0; a < size; a++)
      for (let b = 0; b < size; b++) next[a]! += matrix[a * size + b]! * vector[b]!
    const length = Math.hypot(...next)
    if (length === 0) return next
    vector = next.map((value) => value / length)
  }
  return vector
}

/** Takes the share of a unit eigenvector out of its matrix. */
function deflate(matrix: Float64Array, vector: Float64Array): void {
  const size = vector.length
  let eigenvalue = 0
  for (let a = 0; a < size; a++)
    for (let b = 0; b < size; b++) eigenvalue += vector[a]! * matrix[a * size + b]! * vector[b]!
  for (let a = 0; a < size; a++)
    for (let b = 0; b < size; b++) matrix[a * size + b]! -= eigenvalue * vector[a]! * vector[b]!
}
