export { bibtexOf } from './citations.ts'
export { readBrokerAddress } from './brokerAddress.ts'
export { configsOf, overlay } from './compare.ts'
export { createConfigReader } from './configReader.ts'
export {
  formatConfig,
  longestLesson,
  overrideConfig,
  parseConfigText,
  readConfigText,
} from './configText.ts'
export type { FederationSettings } from './federation.ts'
export {
  count,
  field,
  fieldFacts,
  formSections,
  type BundledNames,
  type FieldText,
  type FormSection,
} from './field.ts'
export { glossary, type GlossaryEntry } from './glossary.ts'
export {
  checkAgainst,
  checkRunConfig,
  invalidConfig,
  parseRunConfig,
  suggestion,
  type ConfigIssue,
} from './issues.ts'
export { survivesKindChange } from './kindChange.ts'
export { methodNames, type MethodName, type MethodSettings } from './method.ts'
export {
  factsOfMethod,
  methodFacts,
  methodFamily,
  methodSource,
  methodTitle,
} from './methodFacts.ts'
export { networkTitle, type DeviceSettings, type LinkSettings } from './network.ts'
export { idleSettings, whyIdle } from './idleSettings.ts'
export {
  layouts,
  providers,
  runConfigSchema,
  type ComputeSettings,
  type Layout,
  type Provider,
  type RunConfig,
  type RunConfigInput,
} from './runConfig.ts'
export type {
  ConmezoSettings,
  HessianSettings,
  HisoParamwiseSettings,
  HisoSettings,
  MeerkatSettings,
  ScalarSettings,
  SparseMezoSettings,
} from './scalarMethods.ts'
export type { ScheduleSettings } from './schedule.ts'
export type { AggregatorSettings, AttackSettings } from './robustness.ts'
export { factsAlong, schemaAt, unionMember, unionNames, unwrapSchema } from './schemaWalk.ts'
export {
  planTuning,
  roundsOf,
  survivorsOf,
  usualRates,
  type Candidate,
  type TuningPlan,
  type TuningSettings,
} from './planTuning.ts'
export { setValues } from './setValues.ts'
export {
  fieldAt,
  settingHeading,
  settingPhrase,
  settingTextAt,
  settingValue,
} from './settingText.ts'
export type { SplitSettings } from './split.ts'
export type { PrivacySettings } from './uplink.ts'
export {
  builtInModels,
  languageModels,
  type ClassificationSettings,
  type LanguageSettings,
  type QuadraticSettings,
  type SpectrumSettings,
  type TaskSettings,
} from './task.ts'
export { explainAmbiguousNumber } from './ambiguousNumber.ts'
export {
  factsOfKind,
  factsOfTask,
  hasSamples,
  hasTexts,
  kindForSamples,
  taskFacts,
  type SampledTask,
  type SettingsOfKind,
  type TaskFacts,
  type TaskKind,
  type TextTask,
} from './taskFacts.ts'
export { standardNewTokens, standardTestShare, type TextSettings } from './text.ts'
export type { TrainableSetSettings } from './trainableSet.ts'
export type {
  AdaptiveSettings,
  CompressionSettings,
  FedAdagradSettings,
  FedAvgMSettings,
  FedProxSettings,
  FedZoSettings,
  VectorSettings,
} from './vectorMethods.ts'
export { wordFor } from './words.ts'
export { defaultEstimate } from './zerothOrder.ts'
export { allSettings, type Setting } from './settings.ts'
export {
  configJsonSchema,
  formatJsonSchema,
  jsonSchemaOf,
  schemaFile,
  schemaLine,
  type JsonSchema,
} from './jsonSchema.ts'
export {
  getAt,
  isPlainObject,
  isSame,
  joinPath,
  lastKey,
  leafPaths,
  parentOf,
  setAt,
  type PlainObject,
} from './paths.ts'
