/**
 * The calm lines that tell what happened; good news leaves by itself, bad news stays longer.
 */
import { defineStore } from 'pinia'
import { shallowRef, watchEffect } from 'vue'
import { asSentence } from '../components/asSentence.ts'

export interface Notice {
  readonly id: number
  readonly tone: 'info' | 'good' | 'bad'
  readonly title: string
  readonly text?: string | undefined
  readonly action?: { readonly label: string; readonly run: () => unknown } | undefined
  /** Until it is dismissed. */
  readonly stays?: boolean
  /** What it says is still so; it leaves as soon as this is false. */
  readonly holds?: () => boolean
}

const staysMs = 6000
/** Long enough to be read twice and acted on; bad news with a remedy stays. */
const longMs = 45_000

export const useNotices = defineStore('notices', () => {
  const list = shallowRef<readonly Notice[]>([])
  let next = 1
  watchEffect(() => {
    const left = list.value.filter(({ holds }) => holds?.() !== false)
    if (left.length < list.value.length) list.value = left
  })

  function show(notice: Omit<Notice, 'id'>): number {
    const id = next++
    // Of what happens again and again - runs of a batch that fail - the last stands here.
    const others = list.value.filter(({ title }) => title !== notice.title)
    list.value = [...others, { ...notice, id }].slice(-4)
    const hasMore = notice.tone === 'bad' || notice.action !== undefined
    const ms = hasMore ? longMs : staysMs
    const stays = notice.stays === true || (notice.tone === 'bad' && notice.action !== undefined)
    if (!stays) setTimeout(() => dismiss(id), ms)
    return id
  }

  function dismiss(id: number): void {
    list.value = list.value.filter((notice) => notice.id !== id)
  }

  /** What went wrong, in the engine's own words; a remedy becomes the second line. */
  function fail(doing: string, thrown: unknown, action?: Notice['action']): void {
    const { what, where, remedy, message } = thrown as {
      what?: string
      where?: string
      remedy?: string
      message?: string
    }
    const detail = what === undefined ? (message ?? String(thrown)) : sentence(where, what)
    show({
      tone: 'bad',
      title: doing,
      text: remedy === undefined ? detail : `${detail}. ${remedy}`,
      action,
    })
  }

  return { list, show, dismiss, fail }
})

function sentence(where: string | undefined, what: string): string {
  return where === undefined ? asSentence(what) : `${where}: ${what}`
}
