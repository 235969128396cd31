/**
 * How fast are the gaussians? Normals per second on one thread: the SIMD kernels, the plain twin,
 * the fused passes, and torch's normal_ where /usr/bin/python3 has it; taken in turns on chunks of
 * 4,096, so that a busy machine slows all alike.
 *
 * Run: npm run bench -- noise
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { createPlainKernels, createWasmKernels, type Kernels } from '../core/kernels/index.ts'

const chunk = 4096
const turns = 25
/** One turn lasts about this long. */
const turnMs = 40

const torchProgram = `
import sys, time
import torch
torch.set_num_threads(1)
x = torch.empty(${chunk})
calls = 200
for line in sys.stdin:
    t = time.perf_counter()
    if line.strip() == 'randn':
        for _ in range(calls): torch.randn(${chunk})
    else:
        for _ in range(calls): x.normal_()
    s = time.perf_counter() - t
    print(calls * ${chunk} / s / 1e6, flush=True)
    calls = max(1, int(calls * ${turnMs / 1000} / s))
`

interface Contestant {
  readonly name: string
  /** @returns millions of normals per second, over one turn */
  turn(): Promise<number>
}

/** Calls `draw` with rising starts for about one turn. */
function contestant(name: string, draw: (start: number) => void): Contestant {
  let calls = 20
  return {
    name,
    turn() {
      const began = performance.now()
      for (let call = 0; call < calls; call++) draw(call * chunk)
      const elapsedMs = performance.now() - began
      const rate = (calls * chunk) / elapsedMs / 1000
      calls = Math.max(1, Math.round((calls * turnMs) / elapsedMs))
      return Promise.resolve(rate)
    },
  }
}

function ours(kernels: Kernels): Contestant[] {
  const address = { seed: 1, perturbation: 0 }
  const [z, x, out, hessian] = [0, 1, 2, 3].map(() => kernels.vector(chunk)) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ]
  hessian.fill(1.25)
  const noise = (start: number) => kernels.noise(z, 'gaussian', address, start, 1)
  return [
    contestant('gaussian', noise),
    contestant('rademacher', (start) => kernels.noise(z, 'rademacher', address, start, 1)),
    contestant('whitened, perturb', (start) => {
      kernels.direction(z, hessian, 'gaussian', address, start, 1)
      kernels.perturb(out, x, z, 1e-3)
    }),
    contestant('the same, fused', (start) =>
      kernels.perturbFresh(out, x, hessian, 'gaussian', address, start, 1, 1e-3),
    ),
    contestant('gaussian, perturb', (start) => {
      noise(start)
      kernels.perturb(out, x, z, 1e-3)
    }),
    contestant('the same, fused', (start) =>
      kernels.perturbFresh(out, x, undefined, 'gaussian', address, start, 1, 1e-3),
    ),
  ].map((entry) => ({ ...entry, name: `${kernels.name}: ${entry.name}` }))
}

/** torch in its own process, which answers each line that it is sent with a rate. */
async function torch(): Promise<{ contestants: Contestant[]; stop(): void } | undefined> {
  const python = spawn('/usr/bin/python3', ['-c', torchProgram], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const lines = createInterface({ input: python.stdout })
  const gone = once(python, 'close').then(() => undefined)
  const ask = async (what: string): Promise<number | undefined> => {
    const answer = once(lines, 'line').then(([line]) => Number(line))
    python.stdin.write(`${what}\n`)
    return Promise.race([answer, gone])
  }
  python.on('error', () => undefined)
  python.stdin.on('error', () => undefined)
  if ((await ask('randn')) === undefined) return undefined
  return {
    contestants: [
      { name: 'torch: randn', turn: async () => (await ask('randn')) ?? NaN },
      { name: 'torch: normal_', turn: async () => (await ask('normal_')) ?? NaN },
    ],
    stop: () => python.stdin.end(),
  }
}

const rival = await torch()
const contestants = [
  ...ours(createWasmKernels(4 * chunk)),
  ...ours(createPlainKernels()).slice(0, 2),
  ...(rival?.contestants ?? []),
]
const rates = contestants.map(() => [] as number[])
for (let turn = -3; turn < turns; turn++) {
  for (const [i, entry] of contestants.entries()) {
    const rate = await entry.turn()
    if (turn >= 0) rates[i]!.push(rate)
  }
}
rival?.stop()

const medians = rates.map((series) => series.sort((a, b) => a - b)[turns >> 1]!)
const base = medians[contestants.findIndex(({ name }) => name === 'torch: randn')]
console.log('millions of normals per second, one thread: median (fastest) of', turns, 'turns')
contestants.forEach(({ name }, i) => {
  const ratio = base === undefined ? '' : `${(medians[i]! / base).toFixed(2)} x torch.randn`
  const fastest = rates[i]!.at(-1)!
  console.log(
    name.padEnd(40),
    medians[i]!.toFixed(0).padStart(6),
    `(${fastest.toFixed(0)})`.padStart(8),
    ratio,
  )
})
if (base === undefined) console.log('no torch in /usr/bin/python3: no ratio')
