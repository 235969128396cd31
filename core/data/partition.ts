/**
 * Deals the training samples to the clients: the kinds of `split:`, and the resulting partition. A
 * partition is a pure function of labels, settings and seed. It is stored flat, so that a client
 * costs eight bytes besides its samples.
 */
import { HisoError, assertNever } from '../base/index.ts'
import type { SplitSettings } from '../config/index.ts'
import { exp, log } from '../random/index.ts'
import { apportion } from './apportion.ts'
import { dirichletCounts } from './dirichletSplit.ts'
import { countLabels, groupByLabel } from './grouping.ts'
import { raiseToMinimum } from './minimum.ts'
import { shardCounts } from './shardSplit.ts'
import { splitStream } from './splitStream.ts'
import type { RowGroups } from './text/sequences.ts'

/**
 * Which client holds which training samples; every sample is held by exactly one client, or by all
 * of them (`whole`).
 */
export interface Partition {
  readonly clients: number
  readonly classes: number
  /** How many samples each client holds. */
  readonly sizes: Uint32Array
  /**
   * The client's samples as indices into the training set, ascending; a view, do not write to it.
   */
  samplesOf(client: number): Uint32Array
  /** How many samples of each class each client holds: clients × classes, row-major. */
  table(): Uint32Array
}

/**
 * Deals every sample to one client.
 *
 * - **iid**: a random order of all samples, cut into equal parts (the first clients get one more if
 *   the division leaves a rest).
 * - **dirichlet**: each client i draws a class mix q_i ~ Dir(α, …, α) (`alphaScale: prior`:
 *   Dir(α·p), p the class shares). Balanced: sizes are equal, and each client's samples are divided
 *   among the classes in proportion to q_i, as long as the classes last. Unbalanced: sizes vary as
 *   they do when each class is dealt by a Dirichlet over the clients (see `dirichletSplit.ts`).
 * - **shards**: each client gets `labelsPerClient` distinct classes, and larger classes go to more
 *   clients; each class is dealt evenly to its clients (see `shardSplit.ts`).
 * - **column**: the rows of each group go to clients of their own: client i takes part in group i
 *   modulo their number, and a group is dealt evenly to its clients.
 * - **whole**: every client holds all samples.
 * - **quantity**: a random order of all samples, cut into parts proportional to (client +
 *   1)^−exponent.
 *
 * Proportions are rounded by largest remainders. Which samples of a class a client gets is random.
 * `minimum` is reached by repeatedly taking a sample from the largest client: for iid and quantity
 * before the cut; for shards only within a client's classes; for dirichlet with randomly chosen
 * samples, so that very small clients get the giver's mix.
 *
 * @param labels class index of each training sample, in [0, classes)
 * @param minimum the fewest samples of a client; the caller resolves the default of `split.minimum`
 * @param seed the run's
 * @param least what a client gets where shards of its classes can't give it the minimum
 * @throws HisoError DATA_SPLIT with the numbers, when there are more clients than samples, the
 *   minimum can't be kept, or the labels per client don't fit the classes
 */
export function partition(
  labels: Int32Array,
  classes: number,
  clients: number,
  split: SplitSettings,
  minimum: number,
  seed: number,
  least = minimum,
  groups?: RowGroups,
): Partition {
  if (split.kind === 'whole') return wholeForEach(labels, classes, clients)
  refuseImpossible(labels.length, clients, minimum)
  const owners = dealSamples(labels, classes, clients, split, { minimum, least }, seed, groups)
  return collect(owners, labels, classes, clients)
}

function wholeForEach(labels: Int32Array, classes: number, clients: number): Partition {
  const all = Uint32Array.from(labels, (_, sample) => sample)
  return {
    clients,
    classes,
    sizes: new Uint32Array(clients).fill(labels.length),
    samplesOf(client) {
      if (!(client < clients)) throw new RangeError(`there is no client ${client} of ${clients}`)
      return all
    },
    table() {
      const counts = countLabels(labels, classes)
      return Uint32Array.from({ length: clients * classes }, (_, at) => counts[at % classes]!)
    },
  }
}

function refuseImpossible(samples: number, clients: number, minimum: number): void {
  if (clients > samples)
    throw new HisoError('DATA_SPLIT', {
      where: 'federation.clients',
      what: `${clients} clients can't share ${samples} training samples: each needs at least one`,
      remedy: `Use at most ${samples} clients, or a larger dataset`,
    })
  if (clients * minimum > samples)
    throw new HisoError('DATA_SPLIT', {
      where: 'split.minimum',
      what: `${clients} clients with at least ${minimum} samples each need ${clients * minimum}, but there are ${samples} training samples`,
      remedy: `Use ${samples < minimum ? '' : `at most ${Math.floor(samples / minimum)} clients, or `}at most ${Math.floor(samples / clients)} as split.minimum`,
    })
}

