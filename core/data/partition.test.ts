import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HisoError } from '../base/index.ts'
import type { SplitSettings } from '../config/index.ts'
import { partition, type Partition } from './partition.ts'

const dirichlet = (
  alpha: number,
  options: { balanced?: boolean; alphaScale?: 'class' | 'prior' } = {},
): SplitSettings => ({ kind: 'dirichlet', alpha, alphaScale: 'class', balanced: false, ...options })
const shards = (labelsPerClient: number): SplitSettings => ({ kind: 'shards', labelsPerClient })
const quantity = (exponent: number): SplitSettings => ({ kind: 'quantity', exponent })
const iid: SplitSettings = { kind: 'iid' }

/** `count` samples, the classes in turn. */
const evenLabels = (count: number, classes: number) =>
  Int32Array.from({ length: count }, (_, index) => index % classes)

const rowsOf = ({ clients, classes, table }: Partition) => {
  const counts = table()
  return Array.from({ length: clients }, (_, client) => [
    ...counts.subarray(client * classes, (client + 1) * classes),
  ])
}
const average = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length
/** Mean over clients of the share of its most frequent class. */
const concentrationOf = (split: Partition) =>
  average(rowsOf(split).map((row, client) => Math.max(...row) / split.sizes[client]!))

function expectComplete(split: Partition, labels: Int32Array, minimum: number): void {
  const owners = new Int32Array(labels.length).fill(-1)
  const counts = new Uint32Array(split.clients * split.classes)
  for (let client = 0; client < split.clients; client++) {
    const samples = split.samplesOf(client)
    if (samples.length !== split.sizes[client]) throw new Error(`size of client ${client}`)
    if (samples.length < minimum) throw new Error(`client ${client} is below the minimum`)
    let previous = -1
    for (const sample of samples) {
      if (sample <= previous) throw new Error(`client ${client} is not in ascending order`)
      if (owners[sample] !== -1) throw new Error(`sample ${sample} is held twice`)
      owners[sample] = client
      counts[client * split.classes + labels[sample]!]!++
      previous = sample
    }
  }
  expect(owners.includes(-1)).toBe(false)
  expect(split.table()).toEqual(counts)
}

const anySplit: fc.Arbitrary<SplitSettings> = fc.oneof(
  fc.constant(iid),
  fc.record({
    kind: fc.constant('dirichlet' as const),
    alpha: fc.constantFrom(1e-320, 1e-12, 1e-3, 0.1, 1, 100, 1e6),
    alphaScale: fc.constantFrom('class', 'prior'),
    balanced: fc.boolean(),
  }),
  fc.integer({ min: 1, max: 4 }).map(shards),
  fc.double({ min: 0, max: 10, noNaN: true }).map(quantity),
)

