/**
 * Files that come in - chosen, dropped, given by the system - and where they go: a config or a
 * model to Configure, a run to Watch.
 */
import {
  factsOfKind,
  kindForSamples,
  parseConfigText,
  readConfigText,
  type RunConfig,
} from '../../core/config/index.ts'
import { isLesson } from '../config/lessons.ts'
import { setAt } from '../config/paths.ts'
import { changeKind, unionAt } from '../config/unions.ts'
import type { OpenedFile } from '../../electron/ipc/contract.ts'
import { useDraft } from './draft.ts'
import { useEngine } from './engine.ts'
import { useLessons } from './lessons.ts'
import { useMailedModel } from './mailedModel.ts'
import { useNotices } from './notices.ts'
import { shellPort } from './ports.ts'
import { useSettings } from './settings.ts'
import { useWorkspace } from './workspace.ts'

type Kind = OpenedFile['kind']

export function useFileOpening() {
  const draft = useDraft()
  const engine = useEngine()
  const mailed = useMailedModel()
  const notices = useNotices()
  const settings = useSettings()
  const workspace = useWorkspace()
  const lessons = useLessons()

  async function choose(kind: 'config' | 'runFolder' | 'runFile'): Promise<void> {
    try {
      const file = await shellPort().request('chooseToOpen', kind)
      if (file !== undefined) await open(file)
    } catch (thrown) {
      notices.fail('The file could not be opened', thrown)
    }
  }

  /**
   * A dropped file: its kind is read from its name; its content, or what lies beside it, decides.
   */
  async function drop(file: File): Promise<void> {
    const path = shellPort().pathOf(file)
    const kind = kindOf(file.name)
    try {
      if (kind === 'model') await open(await shellPort().request('identify', path))
      else await open(kind === 'config' ? { kind, path, text: await file.text() } : { kind, path })
    } catch (thrown) {
      notices.fail(`${file.name} could not be opened`, thrown)
    }
  }

  async function open({ kind, path, text }: OpenedFile): Promise<void> {
    switch (kind) {
      case 'config':
        openConfig(path, text ?? '')
        return
      case 'runFolder':
        await workspace.openRun(path)
        remember(kind, path)
        return
      case 'runFile':
        await openRunFile(path)
        return
      case 'model':
      case 'dataset':
        useInTask(kind, path)
        return
      case 'decoder':
        useInLanguage('model', path)
        return
      case 'texts':
        useInLanguage('dataset', path)
        return
      case 'tokenizer':
        useInLanguage('tokenizer', path)
        return
      case 'other':
        await openUnknown(path)
    }
  }

  function openConfig(path: string, text: string): void {
    if (isLesson(text)) {
      const file = { name: baseName(path).replace(/\.(ya?ml|json)$/i, ''), text }
      if (lessons.open(file, 0)) lessons.keep(file)
      return
    }
    if (isTemplate(text)) {
      useInLanguage('template', path)
      return
    }
    let config: RunConfig
    try {
      config = parseConfigText(text, baseName(path))
    } catch (thrown) {
      notices.fail(`${baseName(path)} is no configuration that can be run`, thrown)
      return
    }
    draft.begin({ kind: 'file', name: path, title: baseName(path), config }, path)
    workspace.show('configure')
    remember('config', path)
  }

  /**
   * A whole run in one file is unpacked into the library, then it is a run like any other; a
   * trained model is told of.
   */
  async function openRunFile(path: string): Promise<void> {
    const report = await engine.request('describeRunFile', { path })
    if (!report.isWholeRun) {
      mailed.show(report)
      workspace.dialog = 'mailedModel'
      remember('runFile', path)
      return
    }
    const { folder } = await engine.request('importRun', { path, library: settings.library })
    await workspace.openRun(folder)
    remember('runFile', path)
  }

  /** A folder or a table: a run, a decoder, or else a dataset. */
  async function openUnknown(path: string): Promise<void> {
    const found = await shellPort().request('identify', path)
    if (found.kind === 'decoder') {
      useInLanguage('model', path)
      return
    }
    if (
      await engine.request('readRun', { folder: path }).then(
        () => true,
        () => false,
      )
    ) {
      await workspace.openRun(path)
      remember('runFolder', path)
      return
    }
    // What is wrong with texts is said beside their preview.
    if ((takesTexts() && mayBeData(path)) || (await engine.request('holdsTexts', { path }))) {
      useInLanguage('dataset', path)
      return
    }
    const config = withDataset(draft.lastValid, path)
    await engine.request('previewDataset', { config }).catch((thrown: unknown) => {
      throw mayBeData(path) ? thrown : new Error(whatOpens)
    })
    useInTask('dataset', path)
  }

  const takesTexts = () => factsOfKind(draft.at('task.kind'))?.hasTexts === true

  /**
   * Puts a dropped dataset or model into the draft's task: texts and decoders where it is of a
   * language model.
   */
  function useInTask(key: 'dataset' | 'model', path: string): void {
    if (!takesTexts()) draft.choose('task', kindForSamples('numbers'))
    use(key, path)
  }

  /** What only a language task takes. */
  function useInLanguage(key: 'dataset' | 'model' | 'template' | 'tokenizer', path: string): void {
    draft.choose('task', kindForSamples('texts'))
    use(key, path)
  }

  function use(key: string, path: string): void {
    draft.set(`task.${key}`, path)
    workspace.show('configure')
    notices.show({
      tone: 'good',
      title: `${baseName(path)} is now the ${key} of this configuration`,
    })
  }

  async function saveConfig(text: string, name: string, again: boolean): Promise<void> {
    try {
      if (again && draft.file !== undefined) {
        await shellPort().request('saveAgain', draft.file, text)
        notices.show({ tone: 'good', title: `Saved ${baseName(draft.file)}` })
        return
      }
      const path = await shellPort().request('saveAs', 'config', `${name}.yaml`, text)
      if (path === undefined) return
      draft.file = path
      remember('config', path)
      notices.show({ tone: 'good', title: `Saved ${baseName(path)}` })
    } catch (thrown) {
      notices.fail('The configuration was not saved', thrown)
    }
  }

  function remember(kind: 'config' | 'runFolder' | 'runFile', path: string): void {
    void shellPort().request('rememberRecent', { kind, path })
  }

  return { choose, drop, open, saveConfig }
}

