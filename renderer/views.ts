/** The views of the app, in the order of the rail. A view is its feature's one entry. */
import {
  Columns3Cog,
  FolderClock,
  Footprints,
  GraduationCap,
  GitCompareArrows,
  LayoutList,
  MessageSquareText,
  Microscope,
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
  /** Further words to find it by. */
  readonly words?: string
}

function view(name: ViewName, title: string, icon: Component, load: Load): View {
  return { name, title, icon, command: `show${title}`, component: defineAsyncComponent(load) }
}

type Load = () => Promise<{ readonly default: Component }>

export const views: readonly View[] = [
  view(
    'configure',
    'Configure',
    Columns3Cog,
    () => import('./features/configure/ConfigureView.vue'),
  ),
  view('watch', 'Watch', SquareActivity, () => import('./features/watch/WatchView.vue')),
  view('wire', 'Wire', Radio, () => import('./features/wire/WireView.vue')),
  view('compare', 'Compare', GitCompareArrows, () => import('./features/compare/CompareView.vue')),
  view('runs', 'Runs', FolderClock, () => import('./features/runs/RunsView.vue')),
  view('batch', 'Batch', LayoutList, () => import('./features/batch/BatchView.vue')),
  {
    ...view('lab', 'Lab', Microscope, () => import('./features/curvature/CurvatureView.vue')),
    words: 'Hessian curvature spectrum',
  },
  {
    ...view('try', 'Try', MessageSquareText, () => import('./features/try/TryView.vue')),
    words: 'language model text prompt ask before after',
  },
  {
    ...view('walk', 'Walk', Footprints, () => import('./features/walk/WalkView.vue')),
    words: 'round steps algorithm teach lecture explain formula',
  },
  {
    ...view(
      'lessons',
      'Lessons',
      GraduationCap,
      () => import('./features/lessons/LessonsView.vue'),
    ),
    words: 'teach learn course lecture tutorial',
  },
]
