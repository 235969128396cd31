/**
 * `hiso quickstart`, which `npm start` plays: the same real task with HiSo and with DeComFL,
 * compared.
 */
import type { CommandContext } from '../context.ts'
import { exitCodes } from '../exitCodes.ts'
import { run } from './run.ts'

const introduction = `
  Eight simulated clients train an image classifier together. They never send a model:
  only a few numbers per round cross the wire. First with HiSo, then with DeComFL.`

export async function quickstart(context: CommandContext, set: readonly string[]): Promise<number> {
  const { terminal, invocation } = context
  terminal.print(introduction)
  const exitCode = await run(context, 'quickstart', { set, methods: 'hiso,decomfl' })
  if (exitCode === exitCodes.ok)
    terminal.print(`
  What to try next
    ${invocation} presets                       more experiments
    ${invocation} run mnist-hiso                handwritten digits
    ${invocation} list                          the runs so far; show, replay --verify and export take one
    ${invocation} init                          a config of your own, every key explained`)
  return exitCode
}
