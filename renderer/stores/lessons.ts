/**
 * The lesson that is open: its page, the predictions that were made, its runs, and what of it is on
 * stage. A run of a lesson that was played before and is still in the library is taken again.
 */
import { defineStore } from 'pinia'
import { computed, ref, shallowReactive, shallowRef, watch } from 'vue'
import {
  evaluate,
  measureOf,
  readExpression,
  runsOfPage,
  withoutPlayed,
  type Expression,
  type Lesson,
  type MeasuredRun,
  type Quantity,
  type Value,
} from '../../core/lessons/index.ts'
import { isSame, type RunConfig } from '../../core/config/index.ts'
import { describeLesson, openLessonText, type LessonFile } from '../config/lessons.ts'
import { useDraft } from './draft.ts'
import { useNotices } from './notices.ts'
import { isLive, type OpenRun } from './openRun.ts'
import { remembered } from './remembered.ts'
import { useRuns } from './runs.ts'
import { useStage } from './stage.ts'
import { useWorkspace } from './workspace.ts'

/** The index of an option, a number, or the heights of a drawn curve as shares of its axis. */
export type Prediction = number | readonly number[]

interface Progress {
  readonly page: number
  /** By page. */
  readonly predictions: Readonly<Record<number, Prediction>>
}

/** Lessons of one's own that are kept at hand. */
const mostOwn = 24

