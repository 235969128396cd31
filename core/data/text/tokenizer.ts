/**
 * From text to token ids and back, by a tokenizer.json as Hugging Face's libraries write it.
 * Fetches nothing.
 */
import { Tokenizer } from '@huggingface/tokenizers'
import { HisoError, isDeeperThan, messageOf, parseJson, type Files } from '../../base/index.ts'
import { excerpt } from '../table/cell.ts'
import { canExplode, patternsIn } from './patterns.ts'

export interface TextTokenizer {
  /** The file, for messages. */
  readonly name: string
  /** One more than the largest id. */
  readonly vocabulary: number
  /** Pads rows; masked, so that any token of the vocabulary would do. */
  readonly padding: number
  /** Ends a text, if the tokenizer has such a token. */
  readonly end: number | undefined
  /** Ids of a whole text, with the tokens that the tokenizer puts around it. */
  encode(text: string): readonly number[]
  /** Ids of a part of a text, without any tokens around it. */
  encodePart(text: string): readonly number[]
  /** The text of ids, without special tokens. */
  decode(ids: readonly number[]): string
  /** What one id stands for, as the vocabulary writes it. */
  tokenAt(id: number): string
  /** The bytes of the file: another file has another SHA-256. */
  readonly bytes: Uint8Array
}

/**
 * @param path a tokenizer.json, or the folder that holds one (and perhaps a tokenizer_config.json)
 * @throws HisoError MODEL_NOT_FOUND, MODEL_INVALID
 */
export async function openTokenizer(path: string, files: Files): Promise<TextTokenizer> {
  const folder = (await files.kind(path)) === 'folder' ? path : files.join(path, '..')
  const file = folder === path ? files.join(path, 'tokenizer.json') : path
  if ((await files.kind(file)) !== 'file')
    throw new HisoError('MODEL_NOT_FOUND', {
      where: file,
      what: 'there is no tokenizer.json, which says how text becomes tokens',
      remedy:
        'Put it beside the model, give its path as task.tokenizer, or save a "fast" tokenizer with transformers: tokenizer.save_pretrained(folder)',
    })
  const beside = files.join(folder, 'tokenizer_config.json')
  const config = (await files.kind(beside)) === 'file' ? await files.read(beside) : undefined
  return createTokenizer(await files.read(file), config, file)
}

/** @param config the content of tokenizer_config.json, if it exists */
export function createTokenizer(
  bytes: Uint8Array,
  config: Uint8Array | undefined,
  file: string,
): TextTokenizer {
  const settings = config === undefined ? {} : parse(config, file)
  const content = parse(bytes, file)
  checkIds(content, file)
  checkPatterns(content, file)
  const tokenizer = load(content, settings, file)
  const ids = [...tokenizer.get_vocab().values()]
  const idOf = (...names: readonly unknown[]) => {
    for (const name of names) {
      const content =
        typeof name === 'object' && name !== null ? (name as { content?: unknown }).content : name
      const id = typeof content === 'string' ? tokenizer.token_to_id(content) : undefined
      if (id !== undefined) return id
    }
    return undefined
  }
  const vocabulary = ids.reduce((largest, id) => Math.max(largest, id), -1) + 1
  const idsFor = (text: string, options: { readonly add_special_tokens: boolean }) => {
    const found = using(file, () => tokenizer.encode(text, options).ids)
    const isKnown = (id: number) => Number.isSafeInteger(id) && id >= 0 && id < vocabulary
    if (found.every(isKnown)) return found
    throw invalid(file, 'gives a piece of text an id that is none of its tokens', undefined)
  }
  const end = idOf(settings['eos_token'], '</s>', '<|endoftext|>', '<|im_end|>')
  return {
    name: file,
    vocabulary,
    padding: idOf(settings['pad_token'], '<pad>', '[PAD]', '<|pad|>') ?? end ?? 0,
    end,
    encode: (text) => idsFor(text, { add_special_tokens: true }),
    encodePart: (text) => idsFor(text, { add_special_tokens: false }),
    decode: (tokens) =>
      tokens.length === 0
        ? ''
        : using(file, () => tokenizer.decode([...tokens], { skip_special_tokens: true })),
    tokenAt: (id) => tokenizer.id_to_token(id) ?? `#${id}`,
    bytes,
  }
}

/** Real ones have about ten levels. */
const DEEPEST = 64

function parse(bytes: Uint8Array, file: string): Record<string, unknown> {
  let value: unknown
  try {
    value = parseJson(new TextDecoder().decode(bytes))
  } catch (cause) {
    throw invalid(file, `is not JSON: ${messageOf(cause)}`, cause)
  }
  if (!isGroup(value)) throw invalid(file, 'is not a JSON object', undefined)
  if (isDeeperThan(value, DEEPEST)) throw invalid(file, 'is nested too deeply', undefined)
  return value
}

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Ids may have gaps, but a table of all ids up to the largest has to stay about as large. */
const WIDEST_GAPS = 16
const FREE_IDS = 2 ** 16

/** A list by id is made of them. @throws HisoError MODEL_INVALID */
function checkIds({ model, added_tokens: added }: Record<string, unknown>, file: string): void {
  const vocab = isGroup(model) && isGroup(model['vocab']) ? Object.entries(model['vocab']) : []
  const others = (Array.isArray(added) ? (added as unknown[]) : [])
    .filter(isGroup)
    .map((token): [string, unknown] => [String(token['content']), token['id']])
  const listed = isGroup(model) && Array.isArray(model['vocab']) ? model['vocab'].length : 0
  const most = FREE_IDS + WIDEST_GAPS * (vocab.length + others.length + listed)
  for (const [token, id] of [...vocab, ...others])
    if (!Number.isSafeInteger(id) || (id as number) < 0 || (id as number) >= most)
      throw invalid(
        file,
        `gives its token ${JSON.stringify(token)} the id ${String(id)}`,
        undefined,
      )
}

/** @throws HisoError MODEL_INVALID */
function checkPatterns({ model: _, ...settings }: Record<string, unknown>, file: string): void {
  for (const pattern of patternsIn(settings))
    if (canExplode(pattern))
      throw invalid(
        file,
        `its pattern ${JSON.stringify(excerpt(pattern))} repeats what repeats, and could take for ever`,
        undefined,
      )
}

const load = (content: object, settings: object, file: string): Tokenizer =>
  using(file, () => new Tokenizer(content, settings))

/** What is wrong with its parts shows when they are used. @throws HisoError MODEL_INVALID */
function using<Result>(file: string, act: () => Result): Result {
  try {
    return act()
  } catch (cause) {
    throw invalid(file, `is not a tokenizer that can be used here: ${messageOf(cause)}`, cause)
  }
}

function invalid(file: string, what: string, cause: unknown): HisoError {
  return new HisoError('MODEL_INVALID', {
    where: file,
    what,
    remedy: 'Save the tokenizer again with transformers: tokenizer.save_pretrained(folder)',
    cause,
  })
}
