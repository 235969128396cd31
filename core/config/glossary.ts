/**
 * The glossary as data: every term of the program, with its symbol, unit and formula. Each term and
 * each symbol stands here once. docs/glossary.md is generated from it
 * (`npm test -- core/config/glossary -u`), and faces read it to explain a word.
 */

import { curvatureTerms } from './glossary/curvatureTerms.ts'
import { directionTerms } from './glossary/directionTerms.ts'
import { engineTerms } from './glossary/engineTerms.ts'
import { federationTerms } from './glossary/federationTerms.ts'
import { messageTerms } from './glossary/messageTerms.ts'
import { modelTerms } from './glossary/modelTerms.ts'
import { networkTerms } from './glossary/networkTerms.ts'
import { robustnessTerms } from './glossary/robustnessTerms.ts'
import { vectorTerms } from './glossary/vectorTerms.ts'
import type { Term } from './glossary/term.ts'

/** Topics in the order of the page, with their headings. */
export const glossaryTopics = {
  federation: 'Federation',
  directions: 'Directions and steps',
  curvature: 'The diagonal Hessian',
  vectors: 'Methods that send vectors',
  robustness: 'Attackers and privacy',
  models: 'Models and data',
  network: 'Time on a network',
  wire: 'Messages',
  engine: 'Runs and the engine',
} as const

type GlossaryTopic = keyof typeof glossaryTopics

/** A word of the glossary, and the topic that it stands under. */
export interface GlossaryEntry extends Term {
  readonly topic: GlossaryTopic
}

const terms: Readonly<Record<GlossaryTopic, readonly Term[]>> = {
  federation: federationTerms,
  directions: directionTerms,
  curvature: curvatureTerms,
  vectors: vectorTerms,
  robustness: robustnessTerms,
  models: modelTerms,
  network: networkTerms,
  wire: messageTerms,
  engine: engineTerms,
}

export const glossary: readonly GlossaryEntry[] = (
  Object.keys(glossaryTopics) as GlossaryTopic[]
).flatMap((topic) => terms[topic].map((term) => ({ ...term, topic })))
