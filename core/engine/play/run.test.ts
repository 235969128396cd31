import { describe, expect, test } from 'vitest'
import type { RunConfig } from '../../config/index.ts'
import {
  formatRow,
  readMetrics,
  openReplies,
  readReplies,
  readRun,
  runFiles,
} from '../../runs/index.ts'
import { filledHost, memoryEngineHost } from '../../testing/engineHost.ts'
import { quadraticConfig } from '../../testing/federation.ts'
import { readHessian, snapshotOf } from '../after/history.ts'
import { replayRun, Run, type EngineHost, type RunEvent } from '../index.ts'

const config = quadraticConfig(
  'federation.rounds=12',
  'evaluation.every=5',
  'federation.dropout=0.2',
)

async function finished(host: EngineHost, folder: string, of: RunConfig = config) {
  return (await Run.start(host, of, folder)).play()
}

/** Plays a run that stops itself after some rounds, as Ctrl-C makes it do. */
async function stoppedAfter(host: EngineHost, folder: string, rounds: number) {
  const run = await Run.start(host, config, folder)
  run.listen((event) => {
    if (event.type === 'roundCompleted' && event.row.round === rounds) run.stop()
  })
  return run.play()
}

const textOf = async (host: EngineHost, path: string) =>
  new TextDecoder().decode(await host.files.read(path))

