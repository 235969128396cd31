/**
 * Pre-trains the shipped language model: next-token prediction with true gradients and Adam, on one
 * thread. Stops at any moment and goes on from its last checkpoint; with --pack it writes that as
 * resources/models/opt-mail. Run: npm run pretrain -- [--steps N] [--minutes N] [--threads N]
 * [--pack]
 */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Tokenizer } from '@huggingface/tokenizers'
import {
  buildOpt,
  exportDecoder,
  parameterFeeds,
  trainDecoder,
  type OptShape,
} from '../core/model/index.ts'
import { differentiate } from '../core/onnx/index.ts'
import { openGraphRunner } from '../platform/index.ts'
import { RandomStream } from '../core/random/index.ts'
import { adamStep, clipLength, learningRateAt } from './adam.ts'
import { describeModel } from './describeModel.ts'
import { pretrainingText } from '../scripts/pretrain/text.mjs'

const shape: OptShape = {
  layers: 4,
  hidden: 192,
  heads: 6,
  ffn: 768,
  vocabulary: 4096,
  positions: 256,
}
const peak = 2e-3
const adam = { firstDecay: 0.9, secondDecay: 0.98, epsilon: 1e-8, weightDecay: 0.05 }
const seed = 365
/**
 * Tokens of a step: rows of 128, or half as many of 256 for every fourth step, so that all
 * positions are learned.
 */
const forms = [
  { rows: 16, length: 128 },
  { rows: 8, length: 256 },
] as const

const { values: options } = parseArgs({
  options: {
    steps: { type: 'string', default: '2000' },
    minutes: { type: 'string', default: '1000' },
    threads: { type: 'string', default: '1' },
    out: { type: 'string', default: '.cache/pretrain' },
    pack: { type: 'boolean', default: false },
  },
})
const steps = Number(options.steps)
const folder = options.out
mkdirSync(folder, { recursive: true })
const files = { checkpoint: join(folder, 'checkpoint.bin'), curve: join(folder, 'loss.csv') }

const { train, heldOut } = tokenStreams()
const graph = trainDecoder(buildOpt(shape, seed), { trainables: { kind: 'full' }, seed })
const { trainables: parameters, dim } = graph
const feedsOf = parameterFeeds(graph)
const state = existsSync(files.checkpoint) ? readCheckpoint() : start()
console.log(
  `${dim} parameters, ${train.length} + ${heldOut.length} tokens, from step ${state.step} of ${steps}`,
)
const { bytes, gradients } = differentiate(graph)
const runner = await openGraphRunner(bytes, { threads: Number(options.threads) })
if (options.pack) pack()
else await learn()

async function learn() {
  const gradient = new Float32Array(dim)
  const began = performance.now()
  let sum = 0
  let count = 0
  while (state.step < steps && performance.now() - began < Number(options.minutes) * 60_000) {
    const step = state.step + 1
    const form = step % 4 === 0 ? 1 : 0
    const loss = await lossOf(form, batchOf(train, form, step), gradient)
    clipLength(gradient, 1)
    const rate = learningRateAt(step, steps, peak, 100, steps * 0.3)
    adamStep(state.params, gradient, state, step, rate, adam)
    state.step = step
    sum += loss
    count++
    if (step % 25 === 0 || step === steps) {
      const checked = step % 100 === 0 || step === steps
      const heldOutLoss = checked ? (await heldOutLossOf()).toFixed(4) : ''
      if (step === 25)
        writeFileSync(files.curve, 'step,tokens,learningRate,trainLoss,heldOutLoss\n')
      appendFileSync(
        files.curve,
        `${step},${step * 2048},${rate.toPrecision(4)},${(sum / count).toFixed(4)},${heldOutLoss}\n`,
      )
      console.log(
        `step ${step}: loss ${(sum / count).toFixed(3)} ${heldOutLoss} ${((performance.now() - began) / 1000).toFixed(0)} s`,
      )
      sum = count = 0
      if (checked) writeCheckpoint()
    }
  }
  writeCheckpoint()
}

interface Rows {
  readonly tokens: BigInt64Array
  readonly targets: BigInt64Array
}

