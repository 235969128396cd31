/**
 * Makes resources/datasets/fashion-mnist from the complete Fashion-MNIST: 1,200 training and 200
 * test images of each class. Run: apt-get install dataset-fashion-mnist && node
 * scripts/datasets/fashionMnist.mjs [FOLDER WITH THE IDX.GZ FILES]
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { shuffled, takePerClass, writeDataset } from './packDataset.mjs'

const folder = process.argv[2] ?? '/usr/share/datasets/fashion-mnist'

const train = takePerClass(shuffled(read('train'), 'fashion-mnist train'), 1200).taken
const test = takePerClass(shuffled(read('t10k'), 'fashion-mnist test'), 200).taken

writeDataset(
  'fashion-mnist',
  { train, test },
  {
    title: 'Fashion-MNIST',
    classes: [
      'T-shirt/top',
      'Trouser',
      'Pullover',
      'Dress',
      'Coat',
      'Sandal',
      'Shirt',
      'Sneaker',
      'Bag',
      'Ankle boot',
    ],
    licence: 'MIT',
    source:
      'Debian package dataset-fashion-mnist (https://github.com/zalandoresearch/fashion-mnist), a class-balanced sample',
    madeBy: 'scripts/datasets/fashionMnist.mjs',
  },
  `# Fashion-MNIST, 14,000 images

Pictures of clothes, 28 × 28 grey values, 10 classes: 12,000 images to train on (1,200 of each class) and 2,000 held out
(200 of each class). The files have the form and the names of the original files; \`dataset.json\` holds the checksums of
their unpacked content.

## Source

Han Xiao, Kashif Rasul, Roland Vollgraf: *Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms*,
arXiv 1708.07747, https://github.com/zalandoresearch/fashion-mnist. Sampled from the 60,000 training and the 10,000 test images
of Debian's package \`dataset-fashion-mnist\` (0.0~git20200523.55506a9-1); training images come from the original training set,
test images from the original test set. For all of them install that package, or download the four files from
the source, and give their folder as the dataset (\`task.dataset: /usr/share/datasets/fashion-mnist\`).

Made by \`node scripts/datasets/fashionMnist.mjs\`.

## Licence

The MIT License (MIT)

Copyright © 2017 Zalando SE, https://tech.zalando.com

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software
is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT
HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`,
)

/** The samples of one pair of files, in their order. */
function read(set) {
  const images = gunzipSync(readFileSync(join(folder, `${set}-images-idx3-ubyte.gz`)))
  const labels = gunzipSync(readFileSync(join(folder, `${set}-labels-idx1-ubyte.gz`)))
  return Array.from(labels.subarray(8), (label, index) => ({
    label,
    pixels: images.subarray(16 + index * 784, 16 + (index + 1) * 784),
  }))
}
