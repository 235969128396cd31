/**
 * `hiso quickstart`, which `npm start` plays: the same real task with HiSo and with DeComFL,
 * compared.
 */
import type { CommandContext } from '../context.ts'
import { exitCodes } from '../exitCodes.ts'
import { run } from './run.ts'

const introduction = `
  Eight simulated clients train an image classifier together. They never send a model:
  only a few numbers per round cross the wire. First with HiSo, whose clients take the
  implicit step, then with DeComFL: each at the learning rate that suits it.`

/** DeComFL has a rate of its own: the preset's is that of HiSo with the implicit step. */
const decomflRate = 'decomfl:method.learningRate=0.005'

export async function quickstart(context: CommandContext, set: readonly string[]): Promise<number> {
  const { terminal, invocation } = context
  terminal.print(introduction)
  const isOwn = set.some((it) => it.includes('method.learningRate='))
  const exitCode = await run(context, 'quickstart', {
    set: isOwn ? set : [...set, decomflRate],
    methods: 'hiso,decomfl',
  })
  if (exitCode === exitCodes.ok)
    terminal.print(`
  What to try next
    ${invocation} presets                       more experiments
    ${invocation} run mnist-hiso                handwritten digits
    ${invocation} list                          the runs so far; show, replay --verify and export take one
    ${invocation} init                          a config of your own, every key explained`)
  return exitCode
}
