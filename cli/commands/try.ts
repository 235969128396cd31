/** `hiso try`: a fine-tuned language model on a text of your own, and its answer before the run. */
import { resolve } from 'node:path'
import { HisoError } from '../../core/base/index.ts'
import { mainFieldOf, tryModel } from '../../core/engine/index.ts'
import type { CommandContext } from '../context.ts'
import { exitCodes } from '../exitCodes.ts'
import { formatTable } from '../table.ts'

export interface TryOptions {
  readonly text?: string
  readonly field: readonly string[]
  readonly json?: boolean
}

/** `text` fills the template's main field; `field` others, as name=text. */
export async function tryOut(
  { host, terminal, cwd }: CommandContext,
  run: string,
  { text, field, json }: TryOptions,
): Promise<number> {
  const folder = resolve(cwd, run)
  const named = field.map((pair) => {
    const at = pair.indexOf('=')
    if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)] as const
    throw new HisoError('CONFIG_INVALID', {
      where: `--field ${pair}`,
      what: 'a field has the form name=text',
      remedy: 'For example: --field subject="Meeting at noon"',
    })
  })
  const main = text === undefined ? [] : [[await mainFieldOf(host, folder), text] as const]
  const trial = await tryModel(host, { folder }, Object.fromEntries([...main, ...named]))
  if (json === true) {
    terminal.write(`${JSON.stringify(trial)}\n`)
    return exitCodes.ok
  }
  terminal.write(`${trial.prompt}\n\n`)
  if (trial.isShortened) terminal.print('  (shortened to task.maxLength)\n')
  const isNumber = trial.choices !== undefined
  const columns = [{ title: 'answer' }, { title: 'before', isNumber }, { title: 'after', isNumber }]
  const rows = trial.choices?.map((it) => [it.word, share(it.before), share(it.after)]) ?? [
    ['', trial.texts!.before, trial.texts!.after],
  ]
  terminal.print(formatTable(terminal, columns, rows))
  return exitCodes.ok
}

const share = (probability: number) => `${(100 * probability).toFixed(1)}%`
