/** `hiso open`: says what a link holds and, on a yes, plays it. */
import { createInterface } from 'node:readline/promises'
import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import { oneLine } from '../../core/base/index.ts'
import { methodTitle, parseRunConfig, type RunConfig } from '../../core/config/index.ts'
import { Run } from '../../core/engine/index.ts'
import { readLink, type Packing } from '../../core/link/index.ts'
import { configDifferences } from '../../core/runs/index.ts'
import { listPresets } from '../../api/presets.ts'
import { openConfig } from '../../api/readConfig.ts'
import type { CommandContext } from '../context.ts'
import { exitCodes } from '../exitCodes.ts'
import { playRun } from '../playRun.ts'
import { formatPairs } from '../table.ts'
import { folderFor } from './run.ts'

const packing: Packing = {
  deflate: promisify(deflateRaw),
  inflate: (bytes, most) =>
    new Promise((resolve, reject) => {
      inflateRaw(bytes, { maxOutputLength: most }, (error, unpacked) =>
        error === null ? resolve(unpacked) : reject(error),
      )
    }),
}

export async function openLink(
  context: CommandContext,
  link: string,
  { yes = false, json = false }: { readonly yes?: boolean; readonly json?: boolean },
): Promise<number> {
  const { host, terminal, invocation } = context
  const presets = new Map<string, RunConfig>()
  for (const { name } of await listPresets(host.files)) {
    const { inputs } = await openConfig(context, name)
    presets.set(name, parseRunConfig(inputs[0], `the preset ${name}`))
  }
  const { preset, config, lesson } = await readLink(link, presets, packing)
  const changes = configDifferences([presets.get(preset)!, config])
  terminal.tell(
    `  The link holds a run: ${oneLine(config.name)}, ${methodTitle(config.method.name)}, ${config.federation.rounds} rounds; the preset ${preset}${changes.length === 0 ? ', unchanged.' : ' with'}`,
  )
  if (changes.length > 0)
    terminal.tell(
      formatPairs(
        terminal,
        changes.map(({ path, values: [, value] }) => [path, String(value ?? 'left out')]),
      ),
    )
  if (lesson !== undefined)
    terminal.tell(
      `  It belongs to page ${lesson.page + 1} of the lesson ${lesson.name}: open it in the app.`,
    )
  if (!yes && !(await agrees(terminal.isInteractive))) {
    terminal.tell(`  Nothing was run. To run it:  ${invocation} open LINK --yes`)
    return exitCodes.ok
  }
  const { folder, release } = await folderFor(context, config, undefined, undefined)
  const { exitCode } = await playRun(context, () => Run.start(host, config, folder), {
    json,
    abandon: release,
  })
  return exitCode
}

async function agrees(isInteractive: boolean): Promise<boolean> {
  if (!isInteractive || !process.stdin.isTTY) return false
  const prompt = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(es)?$/i.test((await prompt.question('  Run it? [y/N] ')).trim())
  } finally {
    prompt.close()
  }
}
