/** Language: texts that a template turns into prompts, and a decoder that answers them. */
import { taskFacts } from '../../config/index.ts'
import type { Task } from '../task.ts'
import { openLanguageModel } from './baseModel.ts'
import { languageMinibatches } from './minibatches.ts'
import { openLanguage } from './open.ts'
import { previewDecoder } from './previewDecoder.ts'
import { languageLoss, languageSurface } from './surface.ts'
import { previewText } from './textPreview.ts'
import { openLanguageData } from './texts.ts'

export const language: Task<'language'> = {
  facts: taskFacts.language,
  open: openLanguage,
  preview: { model: previewDecoder, samples: openLanguageData, texts: previewText },
  loss: languageLoss,
  surface: languageSurface,
  minibatches: languageMinibatches,
  baseModel: openLanguageModel,
}
