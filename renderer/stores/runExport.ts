/** A run's data as a file that the user chooses: exactly the bytes that the command line writes. */
import { shallowRef } from 'vue'
import type { ExportFormat } from '../../core/engine/index.ts'
import type { SaveKind } from '../../electron/ipc/contract.ts'
import { useEngine } from './engine.ts'
import { useNotices } from './notices.ts'
import { shellPort } from './ports.ts'
import { offerWhileShown } from './whileShown.ts'

export interface RunFormat {
  readonly id: ExportFormat
  readonly label: string
  /** What is in the file, in a few words. */
  readonly text: string
}

export const runFormats: readonly RunFormat[] = [
  { id: 'csv', label: 'Metrics as CSV', text: 'a row per round, as in the run’s folder' },
  {
    id: 'json',
    label: 'Metrics as JSON',
    text: 'with the configuration and every message’s scalars',
  },
  {
    id: 'onnx',
    label: 'Trained model as ONNX',
    text: 'rebuilt from the log, for any ONNX runtime; takes the data’s own numbers',
  },
  {
    id: 'bareOnnx',
    label: 'Trained model without scaling',
    text: 'as ONNX, for numbers that are scaled already',
  },
  {
    id: 'model',
    label: 'Trained model as a .hiso file',
    text: 'to be mailed: the log, without the base model',
  },
  { id: 'hiso', label: 'Whole run as one file', text: 'to be opened in another HiSo Studio' },
]

/** What kind of file a format is to the system. */
const fileKinds = {
  csv: ['csv', 'csv'],
  json: ['json', 'json'],
  onnx: ['onnx', 'onnx'],
  bareOnnx: ['onnx', 'onnx'],
  model: ['runFile', 'hiso'],
  hiso: ['runFile', 'hiso'],
} as const satisfies Record<ExportFormat, readonly [SaveKind, extension: string]>

export interface OfferedRun {
  readonly folder: string
  readonly name: string
}

/** The run that is chosen in the view on screen, where views have their own choice. */
export const chosenRun = shallowRef<() => OfferedRun | undefined>()

/** Offers a view's choice for as long as that view is the one that is shown. */
export function offerChosenRun(chosen: () => OfferedRun | undefined): void {
  offerWhileShown(chosenRun, chosen)
}

export async function exportRun(
  run: Pick<OfferedRun, 'folder'>,
  format: ExportFormat,
): Promise<void> {
  try {
    const bytes = await useEngine().request('exportRun', { folder: run.folder, format })
    const content = new Uint8Array(bytes)
    const [kind, extension] = fileKinds[format]
    const name = `${run.folder.split(/[\\/]/).at(-1) ?? 'run'}.${extension}`
    await shellPort().request('saveAs', kind, name, content)
  } catch (thrown) {
    useNotices().fail('The run was not exported', thrown)
  }
}
