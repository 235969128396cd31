/** The views of the app, in the order of the rail. A view is its feature's one entry. */
import {
  Columns3Cog,
  FolderClock,
  GitCompareArrows,
  LayoutList,
  Radio,
  SquareActivity,
} from '@lucide/vue'
import { defineAsyncComponent, type Component } from 'vue'
import type { ViewName } from './stores/workspace.ts'

export interface View {
  readonly name: ViewName
  readonly title: string
  readonly icon: Component
  readonly component: Component
  /** Its command, as the menu knows it. */
  readonly command: string
}

const files = import.meta.glob<{ default: Component }>('./features/*/*View.vue')

function view(name: ViewName, title: string, icon: Component): View {
  const component = title + 'View.vue'
  const load = files[`./features/${name}/${component}`]
  return {
    name,
    title,
    icon,
    command: `show${title}`,
    component: load === undefined ? missing : defineAsyncComponent(load),
  }
}

const missing: Component = { render: () => null }

export const views: readonly View[] = [
  view('configure', 'Configure', Columns3Cog),
  view('watch', 'Watch', SquareActivity),
  view('wire', 'Wire', Radio),
  view('compare', 'Compare', GitCompareArrows),
  view('runs', 'Runs', FolderClock),
  view('batch', 'Batch', LayoutList),
]
