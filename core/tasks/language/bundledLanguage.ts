/** What comes with the program for language tasks: decoders, texts, templates. */
import type { Host } from '../../base/index.ts'
import { languageModels } from '../../config/index.ts'
import { listBundledTexts, listTemplates, openTemplate } from '../../data/index.ts'
import { listBundledDecoders } from './decoder.ts'

export interface BundledLanguage {
  /** Pre-trained decoders, then shapes with random weights. */
  readonly models: readonly { readonly name: string; readonly isTrained: boolean }[]
  readonly texts: readonly {
    readonly name: string
    readonly title: string
    /** The one that fits. */
    readonly template: string
  }[]
  readonly templates: readonly { readonly name: string; readonly title: string }[]
}

/** @throws HisoError DATA_INVALID, CONFIG_INVALID for a damaged installation */
export async function listBundledLanguage(host: Host): Promise<BundledLanguage> {
  const decoders = await listBundledDecoders(host)
  const texts = await listBundledTexts(host.files)
  const names = await listTemplates(host.files)
  const templates = await Promise.all(names.map((name) => openTemplate(name, host.files)))
  return {
    models: [
      ...decoders.map((name) => ({ name, isTrained: true })),
      ...languageModels.map((name) => ({ name, isTrained: false })),
    ],
    texts: texts.map(({ name, metadata: { title, template } }) => ({ name, title, template })),
    templates: templates.map(({ name, title }) => ({ name, title })),
  }
}
