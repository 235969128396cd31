/** Where a language task's decoder lies, and how it is opened and made trainable. */
import { HisoError, type Host } from '../../base/index.ts'
import { languageModels, type LanguageSettings } from '../../config/index.ts'
import { decoderFiles, findDownloaded, isHubReference } from '../../hub/index.ts'
import {
  buildOpt,
  importDecoder,
  inspectModel,
  isOptName,
  optShapes,
  trainDecoder,
  type Decoder,
  type LanguageGraph,
} from '../../model/index.ts'
import { externalDataFrom } from '../../onnx/index.ts'
import { namingModelInErrors, readExternalFiles } from '../modelFile.ts'

/** Names of the decoders that come with the program, each with its tokenizer. */
export async function listBundledDecoders({ files }: Host): Promise<readonly string[]> {
  const root = files.join(files.resources, 'models')
  return (await files.kind(root)) === 'folder' ? files.list(root) : []
}

/** Its folder, whether it is there or not. */
export const bundledDecoder = (name: string, { files }: Host) =>
  files.join(files.resources, 'models', name)

/** The decoder in trainable form, without a session. @throws HisoError MODEL_… */
export async function openLanguageGraph(
  task: LanguageSettings,
  candidates: readonly number[] | undefined,
  seed: number,
  host: Host,
): Promise<LanguageGraph> {
  return trainDecoder(await openDecoder(task.model, seed, host), {
    trainables: task.trainables,
    seed,
    frozen: task.frozen,
    ...(candidates === undefined ? {} : { candidates }),
  })
}

/** The decoder that a task names, as it is before anything is trained. @throws HisoError MODEL_… */
export async function openDecoder(model: string, seed: number, host: Host): Promise<Decoder> {
  if (isOptName(model)) return buildOpt(optShapes[model], seed)
  const { file } = await locateDecoder(model, host)
  const bytes = await host.files.read(file)
  return namingModelInErrors(file, async () => {
    const { externalFiles } = inspectModel(bytes)
    return importDecoder(
      bytes,
      externalDataFrom(await readExternalFiles(file, externalFiles, host)),
    )
  })
}

/**
 * The file and the folder that a model's name or path stands for. @throws HisoError MODEL_NOT_FOUND
 */
export async function locateDecoder(
  model: string,
  host: Host,
): Promise<{ readonly file: string; readonly folder: string }> {
  const { files } = host
  if (isHubReference(model)) return locateDecoder(await findDownloaded(model, 'model', files), host)
  if ((await files.kind(model)) === 'file')
    return { file: model, folder: await folderOf(model, host) }
  for (const folder of [bundledDecoder(model, host), model])
    for (const name of decoderFiles) {
      const file = files.join(folder, name)
      if ((await files.kind(file)) === 'file') return { file, folder }
    }
  throw new HisoError('MODEL_NOT_FOUND', {
    where: model,
    what: 'this is neither a built-in decoder nor an ONNX file, nor a folder that holds one',
    remedy: `Put it back, or choose another. With the program come ${(await listBundledDecoders(host)).join(', ')}; shapes with random weights are ${languageModels.join(', ')}; a folder holds ${decoderFiles[0]} and tokenizer.json; what was downloaded is called hf:owner/name`,
  })
}

/**
 * The folder of a model's file. Exports keep their graphs in onnx/, and what belongs to them one
 * level up.
 */
async function folderOf(file: string, { files }: Host): Promise<string> {
  const own = files.join(file, '..')
  const above = files.join(own, '..')
  const has = async (folder: string) =>
    (await files.kind(files.join(folder, 'tokenizer.json'))) === 'file'
  return !(await has(own)) && (await has(above)) ? above : own
}
