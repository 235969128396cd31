import { describe, expect, test } from 'vitest'
import {
  checkRunConfig,
  formatConfig,
  methodNames,
  overrideConfig,
  parseConfigText,
  parseRunConfig,
} from './index.ts'

const quickstart = {
  name: 'quickstart',
  task: { dataset: 'fashion-mnist', model: 'cnn-mnist' },
  split: { kind: 'dirichlet', alpha: 1 },
  federation: {
    clients: 8,
    participants: 2,
    localSteps: 1,
    rounds: 200,
    batchSize: 32,
    dropout: 0,
  },
  method: {
    name: 'hiso',
    learningRate: 0.001,
    mu: 0.001,
    perturbations: 5,
    estimator: 'forward',
    hessian: { nu: 0.05, epsilon: 1e-8, update: 'last' },
  },
  evaluation: { every: 10, samples: 2000 },
  compute: { provider: 'cpu', workers: 'auto' },
  seed: 365,
}

const evaluationKeys = Object.keys(parseRunConfig(quickstart).evaluation).join(', ')

/** The one issue that a change of the quickstart config gives. */
function issueOf(...overrides: string[]): string {
  const result = checkRunConfig(overrideConfig(quickstart, overrides))
  if ('config' in result) throw new Error('expected an issue')
  expect(result.issues).toHaveLength(1)
  return `${result.issues[0]!.path} ${result.issues[0]!.message}`
}

describe('the config contract', () => {
  test('accepts the documented form and fills in every default', () => {
    const config = parseRunConfig(quickstart)
    expect(config.task).toMatchObject({ kind: 'classification', testShare: 0.2 })
    expect(config.method.learningRateSchedule).toEqual({ kind: 'constant' })
    expect(config.compute.directionMemory).toBe(256)
  })

  test('survives being written as YAML and read again', () => {
    const config = parseRunConfig(quickstart)
    expect(parseConfigText(formatConfig(config), 'again')).toEqual(config)
  })

  test('a change of method drops the settings that only the old one has', () => {
    const config = parseRunConfig(overrideConfig(quickstart, ['method.name=decomfl']))
    expect(config.method).not.toHaveProperty('hessian')
  })

  test('a change of method keeps what means the same to both, and takes the rest from the new one', () => {
    const tuned = { ...quickstart, method: { name: 'hiso', learningRate: 0.02, weightDecay: 0.1 } }
    const after = (...overrides: string[]) =>
      parseRunConfig(overrideConfig(parseRunConfig(tuned), overrides)).method
    expect(after('method.name=decomfl')).toMatchObject({ learningRate: 0.02, weightDecay: 0.1 })
    expect(after('method.name=fedavg')).toMatchObject({ learningRate: 0.1, weightDecay: 0.1 })
    expect(after('method.name=hiso-short')).toMatchObject({ perturbations: 40, precision: 'int4' })
    expect(after('method.name=hiso').learningRate).toBe(0.02)
  })

  test.each([
    [['method.learningRate=0.5', 'method.name=fedavg']],
    [['method.name=fedavg', 'method.learningRate=0.5']],
  ])('%j: what the overrides say themselves stays, whatever the method', (overrides) => {
    expect(parseRunConfig(overrideConfig(quickstart, overrides)).method.learningRate).toBe(0.5)
  })

  test('any method can be chosen over any other', () => {
    const alone = {
      ...quickstart,
      federation: { ...quickstart.federation, clients: 1, participants: 1 },
    }
    const named = (input: unknown, name: string) =>
      parseRunConfig(overrideConfig(input, [`method.name=${name}`]))
    for (const from of methodNames)
      for (const to of methodNames) expect(named(named(alone, from), to)).toEqual(named(alone, to))
  })

  test('an override that chooses another kind drops what only the old one has', () => {
    const withTrim = {
      ...quickstart,
      federation: { ...quickstart.federation, aggregator: { kind: 'trimmedMean', attackers: 0 } },
    }
    const config = parseRunConfig(
      overrideConfig(withTrim, [
        'federation.aggregator.kind=mean',
        'split.kind=iid',
        'task.kind=quadratic',
      ]),
    )
    expect(config.federation.aggregator).toEqual({ kind: 'mean' })
    expect(config.split).toEqual({ kind: 'iid' })
    expect(config.task).not.toHaveProperty('model')
  })

  test('an override for another kind than the chosen one is refused, before it and behind it', () => {
    const expected = 'split.alpha belongs to kind dirichlet only; leave it out, or choose that kind'
    expect(issueOf('split.kind=iid', 'split.alpha=2')).toBe(expected)
    expect(issueOf('split.alpha=2', 'split.kind=iid')).toBe(expected)
    expect(issueOf('split.kind=iid', 'split.alhpa=2')).toContain('is not a known key')
  })

  test('an override reaches into groups that the file leaves out', () => {
    const config = parseRunConfig(
      overrideConfig(quickstart, ['method.learningRateSchedule.kind=cosine']),
    )
    expect(config.method.learningRateSchedule).toEqual({ kind: 'cosine', final: 0 })
  })
})

