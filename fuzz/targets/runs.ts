/** Runs: folders, run files, logs, frames. */
import { HisoError } from '../../core/base/index.ts'
import { formatConfig, type RunConfig } from '../../core/config/index.ts'
import { Run } from '../../core/engine/index.ts'
import {
  listLibrary,
  openLog,
  openReplies,
  packRun,
  readPackedModel,
  readRun,
  runFiles,
  unpackRun,
  writeNotes,
} from '../../core/runs/index.ts'
import { entriesOf, packFiles } from '../../core/runs/runFile.ts'
import { memoryEngineHost } from '../../core/testing/engineHost.ts'
import { quadraticConfig } from '../../core/testing/federation.ts'
import {
  decode,
  decodeFrames,
  encode,
  frameFields,
  logHeader,
  readLog,
} from '../../core/wire/index.ts'
import { anyBytes } from '../mutate/bytes.ts'
import { frameMutators } from '../mutate/frames.ts'
import { anyJson } from '../mutate/json.ts'
import { anyText } from '../mutate/text.ts'
import type { Input, Mutator, Target } from '../target.ts'
import { everyWay } from './everyWay.ts'
import { single } from './files.ts'

const common = ['task.dim=9', 'federation.rounds=8', 'federation.dropout=0.3', 'evaluation.every=3']
const configs: readonly RunConfig[] = [
  quadraticConfig(...common),
  quadraticConfig(...common, 'method.precision=int4'),
  quadraticConfig(...common, 'method={ name: scaffold, learningRate: 0.01 }'),
  quadraticConfig(
    ...common,
    'method={ name: fedavg, learningRate: 0.01, compression: { kind: topK, share: 0.3 } }',
  ),
]

interface Played {
  readonly folder: Input
  readonly packed: Uint8Array
}

async function play(config: RunConfig): Promise<Played> {
  const host = memoryEngineHost()
  const run = await Run.start(host, config, 'run')
  run.listen((event) => {
    if (event.type === 'roundCompleted' && event.row.round === 3) run.change('learningRate', 0.02)
  })
  await run.play()
  await writeNotes(host.files, 'run', { title: 'A run', tags: ['seminar'], text: 'as it was' })
  const names = await host.files.list('run')
  const files = names.map(async (name) => [name, await host.files.read(`run/${name}`)] as const)
  return {
    folder: new Map(await Promise.all(files)),
    packed: await packRun(host, 'run', { what: 'run' }),
  }
}

let playing: Promise<readonly Played[]> | undefined
/** Once for all targets. */
const played = () => (playing ??= Promise.all(configs.map(play)))

const logFrames = [...frameMutators(logHeader.length), ...anyBytes]
const bareFrames = [...frameMutators(0), ...anyBytes]

const byFile: Readonly<Record<string, readonly Mutator[]>> = {
  [runFiles.log]: logFrames,
  [runFiles.replies]: bareFrames,
  [runFiles.record]: anyJson,
  'notes.json': anyJson,
  [runFiles.metrics]: anyText,
  [runFiles.config]: anyText,
}

const isSame = (a: Uint8Array | undefined, b: Uint8Array | undefined) =>
  a === b || (a !== undefined && b !== undefined && Buffer.compare(a, b) === 0)

const hashIn = (record: Uint8Array) =>
  (JSON.parse(new TextDecoder().decode(record)) as { stateHash?: string }).stateHash

function hostWith(folder: Input) {
  const entries = Array.from(folder, ([name, bytes]) => [`library/run/${name}`, bytes] as const)
  return memoryEngineHost(Object.fromEntries(entries))
}

/**
 * A log without what acts on clients alone, of which `stateHash` knows nothing: what they keep for
 * themselves, and with vectors the settings of their training.
 */
function hashedPart(log: Uint8Array): Uint8Array {
  const messages = [...decodeFrames(log.subarray(logHeader.length))]
  const hasVectors = messages.some(({ type }) => type === 'vectorEntry')
  return Buffer.concat(
    messages
      .filter(({ type }) => !(hasVectors && type === 'change'))
      .map((message) =>
        encode(
          message.type === 'vectorEntry'
            ? { ...message, clientVectors: [], control: new Float32Array() }
            : message,
        ),
      ),
  )
}

/** What a run that is resumed must come to. */
async function checkResumed(input: Input, original: Input): Promise<string | undefined> {
  const host = hostWith(input)
  const { status } = await (await Run.resume(host, 'library/run')).play()
  if (status !== 'finished') return undefined
  const at = (name: string) => host.files.read(`library/run/${name}`)
  if (hashIn(await at(runFiles.record)) !== hashIn(original.get(runFiles.record)!))
    return 'it is resumed without a word and ends in another state'
  const [log, wanted] = [await at(runFiles.log), original.get(runFiles.log)!]
  if (!isSame(log, wanted) && !isSame(hashedPart(log), hashedPart(wanted)))
    return 'it is resumed without a word and ends with another log'
  return undefined
}

