/** `hiso unpack`: the trained model from a mailed file and the base model, bit for bit. */
import { basename, resolve } from 'node:path'
import { HisoError, type Files } from '../../core/base/index.ts'
import { rebuildMailedModel } from '../../core/engine/index.ts'
import type { ModelFiles, ModelForm } from '../../core/tasks/index.ts'
import { shortPath, type CommandContext } from '../context.ts'
import { exitCodes } from '../exitCodes.ts'
import { formatBytes } from '../units.ts'

export const modelForms = ['onnx', 'peft'] as const satisfies readonly ModelForm[]

export interface UnpackOptions {
  readonly base?: string
  readonly as: ModelForm
  readonly out?: string
  /** Whether the run may hold fewer rounds than it has recorded. */
  readonly partial?: boolean
  readonly json?: boolean
}

/** Writes one file, or a folder for a form of several files. */
export async function unpack(
  { host, terminal, cwd }: CommandContext,
  file: string,
  { base, as, out, json, partial: isPartial = false }: UnpackOptions,
): Promise<number> {
  const { files } = host
  const from = resolve(cwd, file)
  const model = await rebuildMailedModel(host, await files.read(from), {
    path: file,
    isPartial,
    ...(base === undefined ? {} : { base: await locate(base, cwd, files) }),
  })
  const made = await model.files(as)
  const ending = as === 'onnx' ? '.onnx' : '-adapter'
  const target = resolve(cwd, out ?? `${basename(from, '.hiso')}${ending}`)
  if (out === undefined && (await files.kind(target)) !== undefined)
    throw new HisoError('FILE_UNWRITABLE', {
      where: shortPath(target, cwd),
      what: 'there is something of that name already',
      remedy: 'Name what to write with --out',
    })
  const written = await writeModel(made, as, target, files)
  if (json === true) {
    const { rounds, dim, stateHash, isVerified } = model
    terminal.write(`${JSON.stringify({ rounds, dim, stateHash, verified: isVerified, written })}\n`)
    return exitCodes.ok
  }
  terminal.print(
    `  Rebuilt ${model.dim} parameters from ${model.rounds} rounds; state ${model.stateHash.slice(0, 12)}…${model.isVerified ? ', as recorded' : ', which the run has not recorded'}`,
  )
  for (const { path, bytes } of written)
    terminal.print(`  Wrote ${shortPath(path, cwd)} (${formatBytes(bytes)})`)
  return exitCodes.ok
}

/** A path from the working folder, or the name of a model that comes with the program. */
async function locate(model: string, cwd: string, files: Files): Promise<string> {
  const path = resolve(cwd, model)
  return (await files.kind(path)) === undefined ? model : path
}

async function writeModel(
  made: ModelFiles,
  form: ModelForm,
  target: string,
  files: Files,
): Promise<readonly { readonly path: string; readonly bytes: number }[]> {
  if (form === 'onnx') {
    const [bytes] = [...made.values()] as [Uint8Array]
    await files.write(target, bytes)
    return [{ path: target, bytes: bytes.length }]
  }
  const folder = await files.take(target)
  try {
    for (const [name, bytes] of made) await folder.write(name, bytes)
  } finally {
    await folder.release()
  }
  return Array.from(made, ([name, bytes]) => ({
    path: files.join(target, name),
    bytes: bytes.length,
  }))
}
