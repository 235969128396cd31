/** What `hiso inspect` says of an ONNX file. */
import type { ModelSummary, ValueSummary } from '../core/model/index.ts'
import { formatPairs, formatTable, type Cell } from './table.ts'
import type { Terminal } from './terminal.ts'
import { formatBytes, formatCount } from './units.ts'

export interface InspectedModel extends ModelSummary {
  readonly path: string
  /** Of the file itself. */
  readonly bytes: number
  /** Those of `externalFiles` that are not beside it. */
  readonly missingFiles: readonly string[]
}

export function formatModel(model: InspectedModel, terminal: Terminal): string {
  const { classifier, problem, externalFiles, missingFiles } = model
  const fileNote = (name: string) => (missingFiles.includes(name) ? `${name} (missing)` : name)
  const pairs: (readonly [string, Cell])[] = [
    ['model', `${model.path}, ${formatBytes(model.bytes)}`],
    ...(model.producer === '' ? [] : ([['written by', model.producer]] as const)),
    ['operator set', String(model.opset)],
    ['inputs', model.inputs.map(valueText)],
    ['outputs', model.outputs.map(valueText)],
    ['operators', model.operators.map(({ name, count }) => `${count} ${name}`).join(', ')],
    ...(externalFiles.length === 0
      ? []
      : ([['external data', externalFiles.map(fileNote)]] as const)),
    ...(classifier === undefined
      ? []
      : ([
          [
            'classifier',
            `features ${classifier.features}, logits ${classifier.logits}, ${formatCount(classifier.classes)} classes`,
          ],
        ] as const)),
    ...(classifier === undefined || classifier.notes.length === 0
      ? []
      : ([['notes', classifier.notes]] as const)),
    ['dimension d', formatCount(model.dim)],
  ]
  const weights = formatTable(
    terminal,
    [
      { title: 'weight' },
      { title: 'shape' },
      { title: 'size', isNumber: true },
      { title: 'type' },
      { title: 'training' },
    ],
    model.weights.map(({ name, shape, size, type, training, reason }) => [
      name,
      shape.length === 0 ? 'scalar' : shape.join(' × '),
      formatCount(size),
      type,
      reason === undefined ? training : `${training}: ${reason}`,
    ]),
  )
  return [
    formatPairs(terminal, pairs),
    ...(model.weights.length === 0 ? [] : [weights]),
    ...(problem === undefined ? [] : [problemText(problem, terminal)]),
  ].join('\n\n')
}

function problemText({ what, remedy }: NonNullable<ModelSummary['problem']>, terminal: Terminal) {
  const advice = remedy === undefined ? '' : ` ${remedy}.`
  return `  ${terminal.paint('red', '✗')} It can’t be trained: ${what}.${advice}`
}

function valueText({ name, type, shape }: ValueSummary): string {
  return `${name}: ${type}${shape === undefined ? '' : ` [${shape.join(', ')}]`}`
}
