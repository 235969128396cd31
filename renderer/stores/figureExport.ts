/** Charts as files for a paper: the page that was chosen last, and where files go. */
import { computed } from 'vue'
import type { SaveKind } from '../../electron/ipc/contract.ts'
import {
  figureBytes,
  figureExtensions,
  fileNameOf,
  legendPlaces,
  presetNames,
  type Figure,
  type FigureFormat,
} from '../../figures/index.ts'
import type { ChartOnScreen } from '../charts/chartsOnScreen.ts'
import { useNotices } from './notices.ts'
import { shellPort } from './ports.ts'
import { remembered } from './remembered.ts'

const saveKinds = {
  pdf: 'pdf',
  svg: 'svg',
  png: 'png',
  tex: 'tex',
  vega: 'json',
} as const satisfies Record<FigureFormat, SaveKind>

/** As remembered; words of another version are taken for the first of today's. */
const preset = remembered<string>('figure.preset', presetNames[0]!)
const legend = remembered<string>('figure.legend', legendPlaces[0])
const isTransparent = remembered('figure.isTransparent', false)
const hasTitle = remembered('figure.hasTitle', false)

const known = <Name extends string>(name: string, names: readonly Name[]): Name =>
  names.find((own) => own === name) ?? names[0]!

const page = computed(() => ({
  preset: known(preset.value, presetNames),
  options: {
    legend: known(legend.value, legendPlaces),
    isTransparent: isTransparent.value,
    hasTitle: hasTitle.value,
  },
}))

export function useFigurePage() {
  return { preset, legend, isTransparent, hasTitle, page }
}

export function figureOf(chart: Pick<ChartOnScreen, 'figure'>): Figure {
  return { ...chart.figure(), ...page.value }
}

export async function saveFigure(
  chart: Pick<ChartOnScreen, 'figure' | 'fileLabel' | 'title'>,
  format: FigureFormat,
): Promise<void> {
  try {
    const bytes = figureBytes(figureOf(chart), format)
    const name = fileNameOf(`${chart.fileLabel()} ${chart.title()}`, figureExtensions[format])
    await shellPort().request('saveAs', saveKinds[format], name, bytes)
  } catch (thrown) {
    useNotices().fail('The chart was not saved', thrown)
  }
}