describe('every split', () => {
  it('gives each sample to exactly one client and keeps the minimum, or says why not', () => {
    fc.assert(
      fc.property(
        anySplit,
        fc.array(fc.nat(4), { minLength: 1, maxLength: 150 }).map((list) => Int32Array.from(list)),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(2 ** 32 - 1),
        (settings, labels, clientShare, minimumShare, seed) => {
          const clients = 1 + Math.floor(clientShare * (labels.length - 1))
          const minimum = 1 + Math.floor(minimumShare * (labels.length / clients - 1))
          let split: Partition
          try {
            split = partition(labels, 5, clients, settings, minimum, seed)
          } catch (thrown) {
            // Only shards have limits that depend on the labels.
            expect(thrown).toBeInstanceOf(HisoError)
            expect(thrown).toMatchObject({ code: 'DATA_SPLIT' })
            expect(settings.kind).toBe('shards')
            return
          }
          expectComplete(split, labels, minimum)
        },
      ),
      { numRuns: 1500 },
    )
  })

  const kinds = [iid, dirichlet(0.3), dirichlet(0.3, { balanced: true }), shards(2), quantity(1)]

  it.each(kinds)('works from one client to one sample per client: %j', (settings) => {
    const labels = evenLabels(3000, 10)
    for (const clients of settings.kind === 'shards' ? [5, 3000] : [1, 2, 3000])
      expectComplete(partition(labels, 10, clients, settings, 1, 1), labels, 1)
  })

  it.each(kinds)('depends on its seed alone: %j', (settings) => {
    const labels = evenLabels(500, 10)
    const samples = (seed: number) => {
      const split = partition(labels, 10, 20, settings, 1, seed)
      return Array.from({ length: 20 }, (_, client) => [...split.samplesOf(client)])
    }
    expect(samples(7)).toEqual(samples(7))
    expect(samples(7)).not.toEqual(samples(8))
  })

  it.each(kinds)('deals 60,000 samples to 60,000 clients in seconds: %j', (settings) => {
    const labels = evenLabels(60_000, 10)
    const start = performance.now()
    const split = partition(labels, 10, 60_000, settings, 1, 1)
    // Half a second when the machine is idle.
    expect(performance.now() - start).toBeLessThan(8000)
    expect(split.sizes.every((size) => size === 1)).toBe(true)
  })

  it('refuses more clients than samples and a minimum that can not be had', () => {
    expect(() => partition(evenLabels(99, 3), 3, 100, iid, 1, 0)).toThrow(
      "federation.clients: 100 clients can't share 99 training samples: each needs at least one. Use at most 99 clients",
    )
    expect(() => partition(evenLabels(99, 3), 3, 10, dirichlet(1), 10, 0)).toThrow(
      'split.minimum: 10 clients with at least 10 samples each need 100, but there are 99 training samples. Use at most 9 clients, or at most 9 as split.minimum',
    )
    expect(() => partition(evenLabels(99, 3), 3, 10, dirichlet(1), 100, 0)).toThrow(
      'there are 99 training samples. Use at most 9 as split.minimum',
    )
  })

  it('refuses to name the samples of a client that is not there', () => {
    expect(() => partition(evenLabels(9, 3), 3, 3, iid, 1, 0).samplesOf(3)).toThrow(RangeError)
  })
})

describe('the IID split', () => {
  it('has equal sizes and mixes like the whole', () => {
    const split = partition(evenLabels(10_003, 10), 10, 10, iid, 1, 3)
    expect([...split.sizes]).toEqual([1001, 1001, 1001, 1000, 1000, 1000, 1000, 1000, 1000, 1000])
    // A class count is hypergeometric with mean 100 and deviation 9; the bound is 5 of them.
    for (const row of rowsOf(split))
      for (const count of row) expect(Math.abs(count - 100)).toBeLessThan(45)
  })
})