async function lossOf(form: number, rows: Rows, gradient?: Float32Array): Promise<number> {
  const { rows: count, length } = forms[form]!
  const { inputs, picks, targets, losses } = graph
  const every = BigInt64Array.from(rows.tokens, (_, at) => BigInt(at))
  const outputs = Object.fromEntries(
    parameters.map(({ shape, offset, size }, i) => [
      gradients[i]!,
      gradient && { data: gradient.subarray(offset, offset + size), shape },
    ]),
  )
  const results = await runner.run(
    {
      ...feedsOf(state.params),
      [inputs.tokens]: { data: rows.tokens, shape: [count, length] },
      [inputs.attention!]: { data: every.map(() => 1n), shape: [count, length] },
      [picks]: { data: every, shape: [every.length] },
      [targets]: { data: rows.targets, shape: [every.length] },
    },
    { [losses]: undefined, ...(gradient && outputs) },
  )
  const all = results[losses]!
  return all.reduce((sum, loss) => sum + loss, 0) / all.length
}

async function heldOutLossOf(): Promise<number> {
  let sum = 0
  for (let i = 0; i < 8; i++) sum += await lossOf(0, batchOf(heldOut, 0, i))
  return sum / 8
}

/** Rows from anywhere in a stream, the same for the same step. */
function batchOf(stream: Int32Array, form: number, step: number): Rows {
  const { rows, length } = forms[form]!
  const random = new RandomStream(seed, 'batch', step)
  const tokens = new BigInt64Array(rows * length)
  const targets = new BigInt64Array(rows * length)
  for (let row = 0; row < rows; row++) {
    const from = random.below(stream.length - length - 1)
    for (let at = 0; at < length; at++) {
      tokens[row * length + at] = BigInt(stream[from + at]!)
      targets[row * length + at] = BigInt(stream[from + at + 1]!)
    }
  }
  return { tokens, targets }
}

/** All documents as one row of tokens, each begun by </s>; every fiftieth document is held out. */
function tokenStreams() {
  const content = JSON.parse(
    readFileSync('resources/models/opt-mail/tokenizer.json', 'utf8'),
  ) as object
  const tokenizer = new Tokenizer(content, {})
  const parts: [number[], number[]] = [[], []]
  for (const [index, document] of pretrainingText().entries()) {
    const part = parts[index % 50 === 0 ? 1 : 0]
    for (const id of tokenizer.encode(document).ids) part.push(id)
  }
  return { train: Int32Array.from(parts[0]), heldOut: Int32Array.from(parts[1]) }
}

/**
 * OPT's start: N(0, 0.02²) for matrices, smaller by √(2 · layers) where they write to the residual
 * stream; 1 and 0 for norms; 0 for biases.
 */
function start() {
  const params = new Float32Array(dim)
  parameters.forEach(({ name, shape: lengths, size, offset }, index) => {
    if (name.endsWith('norm.weight')) params.fill(1, offset, offset + size)
    if (lengths.length !== 2) return
    const deviation = /(out_proj|fc2)/.test(name) ? 0.02 / Math.sqrt(2 * shape.layers) : 0.02
    const random = new RandomStream(seed, 'initialisation', index)
    for (let i = 0; i < size; i++) params[offset + i] = deviation * random.normal()
  })
  return { step: 0, params, first: new Float32Array(dim), second: new Float32Array(dim) }
}

/** The model as other programs read it: ONNX, config.json, and how it came about. */
function pack() {
  const target = 'resources/models/opt-mail'
  const model = exportDecoder(buildOpt(shape, seed), parameters, state.params, 1)
  const curve = readFileSync(files.curve, 'utf8')
  writeFileSync(join(target, 'model.onnx'), model)
  writeFileSync(join(target, 'loss.csv'), curve)
  for (const [name, text] of describeModel(shape, dim, curve))
    writeFileSync(join(target, name), text)
  console.log(`${target}: ${model.length} bytes after ${state.step} steps`)
}

function readCheckpoint() {
  const bytes = readFileSync(files.checkpoint)
  const all = new Float32Array(
    bytes.buffer.slice(bytes.byteOffset + 8, bytes.byteOffset + bytes.length),
  )
  if (all.length !== 3 * dim) throw new Error(`${files.checkpoint} belongs to another model`)
  const [params, first, second] = [0, 1, 2].map((i) => all.slice(i * dim, (i + 1) * dim)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ]
  return { step: bytes.readUInt32LE(0), params, first, second }
}

function writeCheckpoint() {
  const head = Buffer.alloc(8)
  head.writeUInt32LE(state.step)
  const parts = [state.params, state.first, state.second].map((it) =>
    Buffer.from(it.buffer, it.byteOffset, it.byteLength),
  )
  writeFileSync(`${files.checkpoint}.new`, Buffer.concat([head, ...parts]))
  renameSync(`${files.checkpoint}.new`, files.checkpoint)
}
