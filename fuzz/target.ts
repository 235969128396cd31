/** What a reader under test is: inputs that it reads, ways to spoil them, and what must hold. */
import type { Draw } from './draw.ts'

/** The files of one input by name: one for most readers, those of a folder for others. */
export type Input = ReadonlyMap<string, Uint8Array>

/** Spoils the bytes of one file. `others` are files of the same name in other valid inputs. */
export type Mutator = (bytes: Uint8Array, draw: Draw, others: readonly Uint8Array[]) => Uint8Array

/** The files of this repository, by their paths from the root. */
export interface Sources {
  read(path: string): Uint8Array
  /** Names in a folder, sorted. */
  list(folder: string): readonly string[]
}

export interface Target {
  readonly name: string
  /** What it reads, in a line. */
  readonly title: string
  /** Valid inputs, small, made of real files. */
  corpus(sources: Sources): Promise<readonly Input[]>
  /** By the name of the file; `*` for the others. */
  readonly mutators: Readonly<Record<string, readonly Mutator[]>>
  /**
   * Reads an input.
   * @param original the valid input that it was made of
   * @returns which promise was broken, in a sentence; undefined where all hold
   * @throws HisoError where the reader refuses it
   */
  read(input: Input, original: Input): Promise<string | undefined>
}
