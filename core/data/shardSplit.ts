/** How many samples of each class each client gets if every client sees only a few labels. */
import { HisoError } from '../base/index.ts'
import { splitStream } from './splitStream.ts'

/**
 * 1. Class c goes to h_c clients, at least 1 and at most all, Σ h_c = clients · labelsPerClient.
 *   Each class starts with 1; the class with the most samples per client (n_c / (h_c + 1) the
 *   largest, ties to the lower index) gets one more client until all places are taken.
 * 2. Client after client draws its distinct classes, in proportion to the remaining places of each
 *   class. A class that needs all remaining clients is taken first. So every class has a holder,
 *   and no client has a class twice.
 * 3. Class after class is divided evenly among its clients. If the division leaves a rest, one more
 *   goes to those who would otherwise end with the least, counting n_c / h_c for each class yet to
 *   come (ties to the lower index).
 * 4. A client below the minimum gets samples of its own classes from the largest client that holds
 *   one and is above the minimum. If no such client exists, a chain of clients swaps one class for
 *   another; the shortest such chain.
 *
 * @param classSizes n_c, samples of each class; classes without samples take no part
 * @param least refused where a client would get fewer; at most `minimum`
 * @returns counts[class][client]; each class's counts sum to its size
 * @throws HisoError DATA_SPLIT if a client cannot have that many labels, the clients cannot hold
 *   all classes, or the minimum cannot be reached within the clients' classes
 */
export function shardCounts(
  classSizes: readonly number[],
  clients: number,
  labelsPerClient: number,
  minimum: number,
  least: number,
  seed: number,
): Uint32Array[] {
  const present = classSizes.flatMap((size, label) => (size > 0 ? [label] : []))
  const where = 'split.labelsPerClient'
  const labels = labelsPerClient === 1 ? '1 label' : `${labelsPerClient} labels`
  if (labelsPerClient > present.length)
    throw new HisoError('DATA_SPLIT', {
      where,
      what: `each client should see ${labelsPerClient} classes, but the training samples have ${present.length}`,
      remedy: `Use at most ${present.length} labels per client`,
    })
  if (clients * labelsPerClient < present.length)
    throw new HisoError('DATA_SPLIT', {
      where,
      what: `${clients} clients with ${labels} each see at most ${clients * labelsPerClient} of ${present.length} classes, so some samples would have no client`,
      remedy: `Use at least ${Math.ceil(present.length / clients)} labels per client, or at least ${Math.ceil(present.length / labelsPerClient)} clients`,
    })
  const sizes = present.map((label) => classSizes[label]!)
  const places = placesPerClass(sizes, clients, labelsPerClient)
  const shards = new Shards(sizes, drawClasses(places, clients, labelsPerClient, seed), clients)
  for (let client = 0; client < clients; client++) {
    while (shards.totals[client]! < minimum) {
      if (shards.bringOneTo(client, minimum)) continue
      const held = shards.totals[client]!
      if (held >= least) break
      throw new HisoError('DATA_SPLIT', {
        where: 'split.minimum',
        what: `with ${labels} per client, client ${client + 1} of ${clients} gets only ${held} samples of its classes, less than the minimum of ${least}`,
        remedy: `${least > 1 ? 'Leave out split.minimum, use' : 'Use'} fewer clients, or more labels per client`,
      })
    }
  }
  return classSizes.map(
    (_, label) => shards.counts[present.indexOf(label)] ?? new Uint32Array(clients),
  )
}

/** h_c of step 1. */
function placesPerClass(
  sizes: readonly number[],
  clients: number,
  labelsPerClient: number,
): Uint32Array {
  const places = new Uint32Array(sizes.length).fill(1)
  for (let left = clients * labelsPerClient - sizes.length; left > 0; left--) {
    let best = -1
    let most = 0
    for (let label = 0; label < sizes.length; label++) {
      const perClient = sizes[label]! / (places[label]! + 1)
      if (places[label]! < clients && perClient > most) {
        best = label
        most = perClient
      }
    }
    places[best]!++
  }
  return places
}

/**
 * Step 2.
 *
 * @returns clients × labelsPerClient, row-major
 */