describe('a run', () => {
  test('leaves a folder that tells all: config, record, log, replies and one row of metrics per round', async () => {
    const host = memoryEngineHost()
    const record = await finished(host, 'a')
    expect(record).toMatchObject({ status: 'finished', rounds: 12, model: { dim: 101 } })
    const run = await readRun(host, 'a')
    expect(run.config).toEqual(config)
    expect(run.rows.map(({ round }) => round)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1))
    expect(
      run.rows.filter(({ testLoss }) => testLoss !== undefined).map(({ round }) => round),
    ).toEqual([5, 10, 12])
    expect(run.record.totals.uplinkBytes).toBe(
      run.rows.reduce((sum, row) => sum + row.uplinkBytes, 0),
    )
  })

  test('says that nobody has answered', async () => {
    const host = memoryEngineHost()
    const silent = quadraticConfig('federation.rounds=3', 'federation.dropout=0.999')
    const { notices } = await finished(host, 'a', silent)
    expect(notices).toEqual([expect.stringContaining('No client answered')])
    expect((await readRun(host, 'a')).record.notices).toEqual(notices)
  })

  test('counts a second difference as a second scalar, in its frames and in the paper’s bytes', async () => {
    const bytesOf = async (estimate: string) => {
      const host = memoryEngineHost()
      const settings = ['method.name=hiso', 'method.estimator=central', 'federation.rounds=1']
      await finished(
        host,
        'a',
        quadraticConfig(...settings, `method.hessian.estimate=${estimate}`, 'federation.dropout=0'),
      )
      const { rows, config: played } = await readRun(host, 'a')
      return { ...rows[0]!, ...played.federation, ...(played.method as { perturbations: number }) }
    }
    const once = await bytesOf('squared-aggregate')
    const twice = await bytesOf('second-difference')
    const { participants, localSteps, perturbations } = once
    expect(once.paperBytes).toBe(8 * participants * localSteps * perturbations)
    expect(twice.paperBytes).toBe(2 * once.paperBytes)
    const more = twice.uplinkBytes - once.uplinkBytes - once.paperBytes / 2
    // A longer frame may say its length in a further byte.
    expect(more).toBeGreaterThanOrEqual(0)
    expect(more).toBeLessThanOrEqual(2 * participants)
  })

  test('writes metrics that read back as the same numbers', async () => {
    const host = memoryEngineHost()
    await finished(host, 'a')
    const text = await textOf(host, 'a/metrics.csv')
    const { rows, ends } = readMetrics(text, 'metrics.csv')
    expect(text.split('\n')[0]! + '\n' + rows.map(formatRow).join('')).toBe(text)
    expect(ends.at(-1)).toBe(text.length)
  })

  test('has its replies read piece by piece as in one piece, also after the folder was replaced', async () => {
    const host = memoryEngineHost()
    await stoppedAfter(host, 'a', 4)
    const reader = openReplies(host, 'a')
    const pieces = [...(await reader.read(0, 2)), ...(await reader.read(2, 9))]
    expect(pieces).toEqual(await readReplies(host, 'a', 0, 4))
    await (await Run.resume(host, 'a')).play()
    expect(await reader.read(4, 12)).toEqual(await readReplies(host, 'a', 4, 12))
    expect(await reader.read(1, 3)).toEqual(await readReplies(host, 'a', 1, 3))

    await finished(host, 'b', { ...config, seed: 7 })
    const name = host.files.join('a', runFiles.replies)
    await host.files.write(name, await host.files.read(host.files.join('b', runFiles.replies)))
    expect(await reader.read(3, 12)).toEqual(await readReplies(host, 'b', 3, 12))
  })

  test('tells its H while it plays and while it is paused: the one that its log leads to', async () => {
    const host = memoryEngineHost()
    const run = await Run.start(host, config, 'a')
    const asked: ReturnType<Run['hessian']>[] = []
    run.listen((event) => {
      if (event.type === 'roundCompleted' && event.row.round === 4) asked.push(run.hessian())
      if (event.type === 'roundCompleted' && event.row.round === 7) run.pause()
      if (event.type !== 'paused') return
      asked.push(run.hessian())
      void asked[1]!.then(() => run.continue())
    })
    await run.play()
    const told = await Promise.all(asked)
    const learned = await readHessian(host, 'a', 12)
    expect(told.map((each) => snapshotOf(each!))).toEqual([learned[3], learned[6]])
    expect(await run.hessian()).toBeUndefined()
  })

  test('is rebuilt from its log alone to the hash that it recorded', async () => {
    const host = memoryEngineHost()
    const { stateHash } = await finished(host, 'a')
    expect(await replayRun(host, 'a')).toMatchObject({
      rounds: 12,
      stateHash,
      recordedHash: stateHash,
    })
  })

  test.each([1, 4, 5, 11])(
    'stopped after round %i and resumed ends in the same bits and rows',
    async (rounds) => {
      const host = memoryEngineHost()
      const whole = await finished(host, 'whole')
      expect(await stoppedAfter(host, 'parts', rounds)).toMatchObject({ status: 'stopped', rounds })
      const resumed = await (await Run.resume(host, 'parts')).play()
      expect(resumed.stateHash).toBe(whole.stateHash)
      for (const file of [runFiles.log, runFiles.replies, runFiles.metrics])
        expect(await textOf(host, `parts/${file}`)).toBe(await textOf(host, `whole/${file}`))
    },
  )

  test('cut anywhere in its log and its metrics, as a killed process leaves them, resumes to the same bits', async () => {
    const host = memoryEngineHost()
    const { stateHash } = await finished(host, 'whole')
    const names = [
      runFiles.config,
      runFiles.record,
      runFiles.log,
      runFiles.replies,
      runFiles.metrics,
    ]
    const contents = await Promise.all(names.map((name) => host.files.read(`whole/${name}`)))
    for (let cut = 8; cut < contents[2]!.length; cut += 37) {
      // The metrics row of a round is written after its log frame, so at a kill the file may lack
      // the last rows' ends.
      const share = cut / contents[2]!.length
      const lengths = [
        Infinity,
        Infinity,
        cut,
        Math.floor(contents[3]!.length * share),
        Math.floor(contents[4]!.length * share),
      ]
      const entries = Object.fromEntries(
        names.map((name, i) => [`r/${name}`, contents[i]!.slice(0, lengths[i])]),
      )
      const killed = memoryEngineHost({
        ...entries,
        'r/run.json': new TextDecoder().decode(contents[1]).replace('"finished"', '"stopped"'),
      })
      expect((await (await Run.resume(killed, 'r')).play()).stateHash).toBe(stateHash)
    }
  })

  test('pauses, steps one round at a time, and goes on', async () => {
    const run = await Run.start(memoryEngineHost(), config, 'a')
    const events: RunEvent[] = []
    let pauses = 0
    run.listen((event) => {
      events.push(event)
      if (event.type === 'roundCompleted' && event.row.round === 3) run.pause()
      if (event.type !== 'paused') return
      if (++pauses <= 2) run.step()
      else run.continue()
    })
    expect(await run.play()).toMatchObject({ status: 'finished', rounds: 12 })
    expect(events.filter(({ type }) => type === 'paused')).toEqual([
      { type: 'paused', rounds: 3 },
      { type: 'paused', rounds: 4 },
      { type: 'paused', rounds: 5 },
    ])
  })

  test('stopped while it is paused ends at once', async () => {
    const run = await Run.start(memoryEngineHost(), config, 'a')
    run.listen((event) => {
      if (event.type === 'roundCompleted') run.pause()
      if (event.type === 'paused') run.stop()
    })
    expect(await run.play()).toMatchObject({ status: 'stopped', rounds: 1 })
  })

  test('takes a change of the learning rate from the next round on, and resumes with it', async () => {
    const host = memoryEngineHost()
    const play = async (folder: string, stopAt?: number) => {
      const run = await Run.start(host, config, folder)
      run.listen((event) => {
        if (event.type !== 'roundCompleted') return
        if (event.row.round === 4) run.change('learningRate', 0.002)
        if (event.row.round === stopAt) run.stop()
      })
      return run.play()
    }
    const whole = await play('whole')
    await play('parts', 7)
    expect((await (await Run.resume(host, 'parts')).play()).stateHash).toBe(whole.stateHash)
    const { rows } = await readRun(host, 'parts')
    expect(rows.map(({ learningRate }) => learningRate)).toEqual([
      ...Array<number>(4).fill(0.01),
      ...Array<number>(8).fill(0.002),
    ])
    expect((await replayRun(host, 'parts')).stateHash).toBe(whole.stateHash)
  })

  test('a change to what a setting is already leaves no trace in the log', async () => {
    const host = memoryEngineHost()
    const play = async (folder: string, times: number) => {
      const run = await Run.start(host, config, folder)
      for (let left = times; left > 0; left--) run.change('learningRate', 0.002)
      await run.play()
      return host.files.read(`${folder}/${runFiles.log}`)
    }
    expect(await play('twice', 2)).toEqual(await play('once', 1))
  })
})

