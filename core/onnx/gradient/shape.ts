/** Shapes as far as they are known before a graph runs. */
import type { Dimension, TensorProto } from '../onnxModel.ts'

/**
 * Two dimensions of the same name have the same length; a dimension about which nothing is known
 * has its own name.
 */
export type Shape = readonly Dimension[]

/** What the rules of inference may ask and say of a graph's values; `ValueFacts` answers. */
export interface KnownValues {
  shape(name: string): Shape | undefined
  sizes(name: string): readonly number[] | undefined
  type(name: string): number
  integers(name: string): Shape | undefined
  constants(name: string): readonly number[] | undefined
  floats(name: string): readonly number[] | undefined
  freshDimension(): string
  learnTensor(name: string, tensor: TensorProto): void
}

/** True if every length is known. */
export function isStatic(shape: Shape | undefined): shape is readonly number[] {
  return shape?.every((it) => typeof it === 'number') === true
}

/** The lengths if all are known, else undefined. */
export function lengthsOf(shape: Shape | undefined): readonly number[] | undefined {
  return isStatic(shape) ? shape : undefined
}

/** True if both are certainly the same. */
export function areEqual(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((it, i) => it === b[i])
}

/** An axis counted from the end, counted from the front. */
export function positive(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis
}

/** A position of Slice, which may count from the end and lie outside, as one within the axis. */
export function bounded(position: number, length: number): number {
  return Math.min(length, Math.max(0, position < 0 ? position + length : position))
}
