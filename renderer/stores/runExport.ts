/** A run's data as a file that the user chooses: exactly the bytes that the command line writes. */
import type { ExportFormat } from '../../core/engine/index.ts'
import { useEngine } from './engine.ts'
import { useNotices } from './notices.ts'
import type { OpenRun } from './openRun.ts'
import { shellPort } from './ports.ts'

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
    text: 'rebuilt from the log, for any ONNX runtime',
  },
  { id: 'hiso', label: 'Whole run as one file', text: 'to be opened in another HiSo Studio' },
]

export async function exportRun(run: OpenRun, format: ExportFormat): Promise<void> {
  try {
    const bytes = await useEngine().request('exportRun', { folder: run.folder, format })
    const content = new Uint8Array(bytes)
    const name = `${run.folder.split(/[\\/]/).at(-1) ?? 'run'}.${format}`
    await shellPort().request('saveAs', format === 'hiso' ? 'runFile' : format, name, content)
  } catch (thrown) {
    useNotices().fail('The run was not exported', thrown)
  }
}
