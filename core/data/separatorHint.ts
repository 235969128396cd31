/** The line `sep=;` that Excel reads before the first row: it names the delimiter. */

export interface HintedText {
  /** The hint's line is empty in it, so that rows keep their numbers. */
  readonly text: string
  /** Undefined where there is no hint. */
  readonly delimiter: string | undefined
}

/** @param text line ends are \n */
export function takeSeparatorHint(text: string): HintedText {
  const hint = /^(?:sep=([^\n"\p{L}\p{N}])|"sep=([^\n"\p{L}\p{N}])") *(?=\n)/iu.exec(text)
  if (hint === null) return { text, delimiter: undefined }
  return { text: text.slice(hint[0].length), delimiter: hint[1] ?? hint[2] }
}
