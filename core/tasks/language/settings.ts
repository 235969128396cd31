/** The settings of a language task as a config has them that names only its model. */
import { hasTexts, parseRunConfig, type LanguageSettings } from '../../config/index.ts'

export function languageTask(model: string, trainables: 'full' | 'lora'): LanguageSettings {
  const { task } = parseRunConfig({
    name: 'decoder',
    task: {
      ...{ kind: 'language', model, trainables: { kind: trainables } },
      ...{ dataset: 'spam-mail', template: 'spam' },
    },
    method: { name: 'hiso' },
  })
  if (!hasTexts(task)) throw new Error('a language task has texts')
  return task
}