export const useLessons = defineStore('lessons', () => {
  const workspace = useWorkspace()
  const runs = useRuns()
  const stage = useStage()
  const notices = useNotices()
  const draft = useDraft()
  /** Lessons that were opened from files or written here, newest first. */
  const own = remembered<{ readonly name: string; readonly text: string }[]>('lessons.own', [])
  const ownFiles = computed(() => own.value.map(({ name, text }) => describeLesson(name, text)))
  const progress = remembered<Record<string, Progress>>('lessons.progress', {})
  /** Folders of runs that lessons have played, by lesson and run. */
  const played = remembered<Record<string, string>>('lessons.runs', {})

  const name = ref<string>()
  const lesson = shallowRef<Lesson>()
  const at = ref(0)
  const predictions = shallowRef<Readonly<Record<number, Prediction>>>({})
  /** Folders of the open lesson's runs, by name. */
  const folders = shallowReactive(new Map<string, string>())
  const pending = new Map<string, Promise<void>>()
  /** Runs that are looked up or started at this moment, by name. */
  const starting = shallowReactive(new Set<string>())

  const page = computed(() => lesson.value?.pages[at.value])
  const prediction = computed(() => predictions.value[at.value])
  /** What the page shows may be seen: nothing is asked, or it was answered. */
  const isRevealed = computed(
    () => page.value?.question === undefined || prediction.value !== undefined,
  )
  const isCurtained = computed(
    () => lesson.value !== undefined && !isRevealed.value && page.value?.show !== undefined,
  )
  const isLast = computed(() => at.value + 1 >= (lesson.value?.pages.length ?? 0))

  /** @returns whether it could be opened: the notice says why not */
  function open({ name: called, text }: Pick<LessonFile, 'name' | 'text'>, from?: number): boolean {
    let parsed: Lesson
    try {
      parsed = openLessonText(text, called)
    } catch (thrown) {
      notices.fail(`The lesson ${called} can’t be shown`, thrown)
      return false
    }
    close()
    name.value = called
    lesson.value = parsed
    const known = progress.value[called]
    predictions.value = known?.predictions ?? {}
    stage.hasPages = true
    go(from ?? known?.page ?? 0)
    return true
  }

  /** Keeps a lesson of one's own at hand, without the runs that came along. */
  function keep({ name: called, text }: { readonly name: string; readonly text: string }): void {
    const file = { name: called, text: withoutPlayed(text) }
    own.value = [file, ...own.value.filter((it) => it.name !== file.name)].slice(0, mostOwn)
  }
  function forget(called: string): void {
    own.value = own.value.filter((it) => it.name !== called)
  }

  /** Whether some run came along with a lesson's file that is not in the library yet. */
  async function lacksRuns({ name: called, text }: Pick<LessonFile, 'name' | 'text'>) {
    const { configs, played: came } = openLessonText(text, called)
    const known = Object.keys(came).map((run) =>
      playedBefore(`${called}/${run}`, configs.get(run)!),
    )
    return (await Promise.all(known)).includes(undefined)
  }

  /** Runs of a lesson that came with its file: taken in place of playing them. */
  function adopt(called: string, arrived: Readonly<Record<string, string>>): void {
    const keyed = Object.entries(arrived).map(([run, at]) => [`${called}/${run}`, at] as const)
    played.value = { ...played.value, ...Object.fromEntries(keyed) }
  }

  /** Zero-based: where a lesson was left; 0 if it was not begun, or was taken to its end. */
  function pageOf(called: string): number {
    return progress.value[called]?.page ?? 0
  }

  /** From the first page, as if nothing had been predicted. */
  function begin(file: Pick<LessonFile, 'name' | 'text'>): void {
    forgetProgress(file.name)
    open(file, 0)
  }

  /** The next one who opens it begins anew. */
  function finish(): void {
    const called = name.value
    close()
    if (called !== undefined) forgetProgress(called)
  }

  function forgetProgress(called: string): void {
    progress.value = Object.fromEntries(
      Object.entries(progress.value).filter(([other]) => other !== called),
    )
  }

  function close(): void {
    name.value = undefined
    lesson.value = undefined
    folders.clear()
    pending.clear()
    starting.clear()
    stage.clear()
    stage.hasPages = false
  }

  function go(to: number): void {
    const { value: open } = lesson
    if (open === undefined) return
    at.value = Math.max(0, Math.min(to, open.pages.length - 1))
    void present()
  }

  function predict(value: Prediction): void {
    predictions.value = { ...predictions.value, [at.value]: value }
    void present()
  }

  /** The page that `reset` goes back to. */
  const checkpoint = computed(() => {
    const pages = lesson.value?.pages ?? []
    for (let back = at.value; back > 0; back--) if (pages[back]!.checkpoint) return back
    return 0
  })

  /** Back to the last checkpoint, with no prediction made since, and everything as it was. */
  function reset(): void {
    const from = checkpoint.value
    predictions.value = Object.fromEntries(
      Object.entries(predictions.value).filter(([key]) => Number(key) < from),
    )
    go(from)
  }

  watch([at, predictions], () => {
    if (name.value !== undefined)
      progress.value = {
        ...progress.value,
        [name.value]: { page: at.value, predictions: predictions.value },
      }
  })

  /** Plays what the page needs and puts on stage what it shows, once it may be seen. */
  async function present(): Promise<void> {
    const open = lesson.value
    const here = at.value
    const from = workspace.view
    if (open === undefined) return
    const shown = open.pages.slice(0, here + 1).findLast(({ show }) => show !== undefined)?.show
    const needed = [...runsOfPage(open.pages[here]!, open), ...(shown?.runs ?? [])]
    await Promise.all(needed.map(prepare))
    if (lesson.value !== open || at.value !== here) return
    // Someone who went to another view while a run was being started stays there.
    if (shown !== undefined && isRevealed.value) putOnStage(shown, workspace.view === from)
    // What comes next is played while this page is read.
    const next = open.pages[here + 1]
    if (next !== undefined) for (const each of runsOfPage(next, open)) void prepare(each)
  }

  function putOnStage(
    show: NonNullable<Lesson['pages'][number]['show']>,
    goesThere: boolean,
  ): void {
    const shown = show.runs.flatMap((each) => folders.get(each) ?? [])
    stage.charts = show.charts
    stage.lossScale = show.scale
    stage.titles = titlesOf(show.runs)
    stage.hasControls = show.controls
    stage.step = show.step === undefined ? undefined : show.step - 1
    if (show.view === 'compare') {
      if (goesThere) workspace.compare(shown)
      return
    }
    const [first] = shown
    if (first !== undefined) workspace.currentFolder = first
    workspace.inspectedRound = show.round === undefined ? undefined : show.round - 1
    const config = lesson.value?.configs.get(show.runs[0] ?? '')
    if (show.view === 'configure' && config !== undefined)
      draft.begin({ kind: 'preset', name: config.name, title: lesson.value!.title, config })
    stage.isPlane = show.view === 'plane'
    if (goesThere) workspace.show(show.view === 'plane' ? 'walk' : show.view)
  }

  /** What charts call some runs, by folder. */
  function titlesOf(names: readonly string[]): ReadonlyMap<string, string> {
    return new Map(
      names.flatMap((each) => {
        const [folder, title] = [folders.get(each), lesson.value?.runs[each]?.title]
        return folder === undefined || title === undefined ? [] : [[folder, title] as const]
      }),
    )
  }

  function prepare(called: string): Promise<void> {
    const known = pending.get(called)
    if (known !== undefined) return known
    starting.add(called)
    const promise = findOrPlay(called).finally(() => starting.delete(called))
    pending.set(called, promise)
    return promise
  }

  async function findOrPlay(called: string): Promise<void> {
    const open = lesson.value!
    const config = open.configs.get(called)
    if (config === undefined) return
    const key = `${name.value!}/${called}`
    const folder = (await playedBefore(key, config)) ?? (await runs.start(config))
    if (folder === undefined || lesson.value !== open) return
    played.value = { ...played.value, [key]: folder }
    folders.set(called, folder)
  }

  /** The folder of a run that a lesson has played before, if it is there and as it was. */
  async function playedBefore(key: string, config: RunConfig): Promise<string | undefined> {
    const folder = played.value[key]
    const found = folder === undefined ? undefined : await runs.load(folder).catch(() => undefined)
    const isGood =
      found?.config !== undefined &&
      (found.state === 'finished' || isLive(found)) &&
      isSame(found.config, config)
    return isGood ? folder : undefined
  }

  /** Takes up all runs of the lesson that were played before, also of pages not yet seen. */
  async function recallRuns(): Promise<void> {
    const { value: open } = lesson
    for (const [called, config] of open?.configs ?? []) {
      if (folders.has(called)) continue
      const folder = await playedBefore(`${name.value!}/${called}`, config)
      if (folder !== undefined && lesson.value === open) folders.set(called, folder)
    }
  }

  function runOf(called: string): OpenRun | undefined {
    const folder = folders.get(called)
    return folder === undefined ? undefined : runs.open.get(folder)
  }

  /** What a run gave; undefined until it is over. */
  function measured(called: string): MeasuredRun | undefined {
    const run = runOf(called)
    // Read for its effect: the series themselves are not reactive.
    void run?.version
    const dim = run?.record?.model.dim
    if (run === undefined || dim === undefined || isLive(run) || run.state === 'loading')
      return undefined
    return { columns: run.series.view(), dim }
  }

  /** The value of an expression; undefined until its runs are over. */
  function valueOf(expression: string): Value | undefined {
    const read = readExpression(expression, Object.keys(lesson.value?.runs ?? {}))
    return typeof read === 'string' ? undefined : evaluate(read, measured)
  }

  /** How the value of a measure is written. */
  function quantityOf({ of }: Expression): Quantity {
    return measureOf(of.measure).quantity
  }

  return {
    own: ownFiles,
    name,
    lesson,
    at,
    page,
    prediction,
    isRevealed,
    isCurtained,
    isLast,
    checkpoint,
    open,
    keep,
    lacksRuns,
    adopt,
    forget,
    pageOf,
    begin,
    finish,
    close,
    go,
    predict,
    reset,
    starting,
    recallRuns,
    runOf,
    measured,
    valueOf,
    quantityOf,
  }
})