describe('what a bad config is told', () => {
  test.each([
    [['rounds=5'], 'rounds is not a known key here; it is federation.rounds'],
    [['federation.client=4'], 'federation.client is not a known key; did you mean clients?'],
    [
      ['evaluation.frequency=4'],
      `evaluation.frequency is not a known key; known are ${evaluationKeys}; leave it out, or update HiSo Studio if a newer version wrote it`,
    ],
    [
      ['method.privacy={kind:gaussian}'],
      'method.privacy.kind:gaussian is not a known key; put a space behind the colon: kind: gaussian',
    ],
    [['method.hessian.nuu=1'], 'method.hessian.nuu is not a known key; did you mean nu?'],
    [
      ['split.kind=dirichle'],
      'split.kind must be iid, dirichlet, shards, quantity, column or whole (got "dirichle"); did you mean dirichlet?',
    ],
    [
      ['method.name=hizo'],
      `method.name must be ${methodNames.slice(0, -1).join(', ')} or ${methodNames.at(-1)!} (got "hizo"); did you mean hiso?`,
    ],
    [
      ['federation.participants=4', 'federation.aggregator={ kind: krum }'],
      'federation.participants must be at least 5 for Krum against 1 attacker, which needs 2 · attackers + 3 (got 4)',
    ],
    [
      [
        'federation.participants=8',
        'federation.aggregator={ kind: krum, attackers: 2, selected: 5 }',
      ],
      'federation.aggregator.selected must be at most 4, participants − attackers − 2 (got 5)',
    ],
    [
      ['federation.participants=4', 'federation.aggregator={ kind: trimmedMean, attackers: 2 }'],
      'federation.participants must be at least 5 for a trimmed mean that cuts 2 at either end, or nobody is left (got 4)',
    ],
    [
      ['federation.attack={ kind: signFlip, share: 0.01 }'],
      'federation.attack.share is less than one of 8 clients (got 0.01)',
    ],
    [
      ['method.privacy={ kind: gaussian, noiseMultiplier: 1 }'],
      'method.privacy.clip must be more than 0: noise without clipping protects nobody',
    ],
    [
      ['method.name=fedavg', 'method.privacy={ kind: gaussian, clip: 1 }'],
      'method.privacy must be none for fedavg, whose messages are whole vectors: only scalars are made private',
    ],
    [
      ['method.privacy={ kind: gaussian, clip: 0 }'],
      'method.privacy.clip must be more than 0: noise without clipping protects nobody',
    ],
    [
      ['method.privacy={ kind: gaussian, clip: 1, delta: 0 }'],
      'method.privacy.delta must be more than 0 (got 0)',
    ],
    [
      ['method.precision=int5'],
      'method.precision must be float32, float16, bfloat16, int8, int4 or sign (got "int5"); did you mean int8?',
    ],
    [['method.hessian.nu=1.5'], 'method.hessian.nu must be at most 1 (got 1.5)'],
    [['federation.localSteps=0'], 'federation.localSteps must be at least 1 (got 0)'],
    [['method={ name: fedkseed, pool: 0 }'], 'method.pool must be at least 1 (got 0)'],
    [
      ['method={ name: fedavg, compression: { kind: topK, share: 0 } }'],
      'method.compression.share must be more than 0 (got 0)',
    ],
    [
      ['method={ name: fedavgm, serverMomentum: 1 }'],
      'method.serverMomentum must be less than 1 (got 1)',
    ],
    [['federation.rounds=ten'], 'federation.rounds must be a number (got "ten")'],
    [['method.learningRate=0'], 'method.learningRate must be more than 0 (got 0)'],
    [
      ['federation.participants=9'],
      'federation.participants must be at most federation.clients (8)',
    ],
    [['compute.workers=0'], 'compute.workers must be at least 1 (got 0)'],
    [['compute.workers=two'], 'compute.workers must be auto, or must be a number (got "two")'],
    [
      ['method.name=mezo'],
      'federation.clients must be 1 for method mezo, which is DeComFL with one client',
    ],
    [['name='], 'name must be text (got nothing)'],
    [['seed=9007199254740993'], 'seed must be at most 4294967295 (got 9007199254740992)'],
  ])('%s', (overrides, expected) => {
    expect(issueOf(...overrides)).toBe(expected)
  })

  test('a missing part is called missing', () => {
    const { task: _, ...rest } = quickstart
    expect(() => parseRunConfig(rest, 'x.yaml')).toThrow(
      /^x\.yaml: task is missing: it must be a group of keys/,
    )
  })

  test('every issue is listed, not only the first', () => {
    expect(() => parseRunConfig(overrideConfig(quickstart, ['seed=-1', 'nam=1']))).toThrow(
      /seed.*\n.*nam/s,
    )
  })

  test('broken YAML names line and column', () => {
    expect(() => parseConfigText('a: [1\nb: 2', 'x.yaml')).toThrow(/x\.yaml.*line 2/s)
  })

  test.each([
    ['UTF-16', Buffer.from('name: Prüfung', 'utf16le')],
    ['Latin-1', Buffer.from('name: Prüfung', 'latin1')],
  ])('text in %s is not taken for another', (_, bytes) => {
    const text = new TextDecoder().decode(bytes)
    expect(() => parseConfigText(text, 'x.yaml')).toThrow(/x\.yaml: it is not text in UTF-8/)
  })

  test('an override that is not key=value is refused', () => {
    expect(() => overrideConfig(quickstart, ['seed'])).toThrow(/key\.path=value/)
    expect(() => overrideConfig(quickstart, ['seed.x=1'])).toThrow(/single value/)
  })
})