const whatOpens =
  'This is neither a configuration (.yaml, .json), a dataset (a table such as .csv, or a folder with idx files or images), texts (.jsonl, .tsv, .parquet), an ONNX model, nor a run (its folder, or .hiso)'

/** Folders and tables, by their names: what is wrong with these is worth saying. */
function mayBeData(path: string): boolean {
  return /^[^.]*$|\.(csv|tsv|txt|data|dat)(\.gz)?$/i.test(baseName(path))
}

function kindOf(name: string): Kind {
  if (name === 'tokenizer.json') return 'tokenizer'
  if (/\.(jsonl|ndjson|tsv|parquet)(\.gz)?$/i.test(name)) return 'texts'
  if (/\.(ya?ml|json)$/i.test(name)) return 'config'
  if (/\.onnx$/i.test(name)) return 'model'
  if (/\.hiso$/i.test(name)) return 'runFile'
  return 'other'
}

/** A prompt template is a page of text too; what is wrong with it is said at its field. */
function isTemplate(text: string): boolean {
  try {
    const keys = Object.keys(readConfigText(text, 'template') as object)
    return keys.includes('prompt') && !keys.includes('task')
  } catch {
    return false
  }
}

/** A config to ask the engine what a dataset is. */
function withDataset(config: RunConfig, dataset: string): RunConfig {
  const union = unionAt(config, 'task')!
  const task = { ...changeKind(config, union, kindForSamples('numbers')), dataset }
  return setAt(config, 'task', task) as RunConfig
}

export function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path
}
