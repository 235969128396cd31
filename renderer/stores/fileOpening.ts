/**
 * Files that come in - chosen, dropped, given by the system - and where they go: a config or a
 * model to Configure, a run to Watch.
 */
import {
  configsOf,
  factsOfKind,
  idleSettings,
  kindForSamples,
  parseRunConfig,
  readConfigText,
  type RunConfig,
} from '../../core/config/index.ts'
import type { RecognisedFile } from '../../core/engine/index.ts'
import { bundledNames } from '../config/usedFields.ts'
import { useDraft } from './draft.ts'
import { useEngine } from './engine.ts'
import { useLessons } from './lessons.ts'
import { useMailedModel } from './mailedModel.ts'
import { useNotices } from './notices.ts'
import { shellPort } from './ports.ts'
import { useSettings } from './settings.ts'
import { useWorkspace } from './workspace.ts'

/** A file that takes longer to be looked at gets a line with a way to give it up. */
const slowMs = 800

export function useFileOpening() {
  const draft = useDraft()
  const engine = useEngine()
  const mailed = useMailedModel()
  const notices = useNotices()
  const settings = useSettings()
  const workspace = useWorkspace()
  const lessons = useLessons()

  async function choose(kind: 'config' | 'runFolder' | 'runFile'): Promise<void> {
    const path = await shellPort().request('chooseToOpen', kind)
    if (path !== undefined) await open(path)
  }

  /** What was chosen, dropped or given by the system, as what the engine recognises in it. */
  async function open(path: string): Promise<void> {
    // Who opens a file knows what to begin with: the welcome would lie over it.
    if (workspace.dialog === 'presets') workspace.dialog = undefined
    const own = new AbortController()
    const { signal } = own
    let line: number | undefined
    const timer = setTimeout(() => {
      line = notices.show({
        tone: 'info',
        title: `Opening ${baseName(path)}…`,
        action: { label: 'Cancel', run: () => own.abort() },
        stays: true,
      })
    }, slowMs)
    try {
      await take(path, await engine.request('recogniseFile', { path }, signal), signal)
    } catch (thrown) {
      if (!signal.aborted) notices.fail(`${baseName(path)} could not be opened`, thrown)
    } finally {
      clearTimeout(timer)
      if (line !== undefined) notices.dismiss(line)
    }
  }

  async function take(path: string, file: RecognisedFile, signal: AbortSignal): Promise<void> {
    switch (file.kind) {
      case 'config':
        openConfig(path, file.text)
        return
      case 'lesson': {
        const lesson = { name: baseName(path).replace(/\.(ya?ml|json)$/i, ''), text: file.text }
        await bringRuns(path, lesson)
        if (lessons.open(lesson, 0)) lessons.keep(lesson)
        return
      }
      case 'template':
        useInLanguage('template', path)
        return
      case 'runFolder':
        await workspace.openRun(path)
        remember('runFolder', path)
        return
      case 'runFile':
        await openRunFile(path, signal)
        return
      case 'model':
      case 'dataset':
        useInTask(file.kind, path)
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
        throw new Error(file.reason)
    }
  }

  /** A lesson's runs that came along; without them the lesson plays its own. */
  async function bringRuns(path: string, lesson: { name: string; text: string }) {
    if (!/^played:/m.test(lesson.text)) return
    try {
      if (!(await lessons.lacksRuns(lesson))) return
      const where = { path, library: settings.library }
      const { folders } = await engine.request('importLessonRuns', where)
      lessons.adopt(lesson.name, folders)
    } catch (thrown) {
      notices.fail('The runs of the lesson could not be unpacked; it plays its own', thrown)
    }
  }

  function openConfig(path: string, text: string): void {
    const name = baseName(path)
    let configs: readonly RunConfig[]
    let idle: readonly string[]
    try {
      const inputs = configsOf(readConfigText(text, name), name)
      configs = inputs.map((it) => parseRunConfig(it, name))
      idle = idleSettings(inputs, configs, bundledNames)
    } catch (thrown) {
      notices.fail(`${name} is no configuration that can be run`, thrown)
      return
    }
    const [config, ...beside] = configs
    draft.begin({ kind: 'file', name: path, title: name, config: config!, beside }, path)
    workspace.show('configure')
    remember('config', path)
    if (beside.length > 0)
      notices.show({
        tone: 'info',
        title: `${name} holds ${configs.length} runs to compare`,
        text: 'The form shows the first. Run plays all of them, side by side.',
      })
    if (idle.length > 0)
      notices.show({
        tone: 'info',
        title: `Some settings of ${name} do nothing`,
        text: `${idle.join('. ')}.`,
        stays: true,
        // It is about the form, and would cover what stands in other views.
        holds: () => workspace.view === 'configure',
      })
  }

  /**
   * A whole run in one file is unpacked into the library, then it is a run like any other; a
   * trained model is told of.
   */
  async function openRunFile(path: string, signal: AbortSignal): Promise<void> {
    const report = await engine.request('describeRunFile', { path }, signal)
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

  return { choose, open, saveConfig }
}

export function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path
}