describe('the Dirichlet split', () => {
  it('concentrates classes for small α and approaches IID for large α, balanced or not', () => {
    const labels = evenLabels(20_000, 10)
    for (const balanced of [false, true]) {
      const concentration = (alpha: number) =>
        concentrationOf(partition(labels, 10, 100, dirichlet(alpha, { balanced }), 1, 5))
      expect(concentration(0.01)).toBeGreaterThan(0.7)
      expect(concentration(1e6)).toBeLessThan(0.12)
    }
  })

  it('gives a client mix the variance of Dir(α): (1 − 1/C) / C / (Cα + 1)', () => {
    const classes = 10
    const labels = evenLabels(200_000, classes)
    for (const alpha of [0.5, 2]) {
      const split = partition(labels, classes, 400, dirichlet(alpha), 1, 11)
      const squares = rowsOf(split).flatMap((row, client) =>
        row.map((count) => (count / split.sizes[client]! - 1 / classes) ** 2),
      )
      const expected = ((1 / classes) * (1 - 1 / classes)) / (classes * alpha + 1)
      // 4,000 squares: a standard error of a few per cent.
      expect(average(squares) / expected).toBeGreaterThan(0.85)
      expect(average(squares) / expected).toBeLessThan(1.15)
    }
  })

  it('means by α times the prior what a class share of it means per class', () => {
    const labels = evenLabels(5000, 10)
    const perClass = partition(labels, 10, 20, dirichlet(0.1), 1, 5)
    const prior = partition(labels, 10, 20, dirichlet(1, { alphaScale: 'prior' }), 1, 5)
    expect(prior.table()).toEqual(perClass.table())
  })

  it.each([
    [20, 0.1],
    [20, 0.5],
    [100, 0.5],
    [100, 2],
  ])('gives %i clients of equal size mixes as concentrated as Dir(%d)', (clients, alpha) => {
    const labels = evenLabels(20_000, 10)
    let sum = 0
    const seeds = 8
    for (let seed = 0; seed < seeds; seed++) {
      const table = partition(
        labels,
        10,
        clients,
        dirichlet(alpha, { balanced: true }),
        1,
        seed,
      ).table()
      for (const count of table) sum += ((count * clients) / 20_000) ** 2 / clients / seeds
    }
    // E Σ q² of a symmetric Dirichlet over 10 classes.
    const expected = (alpha + 1) / (10 * alpha + 1)
    expect(Math.abs(sum / expected - 1)).toBeLessThan(0.05)
  })

  it('has equal sizes when balanced, varying ones when not', () => {
    const labels = evenLabels(10_000, 10)
    const balanced = partition(labels, 10, 100, dirichlet(0.1, { balanced: true }), 1, 5)
    expect(balanced.sizes.every((size) => size === 100)).toBe(true)
    const unbalanced = partition(labels, 10, 100, dirichlet(0.1), 1, 5)
    expect(Math.max(...unbalanced.sizes)).toBeGreaterThan(300)
    expect(Math.min(...unbalanced.sizes)).toBeLessThan(40)
  })

  it('leaves classes without samples out', () => {
    const labels = Int32Array.from({ length: 400 }, (_, index) => 2 * (index % 3))
    for (const alphaScale of ['class', 'prior'] as const)
      expectComplete(partition(labels, 6, 7, dirichlet(0.5, { alphaScale }), 5, 5), labels, 5)
  })

  it('survives concentrations at which gamma variables vanish', () => {
    const labels = evenLabels(1000, 10)
    const split = partition(labels, 10, 3, dirichlet(1e-6), 1, 5)
    expectComplete(split, labels, 1)
    for (let label = 0; label < 10; label++)
      expect(Math.max(...rowsOf(split).map((row) => row[label]!))).toBeGreaterThanOrEqual(98)
  })
})

