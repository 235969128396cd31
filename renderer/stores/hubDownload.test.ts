/**
 * Downloads over a fake engine: progress of the one that was asked for, cancelling, errors, and use
 * in the draft.
 */
import { createPinia, setActivePinia } from 'pinia'
import { describe, expect, it } from 'vitest'
import type { Downloaded } from '../../core/engine/index.ts'
import { createFakeEngine } from '../testing/fakeEngine.ts'
import { createFakeShell } from '../testing/fakeShell.ts'
import { useDraft } from './draft.ts'
import { useEngine } from './engine.ts'
import { useHubDownload } from './hubDownload.ts'
import { setPorts } from './ports.ts'

const downloaded: Downloaded = {
  reference: 'hf:owner/name',
  path: '/cache',
  commit: '0'.repeat(40),
  files: ['model.onnx'],
  bytes: 40,
  isCancelled: false,
  notices: [],
}
const model = { kind: 'model', id: 'owner/name' } as const

function withAnswer(downloadFromHub: () => Promise<Downloaded>, cancelDownload = () => {}) {
  const engine = createFakeEngine({ answers: { downloadFromHub, cancelDownload } })
  setActivePinia(createPinia())
  setPorts(engine, createFakeShell())
  useEngine().connect()
  engine.connect()
  return { engine, store: useHubDownload() }
}

describe('a download from the hub', () => {
  it('can be cancelled, and is then not offered to the configuration', async () => {
    let resolve!: (answer: Downloaded) => void
    const answer = new Promise<Downloaded>((settle) => (resolve = settle))
    const { store } = withAnswer(
      () => answer,
      () => resolve({ ...downloaded, isCancelled: true }),
    )
    const before = useDraft().input
    const ended = store.start(model)
    expect(store.isRunning).toBe(true)
    await store.cancel()
    await ended
    expect(store.isRunning).toBe(false)
    expect(store.result?.isCancelled).toBe(true)
    store.use()
    expect(useDraft().input).toEqual(before)
  })

  it('that failed says why, and can be asked for again', async () => {
    const answers = [Promise.reject(new Error('no such model')), Promise.resolve(downloaded)]
    const { store } = withAnswer(() => answers.shift()!)
    await store.start(model)
    expect(store.error).toBe('No such model')
    await store.start(model)
    expect(store.error).toBeUndefined()
    expect(store.result).toEqual(downloaded)
  })

  it('becomes the model of a language task', async () => {
    const { store } = withAnswer(() => Promise.resolve(downloaded))
    await store.start(model)
    store.use()
    expect(useDraft().at('task.kind')).toBe('language')
    expect(useDraft().at('task.model')).toBe('hf:owner/name')
  })
})
