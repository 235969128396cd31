/**
 * Asking a trained model: what can be asked, what is being asked, and the answers so far. Of each
 * model they are kept while the app is open.
 */
import { computed, shallowReactive, shallowRef, watch, type ComputedRef } from 'vue'
import type { Trial, TrialExample, TrialForm, TrialSubject } from '../../../core/engine/index.ts'
import { useEngine } from '../../stores/engine.ts'
import { sentenceOf } from '../../components/asSentence.ts'

/** The model that is asked. */
export interface Subject {
  /** No other model's. */
  readonly key: string
  readonly of: TrialSubject
  /** Rounds that it has been trained for. */
  readonly rounds: number
  /** Whether it can be asked yet. */
  readonly isReady: boolean
}

/** An answered question. */
export interface Answered {
  readonly fields: Readonly<Record<string, string>>
  /** What is right, where the question is a row of the data. */
  readonly expected: string | undefined
  /** Rounds that the model had been trained for. */
  readonly rounds: number
  readonly trial: Trial
}

interface Desk {
  readonly form: TrialForm | undefined
  /** By field; what a person writes. */
  readonly texts: Readonly<Record<string, string>>
  /** The row that the texts were taken from; -1 for texts of one's own. */
  readonly example: number
  /** The newest first. */
  readonly answers: readonly Answered[]
}

/** Answers that are kept on the screen. */
const keptAnswers = 20

export function useTrial(subject: ComputedRef<Subject | undefined>) {
  const engine = useEngine()
  const desks = shallowReactive(new Map<string, Desk>())
  const problem = shallowRef<string>()
  const isAsking = shallowRef(false)

  const key = computed(() => subject.value?.key)
  const desk = computed(() => (key.value === undefined ? undefined : desks.get(key.value)))
  const example = computed<TrialExample | undefined>(
    () => desk.value?.form?.examples[desk.value.example],
  )
  const isReady = computed(() => engine.isReady && subject.value?.isReady === true)

  watch([key, isReady], () => void prepare(), { immediate: true })

  async function prepare(): Promise<void> {
    problem.value = undefined
    const own = key.value
    if (own === undefined || !isReady.value || desks.has(own)) return
    try {
      const form = await engine.request('describeTrial', subject.value!.of)
      const texts = Object.fromEntries(form.fields.map((field) => [field, '']))
      desks.set(own, { form, texts, example: -1, answers: [] })
      if (form.examples.length > 0) choose(0, own)
    } catch (thrown) {
      if (own === key.value) problem.value = sentenceOf(thrown)
    }
  }

  /** Puts a row of the data into the fields. */
  function choose(index: number, own = key.value): void {
    const present = own === undefined ? undefined : desks.get(own)
    const chosen = present?.form?.examples[index]
    if (own === undefined || present === undefined || chosen === undefined) return
    desks.set(own, { ...present, texts: { ...chosen.fields }, example: index })
  }

  function another(): void {
    const count = desk.value?.form?.examples.length ?? 0
    if (count > 0) choose(((desk.value?.example ?? -1) + 1) % count)
  }

  function write(field: string, text: string): void {
    if (key.value === undefined || desk.value === undefined) return
    const texts = { ...desk.value.texts, [field]: text }
    desks.set(key.value, { ...desk.value, texts, example: -1 })
  }

  async function ask(): Promise<void> {
    const own = key.value
    const asked = desk.value
    if (own === undefined || asked === undefined || isAsking.value) return
    const { of, rounds } = subject.value!
    const expected = example.value?.answer
    isAsking.value = true
    problem.value = undefined
    try {
      const fields = asked.texts
      const trial = await engine.request('tryModel', { of, fields })
      const present = desks.get(own)!
      const answers = [{ fields, expected, rounds, trial }, ...present.answers]
      desks.set(own, { ...present, answers: answers.slice(0, keptAnswers) })
    } catch (thrown) {
      if (own === key.value) problem.value = sentenceOf(thrown)
    } finally {
      isAsking.value = false
    }
  }

  return { desk, example, problem, isAsking, ask, another, write }
}
