/** What a machine's owner reads about runs: a line for each run, however many workers it takes. */

/** Workers that open a run's task within this time are said together. */
const togetherMs = 500
/** Of a run's name, which a stranger may have chosen. */
const mostLetters = 80

interface KnownRun {
  readonly name: string
  /** Its workers here, now and at most. */
  workers: number
  most: number
  /** Workers that people read of. */
  said: number
}

export class RunNotices {
  readonly #onNotice: (text: string) => void
  readonly #runs = new Map<string, KnownRun>()
  #lastProblem = ''

  constructor(onNotice: (text: string) => void) {
    this.#onNotice = onNotice
  }

  /** A worker works for this run from now on. */
  begin(session: string, name: string): void {
    const run = this.#runs.get(session) ?? newRun(name)
    this.#runs.set(session, run)
    run.workers++
    run.most = Math.max(run.most, run.workers)
    setTimeout(() => this.#say(run), togetherMs).unref()
  }

  /** One of its workers is free again. */
  end(session: string): void {
    const run = this.#runs.get(session)
    if (run === undefined) return
    run.workers--
    if (run.workers > 0) return
    this.#runs.delete(session)
    if (run.said > 0)
      this.#onNotice(`Free again: ${run.name} needs ${workersOf(run.most)} no more.`)
  }

  /** Workers of one run that fail for one reason are said once. */
  fail(session: string, problem: string): void {
    const key = `${session} ${problem}`
    if (key === this.#lastProblem) return
    this.#lastProblem = key
    this.#onNotice(`Can’t work for this run: ${problem}`)
  }

  #say(run: KnownRun): void {
    if (run.workers <= run.said) return
    run.said = run.workers
    this.#onNotice(`Works for ${run.name} with ${workersOf(run.workers)}.`)
  }
}

const newRun = (name: string): KnownRun => ({
  name: name.slice(0, mostLetters),
  workers: 0,
  most: 0,
  said: 0,
})

const workersOf = (count: number) => (count === 1 ? '1 worker' : `${count} workers`)
