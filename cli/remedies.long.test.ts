/**
 * Advice that is followed to the letter leads out: every situation here fails, says what to do, and
 * works once that is done.
 */
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { deflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { crc32 } from '../core/base/index.ts'
import { hiso } from './testing/hisoProcess.ts'

interface Situation {
  /** Makes it, in the folder that the command runs in. */
  readonly prepare?: () => void
  readonly command: string
  /** What the message says, its error code included. */
  readonly says: RegExp
  /**
   * What the message advises, word by word; `$1` is what the expression found. A function does what
   * a person would do by hand.
   */
  readonly advice: readonly (string | ((found: RegExpExecArray) => void))[]
}

let home: string

/** A model that can be trained. */
const model = fileURLToPath(new URL('../core/testing/models/mlp-opset13.onnx', import.meta.url))

/** As the app makes one. */
const link = (() => {
  const packed = deflateRawSync('{"p":"quickstart","v":"watch"}')
  const sum = Buffer.alloc(4)
  sum.writeUInt32LE(crc32(packed))
  return `hiso://1/${Buffer.concat([packed, sum]).toString('base64url')}`
})()

const at = (...parts: readonly string[]) => join(home, ...parts)
const edit = (path: string, from: string | RegExp, to: string) => {
  const text = readFileSync(at(path), 'utf8')
  expect(text).toMatch(from)
  writeFileSync(at(path), text.replace(from, to))
}

/** A finished run of 20 rounds to be harmed. */
const copyOf = (name: string) => cpSync(at('played'), at(name), { recursive: true })
const flip = (path: string, offset: number) => {
  const bytes = readFileSync(at(path))
  bytes[offset]! ^= 0xff
  writeFileSync(at(path), bytes)
}

const situations: Readonly<Record<string, Situation>> = {
  'a misspelled setting': {
    command: 'run q.yaml --set method.learningRat=0.1',
    says: /CONFIG_INVALID: .*did you mean (learningRate)\?/,
    advice: ['run q.yaml --set method.$1=0.01'],
  },
  'a value that is too small': {
    command: 'run q.yaml --set federation.rounds=0',
    says: /CONFIG_INVALID: .*rounds must be at least (\d+)/,
    advice: ['run q.yaml --set federation.rounds=$1'],
  },
  'more participants than clients': {
    command: 'run q.yaml --set federation.participants=7',
    says: /CONFIG_INVALID: .*at most federation.clients \((\d+)\)/,
    advice: ['run q.yaml --set federation.participants=$1'],
  },
  'dropout 1, with which nothing is learned': {
    command: 'run q.yaml --set federation.dropout=1',
    says: /CONFIG_INVALID: .*dropout must be less than 1/,
    advice: ['run q.yaml --set federation.dropout=0.9'],
  },
  'a setting that belongs to another kind': {
    command: 'run q.yaml --set method.hessian.nu=0.1 --set method.name=decomfl',
    says: /CONFIG_INVALID: .*Leave it out/,
    advice: ['run q.yaml --set method.name=decomfl'],
  },
  'a config that is not there': {
    command: 'run quikstart --set federation.rounds=1',
    says: /CONFIG_UNREADABLE: .*did you mean (\w+)\?/i,
    advice: ['run $1 --set federation.rounds=1'],
  },
  'a misspelled dataset': {
    command: 'run mnist.yaml --set task.dataset=mnits',
    says: /DATA_NOT_FOUND: .*Did you mean (\w+)\?/,
    advice: ['run mnist.yaml --set task.dataset=$1'],
  },
  'a misspelled model': {
    command: 'run mnist.yaml --set task.model=softmx',
    says: /MODEL_NOT_FOUND: .*Did you mean (\w+)\?/,
    advice: ['run mnist.yaml --set task.model=$1'],
  },
  'more clients than samples': {
    command: 'run mnist.yaml --set federation.clients=200000',
    says: /DATA_SPLIT: .*Use at most (\d+) clients/,
    advice: ['run mnist.yaml --set federation.clients=$1'],
  },
  'shards of more classes than there are': {
    command: 'split mnist.yaml --set split.kind=shards --set split.labelsPerClient=11',
    says: /DATA_SPLIT: .*Use at most (\d+) labels per client/,
    advice: ['split mnist.yaml --set split.kind=shards --set split.labelsPerClient=$1'],
  },
  'shards that leave samples over': {
    command: 'split mnist.yaml --set split.kind=shards --set split.labelsPerClient=1',
    says: /DATA_SPLIT: .*Use at least (\d+) labels per client, or at least (\d+) clients/,
    advice: [
      'split mnist.yaml --set split.kind=shards --set split.labelsPerClient=$1',
      'split mnist.yaml --set split.kind=shards --set split.labelsPerClient=1 --set federation.clients=$2',
    ],
  },
  'a split of what has no samples': {
    command: 'split q.yaml',
    says: /CONFIG_INVALID: .*hiso (split mnist-hiso)/,
    advice: ['$1'],
  },
  'a table whose class is in no column that one would guess': {
    prepare: () => writeFileSync(at('words.csv'), `a,b\n${'x,1\ny,2\nz,3\n'.repeat(40)}`),
    command: 'run table.yaml --set task.dataset=words.csv --set federation.rounds=1',
    says: /DATA_INVALID: .*task\.(labelColumn)/,
    advice: ['run table.yaml --set task.dataset=words.csv --set task.$1=a'],
  },
  'a column that there is not': {
    prepare: () => writeFileSync(at('named.csv'), `a,class\n${'1,x\n2,y\n3,z\n'.repeat(40)}`),
    command: 'run table.yaml --set task.dataset=named.csv --set task.labelColumn=clas',
    says: /CONFIG_INVALID: .*did you mean (\w+)/i,
    advice: ['run table.yaml --set task.dataset=named.csv --set task.labelColumn=$1'],
  },
  'a run in the folder already': {
    command: 'run q.yaml --out played',
    says: /RUN_EXISTS: .*Choose another folder, or go on with this one: hiso (resume)/,
    advice: ['run q.yaml --out another', '$1 played'],
  },
  'no run there': {
    command: 'show nowhere',
    says: /RUN_NOT_FOUND: .*hiso (list)/,
    advice: ['$1'],
  },
  'a byte of the log that is another': {
    prepare: () => {
      copyOf('flipped')
      flip('flipped/scalars.log', 200)
    },
    command: 'resume flipped',
    says: /RUN_CORRUPT: .*hiso (resume --discard-damaged)/,
    advice: ['$1 flipped', 'replay flipped --verify'],
  },
  'a bit of a reply that is another': {
    prepare: () => {
      copyOf('unreplied')
      flip('unreplied/replies.log', 100)
    },
    command: 'resume unreplied',
    says: /RUN_CORRUPT: .*hiso (resume --discard-damaged) plays/,
    advice: ['replay unreplied --verify', '$1 unreplied', 'replay unreplied --verify'],
  },
  'a log without its end, packed': {
    prepare: () => {
      copyOf('cut')
      truncateSync(at('cut/scalars.log'), readFileSync(at('cut/scalars.log')).length - 3)
    },
    command: 'pack cut cut.hiso',
    says: /RUN_CORRUPT: .*hiso (resume) plays .*with (--partial)/,
    advice: ['pack cut part.hiso $2', 'export cut --format json $2', '$1 cut', 'pack cut cut.hiso'],
  },
  'metrics without their end, exported': {
    prepare: () => {
      copyOf('behind')
      const lines = readFileSync(at('behind/metrics.csv'), 'utf8').split('\n')
      writeFileSync(at('behind/metrics.csv'), `${lines.slice(0, 5).join('\n')}\n`)
    },
    command: 'export behind --format csv',
    says: /RUN_CORRUPT: .*hiso (resume) plays .*with (--partial)/,
    advice: ['export behind --format csv $2', '$1 behind', 'export behind --format csv'],
  },
  'metrics without their end, compared': {
    prepare: () => {
      copyOf('short')
      const lines = readFileSync(at('short/metrics.csv'), 'utf8').split('\n')
      writeFileSync(at('short/metrics.csv'), `${lines.slice(0, 5).join('\n')}\n`)
    },
    command: 'compare short played',
    says: /RUN_CORRUPT: .*holds 4 of the 20 rounds.*hiso (resume)/,
    advice: ['$1 short', 'compare short played'],
  },
  'metrics that are no numbers': {
    prepare: () => {
      copyOf('junk')
      appendFileSync(at('junk/metrics.csv'), '=cmd|x,1\n')
    },
    command: 'show junk',
    says: /RUN_CORRUPT: .*hiso (replay) and .*hiso (resume --discard-damaged)/,
    advice: ['$1 junk --verify', '$2 junk', 'show junk'],
  },
  'a run that was interrupted, verified': {
    prepare: () => {
      copyOf('begun')
      edit('begun/run.json', '"finished"', '"running"')
      edit('begun/run.json', /,\s*"stateHash": "\w+"/, '')
    },
    command: 'replay begun --verify',
    says: /RUN_UNFINISHED: .*hiso (resume)/,
    advice: ['$1 begun', 'replay begun --verify'],
  },
  'a pipe where a table belongs': {
    prepare: () => execFileSync('mkfifo', [at('pipe.csv')]),
    command: 'inspect pipe.csv',
    says: /FILE_UNREADABLE: .*Save what it gives to a file/,
    advice: [
      () => writeFileSync(at('saved.csv'), `a,label\n${'1,x\n2,y\n'.repeat(9)}`),
      'inspect saved.csv',
    ],
  },
  'a record that is no JSON': {
    prepare: () => {
      copyOf('unrecorded')
      writeFileSync(at('unrecorded/run.json'), '{')
    },
    command: 'show unrecorded',
    says: /RUN_CORRUPT: .*hiso (run) with this folder as its config, and another folder as (--out)/,
    advice: ['$1 unrecorded $2 again'],
  },
  'a config that was changed afterwards': {
    prepare: () => {
      copyOf('changed')
      edit('changed/config.yaml', 'learningRate: 0.01', 'learningRate: 0.02')
    },
    command: 'resume changed',
    says: /RUN_CHANGED: .*Put back the file that belongs to this run/,
    advice: [
      () => cpSync(at('played/config.yaml'), at('changed/config.yaml')),
      'resume changed',
      'replay changed --verify',
    ],
  },
  'a lock from a machine that is gone': {
    prepare: () => {
      copyOf('locked')
      edit('locked/run.json', '"finished"', '"stopped"')
      writeFileSync(at('locked/.lock'), '{"pid":1,"host":"elsewhere"}')
    },
    command: 'resume locked',
    says: /RUN_LOCKED: .*if it is certainly gone, delete (\S+\.lock)/,
    advice: [([, lock]) => unlinkSync(lock!), 'resume locked'],
  },
  'a run that has diverged': {
    command:
      'run q.yaml --set method.learningRate=100 --set method.perturbations=1 --set federation.rounds=500',
    says: /LOSS_NOT_FINITE: .*Try a smaller (method\.learningRate)/,
    advice: ['run q.yaml --set $1=0.001 --set method.perturbations=1 --set federation.rounds=500'],
  },
  'a packed file that is there': {
    prepare: () => writeFileSync(at('played.hiso'), ''),
    command: 'pack played',
    says: /FILE_UNWRITABLE: .*hiso (pack) RUN FILE/,
    advice: ['$1 played fresh.hiso'],
  },
  'a config that init would write over': {
    prepare: () => writeFileSync(at('hiso.yaml'), ''),
    command: 'init hiso.yaml',
    says: /FILE_UNWRITABLE: .*hiso (init) FILE/,
    advice: ['$1 fresh.yaml'],
  },
  'an output that would take the place of a file': {
    prepare: () => {
      writeFileSync(at('file'), '')
    },
    command: 'run q.yaml --out file',
    says: /FILE_UNWRITABLE: /,
    advice: ['run q.yaml --out file2'],
  },
  'a model that is cut short': {
    prepare: () => writeFileSync(at('cut.onnx'), readFileSync(model).subarray(0, 200)),
    command: 'inspect cut.onnx',
    says: /MODEL_INVALID: .*Export or copy the model again/,
    advice: [() => cpSync(model, at('cut.onnx')), 'inspect cut.onnx'],
  },
  'a link without its end': {
    command: `open ${link.slice(0, -5)}`,
    says: /LINK_INVALID: .*Copy it again, whole/,
    advice: [`open ${link}`],
  },
  'a config beside which another one lies': {
    command: 'run q.yml',
    says: /CONFIG_UNREADABLE: .*Did you mean (\S+)\?/,
    advice: ['run $1'],
  },
  'a folder that is not there': {
    command: 'list rusn',
    says: /FILE_UNREADABLE: .*there is no such folder.*hiso (list)/,
    advice: ['$1'],
  },
  'a fork that has lost the rounds that it shares': {
    prepare: () => {
      copyOf('forked')
      edit('forked/run.json', '"rounds"', '"forkedFrom": {"name": "played", "rounds": 9}, "rounds"')
      edit('forked/run.json', '"finished"', '"stopped"')
      writeFileSync(at('forked/scalars.log'), '')
    },
    command: 'resume forked',
    says: /RUN_CORRUPT: .*shares with (\w+).*hiso (fork) RUN --at (\d+)/,
    advice: ['$2 $1 --at $3 --out refork'],
  },
  'a model of what has none': {
    command: 'export played --format onnx --out model.onnx',
    says: /MODEL_UNSUPPORTED: .*hiso (export) RUN (--format csv)/,
    advice: ['$1 played $2'],
  },
  'a state after a round that was not played': {
    command: 'curvature played --rounds 900',
    says: /CONFIG_INVALID: .*Choose from 0 .* to (\d+)/,
    advice: ['curvature played --rounds 0,$1'],
  },
  'a target that no run measured': {
    command: 'compare played played --target accurac=0.5',
    says: /CONFIG_INVALID: .*Did you mean (\w+)\?/,
    advice: ['compare played played --target testLoss=100 --target loss=100'],
  },
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'hiso-remedies-'))
  const federation = { clients: 6, participants: 3, rounds: 20 }
  const method = { name: 'hiso', learningRate: 0.01, perturbations: 3 }
  const config = (task: object, rounds: number, evaluation: object = { every: 5 }) =>
    JSON.stringify({
      name: 'r',
      task,
      federation: { ...federation, rounds },
      method,
      evaluation,
      compute: { workers: 1 },
    })
  writeFileSync(at('q.yaml'), config({ kind: 'quadratic', dim: 50 }, 20))
  writeFileSync(
    at('mnist.yaml'),
    config({ dataset: 'mnist', model: 'softmax' }, 1, { every: 5, samples: 50 }),
  )
  writeFileSync(
    at('table.yaml'),
    config({ dataset: 'x.csv', model: 'softmax' }, 1, { every: 5, samples: 50 }),
  )
  const { code, stderr } = await hiso(home, 'run', 'q.yaml', '--out', 'played')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
}, 60_000)

afterAll(() => rmSync(home, { recursive: true, force: true }))

it.each(Object.entries(situations))(
  '%s',
  async (_, { prepare, command, says, advice }) => {
    prepare?.()
    const { code, stderr } = await hiso(home, ...command.split(' '))
    expect(code).not.toBe(0)
    expect(stderr).toMatch(says)
    const found = says.exec(stderr)!
    for (const step of advice)
      if (typeof step === 'function') step(found)
      else {
        const words = step.replaceAll(/\$(\d)/g, (_match, group: string) => found[Number(group)]!)
        const followed = await hiso(home, ...words.split(' '))
        expect(followed, words).toMatchObject({ code: 0 })
      }
  },
  60_000,
)
