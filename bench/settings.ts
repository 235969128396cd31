/**
 * The settings of /work/shared/baseline that speed is measured at, as configs of ours: a, b and c.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseRunConfig, type RunConfig } from '../core/config/index.ts'

export interface SpeedSetting {
  readonly name: string
  readonly config: RunConfig
  /** The same for the plain PyTorch loop. */
  readonly torchArguments: readonly string[]
}

/**
 * @param folder where the images for setting c are made: 62 classes, as in FEMNIST, of random
 *   pixels
 */
export function speedSettings(folder: string, rounds: number): SpeedSetting[] {
  const images = join(folder, 'random-62')
  writeRandomImages(images, 62, 6200)
  return [
    settingOf('a', 'cnn-mnist', 'mnist', [8, 2, 1, 5, 32], rounds, 3),
    settingOf('b', 'cnn-mnist', 'mnist', [100, 10, 5, 10, 32], rounds, 20),
    settingOf('c', 'cnn-fashion', images, [20, 4, 2, 10, 64], rounds, 8),
  ]
}

function settingOf(
  name: string,
  model: string,
  dataset: string,
  [clients, participants, localSteps, perturbations, batchSize]: [
    number,
    number,
    number,
    number,
    number,
  ],
  rounds: number,
  torchWarmUp: number,
): SpeedSetting {
  return {
    name,
    config: parseRunConfig({
      name,
      task: { dataset, model },
      federation: { clients, participants, localSteps, rounds, batchSize },
      method: { name: 'hiso', learningRate: 1e-4, mu: 1e-3, perturbations },
      evaluation: { every: rounds, samples: 250 },
      compute: { workers: 2 },
    }),
    torchArguments: Object.entries({
      model,
      clients,
      participants,
      'local-steps': localSteps,
      perturbations,
      batch: batchSize,
      warmup: torchWarmUp,
    }).flatMap(([key, value]) => [`--${key}`, String(value)]),
  }
}

/** A pair of idx files: what it takes to compute does not depend on what is to be seen. */
function writeRandomImages(folder: string, classes: number, count: number): void {
  const side = 28
  const images = Buffer.alloc(16 + count * side * side)
  ;[0x803, count, side, side].forEach((value, at) => images.writeUInt32BE(value, 4 * at))
  // Knuth's multiplicative hash: bytes that look random enough.
  for (let at = 16; at < images.length; at++) images[at] = Math.imul(at, 2654435761) >>> 24
  const labels = Buffer.alloc(8 + count)
  ;[0x801, count].forEach((value, at) => labels.writeUInt32BE(value, 4 * at))
  for (let at = 0; at < count; at++) labels[8 + at] = at % classes
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'train-images-idx3-ubyte'), images)
  writeFileSync(join(folder, 'train-labels-idx1-ubyte'), labels)
}
