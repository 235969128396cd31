/**
 * The config that is being written: checked at every change, with undo and redo across fields, and
 * what it started from to compare with.
 */
import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import {
  checkRunConfig,
  type ConfigIssue,
  getAt,
  isPlainObject,
  isSame,
  parseConfigText,
  type PlainObject,
  type RunConfig,
  setAt,
} from '../../core/config/index.ts'
import { besideOf, type Compared } from '../config/beside.ts'
import { commandLine } from '../config/commandLine.ts'
import { differences, type Difference } from '../config/differences.ts'
import { formModel } from '../config/formModel.ts'
import { labelledIssue } from '../config/labelledIssue.ts'
import { quickstart } from '../config/presets.ts'
import { changeKind, defaultAt, setByHand, spelledOut, unionAt } from '../config/unions.ts'

/** What a draft started from. */
export interface Start extends Compared {
  readonly kind: 'preset' | 'file' | 'run'
  /** What `hiso run` takes: the preset's name or the file's path. */
  readonly name: string
  readonly title: string
}

interface Step {
  readonly input: unknown
  readonly start: Start
  /** What the step changed, for the undo's label and for joining the letters of one typing. */
  readonly path: string
  readonly time: number
}

/** Changes of one field within this time are one step back. */
const joinMs = 1200
const storageKey = 'hiso.draft'

const bare: Start = {
  kind: 'preset',
  name: 'quickstart',
  title: 'Quickstart',
  config: parseConfigText(
    '{ name: new run, task: { dataset: mnist, model: softmax }, method: { name: hiso } }',
    'draft',
  ),
}
const firstStart: Start =
  quickstart?.config === undefined
    ? bare
    : { kind: 'preset', name: quickstart.name, title: quickstart.title, config: quickstart.config }