describe('a value on a command line', () => {
  const set = (override: string) =>
    overrideConfig(quickstart, [override]) as Record<string, unknown>
  test.each([
    ['name=trial #2', 'trial #2'],
    ['name=#2', '#2'],
    ["name='trial #2'", 'trial #2'],
    ['name=a: b', 'a: b'],
    ['name=007', '007'],
    ['name=1e3', '1e3'],
    ['name=a=b', 'a=b'],
    ['name=[draft', '[draft'],
    ['name=*best', '*best'],
    ['name=&best', '&best'],
    ['name=!best', '!best'],
    ['name=| best', '| best'],
    ['name={a: b}', '{a: b}'],
    ['name="2.000"', '2.000'],
  ])('is whole: %s', (override, value) => {
    expect(set(override).name).toBe(value)
  })

  test('may be a path with any letters, whatever the task', () => {
    const [task] = [{ kind: 'classification', model: 'softmax', dataset: 'mnist' }]
    for (const path of ['/a/plants #2.csv', '/a=b/c.csv', 'C:\\x #1.csv', '/a: b.csv']) {
      const config = overrideConfig({ task }, [`task.dataset=${path}`]) as { task: unknown }
      expect(config.task).toMatchObject({ dataset: path })
    }
  })

  test('is refused where a part of it would be left out', () => {
    expect(() => set('method.learningRateSchedule={ kind: cosine } # slow')).toThrow(
      /behind # would be left out/,
    )
  })

  test('is shown as it is, and not at any length', () => {
    const message = (input: unknown) => {
      const result = checkRunConfig(input)
      return 'issues' in result ? result.issues.map((it) => it.message).join() : ''
    }
    expect(message(set('method.learningRate=.nan'))).toContain('got NaN')
    expect(message(set('method.learningRate=0,001'))).toMatch(/decimal point/)
    expect(message(set('federation.rounds=1,000'))).toMatch(/separators of thousands/)
    expect(message(set(`method.name=${'x'.repeat(50_000)}`)).length).toBeLessThan(1000)
  })
})

