export type { ModelFiles, ModelForm } from './baseModel.ts'
export { openLanguageModel } from './language/baseModel.ts'
export { listBundledLanguage, type BundledLanguage } from './language/bundledLanguage.ts'
export { locateDecoder } from './language/decoder.ts'
export {
  describeDecoder,
  type DecoderDescription,
  type DescribedSet,
} from './language/describeDecoder.ts'
export { languagePassBytes } from './language/languageForm.ts'
export { languageTask } from './language/settings.ts'
export type {
  FieldProblem,
  TemplatePreview,
  TextExample,
  TextPreview,
} from './language/textPreview.ts'
export { openTemplateOf } from './language/texts.ts'
export type { MinibatchAddress, ShownMinibatch } from './minibatch.ts'
export type { DecoderPreview, ModelPreview } from './modelPreview.ts'
export type { SampleForm, TaskFingerprints, TaskReport } from './openedTask.ts'
export type { PictureModel } from './pictureModel.ts'
export { openSamples, previewModel, previewNumbers, previewTexts } from './preview.ts'
export { taskOf } from './registry.ts'
export { splitOf } from './split.ts'
export type { ConfigOf } from './task.ts'
export type { TaskHost } from './taskHost.ts'