describe('the split by label shards', () => {
  it('shows each client k labels and covers them all', () => {
    const settings = fc.record({
      classes: fc.integer({ min: 1, max: 12 }),
      labelsPerClient: fc.integer({ min: 1, max: 4 }),
      clients: fc.integer({ min: 1, max: 40 }),
      seed: fc.nat(2 ** 32 - 1),
    })
    fc.assert(
      fc.property(settings, ({ classes, labelsPerClient, clients, seed }) => {
        fc.pre(labelsPerClient <= classes && clients * labelsPerClient >= classes)
        const labels = evenLabels(classes * 50, classes)
        fc.pre(labels.length >= 4 * clients)
        const split = partition(labels, classes, clients, shards(labelsPerClient), 1, seed)
        expectComplete(split, labels, 1)
        for (const row of rowsOf(split))
          expect(row.filter((count) => count > 0)).toHaveLength(labelsPerClient)
      }),
    )
  })

  it('keeps a tight minimum within the labels, swapping along chains', () => {
    // Every sample is needed: only a perfect matching gives each client one.
    for (let seed = 0; seed < 200; seed++) {
      const labels = Int32Array.from({ length: 120 }, (_, index) =>
        index < 60 ? index % 3 : 3 + (index % 9),
      )
      const split = partition(labels, 12, 120, shards(2), 1, seed)
      expectComplete(split, labels, 1)
    }
  })

  it('copes with classes of very different sizes', () => {
    const labels = Int32Array.from({ length: 60_000 }, (_, index) =>
      index < 40_000 ? 0 : index < 59_000 ? 1 + (index % 3) : 4 + (index % 6),
    )
    for (const clients of [10, 1000]) {
      const split = partition(labels, 10, clients, shards(2), 32, 1)
      expectComplete(split, labels, 32)
      for (const row of rowsOf(split))
        expect(row.filter((count) => count > 0).length).toBeLessThanOrEqual(2)
    }
  })

  it('refuses numbers of labels that do not fit', () => {
    const labels = evenLabels(1000, 10)
    expect(() => partition(labels, 10, 5, shards(11), 1, 0)).toThrow(
      'split.labelsPerClient: each client should see 11 classes, but the training samples have 10. Use at most 10',
    )
    expect(() => partition(labels, 10, 3, shards(3), 1, 0)).toThrow(
      '3 clients with 3 labels each see at most 9 of 10 classes, so some samples would have no client. Use at least 4 labels per client, or at least 4 clients',
    )
    const lopsided = Int32Array.from({ length: 100 }, (_, index) => (index < 98 ? 0 : 1))
    expect(() => partition(lopsided, 2, 4, shards(1), 20, 0)).toThrow(
      /with 1 label per client, client \d of 4 gets only 2 samples of its classes, less than the minimum of 20/,
    )
  })
})

describe('the split by quantity', () => {
  it('follows a power law', () => {
    const split = partition(evenLabels(11_000, 10), 10, 3, quantity(1), 1, 0)
    expect([...split.sizes]).toEqual([6000, 3000, 2000])
    expect([...partition(evenLabels(900, 10), 10, 3, quantity(0), 1, 0).sizes]).toEqual([
      300, 300, 300,
    ])
  })

  it('raises the small clients to the minimum at the cost of the largest', () => {
    const split = partition(evenLabels(1000, 10), 10, 10, quantity(10), 32, 0)
    expect([...split.sizes]).toEqual([712, ...Array<number>(9).fill(32)])
  })
})

describe('the split by a column', () => {
  const column: SplitSettings = { kind: 'column', column: 'site' }
  const groups = { names: ['a', 'b'], of: Int32Array.from([0, 1, 0, 1, 1, 0, 1, 0, 1, 1]) }
  const labels = evenLabels(10, 2)

  it('gives every value its own clients, and all of its rows to them', () => {
    for (const clients of [2, 4]) {
      const split = partition(labels, 2, clients, column, 1, 3, 1, groups)
      for (let client = 0; client < clients; client++)
        for (const row of split.samplesOf(client)) expect(groups.of[row]).toBe(client % 2)
      expect(split.sizes.reduce((sum, size) => sum + size, 0)).toBe(10)
    }
  })

  it('refuses clients that can’t share the values, too few rows, and data without columns', () => {
    const clients = { where: 'federation.clients', remedy: /Set federation.clients to 2/ }
    const rows = { where: 'split.minimum', remedy: /at most 4/ }
    const kind = { where: 'split.kind' }
    const refusalOf = (make: () => unknown) => {
      try {
        make()
      } catch (error) {
        return error as HisoError
      }
      throw new Error('nothing was refused')
    }
    const odd = refusalOf(() => partition(labels, 2, 3, column, 1, 3, 1, groups))
    expect(odd.where).toBe(clients.where)
    expect(odd.remedy).toMatch(clients.remedy)
    const few = refusalOf(() => partition(labels, 2, 2, column, 5, 3, 5, groups))
    expect(few.where).toBe(rows.where)
    expect(few.remedy).toMatch(rows.remedy)
    expect(() => partition(labels, 2, 2, column, 4, 3, 4, groups)).not.toThrow()
    expect(refusalOf(() => partition(labels, 2, 2, column, 1, 3)).where).toBe(kind.where)
  })
})
