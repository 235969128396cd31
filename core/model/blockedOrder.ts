/**
 * The order in which blocked convolutions take their weights: permutations of tensors, with zeros
 * where channels are padded to blocks.
 */
import { sizeOf } from '../onnx/index.ts'
import type { Packing } from './trainableGraph.ts'

/**
 * Weights [outputs, inputs, height, width] in the order OIHWBiBo: blocks of outputs, blocks of
 * inputs, height, width, the inputs of a block, its outputs. OIHWBo, for inputs without blocks, is
 * the same with blocks of one.
 *
 * @param block channels in a block of outputs
 * @param inputBlock the same for inputs, or 1
 */
export function convolutionPacking(
  [outputs = 1, inputs = 1, ...window]: readonly number[],
  block: number,
  inputBlock: number,
): Packing {
  const outputBlocks = Math.ceil(outputs / block)
  const inputBlocks = Math.ceil(inputs / inputBlock)
  const points = sizeOf(window)
  const pointStep = inputBlock * block
  return {
    shape: [outputBlocks * block, inputBlocks * inputBlock, ...window],
    pack(packed, weights) {
      let next = 0
      for (let o = 0; o < outputs; o++) {
        for (let i = 0; i < inputs; i++) {
          const blocks = Math.floor(o / block) * inputBlocks + Math.floor(i / inputBlock)
          let to = blocks * points * pointStep + (i % inputBlock) * block + (o % block)
          for (let point = 0; point < points; point++, to += pointStep)
            packed[to] = weights[next++] as number
        }
      }
    },
  }
}

/** Biases of whole blocks. */
export function biasPacking(outputs: number, block: number): Packing {
  return {
    shape: [Math.ceil(outputs / block) * block],
    pack: (packed, biases) => packed.set(biases),
  }
}
