/** The script of the process that reads. */
import { serve } from './child.ts'
import { targets } from './targets/index.ts'

serve(targets)
