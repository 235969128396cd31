/** The process that reads, thrown away when it hangs, crashes or takes too much. */
import type { ChildSettings, Order, Report } from './messages.ts'
import { mutatedInput } from './mutate/mutate.ts'
import { sourcesIn } from './sources.ts'
import type { Input, Target } from './target.ts'
import { judge, stackOf, tryInput } from './trial.ts'

export function serve(targets: readonly Target[]): void {
  const { root } = JSON.parse(process.argv[2]!) as ChildSettings
  const corpora = new Map<string, Promise<readonly Input[]>>()
  const send = (report: Report) => process.send!(report)
  let seed = 0
  // What nobody waits for fails here.
  const fail = (error: unknown) => {
    const outcome = { kind: 'broken', what: `it throws ${String(error)}, unwaited for` } as const
    process.send!(
      { kind: 'tried', seed, outcome: { ...outcome, stack: stackOf(error) } } satisfies Report,
      () => process.exit(1),
    )
  }
  process.on('uncaughtException', fail)
  process.on('unhandledRejection', fail)
  process.on('disconnect', () => process.exit(0))
  process.on('message', (order: Order) => {
    void (async () => {
      const target = targets.find(({ name }) => name === order.reader)!
      let corpus = corpora.get(target.name)
      if (corpus === undefined) corpora.set(target.name, (corpus = target.corpus(sourcesIn(root))))
      const inputs = await corpus
      for (seed = order.from; seed < order.to; seed++) {
        send({ kind: 'began', seed })
        const { input, original } = mutatedInput(target, inputs, seed)
        const trial = await tryInput(target, input, original)
        send({ kind: 'tried', seed, outcome: judge(trial, input) })
        // The messages go out, and what nobody waits for has its turn to fail.
        await new Promise((resolve) => setImmediate(resolve))
      }
      send({ kind: 'done' })
    })()
  })
}
