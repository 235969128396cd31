/**
 * What every run is called that the app has heard of: those of the library, those that are open,
 * those that wait in the batch. A name depends on the others, so they are made in one place.
 */
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { nameRuns, type NamedRun } from '../../core/runs/index.ts'
import type { OpenRun } from './openRun.ts'

export interface KnownRun extends NamedRun {
  /** Its folder, or a key of its own before it has one. */
  readonly key: string
  /** When it came, in milliseconds since the epoch; Infinity before it has begun. */
  readonly created: number
}

export const useRunNames = defineStore('runNames', () => {
  const known = shallowRef<ReadonlyMap<string, KnownRun>>(new Map())

  const names = computed<ReadonlyMap<string, string>>(() => {
    const runs = [...known.value.values()].sort((a, b) =>
      a.created === b.created ? 0 : a.created - b.created,
    )
    const found = nameRuns(runs)
    return new Map(runs.map(({ key }, at) => [key, found[at]!]))
  })

  function learn(runs: readonly KnownRun[]): void {
    if (runs.every((run) => isSame(run, known.value.get(run.key)))) return
    const next = new Map(known.value)
    for (const run of runs) next.set(run.key, run)
    known.value = next
  }

  function forget(keys: readonly string[]): void {
    const gone = new Set(keys)
    known.value = new Map([...known.value].filter(([key]) => !gone.has(key)))
  }

  /** @param key as it was learned; undefined for a run that nobody has told of */
  function of(key: string): string | undefined {
    return names.value.get(key)
  }

  return { learn, forget, of }
})

function isSame(run: KnownRun, other: KnownRun | undefined): boolean {
  return (
    other !== undefined &&
    other.title === run.title &&
    other.created === run.created &&
    isEqual(other.config, run.config) &&
    isEqual(other.forkedFrom, run.forkedFrom)
  )
}

/** The library has a copy of what a run that is read says of itself. */
const isEqual = (a: unknown, b: unknown) => a === b || JSON.stringify(a) === JSON.stringify(b)

/** What an open run is called on screen. */
export function nameOf(run: OpenRun): string {
  return useRunNames().of(run.folder) ?? run.folder.split(/[\\/]/).at(-1) ?? run.folder
}
