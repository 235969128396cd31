/**
 * `hiso://1/…`, or `hiso://2/…` where a scale of the loss comes along: a config, a view and a page
 * of a lesson in an address. It holds what differs from a preset, compressed, with a checksum;
 * never a path and never a command. Opening one shows what it would do and asks.
 */
import { z } from 'zod'
import { crc32, fromBase64url, HisoError, parseJson, toBase64url } from '../base/index.ts'
import { checkAgainst, checkRunConfig, invalidConfig, type RunConfig } from '../config/index.ts'
import { stageCharts, stageViews, type StageChart, type StageView } from '../lessons/index.ts'

import { change, difference } from './difference.ts'
import { namedFiles } from './namedFiles.ts'

/** What a link brings along. */
export interface SharedState {
  readonly config: RunConfig
  readonly view: StageView
  /** The charts of Watch that are seen; all if left out. */
  readonly charts?: readonly StageChart[]
  /** How the loss axis counts; as the losses need it if left out. */
  readonly lossScale?: 'linear' | 'log'
  readonly hasControls: boolean
  /** A lesson that comes with the program, and its page from zero. */
  readonly lesson?: { readonly name: string; readonly page: number }
}

export interface ReadLink extends SharedState {
  /** The preset that the config began from. */
  readonly preset: string
}

/** Raw DEFLATE, which the machine gives. */
export interface Packing {
  deflate(bytes: Uint8Array): Promise<Uint8Array>
  /** @throws for bytes that are none, or that come to more than `most` */
  inflate(bytes: Uint8Array, most: number): Promise<Uint8Array>
}

type Presets = ReadonlyMap<string, RunConfig>

/** The newest form that is read; a link is written in the oldest form that holds what it says. */
const version = 2
/** The first form that has the scale of the loss. */
const scaleVersion = 2
const prefix = 'hiso://'
/** Letters of a link. Those that the program makes have some hundred. */
const longest = 8192
/** Bytes that a link may unpack to. */
const mostUnpacked = 2 ** 18

const payload = z.strictObject({
  p: z.string().min(1).max(80),
  c: z.record(z.string(), z.unknown()).optional(),
  v: z.enum(stageViews),
  h: z.array(z.enum(stageCharts)).optional(),
  s: z.enum(['linear', 'log']).optional(),
  k: z.boolean().optional(),
  l: z.tuple([z.string().min(1).max(80), z.int().min(0).max(999)]).optional(),
})

/** @throws HisoError LINK_FILES when the config names files of this machine */
export async function writeLink(
  { config, view, charts, lossScale, hasControls, lesson }: SharedState,
  presets: Presets,
  packing: Packing,
): Promise<string> {
  refuseFiles(config, 'this configuration')
  const [preset, changes] = nearest(config, presets)
  const content = JSON.stringify({
    p: preset,
    ...(changes !== undefined && { c: changes }),
    v: view,
    ...(charts !== undefined && { h: charts }),
    ...(lossScale !== undefined && { s: lossScale }),
    ...(!hasControls && { k: false }),
    ...(lesson !== undefined && { l: [lesson.name, lesson.page] }),
  })
  const packed = await packing.deflate(new TextEncoder().encode(content))
  const bytes = new Uint8Array(packed.length + 4)
  bytes.set(packed)
  new DataView(bytes.buffer).setUint32(packed.length, crc32(packed), true)
  return `${prefix}${lossScale === undefined ? 1 : scaleVersion}/${toBase64url(bytes)}`
}

/** The preset from which a config takes the fewest letters. */
function nearest(config: RunConfig, presets: Presets): readonly [string, unknown] {
  const candidates = [...presets].map(([name, from]) => {
    const changes = difference(from, config)
    return { name, changes, length: JSON.stringify(changes ?? '').length + name.length }
  })
  candidates.sort((a, b) => a.length - b.length)
  const [best] = candidates
  if (best === undefined) throw new Error('there is no preset that a link could begin from')
  return [best.name, best.changes]
}

/** @throws HisoError LINK_… , CONFIG_INVALID */
export async function readLink(
  link: string,
  presets: Presets,
  packing: Packing,
): Promise<ReadLink> {
  const shared = checked(await contentOf(link.trim(), packing))
  const from = presets.get(shared.p)
  if (from === undefined)
    throw new HisoError('LINK_INVALID', {
      where: 'the link',
      what: `it begins from the preset ${shared.p}, which this HiSo Studio does not have`,
      remedy: 'Update HiSo Studio, or ask for a file in its place',
    })
  const result = checkRunConfig(change(from, shared.c))
  if ('issues' in result) throw invalidConfig(result.issues, 'the configuration in the link')
  refuseFiles(result.config, 'the link')
  return {
    preset: shared.p,
    config: result.config,
    view: shared.v,
    hasControls: shared.k ?? true,
    ...(shared.h !== undefined && { charts: shared.h }),
    ...(shared.s !== undefined && { lossScale: shared.s }),
    ...(shared.l !== undefined && { lesson: { name: shared.l[0], page: shared.l[1] } }),
  }
}

async function contentOf(link: string, packing: Packing): Promise<unknown> {
  const match = /^hiso:\/\/(\d{1,6})\/([^/?#]*)\/?$/.exec(link)
  if (match === null || link.length > longest)
    throw new HisoError('LINK_INVALID', {
      where: 'the link',
      what: `it has not the form ${prefix}1/… that HiSo Studio makes`,
      remedy: 'Copy it again, whole, from where it came',
    })
  const made = Number(match[1])
  if (made > version)
    throw new HisoError('LINK_NEWER', {
      where: 'the link',
      what: `a newer HiSo Studio made it (form ${made}; this one reads ${version})`,
      remedy: 'Update HiSo Studio',
    })
  const damaged = () =>
    new HisoError('LINK_INVALID', {
      where: 'the link',
      what: 'it is cut or altered (its checksum does not match)',
      remedy: 'Copy it again, whole, from where it came',
    })
  const bytes = fromBase64url(match[2]!)
  if (bytes === undefined || bytes.length < 5) throw damaged()
  const packed = bytes.subarray(0, -4)
  const written = new DataView(bytes.buffer, packed.length, 4).getUint32(0, true)
  if (crc32(packed) !== written) throw damaged()
  try {
    const unpacked = await packing.inflate(packed, mostUnpacked)
    return parseJson(new TextDecoder().decode(unpacked))
  } catch {
    throw damaged()
  }
}

function checked(content: unknown): z.output<typeof payload> {
  const result = checkAgainst(payload, content)
  if ('issues' in result) throw invalidConfig(result.issues, 'the link')
  return result.data
}

function refuseFiles(config: RunConfig, where: string): void {
  const [file, ...others] = namedFiles(config)
  if (file === undefined) return
  throw new HisoError('LINK_FILES', {
    where,
    what: `${file.path} names a file (${file.value})${others.length > 0 ? `, and so do ${others.map(({ path }) => path).join(', ')}` : ''}; a link holds none`,
    remedy: 'Give the configuration and its files themselves',
  })
}
