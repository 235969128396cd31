import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { memoryHost } from '../testing/memoryFiles.ts'
import { listBundledDatasets } from './bundled.ts'
import { parseIdxImages } from './idx.ts'
import { openDataset, previewDataset } from './openDataset.ts'
import { pixelHistogram, pixelMoments } from './pixels.ts'

const root = new URL('../../resources/', import.meta.url)
const names = ['fashion-mnist', 'mail-features', 'mnist'] as const
const read = (path: string) => new Uint8Array(readFileSync(new URL(path, root)))
const host = memoryHost(
  Object.fromEntries(
    names.flatMap((name) =>
      readdirSync(new URL(`datasets/${name}`, root)).map((file) => {
        const path = `datasets/${name}/${file}`
        return [`resources/${path}`, read(path)]
      }),
    ),
  ),
)

describe('the bundled datasets', () => {
  it('are listed with title, licence and source', async () => {
    const list = await listBundledDatasets(host.files)
    expect(list.map(({ name }) => name)).toEqual(names)
    expect(list.map(({ metadata }) => metadata.licence)).toEqual(['MIT', 'CC0-1.0', 'MIT'])
  })

  it.each(names)('are what their dataset.json says: %s', async (name) => {
    const metadata = JSON.parse(new TextDecoder().decode(read(`datasets/${name}/dataset.json`)))
    for (const [file, sha256] of Object.entries(metadata.sha256)) {
      const content = gunzipSync(read(`datasets/${name}/${file}.gz`))
      expect(createHash('sha256').update(content).digest('hex')).toBe(sha256)
      if (file === 'train-images-idx3-ubyte') {
        const { mean, std } = pixelMoments(pixelHistogram(parseIdxImages(content, file).pixels))
        expect({ mean, std }).toEqual({ mean: metadata.mean, std: metadata.std })
      }
    }
  })

  it('open: mail-features, in units of their own and standardised', async () => {
    const settings = { dataset: 'mail-features', testShare: 0.2, labelColumn: undefined }
    const spreadOf = async (standardise: boolean) => {
      const { train, featureSize, classes } = await openDataset({ ...settings, standardise }, host)
      expect(classes).toEqual(['ham', 'spam'])
      const values = new Float32Array(train.count * featureSize)
      train.gather(
        Uint32Array.from({ length: train.count }, (_, i) => i),
        values,
      )
      const sizes = Array.from({ length: featureSize }, (_, column) =>
        Math.sqrt(
          values.reduce((sum, v, i) => sum + (i % featureSize === column ? v * v : 0), 0) /
            train.count,
        ),
      )
      return Math.max(...sizes) / Math.min(...sizes)
    }
    expect(await spreadOf(true)).toBeCloseTo(1, 4)
    expect(await spreadOf(false)).toBeGreaterThan(500)
  })

  it.each([
    [
      'mnist',
      8000,
      'MNIST digits',
      '4fa361a49eedd05e765beaa7718b63990b85b04b49bc1ed9d42f4c38f13daff4',
    ],
    [
      'fashion-mnist',
      12_000,
      'Fashion-MNIST',
      '859082219ac7235fc2877c1ab18bc662f32825dab32fc4350dac8f6c12fac584',
    ],
  ])('open: %s', async (name, train, title, fingerprint) => {
    const settings = { dataset: name, testShare: 0.2, labelColumn: undefined }
    const dataset = await openDataset(settings, host)
    expect(dataset).toMatchObject({
      name,
      title,
      featureShape: [1, 28, 28],
      featureSize: 784,
      fingerprint,
    })
    expect([dataset.train.count, dataset.test.count]).toEqual([train, 2000])
    const preview = await previewDataset(settings, host)
    expect(preview).toMatchObject({ heldOut: false, origin: { licence: 'MIT' } })
    for (const { train: samples, test } of preview.classes) {
      expect(test).toBe(200)
      if (name === 'fashion-mnist') expect(samples).toBe(1200)
    }
    const batch = new Float32Array(784 * 100)
    dataset.train.gather(
      Uint32Array.from({ length: 100 }, (_, index) => index),
      batch,
    )
    expect(batch.every(Number.isFinite)).toBe(true)
  })
})