describe('a finished run with bytes behind its last round', () => {
  test.each(['log', 'replies', 'metrics'] as const)(
    'loses them when it is resumed, and says so: %s',
    async (name) => {
      const host = memoryEngineHost()
      const { stateHash } = await (await Run.start(host, config, 'a')).play()
      const at = `a/${runFiles[name]}`
      const whole = await host.files.read(at)
      await host.files.write(at, Uint8Array.of(...whole, 1, 1, 0, 0))
      const run = await Run.resume(host, 'a')
      const said: string[] = []
      run.listen((event) => event.type === 'noticed' && said.push(event.text))
      expect(await run.play()).toMatchObject({ status: 'finished', stateHash })
      expect(await host.files.read(at)).toEqual(whole)
      expect(said.join()).toContain(runFiles[name])
    },
  )
})

describe('what goes wrong with a run', () => {
  test('a loss that explodes ends it at that round, with what was done before kept', async () => {
    const host = memoryEngineHost()
    const wild = quadraticConfig(
      'federation.rounds=50',
      'method.learningRate=1e4',
      'method.name=decomfl',
    )
    const record = await finished(host, 'a', wild)
    expect(record).toMatchObject({ status: 'failed', error: { code: 'LOSS_NOT_FINITE' } })
    expect(record.error!.message).toMatch(
      /^round \d+.*diverged.*Try a smaller method\.learningRate/,
    )
    expect((await readRun(host, 'a')).rows).toHaveLength(record.rounds)
  })

  test('a folder that holds a run is not written over', async () => {
    const host = memoryEngineHost()
    await finished(host, 'a')
    await expect(Run.start(host, config, 'a')).rejects.toMatchObject({ code: 'RUN_EXISTS' })
  })

  test.each([0, 1, 2, 3, 4])(
    'leaves nothing where the disk is full after %d files',
    async (room) => {
      const host = memoryEngineHost()
      const began = Run.start(filledHost(host, room), config, 'a')
      await expect(began).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
      expect(await host.files.kind('a')).toBeUndefined()
      // A folder that was there stays, and what was begun in it can be begun anew.
      const own = await finished(host, 'whole').then(() => host.files.read('whole/config.yaml'))
      await host.files.write('a/config.yaml', own)
      await expect(Run.start(filledHost(host, room), config, 'a')).rejects.toThrow('full')
      expect((await finished(host, 'a')).status).toBe('finished')
    },
  )

  test('killed between its first two files is started anew; the config of another is not written over', async () => {
    const host = memoryEngineHost()
    await finished(host, 'a')
    const own = await host.files.read('a/config.yaml')
    await host.files.write('b/config.yaml', own)
    expect((await finished(host, 'b')).status).toBe('finished')
    await host.files.write('c/config.yaml', own)
    await expect(finished(host, 'c', { ...config, seed: 7 })).rejects.toThrow(
      'another config.yaml in this folder',
    )
    expect(await host.files.read('c/config.yaml')).toEqual(own)
  })

  test('two processes on one folder: the second is refused', async () => {
    const host = memoryEngineHost()
    await stoppedAfter(host, 'a', 2)
    const first = await Run.resume(host, 'a')
    await expect(Run.resume(host, 'a')).rejects.toMatchObject({ code: 'RUN_LOCKED' })
    await first.play()
  })

  test.each([
    ['config.yaml', 'learningRate: 0.01', 'learningRate: 0.02', 'fingerprint'],
    ['run.json', '"rounds": 12', '"rounds": 11', 'finished after 11'],
  ])(
    'a finished run whose %s was changed (%s → %s) is refused on resume, and nothing is written',
    async (file, from, to, what) => {
      const host = memoryEngineHost()
      await finished(host, 'a')
      const text = await textOf(host, `a/${file}`)
      expect(text).toContain(from)
      await host.files.write(`a/${file}`, new TextEncoder().encode(text.replace(from, to)))
      const contents = () =>
        Promise.all(Object.values(runFiles).map((it) => textOf(host, `a/${it}`)))
      const before = await contents()
      await expect(Run.resume(host, 'a')).rejects.toMatchObject({
        code: 'RUN_CHANGED',
        what: expect.stringMatching(what) as string,
      })
      expect(await contents()).toEqual(before)
    },
  )

  test('a finished run whose recorded hash was changed keeps it, and is refused on resume', async () => {
    const host = memoryEngineHost()
    const { stateHash } = await finished(host, 'a')
    const text = (await textOf(host, 'a/run.json')).replace(stateHash!, 'a'.repeat(64))
    await host.files.write('a/run.json', new TextEncoder().encode(text))
    await expect(Run.resume(host, 'a')).rejects.toMatchObject({ code: 'RUN_CHANGED' })
    expect(await textOf(host, 'a/run.json')).toBe(text)
  })

  test('a finished run that has lost its hash is refused, and not taken for whole', async () => {
    const host = memoryEngineHost()
    await finished(host, 'a')
    const text = (await textOf(host, 'a/run.json')).replace('"stateHash"', '"0x10"')
    await host.files.write('a/run.json', new TextEncoder().encode(text))
    await expect(Run.resume(host, 'a')).rejects.toMatchObject({
      code: 'RUN_CORRUPT',
      what: expect.stringContaining('stateHash') as string,
    })
  })

  test.each([
    ['another seed', 'seed=2', /another seed/],
    ['another protocol', 'method={ name: fedavg }', /holds vectors/],
    ['fewer directions', 'method.perturbations=3', /3 scalars a step/],
    ['more rounds', 'federation.rounds=14', /14 rounds of a run of 12/],
    ['another learning rate', 'method.learningRate=0.02', /gives the state/],
  ])('the log of a run with %s is not taken for its own', async (_name, override, what) => {
    const host = memoryEngineHost()
    await finished(host, 'a')
    const other = quadraticConfig('federation.rounds=12', 'federation.dropout=0.2', override)
    await finished(host, 'b', other)
    const own = await textOf(host, 'a/run.json')
    await host.files.write('a/scalars.log', await host.files.read('b/scalars.log'))
    await host.files.write('a/replies.log', await host.files.read('b/replies.log'))
    await expect(Run.resume(host, 'a')).rejects.toMatchObject({
      code: 'RUN_CHANGED',
      what: expect.stringMatching(what) as string,
    })
    expect(await textOf(host, 'a/run.json')).toBe(own)
  })

  test('a finished run that is whole is resumed without a word written', async () => {
    const host = memoryEngineHost()
    const { stateHash } = await finished(host, 'a')
    const record = await textOf(host, 'a/run.json')
    expect(await (await Run.resume(host, 'a')).play()).toMatchObject({
      status: 'finished',
      stateHash,
    })
    expect(await textOf(host, 'a/run.json')).toBe(record)
  })

  test('name, evaluation and compute may be changed in the config of a stopped run', async () => {
    const host = memoryEngineHost()
    const whole = await finished(host, 'whole')
    await stoppedAfter(host, 'a', 5)
    const text = await textOf(host, 'a/config.yaml')
    const changed = text
      .replace('name: test', 'name: another')
      .replace('every: 5', 'every: 3')
      .replace('workers: auto', 'workers: 1')
    expect(changed).not.toBe(text)
    await host.files.write('a/config.yaml', new TextEncoder().encode(changed))
    expect((await (await Run.resume(host, 'a')).play()).stateHash).toBe(whole.stateHash)
  })

  test('another model than the run began with is refused on resume', async () => {
    const host = memoryEngineHost()
    await stoppedAfter(host, 'a', 2)
    const text = await textOf(host, 'a/config.yaml')
    await host.files.write(
      'a/config.yaml',
      new TextEncoder().encode(text.replace('dim: 101', 'dim: 102')),
    )
    await expect(Run.resume(host, 'a')).rejects.toMatchObject({ code: 'RUN_CHANGED' })
  })

  test('a damaged frame inside the log names the round; --discard-damaged goes on from before it', async () => {
    const host = memoryEngineHost()
    const { stateHash } = await finished(host, 'a')
    const log = await host.files.read('a/scalars.log')
    log[Math.floor(log.length / 2)]! ^= 0x10
    await host.files.write('a/scalars.log', log)
    await expect(Run.resume(host, 'a')).rejects.toMatchObject({
      code: 'RUN_CORRUPT',
      message: expect.stringMatching(/round 6.*5 rounds before it are whole/),
    })
    const resumed = await (await Run.resume(host, 'a', { discardDamaged: true })).play()
    expect(resumed).toMatchObject({ status: 'finished', stateHash })
    expect(resumed.notices.join()).toMatch(/from round 6 on/)
  })

  test.each([
    ['run.json', '"format": 1', '"format": 9', 'RUN_NEWER'],
    ['run.json', '"format": 1', '"format": 1,,', 'RUN_CORRUPT'],
    ['config.yaml', 'seed: 1', 'sed: 1', 'CONFIG_INVALID'],
    ['metrics.csv', '\n3,', '\n33,', 'RUN_CORRUPT'],
  ])('a %s that was changed (%s → %s) is refused', async (file, from, to, code) => {
    const host = memoryEngineHost()
    await finished(host, 'a')
    const text = await textOf(host, `a/${file}`)
    expect(text).toContain(from)
    await host.files.write(`a/${file}`, new TextEncoder().encode(text.replace(from, to)))
    await expect(Run.resume(host, 'a')).rejects.toMatchObject({ code })
  })

  test('a folder without a run is called that', async () => {
    await expect(Run.resume(memoryEngineHost(), 'nowhere')).rejects.toMatchObject({
      code: 'RUN_NOT_FOUND',
    })
  })
})
