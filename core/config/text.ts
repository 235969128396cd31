/**
 * The part of `task:` that says which text a language model learns from, and how it becomes tokens.
 */
import { z } from 'zod'
import { count, field, share } from './field.ts'

/** What is held out of a dataset without a test set where nobody has chosen a share. */
export const standardTestShare = 0.2

/** How many tokens an answer may have where nobody has chosen a number. */
export const standardNewTokens = 32

export const textFields = {
  dataset: field(z.string().min(1), {
    onKindChange: 'drop',
    label: 'Texts',
    help: 'A bundled set of texts (spam-mail), the path of a JSON Lines, CSV, TSV or Parquet file, of a folder with train and test files, or hf:owner/name for texts that were downloaded.',
  }),
  template: field(z.string().min(1), {
    label: 'Template',
    help: 'How a row becomes a prompt and what the answer is: a bundled template (spam, sst2, boolq, squad…) or the path of a YAML file of that form.',
  }),
  tokenizer: field(z.string().min(1).optional(), {
    label: 'Tokenizer',
    help: 'The path of a tokenizer.json; if left out, the one that comes with the model.',
  }),
  columns: field(z.record(z.string(), z.string().min(1)).default({}), {
    label: 'Columns',
    help: 'Which column of the file each field of the template is, where the names differ.',
  }),
  maxLength: field(count(1, 1_048_576).default(128), {
    label: 'Longest text',
    unit: 'tokens',
    help: 'Rows with more tokens are shortened; at most the number of positions that the model has.',
  }),
  maxNewTokens: field(count(1, 4096).default(standardNewTokens), {
    label: 'Longest answer',
    unit: 'tokens',
    help: 'Where answers are texts: how many tokens the model may write at an evaluation or when it is tried. Each costs a whole forward pass.',
  }),
  truncation: field(z.enum(['field', 'left', 'right', 'refuse']).default('field'), {
    label: 'Shortening',
    help: 'Where long rows are cut: the field that the template names, the left or the right end; or refuse them.',
  }),
  paddingSide: field(z.enum(['left', 'right']).default('right'), {
    label: 'Padding side',
    help: 'At which end short rows of a batch are filled up; it makes no difference to the loss of models that read the attention mask.',
  }),
  testShare: field(share().default(standardTestShare), {
    label: 'Test share',
    help: 'The share of the rows held out for evaluation if there is no test file.',
  }),
}

export type TextSettings = z.infer<z.ZodObject<typeof textFields>>
