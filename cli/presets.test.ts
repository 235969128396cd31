/** The configs that come with the program, and the one that `hiso init` writes. */
import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import {
  configsOf,
  idleSettings,
  parseConfigText,
  parseRunConfig,
  readConfigText,
} from '../core/config/index.ts'
import { leadingComment } from '../api/presets.ts'
import { startingConfig } from './startingConfig.ts'

const folder = fileURLToPath(new URL('../resources/presets/', import.meta.url))
const read = (file: string) => readFileSync(`${folder}${file}`, 'utf8')
const files = readdirSync(folder)

describe('the presets', () => {
  it('are those that the documentation names', () => {
    expect(files).toEqual([
      'attackers.yaml',
      'fashion-curvature.yaml',
      'fashion-fedavg.yaml',
      'fashion-hiso-vs-decomfl.yaml',
      'fashion-kilobytes.yaml',
      'mnist-hiso.yaml',
      'on-lora.yaml',
      'own-units.yaml',
      'quadratic-conditioning.yaml',
      'quadratic-low-rank.yaml',
      'quickstart.yaml',
      'same-rate.yaml',
      'sentiment-sites.yaml',
      'spam-curvature.yaml',
      'spam-hiso-vs-decomfl.yaml',
      'spam-lora.yaml',
      'standard-units.yaml',
      'stragglers.yaml',
      'three-ways.yaml',
    ])
  })

  it.each(files)('%s is valid, is named as its file, and says what it shows', (file) => {
    const text = read(file)
    expect(`${parseConfigText(text, file).name}.yaml`).toBe(file)
    expect(leadingComment(text).length).toBeGreaterThan(40)
  })

  it.each(files)('%s plays every config that it names, and uses all that they set', (file) => {
    const inputs = configsOf(readConfigText(read(file), file), file)
    const configs = inputs.map((input) => parseRunConfig(input, file))
    expect(idleSettings(inputs, configs, { imageSets: ['mnist', 'fashion-mnist'] })).toEqual([])
  })

  it('play with DeComFL just as well', () => {
    for (const file of files) {
      const config = parseConfigText(read(file), file, ['method.name=decomfl'])
      expect(config.method.name).toBe('decomfl')
    }
  })

  it('quickstart is a HiSo run in the form that scripts rely on', () => {
    expect(Object.keys(readConfigText(read('quickstart.yaml'), '') as object)).toEqual([
      'name',
      'task',
      'split',
      'federation',
      'method',
      'evaluation',
      'compute',
      'seed',
    ])
    expect(parseConfigText(read('quickstart.yaml'), '').method).toMatchObject({
      name: 'hiso',
      step: 'implicit',
    })
    const other = parseConfigText(read('quickstart.yaml'), '', ['method.name=decomfl'])
    expect(other.method).toMatchObject({ name: 'decomfl', step: 'explicit' })
  })
})

describe('the config to start from', () => {
  it.each(files)('explains every key of %s and reads back as the same config', (file) => {
    const config = parseConfigText(read(file), file)
    const text = startingConfig(config)
    expect(parseRunConfig(readConfigText(text, file))).toEqual(config)
    const lines = text.split('\n')
    for (const [index, line] of lines.entries()) {
      // A key with a value of its own; groups explain themselves by what is in them.
      if (/^ *\w+: ./.test(line)) expect(`${lines[index - 1]} ← ${line}`).toMatch(/^ *# \S/)
    }
  })
})
