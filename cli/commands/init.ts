/** `hiso init`: writes a config to start from, every key explained. */
import { dirname, join, resolve } from 'node:path'
import { HisoError } from '../../core/base/index.ts'
import { configJsonSchema, formatJsonSchema, schemaFile } from '../../core/config/index.ts'
import { shellPath, shortPath, type CommandContext } from '../context.ts'
import { exitCodes } from '../exitCodes.ts'
import { readConfig } from '../../api/readConfig.ts'
import { startingConfig } from '../startingConfig.ts'

export async function init(context: CommandContext, file = 'hiso.yaml'): Promise<number> {
  const { host, terminal, cwd, invocation } = context
  const path = resolve(cwd, file)
  if ((await host.files.kind(path)) !== undefined)
    throw new HisoError('FILE_UNWRITABLE', {
      where: shortPath(path, cwd),
      what: 'there is such a file already',
      remedy: 'Give another name: hiso init FILE',
    })
  const text = startingConfig(await readConfig(context, 'quickstart', ['name=my-first-run']))
  // Beside the config, so that editors find it wherever the folder is; before it, since the config
  // can't be written a second time where there is no room for both.
  const schemaAt = join(dirname(path), schemaFile)
  if ((await host.files.kind(schemaAt)) === undefined)
    await host.files.write(schemaAt, new TextEncoder().encode(formatJsonSchema(configJsonSchema())))
  await host.files.write(path, new TextEncoder().encode(text))
  const name = shellPath(path, cwd)
  terminal.print(`  Wrote ${name}. Run it:  ${terminal.paint('bold', `${invocation} run ${name}`)}`)
  return exitCodes.ok
}
