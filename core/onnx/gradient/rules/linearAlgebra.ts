/** Gradients of matrix products. For Y = AB they are ∂A = ∂Y·Bᵀ and ∂B = Aᵀ·∂Y. */
import { floatOf, integerOf, stringOf } from '../attributes.ts'
import { sumTo } from '../broadcasting.ts'
import type { GraphWriter } from '../graphWriter.ts'
import { unknownGradient } from '../refusal.ts'
import type { Differentiated, GradientRule, InputGradient, RuleTable } from '../rule.ts'

export const linearAlgebraRules: RuleTable = {
  // Y = αA'B' + βC, where A' is A or Aᵀ.
  Gemm: ({ node, inputs: [a = '', b = '', c = ''], output, gradient }, w) => {
    const alpha = floatOf(node, 'alpha', 1)
    const [transA, transB] = [integerOf(node, 'transA', 0), integerOf(node, 'transB', 0)]
    const product = (left: string, right: string, leftTurned: number, rightTurned: number) =>
      gemm(w, left, right, leftTurned, rightTurned, alpha)
    return [
      () => (transA ? product(b, gradient, transB, 1) : product(gradient, b, 0, 1 - transB)),
      () => (transB ? product(gradient, a, 1, transA) : product(a, gradient, 1 - transA, 0)),
      () => w.scale(sumTo(w, gradient, c, output), floatOf(node, 'beta', 1)),
    ]
  },

  MatMul: matMul,
  Einsum: einsum,
}

function gemm(
  w: GraphWriter,
  a: string,
  b: string,
  transA: number,
  transB: number,
  alpha = 1,
): string {
  const scaled = alpha === 1 ? {} : { alpha: { float: alpha } }
  return w.add('Gemm', [a, b], { transA, transB, ...scaled })
}

function matMul(
  { node, inputs: [a = '', b = ''], gradient }: Differentiated,
  w: GraphWriter,
): ReturnType<GradientRule> {
  const [rankA, rankB] = [w.rankOf(a, node), w.rankOf(b, node)]
  if (rankA === 1 || rankB === 1) {
    // A vector is a matrix with one row on the left, or with one column on the right.
    const left = rankA === 1 ? w.add('Unsqueeze', [a, w.integers([0])]) : a
    const right = rankB === 1 ? w.add('Unsqueeze', [b, w.integers([1])]) : b
    const added = [...(rankA === 1 && rankB > 1 ? [-2] : []), ...(rankB === 1 ? [-1] : [])]
    const both = rankA === 1 && rankB === 1 ? [0, 1] : added
    const whole = w.add('Unsqueeze', [gradient, w.integers(both)])
    const [forA, forB] = matrixProduct(left, right, whole, w)
    return [() => w.reshapeLike(forA(), a), () => w.reshapeLike(forB(), b)]
  }
  return matrixProduct(a, b, gradient, w)
}

/** Both have two dimensions or more; those before the last two broadcast. */
function matrixProduct(
  a: string,
  b: string,
  gradient: string,
  w: GraphWriter,
): [() => string, () => string] {
  const rankA = w.facts.shape(a)?.length ?? 2
  const rankB = w.facts.shape(b)?.length ?? 2
  if (rankB === 2) {
    // One matrix for the whole batch, the usual layer: the rows of the batch are rows of one
    // product.
    const rows = (of: string, matrix: string, axis: number): string => {
      if (rankA === 2) return of
      const width = w.facts.shape(matrix)?.[axis]
      const last = typeof width === 'number' ? [width] : w.shapeOf(matrix, axis, axis + 1)
      return w.reshape(of, w.shape([-1], last))
    }
    return [
      () => w.reshapeLike(gemm(w, rows(gradient, b, 1), b, 0, 1), a),
      () => gemm(w, rows(a, b, 0), rows(gradient, b, 1), 1, 0),
    ]
  }
  const turned = (of: string, rank: number): string => {
    const axes = Array.from({ length: rank }, (_, i) => i)
    return w.transpose(of, [...axes.slice(0, -2), rank - 1, rank - 2])
  }
  // The product has the batch of the output and the matrices of x: only the batch may have been
  // repeated.
  const reduced = (product: string, x: string): string => sumTo(w, product, x, product)
  return [
    () => reduced(w.matMul(gradient, turned(b, rankB)), a),
    () => reduced(w.matMul(turned(a, rankA), gradient), b),
  ]
}

/**
 * Y = einsum(A, B; labels): ∂A is the einsum of ∂Y and B with A's labels as the result. Labels that
 * only A has were summed away, so the gradient repeats along them.
 */
function einsum({ node, inputs, gradient }: Differentiated, w: GraphWriter): InputGradient[] {
  const [left = '', right] = stringOf(node, 'equation', '').replaceAll(' ', '').split('->')
  const terms = left.split(',')
  const isPlain = terms.every((it) => new Set(it).size === it.length) && !left.includes('.')
  if (right === undefined || !isPlain) {
    throw unknownGradient(
      node,
      `with repeated or left-out labels (${left})`,
      'Write it as MatMul and Transpose before exporting',
    )
  }
  return inputs.map((x, index) => () => {
    const others = inputs.filter((_, i) => i !== index)
    const labels = terms.filter((_, i) => i !== index)
    const own = terms[index] as string
    const shared = [...own].filter((it) => right.includes(it) || labels.join('').includes(it))
    const equation = `${[right, ...labels].join()}->${shared.join('')}`
    const product = w.add('Einsum', [gradient, ...others], { equation })
    const alone = [...own].flatMap((it, axis) => (shared.includes(it) ? [] : [axis]))
    if (alone.length === 0) return product
    return w.expandLike(w.add('Unsqueeze', [product, w.integers(alone)]), x)
  })
}
