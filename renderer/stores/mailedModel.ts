/** A trained model that came as a `.hiso` file: what it is, the base model that it is rebuilt from, and the files that come of it. */
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { RunFileReport } from '../../core/engine/index.ts'
import type { SaveKind } from '../../electron/ipc/contract.ts'
import { useEngine } from './engine.ts'
import { shellPort } from './ports.ts'

/** `onnx`: merged, whole; `peft`: the adapter alone. */
export type ModelForm = 'onnx' | 'peft'

const saveKinds: Readonly<Record<string, SaveKind>> = {
  onnx: 'onnx',
  safetensors: 'safetensors',
  json: 'json',
}

export const useMailedModel = defineStore('mailedModel', () => {
  const engine = useEngine()
  const report = shallowRef<RunFileReport>()
  /** Where the base model lies on this machine; undefined: where the sender's configuration has it. */
  const base = shallowRef<string>()
  const form = shallowRef<ModelForm>('onnx')
  const isBusy = shallowRef(false)
  /** What was wrong, where, and what to do. */
  const error = shallowRef<string>()
  /** What was saved last, and whether its hash is the one that the sender recorded. */
  const saved = shallowRef<{ readonly paths: readonly string[]; readonly isVerified: boolean }>()
  const hasAdapter = computed(() => {
    const task = report.value?.config.task
    return task?.kind === 'language' && task.trainables.kind === 'lora'
  })

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
    base.value = chosen.path
    error.value = undefined
  }

  /** Rebuilds the model and lets the user choose where each of its files goes. */
  async function save(): Promise<void> {
    if (report.value === undefined || isBusy.value) return
    isBusy.value = true
    error.value = undefined
    saved.value = undefined
    try {
      const { files, isVerified } = await engine.request('rebuildModel', {
        path: report.value.path,
        form: form.value,
        ...(base.value === undefined ? {} : { base: base.value }),
      })
      const paths: string[] = []
      for (const { name, bytes } of files) {
        const kind = saveKinds[name.split('.').at(-1)!]!
        const path = await shellPort().request('saveAs', kind, name, new Uint8Array(bytes))
        if (path === undefined) break
        paths.push(path)
      }
      if (paths.length > 0) saved.value = { paths, isVerified }
    } catch (thrown) {
      error.value = thrown instanceof Error ? thrown.message : String(thrown)
    } finally {
      isBusy.value = false
    }
  }

  return { report, base, form, isBusy, error, saved, hasAdapter, show, chooseBase, save }
})
