/**
 * What can be chosen for a field that holds a name or a path: what comes with the program, and
 * files and folders of one's own.
 */
import { CloudDownload, FolderOpen } from '@lucide/vue'
import type { DownloadName } from '../../../core/engine/index.ts'
import type { BundledLanguage } from '../../../core/tasks/index.ts'
import type { OpenKind } from '../../../electron/ipc/contract.ts'
import type { MenuEntry } from '../../components/index.ts'
import { offeredNames } from '../../config/usedFields.ts'

export interface PathChoices {
  readonly names: readonly { readonly name: string; readonly detail?: string }[]
  readonly dialogs: readonly { readonly kind: OpenKind; readonly label: string }[]
  /** What the hub has for this field. */
  readonly repositories?: RepositoryKind
}

type RepositoryKind = DownloadName['kind']

const numberDialogs: Readonly<Record<string, PathChoices['dialogs']>> = {
  'task.dataset': [
    { kind: 'datasetFolder', label: 'Folder with images or idx files…' },
    { kind: 'dataset', label: 'CSV file…' },
  ],
  'task.model': [{ kind: 'model', label: 'ONNX file…' }],
}

const textDialogs: Readonly<Record<string, PathChoices['dialogs']>> = {
  'task.dataset': [
    { kind: 'texts', label: 'JSON Lines, CSV, TSV or Parquet…' },
    { kind: 'datasetFolder', label: 'Folder with train and test files…' },
  ],
  'task.model': [
    { kind: 'modelFolder', label: 'Folder of a decoder…' },
    { kind: 'model', label: 'ONNX file…' },
  ],
  'task.template': [{ kind: 'template', label: 'YAML file…' }],
  'task.tokenizer': [{ kind: 'tokenizer', label: 'tokenizer.json…' }],
}

const repositories: Readonly<Record<string, RepositoryKind>> = {
  'task.model': 'model',
  'task.dataset': 'dataset',
}

/** @returns undefined for a field that is plain text */
export function pathChoices(
  path: string,
  hasTexts: boolean,
  bundled: BundledLanguage | undefined,
): PathChoices | undefined {
  const dialogs = (hasTexts ? textDialogs : numberDialogs)[path]
  if (dialogs === undefined) return undefined
  if (!hasTexts) return { names: (offeredNames[path] ?? []).map((name) => ({ name })), dialogs }
  const kind = repositories[path]
  return { names: namesOf(path, bundled), dialogs, ...(kind && { repositories: kind }) }
}

function namesOf(path: string, bundled: BundledLanguage | undefined): PathChoices['names'] {
  switch (path) {
    case 'task.model':
      return (bundled?.models ?? []).map(({ name, isTrained }) => ({
        name,
        detail: isTrained ? 'comes with the app' : 'random weights',
      }))
    case 'task.dataset':
      return (bundled?.texts ?? []).map(({ name, title }) => ({ name, detail: title }))
    case 'task.template':
      return (bundled?.templates ?? []).map(({ name, title }) => ({ name, detail: title }))
    default:
      return []
  }
}

/** Ids of entries that open a dialog begin so. */
const dialogMark = ':'

/** The entry that opens the dialog for downloads. */
export const hubEntry = '@hub'

export function menuOf({ names, dialogs, repositories }: PathChoices): MenuEntry[] {
  return [
    ...names.map(({ name, detail }) => ({ id: name, label: name, detail })),
    ...(names.length > 0 ? (['separator'] as const) : []),
    ...dialogs.map(({ kind, label }) => ({ id: `${dialogMark}${kind}`, label, icon: FolderOpen })),
    ...(repositories === undefined
      ? []
      : [{ id: hubEntry, label: 'From the hub…', icon: CloudDownload }]),
  ]
}

/** The dialog that an entry of `menuOf` opens; undefined for a name. */
export function dialogOf(id: string): OpenKind | undefined {
  return id.startsWith(dialogMark) ? (id.slice(dialogMark.length) as OpenKind) : undefined
}
