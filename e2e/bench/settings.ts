/** The runs that the window is measured with: one as people start them, one as fast as there is. */
import { mnistText, quadraticText } from '../configs.ts'

export const settings = [
  { name: 'digits, softmax, 8,000 rounds', text: mnistText(8000) },
  { name: 'quadratic, d = 100, 60,000 rounds', text: quadraticText(60_000) },
] as const
