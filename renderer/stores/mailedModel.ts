/**
 * A trained model that came as a `.hiso` file: what it is, the base model that it is rebuilt from,
 * and the files that come of it.
 */
import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import { hasTexts } from '../../core/config/index.ts'
import type { EngineEvent, RebuildProgress, RunFileReport } from '../../core/engine/index.ts'
import type { SaveKind } from '../../electron/ipc/contract.ts'
import { useEngine } from './engine.ts'
import { enginePort, shellPort } from './ports.ts'
import { useWorkspace } from './workspace.ts'
import { sentenceOf } from '../components/asSentence.ts'

/** `onnx`: merged, whole; `peft`: the adapter alone. */
export type ModelForm = 'onnx' | 'peft'

const saveKinds: Readonly<Record<string, SaveKind>> = {
  onnx: 'onnx',
  safetensors: 'safetensors',
  json: 'json',
  md: 'markdown',
}

export const useMailedModel = defineStore('mailedModel', () => {
  const engine = useEngine()
  const report = shallowRef<RunFileReport>()
  /**
   * Where the base model lies on this machine; undefined: where the sender's configuration has it.
   */
  const base = shallowRef<string>()
  const form = shallowRef<ModelForm>('onnx')
  const isBusy = shallowRef(false)
  /** Undefined until the base model is open. */
  const progress = shallowRef<RebuildProgress>()
  /** The one that Try asks instead of the shown run's, until another run is shown. */
  const tried = shallowRef<{ readonly report: RunFileReport; readonly base?: string }>()
  /** What was wrong, where, and what to do. */
  const error = shallowRef<string>()
  /** What was saved last, and whether its hash is the one that the sender recorded. */
  const saved = shallowRef<{ readonly paths: readonly string[]; readonly isVerified: boolean }>()
  /** A language model, whose base lies in a folder with its tokenizer. */
  const isDecoder = computed(() => report.value !== undefined && hasTexts(report.value.config.task))
  const hasAdapter = computed(() => {
    const task = report.value?.config.task
    return task !== undefined && hasTexts(task) && task.trainables.kind === 'lora'
  })
  const chosenBase = () => (base.value === undefined ? {} : { base: base.value })
  const workspace = useWorkspace()
  watch(
    () => workspace.currentFolder,
    () => (tried.value = undefined),
  )

  function show(of: RunFileReport): void {
    report.value = of
    base.value = undefined
    form.value = 'onnx'
    error.value = undefined
    saved.value = undefined
  }

  async function chooseBase(kind: 'model' | 'modelFolder'): Promise<void> {
    const chosen = await shellPort().request('chooseToOpen', kind)
    if (chosen === undefined) return
    base.value = chosen
    error.value = undefined
  }

  /** Rebuilds the model and lets the user choose where each of its files goes. */
  async function save(): Promise<void> {
    if (report.value === undefined || isBusy.value) return
    isBusy.value = true
    progress.value = undefined
    error.value = undefined
    saved.value = undefined
    const { path: file } = report.value
    const stop = enginePort().listen((events) => receive(file, events))
    try {
      const { files, isVerified, rounds } = await engine.request('rebuildModel', {
        path: file,
        form: form.value,
        ...chosenBase(),
      })
      progress.value = { rounds, totalRounds: rounds, msLeft: 0 }
      const paths: string[] = []
      for (const { name, bytes } of files) {
        const kind = saveKinds[name.split('.').at(-1)!]!
        const path = await shellPort().request('saveAs', kind, name, new Uint8Array(bytes))
        if (path === undefined) break
        paths.push(path)
      }
      if (paths.length > 0) saved.value = { paths, isVerified }
    } catch (thrown) {
      error.value = sentenceOf(thrown)
    } finally {
      stop()
      isBusy.value = false
    }
  }

  function receive(file: string, events: readonly EngineEvent[]): void {
    for (const told of events)
      if ('rebuilt' in told && told.rebuilt === file) progress.value = told.progress
  }

  /** Shows it in Try, as it was before its run and after. */
  function tryOut(): void {
    if (report.value === undefined) return
    tried.value = { report: report.value, ...chosenBase() }
    workspace.dialog = undefined
    workspace.show('try')
  }

  return {
    report,
    base,
    form,
    isBusy,
    progress,
    tried,
    error,
    saved,
    isDecoder,
    hasAdapter,
    show,
    chooseBase,
    save,
    tryOut,
  }
})