function drawClasses(
  places: Uint32Array,
  clients: number,
  labelsPerClient: number,
  seed: number,
): Uint32Array {
  const stream = splitStream(seed, 'labels')
  const left = places.slice()
  const drawn = new Uint32Array(clients * labelsPerClient)
  const lastClient = new Int32Array(places.length).fill(-1)
  for (let client = 0; client < clients; client++) {
    let slot = client * labelsPerClient
    const end = slot + labelsPerClient
    const take = (label: number) => {
      drawn[slot++] = label
      left[label]!--
      lastClient[label] = client
    }
    for (let label = 0; label < left.length; label++)
      if (left[label] === clients - client) take(label)
    while (slot < end) {
      let open = 0
      for (let label = 0; label < left.length; label++)
        if (lastClient[label] !== client) open += left[label]!
      let target = stream.below(open)
      for (let label = 0; label < left.length; label++) {
        if (lastClient[label] === client) continue
        if (target < left[label]!) {
          take(label)
          break
        }
        target -= left[label]!
      }
    }
  }
  return drawn
}

/** The samples of each class among the clients that may hold them. */
class Shards {
  /** counts[class][client] */
  readonly counts: readonly Uint32Array[]
  readonly totals: Uint32Array
  readonly #holders: readonly Uint32Array[]
  readonly #classesOf: (client: number) => Uint32Array

  /** Step 3. @param drawn clients × labelsPerClient class indices */
  constructor(sizes: readonly number[], drawn: Uint32Array, clients: number) {
    const labelsPerClient = drawn.length / clients
    this.#classesOf = (client) =>
      drawn.subarray(client * labelsPerClient, (client + 1) * labelsPerClient)
    const holders: number[][] = sizes.map(() => [])
    drawn.forEach((label, slot) => holders[label]!.push(Math.floor(slot / labelsPerClient)))
    this.#holders = holders.map((list) => Uint32Array.from(list))
    this.counts = sizes.map(() => new Uint32Array(clients))
    this.totals = new Uint32Array(clients)
    const expected = new Float64Array(clients)
    holders.forEach((list, label) => {
      for (const client of list) expected[client]! += sizes[label]! / list.length
    })
    sizes.forEach((size, label) => {
      const list = holders[label]!
      const each = Math.floor(size / list.length)
      const smallestFirst = [...list].sort(
        (left, right) => expected[left]! - expected[right]! || left - right,
      )
      smallestFirst.forEach((client, rank) => {
        const count = each + (rank < size % list.length ? 1 : 0)
        this.counts[label]![client] = count
        this.totals[client]! += count
        expected[client]! += count - size / list.length
      })
    })
  }

  /**
   * Step 4: finds one more sample for the client, breadth first over the classes. @returns whether
   * it found one
   */
  bringOneTo(client: number, minimum: number): boolean {
    // For each class within reach: `taker` would get a sample of it and give one of `gives` (the
    // first takers give none).
    const reached = new Map<number, { taker: number; gives: number | undefined }>()
    for (const label of this.#classesOf(client))
      reached.set(label, { taker: client, gives: undefined })
    for (const label of reached.keys()) {
      const giver = this.#largestHolder(label, minimum)
      if (giver !== undefined) {
        this.totals[giver]!--
        this.totals[client]!++
        this.#pass(giver, label, reached)
        return true
      }
      const counts = this.counts[label]!
      for (const holder of this.#holders[label]!) {
        if (counts[holder] === 0) continue
        for (const other of this.#classesOf(holder))
          if (!reached.has(other)) reached.set(other, { taker: holder, gives: label })
      }
    }
    return false
  }

  #largestHolder(label: number, minimum: number): number | undefined {
    const counts = this.counts[label]!
    let largest: number | undefined
    let most = minimum
    for (const holder of this.#holders[label]!) {
      if (counts[holder]! > 0 && this.totals[holder]! > most) {
        largest = holder
        most = this.totals[holder]!
      }
    }
    return largest
  }

  #pass(
    giver: number,
    label: number,
    reached: ReadonlyMap<number, { taker: number; gives: number | undefined }>,
  ): void {
    for (let from = giver, passed: number | undefined = label; passed !== undefined;) {
      const { taker, gives }: { taker: number; gives: number | undefined } = reached.get(passed)!
      this.counts[passed]![from]!--
      this.counts[passed]![taker]!++
      from = taker
      passed = gives
    }
  }
}
