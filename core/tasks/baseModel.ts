/**
 * The model that a run began with, without its data: to rebuild what the run has made of it, and to
 * write that down.
 */
import { HisoError } from '../base/index.ts'
import type { Trainable } from '../model/index.ts'
import type { TaskInputs } from './openedTask.ts'

/** An ONNX file with everything in it, or a LoRA adapter for Hugging Face's PEFT. */
export type ModelForm = 'onnx' | 'peft'
/** By name. */
export type ModelFiles = ReadonlyMap<string, Uint8Array>

export interface BaseModel {
  /** As the run's record has it. */
  readonly fingerprint: string
  /** d */
  readonly dim: number
  readonly trainables: readonly Trainable[]
  initialParams(): Float32Array
  /** @param params float32[d] @throws HisoError MODEL_UNSUPPORTED */
  files(params: Float32Array, form: ModelForm, options?: FilesOptions): Promise<ModelFiles>
}

interface FilesOptions {
  /** Leaves preprocessing out of the graph. */
  readonly isBare?: boolean
  /** What the run's record says of its data. */
  readonly recorded?: {
    readonly inputs?: TaskInputs | undefined
    readonly fingerprints: { readonly dataset?: string | undefined }
  }
}

/** For a model whose own weights were trained. */
export function withoutAdapter(model: string): HisoError {
  return new HisoError('MODEL_UNSUPPORTED', {
    where: model,
    what: 'the run trained the model’s own weights, so there is no LoRA adapter to write',
    remedy: 'Write it as onnx',
  })
}
