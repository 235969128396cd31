/** The runs that the window is measured with: one as people start them, one as fast as there is. */
import { mnistText, quadraticText } from '../configs.ts'

export const settings = [
  { name: 'digits, softmax, 2,000 rounds', text: mnistText(2000) },
  { name: 'quadratic, d = 100, 30,000 rounds', text: quadraticText(30_000) },
] as const
