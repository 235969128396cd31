/** The comparison that is on screen, as tables: for papers, notebooks and spreadsheets. */
import { shallowRef } from 'vue'
import type { SaveKind } from '../../electron/ipc/contract.ts'
import type { ComparisonFormat } from '../../figures/index.ts'
import { useNotices } from './notices.ts'
import { shellPort } from './ports.ts'
import { offerWhileShown } from './whileShown.ts'

export interface ShownComparison {
  /** Whether there are runs in it. */
  readonly isEmpty: () => boolean
  readonly text: (format: ComparisonFormat) => string
}

export const comparisonOnScreen = shallowRef<ShownComparison>()

/** Offers a comparison for as long as its view is the one that is shown. */
export function offerComparison(comparison: ShownComparison): void {
  offerWhileShown(comparisonOnScreen, comparison)
}

interface ComparisonFile {
  readonly id: ComparisonFormat
  readonly label: string
  readonly text: string
  readonly kind: SaveKind
  readonly name: string
}

export const comparisonFiles: readonly ComparisonFile[] = [
  {
    id: 'latex',
    label: 'Results for LaTeX',
    text: 'mean ± standard deviation, the best in bold; booktabs',
    kind: 'tex',
    name: 'results.tex',
  },
  {
    id: 'markdown',
    label: 'Results as Markdown',
    text: 'the same table',
    kind: 'markdown',
    name: 'results.md',
  },
  {
    id: 'csv',
    label: 'Results as CSV',
    text: 'every number in full',
    kind: 'csv',
    name: 'results.csv',
  },
  {
    id: 'curves',
    label: 'Curves as CSV',
    text: 'mean, band, number of runs, and each run',
    kind: 'csv',
    name: 'curves.csv',
  },
  {
    id: 'differences',
    label: 'Settings as CSV',
    text: 'those in which the runs differ',
    kind: 'csv',
    name: 'differences.csv',
  },
]

export async function saveComparison(
  comparison: ShownComparison,
  { id, kind, name }: ComparisonFile,
): Promise<void> {
  try {
    const content = new TextEncoder().encode(comparison.text(id))
    await shellPort().request('saveAs', kind, name, content)
  } catch (thrown) {
    useNotices().fail('The comparison was not saved', thrown)
  }
}
