/** Opening a file over a fake engine that takes its time. */
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import type { RecognisedFile } from '../../core/engine/index.ts'
import { createFakeEngine } from '../testing/fakeEngine.ts'
import { createFakeShell } from '../testing/fakeShell.ts'
import { useDraft } from './draft.ts'
import { useEngine } from './engine.ts'
import { useFileOpening } from './fileOpening.ts'
import { useNotices } from './notices.ts'
import { setPorts } from './ports.ts'
import { useQueue } from './queue.ts'
import { useStarting } from './starting.ts'
import { useWorkspace } from './workspace.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function begin() {
  const asked: { path: string; signal: AbortSignal; answer: (file: RecognisedFile) => void }[] = []
  const engine = createFakeEngine()
  const { request } = engine
  const slow = (name: string, argument: { readonly path: string }, signal: AbortSignal) =>
    name === 'recogniseFile'
      ? new Promise<RecognisedFile>((resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error))
          asked.push({ path: argument.path, signal, answer: resolve })
        })
      : (request as (...of: unknown[]) => Promise<unknown>)(name, argument)
  setActivePinia(createPinia())
  setPorts(Object.assign(engine, { request: slow as unknown as typeof request }), createFakeShell())
  useEngine().connect()
  engine.connect()
  return { asked, files: useFileOpening(), notices: useNotices() }
}

it('a file that takes long says so and can be given up, without a failure', async () => {
  const { asked, files, notices } = begin()
  const opening = files.open('/in/large.csv')
  expect(notices.list).toEqual([])
  await vi.advanceTimersByTimeAsync(60_000)
  expect(notices.list).toMatchObject([{ title: 'Opening large.csv…', action: { label: 'Cancel' } }])
  notices.list[0]!.action!.run()
  await opening
  expect(asked[0]!.signal.aborted).toBe(true)
  expect(notices.list).toEqual([])
  expect(useDraft().at('task.dataset')).not.toBe('/in/large.csv')
})

it('files that come together are all opened, and a quick one says nothing of it', async () => {
  const { asked, files, notices } = begin()
  const both = Promise.all([files.open('/in/table.csv'), files.open('/in/model.onnx')])
  for (const [at, kind] of (['dataset', 'model'] as const).entries()) asked[at]!.answer({ kind })
  await both
  await vi.advanceTimersByTimeAsync(1000)
  expect(useDraft().at('task.dataset')).toBe('/in/table.csv')
  expect(useDraft().at('task.model')).toBe('/in/model.onnx')
  expect(notices.list.map(({ tone }) => tone)).not.toContain('info')
})

it('a configuration that names others to compare with says so, and plays them all', async () => {
  const { asked, files, notices } = begin()
  const opening = files.open('/in/three.yaml')
  asked[0]!.answer({
    kind: 'config',
    text: 'name: three\ntask: { kind: quadratic }\nmethod: { name: hiso }\ncompare: [{ method: { name: decomfl } }]\n',
  })
  await opening
  expect(useDraft().at('method.name')).toBe('hiso')
  expect(notices.list).toMatchObject([{ title: 'three.yaml holds 2 runs to compare' }])
  void useStarting().start()
  expect(useQueue().items.map(({ config }) => config.method.name)).toEqual(['hiso', 'decomfl'])
})

it('a configuration with settings that nothing uses says which and why', async () => {
  const { asked, files, notices } = begin()
  const opening = files.open('/in/idle.yaml')
  asked[0]!.answer({
    kind: 'config',
    text: 'name: idle\ntask: { dataset: mnist, model: softmax, hidden: [64] }\nmethod: { name: hiso }\n',
  })
  await opening
  expect(notices.list).toMatchObject([
    {
      title: 'Some settings of idle.yaml do nothing',
      text: 'task.hidden does nothing here: it is for the model mlp only.',
    },
  ])
  useWorkspace().show('watch')
  await nextTick()
  expect(notices.list).toEqual([])
})
