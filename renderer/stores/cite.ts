/** What a paper that uses a run cites, as BibTeX in the clipboard. */
import { bibtexOf } from '../../core/config/index.ts'
import { useNotices } from './notices.ts'
import { shellPort } from './ports.ts'
import { nameOf } from './runNames.ts'
import { useRuns } from './runs.ts'
import { useSettings } from './settings.ts'

export async function citeRun(folder: string): Promise<void> {
  const notices = useNotices()
  try {
    const run = await useRuns().load(folder)
    if (run.config === undefined) return
    const { version } = useSettings().about!
    await shellPort().request('copyText', bibtexOf(run.config, version))
    notices.show({
      tone: 'good',
      title: 'Copied BibTeX',
      text: `The program, the method and the data of ${nameOf(run)}`,
    })
  } catch (thrown) {
    notices.fail('The run could not be read', thrown)
  }
}
