/** A lesson on paper: its runs are those that have been played so far. */
import type { Lesson } from '../../../core/lessons/index.ts'
import { handOutPage } from '../../handOut/handOutPage.ts'
import HandOut from './HandOut.vue'

export const handOut = (lesson: Lesson): string => handOutPage(lesson.title, HandOut, { lesson })
