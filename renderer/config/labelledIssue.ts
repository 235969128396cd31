/**
 * What is wrong at one field often names another one: by its key in files and in the terminal, by
 * its label in the form.
 */
import type { SectionModel } from './formModel.ts'

export function labelledIssue(message: string, sections: readonly SectionModel[]): string {
  const fields = new Map(
    sections.flatMap((section) => section.fields.map(({ path, text }) => [path, text.label])),
  )
  return message.replace(/[a-z]\w*(?:\.\w+)+/gi, (path) => {
    const label = fields.get(path)
    return label === undefined ? path : `“${label}”`
  })
}
