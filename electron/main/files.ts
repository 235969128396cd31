/**
 * Files on the user's behalf: native dialogs that remember their folder, recent files, writing what
 * was chosen, the trash. The renderer never names a file to write that the user has not chosen.
 */
import { app, dialog, shell, type BrowserWindow, type FileFilter } from 'electron'
import { randomBytes } from 'node:crypto'
import { constants, existsSync } from 'node:fs'
import { copyFile, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import type { FileContent, OpenKind, RecentFile, SaveKind } from '../ipc/contract.ts'
import type { AllowedFolders } from '../ipc/enginePort.ts'
import { places } from './places.ts'
import { isConfigName, isRunFile, isRunFolder } from './fileKind.ts'
import type { Settings } from './settings.ts'

const allFiles: FileFilter = { name: 'All files', extensions: ['*'] }

const openDialogs: Readonly<Record<OpenKind, { title: string; filter?: FileFilter }>> = {
  config: {
    title: 'Open configuration',
    filter: { name: 'Run configuration', extensions: ['yaml', 'yml', 'json'] },
  },
  runFolder: { title: 'Open run folder' },
  runFile: { title: 'Open run file', filter: { name: 'HiSo run', extensions: ['hiso'] } },
  model: { title: 'Choose a model', filter: { name: 'ONNX model', extensions: ['onnx'] } },
  dataset: {
    title: 'Choose a dataset',
    filter: { name: 'Comma-separated values', extensions: ['csv'] },
  },
  datasetFolder: { title: 'Choose a dataset folder' },
  modelFolder: { title: 'Choose the folder of a decoder' },
  texts: {
    title: 'Choose texts',
    filter: {
      name: 'Texts',
      extensions: ['jsonl', 'ndjson', 'json', 'csv', 'tsv', 'parquet', 'gz'],
    },
  },
  template: {
    title: 'Choose a template',
    filter: { name: 'Template', extensions: ['yaml', 'yml'] },
  },
  tokenizer: { title: 'Choose a tokenizer', filter: { name: 'Tokenizer', extensions: ['json'] } },
  library: { title: 'Choose where runs are kept' },
}

const saveFilters: Readonly<Record<SaveKind, FileFilter>> = {
  config: { name: 'Run configuration', extensions: ['yaml', 'yml'] },
  lesson: { name: 'Lesson', extensions: ['yaml', 'yml'] },
  html: { name: 'Web page', extensions: ['html'] },
  csv: { name: 'Comma-separated values', extensions: ['csv'] },
  json: { name: 'JSON', extensions: ['json'] },
  markdown: { name: 'Markdown', extensions: ['md'] },
  pdf: { name: 'PDF', extensions: ['pdf'] },
  png: { name: 'PNG image', extensions: ['png'] },
  svg: { name: 'SVG image', extensions: ['svg'] },
  tex: { name: 'LaTeX source', extensions: ['tex'] },
  onnx: { name: 'ONNX model', extensions: ['onnx'] },
  safetensors: { name: 'Safetensors', extensions: ['safetensors'] },
  runFile: { name: 'HiSo run', extensions: ['hiso'] },
}

const recentLimit = 12
const libraryLimit = 24

export interface FilesListeners {
  recentChanged(recent: readonly RecentFile[]): void
  /** There is more that a page may have written to. */
  allowedChanged(): void
}

export class UserFiles {
  readonly #settings: Settings
  /** Files that the user has chosen in this session: these may be written again. */
  readonly #chosen = new Set<string>()
  /** Run folders that the user has opened in this session. */
  readonly #runs = new Set<string>()
  readonly #library: () => string
  readonly #listeners: FilesListeners

  /** @param library where new runs go, unless another was chosen */
  constructor(settings: Settings, library: () => string, listeners: FilesListeners) {
    this.#settings = settings
    this.#library = library
    this.#listeners = listeners
  }

  /** What a page may have written to. */
  get allowed(): AllowedFolders {
    const recent = this.recent.flatMap(({ kind, path }) => (kind === 'runFolder' ? [path] : []))
    return {
      libraries: [this.#library(), ...this.#settings.data.libraries],
      runs: [...this.#runs, ...recent],
    }
  }

  get recent(): RecentFile[] {
    return [...this.#settings.data.recent]
  }

  async chooseToOpen(window: BrowserWindow, kind: OpenKind): Promise<string | undefined> {
    const { title, filter } = openDialogs[kind]
    const { filePaths } = await dialog.showOpenDialog(window, {
      title,
      ...this.#startIn(kind),
      properties: filter === undefined ? ['openDirectory', 'createDirectory'] : ['openFile'],
      ...(filter === undefined ? {} : { filters: [filter, allFiles] }),
    })
    const [path] = filePaths
    if (path === undefined) return undefined
    this.#rememberFolder(kind, dirname(path))
    if (kind === 'library') this.#addLibrary(path)
    return this.openChosen(path)
  }

  /**
   * What the user has pointed at themselves may be written again. @returns the full path
   */
  async openChosen(path: string): Promise<string> {
    const full = resolve(path)
    if (isConfigName(full)) this.#chosen.add(full)
    if (await isRunFolder(full)) {
      this.#runs.add(full)
      this.#listeners.allowedChanged()
    }
    if (!existsSync(full)) this.#setRecent(this.recent.filter((it) => it.path !== full))
    return full
  }

  /** A page can't make a folder one that was opened by calling it recent. */
  rememberRecent(file: RecentFile): void {
    if (file.kind === 'runFolder' && !this.#isKnownRun(file.path)) return
    const others = this.recent.filter(({ path }) => path !== file.path)
    this.#setRecent([file, ...others].slice(0, recentLimit))
    app.addRecentDocument(file.path)
  }

  clearRecent(): void {
    this.#setRecent([])
    app.clearRecentDocuments()
  }

  async saveAs(
    window: BrowserWindow,
    kind: SaveKind,
    suggestedName: string,
    content: FileContent,
  ): Promise<string | undefined> {
    const filter = saveFilters[kind]
    const extension = filter.extensions[0]!
    const given = basename(suggestedName)
    const name = extname(given) === '' ? `${given}.${extension}` : given
    const folder = this.#settings.data.folders[kind]
    const { filePath } = await dialog.showSaveDialog(window, {
      title: 'Save',
      defaultPath: folder === undefined ? name : join(folder, name),
      filters: [filter, allFiles],
    })
    if (filePath === undefined || filePath === '') return undefined
    const path = extname(filePath) === '' ? `${filePath}.${extension}` : filePath
    await replace(path, content)
    if (kind === 'config') await putSchemaBeside(path)
    this.#rememberFolder(kind, dirname(path))
    this.#chosen.add(path)
    return path
  }

  /** @throws Error when the file was not chosen in this session, or can't be written */
  async saveAgain(path: string, content: FileContent): Promise<void> {
    if (!this.#chosen.has(path))
      throw new Error(`${path} was not opened or saved before: use Save as`)
    await replace(path, content)
  }

  /** Only what is a run may go: folders with a run.json, and .hiso files. */
  async trash(paths: readonly string[]): Promise<void> {
    const full = paths.map((path) => resolve(path))
    for (const path of full)
      if (!(await isRunFile(path)) && !(await isRunFolder(path)))
        throw new Error(`${path} is not a run; only runs can be moved to the trash`)
    for (const path of full) await shell.trashItem(path)
  }

  #isKnownRun(path: string): boolean {
    const { libraries, runs } = this.allowed
    const group = dirname(path)
    return [group, dirname(group)].some((it) => libraries.includes(it)) || runs.includes(path)
  }

  #addLibrary(path: string): void {
    const others = this.#settings.data.libraries.filter((it) => it !== path)
    this.#settings.change({ libraries: [path, ...others].slice(0, libraryLimit) })
    this.#listeners.allowedChanged()
  }

  #startIn(kind: string): { defaultPath?: string } {
    const folder = this.#settings.data.folders[kind]
    return folder === undefined ? {} : { defaultPath: folder }
  }

  #rememberFolder(kind: string, folder: string): void {
    this.#settings.change({ folders: { ...this.#settings.data.folders, [kind]: folder } })
  }

  #setRecent(recent: RecentFile[]): void {
    if (recent.length === 0 && this.recent.length === 0) return
    this.#settings.change({ recent })
    this.#listeners.recentChanged(recent)
  }
}

/**
 * Writes a file in one step: readers see the old content or the new one. What a link points to is
 * written; a pipe or a device is written to.
 */
async function replace(path: string, content: FileContent): Promise<void> {
  const target = await realpath(path).catch(() => path)
  const draft = `${target}.${randomBytes(8).toString('hex')}.new`
  try {
    const found = await stat(target).catch(() => undefined)
    if (found?.isFile() === false && !found.isDirectory()) {
      await writeFile(target, content)
      return
    }
    // Fails where anything is there already, a link too.
    const file = await open(draft, 'wx')
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, target)
  } catch (error) {
    await rm(draft, { force: true })
    throw new Error(`${path} could not be written: ${reasonOf(error)}`, { cause: error })
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full. Make room or choose another disk',
  EDQUOT: 'your disk quota is used up. Make room or choose another disk',
  EACCES: 'you may not write there. Choose another folder',
  EPERM: 'you may not write there. Choose another folder',
  EROFS: 'the disk is read-only. Choose another folder',
  ENOENT: 'the folder is gone. Choose another one',
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return (code === undefined ? undefined : reasons[code]) ?? message
}

/** What the first line of a saved config names to editors. A config is as good without it. */
async function putSchemaBeside(path: string): Promise<void> {
  const name = 'hiso.schema.json'
  await copyFile(
    join(places.resources(), 'schemas', name),
    join(dirname(path), name),
    constants.COPYFILE_EXCL,
  ).catch(() => {})
}
