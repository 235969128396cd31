/**
 * How many samples of each class each client gets under a Dirichlet split, unbalanced or with equal
 * sizes.
 */
import type { SplitSettings } from '../config/index.ts'
import { apportion } from './apportion.ts'
import { splitStream } from './splitStream.ts'

type DirichletSettings = Extract<SplitSettings, { kind: 'dirichlet' }>

/** Smaller shapes would give gamma variables whose logarithms are not finite. */
const smallestConcentration = 1e-300

/**
 * Every client i draws its class mix q_i ~ Dir(a) from its own stream, a_c = α (`class`) or α·n_c/n
 * (`prior`).
 *
 * Unbalanced: client i also draws a weight t_i ~ Gamma(Σ a_c), and the n_c samples of class c are
 * divided among the clients in proportion to t_i·q_ic. As the t_i·q_ic are independent Gamma(a_c),
 * each class is dealt by Dir(a_c, …, a_c) over the clients, the usual form in the literature, and
 * every client's mix follows the same Dir(a) as in the balanced form. A class in which all clients'
 * shares are below the smallest float64 goes to one of them drawn at random, the limit of small α.
 *
 * Balanced: sizes are n/M, the first clients getting one more. All samples being dealt, the mixes
 * have to average to the class shares n_c/n, which independent draws do not. So each client's mix
 * takes its largest part for the class that the clients before it left most of, and so on (where
 * all a_c are equal, which leaves every mix a Dir(a)); what is still missing or too much is divided
 * out by scaling classes and clients in turn, which gives the shares nearest to the mixes in
 * relative entropy (Deming and Stephan 1940). Then whole samples are dealt in passes: every client
 * divides the places it still has among the classes that still have samples, in proportion to its
 * shares (to what is left, where it has none of them); a class that is asked for more than it has
 * is divided in proportion to what is asked. Each pass uses up at least one class.
 *
 * Differs: the authors' code draws the mixes with `prior` and then rebalances to equal sizes, which
 * only `balanced` does here.
 *
 * @param classSizes n_c, samples of each class
 * @returns counts[class][client]; each class's counts sum to its size
 */
export function dirichletCounts(
  classSizes: readonly number[],
  clients: number,
  { alpha, alphaScale, balanced }: DirichletSettings,
  seed: number,
): Uint32Array[] {
  const samples = classSizes.reduce((sum, size) => sum + size, 0)
  const present = classSizes.flatMap((size, label) => (size > 0 ? [label] : []))
  const concentrations = present.map((label) =>
    Math.max(
      smallestConcentration,
      alphaScale === 'prior' ? (alpha * classSizes[label]!) / samples : alpha,
    ),
  )
  const concentration = concentrations.reduce((sum, value) => sum + value, 0)
  // t_i·q_ic, or q_ic alone where sizes are equal: weights[class][client]
  const weights = Array.from(present, () => new Float64Array(clients))
  for (let client = 0; client < clients; client++) {
    const stream = splitStream(seed, 'mix', client)
    const mix = stream.dirichlet(concentrations)
    const weight = balanced ? 1 : stream.gamma(concentration)
    mix.forEach((share, position) => (weights[position]![client] = weight * share))
  }
  const sizes = present.map((label) => classSizes[label]!)
  if (balanced) {
    const shares = present.map((label) => classSizes[label]! / samples)
    if (concentrations.every((value) => value === concentrations[0])) arrangeMixes(weights, shares)
    fitMixes(weights, shares)
  }
  const counts = balanced
    ? balancedCounts(sizes, apportion(samples, new Uint8Array(clients).fill(1)), weights)
    : sizes.map((size, position) => {
        const shares = weights[position]!
        if (shares.some((share) => share > 0)) return apportion(size, shares)
        const all = new Uint32Array(clients)
        all[splitStream(seed, 'stray', present[position]).below(clients)] = size
        return all
      })
  return classSizes.map((_, label) => counts[present.indexOf(label)] ?? new Uint32Array(clients))
}

/**
 * Permutes each client's mix: its parts, the largest first, go to the classes in the order of what
 * all clients up to it should have had of each and those before it have not.
 * @param mixes mixes[class][client], in place
 * @param shares the classes' shares of all samples
 */
function arrangeMixes(mixes: readonly Float64Array[], shares: readonly number[]): void {
  const clients = mixes[0]?.length ?? 0
  const given = new Float64Array(shares.length)
  const classes = shares.map((_, label) => label)
  for (let client = 0; client < clients; client++) {
    const parts = Float64Array.from(mixes, (mix) => mix[client]!).sort()
    const missing = shares.map((share, label) => (client + 1) * share - given[label]!)
    classes.sort((one, other) => missing[other]! - missing[one]! || one - other)
    for (const [rank, label] of classes.entries()) {
      const part = parts[parts.length - 1 - rank]!
      mixes[label]![client] = part
      given[label]! += part
    }
  }
}

/** Relative error of the class shares below which no scaling is worth it: samples are whole. */
const fitted = 1e-6
/** Where shares of 0 stand in the way there is no exact solution; passes deal with the rest. */
const fittingSteps = 100

/**
 * Scales classes and clients in turn until the clients' mixes average to the class shares.
 * @param mixes mixes[class][client], in place
 */
function fitMixes(mixes: readonly Float64Array[], shares: readonly number[]): void {
  const clients = mixes[0]?.length ?? 0
  for (let step = 0; step < fittingSteps; step++) {
    let worst = 0
    for (const [label, mix] of mixes.entries()) {
      const sum = mix.reduce((total, part) => total + part, 0)
      const factor = sum > 0 ? (clients * shares[label]!) / sum : 1
      worst = Math.max(worst, Math.abs(factor - 1))
      for (let client = 0; client < clients; client++) mix[client]! *= factor
    }
    for (let client = 0; client < clients; client++) {
      let sum = 0
      for (const mix of mixes) sum += mix[client]!
      if (sum > 0) for (const mix of mixes) mix[client]! /= sum
    }
    if (worst < fitted) return
  }
}

/** @param mixes mixes[class][client] */
function balancedCounts(
  classSizes: readonly number[],
  clientSizes: Uint32Array,
  mixes: readonly Float64Array[],
): Uint32Array[] {
  const clients = clientSizes.length
  const left = [...classSizes]
  const places = clientSizes.slice()
  const counts = classSizes.map(() => new Uint32Array(clients))
  const weights = new Float64Array(classSizes.length)
  while (left.some((size) => size > 0)) {
    const asked = classSizes.map(() => new Uint32Array(clients))
    for (let client = 0; client < clients; client++) {
      if (places[client] === 0) continue
      let sum = 0
      for (let label = 0; label < left.length; label++)
        sum += weights[label] = left[label] === 0 ? 0 : mixes[label]![client]!
      const wishes = apportion(places[client]!, sum > 0 ? weights : left)
      wishes.forEach((count, label) => (asked[label]![client] = count))
    }
    asked.forEach((wishes, label) => {
      const total = wishes.reduce((sum, count) => sum + count, 0)
      const given = total > left[label]! ? apportion(left[label]!, wishes) : wishes
      given.forEach((count, client) => {
        counts[label]![client]! += count
        places[client]! -= count
        left[label]! -= count
      })
    })
  }
  return counts
}
