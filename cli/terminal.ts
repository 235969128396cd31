/**
 * Where the command line writes: results on stdout, remarks and errors on stderr, and one live line
 * that is redrawn in place. Colours and redrawing only happen on a terminal; NO_COLOR is respected.
 */
import { stripVTControlCharacters, styleText } from 'node:util'
import { oneLine, ownLines } from '../core/base/index.ts'
import { showControls } from './showControls.ts'

export type Style = Parameters<typeof styleText>[0]

/** The part of a Node stream that is needed. */
export interface OutputStream {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

export interface TerminalOptions {
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly env: Readonly<Record<string, string | undefined>>
}

export class Terminal {
  readonly #stdout: OutputStream
  readonly #stderr: OutputStream
  readonly #isColoured: boolean
  /** The sequences that `paint` has made: only these reach the terminal as they are. */
  readonly #styles = new Set<string>()
  #live = ''
  #hasReader = true
  /** Called when the reader of stdout has gone. */
  onReaderGone: (() => void) | undefined

  constructor({ stdout, stderr, env }: TerminalOptions) {
    this.#stdout = stdout
    this.#stderr = stderr
    this.#isColoured = wantsColour(stdout, env)
  }

  /** Whether a person watches, so that a line can be redrawn. */
  get isInteractive(): boolean {
    return this.#stdout.isTTY === true
  }

  get isColoured(): boolean {
    return this.#isColoured
  }

  get columns(): number {
    return this.#stdout.columns ?? 100
  }

  /** Writes lines of the result; they are indented, or a line each. */
  print(text = ''): void {
    this.write(`${ownLines(text)}\n`)
  }

  /** Writes the result as it is, with no line feed added. */
  write(text: string): void {
    if (this.#hasReader) this.#around(() => this.#stdout.write(this.#safe(text)))
  }

  /** Writes a remark or an error. */
  tell(text: string): void {
    this.#around(() => this.#stderr.write(`${this.#safe(ownLines(text))}\n`))
  }

  /** Shows a line in place of the live line before; only on a terminal. */
  redraw(line: string): void {
    if (!this.isInteractive) return
    this.#live = line
    this.#stdout.write(`\r${this.#safe(oneLine(line))}\x1b[K`)
  }

  /** Takes the live line away. */
  clearLive(): void {
    if (this.#live === '') return
    this.#live = ''
    this.#stdout.write('\r\x1b[K')
  }

  /** From now on nothing is written to stdout any more. */
  loseReader(): void {
    this.#hasReader = false
    this.onReaderGone?.()
  }

  /** @param text of one line */
  paint(style: Style, text: string): string {
    // Whether the stream takes colours is decided here, not for process.stdout by Node.
    const line = oneLine(text)
    if (!this.#isColoured || text === '') return line
    const [before = '', after = ''] = styleText(style, '\n', { validateStream: false }).split('\n')
    this.#styles.add(before).add(after)
    return `${before}${line}${after}`
  }

  /** Names and texts from files are shown; they move no cursor and set no title. */
  #safe(text: string): string {
    return showControls(text, this.#styles)
  }

  /** Writes above the live line. */
  #around(write: () => void): void {
    const live = this.#live
    this.clearLive()
    write()
    if (live !== '') this.redraw(live)
  }
}

/** Places that a painted text takes on screen. */
export function widthOf(text: string): number {
  if (plain.test(text)) return text.length
  let width = 0
  for (const character of stripVTControlCharacters(text))
    if (!withoutWidth.test(character)) width += wide.test(character) ? 2 : 1
  return width
}

const plain = /^[ -~]*$/
/** Marks on the letter before, and what only joins or directs. */
const withoutWidth = /[\p{Mn}\p{Me}\p{Cf}]/u
/** East Asian scripts and their forms, and pictures. */
const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}/u

function wantsColour(stream: OutputStream, env: TerminalOptions['env']): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false
  if ((env['FORCE_COLOR'] ?? '') !== '') return env['FORCE_COLOR'] !== '0'
  return stream.isTTY === true && env['TERM'] !== 'dumb'
}