const folders: Target = {
  name: 'run',
  title: 'run folders: read, listed, resumed',
  corpus: async () => (await played()).map(({ folder }) => folder),
  mutators: byFile,
  async read(input, original) {
    const host = hostWith(input)
    await listLibrary(host, 'library')
    const reading = everyWay([
      () => readRun(host, 'library/run'),
      () => openReplies(host, 'library/run').read(0, 20),
      () => openLog(host, 'library/run').read(0, 20),
    ])
    const refused = await reading.then(
      () => undefined,
      (error: unknown) => error as Error,
    )
    if (refused !== undefined && !(refused instanceof HisoError)) throw refused
    // Another config may be one that plays for hours.
    if (isSame(input.get(runFiles.config), original.get(runFiles.config))) {
      const broken = await checkResumed(input, original)
      if (broken !== undefined) return broken
    }
    if (refused !== undefined) throw refused
    return undefined
  },
}

/** Spoils one of the packed files, and packs them again. */
const packedFile: Mutator = (bytes, draw) => {
  let entries: [string, Uint8Array][]
  try {
    entries = [...entriesOf(bytes, 'a.hiso')]
  } catch {
    return bytes
  }
  if (entries.length === 0) return bytes
  const at = draw.below(entries.length)
  const [name, content] = entries[at]!
  entries[at] = [name, draw.pick(byFile[name] ?? anyBytes)(content, draw, [content])]
  if (draw.oneIn(8)) entries.splice(draw.below(entries.length), 1)
  if (draw.oneIn(8)) entries.push(draw.pick(entries))
  if (draw.oneIn(8)) entries.push([draw.pick(['../a', 'a/b', '/etc/x', '', 'C:\\x']), content])
  return packFiles(entries)
}

const packedRuns: Target = {
  name: 'hiso',
  title: 'run files: read, unpacked',
  corpus: async () => (await played()).map(({ packed }) => single('a.hiso', packed)),
  mutators: { '*': [packedFile, packedFile, packedFile, ...anyBytes] },
  async read(input) {
    const bytes = input.get('a.hiso')!
    const host = memoryEngineHost()
    let refused: HisoError | undefined
    try {
      readPackedModel(bytes, { where: 'a.hiso' }, host)
      await unpackRun(host, bytes, 'library', 'a.hiso')
    } catch (error) {
      if (!(error instanceof HisoError)) throw error
      refused = error
    }
    const { runs, problems } = await listLibrary(host, 'library')
    if (refused === undefined)
      return runs.length === 1 ? undefined : `it is unpacked, and then ${problems[0]?.problem}`
    if ((await host.files.kind('library')) !== undefined) return 'it is refused and leaves files'
    throw refused
  },
}

const logs: Target = {
  name: 'log',
  title: 'logs of both protocols',
  corpus: async () =>
    (await played()).map(({ folder }) => single(runFiles.log, folder.get(runFiles.log)!)),
  mutators: { '*': logFrames },
  async read(input) {
    const bytes = input.get(runFiles.log)!
    const { log, tornBytes, damage } = readLog(bytes, runFiles.log)
    if (damage !== undefined) throw damage
    // Before its header was written it is empty: run.json says what it should hold.
    if (tornBytes > 0 || bytes.length === 0 || isSame(log.bytes, bytes)) return undefined
    return 'the log is read without a word, and has other bytes'
  },
}

const frames: Target = {
  name: 'frames',
  title: 'frames of the codec',
  async corpus() {
    const all = (await played()).flatMap(({ folder }) => [
      folder.get(runFiles.replies)!,
      folder.get(runFiles.log)!.subarray(logHeader.length),
    ])
    const more = new Uint8Array(
      Buffer.concat([
        encode({ type: 'assignment', round: 3, localSteps: 2, seed: 7 }),
        encode({ type: 'model', round: 3, vectors: [new Float32Array(9)] }),
      ]),
    )
    return [...all, more].map((bytes) => single('frames', bytes))
  },
  mutators: { '*': bareFrames },
  async read(input) {
    const bytes = input.get('frames')!
    let broken: string | undefined
    await everyWay([
      () => {
        for (const message of decodeFrames(bytes)) void message
      },
      () => {
        for (let at = 0; at < bytes.length;) {
          const { message, end } = decode(bytes, at)
          const frame = bytes.subarray(at, end)
          if (!isSame(encode(message), frame)) broken = `a ${message.type} has two encodings`
          frameFields(frame)
          at = end
        }
      },
    ])
    return broken
  },
}

export const runTargets: readonly Target[] = [folders, packedRuns, logs, frames]

/** Configs of the runs above, for those who try config files. */
export const configTexts = configs.map((config) => formatConfig(config))
