/** A run's data as a file that the user chooses: exactly the bytes that the command line writes. */
import type { ExportFormat } from '../../../core/engine/index.ts'
import { useEngine } from '../../stores/engine.ts'
import { useNotices } from '../../stores/notices.ts'
import type { OpenRun } from '../../stores/openRun.ts'
import { shellPort } from '../../stores/ports.ts'

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
