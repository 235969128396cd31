/** Words of the glossary: models and data. */
import type { Term } from './term.ts'

export const modelTerms: readonly Term[] = [
  {
    term: 'trainable graph',
    code: 'TrainableGraph',
    meaning: 'An ONNX model whose trainable weights are inputs and whose losses are an output.',
  },
  {
    term: 'trainable set',
    code: 'trainables',
    meaning:
      'The parameters of a language model that x holds: all, LoRA matrices, or those that match a pattern.',
  },
  {
    term: 'LoRA',
    code: 'rank, alpha',
    meaning: 'Training two thin matrices A and B beside each chosen weight W, which stays fixed.',
    formula: 'y = x W + (alpha / rank) (x A) B',
  },
  {
    term: 'decoder',
    code: 'Decoder',
    meaning: 'A language model whose inputs, logits and weights the program has recognised.',
  },
  {
    term: 'role of a weight',
    code: 'WeightRole',
    meaning:
      'What a weight of a decoder does: embedding, position, q, k, v, qkv, o, mlp, norm or head.',
  },
  {
    term: 'row of tokens',
    code: 'TokenRow',
    unit: 'int32 token ids',
    meaning: 'One text as token ids, with the place from which the model learns them.',
  },
  {
    term: 'pick',
    code: 'picks',
    meaning: 'A place in a row whose next token the model predicts.',
  },
  {
    term: 'template',
    code: 'Template',
    meaning: 'How a row of a table becomes a prompt, and which answer is expected after it.',
  },
  {
    term: 'verbalizer',
    code: 'verbalizers',
    meaning: 'The one token that stands for a class after a prompt.',
  },
  {
    term: 'candidates',
    code: 'candidates',
    unit: 'token ids',
    meaning: 'The token ids of the verbalizers, among which the model chooses.',
  },
  {
    term: 'zero-shot',
    code: 'initial',
    meaning: 'What a pre-trained model can do before the first round.',
  },
  {
    term: 'hub',
    code: 'hf:owner/name',
    meaning:
      'The Hugging Face hub, or the server that HF_ENDPOINT names; contacted only on request.',
  },
]
