import { describe, expect, it } from 'vitest'
import { overrideConfig, readConfigText } from './configText.ts'
import { idleSettings } from './idleSettings.ts'
import { parseRunConfig } from './issues.ts'

const bundled = { imageSets: ['mnist'] }

function idleIn(...texts: readonly string[]): readonly string[] {
  const inputs = texts.map((text) => {
    const method = text.includes('method:') ? '' : 'method: { name: hiso }\n'
    return readConfigText(`name: a\n${method}${text}`, 'a.yaml')
  })
  return idleSettings(
    inputs,
    inputs.map((input) => parseRunConfig(input)),
    bundled,
  )
}

const softmax = 'task: { dataset: mnist, model: softmax }'
const quadratic = 'task: { kind: quadratic }'

describe('settings that nothing uses', () => {
  it.each([
    ['task: { dataset: mnist, model: softmax, hidden: [64] }', 'task.hidden', 'the model mlp'],
    [
      'task: { dataset: mnist, model: mlp, initialWeights: zero }',
      'task.initialWeights',
      'softmax',
    ],
    ['task: { dataset: mnist, model: mlp, trainable: [a*] }', 'task.trainable', 'ONNX files'],
    ['task: { dataset: mnist, model: mlp, testShare: 0.5 }', 'task.testShare', 'tables'],
    [`${quadratic}\nsplit: { kind: dirichlet, alpha: 0.1 }`, 'split.alpha', 'with samples'],
    [`${quadratic}\nfederation: { batchSize: 5 }`, 'federation.batchSize', 'with samples'],
    [`${quadratic}\ncompute: { mixed: true }`, 'compute.mixed', 'compute.cluster'],
    [
      `${softmax}\nfederation: { localSteps: 2 }\nmethod: { name: hiso, hessian: { redraw: true } }`,
      'method.hessian.redraw',
      'update=all',
    ],
    [
      `${softmax}\nmethod: { name: hiso, hessian: { floor: 0.3 } }`,
      'method.hessian.floor',
      'has no floor',
    ],
    [
      `${softmax}\nmethod: { name: hiso, hessian: { nu: 0, epsilon: 0.1 } }`,
      'method.hessian.epsilon',
      'stays 1',
    ],
    [
      `${softmax}\nmethod: { name: hiso, hessian: { update: all } }`,
      'method.hessian.update',
      'federation.localSteps',
    ],
    [
      `${softmax}\nmethod: { name: hiso, estimator: central, hessian: { estimate: second-difference } }`,
      'method.estimator',
      'both sides',
    ],
    [
      `${softmax}\nfederation: { clients: 1, participants: 1 }\nsplit: { kind: dirichlet, alpha: 0.1 }`,
      'split.alpha',
      'one client',
    ],
    [
      `${softmax}\nfederation: { participants: 1, aggregator: { kind: median } }`,
      'federation.aggregator.kind',
      'one participant',
    ],
    [
      `${softmax}\nmethod: { name: fedavg }\ncompute: { directionMemory: 8 }`,
      'compute.directionMemory',
      'no directions',
    ],
    [`${softmax}\nmethod: { name: fedavg }\nfederation: { catchUp: snapshot }`, 'catchUp', 'whole'],
    [`${softmax}\nmethod: { name: decomfl, rank: 2 }`, 'method.rank', 'low-rank'],
    [`${softmax}\ndevices: { spread: 3 }`, 'devices.spread', 'network.kind'],
  ])('are named with the reason: %s', (text, path, why) => {
    const said = idleIn(text)
    expect(said.join('\n')).toContain(`${path} does nothing here`)
    expect(said.join('\n')).toContain(why)
  })

  it('are those of other methods, unless another method is played than the file names', () => {
    const text = `${softmax}\nmethod: { name: decomfl, hessian: { nu: 0.3, warmUp: 2 } }`
    expect(idleIn(text)).toEqual([
      'method.hessian does nothing here: DeComFL has no setting hessian',
    ])
    const input = readConfigText(`name: a\n${text}`, 'a.yaml')
    const fedavg = parseRunConfig(overrideConfig(input, ['method.name=fedavg']))
    expect(idleSettings([input], [fedavg], bundled)).toEqual([])
    // Nor where another run beside it is played as its file says.
    const own = { name: 'b', task: { kind: 'quadratic' }, method: { name: 'fedavg' } }
    const both = [fedavg, parseRunConfig(own)]
    expect(idleSettings([input, own], both, bundled)).toEqual([])
  })

  it('are no word worth where the value is the default', () => {
    expect(
      idleIn('task: { dataset: mnist, model: softmax, hidden: [32], testShare: 0.2 }'),
    ).toEqual([])
  })

  it('are none where one of the configs that are played uses them', () => {
    const hidden = 'task: { dataset: mnist, model: mlp, hidden: [64] }'
    expect(idleIn(hidden, softmax)).toEqual([])
    const floor = 'method: { name: hiso, hessian: { floor: 0.3, debias: true } }'
    expect(idleIn(`${softmax}\n${floor}`)).toEqual([])
  })
})
