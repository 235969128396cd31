/** Lines of comment above a table, as statistics programs and devices write them. */
import { HisoError } from '../base/index.ts'

/** What divides cells; blanks divide words, too. */
const dividers = /[,;\t|]/g

/**
 * A name of a column may begin with # as well (`#a,b`): it divides as many cells as the line below.
 *
 * @param text line ends are \n
 * @throws HisoError DATA_INVALID
 */
export function refuseCommentAbove(text: string, file: string): void {
  if (!text.startsWith('#')) return
  const lines = text.split('\n', mostLines)
  const count = lines.findIndex((line) => !line.startsWith('#') && line.trim() !== '')
  if (count < 1) return
  const cellsOf = (line: string) => line.match(dividers)?.length ?? 0
  if (cellsOf(lines[count - 1]!) >= cellsOf(lines[count]!)) return
  throw new HisoError('DATA_INVALID', {
    where: file,
    what: `begins with ${count === 1 ? 'a line' : `${count} lines`} of comment (${lines[0]!.slice(0, 60)})`,
    remedy: 'Remove the lines that begin with # above the table',
  })
}

/** Of comment: longer ones are no comment. */
const mostLines = 1000