describe('keys that belong to JavaScript', () => {
  const reserved = [
    '__proto__.x',
    'task.__proto__.model',
    'constructor.prototype.x',
    'method.constructor',
  ]

  test.each(reserved)('%s is refused by name, and no object changes', (path) => {
    expect(() => overrideConfig(quickstart, [`${path}=5`])).toThrow(/is not a known key/)
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
    expect(({} as Record<string, unknown>)['model']).toBeUndefined()
  })

  test.each(['__proto__: {name: x}', 'name: {constructor: 1}', 'task: {prototype: {}}'])(
    'a file that says %s is refused',
    (text) =>
      expect(() => parseConfigText(text, 'my.yaml')).toThrow(/my.yaml: .*is not a known key/),
  )
})

describe('a file that a person did not write', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]', 'b: &b [*a, *a, *a, *a, *a, *a, *a, *a]']
  for (const [name, before] of ['cb', 'dc', 'ed', 'fe'].map(
    (pair) => [...pair] as [string, string],
  ))
    bomb.push(`${name}: &${name} [${Array.from({ length: 8 }, () => `*${before}`).join(', ')}]`)

  test.each([
    ['an alias without an anchor', 'name: *nobody', /Unresolved alias/],
    ['an alias of itself', 'name: &a [*a]', /nested/],
    ['aliases that stand for billions', bomb.join('\n'), /Excessive alias|values/],
    ['brackets without end', '['.repeat(20_000), /nested too deeply/],
    ['groups in groups', `${'{a: '.repeat(50)}1${'}'.repeat(50)}`, /levels deep/],
    ['a set', 'name: !!set {a, b}', /no use/],
    ['megabytes', 'x'.repeat(2 ** 20), /too long/],
  ])('%s: a message that names the file', (_, text, reason) => {
    expect(() => parseConfigText(text, 'my.yaml')).toThrow(
      expect.objectContaining({ code: 'CONFIG_UNREADABLE', where: 'my.yaml' }),
    )
    expect(() => parseConfigText(text, 'my.yaml')).toThrow(reason)
  })
})

describe('a number that is one to some people and a thousand to others', () => {
  test.each(['1.000', '12.000', '1.000.000', '+1.000'])('%s is refused by name', (written) => {
    for (const key of ['federation.rounds', 'method.learningRate'])
      expect(() => parseRunConfig(overrideConfig(quickstart, [`${key}=${written}`]))).toThrow()
    expect(() => parseConfigText(`federation: { rounds: ${written} }`, 'a.yaml')).toThrow()
  })

  test('the message says both readings, and where', () => {
    expect(() => overrideConfig(quickstart, ['federation.rounds=1.000'])).toThrow(/write 1 or 1000/)
    expect(() => parseConfigText('seed: 3\nfederation:\n  rounds: 2.000\n', 'a.yaml')).toThrow(
      /write 2 or 2000 \(line 3/,
    )
  })

  test.each(['0.001', '1.5', '1.00', '10.0', '1e3', '1.234'])('%s is what it says', (written) => {
    const input = overrideConfig(quickstart, [`method.learningRate=${written}`])
    expect(input).toMatchObject({ method: { learningRate: Number(written) } })
  })
})
