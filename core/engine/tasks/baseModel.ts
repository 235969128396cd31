/**
 * The model that a run began with, without its data: to rebuild what the run has made of it, and to
 * write that down.
 */
import { HisoError, type Host } from '../../base/index.ts'
import type { ClassificationSettings, LanguageSettings, RunConfig } from '../../config/index.ts'
import { openDataset } from '../../data/index.ts'
import {
  exportDecoder,
  exportTrained,
  peftAdapter,
  type LanguageGraph,
  type Trainable,
} from '../../model/index.ts'
import { candidatesFor, openDecoder, openLanguageGraph } from './languageTask.ts'
import { fingerprintOf } from './modelFile.ts'
import { openGraph } from './task.ts'

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
  files(params: Float32Array, form: ModelForm): Promise<ModelFiles>
}

/** @throws HisoError MODEL_…, DATA_… (a classifier's shape comes from its dataset) */
export async function openBaseModel(
  { task, seed }: Pick<RunConfig, 'task' | 'seed'>,
  host: Host,
): Promise<BaseModel> {
  switch (task.kind) {
    case 'classification':
      return openClassifier(task, seed, host)
    case 'language':
      return openLanguageModel(task, seed, host)
    case 'quadratic':
      throw new HisoError('MODEL_UNSUPPORTED', {
        where: 'task.kind',
        what: 'a quadratic objective is a formula, there is no model to write',
        remedy: 'Export this run as csv or json',
      })
  }
}

async function openClassifier(
  task: ClassificationSettings,
  seed: number,
  host: Host,
): Promise<BaseModel> {
  const graph = await openGraph(task, await openDataset(task, host), seed, host)
  return {
    fingerprint: fingerprintOf(graph.bytes, graph.initialParams, host),
    dim: graph.dim,
    trainables: graph.trainables,
    initialParams: () => graph.initialParams.slice(),
    async files(params, form) {
      if (form === 'peft') throw notLora(task.model)
      return new Map([['model.onnx', exportTrained(graph, params)]])
    },
  }
}

async function openLanguageModel(
  task: LanguageSettings,
  seed: number,
  host: Host,
): Promise<BaseModel> {
  const graph = await openLanguageGraph(task, await candidatesFor(task, host), seed, host)
  return {
    fingerprint: fingerprintOf(graph.bytes, graph.initialParams(), host),
    dim: graph.dim,
    trainables: graph.trainables,
    initialParams: () => graph.initialParams(),
    files: (params, form) => languageFiles(task, seed, graph, params, form, host),
  }
}

async function languageFiles(
  { model, trainables: set }: LanguageSettings,
  seed: number,
  { trainables }: LanguageGraph,
  params: Float32Array,
  form: ModelForm,
  host: Host,
): Promise<ModelFiles> {
  if (form === 'peft') {
    if (set.kind !== 'lora') throw notLora(model)
    return peftAdapter(trainables, params, set, model)
  }
  const scale = set.kind === 'lora' ? set.alpha / set.rank : 1
  const decoder = await openDecoder(model, seed, host)
  return new Map([['model.onnx', exportDecoder(decoder, trainables, params, scale)]])
}

function notLora(model: string): HisoError {
  return new HisoError('MODEL_UNSUPPORTED', {
    where: model,
    what: 'the run trained the model’s own weights, so there is no LoRA adapter to write',
    remedy: 'Write it as onnx',
  })
}
