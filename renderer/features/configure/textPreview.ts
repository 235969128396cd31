/**
 * What the draft's texts become, asked of the engine while the draft is of a language task, and
 * shared by the form and the previews.
 */
import { computed, inject, provide, shallowReactive, watch, type InjectionKey } from 'vue'
import { factsOfKind, hasTexts, type RunConfig } from '../../../core/config/index.ts'
import type { BundledLanguage, FieldProblem, TextPreview } from '../../../core/tasks/index.ts'
import { usePreview, type Preview } from '../../engine/usePreview.ts'
import { useDraft } from '../../stores/draft.ts'
import { useEngine } from '../../stores/engine.ts'

export interface LanguageDraft {
  readonly preview: Preview<TextPreview>
  /** What comes with the program; undefined until the engine has said it. */
  readonly bundled: BundledLanguage | undefined
  /** What the engine found wrong with a field, as a sentence, by path. */
  readonly problems: ReadonlyMap<string, string>
}

const nothingBundled: BundledLanguage = { models: [], texts: [], templates: [] }

const key: InjectionKey<LanguageDraft> = Symbol('languageDraft')

/** For the view: asks. */
export function provideLanguageDraft(): LanguageDraft {
  const draft = useDraft()
  const engine = useEngine()
  const state = shallowReactive<{ bundled: BundledLanguage | undefined }>({ bundled: undefined })
  watch(
    () => engine.isReady && factsOfKind(draft.at('task.kind'))?.hasTexts === true,
    async (isWanted) => {
      if (!isWanted) return
      // The next file that is opened reports a damaged installation.
      state.bundled = await engine.request('listBundledLanguage').catch(() => nothingBundled)
    },
    { immediate: true },
  )
  const question = computed(() => (engine.isReady ? questionOf(draft.lastValid) : undefined))
  const preview = usePreview(question, (_, signal) =>
    engine.request('previewText', { config: draft.lastValid }, signal),
  )
  const problems = computed(
    () => new Map((preview.value?.problems ?? []).map((it) => [it.path, sentenceOf(it)])),
  )
  const provided: LanguageDraft = {
    preview,
    get bundled() {
      return state.bundled
    },
    get problems() {
      return problems.value
    },
  }
  provide(key, provided)
  return provided
}

/** For what stands inside the view. */
export function useLanguageDraft(): LanguageDraft {
  const found = inject(key)
  if (found === undefined) throw new Error('no view provides the draft of a language task')
  return found
}

/** What the preview depends on; undefined for other tasks. */
function questionOf({ task }: RunConfig): string | undefined {
  if (!hasTexts(task)) return undefined
  const { trainables: _trainables, testShare: _share, paddingSide: _side, ...rest } = task
  return JSON.stringify(rest)
}

export function sentenceOf({ what, remedy }: FieldProblem): string {
  return `${what}${remedy === undefined ? '' : `. ${remedy}`}`
}