/** The client of each sample. */
function dealSamples(
  labels: Int32Array,
  classes: number,
  clients: number,
  split: Exclude<SplitSettings, { readonly kind: 'whole' }>,
  { minimum, least }: { readonly minimum: number; readonly least: number },
  seed: number,
  groups: RowGroups | undefined,
): Uint32Array {
  switch (split.kind) {
    case 'iid':
      return dealInParts(apportion(labels.length, new Uint8Array(clients).fill(1)), labels, seed)
    case 'quantity': {
      const weights = Float64Array.from({ length: clients }, (_, client) =>
        exp(-split.exponent * log(client + 1)),
      )
      const sizes = raiseToMinimum(apportion(labels.length, weights), minimum)
      return dealInParts(sizes, labels, seed)
    }
    case 'dirichlet': {
      const groups = groupByLabel(labels, countLabels(labels, classes))
      const counts = dirichletCounts(sizesOf(groups), clients, split, seed)
      const owners = dealByClass(groups, counts, labels.length, seed)
      return moveToMinimum(owners, clients, minimum, seed)
    }
    case 'shards': {
      const groups = groupByLabel(labels, countLabels(labels, classes))
      const counts = shardCounts(
        sizesOf(groups),
        clients,
        split.labelsPerClient,
        minimum,
        least,
        seed,
      )
      return dealByClass(groups, counts, labels.length, seed)
    }
    case 'column':
      return dealGroups(groups, split.column, clients, least, seed)
    default:
      return assertNever(split)
  }
}

function dealGroups(
  groups: RowGroups | undefined,
  column: string,
  clients: number,
  least: number,
  seed: number,
): Uint32Array {
  const refuse = (where: string, what: string, remedy: string) =>
    new HisoError('DATA_SPLIT', { where, what, remedy })
  if (groups === undefined)
    throw refuse(
      'split.kind',
      `only texts have columns that a split could go by, such as "${column}"`,
      'Choose split.kind: iid, dirichlet, shards or quantity, or a language task',
    )
  const { names, of } = groups
  if (clients % names.length !== 0)
    throw refuse(
      'federation.clients',
      `${clients} clients can't share the ${names.length} values of column "${column}" (${names.slice(0, 8).join(', ')}) evenly`,
      `Set federation.clients to ${names.length}, or to a multiple of it`,
    )
  const members = groupByLabel(of, countLabels(of, names.length))
  const perGroup = clients / names.length
  const counts = members.map((rows, group) => {
    const own = new Uint32Array(clients)
    apportion(rows.length, new Uint8Array(perGroup).fill(1)).forEach((count, i) => {
      own[group + i * names.length] = count
    })
    return own
  })
  const smallest = members.reduce((fewest, { length }) => Math.min(fewest, length), Infinity)
  if (Math.floor(smallest / perGroup) < least)
    throw refuse(
      'split.minimum',
      `a client would get ${Math.floor(smallest / perGroup)} rows of column "${column}", fewer than ${least}`,
      `Set split.minimum to at most ${Math.floor(smallest / perGroup)}, or use fewer clients`,
    )
  return dealByClass(members, counts, of.length, seed)
}

/** Consecutive parts of the given sizes from a random order of all samples. */
function dealInParts(sizes: Uint32Array, labels: Int32Array, seed: number): Uint32Array {
  const order = splitStream(seed, 'order').permutation(labels.length)
  const owners = new Uint32Array(labels.length)
  let from = 0
  for (let client = 0; client < sizes.length; client++) {
    const to = from + sizes[client]!
    for (; from < to; from++) owners[order[from]!] = client
  }
  return owners
}

/** Each class in random order, dealt in consecutive parts of counts[class][client]. */
function dealByClass(
  groups: readonly Uint32Array[],
  counts: readonly Uint32Array[],
  samples: number,
  seed: number,
): Uint32Array {
  const owners = new Uint32Array(samples)
  groups.forEach((members, label) => {
    const order = splitStream(seed, 'order', label).permutation(members.length)
    let from = 0
    counts[label]!.forEach((count, client) => {
      for (const to = from + count; from < to; from++) owners[members[order[from]!]!] = client
    })
  })
  return owners
}

/** Moves randomly chosen samples of the largest clients to those below the minimum. */
function moveToMinimum(
  owners: Uint32Array,
  clients: number,
  minimum: number,
  seed: number,
): Uint32Array {
  const sizes = countLabels(owners, clients)
  const raised = raiseToMinimum(sizes, minimum)
  if (sizes.every((size, client) => size === raised[client])) return owners
  const held = groupByLabel(owners, sizes)
  const moved: number[] = []
  for (let client = 0; client < clients; client++) {
    const surplus = sizes[client]! - raised[client]!
    if (surplus <= 0) continue
    const chosen = splitStream(seed, 'moved', client).sample(sizes[client]!, surplus)
    for (const position of chosen) moved.push(held[client]![position]!)
  }
  let next = 0
  for (let client = 0; client < clients; client++)
    for (let size = sizes[client]!; size < raised[client]!; size++) owners[moved[next++]!] = client
  return owners
}

const sizesOf = (groups: readonly Uint32Array[]) => groups.map(({ length }) => length)

function collect(
  owners: Uint32Array,
  labels: Int32Array,
  classes: number,
  clients: number,
): Partition {
  const sizes = countLabels(owners, clients)
  const ends = new Uint32Array(clients)
  let end = 0
  for (let client = 0; client < clients; client++) ends[client] = end += sizes[client]!
  const next = Uint32Array.from(ends, (after, client) => after - sizes[client]!)
  const order = new Uint32Array(owners.length)
  for (let sample = 0; sample < owners.length; sample++) order[next[owners[sample]!]!++] = sample

  return {
    clients,
    classes,
    sizes,
    samplesOf(client) {
      const after = ends[client]
      if (after === undefined) throw new RangeError(`there is no client ${client} of ${clients}`)
      return order.subarray(after - sizes[client]!, after)
    },
    table() {
      const counts = new Uint32Array(clients * classes)
      for (let sample = 0; sample < owners.length; sample++)
        counts[owners[sample]! * classes + labels[sample]!]!++
      return counts
    },
  }
}