export const useDraft = defineStore('draft', () => {
  const start = shallowRef<Start>(firstStart)
  const input = shallowRef<unknown>(firstStart.config)
  const past = shallowRef<readonly Step[]>([])
  const future = shallowRef<readonly Step[]>([])
  /** What a kind's fields held before another kind was chosen, by path and kind. */
  const dropped = new Map<string, PlainObject>()
  const lastValid = shallowRef<RunConfig>(firstStart.config)
  /** Where the draft was saved to or opened from. */
  const file = shallowRef<string>()

  const check = computed(() => checkRunConfig(input.value))
  const config = computed(() => ('config' in check.value ? check.value.config : undefined))
  const issues = computed(() => {
    if (!('issues' in check.value)) return []
    const own = check.value.issues
    return [...own, ...acrossFields(input.value, own, lastValid.value)]
  })
  /**
   * What the engine says of fields of a draft that the schema, which knows neither data nor models,
   * finds right.
   */
  const refusals = shallowRef<ReadonlyMap<string, string>>(new Map())
  const issueAt = computed((): ReadonlyMap<string, string> => {
    const found = new Map<string, string>()
    for (const { path, message } of issues.value) if (!found.has(path)) found.set(path, message)
    const said = issues.value.length === 0 ? refusals.value : found
    if (said.size === 0) return said
    const sections = formModel(input.value)
    return new Map([...said].map(([path, message]) => [path, labelledIssue(message, sections)]))
  })
  const changed = computed<readonly Difference[]>(() =>
    differences(start.value.config, input.value),
  )
  const changedPaths = computed(() => new Set(changed.value.map(({ path }) => path)))
  /** What it started from names others to play beside it, but this one is to be played alone. */
  const isAlone = shallowRef(false)
  /** What may be played beside it. */
  const named = computed(() =>
    config.value === undefined ? [] : besideOf(start.value, config.value),
  )
  /** What Run plays beside it. */
  const beside = computed(() => (isAlone.value ? [] : named.value))
  const command = computed(() =>
    config.value === undefined ? undefined : commandLine(start.value, config.value, beside.value),
  )
  const canUndo = computed(() => past.value.length > 0)
  const canRedo = computed(() => future.value.length > 0)

  watch(config, (valid) => valid !== undefined && (lastValid.value = valid), { flush: 'sync' })
  restore()
  watch([input, start, isAlone], keep)

  function at(path: string): unknown {
    return getAt(input.value, path)
  }

  function set(path: string, value: unknown): void {
    if (isSame(at(path), value)) return
    change(path, setAt(input.value, path, value))
  }

  /** Chooses another kind of a task, split, method…; `path` is the group's. */
  function choose(path: string, name: string): void {
    const union = unionAt(input.value, path)
    const present = at(path)
    if (union === undefined) return
    if (isPlainObject(present)) {
      if (present[union.discriminator] === name) return
      dropped.set(`${path}:${String(present[union.discriminator])}`, present)
    }
    const earlier = dropped.get(`${path}:${name}`) ?? {}
    const own = setByHand(start.value.config, input.value, union)
    const value = changeKind(input.value, union, name, { own, earlier })
    change(`${path}.${union.discriminator}`, setAt(input.value, path, value))
  }

  /** Back to what the start has there, or to the default where it has nothing. */
  function reset(path: string): void {
    const parent = path.slice(0, Math.max(0, path.lastIndexOf('.')))
    const union = parent === '' ? undefined : unionAt(input.value, parent)
    if (union !== undefined && path === `${parent}.${union.discriminator}`) {
      change(path, setAt(input.value, parent, getAt(start.value.config, parent)))
      return
    }
    const before = getAt(start.value.config, path)
    change(path, setAt(input.value, path, before ?? defaultAt(input.value, path)))
  }

  /** Begins anew from a preset, a file or a run; can be undone. */
  function begin(from: Start, filePath?: string): void {
    push('')
    start.value = from
    input.value = from.config
    isAlone.value = false
    file.value = filePath
    dropped.clear()
  }

  /** Another config in place of the whole input; can be undone. */
  function replace(next: RunConfig): void {
    change('', next)
  }

  function undo(): void {
    travel(past, future)
  }
  function redo(): void {
    travel(future, past)
  }

  function change(path: string, next: unknown): void {
    push(path)
    input.value = next
  }

  function push(path: string): void {
    const now = Date.now()
    const last = past.value.at(-1)
    const joins =
      path !== '' && last?.path === path && now - last.time < joinMs && future.value.length === 0
    past.value = joins
      ? [...past.value.slice(0, -1), { ...last, time: now }]
      : [...past.value.slice(-199), step(path, now)]
    future.value = []
  }

  function step(path: string, time: number): Step {
    return { input: input.value, start: start.value, path, time }
  }

  function travel(from: typeof past, to: typeof past): void {
    const target = from.value.at(-1)
    if (target === undefined) return
    from.value = from.value.slice(0, -1)
    to.value = [...to.value, step(target.path, 0)]
    start.value = target.start
    input.value = target.input
  }

  function keep(): void {
    try {
      const kept = { input: input.value, start: start.value, isAlone: isAlone.value }
      localStorage.setItem(storageKey, JSON.stringify(kept))
    } catch {
      // The draft is then not there at the next launch; nothing else depends on it.
    }
  }

  function restore(): void {
    try {
      const stored = JSON.parse(localStorage.getItem(storageKey) ?? 'null') as {
        input: unknown
        start: Start
        isAlone?: boolean
      } | null
      if (stored === null || !isPlainObject(stored.input)) return
      const startConfig = spelledOut(stored.start.config)
      // What another version would start from may be none any more; what was set by hand stays,
      // with what is wrong at its field.
      if (!('issues' in checkRunConfig(startConfig))) {
        const beside = (stored.start.beside ?? []).flatMap((other) => {
          const result = checkRunConfig(other)
          return 'config' in result ? result.config : []
        })
        start.value = { ...stored.start, config: startConfig as RunConfig, beside }
        lastValid.value = start.value.config
      }
      input.value = stored.input
      isAlone.value = stored.isAlone === true
    } catch {
      // Written by another version, or no storage at all: begin with the quickstart.
    }
  }

  return {
    start,
    input,
    config,
    isAlone,
    named,
    beside,
    lastValid,
    issues,
    refusals,
    issueAt,
    changed,
    changedPaths,
    command,
    canUndo,
    canRedo,
    file,
    at,
    set,
    choose,
    reset,
    begin,
    replace,
    undo,
    redo,
  }
})

/**
 * What is wrong between fields that are right by themselves. The schema says it only once every
 * single field is right; here the wrong ones count as what they were when they were right, so that
 * each error appears as it is typed.
 */
function acrossFields(
  input: unknown,
  issues: readonly ConfigIssue[],
  lastValid: RunConfig,
): readonly ConfigIssue[] {
  const known = new Set(issues.map(({ path }) => path))
  let mended = input
  for (const path of known) mended = setAt(mended, path, getAt(lastValid, path))
  const result = checkRunConfig(mended)
  return 'issues' in result ? result.issues.filter(({ path }) => !known.has(path)) : []
}
